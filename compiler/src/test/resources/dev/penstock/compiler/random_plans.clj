(ns dev.penstock.compiler.random-plans
  "Random plans over the tables of tables.clj whose result is determined: a step that depends on the order of rows stands on
  a sort by all columns, and rounding errors stay in columns named z..., which no later step uses.

  While it grows a plan is {:plan form :bound (at most so many rows)}."
  (:require [clojure.string :as str]
            [dev.penstock.compiler.expressions :as expr]
            [dev.penstock.compiler.tables :as tables :refer [chance pick]]
            [dev.penstock.plan.check :as check]
            [dev.penstock.plan.types :as types])
  (:import (java.util Random)))

(defn describe [table _options]
  (if (tables/sizes (symbol (str table)))
    {:columns tables/columns :stats {:rows (tables/sizes (symbol (str table)))} :handle table}
    (throw (ex-info (str "unknown table " table) {:category :incorrect :code :unknown-table}))))

(def ctx {:describe describe :functions? true :now (java.time.Instant/parse "2026-01-02T03:04:05Z")})

(defn- fields-of [plan] (:schema (check/check plan ctx)))
(defn- names [fields] (mapv :name fields))
(defn- exact [fields] (filterv (complement expr/inexact?) fields))
(defn- fresh [^Random r prefix] (symbol (str prefix (.nextInt r 1000000))))

(defn- some-columns [r fields]
  (let [some (filterv (fn [_] (chance r 60)) (names fields))]
    (if (seq some) some [(pick r (names fields))])))

