(ns dev.penstock.plan.rules.outer
  "Outer and mark joins that add nothing, or only keep what has no match. The rules of the phase :uses see in ctx what
  is made of their node's rows: see uses."
  (:require [clojure.set :as set]
            [dev.penstock.plan.facts :as facts]
            [dev.penstock.plan.rules.filters :as filters]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]))

(defn arranged
  "A node with those of names that it has, in this order."
  [names node]
  (let [has? (tree/name-set node)
        kept (filterv has? names)]
    (if (= kept (tree/names node))
      node
      (schema/refresh
       {:op :project :inputs [node]
        :exprs (mapv (fn [name] {:name name :expr (tree/field-column (tree/field (:schema node) name))}) kept)}))))

(defn unused?
  "Is no column of an input needed that only this input gives to a join?"
  [{:keys [using]} input needed]
  (empty? (set/intersection needed (set/difference (tree/name-set input) (set using)))))

(defn- idle?
  "Does a join take over every row of its other side once, or as often as need be, with nothing needed of side?"
  [{:keys [inputs] :as node} side {:keys [needed duplicates?] :as ctx}]
  (and (unused? node (if (= :left side) (first inputs) (second inputs)) needed)
       (or (not duplicates?) (facts/one-match? node side ctx))))

(defn drop-outer-join-whose-other-side-is-unused
  "A left join gives each left row; with one match at most, or where duplicates do not matter, and no column of the right
  side in use, it is its left side (a right join likewise)."
  [{:keys [op kind] [l r] :inputs :as node} ctx]
  (when (and (= :join op) (:needed ctx))
    (case kind
      :left (when (idle? node :right ctx) (arranged (tree/names node) l))
      :right (when (idle? node :left ctx) (arranged (tree/names node) r))
      nil)))

(defn drop-mark-join-whose-mark-is-unused
  "A mark join gives each left row once, with a mark; without a use for that it is its left side."
  [{:keys [op kind mark inputs]} {:keys [needed]}]
  (when (and (= :join op) (= :mark kind) needed (not (contains? needed mark)))
    (first inputs)))

(defn- there-when-matched?
  "Is a column of the right side never null in a row that has a match?"
  [{:keys [keys using] [_ r] :inputs} name ctx]
  (and (contains? (set/difference (tree/name-set r) (set using)) name)
       (or (contains? (:non-null (facts/of r ctx)) name)
           (some #(and (not (:null-safe %)) (tree/column? (:right %)) (= name (:name (:right %)))) keys))))

(defn with-nulls
  "A project to the schema of a join that has the columns of node, and nulls for all others."
  [{:keys [schema]} node]
  (let [has? (tree/name-set node)]
    (schema/refresh
     {:op :project :inputs [node]
      :exprs (mapv (fn [{:keys [name] :as field}]
                     {:name name :expr (if (has? name)
                                         (tree/field-column (tree/field (:schema node) name))
                                         (tree/null-of field))})
                   schema)})))

(defn turn-left-join-and-is-null-into-anti
  "The rows of a left join in which a column is null that is never null on the right are the left rows without a match."
  [{:keys [op predicate] [{:keys [kind] :as join}] :inputs} ctx]
  (when (and (= :filter op) (= :join (:op join)) (= :left kind))
    (let [no-match? (fn [e] (and (tree/call? e 'is-null)
                                 (tree/column? (first (:args e)))
                                 (there-when-matched? join (:name (first (:args e))) ctx)))
          {found true others false} (group-by (comp boolean no-match?) (tree/conjuncts predicate))]
      (when found
        (filters/filter-over others
                             (with-nulls join (schema/refresh (assoc join :kind :anti))))))))
