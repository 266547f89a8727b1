(ns dev.penstock.plan.naive.aggregate
  "Aggregates by definition, over the values of a group."
  (:require [clojure.string :as str]
            [dev.penstock.plan.naive.cast :as cast]
            [dev.penstock.plan.naive.number :as number]
            [dev.penstock.plan.naive.order :as order]
            [dev.penstock.plan.types :as types]))

(defn- sum-of [type vs]
  (if (= :float64 type)
    (reduce + 0.0 (map double vs))
    (number/of-type (reduce #(.add ^BigDecimal %1 %2) 0M (map bigdec vs)) type)))

(defn- mean [vs]
  (if (double? (first vs))
    (/ (double (reduce + 0.0 vs)) (count vs))
    (double (with-precision 40 (/ (reduce + 0M (map bigdec vs)) (bigdec (count vs)))))))

(defn- variance [vs divisor]
  (when (pos? (long divisor))
    (let [xs (map double vs)
          m (/ (double (reduce + 0.0 xs)) (count xs))]
      (/ (double (reduce + 0.0 (map #(let [d (- (double %) m)] (* d d)) xs))) (double divisor)))))

(defn- root [x] (when x (Math/sqrt (double x))))

(defn- distinct-values [type vs]
  (vals (reduce (fn [m v] (let [k (order/key-of type v)] (if (contains? m k) m (assoc m k v)))) {} vs)))

(defn aggregate
  "The result of f over the argument values vs of the rows of a group (filtered already), of argument type
  arg-type; vs is nil for (count)."
  [f type arg-type distinct? rows vs]
  (let [all (if distinct? (distinct-values arg-type vs) vs)
        some-values (remove nil? all)]
    (case f
      count (long (if vs (count some-values) (count rows)))
      collect (when (seq all) (str "[" (str/join "," (map #(cast/json-of arg-type %) all)) "]"))
      (if (empty? some-values)
        nil
        (case f
          sum (sum-of type some-values)
          avg (mean some-values)
          min (reduce #(if (pos? (long (order/compare-values arg-type %1 %2))) %2 %1) some-values)
          max (reduce #(if (neg? (long (order/compare-values arg-type %1 %2))) %2 %1) some-values)
          any (first some-values)
          variance (variance some-values (dec (count some-values)))
          variance-pop (variance some-values (count some-values))
          stddev (root (variance some-values (dec (count some-values))))
          stddev-pop (root (variance some-values (count some-values)))
          bool-and (every? true? some-values)
          bool-or (boolean (some true? some-values)))))))
