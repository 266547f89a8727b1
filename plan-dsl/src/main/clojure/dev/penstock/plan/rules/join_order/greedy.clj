(ns dev.penstock.plan.rules.join-order.greedy
  "Parts are joined two by two, always those first that give the fewest rows, until one is left. Parts without a
  predicate between them wait until nothing else can be joined; then the two smallest ones are."
  (:require [dev.penstock.plan.cancel :as cancel]
            [dev.penstock.plan.rules.join-order.graph :as graph]
            [dev.penstock.plan.rules.join-order.part :as part])
  (:import (java.util PriorityQueue)))

(defn- linked? [graph x y]
  (or (seq (part/crossing x y)) (seq (part/complete graph (:items x) (:items y)))))

(defn- pair
  "What joining parts a and b is worth, if something links them: a step. The part itself is made again when it is taken, for
  there may be many more steps than are ever taken."
  [graph [a x] [b y]]
  (cancel/check graph)
  (when (linked? graph x y)
    (let [{:keys [rows cost]} (part/joined graph x y)]
      {:order [rows (- (double cost) (double (:cost x)) (double (:cost y))) a b] :from [a b]})))

(defn- operation-step [graph [a x] i]
  (when (part/may-operate? graph i x)
    {:order [(:rows (part/operated graph i x)) 0.0 a (+ 1000000 (long i))] :from [a] :operation i}))

(defn- add-steps
  "Puts the steps that a new part makes possible into the queue."
  [^PriorityQueue queue graph parts operations new]
  (doseq [other parts :let [step (pair graph other new)] :when step] (.add queue step))
  (doseq [i operations :let [step (operation-step graph new i)] :when step] (.add queue step)))

(defn- smallest
  "The step that crosses the two smallest parts."
  [parts]
  (let [[[a] [b]] (sort-by (fn [[i part]] [(:rows part) i]) parts)] {:from [(min (long a) (long b)) (max (long a) (long b))]}))

(defn- next-step
  "The best step whose parts are still there, taken from the queue; nil if there is none."
  [^PriorityQueue queue parts operations]
  (loop []
    (when-let [{:keys [from operation] :as step} (.poll queue)]
      (if (and (every? parts from) (or (nil? operation) (operations operation)))
        step
        (recur)))))

(defn join-all
  "One part of parts and the operations (item numbers) on them."
  [graph parts operations]
  (let [queue (PriorityQueue. 64 (comparator #(neg? (compare (:order %1) (:order %2)))))]
    (loop [left (sorted-map), [part & more] parts, i 0]
      (when part
        (add-steps queue graph left operations [i part])
        (recur (assoc left i part) more (inc i))))
    (loop [parts (into (sorted-map) (map-indexed vector) parts), operations (set operations), next (count parts)]
      (if (and (nil? (clojure.core/next parts)) (empty? operations))
        (val (first parts))
        (let [{:keys [from operation]} (or (next-step queue parts operations) (smallest parts))
              made (if operation
                     (part/operated graph operation (parts (first from)))
                     (part/joined graph (parts (first from)) (parts (second from))))
              left (apply dissoc parts from)
              operations (disj operations operation)]
          (add-steps queue graph left operations [next made])
          (recur (assoc left next made) operations (inc next)))))))

(defn part-of-tree
  "The part that a tree makes of its items, join by join."
  [graph {:keys [item input operation left right]}]
  (cond
    item (part/leaf graph item)
    operation (part/operated graph operation (part-of-tree graph input))
    :else (part/joined graph (part-of-tree graph left) (part-of-tree graph right))))

(defn items-of "BitSet of the items in a tree." [{:keys [item input operation left right]}]
  (cond
    item (graph/bits [item])
    operation (graph/united (items-of input) (graph/bits [operation]))
    :else (graph/united (items-of left) (items-of right))))
