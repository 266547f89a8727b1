(ns dev.penstock.plan.rules.disjunctions
  "An or of ands says what all its branches say, and of each side of a join what the branches say of that side."
  (:require [clojure.set :as set]
            [dev.penstock.plan.rules.filters :as filters]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]))

(defn- common-factors
  "(or (and a b) (and a c)) as (and a (or b c)), (or a (and a c)) as a; nil when the branches share nothing."
  [e]
  (when (tree/call? e 'or)
    (let [branches (map tree/conjuncts (tree/disjuncts e))
          shared (apply set/intersection (map #(into #{} (map tree/plain) %) branches))
          shared? (comp shared tree/plain)]
      (when (seq shared)
        (let [left (map #(remove shared? %) branches)]
          (tree/conjunction
           (concat (distinct (filter shared? (first branches)))
                   (when (every? seq left) [(tree/disjunction (map tree/conjunction left))]))))))))

(defn- pulled [e]
  (let [after (tree/postwalk #(or (common-factors %) %) e)]
    (when (not= e after) (tree/conjunction (tree/conjuncts after)))))

(defn pull-common-factors-out-of-or
  "(or (and a b) (and a c)) is (and a (or b c)), in filters and in the conditions of joins."
  [{:keys [op predicate residual] :as node} _ctx]
  (case op
    :filter (some->> (pulled predicate) (assoc node :predicate))
    :join (some->> (some-> residual pulled) (assoc node :residual))
    nil))

(defn- derived
  "What an or says of the columns of names alone: the or of what each branch says; nil if a branch says nothing."
  [names e]
  (let [own? #(and (filters/quiet? %) (seq (tree/expr-columns %)) (set/subset? (tree/expr-columns %) names))
        parts (map #(filter own? (tree/conjuncts %)) (tree/disjuncts e))]
    (when (every? seq parts)
      (tree/disjunction (distinct (map tree/conjunction parts))))))

(defn- spans?
  "Is e an or over columns of both sides, of which nothing was derived yet?"
  [[ls rs] e]
  (and (tree/call? e 'or) (not (:derived (meta e)))
       (let [read (tree/expr-columns e)]
         (and (seq (set/intersection ls read)) (seq (set/intersection rs read))
              (not (set/subset? read ls)) (not (set/subset? read rs))))))

(defn- mark [e] (vary-meta e assoc :derived true))

(defn- derive-into
  "[conjuncts inputs]: conjuncts marked, and the sides filtered by what they say; nil if they say nothing."
  [conjuncts sides names [l r]]
  (let [from (filter #(spans? names %) conjuncts)
        of (fn [side names] (when (contains? sides side) (keep #(derived names %) from)))
        lefts (of :left (first names)), rights (of :right (second names))]
    (when (or (seq lefts) (seq rights))
      [(mapv #(if (spans? names %) (mark %) %) conjuncts)
       [(filters/filter-over lefts l) (filters/filter-over rights r)]])))

(defn filter-sides-by-what-an-or-says
  "Above a join, (or (and (= x 1) p) (and (= x 2) q)) lets only rows with (or (= x 1) (= x 2)) through: the side
  of x is filtered before it is joined."
  [{:keys [op predicate] [{:keys [kind] :as join}] :inputs :as node} _ctx]
  (when (and (= :filter op) (= :join (:op join)))
    (when-let [[conjuncts inputs] (derive-into (tree/conjuncts predicate) (filters/preserved kind)
                                               (filters/visible join) (:inputs join))]
      (assoc node
             :predicate (tree/conjunction conjuncts)
             :inputs [(schema/refresh (assoc join :inputs inputs))]))))

(defn filter-sides-by-what-an-or-of-the-condition-says
  "The same of a join's own condition, where rows of the side may be dropped."
  [{:keys [op residual] [l r] :inputs :as node} _ctx]
  (when (and (= :join op) residual)
    (let [[ls rs] (map tree/name-set [l r])]
      (when-let [[conjuncts inputs] (derive-into (tree/conjuncts residual) (filters/filtered-by-residual node)
                                                 [(set/difference ls rs) (set/difference rs ls)] [l r])]
        (assoc node :residual (tree/conjunction conjuncts) :inputs inputs)))))
