(ns dev.penstock.plan.rules.join-order
  "Joins are done in the order that makes the fewest rows (see join-order.region for what may be reordered, .graph for what is
  known, .part for costs, .dynamic and .greedy for the search, .build for the way back)."
  (:require [dev.penstock.plan.estimate :as estimate]
            [dev.penstock.plan.rules.join-order.build :as build]
            [dev.penstock.plan.rules.join-order.dynamic :as dynamic]
            [dev.penstock.plan.rules.join-order.graph :as graph]
            [dev.penstock.plan.rules.join-order.greedy :as greedy]
            [dev.penstock.plan.rules.join-order.part :as part]
            [dev.penstock.plan.rules.join-order.region :as region]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree])
  (:import (java.util BitSet)))

(def ^:private worth
  "A new order must cost less than this share of the written one: near ties stay as they are."
  0.999)

(defn- crossed?
  "Does a written order cross two sets of items that a component of the graph connects?"
  [components {:keys [item input operation left right keyed]}]
  (cond
    item false
    operation (crossed? components input)
    :else (or (crossed? components left) (crossed? components right)
              (and (not keyed)
                   (let [[a b] (map greedy/items-of [left right])]
                     (boolean (some #(and (graph/meet? % a) (graph/meet? % b)) components)))))))

(defn- tree-cost
  "The cost of a tree, and its part. part-of, if not nil, gives the part of a set of items."
  [graph part-of {:keys [item input operation left right]}]
  (let [own (fn [made cost] [cost (if part-of (part-of (:items made)) made)])]
    (cond
      item (own (part/leaf graph item) 0.0)
      operation (let [[cost below] (tree-cost graph part-of input)
                      [_ p] (own (part/operated graph operation below) 0.0)]
                  [(+ (double cost) (double (part/operation-cost graph operation below (:rows p)))) p])
      :else (let [[x a] (tree-cost graph part-of left)
                  [y b] (tree-cost graph part-of right)
                  [_ p] (own (part/joined graph a b) 0.0)]
              [(+ (double x) (double y) (double (part/join-cost a b (part/link graph a b) (:rows p)))) p]))))

(defn- with-operations
  "A component's leaves, and the operations that need nothing else."
  [{:keys [items leaves]} component]
  (let [own (graph/bits component)]
    (loop [own own]
      (let [more (filter #(and (not (.get ^BitSet own (int %)))
                               (graph/within? (:needs (nth items %)) own))
                         (range leaves (count items)))]
        (if (seq more) (recur (graph/united own (graph/bits more))) (graph/members own))))))

(defn- component-part
  "The best part of one component's items."
  [{:keys [leaves] :as graph} items]
  (if (<= (count items) (long dynamic/most-items))
    (greedy/part-of-tree graph (dynamic/best-tree graph (dynamic/space graph items)))
    (let [[own operations] (split-with #(< (long %) (long leaves)) items)]
      (greedy/join-all graph (mapv #(part/leaf graph %) own) operations))))

(defn- search
  "The best tree that is found."
  [graph]
  (let [components (mapv #(with-operations graph %) (dynamic/components graph))
        placed (reduce into #{} components)]
    (:tree (greedy/join-all graph (mapv #(component-part graph %) components)
                            (remove placed (range (:leaves graph) (count (:items graph))))))))

(defn- set-parts
  "A function from items to their part that does not depend on the order of joins, for a connected graph that is small
  enough; else nil."
  [{:keys [items] :as graph}]
  (when (and (<= (count items) (long dynamic/most-items)) (= 1 (count (dynamic/components graph))))
    (let [{:keys [part-of possible]} (dynamic/space graph (range (count items)))
          ^booleans possible possible]
      (fn [^BitSet s]
        (let [s (aget (.toLongArray s) 0)]
          (when (aget possible (int s)) (part-of s)))))))

(defn- written-cost
  "The cost of the written order; a cross product that need not be is never worth it."
  [graph part-of shape]
  (if (crossed? (map graph/bits (dynamic/components graph)) shape)
    Double/POSITIVE_INFINITY
    (double (first (tree-cost graph part-of shape)))))

(defn- possible?
  "Are all sets that a shape makes known to part-of?"
  [part-of {:keys [item input left right] :as shape}]
  (boolean (and (part-of (greedy/items-of shape))
                (cond item true
                      input (possible? part-of input)
                      :else (and (possible? part-of left) (possible? part-of right))))))

(defn- shown
  "The node with the columns of another, by the exprs that columns has for their names."
  [node {:keys [schema]} columns]
  (let [items (mapv (fn [{:keys [name nullable]}] {:name name :expr (assoc (columns name) :nullable nullable)}) schema)]
    (if (and (= schema (:schema node))
             (every? (fn [{:keys [name expr]}] (and (tree/column? expr) (= name (:name expr)))) items))
      node
      (schema/refresh {:op :project :inputs [node] :exprs items}))))

(defn- reordered
  "The region of a root in its best order; nil if that is the written one."
  [node estimate-of ctx]
  (let [{:keys [leaves operations columns] :as region} (region/collect node)]
    (when (< 1 (+ (count leaves) (count operations)))
      (let [{:keys [shape] :as graph} (part/with-parts (merge (graph/graph region estimate-of) (select-keys ctx [:check-token])))
            best (search graph)
            part-of (set-parts graph)
            ;; a written cross product is in no set of connected leaves
            part-of (when (and part-of (possible? part-of shape)) part-of)
            written (double (written-cost graph part-of shape))]
        (when (< (double (first (tree-cost graph part-of best))) (* (double worth) written))
          (shown (build/node graph best) node columns))))))

(declare ordered)

(defn- ordered-with
  "A with+, let+ or recur+: each input knows the names before it."
  [env {:keys [op names inputs] :as node}]
  (let [names (if (= :recur op) [(:name node)] names)
        [env inputs] (reduce (fn [[env done] [i input]]
                               (let [input (ordered env input)
                                     name (nth names i nil)]
                                 [(if name
                                    (update env :refs estimate/with-name (:memo env) node name input)
                                    env)
                                  (conj done input)]))
                             [env []] (map-indexed vector inputs))]
    (tree/with-inputs node inputs)))

(defn- ordered [{:keys [memo refs ctx] :as env} {:keys [op] :as node}]
  (cond
    (contains? #{:with :let :recur} op) (schema/refresh (ordered-with env node))
    (region/root? node)
    (let [node (region/map-leaves #(ordered env %) node)]
      (or (reordered node #(estimate/estimate memo % refs) ctx) node))
    :else (schema/refresh (tree/map-inputs #(ordered env %) node))))

(defn order-joins
  "Joins are done in the order that makes the fewest rows."
  [node ctx]
  (let [changed (ordered {:memo (estimate/estimator) :refs {} :ctx ctx} node)]
    (when (not= changed node) changed)))
