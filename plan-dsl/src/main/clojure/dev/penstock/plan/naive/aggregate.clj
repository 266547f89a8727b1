(ns dev.penstock.plan.naive.aggregate
  "Aggregates by definition, over the values of a group: rows of argument values."
  (:require [clojure.string :as str]
            [dev.penstock.plan.naive.cast :as cast]
            [dev.penstock.plan.naive.number :as number]
            [dev.penstock.plan.naive.order :as order]
            [dev.penstock.plan.naive.statistics :as statistics]
            [dev.penstock.plan.types :as types]))

(def ^:private micros-per-day 86400000000N)

(defn- interval-of [months days micros]
  (when-not (and (<= Integer/MIN_VALUE months Integer/MAX_VALUE) (<= Integer/MIN_VALUE days Integer/MAX_VALUE)
                 (<= Long/MIN_VALUE micros Long/MAX_VALUE))
    (number/fail :overflow "an interval of " months " months, " days " days, " micros " microseconds"))
  {:months (long months) :days (long days) :micros (long micros)})

(defn- interval-parts [vs] (map (fn [k] (reduce +' 0N (map k vs))) [:months :days :micros]))

(defn- interval-sum [vs] (apply interval-of (interval-parts vs)))

(defn- interval-mean [vs]
  (let [n (count vs)
        [months days micros] (interval-parts vs)
        days (+' days (*' 30 (rem months n)))]
    (interval-of (quot months n) (quot days n) (quot (+' micros (*' micros-per-day (rem days n))) n))))

(defn- sum-of [type vs]
  (case type
    :float64 (reduce + 0.0 (map double vs))
    :interval (interval-sum vs)
    (number/of-type (reduce #(.add ^BigDecimal %1 %2) 0M (map bigdec vs)) type)))

(defn- mean [type vs]
  (cond
    (= :interval type) (interval-mean vs)
    (double? (first vs)) (/ (double (reduce + 0.0 vs)) (count vs))
    :else (double (with-precision 40 (/ (reduce + 0M (map bigdec vs)) (bigdec (count vs)))))))

(defn- distinct-rows [types rows]
  (second (reduce (fn [[seen out] row]
                    (let [k (mapv order/key-of types row)]
                      (if (seen k) [seen out] [(conj seen k) (conj out row)])))
                  [#{} []] rows)))

(defn- least [type vs] (reduce #(if (pos? (long (order/compare-values type %1 %2))) %2 %1) vs))
(defn- greatest [type vs] (reduce #(if (neg? (long (order/compare-values type %1 %2))) %2 %1) vs))

(defn- mode [type vs]
  (let [by-key (group-by #(order/key-of type %) vs)
        most (apply max (map count (vals by-key)))]
    (least type (keep #(when (= most (count %)) (first %)) (vals by-key)))))

(defn- percentile-disc [type vs share descending]
  (let [sorted (sort (fn [a b] (order/compare-values type a b)) vs)
        sorted (if descending (reverse sorted) sorted)]
    (nth sorted (max 0 (dec (long (Math/ceil (* (double share) (count vs)))))))))

(defn- percentile-cont [vs share descending]
  (let [sorted (vec (sort (fn [a b] (order/compare-values :float64 a b)) vs))
        sorted (if descending (vec (rseq sorted)) sorted)
        at (* (double share) (dec (count sorted)))
        low (long (Math/floor at))
        part (- at low)
        a (double (sorted low))]
    (if (zero? part)
      a
      (let [b (double (sorted (inc low)))] (if (= a b) a (+ (* a (- 1.0 part)) (* b part)))))))

(defn- json-text [type v] (cast/json-of type v))

(defn- object-text [[key-type type] rows]
  (str "{" (str/join "," (map (fn [[k v]] (str (json-text key-type k) ":" (json-text type v))) rows)) "}"))

(defn- integer-fold [f vs] (reduce f (map long vs)))

(defn- of-two [f x-type y-type rows]
  (case f
    arg-min (ffirst (sort-by second (fn [a b] (order/compare-values y-type a b)) rows))
    arg-max (ffirst (sort-by second (fn [a b] (order/compare-values y-type b a)) rows))
    json-object-agg (object-text [x-type y-type] rows)
    (statistics/regression f (map first rows) (map second rows))))

(defn- of-one [f type arg-type params vs]
  (case f
    sum (sum-of type vs)
    avg (mean type vs)
    product (reduce * 1.0 vs)
    min (least arg-type vs)
    max (greatest arg-type vs)
    any (first vs)
    mode (mode arg-type vs)
    percentile-disc (percentile-disc arg-type vs (first params) (second params))
    percentile-cont (percentile-cont vs (first params) (second params))
    string-agg (str/join (first params) vs)
    bit-and (integer-fold bit-and vs)
    bit-or (integer-fold bit-or vs)
    bit-xor (integer-fold bit-xor vs)
    bool-and (every? true? vs)
    bool-or (boolean (some true? vs))
    (statistics/moment f vs)))

(defn- strict
  "How many of the arguments must not be null for a row to count."
  [f types]
  (case f (collect first last) 0, json-object-agg 1, (count types)))

(defn aggregate
  "The result of a typed aggregate over the rows of a group (filtered already, and in its order).
  value: (fn [row e] the value of an expression); literals: how many of the arguments are the same for all rows."
  [{f :fn :keys [args type distinct]} literals value rows]
  (let [n (- (count args) (long literals))
        params (map :value (drop n args))
        args (take n args)
        types (map :type args)
        all (map (fn [row] (mapv #(value row %) args)) rows)
        all (filter #(every? some? (take (strict f types) %)) (if distinct (distinct-rows types all) all))
        vs (map first all)]
    (cond
      (= 'count f) (long (count all))
      (= 'approx-count-distinct f) (long (count (distinct-rows types all)))
      (= 'regr-count f) (long (count all))
      (empty? all) nil
      (= 'collect f) (str "[" (str/join "," (map #(json-text (first types) %) vs)) "]")
      (= 'first f) (first vs)
      (= 'last f) (last vs)
      (= 2 n) (of-two f (first types) (second types) all)
      :else (of-one f type (first types) params vs))))
