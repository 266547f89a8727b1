(ns dev.penstock.plan.rules.join-order.build
  "A tree over a graph -> nodes. Of each class of equal expressions that meets at a join one pair is its key: within a side
  all of them are equal already. Every other predicate is applied where its last item comes in. The side with fewer
  rows is the right one."
  (:require [dev.penstock.plan.rules.join-order.graph :as graph]
            [dev.penstock.plan.rules.join-order.part :as part]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]))

(defn- class-key
  "The key of a class between two sets of items: a pair that was written if there is one."
  [{:keys [classes] :as graph} class l r]
  (let [of (fn [items] (mapcat #(get (nth classes class) %) (graph/members items)))
        pairs (for [a (of l), b (of r)] [a b])
        [a b] (or (first (filter (fn [[a b]] (graph/written? graph (:plain a) (:plain b))) pairs)) (first pairs))]
    {:left (:expr a) :right (:expr b) :null-safe false}))

(defn- predicate-key [{:keys [expr] :as predicate} l r]
  (let [[a b] (:args expr), safe (tree/call? expr 'is-not-distinct)]
    (case (part/key-sides predicate l r)
      :straight {:left a :right b :null-safe safe}
      :swapped {:left b :right a :null-safe safe}
      nil)))

(defn- over [input es]
  (if-let [predicate (tree/conjunction es)]
    (schema/refresh {:op :filter :inputs [input] :predicate predicate})
    input))

(declare build)

(defn- join [graph left right]
  (let [l (build graph left), r (build graph right)
        [l r] (if (< (double (:rows (:part l))) (double (:rows (:part r)))) [r l] [l r])
        [a b] [(:part l) (:part r)]
        {:keys [classes predicates]} (part/link graph a b)
        keyed (map (juxt identity #(predicate-key % (:items a) (:items b))) predicates)
        keys (into (mapv #(class-key graph % (:items a) (:items b)) classes) (keep second) keyed)
        residual (tree/conjunction (map (comp :expr first) (remove second keyed)))]
    {:node (schema/refresh {:op :join :inputs [(:node l) (:node r)]
                            :kind (if (or (seq keys) residual) :inner :cross)
                            :keys keys :using [] :residual residual :mark nil})
     :part (part/joined graph a b)}))

(defn- operate [{:keys [items] :as graph} input i]
  (let [{:keys [node part]} (build graph input)
        {:keys [join right]} (nth items i)]
    {:node (over (schema/refresh (assoc join :inputs [node right]))
                 (map :expr (part/complete graph (:items part) (graph/bits [i]))))
     :part (part/operated graph i part)}))

(defn- build [graph {:keys [item left right input operation]}]
  (cond
    item {:node (:node (nth (:items graph) item)) :part (part/leaf graph item)}
    operation (operate graph input operation)
    :else (join graph left right)))

(defn node "The node of a tree." [graph tree] (:node (build graph tree)))
