(ns dev.penstock.plan.naive.number
  "Numbers in the naive evaluator: int32 and int64 are Long, decimals BigDecimal, float64 Double."
  (:require [dev.penstock.plan.types :as types])
  (:import (java.math BigDecimal BigInteger RoundingMode)))

(defn fail "An error of the query, as the engine would raise it." [code & parts]
  (throw (ex-info (apply str parts) {:category :incorrect :code code})))

(defn overflow [& parts] (apply fail :overflow "out of range: " parts))

(defn integer-of
  "A number (any) as an integer of type, if it fits."
  [n type]
  (let [^BigInteger b (biginteger n)]
    (if (if (= :int32 type) (<= (.bitLength b) 31) (<= (.bitLength b) 63))
      (.longValue b)
      (overflow n " as " type))))

(defn decimal-of
  "A BigDecimal as [:decimal p s], rounded half away from zero, if it fits."
  ^BigDecimal [^BigDecimal d [_ p s]]
  (let [r (.setScale d (int s) RoundingMode/HALF_UP)]
    (if (neg? (.compareTo (.abs (.unscaledValue r)) (.pow BigInteger/TEN (int p))))
      r
      (overflow d " as decimal(" p "," s ")"))))

(defn float-of
  "The result of an operation on floats: an infinity out of finite arguments is an error."
  [r & args]
  (let [r (double r)]
    (if (and (Double/isInfinite r) (every? #(Double/isFinite (double %)) args))
      (overflow (vec args))
      r)))

(defn of-type "The result n of exact arithmetic as a value of type." [n type]
  (cond
    (types/integer? type) (integer-of n type)
    (types/decimal? type) (decimal-of (bigdec n) type)
    :else (double n)))

(defn canonical
  "For equality and order of floats: -0.0 is 0.0."
  [v]
  (if (and (double? v) (zero? (double v))) 0.0 v))

(defn- exact [op a b] (op (bigdec a) (bigdec b)))

(defn arithmetic "+ - * of two numbers of the argument types; the result is of type." [f type a b]
  (if (= :float64 type)
    (let [a (double a), b (double b)]
      (float-of (case f + (+ a b), - (- a b), * (* a b)) a b))
    (of-type (exact (case f + #(.add ^BigDecimal %1 %2), - #(.subtract ^BigDecimal %1 %2)
                      * #(.multiply ^BigDecimal %1 %2)) a b)
             type)))

(defn divide [a b]
  (let [a (double a), b (double b)]
    (if (zero? b) (fail :division-by-zero "division by zero") (float-of (/ a b) a b))))

(defn truncated "quot rem mod" [f type a b]
  (let [^BigDecimal x (bigdec a), ^BigDecimal y (bigdec b)]
    (when (zero? (.signum y)) (fail :division-by-zero "division by zero"))
    (let [^BigDecimal q (.divideToIntegralValue x y)
          ^BigDecimal r (.subtract x (.multiply q y))]
      (of-type (case f
                 quot (.setScale q 0)
                 rem r
                 mod (if (and (not (zero? (.signum r))) (not= (.signum r) (.signum y))) (.add r y) r))
               type))))

(defn- round-double [f x n]
  (let [x (double x)]
    (if-not (Double/isFinite x)
      x
      (case f
        floor (Math/floor x)
        ceil (Math/ceil x)
        trunc (.doubleValue (.setScale (BigDecimal/valueOf x) (int n) RoundingMode/DOWN))
        round (.doubleValue (.setScale (BigDecimal/valueOf x) (int n) RoundingMode/HALF_UP))))))

(defn rounded "floor ceil round" [f type x n]
  (cond
    (double? x) (round-double f x n)
    (and (types/integer? type) (not (neg? n))) x
    :else (let [mode (case f floor RoundingMode/FLOOR, ceil RoundingMode/CEILING, round RoundingMode/HALF_UP
                      trunc RoundingMode/DOWN)]
            (of-type (.setScale ^BigDecimal (bigdec x) (int n) ^RoundingMode mode) type))))

(defn- asinh [x]
  (let [a (Math/abs (double x))
        r (if (> a 1e9) (+ (Math/log a) (Math/log 2.0)) (Math/log1p (+ a (/ (* a a) (+ 1.0 (Math/sqrt (+ 1.0 (* a a))))))))]
    (Math/copySign (double r) (double x))))

(defn- even [x]
  (let [x (double x)]
    (if (Double/isFinite x)
      (let [whole (.setScale (BigDecimal. x) 0 RoundingMode/UP)]
        (* (Math/signum x)
           (.doubleValue (.abs (if (.testBit (.toBigInteger whole) 0) (.add (.abs whole) BigDecimal/ONE) whole)))))
      x)))

(defn float-function [f args]
  (let [a (double (first args))
        b (double (or (second args) 0.0))
        domain (fn [ok] (when-not ok (fail :bad-argument f " of " (vec args))))]
    (case f
      sqrt (do (domain (not (neg? a))) (Math/sqrt a))
      exp (float-of (Math/exp a) a)
      ln (do (domain (not (<= a 0.0))) (Math/log a))
      log10 (do (domain (not (<= a 0.0))) (Math/log10 a))
      power (let [r (Math/pow a b)]
              (domain (or (not (Double/isNaN r)) (Double/isNaN a) (Double/isNaN b)))
              (float-of r a b))
      sin (Math/sin a), cos (Math/cos a), tan (Math/tan a)
      asin (do (domain (not (> (Math/abs a) 1.0))) (Math/asin a))
      acos (do (domain (not (> (Math/abs a) 1.0))) (Math/acos a))
      atan (Math/atan a), atan2 (Math/atan2 a b)
      log2 (do (domain (not (<= a 0.0))) (/ (Math/log a) (Math/log 2.0)))
      log (let [r (/ (Math/log10 b) (Math/log10 a))]
            (domain (not (or (<= a 0.0) (<= b 0.0) (== a 1.0))))
            r)
      cbrt (Math/cbrt a)
      even (even a)
      cot (do (domain (not (or (zero? a) (Double/isInfinite a)))) (/ 1.0 (Math/tan a)))
      sinh (float-of (Math/sinh a) a), cosh (float-of (Math/cosh a) a), tanh (Math/tanh a)
      asinh (asinh a)
      acosh (do (domain (not (< a 1.0))) (if (> a 1e9) (+ (Math/log a) (Math/log 2.0)) (Math/log (+ a (Math/sqrt (dec (* a a)))))))
      atanh (do (domain (not (>= (Math/abs a) 1.0))) (* 0.5 (Math/log (/ (+ 1.0 a) (- 1.0 a)))))
      degrees (float-of (Math/toDegrees a) a), radians (Math/toRadians a))))
