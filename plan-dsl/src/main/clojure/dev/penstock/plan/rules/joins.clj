(ns dev.penstock.plan.rules.joins
  "Joins become the cheapest kind that gives the same rows."
  (:require [clojure.set :as set]
            [dev.penstock.plan.nulls :as nulls]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.uses :as uses]))

(defn- without-nulls
  "An outer join as the narrower kind that it is when rows are of no use that have only nulls in the columns
  for which rejects? is true; nil if it stays as it is."
  [{:keys [kind using] [l r] :inputs :as join} rejects?]
  (when (and (= :join (:op join)) (#{:left :right :full} kind))
    (let [shared (set using)
          drops-left? (rejects? (set/difference (tree/name-set l) shared))
          drops-right? (rejects? (set/difference (tree/name-set r) shared))
          kind' (case kind
                  :left (if drops-right? :inner :left)
                  :right (if drops-left? :inner :right)
                  :full (cond (and drops-left? drops-right?) :inner
                              (seq shared) :full ; its shared columns are of both sides
                              drops-right? :right
                              drops-left? :left
                              :else :full))]
      (when (not= kind kind')
        (assoc join :kind kind')))))

(defn turn-outer-join-into-inner
  "A filter that drops the rows without a match makes an outer join an inner, left or right one."
  [{:keys [op predicate] [join] :inputs :as node} _ctx]
  (when (= :filter op)
    (when-let [narrower (without-nulls join #(nulls/rejects-null? % predicate))]
      (assoc node :inputs [narrower]))))

(defn- useless-when-null?
  "Does a row of side never match when all columns in names are null?"
  [{:keys [keys residual]} side names]
  (boolean (or (some #(and (not (:null-safe %)) (nulls/strict? names (side %))) keys)
               (and residual (nulls/rejects-null? names residual)))))

(defn turn-outer-join-below-join-into-inner
  "An outer join is a narrower one when a join above it, which drops rows that do not match, compares its columns."
  [{:keys [op kind] [l r] :inputs :as node} _ctx]
  (when (= :join op)
    (let [sides (case kind
                  (:inner :semi) #{:left :right}
                  (:left :anti) #{:right}
                  :right #{:left}
                  #{})
          narrower (fn [side input]
                     (when (contains? sides side)
                       (without-nulls input #(useless-when-null? node side %))))
          l' (narrower :left l), r' (narrower :right r)]
      (when (or l' r')
        (assoc node :inputs [(or (some-> l' schema/refresh) l) (or (some-> r' schema/refresh) r)])))))

(defn- as-key
  "The join key that a conjunct is, over these names of the two sides; or nil."
  [ls rs e]
  (when (or (tree/call? e '=) (tree/call? e 'is-not-distinct))
    (let [[a b] (:args e)
          over? (fn [e names] (let [cs (tree/expr-columns e)] (and (seq cs) (set/subset? cs names))))
          safe (= 'is-not-distinct (:fn e))]
      (when (= (:type a) (:type b))
        (cond
          (and (over? a ls) (over? b rs)) {:left a :right b :null-safe safe}
          (and (over? b ls) (over? a rs)) {:left b :right a :null-safe safe})))))

(defn- own-names
  "Names that only one side has, for each side."
  [l r]
  (let [ls (tree/name-set l), rs (tree/name-set r)]
    [(set/difference ls rs) (set/difference rs ls)]))

(defn- extract [conjuncts l r]
  (let [[ls rs] (own-names l r)
        keyed (map (juxt identity #(as-key ls rs %)) conjuncts)]
    [(keep second keyed) (map first (remove second keyed))]))

(defn turn-filter-into-join-keys
  "Equalities between the two sides, above an inner or cross join, become its keys."
  [{:keys [op predicate] [{:keys [kind] [l r] :inputs :as join}] :inputs :as node} _ctx]
  (when (and (= :filter op) (= :join (:op join)) (#{:inner :cross} kind))
    (let [[keys others] (extract (tree/conjuncts predicate) l r)]
      (when (seq keys)
        (let [joined (-> join (assoc :kind :inner) (update :keys (fnil into []) keys))]
          (if-let [left (tree/conjunction others)]
            (assoc node :predicate left :inputs [joined])
            joined))))))

(defn turn-residual-into-join-keys
  "Equalities between the two sides in a residual condition become keys."
  [{:keys [op kind residual] [l r] :inputs :as node} _ctx]
  (when (and (= :join op) residual (#{:inner :cross :left :right :full :semi :anti} kind))
    (let [[keys others] (extract (tree/conjuncts residual) l r)]
      (when (seq keys)
        (-> node
            (update :keys (fnil into []) keys)
            (assoc :residual (tree/conjunction others)
                   :kind (if (= :cross kind) :inner kind)))))))

(defn merge-inputs-that-are-sorted
  "Two inputs that are sorted by the keys are joined by merging them: no table of hashes is built."
  [{:keys [op strategy] :as node} _ctx]
  (when (and (= :join op) (nil? strategy) (uses/merged? node))
    (assoc node :strategy :merge :build :right)))
