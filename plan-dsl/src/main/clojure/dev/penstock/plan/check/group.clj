(ns dev.penstock.plan.check.group
  "group+ and its grouping sets."
  (:require [dev.penstock.plan.check.scope :as scope]
            [dev.penstock.plan.functions :as functions]
            [dev.penstock.plan.infer :as infer]
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

(defn- grouping [form keys name [_ key :as call]]
  (functions/check-arity (functions/aggregates 'grouping) (dec (count call)) call form)
  (when-not (some #{key} (key-names keys)) (unknown-key form keys key call))
  {:name name :fn 'grouping :key key :args [] :distinct false :filter nil :type :int32 :nullable false})

(defn- filter-of [input form call options]
  (when (contains? options :filter)
    (infer/infer-as (infer/scope (:schema input)) (:filter options) :boolean
                    (str (first call) " :filter") form)))

(defn- call-of
  "The call of an item [Name (f ...)] of group+ or window+."
  [form x example]
  (let [[name call] (when (vector? x) x)]
    (if (and (symbol? name) (seq? call) (symbol? (first call)))
      [name call]
      (shape/expected form (str "pairs like " example) x))))

(defn- aggregate [input form keys empty-groups x]
  (let [[name call] (call-of form x "[Total (sum Price)]")
        _ (when (not= 2 (count x)) (shape/expected form "pairs like [Total (sum Price)]" x))
        [f] call
        entry (functions/lookup functions/aggregates :aggregate f f call form)]
    (if (= :grouping (:form entry))
      (grouping form keys name call)
      (let [[args options] (shape/split-options call [:distinct :filter])
            _ (functions/check-arity entry (count args) call form)
            pred (filter-of input form call options)
            distinct (shape/flag call options :distinct)
            typed (mapv #(infer/infer (infer/scope (:schema input)) % call) args)
            {:keys [args type nullable]} ((:infer entry) {:fn f :form call} typed)]
        (when (and distinct (empty? args)) (shape/expected call "an argument with :distinct" call))
        {:name name :fn f :args args :distinct distinct :filter pred :type type
         :nullable (boolean (and (not= 'count f) (or nullable empty-groups pred)))}))))

(defn check-group [env form]
  (let [[args options] (shape/split-options form [:sets])
        [ks aggs rel] (shape/arguments form args 3 3 "(group+ [Dept] [[N (count)]] rel)")
        input (scope/relation env rel form)
        keys (scope/items input form ks)
        sets (grouping-sets form keys (:sets options))
        empty-groups (or (empty? keys) (some empty? sets))]
    (doseq [{:keys [expr]} keys]
      (when-not (types/comparable? (:type expr))
        (sig/mismatch {:fn 'group+ :form form} expr "cannot compare " (sig/shown expr))))
    (let [aggregates (mapv #(aggregate input form keys empty-groups %)
                           (shape/vector-of form aggs "a vector of pairs like [Total (sum Price)]"))]
      (shape/distinct-names form (map :name (concat keys aggregates)) aggs)
      (scope/node form :group [input] {:keys keys :sets sets :aggregates aggregates}))))