(defn- few [r fields n] (vec (take n (distinct (repeatedly n #(pick r (names fields)))))))

(defn- settled
  "Without its inexact columns."
  [{:keys [plan] :as p}]
  (let [fields (fields-of plan)]
    (if (some expr/inexact? fields)
      (assoc p :plan (if (seq (exact fields))
                       (list 'project+ (names (exact fields)) plan)
                       (list 'group+ [] [['n '(count)]] plan)))
      p)))

(defn- sort-items [r columns]
  (mapv #(if (chance r 50) % [% (pick r [:asc :desc]) (pick r [:nulls-first :nulls-last])]) columns))

(defn- total-order [^Random r fields]
  (let [columns (java.util.ArrayList. ^java.util.Collection (names fields))]
    (java.util.Collections/shuffle columns r)
    (sort-items r (vec columns))))

(defn- table
  "A table with some of its columns, all renamed when suffix is given."
  [r suffix small]
  (let [t (pick r (if small '[t0 t1 t7 t7 t40 t40] '[t0 t1 t7 t40 t60 t60 t2047 t2048 t2049]))
        all (map first tables/columns)
        columns (vec (distinct (into (pick r '[[k i] [k g] [k l s] [i m]]) (filter (fn [_] (chance r 35))) all)))]
    {:plan (list 'table+ t (if suffix (mapv #(vector (symbol (str % suffix)) %) columns) columns))
     :bound (tables/sizes t)}))

(defn- expressions [r fields]
  (let [name (fresh r "x")]
    [[name (expr/any-expression r fields)]]))

;; Steps: [r p fields] -> p, or nil when the step does not fit.

(defn- filter-step [r p fields] (update p :plan #(list 'filter+ (expr/condition r fields 2) %)))

(defn- project-step [r p fields]
  (update p :plan #(list 'project+ (into (some-columns r fields) (expressions r fields)) %)))

(defn- bind-step [r p fields]
  (let [[[x e]] (expressions r fields), y (fresh r "x")]
    (update p :plan #(list 'bind+ [[x e] [y (list 'if (list 'is-null x) 1 2)] [(fresh r "x") (list '= y 1)]] %))))

(defn- matching
  "A pair of columns of the two sides that can be equal."
  [r lefts rights pred]
  (let [ls (expr/of-type lefts pred), rs (expr/of-type rights pred)]
    (when (and (seq ls) (seq rs)) [(pick r ls) (pick r rs)])))

(def ^:private join-types
  [types/integer? types/integer? types/integer? types/exact? types/exact? #{:varchar} #{:varchar} types/point? #{:float64} #{:uuid} #{:boolean}
   #{:varbinary} #{:interval} #{:time}])

(defn- join-step [r {:keys [plan bound]} fields]
  (let [kind (pick r [:inner :inner :left :right :full :semi :anti :null-anti :mark :cross])
        small (> bound 300)
        {other :plan other-bound :bound} (if (chance r 70) (table r (str "_" (.nextInt r 100000)) small)
                                             (let [t (table r nil small), suffix (str "_" (.nextInt r 100000))]
                                               (update t :plan #(list 'project+ (mapv (fn [n] [(symbol (str n suffix)) n])
                                                                                      (names (fields-of %)))
                                                                      (list 'filter+ (expr/condition r (fields-of %) 1) %)))))
        swap (chance r 30)
        rights (fields-of other)
        options (cond-> {} (= :mark kind) (assoc :mark (fresh r "mark")))
        with-options #(if (seq %2) (concat %1 [%2]) %1)
        pairs (vec (distinct (keep (fn [_] (matching r fields rights (pick r join-types))) (range (pick r [1 1 2])))))
        pairs (mapv #(if (and (chance r 20) (not= :null-anti kind)) (conj % :null-safe) %) pairs)
        [a b] (if (and swap (#{:inner :full} kind)) [other plan] [plan other])
        pairs (if (and swap (#{:inner :full} kind)) (mapv (fn [[x y & more]] (into [y x] more)) pairs) pairs)]
    (when (<= (* bound other-bound) 60000)
      {:bound (if (#{:semi :anti :null-anti :mark} kind) bound (+ bound other-bound (* bound other-bound)))
       :plan (cond
               (= :cross kind) (when (<= (* bound other-bound) 3000) (list 'join+ :cross a b))
               (empty? pairs) nil
               (= :null-anti kind) (list 'join+ kind [(first pairs)] a b)
               (chance r 25) (with-options (list 'join+ kind pairs a b) (assoc options :on (expr/condition r (into fields rights) 1)))
               (chance r 20) (with-options (list 'join+ kind (list (pick r '[< >=]) (expr/number r (exact fields) 1) (expr/number r rights 0)) a b)
                               options)
               (chance r 20) (with-options (list 'join+ kind (list 'and (list '= (first (first pairs)) (second (first pairs)))
                                                                   (expr/condition r (into fields rights) 1))
                                                 a b)
                               options)
               :else (with-options (list 'join+ kind pairs a b) options))})))

(defn- many-joins-step
  "Tables with commas between and one condition above, as people write SQL; some joined by a semi or left join before."
  [r {:keys [plan bound]} _fields]
  (let [tables (vec (repeatedly (pick r [2 2 3 4]) #(table r (str "_" (.nextInt ^Random r 100000)) true)))
        all (reduce * bound (map #(max 1 (:bound %)) tables))
        one (fn [plan t]
              (let [pair (matching r (fields-of plan) (fields-of t) (pick r join-types))]
                (if (and pair (chance r 30))
                  (list 'join+ (pick r [:inner :inner :semi :anti :left]) [pair] plan t)
                  (list 'join+ :cross plan t))))
        joined (reduce one plan (map :plan tables))
        fields (fields-of joined)
        equal (fn [] (when-let [[a b] (matching r fields fields (pick r join-types))]
                       (when-not (= a b) (list '= a b))))
        conditions (into (vec (distinct (keep (fn [_] (equal)) (range (pick r [1 2 3 4])))))
                         (when (chance r 40) [(expr/condition r fields 1)]))]
    (when (and (seq conditions) (<= all 60000))
      {:bound all
       :plan (list 'filter+ (cons 'and conditions) joined)})))

(defn- let-step
  "The hash join as streams, or a value for item functions."
  [r {:keys [plan bound] :as p} fields]
  (let [t (table r (str "_" (.nextInt ^Random r 100000)) true)
        rights (fields-of (:plan t))
        pair (matching r fields rights (pick r join-types))
        kind (pick r [:inner :left :semi :anti :null-anti :mark])
        options (cond-> {:keys [(first pair)] :kind kind}
                  (= :mark kind) (assoc :mark (fresh r "mark"))
                  (and (chance r 20) (not= :null-anti kind)) (assoc :null-safe true)
                  (and (chance r 20) (not= :null-anti kind)) (assoc :on (expr/condition r (into fields rights) 1)))
        h (fresh r "h")
        out (fresh r "x")]
    (when (and pair (<= (* bound (:bound t)) 60000))
      (if (chance r 75)
        {:bound (+ bound (* bound (:bound t)))
         :plan (list 'let+ [h (list 'first+ (list 'preduce+ (list 'hash-tuples {:keys [(second pair)]}) (:plan t)))]
                     (list 'mapcat+ (list 'tuple-matches h options) plan))}
        (assoc p :plan (list 'let+ [h (list 'first+ (list 'preduce+ {:init (fn [] 0) :step (fn [acc _] (inc acc)) :merge +} (:plan t)))]
                             (list 'map+ (list (fn [n row] {(keyword out) (+ n (count row))}) h) [[out :int64]] plan)))))))

(defn- collect-step [r {:keys [plan bound]} fields]
  (let [c (fresh r "c"), a (fresh r "c"), x (fresh r "x"), key (pick r (names fields))]
    {:bound bound
     :plan (list 'project+ [[x (list 'json-length c)] a]
                 (list 'group+ [key] [[c (list 'collect (pick r (names fields)))] [a (list 'any key)]] plan))}))

(defn- natural-step
  "By USING or the names that both sides have."
  [r {:keys [plan bound]} fields]
  (let [t (pick r '[t1 t7 t40])
        shared (filter (set (map first tables/columns)) (names fields))
        shared (filter #(not (str/starts-with? (str %) "e_")) shared)
        using (when (seq shared) (few r (map #(hash-map :name %) shared) (pick r [1 2])))
        kind (pick r [:inner :left :right :full :semi :anti])
        other (list 'table+ t (into (vec using) [[(fresh r "o") 'i] [(fresh r "o") 's]]))]
    (when (and using (<= (* bound (tables/sizes t)) 60000))
      {:bound (+ bound (* bound (tables/sizes t)) (tables/sizes t))
       :plan (if (chance r 50) (list 'join+ kind using plan other) (list 'join+ kind plan other))})))

(defn- union-step [r {:keys [plan bound]} fields]
  (when (< bound 5000)
    {:bound (* 2 bound)
     :plan (if (chance r 50)
             (list 'union+ plan (list 'filter+ (expr/condition r fields 1) plan))
             (let [w (fresh r "W")] (list 'with+ [w plan] (list 'union+ (list 'filter+ (expr/condition r fields 1) w) (list 'table+ w)))))}))

(defn- set-step [r {:keys [plan bound]} fields]
  (let [narrow (list 'project+ (few r fields (pick r [1 1 2])) plan)
        args [narrow (list 'slice+ 0 nil (list 'filter+ (expr/condition r (fields-of narrow) 1) narrow))]
        args (if (chance r 30) (vec (reverse args)) args)]
    {:bound bound
     :plan (concat (list (pick r '[intersect+ minus+])) args (when (chance r 50) [{:all true}]))}))

(defn- distinct-step [r p fields]
  (update p :plan #(if (chance r 50)
                     (list 'distinct+ (list 'project+ (few r fields (pick r [1 2 3])) %))
                     (let [cols (few r fields (pick r [1 2]))] (list 'project+ cols (list 'distinct+ cols %))))))

(defn- aggregate [r fields]
  (let [numbers (expr/number r fields 1)
        options (cond-> {} (chance r 20) (assoc :filter (expr/condition r fields 1)))
        maybe #(if (seq options) (concat % [options]) %)
        also-distinct #(if (chance r 30) (concat % [(assoc options :distinct true)]) (maybe %))
        name (fresh r "x")]
    (case (.nextInt r 9)
      0 [name (maybe '(count))]
      1 [name (also-distinct (list 'count (pick r (names fields))))]
      (2 3) [name (also-distinct (list 'sum numbers))]
      4 [name (maybe (list (pick r '[min max]) (pick r (names fields))))]
      5 [name (maybe (list (pick r '[min max]) (expr/any-expression r fields)))]
      6 [name (maybe (list (pick r '[bool-and bool-or]) (expr/condition r fields 1)))]
      7 [(fresh r "z") (maybe (list (pick r '[avg stddev stddev-pop variance variance-pop]) (pick r [numbers (expr/fraction r fields 1)])))]
      8 [name (maybe (list 'sum (pick r ['(cast 0.5 :float64) (expr/fraction r (remove expr/extreme? fields) 0)])))])))

(defn- group-step [r {:keys [plan bound]} fields]
  (let [keys (if (chance r 15) [] (few r fields (pick r [1 1 2 3])))
        keys (if (and (seq keys) (chance r 25)) (conj keys [(fresh r "q") (expr/any-expression r fields)]) keys)
        key-names (mapv #(if (vector? %) (first %) %) keys)
        aggs (vec (repeatedly (.nextInt r 4) #(aggregate r fields)))
        sets (when (and (seq keys) (chance r 25))
               (vec (distinct [key-names (vec (take 1 key-names)) []])))
        aggs (if sets (conj aggs [(fresh r "x") (list 'grouping (first key-names))]) aggs)
        aggs (if (and (empty? keys) (empty? aggs)) [[(fresh r "x") '(count)]] aggs)]
    {:bound (+ 1 (* (if sets 3 1) (if (empty? keys) 1 bound)))
     :plan (concat (list 'group+ keys aggs plan) (when sets [{:sets sets}]))}))

(defn- frame [^Random r mode]
  (let [small #(.nextInt r 4)
        [start end] (pick r [[:unbounded-preceding :current-row] [[:preceding (small)] [:following (small)]] [:current-row [:following (small)]]
                             [[:preceding (+ 2 (small))] [:preceding 1]] [[:following 1] [:following (+ 1 (small))]]
                             [[:following 2] :unbounded-following] [:unbounded-preceding [:preceding (small)]]
                             [:unbounded-preceding :unbounded-following] [:current-row :current-row]])]
    [mode start end]))

(defn- window-step [^Random r {:keys [plan bound]} fields]
  (let [partition (if (chance r 70) (few r fields 1) [])
        total (total-order r fields)
        number-key (expr/of-type fields types/exact?)
        name (fresh r "x")
        placed (pick r [(list 'row-number) (list 'ntile (pick r [1 3 100])) (list 'lag (pick r (names fields))) (list 'lead (pick r (names fields)) 2)
                        (list 'lag (expr/number r fields 0) 1 0)])
        shared (pick r [(list 'rank) (list 'dense-rank) (list 'percent-rank) (list 'cume-dist) (list 'count)
                        (list 'sum (expr/number r fields 1)) (list (pick r '[min max]) (pick r (names fields)))
                        (list 'count (pick r (names fields)))])
        framed (pick r [(list 'sum (expr/number r fields 1)) (list (pick r '[first-value last-value]) (pick r (names fields)))
                        (list 'nth-value (pick r (names fields)) 2) (list 'count) (list (pick r '[min max]) (pick r (names fields)))])
        item (case (if (<= bound 130) (.nextInt r 4) 0)
               0 [name placed {:partition partition :order total}]
               1 [name shared {:partition partition :order (sort-items r (few r fields 2))}]
               2 [name framed {:partition partition :order total :frame (frame r :rows)}]
               3 (if (seq number-key)
                   [name (list (pick r '[count min max]) (pick r number-key))
                    {:partition partition :order (sort-items r [(pick r number-key)]) :frame (frame r :range)}]
                   [name (list 'count) {:partition partition}]))]
    (when (< bound 5000) {:bound bound :plan (list 'window+ [item] plan)})))

(defn- ordered-step [r {:keys [plan bound]} fields]
  (let [sorted (list 'sort+ (total-order r fields) plan)
        n (pick r [0 1 3 10 100 2048])]
    (case (.nextInt r 5)
      0 {:bound n :plan (list 'top+ n (total-order r fields) plan)}
      (1 2) (let [limit (pick r [n nil])]
              {:bound (if limit (min n bound) bound) :plan (list 'slice+ (pick r [0 1 5 2048]) limit sorted)})
      3 {:bound bound :plan (list 'number+ (fresh r "x") sorted)}
      4 {:bound 1 :plan (list 'first+ sorted)})))

(defn- unnest-step [r {:keys [plan bound]} fields]
  (let [js (filter #(= "j" (str %)) (expr/of-type fields #{:json}))]
    (when (and (seq js) (< bound 3000))
      {:bound (* 8 bound)
       :plan (list 'unnest+ [(fresh r "x") (pick r [:int64 :varchar :json [:decimal 10 1] :float64])] (pick r (vec js)) plan
                   (cond-> {:outer (chance r 50)} (chance r 50) (assoc :ordinality (fresh r "x"))))})))

(defn- item-step [r {:keys [plan bound] :as p} fields]
  (let [whole (filterv #(not (str/starts-with? (str %) "e_")) (expr/of-type fields types/integer?))
        k (when (seq whole) (pick r whole)), key (keyword (str k)), out (fresh r "x")]
    (when (and k (< bound 3000))
      (case (.nextInt r 6)
        0 (assoc p :plan (list (pick r '[map+ pmap+]) (fn [row] {(keyword out) (some-> (key row) inc)}) [[out :int64]] plan))
        1 {:bound (* 3 bound)
           :plan (list (pick r '[mapcat+ pmapcat+]) (fn [row] (repeat (mod (or (key row) 0) 3) {(keyword out) (key row)})) [[out :int64]] plan)}
        2 (assoc p :plan (list (pick r '[filter+ pfilter+]) (fn [row] (odd? (or (key row) 0))) plan))
        3 {:bound 1 :plan (list 'map+ (fn [n] {(keyword out) n}) [[out :int64]]
                                (list 'preduce+ {:init (fn [] 0) :step (fn [acc row] (+ acc (or (key row) 7))) :merge +} plan))}
        4 (assoc p :plan (list 'rechunk+ (pick r [1 3 100]) plan))
        5 (assoc p :plan (list 'pmap-chunk+ (fn [rows] (mapv (fn [row] {(keyword out) (key row)}) rows)) [[out :int64]] plan))))))

;; Shapes that the rules look for.

(defn- or-of-ands [r fields]
  (let [c #(expr/condition r fields 0), shared (c)]
    (if (chance r 50)
      (list 'or (list 'and shared (c)) (list 'and shared (c)))
      (list 'or (list 'and (c) (c)) (list 'and (c) (c))))))

(defn- asked-join-step
  "A join below what is asked of it: an or of ands, its mark, a null where it has no match, or distinct rows of one side."
  [r p fields]
  (let [{:keys [plan] :as joined} (join-step r p fields)]
    (when plan
      (let [kind (second plan), left (names fields), mark (:mark (last plan))]
        (assoc joined :plan
               (cond
                 mark (list 'filter+ (pick r [mark (list 'not mark) (list 'is-true mark) (list 'and mark (expr/condition r fields 0))]) plan)
                 (= :left kind) (if (chance r 50)
                                  (list 'filter+ (list 'is-null (pick r (names (fields-of plan)))) plan)
                                  (list 'distinct+ (list 'project+ (few r fields 2) plan)))
                 (chance r 50) (list 'filter+ (or-of-ands r (fields-of plan)) plan)
                 (every? (set (names (fields-of plan))) left)
                 (list 'group+ (few r fields 1) [[(fresh r "x") (list 'max (pick r left))]] plan)
                 :else plan))))))

(defn- self-join-step
  "A group joined with itself under other names."
  [r {:keys [plan bound]} fields]
  (let [key (pick r (names fields)), n (fresh r "x"), k (fresh r "x"), m (fresh r "x")
        grouped (list 'group+ [key] [[n '(count)]] plan)]
    (when (<= (* bound bound) 60000)
      {:bound (* bound bound)
       :plan (list 'join+ (pick r [:inner :left :semi :anti]) [[key k]] grouped (list 'project+ [[k key] [m n]] grouped))})))

(defn- group-of-group-step [r {:keys [bound] :as p} fields]
  (let [[a b] (few r fields 2), n (fresh r "x")]
    (when b
      (assoc p :bound bound
             :plan (list 'group+ [a] [[(fresh r "x") (list 'sum n)]] (list 'group+ [a b] [[n '(count)]] (:plan p)))))))

(def ^:private steps
  [filter-step filter-step filter-step project-step project-step bind-step join-step join-step join-step join-step natural-step union-step set-step
   distinct-step group-step group-step group-step window-step window-step ordered-step ordered-step unnest-step item-step
   item-step let-step let-step collect-step many-joins-step many-joins-step])

(defn- step [r p]
  (let [p (settled p)
        fields (fields-of (:plan p))
        made ((pick r steps) r p fields)]
    (if (:plan made)
      (try
        (fields-of (:plan made))
        made
        (catch clojure.lang.ExceptionInfo e
          (when-not (:category (ex-data e)) (throw e))
          (when (System/getProperty "penstock.differential.dropped") (println (ex-message e)))
          p))
      p)))

(defn- root [r {:keys [plan] :as p}]
  (let [fields (fields-of plan)]
    (case (.nextInt r 4)
      0 (if (seq (exact fields)) (list 'sort+ (sort-items r (few r (exact fields) 2)) plan) plan)
      1 (if (chance r 30)
          (list 'project+ (conj (names fields) [(fresh r "z") (expr/inexact r fields)]) plan)
          plan)
      plan)))

(defn- failing
  "A root that may well fail: an error there must be an error of the engine."
  [r {:keys [plan] :as p}]
  (let [fields (fields-of plan)
        made (list 'project+ [['fails (expr/failing r fields)]] plan)]
    (try
      (fields-of made)
      made
      (catch clojure.lang.ExceptionInfo e
        (when-not (:category (ex-data e)) (throw e))
        plan))))

(defn may-fail "The plan below a root of failing, or nil." [plan]
  (when (and (= 'project+ (first plan)) (vector? (first (second plan))) (= 'fails (ffirst (second plan))))
    (last plan)))

(defn plan "A plan out of a seed." [seed]
  (let [r (Random. (* 7919 (long seed)))
        size (inc (.nextInt r 6))]
    (loop [p (table r nil false), n 0]
      (cond
        (< n size) (recur (step r p) (inc n))
        (zero? (mod (long seed) 10)) (failing r (settled p))
        :else (root r p)))))
