(ns dev.penstock.plan.functions.integer
  "Bits, divisors and factorials of integers, and tests of floats."
  (:require [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.types :as types]))

(defn- infer-bits
  "Integers of their common type; an integer literal takes the type of the column beside it."
  [f]
  (fn [site args]
    (let [args (mapv #(sig/settle % :int32) args)
          _ (doseq [e args]
              (when-not (types/integer? (:type e)) (sig/mismatch site e "expects an integer, got " (sig/shown e))))
          [type args] (sig/unify-compared site args)]
      (sig/result f args (if (= 'bit-count f) :int32 type)))))

(defn- bits [f params doc & {:as more}]
  (merge {:name f :args [(count params) (count params)]
          :types (if (= 'bit-count f) "(integer) -> int32" (str "(integer" (when (next params) ", integer") ") -> their type"))
          :signature [(str "(" f (apply str (map #(str " " %) params)) ")")] :doc doc :infer (infer-bits f)}
         more))

(defn- float-test [f doc]
  {:name f :args [1 1] :signature [(str "(" f " x)")] :params [:float64] :result :boolean :doc doc})

(def entries
  [(bits 'bit-and '[a b] "The bits that both have.")
   (bits 'bit-or '[a b] "The bits that one has.")
   (bits 'bit-xor '[a b] "The bits that exactly one has.")
   (bits 'bit-not '[a] "The opposite of each bit.")
   (bits 'bit-count '[a] "The number of bits that are set.")
   (bits 'shift-left '[a n] "a times 2 to the power of n; a from 0, and no bit may be lost." :fails true)
   (bits 'shift-right '[a n] "a shifted by n bits, the sign kept; 0 if n is negative or the width of the type or more.")
   (bits 'gcd '[a b] "The greatest common divisor." :fails true)
   (bits 'lcm '[a b] "The least common multiple." :fails true)
   {:name 'factorial :args [1 1] :signature ["(factorial n)"] :params [:int64] :result [:decimal 38 0] :fails true
    :doc "1 * 2 * ... * n; n from 0 to 33."}
   (float-test 'is-nan "Is x NaN?")
   (float-test 'is-finite "Is x neither NaN nor an infinity?")
   (float-test 'is-infinite "Is x an infinity?")])
