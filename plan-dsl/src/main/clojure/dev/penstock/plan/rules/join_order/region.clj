(ns dev.penstock.plan.rules.join-order.region
  "A region: the largest part of a tree whose joins may be done in any order. It holds inner and cross joins, the filters,
  projects and binds between them, and - as operations on whatever their left side has become - semi, anti, left and mark
  joins. What is below is a leaf; so is all that could fail on rows which another order would show it.

  collect gives {:leaves [node ...] :operations [operation ...] :predicates [expr ...] :columns {name expr} :shape shape}
  where every column of a leaf and of an operation has a name of its own in the whole region, :columns says what the columns
  of the region's root are in these names, and a shape is the order as written:
    {:leaf i} | {:left shape :right shape :keyed bool} | {:input shape :operation i}
  An operation is {:join node :right leaf}, its keys and residual in the region's names."
  (:require [dev.penstock.plan.rules.filters :as filters]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]))

(defn- quiet-join? [{:keys [keys residual]}]
  (and (every? #(and (filters/quiet? (:left %)) (filters/quiet? (:right %))) keys)
       (or (nil? residual) (filters/quiet? residual))))

(defn- free? [{:keys [op strategy build] :as node}]
  (and (= :join op) (nil? strategy) (nil? build) (quiet-join? node)))

(defn- inner? [node] (and (free? node) (contains? #{:inner :cross} (:kind node))))

(defn- operation? [node]
  (and (free? node) (contains? #{:semi :anti :null-anti :left :mark} (:kind node))))

(defn- light?
  "Does an expression read one column at most, once? Put in for its name it makes others no more than a little longer."
  [e]
  (and (filters/quiet? e)
       (<= (count (filter tree/column? (tree-seq tree/call? :args e))) 1)))

(defn- passes?
  "Is a node a filter, project or bind that a join may move through?"
  [{:keys [op exprs predicate]}]
  (case op
    :filter (filters/quiet? predicate)
    (:project :bind) (every? #(light? (:expr %)) exprs)
    false))

(defn joins?
  "Is a node a join of a region, perhaps below filters, projects and binds?"
  [node]
  (cond (or (inner? node) (operation? node)) true
        (passes? node) (recur (first (:inputs node)))
        :else false))

(defn root?
  "Does a region begin at a node?"
  [node]
  (and (joins? node) (not (contains? #{:project :bind} (:op node)))))

(defn map-leaves
  "Applies f to the leaves of the region whose root is node."
  [f node]
  (let [below #(if (joins? %) (map-leaves f %) (f %))
        changed (if (operation? node)
                  (update node :inputs (fn [[l r]] [(below l) (f r)]))
                  (tree/map-inputs below node))]
    (schema/refresh changed)))

(defn- taking
  "[acc own] where own is a name like this one that the region does not have yet. :tried has the last number that was put to a
  name: a variable of many leaves would be tried with all of them each time."
  [{:keys [taken tried] :as acc} name]
  (if-not (taken name)
    [(update acc :taken conj name) name]
    (loop [i (long (get tried name 2))]
      (let [own (symbol (str name "_" i))]
        (if (taken own)
          (recur (inc i))
          [(-> acc (update :taken conj own) (assoc-in [:tried name] (inc i))) own])))))

(defn- own-names
  "[acc node] with the columns of a node renamed where the region has their names already."
  [acc {:keys [schema] :as node}]
  (let [[acc names] (reduce (fn [[acc names] {:keys [name]}]
                              (let [[acc own] (taking acc name)] [acc (conj names own)]))
                            [acc []] schema)]
    [acc
     (if (= names (mapv :name schema))
       node
       (schema/refresh {:op :project :inputs [node]
                        :exprs (mapv (fn [own field] {:name own :expr (tree/field-column field)}) names schema)}))]))

(defn- leaf [acc node]
  (let [[acc own] (own-names acc node)]
    [(update acc :leaves conj own)
     {:columns (zipmap (tree/names node) (map tree/field-column (:schema own)))
      :shape {:leaf (count (:leaves acc))}}]))

(defn- key-predicate [lefts rights {:keys [left right null-safe]}]
  (let [l (tree/replace lefts left), r (tree/replace rights right)]
    (if null-safe
      (tree/call 'is-not-distinct [l r] :boolean false)
      (tree/call '= [l r] :boolean (or (:nullable l) (:nullable r))))))

(defn- with-predicates [acc es] (update acc :predicates into (mapcat tree/conjuncts) es))

(declare collect-into)

(defn- collect-join [acc {:keys [keys using residual] [l r] :inputs}]
  (let [[acc lefts] (collect-into acc l)
        [acc rights] (collect-into acc r)
        [lcs rcs] [(:columns lefts) (:columns rights)]
        both (merge rcs lcs)]
    [(-> acc
         (with-predicates (map #(key-predicate lcs rcs %) keys))
         (with-predicates (when residual [(tree/replace both residual)])))
     {:columns (reduce #(assoc-in %1 [%2 :nullable] false) both using)
      :shape {:left (:shape lefts) :right (:shape rights)
              :keyed (boolean (or (seq keys) residual))}}]))

(defn- collect-operation [acc {:keys [kind keys using residual mark] [l r] :inputs :as node}]
  (let [[acc lefts] (collect-into acc l)
        [acc right] (own-names acc r)
        lcs (:columns lefts)
        rcs (zipmap (tree/names r) (map tree/field-column (:schema right)))
        [acc own-mark] (if mark (taking acc mark) [acc nil])
        shown (when (= :left kind) (update-vals (apply dissoc rcs using) #(assoc % :nullable true)))
        join {:op :join :kind kind :using [] :mark own-mark
              :keys (mapv #(-> % (update :left (partial tree/replace lcs)) (update :right (partial tree/replace rcs))) keys)
              :residual (some->> residual (tree/replace (merge rcs lcs)))}]
    [(update acc :operations conj {:join join :right right})
     {:columns (cond-> (merge lcs shown)
                 mark (assoc mark (tree/field-column {:name own-mark :type :boolean :nullable true})))
      :shape {:input (:shape lefts) :operation (count (:operations acc))}}]))

(defn- items-over
  "The columns that items define in terms of the region's names; a later one may use an earlier one if chained."
  [columns items chained]
  (reduce (fn [defined {:keys [name expr]}]
            (assoc defined name (tree/replace (if chained (merge columns defined) columns) expr)))
          {} items))

(defn- collect-into
  "[acc view] of a node, where a view is {:columns {name expr} :shape shape}."
  [acc {:keys [op exprs predicate] [input] :inputs :as node}]
  (cond
    (inner? node) (collect-join acc node)
    (operation? node) (collect-operation acc node)
    (joins? node)
    (let [[acc {:keys [columns] :as view}] (collect-into acc input)]
      (case op
        :filter [(with-predicates acc [(tree/replace columns predicate)]) view]
        :project [acc (assoc view :columns (items-over columns exprs false))]
        :bind [acc (update view :columns merge (items-over columns exprs true))]))
    :else (leaf acc node)))

(defn collect
  "The region whose root is node."
  [node]
  (let [[acc view] (collect-into {:taken #{} :tried {} :leaves [] :operations [] :predicates []} node)]
    (merge (dissoc acc :taken :tried) view)))
