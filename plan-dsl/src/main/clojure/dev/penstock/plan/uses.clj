(ns dev.penstock.plan.uses
  "What is made of the rows of a node above it: {:needed #{name ...} :ordered? does their order matter
  :duplicates? does it matter how often a row comes}."
  (:require [clojure.set :as set]
            [dev.penstock.plan.tree :as tree]))

(defn- reads [es] (into #{} (mapcat tree/expr-columns) es))

(defn- all [input] {:needed (tree/name-set input) :ordered? true :duplicates? true})

(defn root "Of the root of a tree: everything matters." [node] (all node))

(defn- side-needs [{:keys [keys residual using]} side needed input]
  (set/intersection (tree/name-set input)
                    (set/union needed (set using) (reads (map side keys))
                               (if residual (tree/expr-columns residual) #{}))))

(defn- join-uses [{:keys [kind] [l r] :inputs :as node} {:keys [needed duplicates?]}]
  (let [left-only? (contains? #{:semi :anti :null-anti :mark} kind)]
    [{:needed (side-needs node :left needed l) :ordered? false :duplicates? duplicates?}
     {:needed (side-needs node :right (if left-only? #{} needed) r) :ordered? false
      :duplicates? (and duplicates? (not left-only?))}]))

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
    (:sort :top) [(over node use true (cond-> {:ordered? false} (= :top op) (assoc :duplicates? true)))]
    :slice [(over node use true {:ordered? true :duplicates? true})]
    :join (join-uses node use)
    :union (mapv #(assoc (all %) :ordered? false :duplicates? (:duplicates? use)) inputs)
    :set-op (mapv #(assoc (all %) :ordered? false :duplicates? (:all node)) inputs)
    :distinct [(if-let [keys (:keys node)]
                 (update (over node use true {:ordered? false :duplicates? false}) :needed into keys)
                 (assoc (all (first inputs)) :ordered? false :duplicates? false))]
    :group [(over node use false {:ordered? false
                                  :duplicates? (boolean (some counts-rows? (:aggregates node)))})]
    :window [(over node use true {:ordered? true :duplicates? true})]
    (:with :let) (conj (mapv all (pop inputs)) use)
    (mapv all inputs)))
