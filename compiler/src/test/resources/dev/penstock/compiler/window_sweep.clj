(ns dev.penstock.compiler.window-sweep
  "Plans with every window function and aggregate over frames of every kind. An order is total where the place of a row in
  it matters."
  (:require [clojure.walk :as walk]
            [dev.penstock.compiler.random-plans :as random-plans]
            [dev.penstock.plan.check :as check]))

(def ^:private total '[[ts :desc :nulls-first] tz k i])

(def ^:private bounds
  [[:unbounded-preceding :current-row] [[:preceding 2] [:following 1]] [:current-row [:following 3]] [[:preceding 5] [:preceding 2]]
   [[:following 1] :unbounded-following] [:unbounded-preceding :unbounded-following] [[:preceding 0] [:following 0]]
   [[:preceding 40] [:following 40]]])

(def ^:private exclusions [[] [:exclude-current-row] [:exclude-group] [:exclude-ties] [:exclude-no-others]])

(defn- checked? [plan]
  (try
    (check/check plan random-plans/ctx)
    (catch clojure.lang.ExceptionInfo e
      (when-not (:category (ex-data e)) (throw e)))))

(def ^:private exact
  '[(count) (count c) (count-if (> k 1)) (sum c) (min c) (max c) (bit-or c) (bit-xor c) (mode c) (percentile-disc c 0.3) (bool-and (> k 0))
    (arg-min c tz) (arg-max c tz) (string-agg c "-" {:order [c]}) (collect c {:order [c k]}) (approx-count-distinct k) (regr-count i k)
    (count c {:distinct true}) (sum c {:distinct true}) (string-agg c {:distinct true :order [[c :desc]]})
    (count {:filter (> k 1)}) (count c {:filter (> k 1)}) (sum c {:filter (> k 1)}) (max c {:filter (> k 1)}) (bit-and c {:filter (> k 1)})
    (percentile-disc c 0.5 {:filter (> k 1)}) (collect c {:filter (> k 2) :order [c]}) (first c {:order [tz k i]}) (last c {:order [tz k i]})
    (json-object-agg ts c {:order [tz k i]}) (sum c {:distinct true :filter (> k 2)})])

(def ^:private inexact
  '[(avg c) (stddev c) (variance-pop c) (corr i k) (covar-samp i k) (regr-slope k i) (skewness c) (kurtosis c) (median c)
    (percentile-cont c 0.25) (avg c {:distinct true}) (avg c {:filter (> k 1)}) (stddev-pop c {:filter (> k 1)}) (product (if (> k 4) c 1))])

(def ^:private placed
  '[(first-value c) (last-value c) (nth-value c 2) (first-value c {:ignore-nulls true}) (last-value c {:ignore-nulls true})
    (nth-value c 3 {:ignore-nulls true}) (first c) (last c)])

(def ^:private shifted
  '[(lag c) (lead c) (lag c 2) (lead c 3 c) (lag c {:ignore-nulls true}) (lead c {:ignore-nulls true}) (lag c 2 {:ignore-nulls true})
    (lead c 2 c {:ignore-nulls true}) (lag c k) (lead c 0 {:ignore-nulls true}) (lag c k {:ignore-nulls true})])

(defn- over [c call] (walk/postwalk-replace {'c c} call))

(defn- windowed [table c prefix calls options]
  (let [rel (list 'table+ table (vec (distinct ['k 'g 'i 'ts 'tz c])))
        items (map-indexed (fn [i call] [(symbol (str prefix i)) (over c call) options]) calls)
        good (filterv #(checked? (list 'window+ [%] rel)) items)]
    (when (seq good) (list 'window+ good rel))))

(defn plans []
  (filterv
   some?
   (for [[n [c frame]] (map-indexed vector (for [c '[i s], b bounds] [c b]))
         mode (if (= 'i c) [:rows :groups] [:rows])
         :let [exclude (nth exclusions (mod (+ n (quot n 8)) 5))
               table (if (zero? (mod n 3)) 't40 't7)
               partition (if (zero? (mod n 2)) '[] '[g])
               options {:partition partition :order (if (= :rows mode) total '[k]) :frame (into (into [mode] frame) exclude)}]
         [prefix calls] [["x" exact] ["z" inexact] ["x" placed] ["x" shifted]]
         :when (or (= :rows mode) (not (#{placed shifted} calls)))
         :when (or (not= shifted calls) (= (first bounds) frame))]
     (windowed table c prefix calls (if (= shifted calls) (dissoc options :frame) options)))))

(defn range-plans
  "Ranges over keys of each type, in both directions, nulls on either side."
  []
  (filterv
   checked?
   (for [[key offset] '[[i 3] [l 100] [d 5.5] [m 2.50M] [w 20.5] [day 2] [day {:months 1 :days 0 :micros 0}]
                        [ts {:months 0 :days 200 :micros 10800000000}] [tz {:months 0 :days 30 :micros 0}] [k 1]]
         direction [[:asc] [:desc] [:asc :nulls-first] [:desc :nulls-first]]
         [start end] [[[:preceding offset] [:following offset]] [:unbounded-preceding [:preceding offset]] [[:following offset] :unbounded-following]
                      [:current-row [:following offset]]]
         exclude [[] [:exclude-group]]]
     (list 'window+ [['x1 '(count) {:order [(into [key] direction)] :frame (into [:range start end] exclude)}]
                     ['x2 '(sum i) {:order [(into [key] direction)] :frame (into [:range start end] exclude)}]
                     ['x3 '(max s) {:partition '[g] :order [(into [key] direction)] :frame (into [:range start end] exclude)}]]
           (list 'table+ 't40 (vec (distinct ['i 's 'g key])))))))

(defn series-plans
  "Series of constants and of each row."
  []
  (filterv
   checked?
   (concat
    (for [[start stop step] '[[1 10] [1 10 3] [10 1 -4] [5 4] [5 4 1] [0 5000] [(+ 1 2) 9 (* 1 2)] [1 nil 1]
                              [(cast "2024-01-31" :date) (cast "2024-07-01" :date) {:months 1 :days 0 :micros 0}]
                              [(cast "2024-01-31" :date) (cast "2024-02-05" :date) 2]
                              [(cast "2024-01-31" :date) (cast "2024-02-01" :date) {:months 0 :days 0 :micros 21600000000}]
                              [(cast "2024-03-01T10:00" :timestamp) (cast "2023-10-30" :date) {:months -1 :days -1 :micros 0}]]
          options [nil {:exclusive true}]]
      (concat (list 'series+ 'x start stop) (when step [step]) (when options [options])))
    (for [[start stop step] '[[1 k 1] [k i -1] [i (+ i k) 2] [day (+ day k) 1] [ts (+ ts {:months 3 :days 0 :micros 0}) {:months 1 :days 0 :micros 0}]
                              [tz (- tz {:months 0 :days 1 :micros 0}) {:months 0 :days 0 :micros -30000000000}]]
          options [nil {:exclusive true}]]
      (concat (list 'series+ 'x start stop step '(table+ t2047 [k i day ts tz])) (when options [options])))
    ['(group+ [k] [[n (count)] [s (sum x)]] (series+ x 1 k 1 (table+ t2048 [k g])))
     '(filter+ (= x 3) (series+ x 1 5 1 (filter+ (> i 0) (table+ t60 [i]))))
     '(slice+ 0 10 (series+ x 1 1000000000000))
     '(project+ [[y 1]] (series+ x 1 100))])))
