(ns dev.penstock.plan.join-order-test
  "Random plans of many joins, over sources that say random things of themselves: joins in another order give the same
  rows. -Dpenstock.joins.plans=N takes N plans, -Dpenstock.joins.seed=S begins with
  that of seed S. The orders of TPC-H are in tpch-joins-test."
  (:require [clojure.test :refer [deftest is]]
            [dev.penstock.plan.check :as check]
            [dev.penstock.plan.core :as core]
            [dev.penstock.plan.limits :as limits]
            [dev.penstock.plan.naive :as naive]
            [dev.penstock.plan.naive.scalar :as scalar]
            [dev.penstock.plan.print :as print]
            [dev.penstock.plan.rules :as rules]
            [dev.penstock.plan.unparse :as unparse])
  (:import (java.util Random)))

(def ^:private plans (Long/getLong "penstock.joins.plans" (quot 400 (Long/getLong "penstock.test.fewer" 1))))
(def ^:private first-seed (Long/getLong "penstock.joins.seed" 0))

(def ^:private now (java.time.Instant/parse "2026-01-02T03:04:05Z"))

(defn- pick [^Random r xs] (nth xs (.nextInt r (count xs))))
(defn- chance [^Random r percent] (< (.nextInt r 100) percent))

;; Table i has the columns ki (never null), xi, yi, wi (int32) and the shared one g.

(defn- column [prefix i] (symbol (str prefix i)))

