(ns dev.penstock.plan.naive.scalar
  "Scalar expressions by definition: one row, one value at a time. A row is a map from column name to value.

  Functions are strict (a null argument gives null) but for those in special."
  (:require [clojure.string :as str]
            [dev.penstock.plan.literals :as literals]
            [dev.penstock.plan.naive.cast :as cast]
            [dev.penstock.plan.naive.clock :as clock]
            [dev.penstock.plan.naive.encoding :as encoding]
            [dev.penstock.plan.naive.integer :as integer]
            [dev.penstock.plan.naive.json :as json]
            [dev.penstock.plan.naive.number :as number]
            [dev.penstock.plan.naive.order :as order]
            [dev.penstock.plan.naive.regex :as regex]
            [dev.penstock.plan.naive.similarity :as similarity]
            [dev.penstock.plan.naive.text :as text]
            [dev.penstock.plan.naive.time :as time]
            [dev.penstock.plan.types :as types])
  (:import (dev.penstock.plan.types Hex Json)
           (java.time Instant LocalDate ZoneOffset)))

(declare evaluate literal-value)

(defn- comparison [f type a b]
  (let [c (long (order/compare-values type a b))]
    (case f = (zero? c) not= (not (zero? c)) < (neg? c) <= (<= c 0) > (pos? c) >= (>= c 0))))

