(ns dev.penstock.plan.rules.semi
  "Joins that only ask whether there is a match: semi, anti and mark joins."
  (:require [clojure.set :as set]
            [dev.penstock.plan.estimate :as estimate]
            [dev.penstock.plan.facts :as facts]
            [dev.penstock.plan.rules.filters :as filters]
            [dev.penstock.plan.rules.outer :as outer]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]))

(defn- swapped [{:keys [keys] [l r] :inputs :as join}]
  (assoc join
         :inputs [r l]
         :keys (mapv (fn [{:keys [left right] :as k}] (assoc k :left right :right left)) keys)))

(defn- not-much-larger?
  "A semi join keeps its right side in memory: that should not be the far larger one."
  [l r {:keys [estimator]}]
  (let [memo (or estimator (estimate/estimator))
        [l r] (map #(estimate/known-rows (estimate/estimate memo % {})) [l r])]
    (or (nil? l) (nil? r) (<= (double r) (* 4 (double l))))))

(defn- same-types? [{:keys [using] [l r] :inputs}]
  (every? #(= (:type (tree/field (:schema l) %)) (:type (tree/field (:schema r) %))) using))

(defn turn-inner-join-into-semi
  "An inner join of which only one side is used only asks whether the other one has a match, if it has one at most
  or if duplicates do not matter."
  [{:keys [op kind keys] [l r] :inputs :as node} {:keys [needed duplicates?] :as ctx}]
  (when (and (= :join op) (= :inner kind) (seq keys) needed)
    (let [asks? (fn [side input other]
                  (and (outer/unused? node input needed)
                       (or (not duplicates?) (facts/one-match? node side ctx))
                       (not-much-larger? other input ctx)))
          semi (fn [join] (outer/arranged (tree/names node) (schema/refresh (assoc join :kind :semi))))]
      (cond
        (asks? :right r l) (semi node)
        (and (asks? :left l r) (same-types? node)) (semi (swapped node))))))

;; Marks.

(defn- never-null? [e input ctx]
  (or (false? (:nullable e))
      (and (tree/column? e) (contains? (:non-null (facts/of input ctx)) (:name e)))))

(defn- known-match?
  "Is a mark true or false, never null?"
  [{:keys [keys residual] [l r] :inputs} ctx]
  (and (every? (fn [{:keys [left right null-safe]}]
                 (or null-safe (and (never-null? left l ctx) (never-null? right r ctx))))
               keys)
       (or (nil? residual) (false? (:nullable residual)))))

(defn- asked
  "What a conjunct asks of a mark: :true, :false, :not-true, or nil."
  [mark {f :fn :keys [args] :as e}]
  (let [[a b] args
        mark? #(and (tree/column? %) (= mark (:name %)))
        value (when (and (= '= f) (mark? a) (tree/literal? b)) (:value b))
        true? #(or (mark? %)
                   (and (tree/call? % 'is-true) (mark? (first (:args %))))
                   (and (tree/call? % 'coalesce) (mark? (first (:args %))) (false? (:value (second (:args %))))
                        (= 2 (count (:args %)))))]
    (cond
      (or (true? e) (clojure.core/true? value)) :true
      (or (and (= 'is-false f) (mark? a)) (false? value)) :false
      (= 'not f) (cond (mark? a) :false (true? a) :not-true))))

(defn- asked-kind
  "[kind value of the mark] of a mark join of which this is asked; the value is :unknown if it may be false or null."
  [what {:keys [keys residual] :as join} ctx]
  (case what
    :true [:semi true]
    :false (cond
             (known-match? join ctx) [:anti false]
             (and (= 1 (count keys)) (nil? residual) (not-any? :null-safe keys)) [:null-anti false])
    :not-true [:anti (if (known-match? join ctx) false :unknown)]
    nil))

(defn turn-mark-into-semi-or-anti
  "A filter on the mark of a mark join makes it a semi join; on no mark an anti join, that of NOT IN if nulls may be
  compared."
  [{:keys [op predicate] [{:keys [kind mark] :as join}] :inputs} {:keys [needed] :as ctx}]
  (when (and (= :filter op) (= :join (:op join)) (= :mark kind) needed)
    (let [conjuncts (tree/conjuncts predicate)
          [what found] (some (fn [e] (when-let [what (asked mark e)] [what e])) conjuncts)
          [kind value] (asked-kind what join ctx)
          others (remove #(identical? found %) conjuncts)
          read? (or (contains? needed mark) (some #(contains? (tree/expr-columns %) mark) others))]
      (when (and kind (or (not= :unknown value) (not read?)))
        (let [joined (schema/refresh (assoc join :kind kind :mark nil))]
          (filters/filter-over
           others
           (if (= :unknown value)
             joined
             (schema/refresh {:op :bind :inputs [joined]
                              :exprs [{:name mark :expr (tree/literal value :boolean)}]}))))))))

;; Down.

(def ^:private asking #{:semi :anti :null-anti})

(defn- asks? [{:keys [op kind keys]}] (and (= :join op) (contains? asking kind) (seq keys)))

(defn- left-reads
  "The columns of its left side that a semi join reads; nil if it must not see other rows of it."
  [{:keys [keys residual] [l] :inputs}]
  (when (and (every? #(filters/quiet? (:left %)) keys) (or (nil? residual) (filters/quiet? residual)))
    (set/intersection (tree/name-set l)
                      (into (if residual (tree/expr-columns residual) #{})
                            (mapcat #(tree/expr-columns (:left %)))
                            keys))))

(defn- using-now
  "A semi join whose keys changed: names are shared only if its keys still are columns of that name."
  [{:keys [keys using] :as join}]
  (let [shared (into #{}
                     (keep (fn [{:keys [left right]}]
                             (when (and (tree/column? left) (tree/column? right) (= (:name left) (:name right)))
                               (:name left))))
                     keys)]
    (assoc join :using (filterv shared using))))

(defn- apart?
  "Has the input of a node no name that the other side of a join has?"
  [input right]
  (empty? (set/intersection (tree/name-set input) (tree/name-set right))))

(defn- replaced
  "A semi join over input, its left expressions in terms of the input's columns; nil if names would clash, or
  expressions become too large."
  [{:keys [keys residual] [_ right] :inputs :as node} definitions input]
  (let [over #(tree/inlined definitions %)
        keys' (mapv #(update % :left over) keys)
        residual' (some-> residual over)]
    (when (and (every? #(some-> (:left %) tree/expr-columns seq) keys')
               (or (nil? residual) residual')
               (or (apart? input right)
                   (and (nil? residual) (every? #(and (tree/column? (:left %)) (tree/column? (:right %))) keys'))))
      (schema/refresh
       (using-now (assoc node :inputs [input right] :keys keys' :residual residual'))))))

(defn- definitions [items] (into {} (map (juxt :name :expr)) items))

(defn push-semi-join-below-project
  "A semi or anti join above a project asks by what the project's columns are computed of."
  [{[{:keys [op exprs] [input] :inputs :as below}] :inputs :as node} _ctx]
  (when (and (asks? node) (contains? #{:project :bind} op))
    (when-let [read (left-reads node)]
      (let [own (definitions exprs)]
        (when (if (= :bind op)
                (not-any? read (keys own))
                (every? #(filters/quiet? (own %)) read))
          (when-let [joined (replaced node (if (= :bind op) {} own) input)]
            (schema/refresh (assoc below :inputs [joined]))))))))

(defn push-semi-join-below-group
  "A semi or anti join by grouping keys drops rows before they are grouped."
  [{[{:keys [op sets] [input] :inputs group-keys :keys :as below}] :inputs :as node} _ctx]
  (when (and (asks? node) (= :group op) (nil? sets))
    (when-let [read (left-reads node)]
      (let [own (definitions group-keys)]
        (when (and (seq read) (every? #(and (own %) (filters/quiet? (own %))) read))
          (when-let [joined (replaced node own input)]
            (schema/refresh (assoc below :inputs [joined]))))))))
