(ns dev.penstock.plan.naive.integer
  "Bits, divisors and tests of floats in the naive evaluator. Integers of both widths are Long."
  (:require [dev.penstock.plan.naive.number :as number])
  (:import (java.util UUID)))

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

(def ^:private word (.shiftLeft BigInteger/ONE 64))
(defn- wrapped "The low 64 bits, unsigned." ^BigInteger [n] (.mod (biginteger n) word))

(defn- mix [n]
  (let [step (fn [n shift by] (let [n (wrapped n)] (wrapped (.multiply (.xor n (.shiftRight n (int shift))) (biginteger by)))))
        z (step (step n 30 0xBF58476D1CE4E5B9) 27 0x94D049BB133111EB)]
    (.xor ^BigInteger z (.shiftRight ^BigInteger z 31))))

(defn- draw "SplitMix64: 64 bits, unsigned." ^BigInteger [seed n]
  (mix (+ (bigint (mix seed)) (* (bigint n) 0x9E3779B97F4A7C15))))

(defn- random-uuid-of [seed n]
  (UUID. (-> (draw seed n) (.clearBit 15) (.setBit 14) (.clearBit 13) (.clearBit 12) (.longValue))
         (-> (draw (bit-not (long seed)) n) (.setBit 63) (.clearBit 62) (.longValue))))

(defn- width-bucket [x low high n]
  (let [x (double x), low (double low), high (double high), n (long n), falling (> low high)]
    (when-not (and (Double/isFinite low) (Double/isFinite high) (not= low high) (not (Double/isNaN x)) (pos? n)
                   (< n Long/MAX_VALUE))
      (number/fail :bad-argument "width-bucket"))
    (cond
      (if falling (> x low) (< x low)) 0
      (if falling (<= x high) (>= x high)) (inc n)
      :else (min n (inc (long (* n (/ (- (/ x 2) (/ low 2)) (- (/ high 2) (/ low 2))))))))))

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
   'width-bucket (fn [_ [x low high n]] (width-bucket x low high n))
   'random (fn [_ [seed n]] (/ (.doubleValue (.shiftRight (draw seed n) 11)) 9007199254740992.0))
   'random-uuid (fn [_ [seed n]] (random-uuid-of seed n))
   'is-nan (fn [_ [a]] (Double/isNaN (double a)))
   'is-finite (fn [_ [a]] (Double/isFinite (double a)))
   'is-infinite (fn [_ [a]] (Double/isInfinite (double a)))})
