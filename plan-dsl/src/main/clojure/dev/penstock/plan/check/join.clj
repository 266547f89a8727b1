(ns dev.penstock.plan.check.join
  "join+: natural, USING, pairs of keys, boolean criteria."
  (:require [clojure.set :as set]
            [clojure.string :as str]
            [dev.penstock.plan.check.scope :as scope]
            [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.infer :as infer]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.shape :as shape]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types]))

(def kinds "Join kinds." [:inner :left :right :full :semi :anti :null-anti :mark :cross])

(def left-only? "Kinds whose output has no columns of the right side." #{:semi :anti :null-anti :mark})

(def ^:private usage "(join+ :left [DeptID] L R)")

(defn- parse
  "The arguments as {:kind :crit :left :right}; a crit that is absent is ::natural."
  [form args]
  (let [args (shape/arguments form args 2 4 usage)
        [left right] (take-last 2 args)
        head (drop-last 2 args)
        kind (when (keyword? (first head)) (first head))
        crit (if kind (rest head) head)]
    (when (or (next crit) (and kind (not-any? #{kind} kinds)))
      (shape/expected form (str "a kind of join (" (str/join " " kinds) ") before its criterion")
                      (if (or (nil? kind) (some #{kind} kinds)) (first head) kind)))
    {:kind (or kind :inner) :left left :right right
     :crit (if (seq crit) (first crit) ::natural)}))

(defn shared-names [left right]
  (filterv (set (tree/names right)) (tree/names left)))

(defn both-scope
  "The scope of an expression over both sides: a shared name is ambiguous unless it is in using."
  [left right using]
  (let [shared (remove (set using) (shared-names left right))]
    {:schema (into (:schema left) (remove #((set using) (:name %))) (:schema right))
     :ambiguous (zipmap shared (repeat "both sides of the join have it; rename one of them"))}))

(defn key-pair
  "A typed key; left and right are typed values of the two sides."
  [form left right null-safe]
  (let [[_ [l r]] (sig/unify-compared {:fn (first form) :form form} [left right])]
    (doseq [e [l r]]
      (when-not (types/comparable? (:type e))
        (sig/mismatch {:fn (first form) :form form} e "cannot compare " (sig/shown e))))
    {:left l :right r :null-safe null-safe}))

(defn- shared-key [form left right sym at]
  (doseq [side [left right]]
    (infer/resolve-column (infer/scope (:schema side)) sym at form))
  (key-pair form (scope/value left sym form) (scope/value right sym form) false))

(defn- pair-key [form left right x]
  (let [[l r flag] x]
    (when-not (and (<= 2 (count x) 3) (symbol? l) (symbol? r) (contains? #{nil :null-safe} flag))
      (shape/expected form "keys like A or [LeftCol RightCol] or [LeftCol RightCol :null-safe]" x))
    (infer/resolve-column (infer/scope (:schema left)) l x form)
    (infer/resolve-column (infer/scope (:schema right)) r x form)
    (key-pair form (scope/value left l form) (scope/value right r form) (some? flag))))

(defn- vector-criterion [form left right crit]
  {:using (shape/distinct-names form (filterv symbol? crit) crit)
   :keys (mapv #(cond
                  (symbol? %) (shared-key form left right % crit)
                  (vector? %) (pair-key form left right %)
                  :else (shape/expected form "keys like A or [LeftCol RightCol]" %))
               crit)})

(defn- natural-criterion [form left right]
  (let [shared (shared-names left right)]
    (when (empty? shared)
      (problem/fail :no-common-columns
                    (str "join+ found no column that both sides have (left: "
                         (problem/listing (tree/names left)) "; right: "
                         (problem/listing (tree/names right)) "); give a criterion, or :cross")
                    form))
    {:using shared :keys (mapv #(shared-key form left right % form) shared)}))

(defn- as-key
  "A conjunct that compares the two sides for equality as a key, else nil."
  [lefts rights {:keys [args] :as e}]
  (when (or (tree/call? e '=) (tree/call? e 'is-not-distinct))
    (let [safe (tree/call? e 'is-not-distinct)
          [a b] args
          [as bs] (map tree/expr-columns args)
          of? (fn [columns side] (and (seq columns) (set/subset? columns side)))]
      (cond
        (and (of? as lefts) (of? bs rights)) {:left a :right b :null-safe safe}
        (and (of? as rights) (of? bs lefts)) {:left b :right a :null-safe safe}))))

(defn split-condition
  "A boolean expression over both sides as {:keys :residual}; lefts and rights are sets of names."
  [lefts rights e]
  (let [parts (map (fn [c] [(as-key lefts rights c) c]) (tree/conjuncts e))
        others (remove #(and (tree/literal? %) (true? (:value %))) (keep (fn [[k c]] (when-not k c)) parts))]
    {:keys (vec (keep first parts)) :residual (tree/conjunction others)}))

(defn- condition-criterion [env form left right crit]
  (let [e (infer/infer-as (merge (infer/scope [] (:ctx env)) (both-scope left right [])) crit :boolean 'join+ form)
        [lefts rights] (map (comp set tree/names) [left right])]
    (assoc (split-condition lefts (set/difference rights lefts) e) :using [])))

(defn- criterion [env form kind left right crit]
  (cond
    (= :cross kind) (if (= ::natural crit)
                      {:using [] :keys []}
                      (shape/expected form "no criterion with :cross" crit))
    (= ::natural crit) (natural-criterion form left right)
    (vector? crit) (if (seq crit)
                     (vector-criterion form left right crit)
                     (shape/expected form "at least one key" crit))
    :else (condition-criterion env form left right crit)))

(defn- with-residual [env form left right options {:keys [using residual] :as parsed}]
  (if-some [on (:on options)]
    (let [e (infer/infer-as (merge (infer/scope [] (:ctx env)) (both-scope left right using)) on :boolean "join+ :on" form)]
      (assoc parsed :residual (tree/conjunction (remove nil? [residual e]))))
    (assoc parsed :residual residual)))

(defn check-output
  "Fails unless the output of a join has distinct names and its kind fits its keys."
  [form {:keys [kind keys using residual mark]} left right]
  (when (and (= :null-anti kind) (or (not= 1 (count keys)) residual))
    (problem/fail :bad-form
                  (str "join+ :null-anti expects exactly one key and nothing else, got " (count keys)
                       (if (= 1 (count keys)) " key" " keys") (when residual " and a condition"))
                  form))
  (if (left-only? kind)
    (when mark (shape/distinct-names form (conj (tree/names left) mark)))
    (when-let [clash (first (remove (set using) (shared-names left right)))]
      (problem/fail :duplicate-column
                    (str "join+ would give two columns named " clash
                         "; rename one of them, or name it as a key, [" clash "]")
                    form))))

(defn- mark-name [form kind options]
  (let [mark (:mark options)]
    (cond
      (and (= :mark kind) (symbol? mark)) mark
      (= :mark kind) (shape/expected form "the name of the mark column with :mark, {:mark Name}" mark)
      (some? mark) (shape/expected form (str "no {:mark Name} with " kind) mark))))

(defn check-join [env form]
  (let [[args options] (shape/split-options form [:on :mark])
        {:keys [kind crit left right]} (parse form args)
        [left right] (map #(scope/relation env % form) [left right])
        parts (->> (criterion env form kind left right crit)
                   (with-residual env form left right options)
                   (merge {:kind kind :mark (mark-name form kind options)}))]
    (when (and (= :cross kind) (:residual parts))
      (shape/expected form "no {:on ...} with :cross" (:on options)))
    (check-output form parts left right)
    (scope/node form :join [left right] parts)))