(defn- both [f values]
  ;; and: false wins, then null; or: true wins, then null
  (let [wins (= 'or f)]
    (cond (some #(= wins %) values) wins
          (some nil? values) nil
          :else (not wins))))

(defn- in? [type x vs]
  (cond
    (nil? x) nil
    (some #(and (some? %) (comparison '= type x %)) vs) true
    (some nil? vs) nil
    :else false))

(defn- extreme [f type vs]
  (when-let [vs (seq (remove nil? vs))]
    (reduce (fn [a b] (let [c (long (order/compare-values type a b))]
                        (if (case f greatest (neg? c) least (pos? c)) b a)))
            vs)))

(defn- differ? [type a b]
  (not= (order/key-of type a) (order/key-of type b)))

(defn- case-value [env row args]
  (loop [[c v & more] args]
    (cond
      (and (nil? v) (empty? more)) (evaluate env row c) ; the else stands alone at the end
      (true? (evaluate env row c)) (evaluate env row v)
      :else (recur more))))

(defn- between? [type x low high]
  (both 'and [(when (and (some? x) (some? low)) (comparison '>= type x low))
              (when (and (some? x) (some? high)) (comparison '<= type x high))]))

(defn- switch-value [env row [x & args]]
  (let [value (evaluate env row x)]
    (loop [[w v & more] args]
      (if (nil? v)
        (evaluate env row w) ; the else stands alone at the end
        (let [w (evaluate env row w)]
          (if (and (some? value) (some? w) (comparison '= (:type x) value w))
            (evaluate env row v)
            (recur more)))))))

(def ^:private special
  "Functions that look at nulls themselves, or do not evaluate all arguments: (f env row call)."
  {'and (fn [env row {:keys [args]}]
          (reduce (fn [acc e]
                    (let [v (evaluate env row e)] (if (false? v) (reduced false) (both 'and [acc v]))))
                  true args))
   'or (fn [env row {:keys [args]}]
         (reduce (fn [acc e]
                   (let [v (evaluate env row e)] (if (true? v) (reduced true) (both 'or [acc v]))))
                 false args))
   'is-null (fn [env row {[a] :args}] (nil? (evaluate env row a)))
   'is-not-null (fn [env row {[a] :args}] (some? (evaluate env row a)))
   'is-true (fn [env row {[a] :args}] (true? (evaluate env row a)))
   'is-false (fn [env row {[a] :args}] (false? (evaluate env row a)))
   'is-distinct (fn [env row {[a b] :args}] (differ? (:type a) (evaluate env row a) (evaluate env row b)))
   'is-not-distinct (fn [env row {[a b] :args}]
                      (not (differ? (:type a) (evaluate env row a) (evaluate env row b))))
   'case (fn [env row {:keys [args]}] (case-value env row args))
   'between (fn [env row {[x low high] :args}]
              (between? (:type x) (evaluate env row x) (evaluate env row low) (evaluate env row high)))
   'switch (fn [env row {:keys [args]}] (switch-value env row args))
   'coalesce (fn [env row {:keys [args]}] (reduce (fn [_ e] (let [v (evaluate env row e)] (if (some? v) (reduced v) nil)))
                                                  nil args))
   'nullif (fn [env row {[a b] :args}]
             (let [x (evaluate env row a), y (evaluate env row b)]
               (when-not (and (some? x) (some? y) (comparison '= (:type a) x y)) x)))
   'in (fn [env row {[x & vs] :args}] (in? (:type x) (evaluate env row x) (map #(evaluate env row %) vs)))
   'greatest (fn [env row {:keys [args type]}] (extreme 'greatest type (map #(evaluate env row %) args)))
   'least (fn [env row {:keys [args type]}] (extreme 'least type (map #(evaluate env row %) args)))
   'json-array (fn [env row {:keys [args]}]
                 (json/array (map #(cast/json-of (:type %) (evaluate env row %)) args)))
   'json-object (fn [env row {:keys [args]}]
                  (json/object (map (fn [[k v]] [(evaluate env row k) (cast/json-of (:type v) (evaluate env row v))])
                                    (partition 2 args))))
   'concat-ws (fn [env row {[s & es] :args}]
                (let [separator (evaluate env row s), vs (map #(evaluate env row %) es)]
                  (when separator (str/join separator (remove nil? vs)))))
   'try-cast (fn [env row {[a] :args type :type}]
               (let [v (evaluate env row a)]
                 (when (some? v)
                   (try (cast/cast-value (:type a) type v)
                        (catch clojure.lang.ExceptionInfo _ nil)))))
   'require (fn [env row {[c x message] :args}]
              (if (true? (evaluate env row c))
                (evaluate env row x)
                (number/fail :requirement (:value message))))
   'param (fn [_ _ {[_ {v :value from :type}] :args to :type}] (literal-value (literals/convert v from to)))
   'try (fn [env row {[a] :args}]
          (try (evaluate env row a)
               (catch clojure.lang.ExceptionInfo e
                 (when-not (= :incorrect (:category (ex-data e))) (throw e)))))
   'host (fn [_ _ {[f] :args}]
           (throw (ex-info (str "the naive evaluator knows no functions of the host program, got " (class (:value f)))
                           {:category :unsupported :code :host-function})))
   'now (fn [env _ _] (:now env))
   'today (fn [env _ _] (LocalDate/ofInstant ^Instant (:now env) ZoneOffset/UTC))})

(defn- temporal? [v] (or (map? v) (instance? java.time.temporal.Temporal v)))

(defn- arithmetic [f type [a b]]
  (if (or (temporal? a) (temporal? b))
    (time/arithmetic f type a b)
    (number/arithmetic f type a b)))

(defn- negated [type v]
  (cond
    (map? v) (update-vals v -)
    (= :float64 type) (- (double v))
    :else (number/of-type (- (bigdec v)) type)))

(defn- number-call [f type [a b]]
  (case f
    negate (negated type a)
    / (if (map? a) (time/arithmetic f type a b) (number/divide a b))
    (quot rem mod) (number/truncated f type a b)
    abs (if (= :float64 type) (Math/abs (double a)) (number/of-type (abs (bigdec a)) type))
    sign (long (if (double? a) (if (Double/isNaN a) 0 (Math/signum (double a))) (.signum (bigdec a))))
    (floor ceil round trunc) (number/rounded f type a (or b 0))
    (number/float-function f (remove nil? [a b]))))

(defn- text-call [f [a b c]]
  (case f
    length (long (count (text/points a)))
    upper (.toUpperCase ^String a java.util.Locale/ROOT)
    lower (.toLowerCase ^String a java.util.Locale/ROOT)
    (trim ltrim rtrim) (text/trimmed f a b)
    substring (text/substring a b c)
    left (text/left-of a b)
    right (text/right-of a b)
    position (long (text/position a b))
    replace (if (= "" b) a (str/replace a b c))
    starts-with (str/starts-with? a b)
    ends-with (str/ends-with? a b)
    contains (str/includes? a b)
    (lpad rpad) (text/padded f a b (or c " "))
    reverse (text/of-points (reverse (text/points a)))
    repeat (apply str (repeat (max 0 (long b)) a))
    split-part (text/split-part a b c)
    ascii (long (or (first (text/points a)) 0))
    chr (text/of-points [a])
    (like ilike) (text/like? f a b c)))

(def ^:private plain "Function -> (f type-of-the-first-argument values)."
  (merge clock/functions integer/functions encoding/functions regex/functions similarity/functions json/functions))

(defn- strict-call [{f :fn :keys [args type]} values]
  (let [arg-type (:type (first args))
        [a b c] values]
    (case f
      (= not= < <= > >=) (comparison f arg-type a b)
      not (not a)
      (+ - *) (arithmetic f type values)
      cast (cast/cast-value arg-type type a)
      concat (apply str values)
      (year month day quarter week dow doy hour minute second epoch) (time/part f a)
      date-trunc (time/truncate a b)
      date-diff (time/difference a b c)
      make-date (time/make-date a b c)
      last-day (time/last-day a)
      pi Math/PI
      (negate / quot rem mod abs sign floor ceil round trunc sqrt exp ln log10 power sin cos tan asin acos atan atan2
       log2 log cbrt even cot sinh cosh tanh asinh acosh atanh degrees radians)
      (number-call f type values)
      to-json (cast/json-of arg-type a)
      (if-let [g (clock/by-result f)]
        (g type values)
        (if-let [g (plain f)] (g arg-type values) (text-call f values))))))

(defn- literal-value [v]
  (cond
    (instance? Hex v) (types/hex-bytes v)
    (instance? Json v) (.text ^Json v)
    (instance? java.util.Date v) (.toInstant ^java.util.Date v)
    :else v))

(defn evaluate
  "The value of a typed expression for a row. env has :now."
  [env row {:keys [kind] :as e}]
  (case kind
    :column (get row (:name e))
    :literal (literal-value (:value e))
    :call (if-let [f (special (:fn e))]
            (f env row e)
            (let [values (mapv #(evaluate env row %) (:args e))]
              (when-not (some nil? values) (strict-call e values))))))

(defn true-for? "Is a predicate true (not false, not null) for a row?" [env predicate row]
  (true? (evaluate env row predicate)))
