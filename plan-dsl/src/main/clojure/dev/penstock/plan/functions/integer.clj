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
   {:name 'width-bucket :args [4 4] :signature ["(width-bucket x low high n)"] :params [:float64 :float64 :float64 :int64]
    :result :int64 :fails true
    :doc "Which of n buckets of one width from low to high x is in, from 1; 0 before them, n + 1 behind them."}
   {:name 'random :args [2 2] :signature ["(random seed n)"] :params [:int64 :int64] :result :float64
    :doc "A number from 0 to below 1 that looks random: the n-th of a seed. Rows are numbered by number+."}
   {:name 'random-uuid :args [2 2] :signature ["(random-uuid seed n)"] :params [:int64 :int64] :result :uuid
    :doc "A UUID of version 4 that looks random: the n-th of a seed."}
   (float-test 'is-nan "Is x NaN?")
   (float-test 'is-finite "Is x neither NaN nor an infinity?")
   (float-test 'is-infinite "Is x an infinity?")])
