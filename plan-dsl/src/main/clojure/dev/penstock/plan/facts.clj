(ns dev.penstock.plan.facts
  "What is known of the rows of a typed tree, whatever the tables hold:

  :unique      #{#{name ...} ...}: no two rows are equal on all of these (null equals null)
  :determines  [[#{name ...} #{name ...}] ...]: rows that are equal on the first set are on the second (null equals
               null; an empty first set: these columns are constant)
  :predicates  #{e ...}, plain: true for all rows
  :non-null    #{name ...}
  :at-most     a number of rows, or nil

  Equal is what = says: 0.0 equals -0.0, though text of them does not. Facts are kept by the identity of
  a node in the java.util.IdentityHashMap that ctx has as :facts, if there is one."
  (:require [clojure.set :as set]
            [dev.penstock.plan.cancel :as cancel]
            [dev.penstock.plan.nulls :as nulls]
            [dev.penstock.plan.tree :as tree])
  (:import (java.util IdentityHashMap)))

(def ^:private none {:unique #{} :determines [] :predicates #{} :non-null #{} :at-most nil})

(def ^:private most-keys "More unique keys than these are not carried on." 8)

(declare of)

(defn closure "All columns that are determined by names." [{:keys [determines]} names]
  (loop [known (set names)]
    (let [more (reduce (fn [known [from to]] (if (set/subset? from known) (into known to) known)) known determines)]
      (if (= (count more) (count known)) known (recur more)))))

(defn- exact-type?
  "Are equal values of a type the same in all that can be computed of them?"
  [type]
  (not (contains? #{:float64 :interval :json :any} type)))

(defn- columns-of [e] (filter tree/column? (tree-seq tree/call? :args e)))

;; Predicates.

(defn- fixed
  "The column that a predicate fixes to one value, or nil."
  [{f :fn :keys [args]}]
  (let [[a b] args]
    (case f
      (= is-not-distinct) (cond
                            (and (tree/column? a) (tree/constant? b)) (:name a)
                            (and (tree/constant? a) (tree/column? b)) (:name b))
      (is-null is-true is-false) (when (tree/column? a) (:name a))
      nil)))

(defn- equated [{f :fn :keys [args]}]
  (when (and (contains? '#{= is-not-distinct} f) (every? tree/column? args)) (mapv :name args)))

(defn- same [a b] [[#{a} #{b}] [#{b} #{a}]])

(defn- determined-by [predicates]
  (into [] (mapcat (fn [e]
                     (if-let [[a b] (equated e)]
                       (same a b)
                       (when-let [name (fixed e)] [[#{} #{name}]]))))
        predicates))

(defn- with-predicates [facts predicates]
  (let [plain (map tree/plain predicates)]
    (-> facts
        (update :predicates into plain)
        (update :determines into (determined-by plain))
        (update :non-null into (mapcat nulls/rejected) plain))))

;; Names.

(defn- renamed
  "The facts that remain when columns get new names; m: old name -> new name, without those that go."
  [facts m]
  (let [inside? #(every? m %)
        all #(into #{} (map m) %)
        sets #(into #{} (comp (filter inside?) (map all)) %)]
    {:unique (sets (:unique facts))
     :determines (into []
                       (keep (fn [[from _]]
                               (when (inside? from)
                                 [(all from) (into #{} (keep m) (closure facts from))])))
                       (:determines facts))
     :predicates (into #{}
                       (keep (fn [e]
                               (when (inside? (tree/expr-columns e))
                                 (tree/postwalk #(if (tree/column? %) (update % :name m) %) e))))
                       (:predicates facts))
     :non-null (into #{} (keep m) (:non-null facts))
     :at-most (:at-most facts)}))

(defn- computed
  "What an item that is not a column is determined by."
  [{:keys [name expr]}]
  (when (every? #(exact-type? (:type %)) (columns-of expr))
    [(tree/expr-columns expr) #{name}]))

(defn- project-facts [{:keys [exprs] [input] :inputs} ctx]
  (let [{columns true others false} (group-by (comp tree/column? :expr) exprs)
        by-source (group-by (comp :name :expr) columns)
        m (update-vals by-source (comp :name first))
        below (of input ctx)
        copies (mapcat (fn [[_ [a & more]]] (mapcat #(same (:name a) (:name %)) more)) by-source)]
    (-> (renamed below m)
        (update :determines into copies)
        (update :determines into
                (keep (fn [item]
                        (when-let [[from to] (computed item)]
                          (when (every? m from) [(into #{} (map m) from) to]))))
                others))))

(defn- bind-facts [{:keys [exprs] [input] :inputs} ctx]
  (update (of input ctx) :determines into (keep computed) exprs))

;; Leaves.

(defn- scan-facts [{:keys [columns schema stats limit] predicate :filter}]
  (let [place (zipmap (map str (rseq (vec columns))) (rseq (mapv :name schema)))
        declared (into #{}
                       (keep (fn [key] (when (every? #(contains? place (str %)) key)
                                         (into #{} (map #(place (str %))) key))))
                       (:keys stats))]
    (-> none
        (assoc :unique declared :at-most limit)
        (with-predicates (when predicate (tree/conjuncts predicate))))))

(def ^:private most-rows "Rows of a values+ that are compared." 200)

(defn- values-facts [{:keys [rows schema]}]
  (let [n (count rows)
        distinct-on? (fn [places] (or (zero? n) (apply distinct? (map #(mapv % places) rows))))
        places (range (count schema))]
    (assoc none
           :at-most n
           :unique (if (and (<= n (long most-rows)) (every? #(exact-type? (:type %)) schema))
                     (into #{} (keep (fn [is] (when (distinct-on? is) (into #{} (map #(:name (nth schema %))) is))))
                           (conj (map vector places) places))
                     #{}))))

;; Joins.

(defn- key-names
  "The columns of a side that are keys as they are."
  [keys side]
  (into #{} (keep (fn [k] (when (tree/column? (side k)) (:name (side k))))) keys))

(defn- row-determined?
  "Is there at most one row for values of names?"
  [{:keys [unique] :as facts} names]
  (let [known (closure facts names)]
    (boolean (some #(set/subset? % known) unique))))

(defn one-match?
  "Does every row of the other side match at most one row of this side (:left or :right) of a join?"
  [{:keys [keys inputs]} side ctx]
  (row-determined? (of (if (= :left side) (first inputs) (second inputs)) ctx) (key-names keys side)))

(def ^:private longest-key "Keys of more columns are not carried over joins." 4)

(defn- both-keys [ls rs]
  (into #{} (take most-keys)
        (for [l ls, r rs :when (<= (+ (count l) (count r)) (long longest-key))] (set/union l r))))

(defn- equalities [keys]
  (mapcat (fn [{:keys [left right]}]
            (when (and (tree/column? left) (tree/column? right) (not= (:name left) (:name right)))
              (same (:name left) (:name right))))
          keys))

(defn- inner-facts [{:keys [keys residual inputs] :as node} ctx]
  (let [[l r] (map #(of % ctx) inputs)
        strict (remove :null-safe keys)]
    (-> {:unique (let [kept (cond-> #{}
                              (one-match? node :right ctx) (into (:unique l))
                              (one-match? node :left ctx) (into (:unique r)))]
                   (if (seq kept) kept (both-keys (:unique l) (:unique r))))
         :determines (-> (:determines l) (into (:determines r)) (into (equalities keys)))
         :predicates (into (:predicates l) (:predicates r))
         :non-null (-> (:non-null l) (into (:non-null r))
                       (into (key-names strict :left)) (into (key-names strict :right)))
         :at-most (when (and (:at-most l) (:at-most r)) (*' (:at-most l) (:at-most r)))}
        (with-predicates (when residual (tree/conjuncts residual))))))

(defn- outer-facts
  "Of a left (right) join: side and other say which rows are all kept."
  [{:keys [using inputs] :as node} side ctx]
  (let [[kept given] (if (= :left side) inputs (reverse inputs))
        other (if (= :left side) :right :left)
        k (of kept ctx)
        own (set/difference (tree/name-set given) (set using))
        g (renamed (of given ctx) (zipmap own own))
        once? (one-match? node other ctx)]
    (assoc none
           :unique (if once? (:unique k) (both-keys (:unique k) (:unique g)))
           ;; Rows without a match are null there: only of a column that else is never null they are told apart.
           :determines (-> (:determines k)
                           (into (filter (fn [[from _]] (some (:non-null g) from))) (:determines g))
                           (into (when once? (map (fn [key] [key own]) (:unique k)))))
           :predicates (:predicates k)
           :non-null (:non-null k)
           :at-most (when once? (:at-most k)))))

(defn- join-facts [{:keys [kind keys] :as node} ctx]
  (case kind
    (:inner :cross) (inner-facts node ctx)
    :left (outer-facts node :left ctx)
    :right (outer-facts node :right ctx)
    :full none
    :semi (update (of (first (:inputs node)) ctx) :non-null into (key-names (remove :null-safe keys) :left))
    (of (first (:inputs node)) ctx)))

(defn- group-facts [{:keys [keys sets] [input] :inputs} ctx]
  (if sets
    none
    (-> (project-facts {:exprs keys :inputs [input]} ctx)
        (assoc :at-most (if (empty? keys) 1 (:at-most (of input ctx)))
               :unique #{(into #{} (map :name) keys)}))))

(defn- fewer [facts limit]
  (cond-> facts limit (update :at-most #(if % (min (long %) (long limit)) limit))))

(defn- own-facts [{:keys [op inputs] :as node} ctx]
  (let [input #(of (first inputs) ctx)]
    (case op
      :scan (scan-facts node)
      :values (values-facts node)
      :filter (with-predicates (input) (tree/conjuncts (:predicate node)))
      :project (project-facts node ctx)
      :bind (bind-facts node ctx)
      :join (join-facts node ctx)
      :union (let [rows (map #(:at-most (of % ctx)) inputs)]
               (assoc none :at-most (when (every? some? rows) (reduce +' rows))))
      :set-op (cond-> (input) (not (:all node)) (update :unique conj (tree/name-set node)))
      :distinct (update (input) :unique conj (if (:keys node) (set (:keys node)) (tree/name-set node)))
      :group (group-facts node ctx)
      (:window :sort :rechunk :reorder) (input)
      (:top :slice) (fewer (input) (:limit node))
      :first (fewer (input) 1)
      :series (if (seq inputs)
                (assoc (input) :unique #{} :at-most nil)
                (assoc none :unique #{#{(:name node)}}))
      :unnest (assoc (input) :unique #{} :at-most nil)
      :number (update (input) :unique conj #{(:name node)})
      (:with :let) (of (peek inputs) ctx)
      none)))

(def ^:private key-makers
  "Operators with keys of their own, which determine all columns; elsewhere that follows from what is below."
  #{:scan :values :distinct :set-op :group :number})

(defn- completed
  "With what follows: non-null columns of the schema, and that keys determine all columns."
  [facts {:keys [op schema]}]
  (let [non-null (into (:non-null facts) (comp (remove :nullable) (map :name)) schema)
        unique (cond-> (:unique facts)
                 (some-> (:at-most facts) (<= 1)) (conj #{}))
        unique (into #{} (take most-keys) (sort-by count unique))
        names (into #{} (map :name) schema)]
    (assoc facts
           :non-null non-null
           :unique unique
           :determines (into (:determines facts)
                             (comp (filter #(or (empty? %) (contains? key-makers op))) (map (fn [key] [key names])))
                             unique))))

(defn of
  "The facts of a node."
  [node {:keys [facts] :as ctx}]
  (cancel/check ctx)
  (if facts
    (let [^IdentityHashMap memory facts]
      (or (.get memory node)
          (let [found (completed (own-facts node ctx) node)]
            (.put memory node found)
            found)))
    (completed (own-facts node ctx) node)))

(defn unique?
  "Are no two rows of a node equal on all of names?"
  [node names ctx]
  (row-determined? (of node ctx) (set names)))

(defn constants
  "name -> literal of the columns of a node that have one value, known and not null, in all rows."
  [node ctx]
  (into {}
        (keep (fn [{f :fn :keys [args]}]
                (let [[a b] args
                      [column value] (if (tree/column? a) [a b] [b a])]
                  (when (and (contains? '#{= is-not-distinct} f) (tree/column? column) (tree/literal? value)
                             (some? (:value value)) (= (:type column) (:type value)) (exact-type? (:type value)))
                    [(:name column) (tree/literal (:value value) (:type value))]))))
        (:predicates (of node ctx))))

(defn at-most? "Has a node no more than n rows, for certain?" [node n ctx]
  (boolean (some-> (:at-most (of node ctx)) (<= n))))
