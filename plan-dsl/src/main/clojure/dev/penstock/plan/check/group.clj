(ns dev.penstock.plan.check.group
  "group+ and its grouping sets."
  (:require [dev.penstock.plan.cancel :as cancel]
            [dev.penstock.plan.check.aggregate :as aggregate]
            [dev.penstock.plan.check.scope :as scope]
            [dev.penstock.plan.functions :as functions]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.shape :as shape]
            [dev.penstock.plan.types :as types]
            [dev.penstock.plan.functions.signature :as sig]))

(defn- key-names [keys] (mapv :name keys))

(defn- unknown-key [form keys sym at]
  (problem/fail :unknown-column
                (str "unknown key " sym " of group+"
                     (if-let [near (problem/nearest sym (key-names keys))]
                       (str "; did you mean " near "?")
                       (str "; its keys are " (problem/listing (key-names keys)))))
                sym at form))

(defn- grouping-sets [form keys sets]
  (when (some? sets)
    (when (empty? (shape/vector-of form sets "a vector of grouping sets"))
      (shape/expected form "at least one grouping set" sets))
    (doseq [set sets, sym (shape/names form set "a grouping set (a vector of keys)")]
      (when-not (some #{sym} (key-names keys)) (unknown-key form keys sym set)))
    sets))

(defn- grouping [form keys name [_ & names :as call]]
  (functions/check-arity (functions/aggregates 'grouping) (count names) call form)
  (doseq [key names]
    (when-not (some #{key} (key-names keys)) (unknown-key form keys key call)))
  {:name name :fn 'grouping :keys (vec names) :args [] :distinct false :filter nil :order [] :type :int64
   :nullable false})

(defn- call-of
  "The call of an item [Name (f ...)] of group+ or window+."
  [form x example]
  (let [[name call] (when (vector? x) x)]
    (if (and (symbol? name) (seq? call) (symbol? (first call)))
      [name call]
      (shape/expected form (str "pairs like " example) x))))

(defn- item [input form keys empty-groups x]
  (let [[name call] (call-of form x "[Total (sum Price)]")
        _ (when (not= 2 (count x)) (shape/expected form "pairs like [Total (sum Price)]" x))
        [f] call
        entry (functions/lookup functions/aggregates :aggregate f f call form)]
    (if (= :grouping (:form entry))
      (grouping form keys name call)
      (let [checked (aggregate/aggregate input form call entry [:distinct :filter :order])]
        (assoc checked :name name
               :nullable (boolean (and (not (:never-null entry)) (or (:nullable checked) empty-groups))))))))

(defn check-group [env form]
  (let [[args options] (shape/split-options form [:sets])
        [ks aggs rel] (shape/arguments form args 3 3 "(group+ [Dept] [[N (count)]] rel)")
        input (scope/relation env rel form)
        keys (scope/items env input form ks)
        sets (grouping-sets form keys (:sets options))
        empty-groups (or (empty? keys) (some empty? sets))]
    (doseq [{:keys [expr]} keys]
      (when-not (types/comparable? (:type expr))
        (sig/mismatch {:fn 'group+ :form form} expr "cannot compare " (sig/shown expr))))
    (let [aggregates (mapv (fn [x] (cancel/check (:ctx env)) (item input form keys empty-groups x))
                           (shape/vector-of form aggs "a vector of pairs like [Total (sum Price)]"))]
      (shape/distinct-names form (map :name (concat keys aggregates)) aggs)
      (scope/node form :group [input] {:keys keys :sets sets :aggregates aggregates}))))
