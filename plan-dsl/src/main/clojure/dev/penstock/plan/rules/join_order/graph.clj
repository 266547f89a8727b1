(ns dev.penstock.plan.rules.join-order.graph
  "The join graph of a region. Its items are the leaves, numbered from 0 by their estimated rows (so that the numbers do not
  depend on how the joins were written), and after them the operations (semi, anti, left and mark joins).

    {:leaves n
     :items [item ...]      leaf: {:node n :estimate e}; operation: {:join node :right n :needs BitSet :factor x :scan-rows n}
     :classes [class ...]   expressions that equalities make the same: {item [{:expr e :plain e :domain n :present share} ...]}
     :class-items [BitSet ...] the leaves of each class
     :written #{...}        the pairs of expressions whose equality was written
     :predicates [{:expr e :refs BitSet :share x :sides [BitSet BitSet] or nil} ...]  all others over more than one item
     :shape shape}          the order as written, in item numbers

  A predicate over one leaf is put over that leaf. What needs an operation's columns needs its left side too."
  (:require [dev.penstock.plan.estimate :as estimate]
            [dev.penstock.plan.estimate.column :as column]
            [dev.penstock.plan.estimate.expression :as expression]
            [dev.penstock.plan.estimate.join :as join]
            [dev.penstock.plan.estimate.predicate :as predicate]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree])
  (:import (java.util BitSet)))

(defn bits "A BitSet of numbers." ^BitSet [ns]
  (let [s (BitSet.)]
    (doseq [n ns] (.set s (int n)))
    s))

(defn members "The numbers in a BitSet, ascending." [^BitSet s]
  (loop [i (.nextSetBit s 0), found (transient [])]
    (if (neg? i)
      (persistent! found)
      (recur (.nextSetBit s (unchecked-inc-int i)) (conj! found (long i))))))

(defn united ^BitSet [^BitSet a ^BitSet b] (doto ^BitSet (.clone a) (.or b)))

(defn within? [^BitSet a ^BitSet b]
  (loop [i (.nextSetBit a 0)]
    (cond (neg? i) true
          (.get b i) (recur (.nextSetBit a (unchecked-inc-int i)))
          :else false)))

(defn meet? [^BitSet a ^BitSet b] (.intersects a b))

(defn- sorted-leaves
  "[[leaf estimate] ...] in the order of their numbers, and {place as collected -> number}."
  [leaves estimate-of]
  (let [known (map-indexed (fn [i leaf] [i leaf (estimate-of leaf)]) leaves)
        sorted (sort-by (fn [[i leaf {:keys [rows]}]] [(double rows) (str (tree/names leaf)) i]) known)]
    [(mapv (fn [[_ leaf e]] {:node leaf :estimate e}) sorted)
     (into {} (map-indexed (fn [n [i]] [i n])) sorted)]))

(defn- renumbered [{:keys [leaf left right input operation] :as shape} number n]
  (cond
    leaf {:item (number leaf)}
    operation {:input (renumbered input number n) :operation (+ (long n) (long operation))}
    :else {:left (renumbered left number n) :right (renumbered right number n) :keyed (:keyed shape)}))

(defn- owners
  "Which item each column is of."
  [leaves operations]
  (into {}
        cat
        [(mapcat (fn [i {:keys [node]}] (map (fn [name] [name i]) (tree/names node))) (range) leaves)
         (mapcat (fn [i {:keys [join right]}]
                   (cond->> (map (fn [name] [name i]) (when (= :left (:kind join)) (tree/names right)))
                     (:mark join) (cons [(:mark join) i])))
                 (iterate inc (count leaves)) operations)]))

(defn- reads "The items whose columns an expression reads." ^BitSet [owner e]
  (bits (keep owner (tree/expr-columns e))))

(defn- closed
  "Items with all that their operations need."
  [needs ^BitSet items]
  (reduce (fn [s i] (if-let [more (get needs i)] (united s more) s)) items (members items)))

(defn- operation-needs
  "{item number -> the items that an operation's left side must have (one at least)}, in the order of the operations."
  [owner n operations]
  (reduce (fn [needs [i {:keys [join right]}]]
            (let [own (set (tree/names right))
                  read (into (set (mapcat (comp tree/expr-columns :left) (:keys join)))
                             (remove own) (some-> (:residual join) tree/expr-columns))
                  items (bits (or (seq (keep owner read)) [0]))]
              (assoc needs i (closed needs items))))
          {} (map vector (iterate inc n) operations)))

;; Classes of equal expressions.

(defn- class-side
  "The leaf that alone an expression reads; nil if it reads more or an operation's columns."
  [owner n e]
  (let [items (reads owner e)]
    (when (= 1 (.cardinality items))
      (let [i (.nextSetBit items 0)] (when (< i (long n)) i)))))

