(ns dev.penstock.plan.naive.integer
  "Bits, divisors and tests of floats in the naive evaluator. Integers of both widths are Long."
  (:require [dev.penstock.plan.naive.number :as number]))

(defn- width [type] (if (= :int32 type) 32 64))

(defn- shift-left [type a b]
  (let [a (bigint a), b (long b), w (long (width type))]
    (when-not (and (not (neg? a)) (<= 0 b) (< b w)) (number/fail :bad-argument "shift-left of " a " and " b))
    (number/integer-of (* a (.pow BigInteger/TWO (int b))) type)))

(defn- gcd [a b] (.gcd (biginteger a) (biginteger b)))

(defn- lcm [a b]
  (if (or (zero? (long a)) (zero? (long b)))
    0
    (.abs (.divide (.multiply (biginteger a) (biginteger b)) (biginteger (gcd a b))))))

(defn- bit-count [type a]
  (let [bits (long (width type))]
    (count (filter #(.testBit (biginteger a) (int %)) (range bits)))))

(def functions
  "Function -> (f arg-type values)."
  {'bit-and (fn [_ [a b]] (bit-and (long a) (long b)))
   'bit-or (fn [_ [a b]] (bit-or (long a) (long b)))
   'bit-xor (fn [_ [a b]] (bit-xor (long a) (long b)))
   'bit-not (fn [_ [a]] (bit-not (long a)))
   'bit-count (fn [type [a]] (long (bit-count type a)))
   'shift-left (fn [type [a b]] (shift-left type a b))
   'shift-right (fn [type [a b]]
                  (let [b (long b)]
                    (if (or (neg? b) (<= (long (width type)) b)) 0 (bit-shift-right (long a) b))))
   'gcd (fn [type [a b]] (number/integer-of (gcd a b) type))
   'lcm (fn [type [a b]] (number/integer-of (lcm a b) type))
   'factorial (fn [_ [a]]
                (when-not (<= 0 (long a) 33) (number/fail :bad-argument "factorial of " a))
                (bigdec (reduce * 1N (range 1 (inc (long a))))))
   'is-nan (fn [_ [a]] (Double/isNaN (double a)))
   'is-finite (fn [_ [a]] (Double/isFinite (double a)))
   'is-infinite (fn [_ [a]] (Double/isInfinite (double a)))})
