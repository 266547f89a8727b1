(ns dev.penstock.plan.rules.filters
  "Filters go down towards the rows that they drop.

  A predicate moves below a join, group, distinct or window only if it is quiet: it cannot fail on rows that
  it would not have seen above. Arithmetic and comparisons count as quiet, for their only failure is an
  overflow; division by what may be zero, casts that narrow, patterns that are no literals and such stay where they were written."
  (:require [clojure.set :as set]
            [dev.penstock.plan.cancel :as cancel]
            [dev.penstock.plan.functions :as functions]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types]))

(defn- known-value "The value of a literal that is not null." [e] (when (tree/literal? e) (:value e)))

(defn- harmless-arguments?
  "Do the arguments of a call that may fail rule that out?"
  [{f :fn [_ b :as args] :args}]
  (case f
    (like ilike) (= 2 (count args)) ; only an escape can be wrong
    (regexp-like regexp-extract) (and (= 2 (count args)) (some? (known-value b))) ; it was read when the plan was checked
    (/ quot rem mod) (let [v (known-value b)] (boolean (and v (not (zero? v)))))
    false))

(defn- quiet-call? [{f :fn :keys [type args] :as e}]
  (or (contains? '#{+ - * negate} f)
      (and (= 'cast f) (or (:implicit (meta e)) (types/widens? (:type (first args)) type)))
      (false? (:fails (functions/known f)))
      (harmless-arguments? e)))

(defn quiet?
  "Can an expression not fail, whatever rows it sees?"
  [e]
  (or (not (tree/call? e))
      (and (quiet-call? e) (every? quiet? (:args e)))))

(defn filter-over
  "The rows of input for which all conjuncts are true."
  [conjuncts input]
  (if-let [predicate (tree/conjunction conjuncts)]
    (schema/refresh {:op :filter :inputs [input] :predicate predicate})
    input))

(defn- within? [e names] (set/subset? (tree/expr-columns e) names))

(defn- split
  "Conjuncts of a filter that go below and that stay, as pred says; nil if none goes."
  [pred {:keys [predicate]}]
  (let [{down true stay false} (group-by (comp boolean pred) (tree/conjuncts predicate))]
    (when (seq down) [down (vec stay)])))

(defn- over? [node op] (and (= :filter (:op node)) (= op (:op (first (:inputs node))))))

(defn merge-adjacent-filters
  "(filter+ p (filter+ q rel)) is (filter+ (and q p) rel)."
  [{:keys [predicate] [input] :inputs :as node} _ctx]
  (when (over? node :filter)
    (assoc input :predicate (tree/conjunction (into (tree/conjuncts (:predicate input))
                                                    (tree/conjuncts predicate))))))

(defn- definitions [items] (into {} (map (juxt :name :expr)) items))

(defn- below-items
  "A filter over items is one over what they are computed of, but for the conjuncts that would become too large; beside
  such only those go below that cannot fail."
  [{:keys [predicate] [input] :inputs} defs ctx]
  (let [all (mapv (fn [e] (cancel/check ctx) [e (tree/inlined defs e)]) (tree/conjuncts predicate))
        goes? (if (every? second all) any? (fn [[e below]] (and below (quiet? e))))
        {down true stay false} (group-by (comp boolean goes?) all)]
    (when (seq down)
      (filter-over (mapv first stay)
                   (update input :inputs
                           (fn [[rel]] [(filter-over (mapcat (comp tree/conjuncts second) down) rel)]))))))

(defn push-filter-below-project
  "A filter over computed columns becomes one over what they are computed of."
  [{[input] :inputs :as node} ctx]
  (when (over? node :project)
    (below-items node (definitions (:exprs input)) ctx)))

(defn- bind-definitions
  "What each new column of a bind is, in terms of the columns below it; nil of what is too large."
  [items]
  (reduce (fn [defs {:keys [name expr]}] (assoc defs name (tree/inlined defs expr))) {} items))

(defn push-filter-below-bind
  "A filter over bound columns becomes one over what they are bound to."
  [{[input] :inputs :as node} ctx]
  (when (over? node :bind)
    (below-items node (bind-definitions (:exprs input)) ctx)))

(defn preserved
  "Which sides of a join take a filter from above: its rows are dropped or kept whole there."
  [kind]
  (case kind
    (:inner :cross) #{:left :right}
    (:left :semi :anti :null-anti :mark) #{:left}
    :right #{:right}
    #{}))

(defn visible
  "The names of either side that a condition above a join sees as that side's."
  [{:keys [kind using mark] [l r] :inputs}]
  (let [names (fn [input hidden] (set/difference (tree/name-set input) hidden (if mark #{mark} #{})))
        shared (set using)]
    [(names l (if (= :right kind) shared #{}))
     (names r (if (= :left kind) shared #{}))]))

(defn filtered-by-residual
  "The sides of a join whose rows may be dropped when they alone fail the residual condition."
  [{:keys [kind]}]
  (case kind
    (:inner :cross :semi) #{:left :right}
    :right #{:left}
    (:left :anti) #{:right}
    #{}))

(defn push-filter-below-join
  "A condition on the columns of one side is checked before the join; on shared columns of an inner join, on
  both sides."
  [{[{:keys [kind] [l r] :inputs :as join}] :inputs :as node} _ctx]
  (when (over? node :join)
    (let [sides (preserved kind)
          [ls rs] (visible join)
          goes-left? #(and (sides :left) (quiet? %) (within? % ls))
          goes-right? #(and (sides :right) (quiet? %) (within? % rs) (seq (tree/expr-columns %)))]
      (when-let [[down stay] (split #(or (goes-left? %) (goes-right? %)) node)]
        (filter-over stay
                     (schema/refresh
                      (assoc join :inputs [(filter-over (filter goes-left? down) l)
                                           (filter-over (filter goes-right? down) r)])))))))

(defn push-residual-below-join
  "A residual condition on one side only is checked before the join, where that side's rows may be dropped."
  [{:keys [op residual] [l r] :inputs :as node} _ctx]
  (when (and (= :join op) residual)
    (let [ls (set/difference (tree/name-set l) (tree/name-set r))
          rs (set/difference (tree/name-set r) (tree/name-set l))
          sides (filtered-by-residual node)
          left? #(and (sides :left) (quiet? %) (within? % ls))
          right? #(and (sides :right) (quiet? %) (within? % rs)
                       (seq (tree/expr-columns %)))
          {:keys [left right stay]} (group-by #(cond (left? %) :left (right? %) :right :else :stay)
                                              (tree/conjuncts residual))]
      (when (or left right)
        (assoc node
               :residual (tree/conjunction stay)
               :inputs [(filter-over left l) (filter-over right r)])))))

(defn push-filter-below-union
  "Each branch of a union is filtered by itself."
  [{:keys [predicate] [input] :inputs :as node} _ctx]
  (when (over? node :union)
    (let [names (tree/names input)]
      (update input :inputs
              (partial mapv (fn [branch]
                              (let [columns (zipmap names (map tree/field-column (:schema branch)))]
                                (filter-over [(tree/replace columns predicate)] branch))))))))

(defn push-filter-below-group
  "A condition on grouping keys alone drops rows before they are grouped."
  [{[{:keys [keys sets] :as input}] :inputs :as node} _ctx]
  (when (and (over? node :group) (seq keys) (nil? sets))
    (let [key-names (set (map :name keys))]
      (when-let [[down stay] (split #(and (quiet? %) (within? % key-names) (seq (tree/expr-columns %))
                                          (tree/inlined (definitions keys) %))
                                    node)]
        (filter-over stay
                     (update input :inputs
                             (fn [[rel]]
                               [(filter-over (map #(tree/inlined (definitions keys) %) down) rel)])))))))

(defn push-filter-below-distinct
  "Rows are filtered before they are compared; with (distinct+ [cols] ...) only by these columns."
  [{[{:keys [keys] :as input}] :inputs :as node} _ctx]
  (when (over? node :distinct)
    (let [names (if keys (set keys) (tree/name-set input))]
      (when-let [[down stay] (split #(and (quiet? %) (within? % names)) node)]
        (filter-over stay (update input :inputs (fn [[rel]] [(filter-over down rel)])))))))

(defn push-filter-below-sort
  "Rows are filtered before they are sorted."
  [{[input] :inputs :keys [predicate] :as node} _ctx]
  (when (over? node :sort)
    (update input :inputs (fn [[rel]] [(filter-over [predicate] rel)]))))

(defn push-filter-below-window
  "A condition on columns by which every window is partitioned drops whole partitions."
  [{[{:keys [functions] :as input}] :inputs :as node} _ctx]
  (when (over? node :window)
    (let [partitions (map (fn [f] (set (map :name (filter tree/column? (:partition f))))) functions)
          names (if (seq partitions) (apply set/intersection partitions) #{})]
      (when-let [[down stay] (split #(and (quiet? %) (within? % names) (seq (tree/expr-columns %))) node)]
        (filter-over stay (update input :inputs (fn [[rel]] [(filter-over down rel)])))))))

(defn push-filter-into-scan
  "The source drops the rows, and skips what it need not read."
  [{:keys [predicate] [input] :inputs :as node} _ctx]
  (when (and (over? node :scan) (nil? (:limit input)))
    (assoc input :filter (tree/conjunction (concat (when (:filter input) (tree/conjuncts (:filter input)))
                                                   (tree/conjuncts predicate))))))
