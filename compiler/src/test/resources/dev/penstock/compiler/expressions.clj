(ns dev.penstock.compiler.expressions
  "Random scalar expressions over the columns of a plan. Most cannot fail; results are exact, so that they can be keys.

  A function of this namespace takes [r fields depth]: a Random, schema entries and how deep to nest."
  (:require [clojure.string :as str]
            [dev.penstock.compiler.tables :refer [chance pick]]
            [dev.penstock.plan.types :as types]))

(declare condition number text)

(defn extreme? [{:keys [name]}] (str/starts-with? (str name) "e_"))
(defn inexact? "Columns named z... are compared with a tolerance, and not used further." [{:keys [name]}]
  (str/starts-with? (str name) "z"))

(defn of-type [fields pred] (mapv :name (filter #(and (pred (:type %)) (not (inexact? %))) fields)))
(defn- calm [fields] (remove extreme? fields))

(defn- leaf [r fields pred literals]
  (let [columns (of-type (calm fields) pred)]
    (if (and (seq columns) (chance r 80)) (pick r columns) (pick r literals))))

(defn- whole [r fields] (leaf r fields types/integer? [0 1 2 7 -3 nil]))
(defn- double-of [r fields] (leaf r fields #{:float64} [0.5 -2.25 1e3 nil]))
(defn- date [r fields] (leaf r fields #{:date} [(java.time.LocalDate/of 2020 2 29) (java.time.LocalDate/of 1960 1 31)]))
(defn- point [r fields]
  (leaf r fields types/point? [(java.time.LocalDateTime/of 1969 12 31 23 59 59 999999000) (java.time.LocalDate/of 2000 1 1)]))
(defn- clock [r fields] (leaf r fields #{:time :timestamp :timestamptz} [(java.time.LocalTime/of 1 2 3)]))
(defn- interval [r]
  (pick r [{:months 1 :days 0 :micros 0} {:months -13 :days 2 :micros 0} {:months 0 :days 0 :micros 5400000001}]))

(defn- json [r fields] (leaf r fields #{:json} ['(cast "[3]" :json)]))

(defn- whole-function [r fields depth]
  (case (.nextInt r 9)
    8 (list 'json-length (json r fields))
    0 (list 'length (text r fields (dec depth)))
    1 (list (pick r '[year month day quarter week dow doy epoch]) (point r fields))
    2 (list (pick r '[hour minute second]) (clock r fields))
    3 (list 'date-diff (pick r ["year" "quarter" "month" "week" "day"]) (point r fields) (point r fields))
    4 (list '- (date r fields) (date r fields))
    5 (list 'position (pick r ["a" "" "o"]) (text r fields (dec depth)))
    6 (list 'try-cast (text r fields 0) :int64)
    7 (list (pick r '[ascii octet-length]) (text r fields 0))))

(defn number "An exact number." [r fields depth]
  (if (or (zero? depth) (chance r 30))
    (leaf r fields types/exact? [0 1 2 7 -3 1.5M -0.05M nil])
    (let [a (number r fields (dec depth)), b (number r fields (dec depth))]
      (case (.nextInt r 15)
        (0 1 2) (list (pick r '[+ - *]) a b)
        3 (list 'coalesce a 0)
        4 (list (pick r '[greatest least]) a b)
        5 (list 'if (condition r fields 0) a b)
        6 (list 'case (condition r fields 0) a (condition r fields 0) b)
        7 (list (pick r '[abs - sign floor ceil round]) a)
        8 (list 'nullif a b)
        9 (list (pick r '[quot rem mod]) a (pick r [3 -2 0.7M]))
        10 (list 'round (leaf r fields types/decimal? [1.25M -7.5M]) (pick r [1 0 2 -1]))
        11 (list 'cast (whole r fields) (pick r [:int64 [:decimal 20 3]]))
        12 (list 'if (list 'not= b 0) (list 'quot a (list 'nullif b 0)) a)
        13 (whole-function r fields (max 1 depth))
        14 (list 'switch (list '+ (list '* a a) (list '- b a)) 0 a b (pick r [1 nil]) :else (pick r [b nil]))))))

(defn fraction "A float64 that does not depend on the order of operations." [r fields depth]
  (if (or (zero? depth) (chance r 40))
    (double-of r fields)
    (let [a (fraction r fields (dec depth))]
      (case (.nextInt r 8)
        0 (list (pick r '[+ - *]) a (double-of r fields))
        1 (list '/ a (pick r [4 -2 0.5]))
        2 (list 'sqrt (list 'abs a))
        3 (list (pick r '[floor ceil abs -]) a)
        4 (list 'cast (number r fields 0) :float64)
        5 (list '/ (whole r fields) 8)
        6 (list 'coalesce a (double-of r fields))
        7 (list 'nullif a 0.5)))))

(defn inexact "A float64 up to rounding." [r fields]
  (let [a (double-of r fields)]
    (pick r [(list (pick r '[sin cos atan]) a) (list 'ln (list '+ 1 (list 'abs a))) (list 'exp (list '/ a 100))
             (list 'power (list 'abs a) 0.3) (list 'atan2 a 2.0) (list '* a (list 'pi)) (list 'log10 (list '+ 1 (list 'abs a)))])))

(defn text [r fields depth]
  (if (or (zero? depth) (chance r 30))
    (leaf r fields #{:varchar} ["Ann" "a_b" "" "\u00DCb" nil])
    (let [a (text r fields (dec depth))]
      (case (.nextInt r 15)
        0 (list (pick r '[upper lower reverse]) a)
        1 (list (pick r '[trim ltrim rtrim]) a)
        2 (list 'substring a (pick r [1 2 0 -1 9]))
        3 (list 'substring a (pick r [1 2 0 -3 9]) (pick r [0 1 3 100 -2]))
        4 (list 'concat a (pick r ["-" (whole r fields) (date r fields)]) a)
        5 (list 'replace a (pick r ["a" "" "nn" "%"]) (pick r ["" "XY"]))
        6 (list (pick r '[left right]) a (pick r [0 1 3 -1 20]))
        7 (list (pick r '[lpad rpad]) a (pick r [0 2 8]) (pick r ["*" "ab"]))
        8 (list 'split-part a (pick r ["," " " "a"]) (pick r [1 2 9]))
        9 (list 'coalesce a "none")
        10 (list 'if (condition r fields 0) a (text r fields 0))
        11 (list 'cast (pick r [(number r fields 0) (date r fields) (point r fields) (list '> (whole r fields) 1)]) :varchar)
        12 (list (pick r '[md5 hex sha256]) a)
        13 (pick r [(list 'cast (list 'json-get (json r fields) (pick r [0 1 9])) :varchar) (list 'cast (list 'to-json a) :varchar)
                    (list 'regexp-replace a "[aeiou]+" "<$0>") (list 'regexp-extract a "(\\w)(\\w)" 2)
                    (list 'concat-ws ", " a nil (text r fields 0)) (list 'repeat a (pick r [0 1 3]))])
        14 (list (pick r '[greatest least]) a (text r fields 0))))))

(defn moment "A date or timestamp." [r fields]
  (case (.nextInt r 8)
    0 (point r fields)
    1 (list (pick r '[+ -]) (date r fields) (leaf r fields #{:int32} [1 -40 365]))
    2 (list (pick r '[+ -]) (point r fields) (interval r))
    3 (list 'date-trunc (pick r ["year" "quarter" "month" "week" "day"]) (point r fields))
    4 (list 'last-day (point r fields))
    5 (list 'cast (point r fields) (pick r [:date :timestamp :timestamptz]))
    6 (list 'make-date (list '+ 2000 (list 'abs (leaf r fields #{:int32} [4]))) 2 28)
    7 (list 'coalesce (date r fields) (date r fields))))

(defn- comparison [r fields]
  (let [f (pick r '[= not= < <= > >= is-distinct is-not-distinct])
        extremes (filter extreme? fields)
        {:keys [name type]} (when (seq fields) (pick r (vec fields)))
        same (when name (of-type fields #{type}))]
    (case (.nextInt r 6)
      (0 1) (list f (number r fields 1) (number r fields 1))
      2 (list f (text r fields 1) (text r fields 0))
      3 (if (seq same) (list f (pick r same) (pick r same)) (list f (fraction r fields 1) (fraction r fields 1)))
      4 (list f (moment r fields) (moment r fields))
      5 (if (seq extremes)
          (let [{:keys [name type]} (pick r (vec extremes))]
            (list f name (cond (types/numeric? type) (pick r [0 1 -1 1e300 9007199254740993])
                               (= :varchar type) (pick r ["" "z" "\uFFFF"])
                               :else (list 'cast "1969-12-31" type))))
          (list f (fraction r fields 1) (pick r [0 0.5 -2]))))))

(defn condition [r fields depth]
  (if (or (zero? depth) (chance r 50))
    (let [any (of-type fields #(not= :any %))]
      (case (.nextInt r 9)
        (0 1 2) (comparison r fields)
        3 (list 'in (number r fields 1) (pick r [[1 2] [1 2 nil] [0.5M 7 -3]]))
        4 (list 'between (number r fields (pick r [0 0 3])) (pick r [-5 0 nil]) 5)
        5 (if (seq any) (list (pick r '[is-null is-not-null]) (pick r any)) true)
        6 (list (pick r '[like ilike]) (text r fields 0) (pick r ["A%" "%n%" "_nn" "%" "" "a!_%" "%o%e%" "Ann"]))
        7 (list (pick r '[starts-with ends-with contains regexp-like]) (text r fields 0) (pick r ["A" "a" "n"]))
        8 (let [bs (of-type fields #{:boolean})]
            (if (seq bs) (pick r [(pick r bs) (list (pick r '[is-true is-false not]) (pick r bs))]) nil))))
    (let [a (condition r fields (dec depth)), b (condition r fields (dec depth))]
      (pick r [(list 'and a b) (list 'or a b) (list 'not a) (list 'is-true a) (list 'if a b (list 'not b))]))))

(defn any-expression "An exact expression of some type." [r fields]
  (case (.nextInt r 8)
    (0 1 2) (number r fields 2)
    3 (fraction r fields 2)
    (4 5) (text r fields 2)
    6 (moment r fields)
    7 (condition r fields 1)))

(defn failing "An expression that fails for some rows." [r fields]
  (let [a (number r fields 1), d (double-of r fields), big (leaf r fields types/integer? [1 3])
        extreme (first (of-type (filter extreme? fields) types/exact?))]
    (case (.nextInt r 9)
      0 (list (pick r '[quot rem mod]) a (number r fields 0))
      1 (list '/ a (number r fields 0))
      2 (list (pick r '[sqrt ln log10 asin]) d)
      3 (list 'cast (text r fields 0) (pick r [:int64 :date :boolean [:decimal 4 1] :float64]))
      4 (list 'cast (list '* 100 a) (pick r [[:decimal 3 1] :int32]))
      5 (list '* (list '* big 4611686018427387904) (pick r [1 2]))
      6 (list (pick r '[+ - *]) (or extreme big) (or extreme 9223372036854775807))
      7 (list 'if (list '> big 3) (list 'quot 1 (list '- big big)) big)
      8 (list 'coalesce (list 'nullif big 2) (list 'cast (text r fields 0) :int64)))))
