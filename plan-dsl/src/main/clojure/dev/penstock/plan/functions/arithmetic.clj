(ns dev.penstock.plan.functions.arithmetic
  "+ - * / and friends over numbers, dates, timestamps and intervals. Overflow is an error at run time,
  never a wrong number."
  (:require [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types]))

(defn- decimal-argument
  "An exact argument as a decimal: decimals stay, integer literals get their own digits."
  [e]
  (let [t (types/as-decimal (sig/own-type e))]
    (if (types/decimal? (:type e)) e (sig/cast-to e t))))

(defn- sum-type [[_ p1 s1] [_ p2 s2]]
  (let [s (max s1 s2)] (types/decimal (+ s 1 (max (- p1 s1) (- p2 s2))) s)))

(defn- product-type [site a [_ p1 s1] [_ p2 s2]]
  (when (> (+ s1 s2) 38)
    (sig/mismatch site a "would give a decimal of scale " (+ s1 s2) ", more than 38; cast an argument to "
                  "a smaller scale"))
  (types/decimal (+ p1 p2) (+ s1 s2)))

(defn- numeric-binary [f site a b]
  (let [[ta tb] [(:type a) (:type b)]]
    (cond
      (or (= :float64 ta) (= :float64 tb))
      (sig/result f [(sig/cast-to a :float64) (sig/cast-to b :float64)] :float64)

      (or (types/decimal? ta) (types/decimal? tb))
      (let [[a b] [(decimal-argument a) (decimal-argument b)]]
        (sig/result f [a b] (if (= '* f)
                              (product-type site a (:type a) (:type b))
                              (sum-type (:type a) (:type b)))))

      :else
      (let [type (types/common ta tb)]
        (sig/result f [(sig/cast-to a type) (sig/cast-to b type)] type)))))

(defn- date-literal-shift?
  "Is e an interval literal without a time part?"
  [e]
  (and (tree/literal? e) (= :interval (:type e)) (:value e) (zero? (:micros (:value e)))))

(defn- shift
  "A point in time (first) +- days or an interval."
  [f point by]
  (cond
    (types/integer? (:type by)) (sig/result f [point (sig/cast-to by :int64)] :date)
    (and (= :date (:type point)) (not (date-literal-shift? by)))
    (sig/result f [(sig/cast-to point :timestamp) by] :timestamp)
    :else (sig/result f [point by] (:type point))))

(defn- between-points [a b]
  (let [type (types/common (:type a) (:type b))]
    (sig/result '- [(sig/cast-to a type) (sig/cast-to b type)] (if (= :date type) :int64 :interval))))

(defn- shiftable? [point by]
  (or (and (types/point? point) (= :interval by))
      (and (= :time point) (= :interval by))
      (and (= :date point) (types/integer? by))))

(defn- settle-nulls
  "An untyped null takes the type of the other argument (days beside a date), or int32."
  [a b]
  (let [[ta tb] [(:type a) (:type b)]
        beside #(cond (= :null %) :int32 (= :date %) :int64 (types/point? %) :interval :else %)]
    [(if (= :null ta) (sig/cast-to a (beside tb)) a)
     (if (= :null tb) (sig/cast-to b (beside ta)) b)]))

(defn- binary [f site a b]
  (let [[a b] (settle-nulls a b)
        [ta tb] [(:type a) (:type b)]]
    (cond
      (and (types/numeric? ta) (types/numeric? tb)) (numeric-binary f site a b)
      (and (not= '* f) (shiftable? ta tb)) (shift f a b)
      (and (= '+ f) (shiftable? tb ta)) (shift f b a)
      (and (= '+ f) (= :date ta) (= :time tb)) (sig/result '+ [a b] :timestamp)
      (and (= '+ f) (= :time ta) (= :date tb)) (sig/result '+ [b a] :timestamp)
      (and (= '- f) (types/point? ta) (types/point? tb)) (between-points a b)
      (and (not= '* f) (= :interval ta tb)) (sig/result f [a b] :interval)
      (and (= '* f) (= :interval ta) (types/integer? tb))
      (sig/result f [a (sig/cast-to b :int64)] :interval)
      (and (= '* f) (= :interval ta) (types/numeric? tb))
      (sig/result f [a (sig/cast-to b :float64)] :interval)
      (and (= '* f) (= :interval tb) (types/numeric? ta)) (recur f site b a)
      :else (sig/mismatch site a "is not defined for " (sig/shown a) " and " (sig/shown b)))))

(defn- fold [f site [a & more]]
  (let [form-meta (select-keys site [:form])]
    (reduce (fn [a b] (with-meta (binary f site a b) form-meta)) a more)))

(defn- numeric [site e]
  (let [e (sig/settle e :int32)]
    (if (types/numeric? (:type e))
      e
      (sig/mismatch site e "expects a number, got " (sig/shown e)))))

(defn- infer-minus [site [a :as args]]
  (if (next args)
    (fold '- site args)
    (let [a (if (= :interval (:type a)) a (numeric site a))]
      (sig/result 'negate [a] (:type a)))))

(defn- infer-fold [f]
  (fn [site args]
    (if (next args)
      (fold f site args)
      (numeric site (first args)))))

(defn- infer-divide [site [a b :as args]]
  (if (= :interval (:type a))
    (sig/result '/ [a (sig/cast-to (numeric site b) :float64)] :interval)
    (sig/result '/ (mapv #(sig/cast-to (numeric site %) :float64) args) :float64)))

(defn- infer-integral [f]
  (fn [site args]
    (let [[a b] (mapv #(numeric site %) args)]
      (doseq [e [a b]]
        (when-not (types/exact? (:type e))
          (sig/mismatch site e "expects integers or decimals, got " (sig/shown e))))
      (let [[type args] (sig/unify site [a b])]
        (sig/result f args (if (and (= 'quot f) (types/decimal? type)) [:decimal 38 0] type))))))

(defn- rounded-type [type digits]
  (if (types/decimal? type)
    (let [[_ p s] type, n (max 0 (min digits s))] (types/decimal (max 1 (+ (- p s) 1 n)) n))
    type))

(defn- infer-rounding [f]
  (fn [site [x n]]
    (let [x (numeric site x)
          digits (if n (:value n) 0)]
      (when-not (or (nil? n) (and (tree/literal? n) (= :int64 (:type n)) (<= -38 digits 38)))
        (sig/mismatch site n "expects an integer literal from -38 to 38, got " (sig/shown n)))
      (sig/result f (if n [x n] [x]) (rounded-type (:type x) digits)))))

(defn- infer-abs [site [x]] (let [x (numeric site x)] (sig/result 'abs [x] (:type x))))
(defn- infer-sign [site [x]] (sig/result 'sign [(numeric site x)] :int32))

(defn- float-function [f params doc]
  {:name f :args [(count params) (count params)]
   :signature [(str "(" f (apply str (map #(str " " %) params)) ")")]
   :params (mapv (constantly :float64) params) :result :float64 :fails true :cost 5 :doc doc})

(def entries
  (into
   [{:name '+ :types "(number, number, ...) -> their type; (date, int64), (point, interval) -> point; (interval, interval) -> interval" :args [1 nil] :signature ["(+ a b ...)"] :fails true
     :doc "The sum; also date + days, point or time + interval, date + time, interval + interval."
     :infer (infer-fold '+)}
    {:name '- :types "as +; (date, date) -> int64; (timestamp, timestamp) -> interval" :args [1 nil] :signature ["(- a b ...)" "(- x)"] :fails true
     :doc "The difference (of one: the negative); also date - date (days), point - point (interval)."
     :infer infer-minus}
    {:name '* :types "(number, number, ...) -> their type; (interval, number) -> interval" :args [1 nil] :signature ["(* a b ...)"] :fails true
     :doc "The product; also interval * number (parts of months go to days, 30 a month)." :infer (infer-fold '*)}
    {:name '/ :types "(number, number) -> float64; (interval, number) -> interval" :args [2 2] :signature ["(/ a b)"] :fails true
     :doc "The quotient, float64 (of an interval an interval); division by zero is an error." :infer infer-divide}
    {:name 'quot :types "(integer, integer) -> their type; (decimal, decimal) -> decimal(38,0)" :args [2 2] :signature ["(quot a b)"] :fails true
     :doc "The quotient of integers or decimals, truncated." :infer (infer-integral 'quot)}
    {:name 'rem :types "(integer, integer), (decimal, decimal) -> their type" :args [2 2] :signature ["(rem a b)"] :fails true
     :doc "The remainder of quot: it has the sign of a." :infer (infer-integral 'rem)}
    {:name 'mod :types "(integer, integer), (decimal, decimal) -> their type" :args [2 2] :signature ["(mod a b)"] :fails true
     :doc "The modulus: it has the sign of b." :infer (infer-integral 'mod)}
    {:name 'abs :types "(number) -> its type" :args [1 1] :signature ["(abs x)"] :fails true :doc "The absolute value." :infer infer-abs}
    {:name 'sign :types "(number) -> int32" :args [1 1] :signature ["(sign x)"] :result :int32 :doc "-1, 0 or 1." :infer infer-sign}
    {:name 'floor :types "(number) -> its type, a decimal of scale 0" :args [1 1] :signature ["(floor x)"] :doc "The greatest whole number <= x."
     :infer (infer-rounding 'floor)}
    {:name 'ceil :types "(number) -> its type, a decimal of scale 0" :args [1 1] :signature ["(ceil x)"] :doc "The least whole number >= x."
     :infer (infer-rounding 'ceil)}
    {:name 'round :types "(number, [integer literal]) -> its type, a decimal of scale n" :args [1 2] :signature ["(round x)" "(round x n)"] :fails true
     :doc "Rounded to n digits (an integer literal; default 0), half away from zero."
     :infer (infer-rounding 'round)}
    {:name 'trunc :types "(number, [integer literal]) -> its type, a decimal of scale n" :args [1 2]
     :signature ["(trunc x)" "(trunc x n)"] :doc "Cut off to n digits (an integer literal; default 0)."
     :infer (infer-rounding 'trunc)}]
   (map (partial apply float-function)
        '[[sqrt [x] "The square root; of a negative number it is an error."]
          [exp [x] "e to the power of x."]
          [ln [x] "The natural logarithm; x must be positive."]
          [log10 [x] "The logarithm to base 10; x must be positive."]
          [log2 [x] "The logarithm to base 2; x must be positive."]
          [log [b x] "The logarithm of x to base b; both positive, b not 1."]
          [cbrt [x] "The cube root."]
          [even [x] "The next even whole number, away from zero."]
          [power [x y] "x to the power of y."]
          [sin [x] "The sine of x radians."]
          [cos [x] "The cosine of x radians."]
          [tan [x] "The tangent of x radians."]
          [asin [x] "The arc sine; x from -1 to 1."]
          [acos [x] "The arc cosine; x from -1 to 1."]
          [atan [x] "The arc tangent."]
          [atan2 [y x] "The angle of the point x, y."]
          [cot [x] "The cotangent of x radians; x is not 0."]
          [sinh [x] "The hyperbolic sine."]
          [cosh [x] "The hyperbolic cosine."]
          [tanh [x] "The hyperbolic tangent."]
          [asinh [x] "The inverse hyperbolic sine."]
          [acosh [x] "The inverse hyperbolic cosine; x from 1."]
          [atanh [x] "The inverse hyperbolic tangent; x between -1 and 1."]
          [degrees [x] "x radians in degrees."]
          [radians [x] "x degrees in radians."]
          [pi [] "3.141592653589793."]])))
