(ns dev.penstock.plan.rules.join-order.dynamic
  "The cheapest tree over up to 12 items by dynamic programming over their connected subsets: bushy, without cross
  products. A subset is a long with a bit for each item. The rows of a subset do not depend on how it was joined: they are
  those of joining its items one by one, the largest leaf first."
  (:require [dev.penstock.plan.cancel :as cancel]
            [dev.penstock.plan.rules.join-order.graph :as graph]
            [dev.penstock.plan.rules.join-order.part :as part])
  (:import (java.util BitSet)))

(set! *unchecked-math* true)

(def most-items "With more items than this a search takes too long." 12)

(defn edges
  "{leaf -> BitSet of the leaves with which it has an equality or another predicate over two leaves}."
  [{:keys [leaves classes predicates]}]
  (let [n (long leaves)
        link (fn [m items] (let [all (graph/bits items)]
                             (reduce (fn [m i] (assoc m i (if-let [more (get m i)] (graph/united more all) all))) m items)))
        of-leaves (fn [^BitSet s] (filter #(< (long %) n) (graph/members s)))
        pairs (filter #(= 2 (count %)) (map (comp of-leaves :refs) predicates))]
    (reduce link {} (concat (map keys classes) pairs))))

(defn components
  "The sets of leaves (sorted) that edges connect."
  [{:keys [leaves] :as graph}]
  (let [edges (edges graph)]
    (loop [left (into (sorted-set) (range leaves)), found []]
      (if-let [start (first left)]
        (let [grown (loop [^BitSet seen (graph/bits [start]), border [start]]
                      (let [^BitSet next (reduce graph/united (BitSet.) (keep edges border))]
                        (.andNot next seen)
                        (if (.isEmpty next) (graph/members seen) (recur (graph/united seen next) (graph/members next)))))]
          (recur (reduce disj left grown) (conj found grown)))
        found))))

(defn- mask ^long [place items]
  (reduce (fn [m i] (if-let [p (place i)] (bit-or (long m) (bit-shift-left 1 (long p))) m)) 0 items))

(defn- local-masks
  "long[] of masks over the places of items: neighbours of the leaves, needs of the operations."
  [{:keys [leaves] :as graph} items]
  (let [place (into {} (map-indexed (fn [p i] [i p])) items)
        edges (edges graph)]
    (long-array (map (fn [i]
                       (mask place (graph/members (if (< (long i) (long leaves))
                                                    (get edges i (BitSet.))
                                                    (:needs (nth (:items graph) i))))))
                     items))))

(defn- connected?
  "Are the leaves of set s (of n leaves) connected?"
  [^longs masks ^long n ^long s]
  (loop [seen (Long/lowestOneBit s)]
    (let [grown (long (loop [i 0, grown seen]
                  (if (< i n)
                    (recur (inc i) (long (if (zero? (bit-and seen (bit-shift-left 1 i)))
                                           grown
                                           (bit-or grown (bit-and s (aget masks i))))))
                    grown)))]
      (if (== grown seen) (== seen s) (recur grown)))))

(defn- possible-sets
  "boolean[] of the sets that a tree may have: connected leaves, and operations that find what they need."
  [^longs masks ^long n ^long m]
  (let [possible (boolean-array (bit-shift-left 1 m))
        leaves (dec (bit-shift-left 1 n))]
    (loop [s 1]
      (when (< s (alength possible))
        (let [own (bit-and s leaves)]
          (aset possible s
                (boolean (and (not (zero? own))
                              (if (== own s)
                                (connected? masks n s)
                                (and (aget possible own)
                                     (loop [i n]
                                       (cond
                                         (== i m) true
                                         (zero? (bit-and s (bit-shift-left 1 i))) (recur (inc i))
                                         (zero? (bit-and (aget masks i) (bit-not s))) (recur (inc i))
                                         :else false))))))))
        (recur (inc s))))
    possible))

(defn- without
  "The item that a set of several is made with last, for its rows: its last operation that no other one needs, else its
  smallest leaf without which it is still possible."
  [^booleans possible n m s]
  (let [n (long n), m (long m), s (long s)
        left? (fn [^long i] (and (not (zero? (bit-and s (bit-shift-left 1 i))))
                                 (aget possible (bit-xor s (bit-shift-left 1 i)))))]
    (or (first (filter left? (range (dec m) (dec n) -1)))
        (first (filter left? (range n))))))

(defn parts
  "A function from a possible set (a long) to its part, whose rows are the set's own; its tree and cost are of no use."
  [graph items ^booleans possible leaves]
  (let [items (vec items), m (count items), n (long leaves)
        cache (object-array (alength possible))]
    (fn rows-of [s]
      (let [s (long s)]
        (or (aget cache s)
            (let [p (if (== 1 (Long/bitCount s))
                      (part/leaf graph (nth items (Long/numberOfTrailingZeros s)))
                      (let [i (long (without possible n m s))
                            below (rows-of (bit-xor s (bit-shift-left 1 i)))]
                        (if (< i n)
                          (part/joined graph below (rows-of (bit-shift-left 1 i)))
                          (part/operated graph (nth items i) below))))]
              (aset cache s p)
              p))))))

(defn- best-operation
  "[cost operation] of making set s by an operation last; nil if none can be."
  [graph {:keys [items leaves part-of possible]} ^doubles costs s]
  (reduce (fn [best i]
            (let [^booleans possible possible
                  s (long s), bit (bit-shift-left 1 (long i)), below (bit-xor s bit)]
              (if (or (zero? (bit-and s bit)) (not (aget possible below)))
                best
                (let [cost (+ (aget costs below)
                              (double (part/operation-cost graph (nth items i) (part-of below) (:rows (part-of s)))))]
                  (if (or (nil? best) (< cost (double (first best)))) [cost i] best)))))
          nil (range leaves (count items))))

(defn- keyed-pairs
  "boolean[] of the sets over which some key goes out: whether two sets are joined by a key is asked of these only once
  for each pair, so it is answered by masks. {:classes long[] :sides [[long long] ...]}"
  [{:keys [classes predicates]} items]
  (let [place (into {} (map-indexed (fn [p i] [i p])) items)]
    {:classes (long-array (map #(mask place (keys %)) classes))
     :sides (keep (fn [{[a b] :sides}]
                    (when (and a (every? place (graph/members a)) (every? place (graph/members b)))
                      [(mask place (graph/members a)) (mask place (graph/members b))]))
                  predicates)}))

(defn- keyed?
  "Is there a key between the disjoint sets a and b?"
  [^longs classes sides ^long a ^long b]
  (or (loop [i 0]
        (cond
          (== i (alength classes)) false
          (and (not (zero? (bit-and a (aget classes i)))) (not (zero? (bit-and b (aget classes i))))) true
          :else (recur (inc i))))
      (some (fn [[x y]]
              (let [x (long x), y (long y), over? (fn [^long p ^long q] (zero? (bit-and p (bit-not q))))]
                (or (and (over? x a) (over? y b)) (and (over? x b) (over? y a)))))
            sides)))

(defn- search
  "Fills costs and splits of all possible sets; a split is the right set of a join, or minus the operation and 1."
  [graph {:keys [items part-of possible] :as space}]
  (let [^booleans possible possible
        size (alength possible)
        {:keys [classes sides]} (keyed-pairs graph items)
        ^longs classes classes
        costs (double-array size Double/POSITIVE_INFINITY)
        rows (double-array size)
        splits (long-array size)]
    (loop [s 1]
      (when (< s size)
        (cancel/check graph)
        (when (aget possible s)
          (let [own-rows (double (:rows (part-of s)))]
            (aset rows s own-rows)
            (if (== 1 (Long/bitCount s))
              (aset costs s 0.0)
              (do
                (loop [r (bit-and (dec s) s), best Double/POSITIVE_INFINITY, split 0]
                  (if (zero? r)
                    (do (aset costs s best) (aset splits s split))
                    (let [l (bit-xor s r)]
                      (if (and (< r l) (aget possible r) (aget possible l))
                        (let [low (+ (aget costs l) (aget costs r) own-rows)
                              cost (if (< low best)
                                     (let [a (aget rows l), b (aget rows r)]
                                       (+ low (if (keyed? classes sides l r) (* 1.5 (Math/min a b)) (* a b))))
                                     low)]
                          (if (< cost best)
                            (recur (bit-and (dec r) s) (double cost) (long r))
                            (recur (bit-and (dec r) s) best split)))
                        (recur (bit-and (dec r) s) best split)))))
                (when-let [[cost i] (best-operation graph space costs s)]
                  (when (< (double cost) (aget costs s))
                    (aset costs s (double cost))
                    (aset splits s (- (inc (long i))))))))))
        (recur (inc s))))
    splits))

(defn- tree-of [items ^longs splits s]
  (let [s (long s), split (aget splits s)]
    (cond
      (== 1 (Long/bitCount s)) {:item (nth items (Long/numberOfTrailingZeros s))}
      (neg? split) (let [i (dec (- split))]
                     {:input (tree-of items splits (bit-xor s (bit-shift-left 1 i))) :operation (nth items i)})
      :else {:left (tree-of items splits (bit-xor s split)) :right (tree-of items splits split)})))

(defn space
  "What the subsets of items (leaves, then operations) are: {:items :possible :leaves :part-of}."
  [{:keys [leaves] :as graph} items]
  (let [n (count (take-while #(< (long %) (long leaves)) items))
        possible (possible-sets (local-masks graph items) n (count items))]
    {:items (vec items) :leaves n :possible possible :part-of (parts graph items possible n)}))

(defn best-tree
  "The cheapest tree over all items of a space."
  [graph {:keys [items] :as space}]
  (tree-of items (search graph space) (dec (bit-shift-left 1 (count items)))))
