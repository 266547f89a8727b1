(ns dev.penstock.plan.naive.series
  "The values of series+, each from the one before."
  (:require [dev.penstock.plan.naive.number :as number]
            [dev.penstock.plan.naive.order :as order]
            [dev.penstock.plan.naive.time :as time]
            [dev.penstock.plan.types :as types]))

(defn- direction
  "1 or -1."
  [step]
  (let [signs (set (remove zero? (map #(Long/signum %) (if (map? step) (vals step) [step]))))]
    (if (= 1 (count signs)) (first signs) (number/fail :bad-series "a step of " step))))

(defn values [type start stop step exclusive]
  (when (and (some? start) (some? stop) (some? step))
    (let [away (long (direction step))
          next-value (fn [v] (if (types/point? type) (time/arithmetic '+ type v step) (+' v step)))
          in? (fn [v] (let [c (* away (long (order/compare-values type v stop)))] (if exclusive (neg? c) (<= c 0))))]
      (take-while #(and (or (not (integer? %)) (<= Long/MIN_VALUE % Long/MAX_VALUE)) (in? %)) (iterate next-value start)))))
