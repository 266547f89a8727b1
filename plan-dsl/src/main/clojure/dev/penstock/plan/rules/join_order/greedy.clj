(ns dev.penstock.plan.rules.join-order.greedy
  "Parts are joined two by two, always those first that give the fewest rows, until one is left. Parts without a
  predicate between them wait until nothing else can be joined; then the two smallest ones are."
  (:require [dev.penstock.plan.cancel :as cancel]
            [dev.penstock.plan.rules.join-order.graph :as graph]
            [dev.penstock.plan.rules.join-order.part :as part])
  (:import (java.util Comparator PriorityQueue)))

(def ^:private most-items "Steps that are operations count on from here." 1000000)

;; A step that may be done: joining the parts a and b, or operation b - most-items on the part a. With n items there are n * n.
(deftype ^:private Step [^double rows ^double cost ^long a ^long b])

(def ^:private fewest-rows-first
  (reify Comparator
    (compare [_ x y]
      (let [^Step x x, ^Step y y
            by-rows (Double/compare (.-rows x) (.-rows y))
            by-cost (if (zero? by-rows) (Double/compare (.-cost x) (.-cost y)) by-rows)
            by-a (if (zero? by-cost) (Long/compare (.-a x) (.-a y)) by-cost)]
        (if (zero? by-a) (Long/compare (.-b x) (.-b y)) by-a)))))

(defn- pair
  "What joining parts a and b is worth, if something links them."
  [graph a x b y]
  (let [link (part/link graph x y)]
    (when (part/linked? link)
      (let [rows (double (part/rows graph x y link))]
        (Step. rows (double (part/join-cost x y link rows)) (long a) (long b))))))

(defn- operation-step [graph a x i]
  (when (part/may-operate? graph i x)
    (Step. (double (part/operated-rows graph i x)) 0.0 (long a) (+ (long most-items) (long i)))))

(defn- add-steps
  "Puts the steps that a new part, number b, makes possible into the queue."
  [^PriorityQueue queue graph parts operations b y]
  (doseq [[a x] parts]
    (cancel/check graph)
    (when-let [step (pair graph a x b y)] (.add queue step)))
  (doseq [i operations]
    (cancel/check graph)
    (when-let [step (operation-step graph b y i)] (.add queue step))))

(defn- smallest
  "The step that crosses the two smallest parts."
  [parts]
  (let [[[a] [b]] (sort-by (fn [[i part]] [(:rows part) i]) parts)]
    (Step. 0.0 0.0 (min (long a) (long b)) (max (long a) (long b)))))

(defn- operation "The operation of a step, or nil." [^Step step]
  (when (<= (long most-items) (.-b step)) (- (.-b step) (long most-items))))

(defn- next-step
  "The best step whose parts are still there, taken from the queue; nil if there is none."
  [^PriorityQueue queue parts operations]
  (loop []
    (when-let [^Step step (.poll queue)]
      (if (and (contains? parts (.-a step))
               (if-let [i (operation step)] (contains? operations i) (contains? parts (.-b step))))
        step
        (recur)))))

(defn join-all
  "One part of parts and the operations (item numbers) on them."
  [graph parts operations]
  (let [queue (PriorityQueue. 64 fewest-rows-first)]
    (loop [left (sorted-map), [part & more] parts, i 0]
      (when part
        (add-steps queue graph left operations i part)
        (recur (assoc left i part) more (inc i))))
    (loop [parts (into (sorted-map) (map-indexed vector) parts), operations (set operations), next (count parts)]
      (if (and (nil? (clojure.core/next parts)) (empty? operations))
        (val (first parts))
        (let [^Step step (or (next-step queue parts operations) (smallest parts))
              i (operation step)
              x (parts (.-a step))
              made (if i (part/operated graph i x) (part/joined graph x (parts (.-b step))))
              left (cond-> (dissoc parts (.-a step)) (nil? i) (dissoc (.-b step)))
              operations (disj operations i)]
          (add-steps queue graph left operations next made)
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