(defn- columns [i]
  [[(column "k" i) :int64 false] [(column "x" i) :int64] [(column "y" i) :int64] [(column "w" i) :int32] ['g :int64]])

(defn- table-number [table] (parse-long (subs (str table) 1)))

(defn- stats [seed table]
  (let [r (Random. (+ (* 31 (long seed)) (long (table-number table)) 5))
        rows (pick r [1 3 10 1000 50000 1000000])
        i (table-number table)]
    (if (chance r 15)
      {}
      (cond-> {:rows rows}
        (chance r 60) (assoc :columns (into {} (map (fn [[name]] [(str name) (cond-> {:distinct (inc (.nextInt r (int rows)))}
                                                                             (chance r 40) (assoc :min 0 :max (.nextInt r 100))
                                                                             (chance r 20) (assoc :nulls 0.4))]))
                                            (take 4 (columns i))))
        (chance r 30) (assoc :keys [[(str "k" i)]])
        (chance r 20) (assoc :keys [[(str "x" i) (str "y" i)]])))))

(defn- rows [seed table]
  (let [r (Random. (+ (* 77 (long seed)) (long (table-number table))))
        ;; mostly the same value, so that many joins have rows left
        n #(if (chance r 75) 1 (long (.nextInt r 3)))
        or-null #(when-not (chance r 10) (n))]
    (vec (repeatedly (if (chance r 3) 0 (inc (.nextInt r 4)))
                     (fn [] [(n) (or-null) (or-null) (or-null) (or-null)])))))

(defn- held-keys
  "Keys are facts, whatever else statistics say: those that hold for the rows."
  [seed table keys]
  (let [place (into {} (map-indexed (fn [i [name]] [(str name) i])) (columns (table-number table)))
        rows (rows seed table)]
    (filterv (fn [key] (= (count rows) (count (into #{} (map (fn [row] (mapv #(nth row (place %)) key))) rows)))) keys)))

(defn- ctx [seed]
  {:describe (fn [table _] {:columns (columns (table-number table))
                            :stats (update (stats seed table) :keys #(held-keys seed table %))
                            :handle (str table)})
   :now now})

(defn- rows-of [seed]
  (fn [{:keys [table schema] sources :columns predicate :filter}]
    (let [place (into {} (map-indexed (fn [i [name]] [name i])) (columns (table-number table)))
          chosen (map (fn [row] (mapv #(nth row (place %)) sources)) (rows seed table))]
      (if predicate
        (filter #(scalar/true-for? {:now now} predicate (zipmap (map :name schema) %)) chosen)
        chosen))))

(defn- names [plan seed] (mapv :name (:schema (check/check plan (ctx seed)))))

(defn- number-column [r names] (pick r (filterv #(re-find #"^[kxywr]" (str %)) names)))

(defn- predicate [^Random r ls rs]
  (let [a (number-column r ls), b (number-column r rs)]
    (case (.nextInt r 14)
      (0 1 2 3 4 5 6) (list '= a b)
      7 (list '= b a)
      8 (list (pick r '[< >= not=]) a b)
      9 (list 'is-not-distinct a b)
      10 (list '= (list '+ a (number-column r ls)) b)
      11 (list '= (list '+ a 1) (list '+ b (number-column r (into ls rs))))
      12 (list 'or (list '= a b) (list 'is-null b))
      13 (list '= a (pick r [1 1 2])))))

(defn- leaf [^Random r i shared]
  (let [t (list 'table+ (symbol (str "t" i)) (cond-> (mapv first (pop (columns i))) shared (conj 'g)))]
    (case (.nextInt r 8)
      0 (list 'filter+ (list '< (column "x" i) 2) t)
      1 (list 'distinct+ t)
      2 (list 'slice+ 0 nil (list 'filter+ (list 'is-not-null (column "y" i)) t))
      t)))

(defn- conditions [r n ls rs] (cons 'and (repeatedly n #(predicate r ls rs))))

(defn- over
  "What may stand between joins."
  [^Random r plan seed i]
  (let [ns (names plan seed)]
    (case (.nextInt r 12)
      0 (list 'filter+ (conditions r 2 ns ns) plan)
      1 (list 'project+ (conj (filterv (fn [c] (or (= 'g c) (re-find #"^[kxmr]" (str c)))) ns)
                              [(symbol (str "r" i)) (number-column r ns)])
              plan)
      2 (list 'bind+ [[(symbol (str "r" i)) (list '+ (number-column r ns) 1)]] plan)
      plan)))

(defn- joined [^Random r plan i seed]
  (let [shared (chance r 25)
        right (leaf r i shared)
        [ls rs] [(names plan seed) (names right seed)]
        kind (pick r [:cross :cross :cross :cross :inner :inner :inner :semi :anti :left :mark :null-anti :full])
        using (and shared (some #{'g} ls))
        right (if (and shared (not using) (some #{'g} ls)) (leaf r i false) right)
        key [[(number-column r ls) (number-column r rs)]]
        on (conditions r 1 ls rs)]
    (cond
      (and using (#{:inner :left :full :semi :anti} kind)) (list 'join+ kind (if (chance r 50) ['g] (into ['g] key)) plan right)
      using (recur r plan i seed)
      (= :cross kind) (list 'join+ :cross plan right)
      (= :mark kind) (list 'join+ :mark key plan right {:mark (symbol (str "m" i))})
      (= :null-anti kind) (list 'join+ :null-anti key plan right)
      (chance r 30) (list 'join+ kind (list 'and on (list 'or (list '= (number-column r ls) 1) (list 'is-null (number-column r rs)))) plan right)
      (chance r 30) (list 'join+ kind on plan right)
      (and (= :inner kind) (chance r 30)) (list 'join+ kind (mapv (comp vec reverse) key) right plan)
      :else (list 'join+ kind key plan right))))

(defn- plan-of [seed]
  (let [r (Random. (* 7919 (long seed)))
        n (+ 2 (.nextInt r 5))]
    (loop [plan (leaf r 0 (chance r 40)), i 1]
      (if (< i n)
        (recur (over r (joined r plan i seed) seed i) (inc i))
        (let [ns (names plan seed)]
          (cond->> plan
            (chance r 80) (list 'filter+ (conditions r (inc (.nextInt r 5)) ns ns))
            (chance r 30) (list 'group+ [(number-column r ns)] '[[n (count)]])))))))

(defn- evaluated [tree seed]
  (let [{:keys [schema rows]} (naive/evaluate tree {:rows-of (rows-of seed) :now now})]
    [(mapv (juxt :name :type) schema) (frequencies rows)]))

(defn- text [tree] (print/text (unparse/plan tree)))

(defn- wrong
  "What is wrong with the plan of a seed once it is rewritten; nil if nothing is."
  [plan seed]
  (let [ctx (ctx seed)
        tree (check/check plan ctx)
        once (:tree (rules/rewrite tree ctx))
        again (check/check (core/read-plan (text once) nil) ctx)]
    (cond
      (not= (evaluated tree seed) (evaluated once seed)) (str "other rows:\n" (text once))
      (not= (evaluated tree seed) (evaluated again seed)) (str "other rows as text:\n" (text once)))))

(deftest joins-in-another-order-give-the-same-rows
  (doseq [seed (range first-seed (+ (long first-seed) (long plans)))]
    (let [plan (plan-of seed)
          problem (try (wrong plan seed) (catch Exception e (str e " " (first (.getStackTrace e)))))]
      (is (nil? problem) (str "seed " seed ": " problem "\nof:\n" (print/text plan))))))

(defn- wide-plan
  "14 tables, crossed, with a filter on top that connects most of them, and an anti or left join between."
  [seed]
  (let [r (Random. (* 104729 (long seed)))
        small (fn [i] (list 'top+ 2 [(column "k" i) (column "x" i) (column "y" i) (column "w" i)]
                             (list 'table+ (symbol (str "t" i)) (mapv first (pop (columns i))))))
        ;; a join before the crosses keeps the written plan small enough for the naive evaluator
        add (fn [plan i] (case (.nextInt r 7)
                           (0 5) (list 'join+ [[(column "x" (dec i)) (column "x" i)]] plan (small i))
                           1 (list 'join+ (pick r [:semi :anti]) [[(column "k" (dec i)) (column "k" i)]]
                                   (list 'bind+ [[(column "k" i) (column "k" (dec i))] [(column "x" i) (column "x" (dec i))]] plan)
                                   (list 'project+ [[(column "k" i) (column "k" i)]] (small i)))
                           (list 'join+ :cross plan (small i))))
        plan (reduce add (small 0) (range 1 14))
        ns (names plan seed)]
    (list 'filter+ (cons 'and (repeatedly 7 #(list '= (number-column r ns) (number-column r ns)))) plan)))

(deftest more-joins-than-are-searched-in-full
  (doseq [seed (range 40)]
    (let [plan (wide-plan seed)]
      (is (nil? (wrong plan seed)) (str "seed " seed "\n" (print/text plan))))))

(defn- star
  "n tables joined by one column, the largest first."
  [n]
  (reduce (fn [plan i] (list 'join+ '[g] plan (list 'table+ (symbol (str "s" i)) ['g (column "v" i)])))
          '(table+ s0 [g v0]) (range 1 n)))

(deftest hundreds-of-tables-are-joined-with-little-work
  (let [n 240
        looks (atom 0)
        ctx {:describe (fn [table _] {:columns [['g :int64 false] [(column "v" (table-number table)) :int64]]
                                      :stats {:rows (- 10000 (* 10 (table-number table))) :keys [["g"]]}
                                      :handle (str table)})
             :now now :check-token #(swap! looks inc)}
        tree (limits/on-stack-for n #(:tree (rules/rewrite (check/check (star n) ctx) ctx)))
        joined (tree-seq #(seq (:inputs %)) :inputs tree)]
    (is (= (map #(symbol (str "s" %)) (range n))
           (sort-by table-number (map :table (filter #(= :scan (:op %)) joined)))))
    ;; each two of them are looked at once, and each joined part beside each that is left
    (is (< @looks (* 3 n n)))))

(deftest many-of-these-plans-are-reordered
  (let [fired (filter (fn [seed]
                        (some #(= 'order-joins (:rule %))
                              (:fired (rules/rewrite (check/check (plan-of seed) (ctx seed)) (ctx seed)))))
                      (range 200))]
    (is (< 60 (count fired)))))
