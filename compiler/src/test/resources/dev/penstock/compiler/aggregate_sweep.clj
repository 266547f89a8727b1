(ns dev.penstock.compiler.aggregate-sweep
  "Plans that call every aggregate over every type that it takes, with and without keys, repeated values, filters and
  orders. Where the order of rows matters it is a total one."
  (:require [clojure.string :as str]
            [clojure.walk :as walk]
            [dev.penstock.compiler.differential :as differential]
            [dev.penstock.compiler.random-plans :as random-plans]
            [dev.penstock.compiler.tables :as tables]
            [dev.penstock.plan.check :as check]
            [dev.penstock.plan.functions :as functions]
            [dev.penstock.plan.naive.order :as order]))

(def ^:private names (map first tables/columns))
(def ^:private numbers '[k i l m w d])
(def ^:private total '[[ts :desc :nulls-first] tz k i])

(defn- checked? [keys call rel]
  (try
    (check/check (list 'group+ keys [['x call]] rel) random-plans/ctx)
    (catch clojure.lang.ExceptionInfo e
      (when-not (:category (ex-data e)) (throw e)))))

(def ^:private inexact
  "Functions whose result depends on the order of rows, in the last digits."
  '#{avg stddev stddev-pop variance variance-pop skewness kurtosis kurtosis-pop corr covar-pop covar-samp regr-slope
     regr-intercept regr-r2 regr-avgx regr-avgy regr-sxx regr-syy regr-sxy percentile-cont median product})

(defn- grouped
  "A plan of all the calls that check; columns named z... are compared with a tolerance."
  [keys calls rel options]
  (let [good (filter #(checked? keys % rel) calls)]
    (when (seq good)
      (concat (list 'group+ keys
                    (vec (map-indexed (fn [i call] [(symbol (str (if (inexact (first call)) "z" "x") i)) call]) good))
                    rel)
              options))))

(defn- of-one [c]
  (concat
   (map #(list % c) '[mode median bit-and bit-or bit-xor count-if ])
   (for [f '[percentile-disc percentile-cont], share [0 0.25 0.5 0.9 1], more [[] [true]]] (concat (list f c share) more))
   [(list 'percentile-disc c 0.3 {:distinct true})
    (list 'percentile-disc c 0.7 {:filter '(> k 1)})
    (list 'mode c {:filter '(> k 2)})
    (list 'bit-xor c {:distinct true})
    (list 'collect c {:order [c 'k]})
    (list 'string-agg c {:order [c]})
    (list 'string-agg c "" {:order [[c :desc]] :distinct true :filter '(> k 1)})
    (list 'first c {:order total})
    (list 'last c {:order total})
    (list 'last c {:order total :filter '(is-null ts)})
    (list 'arg-min c 'tz)
    (list 'arg-max c 'ts {:filter '(> k 2)})
    (list 'arg-max 'ts 'tz)
    (list 'json-object-agg 'ts c {:order total})]
   (when-not (str/starts-with? (str c) "e_")
     [(list 'product (list 'if '(> k 4) c 1))
      (list 'sum c {:distinct true :filter '(> k 1)})
      (list 'skewness c) (list 'kurtosis c) (list 'kurtosis-pop c)
      (list 'avg c)
      (list 'avg c {:distinct true})])
   ;; of 0.0 and -0.0 any one is kept
   (when-not ('#{d e_d} c) [(list 'collect c {:order [[c :desc :nulls-first]] :distinct true})])
   (when ('#{k g b} c) [(list 'approx-count-distinct c)])))

(def ^:private of-two
  '[corr covar-pop covar-samp regr-slope regr-intercept regr-r2 regr-count regr-avgx regr-avgy regr-sxx regr-syy regr-sxy])

(defn plans []
  (filterv some?
           (concat
            (for [c names, [keys table] '[[[] t7] [[] t60] [[k] t60] [[g k] t2048]]
                  :when (or (not= 't2048 table) ('#{i d s w} c))]
              (grouped keys (of-one c) (list 'table+ table (vec (distinct ['k 'g 'i 'ts 'tz c]))) nil))
            (for [c names]
              (grouped '[k g] (of-one c) (list 'table+ 't60 (vec (distinct ['k 'g 'i 'ts 'tz c])))
                       [{:sets '[[k g] [g] [] [g]]}]))
            (for [y numbers, x numbers, keys (if (= x y) [[]] ['[g]])]
              (grouped keys (concat (map #(list % y x) of-two)
                                    [(list 'corr y x {:distinct true}) (list 'regr-slope y x {:filter '(> k 1)})])
                       (list 'table+ 't60 (vec (distinct ['k 'g y x]))) nil))
            ['(group+ [k g] [[n (count)] [x1 (grouping k g)] [x2 (grouping g k)] [x3 (grouping g)] [x4 (count i {:distinct true})]
                             [x5 (sum l {:distinct true :filter (> i 0)})]]
                      (table+ t2047) {:sets [[k g] [k] [g] [] [k]]})
             '(group+ [k g] [[x1 (grouping k g)] [n (count)] [s (string-agg g)]] (table+ t0) {:sets [[k] [] []]})])))

(defn- short-text [v] (let [t (pr-str v)] (if (< 300 (count t)) (str (subs t 0 300) "...") t)))

(defn difference
  "As differential/difference, but says which columns of which rows are different: those named x... and z..., of rows
  with equal other columns."
  [{:keys [schema] :as expected} engine-rows]
  (if (= "" (differential/difference expected engine-rows))
    ""
    (let [key? (fn [{:keys [name]}] (not (#{\x \z} (first (str name)))))
          by-key (fn [rows] (group-by (fn [row] (vec (keep (fn [[f v]] (when (key? f) (order/key-of (:type f) v)))
                                                           (map vector schema row))))
                                      (map vec rows)))
          theirs (by-key engine-rows)]
      (str/join "\n"
                (take 12
                      (for [[k rows] (by-key (:rows expected))
                            [i row] (map-indexed vector rows)
                            [field a b] (map vector schema row (get-in theirs [k i] (repeat :nothing)))
                            :let [field-expected {:schema [field] :rows [[a]]}]
                            :when (or (= :nothing b) (not= "" (differential/difference field-expected [[b]])))]
                        (str k " " (:name field) ": expected " (short-text a) ", got " (short-text b))))))))

(defn examples
  "[text plan expected] of every example of an aggregate or window function."
  []
  (vec (for [name (keys (merge functions/aggregates functions/window-functions))
             {:keys [text plan]} (functions/example-plans name)
             :let [plan (walk/postwalk-replace '{V zV} plan)]]
         [text plan (differential/naive plan {})])))
