(ns dev.penstock.plan.shaped-plans
  "Random plans in the shapes that the rules look for, over small tables with nulls, duplicates and declared keys:
  ors of ands over joins, outer joins below filters, marks, semi joins over groups, groups over joins, self joins
  of equal subtrees, subplans used once and twice. The bag of rows of each is determined."
  (:require [dev.penstock.plan.check :as check])
  (:import (java.util Random)))

(defn- pick [^Random r xs] (nth xs (.nextInt r (count xs))))
(defn- chance [^Random r percent] (< (.nextInt r 100) percent))

(def tables
  "k is a key of a, id of b, and u of c, where it is null once."
  {"a" {:columns '[[k :int64 false] [x :int64] [y :int64] [s :varchar]] :keys [["k"]]}
   "b" {:columns '[[id :int64 false] [ak :int64] [z :int64] [t :varchar]] :keys [["id"]]}
   "c" {:columns '[[u :int64] [v :int64 false]] :keys [["u"]]}
   "d" {:columns '[[p :int64] [q :int64]]}
   "e" {:columns '[[m :int64] [n :int64]]}})

(def ctx
  {:describe (fn [table _]
               (let [{:keys [columns keys]} (tables (str table))]
                 ;; d and e are said to be large and full of duplicates, so that grouping them early seems to pay
                 {:columns columns :handle (str table)
                  :stats (if keys
                           {:rows 10 :keys keys}
                           {:rows 1000 :columns (into {} (map (fn [[name]] [(str name) {:distinct 5}])) columns)})}))
   :now (java.time.Instant/parse "2026-01-02T03:04:05Z")})

(defn- rotated [n xs] (concat (drop n xs) (take n xs)))

(defn rows
  "Rows by table name, out of a seed."
  [seed]
  (let [r (Random. (+ 17 (* 7919 (long seed))))
        number #(when-not (chance r 20) (long (.nextInt r 5)))
        text #(when-not (chance r 20) (pick r ["Ann" "Bob" ""]))
        some-of (fn [n f] (vec (repeatedly (.nextInt r (int n)) f)))]
    {"a" (mapv (fn [k] [k (number) (number) (text)]) (range (.nextInt r 8)))
     "b" (mapv (fn [k] [k (number) (number) (text)]) (range (.nextInt r 8)))
     "c" (mapv (fn [u] [u (long (.nextInt r 4))]) (take (.nextInt r 6) (rotated (.nextInt r 5) [0 1 nil 2 3])))
     "d" (some-of 9 (fn [] [(number) (number)]))
     "e" (if (chance r 70) [] (some-of 3 (fn [] [(number) (number)])))}))

(defn- fields [plan] (:schema (check/check plan ctx)))
(defn- names [plan] (mapv :name (fields plan)))
(defn- of-type [plan type] (mapv :name (filter #(= type (:type %)) (fields plan))))
(defn- fresh [^Random r prefix] (symbol (str prefix (.nextInt r 1000000))))

(defn- renamed
  "All columns of a plan under new names."
  [r plan]
  (let [suffix (fresh r "_")] (list 'project+ (vec (map-indexed (fn [i n] [(symbol (str "r" i suffix)) n]) (names plan))) plan)))

(defn- table [r]
  (let [t (pick r '[a a b b c d d e])
        suffix (fresh r "_")
        columns (map first (:columns (tables (str t))))]
    (list 'table+ t (mapv (fn [c] [(symbol (str c suffix)) c]) columns))))

(defn- literal [^Random r] (if (chance r 5) nil (long (.nextInt r 5))))

(defn- comparison [r ns]
  (case (.nextInt ^Random r 8)
    (0 1) (list '= (pick r ns) (literal r))
    2 (list (pick r '[< <= > >= not=]) (pick r ns) (literal r))
    3 (list 'in (pick r ns) [(literal r) (long (.nextInt ^Random r 5))])
    4 (list (pick r '[= <]) (pick r ns) (pick r ns))
    5 (list (pick r '[is-null is-not-null]) (pick r ns))
    6 (list '< (pick r ns) 2)
    7 (list (pick r '[= >]) (list '+ (pick r ns) 1) (literal r))))

(defn- condition [r ns depth]
  (if (or (zero? depth) (chance r 40))
    (comparison r ns)
    (let [c #(condition r ns (dec depth))]
      (case (.nextInt ^Random r 6)
        0 (list 'not (c))
        1 (list 'or (c) (c))
        (2 3) (list 'and (c) (c))
        4 (let [a (c)] (list 'or (list 'and a (c)) (list 'and a (c))))
        5 (list 'or (list 'and (c) (c)) (list 'and (c) (c)))))))

(declare grown)

(defn- whole [plan] (of-type plan :int64))

(def ^:private kinds [:inner :inner :inner :left :left :right :full :semi :semi :anti :null-anti :mark])

(defn- joined [r kind left right]
  (let [ls (whole left), rs (whole right)
        pair #(let [p [(pick r ls) (pick r rs)]] (if (and (chance r 15) (not= :null-anti kind)) (conj p :null-safe) p))
        pairs (vec (distinct (if (and (chance r 25) (not= :null-anti kind)) [(pair) (pair)] [(pair)])))
        on (when (and (chance r 30) (not= :null-anti kind)) (condition r (into ls rs) 2))
        mark (fresh r "mark")
        options (cond-> {} on (assoc :on on) (= :mark kind) (assoc :mark mark))
        plan (concat (list 'join+ kind pairs left right) (when (seq options) [options]))]
    (cond
      (and (= :mark kind) (chance r 15)) (list 'project+ (names left) plan)
      (and (= :mark kind) (chance r 80))
      (list 'filter+ (pick r [mark (list 'not mark) (list 'is-true mark) (list 'is-false mark) (list 'not (list 'is-true mark))
                              (list 'is-null mark) (list 'and mark (comparison r ls)) (list '= mark true)])
            plan)
      (and (= :left kind) (chance r 50))
      (list 'filter+ (if (chance r 50) (list 'is-null (pick r rs)) (condition r (into ls rs) 1)) plan)
      :else plan)))

(defn- join-step [r plan depth]
  (let [other (case (.nextInt ^Random r 8)
                (0 1 2) (table r)
                3 (renamed r plan)
                4 (let [t (table r)] (list 'distinct+ t))
                5 (let [t (table r), g (pick r (whole t))] (list 'group+ [g] [[(fresh r "n") '(count)]] t))
                6 (let [t (table r)] (list 'filter+ (condition r (whole t) 1) t))
                7 (grown r (quot depth 2)))
        kind (pick r kinds)
        other (if (some (set (names plan)) (names other)) (renamed r other) other)]
    (when (and (seq (whole plan)) (seq (whole other)))
      (if (chance r 30)
        (joined r (if (#{:semi :anti :null-anti :mark} kind) :inner kind) other plan)
        (joined r kind plan other)))))

(defn- aggregate [r plan]
  (let [x (pick r (whole plan))
        options (cond (chance r 15) [{:filter (comparison r (whole plan))}]
                      (chance r 15) [{:distinct true}])]
    [(fresh r "n")
     (case (.nextInt ^Random r 6)
       (0 1) '(count)
       2 (concat (list 'count x) options)
       (3 4) (concat (list 'sum x) options)
       5 (list (pick r '[min max]) x))]))

(defn- some-of [^Random r xs]
  (let [found (filterv (fn [_] (chance r 50)) xs)] (if (seq found) found [(pick r xs)])))

(defn- group-step [r plan]
  (let [keys (if (chance r 12) [] (some-of r (names plan)))
        keys (if (chance r 15) (conj keys [(fresh r "g") (pick r [1 (list '+ (pick r (whole plan)) 1)])]) keys)
        aggs (vec (repeatedly (.nextInt ^Random r 3) #(aggregate r plan)))
        aggs (if (and (empty? keys) (empty? aggs)) [[(fresh r "n") '(count)]] aggs)
        plain (filterv symbol? keys)]
    (concat (list 'group+ keys aggs plan)
            (when (and (seq plain) (chance r 12)) [{:sets [plain (vec (take 1 plain)) []]}]))))

(defn- total [^Random r plan]
  (let [columns (java.util.ArrayList. ^java.util.Collection (names plan))]
    (java.util.Collections/shuffle columns r)
    (mapv #(if (chance r 30) [% :desc] %) columns)))

(defn- twice
  "A plan that has a subtree two times, as itself, by names, or under with+."
  [r plan]
  (case (.nextInt ^Random r 4)
    0 (list 'union+ plan plan)
    1 (let [w (fresh r "W")] (list 'with+ [w plan] (list 'union+ w (list 'filter+ (condition r (whole plan) 1) w))))
    2 (let [w (fresh r "W")] (list 'with+ [w plan] (list 'filter+ (condition r (whole plan) 1) w)))
    3 (let [grouped (list 'group+ [(pick r (whole plan))] [[(fresh r "n") '(count)]] plan)]
        (joined r (pick r [:inner :left :semi]) grouped (renamed r grouped)))))

(defn- limited
  "A limit whose result is determined although it stands over rows in no order: of equal rows, of more than there are, or
  of the first rows of a left join by its left columns, all of them."
  [^Random r plan]
  (let [n (.nextInt r 5), x (pick r (whole plan))
        once (list 'distinct+ (list 'project+ [x] plan))
        other (list 'group+ ['g] [['c '(count)]] (list 'table+ 'd '[[g p]]))
        joined (list 'join+ :left [[x 'g]] once other)]
    (case (.nextInt r 7)
      0 (list 'slice+ 0 n (list 'union+ (list 'project+ [['w 1]] plan) (list 'project+ [['w 1]] plan)))
      1 (list 'slice+ 0 n (list 'project+ [['w 1]] (list 'join+ :left [[x 'g]] plan other)))
      2 (list 'slice+ 1 n (list 'slice+ 0 3 (list 'sort+ (total r plan) plan)))
      3 (list 'top+ n [x] joined)
      4 (list 'slice+ 1 n (list 'sort+ [x] joined))
      5 (list 'top+ n ['w [x :desc]] (list 'project+ [['w (list '+ x 1)] x] once))
      6 (list 'slice+ 0 n (list 'project+ [['w 1]] (list 'slice+ 0 3 (list 'project+ [['v 2]] plan)))))))

(defn- grouped-join
  "A group over a join of two tables, one of them of duplicates, instead of a plan: those that grow become large."
  [^Random r]
  (let [plan (table r)
        facts (pick r [(list 'table+ 'd [[(fresh r "f") 'p] [(fresh r "f") 'q]]) (list 'table+ 'e [[(fresh r "f") 'm] [(fresh r "f") 'n]])])
        facts (if (chance r 20) (list 'filter+ (comparison r (whole facts)) facts) facts)
        facts (if (chance r 20) (list 'bind+ [[(fresh r "h") (list '+ (pick r (whole facts)) 1)]] facts) facts)
        kind (pick r [:inner :inner :left :right :semi])
        joined (if (chance r 50) (joined r kind facts plan) (joined r (if (= :semi kind) :inner kind) plan facts))]
    (when (seq (whole joined)) (group-step r joined))))

(defn- step [^Random r plan depth]
  (when (seq (whole plan))
    (case (.nextInt r 27)
      (0 1 2) (list 'filter+ (condition r (whole plan) 2) plan)
      (3 4 5 6 7 8) (join-step r plan depth)
      9 (list 'project+ (conj (some-of r (names plan)) [(fresh r "w") (pick r [(list '+ (pick r (whole plan)) 1) 7 (pick r (whole plan))])]) plan)
      10 (list 'project+ (some-of r (names plan)) plan)
      11 (list 'bind+ [[(fresh r "w") (list 'coalesce (pick r (whole plan)) 0)]] plan)
      (12 13 14) (group-step r plan)
      15 (list 'distinct+ (if (chance r 60) (list 'project+ (some-of r (names plan)) plan) plan))
      16 (list 'sort+ (total r plan) plan)
      17 (list 'top+ (.nextInt r 6) (total r plan) plan)
      18 (list 'slice+ (.nextInt r 3) (pick r [nil 0 2 5]) (list 'sort+ (total r plan) plan))
      19 (twice r plan)
      20 (let [narrow (list 'project+ (some-of r (whole plan)) plan)]
           (list (pick r '[intersect+ minus+]) narrow (list 'filter+ (condition r (whole narrow) 1) narrow)))
      21 (list 'union+ plan (list 'filter+ (pick r [false (condition r (whole plan) 1)]) plan))
      22 (list 'union+ (list 'union+ plan (list 'distinct+ plan)) plan)
      23 (limited r plan)
      24 (let [[a b] (some-of r (names plan)), n (fresh r "n")]
           (list 'group+ [a] [[(fresh r "n") (list 'sum n)]]
                 (list 'group+ (if (and b (not= a b)) [a b] [a]) [[n (pick r ['(count) (list 'sum (pick r (whole plan)))])]] plan)))
      (25 26) (grouped-join r))))

(defn- grown [^Random r size]
  (loop [plan (table r), n 0]
    (if (< n (long size))
      (recur (try
               (let [made (step r plan size)] (if (and made (fields made)) made plan))
               (catch clojure.lang.ExceptionInfo e
                 (when-not (:category (ex-data e)) (throw e))
                 plan))
             (inc n))
      plan)))

(defn plan "A plan out of a seed." [seed]
  (let [r (Random. (* 104729 (long seed)))]
    (grown r (+ 1 (.nextInt r 8)))))
