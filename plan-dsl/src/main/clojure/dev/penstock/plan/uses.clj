(ns dev.penstock.plan.uses
  "What is made of the rows of a node above it: {:needed #{name ...}, :ordered? does their order matter,
  :duplicates? does it matter how often a row comes, :multiplied? does a join stand between that multiplies rows}."
  (:require [clojure.set :as set]
            [dev.penstock.plan.tree :as tree]))

(defn- reads [es] (into #{} (mapcat tree/expr-columns) es))

(defn- all [input] {:needed (tree/name-set input) :ordered? true :duplicates? true :multiplied? false})

(defn root "Of the root of a tree: everything matters." [node] (all node))

(defn- side-needs [{:keys [keys residual using]} side needed input]
  (set/intersection (tree/name-set input)
                    (set/union needed (set using) (reads (map side keys))
                               (if residual (tree/expr-columns residual) #{}))))

(defn- sorted-by?
  "Is a node a sort by just these columns in their order, ascending, nulls last?"
  [{:keys [op items]} exprs]
  (and (= :sort op)
       (= (count items) (count exprs))
       (every? (fn [[{:keys [expr descending nulls-first]} key]]
                 (and (= expr key) (not descending) (not nulls-first)))
               (map vector items exprs))))

(defn merged?
  "Are both inputs of a join sorted by its keys, so that it merges them?"
  [{:keys [kind keys] [l r] :inputs}]
  (boolean (and (seq keys) (#{:inner :left :semi :anti} kind)
                (sorted-by? l (map :left keys)) (sorted-by? r (map :right keys)))))

(defn- join-uses [{:keys [kind] [l r] :inputs :as node} {:keys [needed duplicates? multiplied?]}]
  (let [left-only? (contains? #{:semi :anti :null-anti :mark} kind)
        use (fn [needed duplicates? multiplied?]
              {:needed needed :ordered? (merged? node) :duplicates? duplicates? :multiplied? multiplied?})]
    [(use (side-needs node :left needed l) duplicates? (or multiplied? (not left-only?)))
     (use (side-needs node :right (if left-only? #{} needed) r)
          (and duplicates? (not left-only?))
          (not left-only?))]))

(def ^:private takes-duplicates "Aggregates of which it is all one how often a value comes." '#{min max any bool-and bool-or grouping})

(defn- counts-rows? [{f :fn :keys [distinct]}] (not (or distinct (contains? takes-duplicates f))))

(defn- over
  "The use of the input of a node of one input: its own expressions and what passes through."
  [{[input] :inputs :as node} {:keys [needed] :as use} passed? changes]
  (merge use
         {:needed (set/intersection (tree/name-set input)
                                    (into (reads (tree/exprs node)) (when passed? needed)))}
         changes))

(defn of-inputs
  "The uses of the inputs of a node, out of its own use. A node reads what its expressions read, whether
  they are needed or not."
  [{:keys [op inputs] :as node} use]
  (case op
    :project [(over node use false nil)]
    (:bind :filter :unnest) [(over node use true nil)]
    :series (if (seq inputs) [(over node use true nil)] [])
    (:sort :top) [(over node use true (cond-> {:ordered? false} (= :top op) (assoc :duplicates? true)))]
    :slice [(over node use true {:ordered? true :duplicates? true})]
    :join (join-uses node use)
    :union (mapv #(assoc (all %) :ordered? false :duplicates? (:duplicates? use) :multiplied? (:multiplied? use)) inputs)
    :set-op (mapv #(assoc (all %) :ordered? false :duplicates? (:all node)) inputs)
    :distinct [(if-let [keys (:keys node)]
                 (update (over node use true {:ordered? false :duplicates? false :multiplied? false}) :needed into keys)
                 (assoc (all (first inputs)) :ordered? false :duplicates? false))]
    :group [(over node use false {:ordered? false :multiplied? false
                                  :duplicates? (boolean (some counts-rows? (filter #((:needed use) (:name %)) (:aggregates node))))})]
    :window [(over node use true {:ordered? true :duplicates? true})]
    (:with :let) (conj (mapv all (pop inputs)) use)
    (mapv all inputs)))
