(ns dev.penstock.plan.estimate.join
  "Rows of joins. A side is an estimate {:rows :base :columns :keys} (see estimate). Equal keys match as if the values of
  one side were among those of the other: |L| |R| / max(domains). A side that its keys make unique is found at
  most once: |L| |R| / base of that side, whatever its columns say one by one."
  (:require [clojure.set :as set]
            [dev.penstock.plan.estimate.column :as column]
            [dev.penstock.plan.estimate.expression :as expression]
            [dev.penstock.plan.estimate.predicate :as predicate]
            [dev.penstock.plan.tree :as tree]))

(defn domains
  "The numbers of values that two expressions are drawn from, out of their stats and the rows of their sources. Of
  two unknown ones the smaller source is taken to be keyed by its values."
  [l r base-l base-r]
  (let [a (:domain l), b (:domain r)
        base-l (double base-l), base-r (double base-r)]
    (cond
      (and a b) [(double a) (double b)]
      a [(double a) (max 1.0 (min base-r (double a)))]
      b [(max 1.0 (min base-l (double b))) (double b)]
      :else (let [n (max 1.0 (min base-l base-r))] [n n]))))

(defn combinations
  "Values of several columns together: the greatest count, times the root of the second, and so on; at most base."
  [counts base]
  (let [sorted (sort > counts)]
    (max 1.0
         (min (double base)
              (double (reduce * 1.0 (map-indexed (fn [i n] (Math/pow (double n) (/ 1.0 (Math/pow 2.0 (double i))))) sorted)))))))

(defn unique-key
  "The smallest key of a side that is within names, nil if there is none."
  [{:keys [keys]} names]
  (first (filter #(set/subset? % names) (sort-by (juxt count str) keys))))

(defn unique-base
  "Rows of the source of a side of which the columns of key have every combination at most once. Where a key column was
  filtered by its own values the source counts as that much smaller."
  [{:keys [base columns]} key]
  (double (reduce (fn [n name]
                    (let [{:keys [domain whole]} (get columns name)]
                      (if (and domain whole) (* (double n) (min 1.0 (/ (double domain) (double whole)))) n)))
                  base key)))

(defn- key-stats [l r {:keys [left right]}]
  (let [ls (expression/stats (:columns l) left), rs (expression/stats (:columns r) right)
        [dl dr] (domains ls rs (:base l) (:base r))]
    {:left (expression/column-name left) :right (expression/column-name right) :dl dl :dr dr
     :present (* (- 1.0 (column/nulls-share ls)) (- 1.0 (column/nulls-share rs)))}))

(defn- by-unique-side
  "What a key of a side divides all pairs by: its rows, and the roots of what further columns add; nil without a key."
  [side of stats]
  (when-let [key (unique-key side (into #{} (keep of) stats))]
    (double (reduce (fn [n {:keys [dl dr] :as s}]
                      (if (contains? key (of s)) n (* (double n) (Math/sqrt (max (double dl) (double dr))))))
                    (unique-base side key) stats))))

(defn pair-share
  "The share of all pairs of rows that join by keys."
  [l r keys]
  (let [stats (map #(key-stats l r %) keys)
        present (double (reduce * 1.0 (map :present stats)))
        unique (when (next stats) (keep (fn [[side of]] (by-unique-side side of stats)) [[l :left] [r :right]]))]
    (* present
       (cond
         (empty? stats) 1.0
         (= 1 (count stats)) (/ 1.0 (max (double (:dl (first stats))) (double (:dr (first stats)))))
         (seq unique) (/ 1.0 (max 1.0 (double (apply max unique))))
         :else (/ 1.0 (max (double (apply max (mapcat (juxt :dl :dr) stats)))
                           (double (combinations (map #(max (double (:dl %)) (double (:dr %))) stats)
                                                 (min (double (:base l)) (double (:base r)))))))))))

(defn match-share
  "The share of left rows that have a match on the right."
  [l r {:keys [keys residual]}]
  (let [of-key (fn [{:keys [right] :as key}]
                 (let [there (or (:distinct (expression/stats (:columns r) right)) (:rows r))]
                   (min 1.0 (/ (double there) (double (:dl (key-stats l r key)))))))
        by-keys (double (reduce min 1.0 (map of-key keys)))
        by-keys (if (seq keys) by-keys (if (< 0.0 (double (:rows r))) 1.0 0.0))]
    (cond-> by-keys
      residual (* 0.7))))

(defn residual-share [l r residual]
  (if residual (predicate/share (merge (:columns l) (:columns r)) residual) 1.0))

(defn- at-least-one [n rows] (if (pos? (double rows)) (max 1.0 (double n)) 0.0))

(defn rows
  "The rows of a join of estimates l and r."
  [{:keys [kind keys residual] :as join} l r]
  (let [lr (double (:rows l)), rr (double (:rows r))
        pairs (* lr rr (double (pair-share l r keys)) (double (residual-share l r residual)))
        pairs (at-least-one pairs (min lr rr))]
    (case kind
      (:inner :cross) pairs
      :left (max lr pairs)
      :right (max rr pairs)
      :full (+ (max lr pairs) (max 0.0 (- rr pairs)))
      :semi (at-least-one (* lr (double (match-share l r join))) (min lr rr))
      (:anti :null-anti) (at-least-one (* lr (max 0.05 (- 1.0 (double (match-share l r join))))) lr)
      :mark lr)))

(defn- both-keys
  "Keys of the join: a side's keys stay keys if its rows are found at most once."
  [{:keys [keys]} l r]
  (let [names (fn [side] (into #{} (keep #(expression/column-name (side %))) keys))
        unique? (fn [e names] (some #(set/subset? % names) (:keys e)))]
    (cond-> #{}
      (unique? r (names :right)) (into (:keys l))
      (unique? l (names :left)) (into (:keys r)))))

(defn- narrowed
  "A column of a key takes the smaller domain of its pair."
  [columns l r keys]
  (reduce (fn [columns {:keys [left right]}]
            (let [ln (expression/column-name left), rn (expression/column-name right)
                  [dl dr] (domains (expression/stats (:columns l) left) (expression/stats (:columns r) right)
                                   (:base l) (:base r))
                  n (min (double dl) (double dr))
                  narrow #(-> % (column/counted n) column/no-nulls)]
              (cond-> columns
                (contains? columns ln) (update ln narrow)
                (contains? columns rn) (update rn narrow))))
          columns keys))

(defn estimate
  "The estimate of a join of estimates l and r. Columns of the sides that share a name have the left one's stats (for
  right joins the right one's)."
  [{:keys [kind keys mark] :as join} l r]
  (let [n (double (rows join l r))
        left-only? (contains? #{:semi :anti :null-anti :mark} kind)
        columns (cond
                  left-only? (:columns l)
                  (= :right kind) (merge (:columns l) (:columns r))
                  :else (merge (:columns r) (:columns l)))
        columns (if (contains? #{:inner :semi} kind) (narrowed columns l r keys) columns)
        columns (update-vals columns #(column/at-most % n))]
    {:rows n
     :base (if left-only? (:base l) (max n (double (:base l)) (double (:base r))))
     :guess (or (:guess l) (:guess r))
     :keys (cond left-only? (:keys l)
                 (contains? #{:inner :left} kind) (both-keys join l r)
                 :else #{})
     :columns (if mark (assoc columns mark (column/described {} :boolean n false)) columns)}))