(defn- equality
  "[[leaf expr] [leaf expr]] of a predicate that makes expressions of two leaves equal, else nil."
  [owner n e]
  (when (tree/call? e '=)
    (let [[a b] (:args e), i (class-side owner n a), j (class-side owner n b)]
      (when (and i j (not= i j) (= (:type a) (:type b))) [[i a] [j b]]))))

(defn- joined-classes
  "Sets of [leaf plain-expr], one for each class; exprs gives the expression of each."
  [pairs]
  (let [id (fn [[i e]] [i (tree/plain e)])]
    (reduce (fn [{:keys [of classes exprs next]} [a b]]
              (let [[x y] [(id a) (id b)]
                    exprs (assoc exprs x (get exprs x (second a)) y (get exprs y (second b)))
                    c (or (of x) (of y) next)
                    own (get classes c #{})
                    more (into #{x y} (when-not (= c (of y)) (get classes (of y))))]
                {:of (reduce #(assoc %1 %2 c) of more)
                 :classes (-> classes (dissoc (of y)) (assoc c (into own more)))
                 :exprs exprs
                 :next (inc (long next))}))
            {:of {} :classes (sorted-map) :exprs {} :next 0}
            pairs)))

(defn- same-in-leaf
  "Equalities between expressions of one leaf that a class implies: [leaf predicate]."
  [by-item]
  (for [[i [a & more]] by-item
        b more]
    [i (tree/call '= [(:expr a) (:expr b)] :boolean true)]))

(defn- class-members
  "{item [{:expr :domain :present} ...]} of a class; unknown domains are those of the others."
  [leaves class exprs]
  (let [found (map (fn [[i _ :as id]]
                     (let [e (exprs id), {:keys [columns base]} (:estimate (nth leaves i))
                           stats (expression/stats columns e)]
                       {:item i :expr e :base base :known (:domain stats)
                        :present (- 1.0 (column/nulls-share stats))}))
                   (sort-by pr-str class))
        known (seq (keep :known found))
        assumed (double (if known (apply max known) (apply min (map :base found))))]
    (into (sorted-map)
          (update-vals (group-by :item found)
                       (fn [ms]
                         (mapv (fn [{:keys [expr known base present]}]
                                 {:expr expr :plain (tree/plain expr) :present present
                                  :domain (max 1.0 (double (or known (min assumed (double base)))))})
                               (sort-by (fn [{:keys [expr]}] [(if (tree/column? expr) 0 1) (str (tree/plain expr))]) ms)))))))

;; Operations and other predicates.

(defn- merged-estimate
  "The leaves of a BitSet beside each other, for the stats of their columns."
  [leaves items]
  (let [es (map #(:estimate (nth leaves %)) (filter #(< (long %) (count leaves)) (members items)))
        es (if (seq es) es [(:estimate (first leaves))])
        most (fn [k] (apply max (map k es)))]
    {:rows (most :rows) :base (most :base) :columns (apply merge (map :columns es)) :keys #{}}))

(defn- operation-item [leaves estimate-of {:keys [join right]} ^BitSet needs]
  (let [l (merged-estimate leaves needs), r (estimate-of right)
        rows (max 1.0 (double (:rows l)))]
    {:join join :right right :needs needs :scan-rows (:rows r)
     :factor (/ (double (join/rows join (assoc l :rows rows) r)) rows)}))

(defn- sides
  "The items of the two sides of an equality, if they have none in common."
  [owner needs e]
  (when (or (tree/call? e '=) (tree/call? e 'is-not-distinct))
    (let [[a b] (map #(closed needs (reads owner %)) (:args e))]
      (when-not (or (meet? a b) (.isEmpty ^BitSet a) (.isEmpty ^BitSet b)
                    (not= (:type (first (:args e))) (:type (second (:args e)))))
        [a b]))))

(defn- other-predicate [owner needs leaves e]
  (let [refs (closed needs (reads owner e))]
    {:expr e :refs refs :sides (sides owner needs e)
     :share (predicate/share (:columns (merged-estimate leaves refs)) e)}))

(defn- filter-leaf [{:keys [node estimate]} es]
  (let [predicate (tree/conjunction es)]
    {:node (schema/refresh {:op :filter :inputs [node] :predicate predicate})
     :estimate (estimate/filtered estimate predicate)}))

(defn- filter-leaves
  "leaves with [leaf predicate] pairs put over them."
  [leaves pairs]
  (reduce (fn [leaves [i ps]] (update leaves i filter-leaf (map second ps)))
          leaves (sort-by key (group-by first pairs))))

(defn graph
  "The graph of a region (see region/collect); estimate-of gives the estimate of a node."
  [{:keys [leaves operations predicates shape]} estimate-of]
  (let [n (count leaves)
        [leaves number] (sorted-leaves leaves estimate-of)
        owner (owners leaves operations)
        needs (operation-needs owner n operations)
        distinct-predicates (vals (reduce (fn [m e] (if (m (tree/plain e)) m (assoc m (tree/plain e) e))) (array-map) predicates))
        local (fn [e] (let [refs (closed needs (reads owner e))]
                        (when (and (<= (.cardinality ^BitSet refs) 1) (< (.length ^BitSet refs) (inc n)))
                          (max 0 (.nextSetBit ^BitSet refs 0)))))
        {own true wider false} (group-by (comp some? local) distinct-predicates)
        {equal true others false} (group-by (comp some? #(equality owner n %)) wider)
        {:keys [classes exprs]} (joined-classes (map #(equality owner n %) equal))
        leaves (filter-leaves leaves (map (juxt local identity) own))
        members-of (fn [leaves] (mapv #(class-members leaves % exprs) (vals classes)))
        leaves (filter-leaves leaves (mapcat same-in-leaf (members-of leaves)))
        classes (members-of leaves)]
    {:leaves n
     :items (into leaves (map (fn [i operation] (operation-item leaves estimate-of operation (needs i)))
                              (iterate inc n) operations))
     :classes classes
     :class-items (mapv #(bits (keys %)) classes)
     :written (set (map (fn [e] (set (map tree/plain (:args e)))) equal))
     :predicates (mapv #(other-predicate owner needs leaves %) others)
     :shape (renumbered shape number n)}))

(defn written?
  "Was the equality of two plain expressions written, not only implied?"
  [{:keys [written]} a b]
  (contains? written #{a b}))
