(ns dev.penstock.plan.rules.join-order.part
  "What is known of a set of joined items of a graph:

    {:items BitSet :rows n :base n :cost n :tree tree
     :classes BitSet    that have an item in it
     :domains double[]  of each class, 0.0 where no item is in it; :counts int[] how many items are
     :keys [[#{class ...} rows] ...]  combinations of classes that a leaf has once}

  A tree is {:item i}, {:left tree :right tree} or {:input tree :operation i}. The cost of a join is its rows, and
  half as much again as the rows of its smaller side, which is built; without a key it is all pairs."
  (:require [clojure.set :as set]
            [dev.penstock.plan.estimate.expression :as expression]
            [dev.penstock.plan.estimate.join :as join]
            [dev.penstock.plan.rules.join-order.graph :as graph])
  (:import (java.util BitSet)))

(defn- leaf-keys
  "[classes rows] for each key of a leaf whose columns are all in classes."
  [{:keys [classes]} i {:keys [keys] :as e}]
  (let [class-of (into {} (for [[c by-item] (map-indexed vector classes)
                                {:keys [expr]} (get by-item i)
                                :let [name (expression/column-name expr)]
                                :when name]
                            [name c]))]
    (for [key keys
          :let [cs (map class-of key)]
          :when (every? some? cs)]
      [(set cs) (join/unique-base e key)])))

(defn- leaf-part [{:keys [items classes] :as graph} i]
  (let [{:keys [rows base] :as e} (:estimate (nth items i))
        members (map #(first (get % i)) classes)]
    {:items (graph/bits [i])
     :rows (double rows)
     :base (double base)
     :cost 0.0
     :tree {:item i}
     :classes (graph/bits (keep-indexed (fn [c m] (when m c)) members))
     :domains (double-array (map #(if % (:domain %) 0.0) members))
     :counts (int-array (map #(if % 1 0) members))
     :present (mapv #(if % (:present %) 1.0) members)
     :keys (vec (leaf-keys graph i e))}))

(defn with-parts
  "A graph that has the parts of its leaves, which are asked for again and again."
  [{:keys [leaves] :as graph}]
  (assoc graph :parts (mapv #(leaf-part graph %) (range leaves))))

(defn leaf "The part of one leaf." [{:keys [parts]} i] (nth parts i))

(defn- crossing
  "The classes that have items in both parts."
  [a b]
  (let [^BitSet x (:classes a), ^BitSet y (:classes b)]
    (if (graph/meet? x y)
      (graph/members (doto ^BitSet (.clone x) (.and y)))
      [])))

(defn complete
  "The predicates that can be applied to parts a and b together, and to neither alone."
  [{:keys [predicates]} ^BitSet a ^BitSet b]
  (when (seq predicates)
    (let [both (delay (graph/united a b))]
      (filterv (fn [{:keys [refs]}]
                 (and (graph/meet? refs a) (graph/meet? refs b) (graph/within? refs @both)
                      (not (graph/within? refs a)) (not (graph/within? refs b))))
               predicates))))

(defn link
  "What joins parts a and b: {:classes [class ...] :predicates [predicate ...]}."
  [graph a b]
  {:classes (crossing a b) :predicates (complete graph (:items a) (:items b))})

(defn linked? [{:keys [classes predicates]}] (boolean (or (seq classes) (seq predicates))))

(defn key-sides
  "[left right] when a predicate is an equality with one side in a and one in b; :swapped for the other way round."
  [{[x y] :sides} a b]
  (when x
    (cond (and (graph/within? x a) (graph/within? y b)) :straight
          (and (graph/within? y a) (graph/within? x b)) :swapped)))

(defn- of-class "The items of a part that are in a class." ^BitSet [{:keys [class-items]} {:keys [items]} class]
  (doto ^BitSet (.clone ^BitSet items) (.and (nth class-items class))))

(defn- beside?
  "Do two crossing classes come from different leaves on one side? Then neither says anything of the other."
  [graph a b c d]
  (some (fn [part] (not (graph/meet? (of-class graph part c) (of-class graph part d)))) [a b]))

(defn- common-rows
  "Rows of the smallest source of a part that has all of several classes: they have no more values together."
  [{:keys [items] :as graph} part classes]
  (let [common (of-class graph part (first classes))]
    (doseq [c (rest classes)] (.and common (of-class graph part c)))
    (reduce min Double/POSITIVE_INFINITY (map #(double (:base (:estimate (nth items %)))) (graph/members common)))))

(defn- values-together
  "What several crossing classes divide all pairs by. A key among them counts with its rows; each other class with its
  values, of which those of one pair of leaves say less and less (their roots), and no more than these leaves have rows."
  [graph a b cs]
  (let [^doubles x (:domains a), ^doubles y (:domains b)
        size (fn [c] (max (aget x (int c)) (aget y (int c))))
        [key rows] (first (sort-by (comp - second)
                                   (filter #(set/subset? (first %) (set cs)) (concat (:keys a) (:keys b)))))
        [c & others] (sort-by (fn [c] [(- (double (size c))) c]) (remove (or key #{}) cs))
        [first-bound seen others] (if key [rows (vec key) (cond->> others c (cons c))] [(size c) [c] others])
        step (fn [[bound free seen] c]
               (let [related (remove #(beside? graph a b c %) seen)
                     n (double (size c))]
                 (if (empty? related)
                   [bound (* (double free) n) (conj seen c)]
                   (let [most (min (double (common-rows graph a (cons c related))) (double (common-rows graph b (cons c related))))
                         more (* (double bound) (Math/pow n (Math/pow 0.5 (double (count related)))))]
                     [(max (double bound) (min most more)) free (conj seen c)]))))
        [bound free] (reduce step [(double first-bound) 1.0 seen] others)]
    (max 1.0 (* (double bound) (double free)))))

(defn- class-share
  "The share of pairs of rows that are equal in all crossing classes."
  [graph a b [c & more :as cs]]
  (let [^doubles x (:domains a), ^doubles y (:domains b)]
    (cond
      (nil? c) 1.0
      (nil? more) (/ 1.0 (max (aget x (int c)) (aget y (int c))))
      :else (/ 1.0 (double (values-together graph a b cs))))))

(defn- present-share
  "The share of rows without a null in the crossing classes, where a part has them by one item (more have none)."
  [{:keys [present] :as part} cs]
  (let [^ints counts (:counts part)]
    (double (reduce (fn [s c] (if (= 1 (aget counts (int c))) (* (double s) (double (nth present c))) s)) 1.0 cs))))

(def ^:private most-rows "No product of so many more tables' rows is infinite." 1e300)

(defn- at-least-one [n a b]
  (if (and (pos? (double a)) (pos? (double b))) (min (double most-rows) (max 1.0 (double n))) 0.0))

(defn- shares [predicates] (double (reduce (fn [s p] (* (double s) (double (:share p)))) 1.0 predicates)))

(defn rows
  "The rows of parts a and b joined by a link."
  [graph a b {cs :classes :keys [predicates]}]
  (let [share (* (double (class-share graph a b cs)) (double (shares predicates)))]
    (at-least-one (* (double (:rows a)) (double (:rows b)) share (double (present-share a cs)) (double (present-share b cs)))
                  (:rows a) (:rows b))))

(defn join-cost
  "The cost of making rows of parts a and b by a link, beside that of the parts."
  [a b {:keys [classes predicates]} rows]
  (let [ra (double (:rows a)), rb (double (:rows b))
        keyed (or (seq classes) (some #(key-sides % (:items a) (:items b)) predicates))]
    (+ (double rows)
       (if keyed (* 1.5 (min ra rb)) (* ra rb)))))

(defn- merged-domains [a b]
  (let [^doubles x (:domains a), ^doubles y (:domains b)
        out (aclone x)]
    (dotimes [i (alength out)]
      (let [d (aget y i)]
        (when (< 0.0 d)
          (aset out i (if (< 0.0 (aget out i)) (min (aget out i) d) d)))))
    out))

(defn- merged-counts [a b]
  (let [^ints x (:counts a), ^ints y (:counts b)
        out (aclone x)]
    (dotimes [i (alength out)] (aset out i (+ (aget x i) (aget y i))))
    out))

(defn joined
  "The part of two parts that have no item in common."
  [graph a b]
  (let [link (link graph a b)
        rows (double (rows graph a b link))]
    {:items (graph/united (:items a) (:items b))
     :rows rows
     :base (max rows (double (:base a)) (double (:base b)))
     :cost (+ (double (:cost a)) (double (:cost b)) (double (join-cost a b link rows)))
     :tree {:left (:tree a) :right (:tree b)}
     :classes (graph/united (:classes a) (:classes b))
     :domains (merged-domains a b)
     :counts (merged-counts a b)
     :present (mapv (fn [x y] (min (double x) (double y))) (:present a) (:present b))
     :keys (into (:keys a) (:keys b))}))

(defn operation-cost
  "The cost of an operation on a part, which makes it rows, beside that of the part."
  [{:keys [items]} i part rows]
  (let [{:keys [join scan-rows]} (nth items i)]
    (+ (double rows)
       (if (seq (:keys join)) 0.0 (* (double (:rows part)) (double scan-rows))))))

(defn operated-rows
  "The rows of a part after operation i."
  [{:keys [items] :as graph} i part]
  (let [{:keys [factor]} (nth items i)]
    (at-least-one (* (double (:rows part)) (double factor) (double (shares (complete graph (:items part) (graph/bits [i])))))
                  (:rows part) 1.0)))

(defn operated
  "The part after operation i."
  [graph i part]
  (let [rows (double (operated-rows graph i part))]
    (assoc part
           :items (graph/united (:items part) (graph/bits [i]))
           :rows rows
           :base (max rows (double (:base part)))
           :cost (+ (double (:cost part)) (double (operation-cost graph i part rows)))
           :tree {:input (:tree part) :operation i})))

(defn may-operate?
  "Has a part all that operation i needs, and not been through it?"
  [{:keys [items]} i {of :items}]
  (and (graph/within? (:needs (nth items i)) of) (not (.get ^BitSet of (int i)))))
