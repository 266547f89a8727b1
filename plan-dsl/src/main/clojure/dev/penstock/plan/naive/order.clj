(ns dev.penstock.plan.naive.order
  "The order and equality of values, by type: strings by code point, NaN last, -0.0 = 0.0, uuids unsigned, intervals
  with months of 30 days."
  (:require [dev.penstock.plan.types :as types])
  (:import (java.util Arrays UUID)))

(defn- code-points [^String s] (vec (.toArray (.codePoints s))))

(defn- interval-micros [{:keys [months days micros]}]
  (+ (bigint micros) (* 86400000000N (+ (bigint days) (* 30N (bigint months))))))

(defn- compare-strings [a b]
  (let [x (code-points a), y (code-points b)]
    (or (first (remove zero? (map compare x y))) (compare (count x) (count y)))))

(defn compare-values "The order of two values of a type, neither null." [type a b]
  (cond
    (= :float64 type) (Double/compare (+ 0.0 (double a)) (+ 0.0 (double b)))
    (types/integer? type) (compare (long a) (long b))
    (types/decimal? type) (.compareTo (bigdec a) (bigdec b))
    (#{:varchar :json} type) (compare-strings a b)
    (= :varbinary type) (Arrays/compareUnsigned ^bytes a ^bytes b)
    (= :interval type) (compare (interval-micros a) (interval-micros b))
    (= :uuid type) (let [hi (Long/compareUnsigned (.getMostSignificantBits ^UUID a) (.getMostSignificantBits ^UUID b))]
                     (if (zero? hi)
                       (Long/compareUnsigned (.getLeastSignificantBits ^UUID a) (.getLeastSignificantBits ^UUID b))
                       hi))
    (= :boolean type) (compare (boolean a) (boolean b))
    :else (compare a b)))

(defn key-of
  "A value that is = to that of another value of the type exactly when they are the same (null is the same as null)."
  [type v]
  (cond
    (nil? v) nil
    (= :float64 type) (let [d (+ 0.0 (double v))] (if (Double/isNaN d) :nan (if (zero? d) 0.0 d)))
    (types/integer? type) (long v)
    (types/decimal? type) (.stripTrailingZeros (bigdec v))
    (= :varbinary type) (vec v)
    (= :interval type) (interval-micros v)
    :else v))

(defn comparator-of
  "A comparator of vectors of values by sort items [{:type :descending :nulls-first} ...]."
  [items]
  (fn [xs ys]
    (or (first (remove zero?
                       (map (fn [{:keys [type descending nulls-first]} x y]
                              (cond
                                (and (nil? x) (nil? y)) 0
                                (nil? x) (if nulls-first -1 1)
                                (nil? y) (if nulls-first 1 -1)
                                :else (let [c (compare-values type x y)] (if descending (- (long c)) (long c)))))
                            items xs ys)))
        0)))
