(ns dev.penstock.plan.rules.join-order.greedy
  "Parts are joined two by two, always those first that give the fewest rows, until one is left. Parts without a
  predicate between them wait until nothing else can be joined; then the smallest ones are."
  (:require [dev.penstock.plan.rules.join-order.graph :as graph]
            [dev.penstock.plan.rules.join-order.part :as part]))

(defn- candidate
  "[linked? rows cost] of joining parts a and b, less is better, with the part made."
  [graph [a x] [b y]]
  (let [linked (or (seq (part/crossing x y)) (seq (part/complete graph (:items x) (:items y))))
        made (part/joined graph x y)]
    {:order [(if linked 0 1) (:rows made) (- (double (:cost made)) (double (:cost x)) (double (:cost y))) a b]
     :from [a b] :part made}))

(defn- operation-candidates [graph operations [a part]]
  (for [i operations
        :when (part/may-operate? graph i part)]
    (let [made (part/operated graph i part)]
      {:order [0 (:rows made) 0.0 a (+ 1000000 (long i))] :from [a] :operation i :part made})))

(defn- least [candidates]
  (reduce (fn [best c] (if (or (nil? best) (neg? (compare (:order c) (:order best)))) c best)) nil candidates))

(defn- pairs-with [graph parts new]
  (map #(candidate graph % new) parts))

(defn join-all
  "One part of parts and the operations (item numbers) on them."
  [graph parts operations]
  (let [numbered (vec (map-indexed vector parts))]
    (loop [parts (into (sorted-map) numbered)
           operations (into (sorted-set) operations)
           joins (mapcat (fn [[i :as new]] (doall (pairs-with graph (subvec numbered 0 i) new))) numbered)
           next (count numbered)]
      (let [{:keys [from operation part]} (least (concat joins (mapcat #(operation-candidates graph operations %) parts)))]
        (if (nil? from)
          (val (first parts))
          (let [left (apply dissoc parts from)
                new [next part]]
            (recur (conj left new)
                   (cond-> operations operation (disj operation))
                   (into (filterv #(not-any? (set from) (:from %)) joins) (pairs-with graph left new))
                   (inc next))))))))

(defn- along
  "The part that a tree makes of its items, join by join."
  [graph {:keys [item input operation left right]}]
  (cond
    item (part/leaf graph item)
    operation (part/operated graph operation (along graph input))
    :else (part/joined graph (along graph left) (along graph right))))

(defn part-of-tree "The part that a tree makes of its items, join by join." [graph tree] (along graph tree))

(defn items-of "BitSet of the items in a tree." [{:keys [item input operation left right]}]
  (cond
    item (graph/bits [item])
    operation (graph/united (items-of input) (graph/bits [operation]))
    :else (graph/united (items-of left) (items-of right))))
