(ns dev.penstock.plan.infer-test
  (:require [clojure.test :refer [are deftest is testing]]
            [dev.penstock.plan.fixture :as fixture :refer [expr problem-of type-of]]
            [dev.penstock.plan.functions :as functions]
            [dev.penstock.plan.unparse :as unparse]))

(deftest arithmetic
  (are [form t] (= t (type-of form))
    '(+ i i) :int32
    '(+ i 1) :int64
    '(+ i l) :int64
    '(+ i d) :float64
    '(+ dec dec) [:decimal 11 2]
    '(+ dec 1) [:decimal 11 2]
    '(+ dec i) [:decimal 13 2]
    '(- 1 0.05M) [:decimal 4 2]
    '(* dec (- 1 0.05M)) [:decimal 14 4]
    '(* dec dec dec dec) [:decimal 38 8]
    '(* dec d) :float64
    '(/ i l) :float64
    '(quot i l) :int64
    '(quot dec 3) [:decimal 38 0]
    '(mod dec 0.125M) [:decimal 11 3]
    '(- i) :int32
    '(- span) :interval
    '(- day day) :int64
    '(- day 3) :date
    '(+ 3 day) :date
    '(- ts day) :interval
    '(- tz ts) :interval
    '(* 2 span) :interval
    '(+ day span) :timestamp
    (list '+ 'day {:months 1 :days 0 :micros 0}) :date
    (list '+ 'day {:months 0 :days 0 :micros 1}) :timestamp
    '(+ tz span) :timestamptz
    '(+ nil 1) :int64
    '(+ nil nil) :int32
    '(abs dec) [:decimal 10 2]
    '(sign d) :int32
    '(floor dec) [:decimal 9 0]
    '(round dec 1) [:decimal 10 1]
    '(round dec 5) [:decimal 11 2]
    '(round dec -1) [:decimal 9 0]
    '(round d 2) :float64
    '(ceil i) :int32
    '(power i 2) :float64
    '(pi) :float64))

(deftest other-functions
  (are [form t] (= t (type-of form))
    '(= i 20) :boolean
    '(< day "1994-01-01") :boolean
    '(in dec [1 2.5M]) :boolean
    '(if bool i 2.5M) [:decimal 11 1]
    '(case bool 1 (not bool) nil) :int64
    '(coalesce dec 0) [:decimal 10 2]
    '(coalesce nil nil) :int32
    '(nullif s "") :varchar
    '(greatest i l 2) :int64
    '(length s) :int64
    '(concat s i day) :varchar
    '(octet-length bin) :int64
    '(unhex s) :varbinary
    '(json-get j "a.b") :json
    '(year "1994-01-01") :int64
    '(hour clock) :int64
    '(date-trunc "Month" ts) :timestamp
    '(date-diff "hour" day tz) :int64
    '(last-day ts) :date
    '(now) :timestamptz
    '(cast s [:decimal 5 1]) [:decimal 5 1]
    '(try-cast s :uuid) :uuid))

(deftest literals-take-the-type-beside-them
  (are [form args] (= args (mapv (juxt :kind :type :value) (:args (expr form))))
    '(> i 20) [[:column :int32 nil] [:literal :int32 20]]
    '(> i 5000000000) [[:call :int64 nil] [:literal :int64 5000000000]]
    '(> dec 5) [[:column [:decimal 10 2] nil] [:literal [:decimal 10 2] 5.00M]]
    '(> dec 0.055M) [[:call [:decimal 11 3] nil] [:literal [:decimal 11 3] 0.055M]]
    '(> d 5) [[:column :float64 nil] [:literal :float64 5.0]]
    '(= i nil) [[:column :int32 nil] [:literal :int32 nil]]
    '(= nil nil) [[:literal :int32 nil] [:literal :int32 nil]]
    '(= s "x") [[:column :varchar nil] [:literal :varchar "x"]]))

(deftest nullability
  (are [form nullable] (= nullable (:nullable (expr form)))
    '(+ i 1) true, '(+ 1 1) false, '(is-null i) false, '(coalesce i 1) false, '(nullif 1 1) true
    '(try-cast "1" :int64) true, '(cast "1" :int64) false, '(is-distinct i 1) false, '(if true 1 2) false
    '(case true 1) true, '(greatest i 1) false, '(concat-ws "-" s) false, '(regexp-extract "a" "b") true
    '(json-get j 0) true))

(deftest calls-are-made-canonical
  (are [form same] (= (expr form) (expr same))
    '(and bool (and (> i 1) (> l 2))) '(and bool (> i 1) (> l 2))
    '(or (or bool bool) bool) '(or bool bool bool)
    '(between i 1 2) '(and (>= i 1) (<= i 2))
    '(if bool 1 2) '(case bool 1 :else 2)
    '(switch i 1 s 2 "x" :else "y") '(case (= i 1) s (= i 2) "x" :else "y")
    '(switch i 1 s) '(case (= i 1) s)
    '(+ 1 2 3) '(+ (+ 1 2) 3)
    '(+ 3 day) '(+ day 3)
    '(* 2 span) '(* span 2)
    '(and bool) 'bool)
  (is (= 'negate (:fn (expr '(- i))))))

(deftest what-repeats-a-large-operand-stays-a-call
  (letfn [(nested [f] (nth (iterate f 'i) 40))
          (parts [e] (count (tree-seq :args :args e)))]
    (doseq [f [#(list 'switch % 1 2 2 3 :else 4) #(list 'if (list 'between % 1 2) 1 0)]]
      (is (< (parts (expr (nested f))) 600))))
  (let [large '(+ (+ (+ (* i i) (* i 2)) (+ (* i i) (* i 2))) (* i i))]
    (is (= 'between (:fn (expr (list 'between large 1 2)))))
    (is (= 'switch (:fn (expr (list 'switch large 1 2)))))
    (doseq [form [(list 'switch large 1 'i 2 nil) (list 'switch large 1 "a" :else "b") (list 'between large nil 3)]]
      (is (= (expr form) (expr (unparse/expr (expr form))))))))

(deftest expressions-unparse-to-what-checks-to-the-same
  (doseq [form '[(+ dec 1) (> dec 5) (= nil i) (- i) (case bool 1 (not bool) 2.5M) (if bool i nil)
                 (in i [1 2 nil]) (< day "1994-01-01") (+ day 3) (cast i :int64) (cast nil :uuid)
                 (and bool (or bool (not bool))) (concat s i) (+ 1 2 3) (- (- 1 2) 3) (- 1 (- 2 3))
                 (round dec 1) (date-diff "day" day ts) (coalesce dec 0) (* dec (- 1 0.05M))
                 (between ts "1994-01-01" "1995-01-01") (cast 5 :int32) (/ 1 2) (try-cast s :int32)]]
    (let [e (expr form)]
      (is (= e (expr (unparse/expr e))) (str form))))
  (is (= '(and (> dec 5) (= s "x")) (unparse/expr (expr '(and (> dec 5) (= s "x"))))))
  (is (= '(+ 1 i 3) (unparse/expr (expr '(+ 1 i 3))))))

(defn- problem-in [form-text] (problem-of (str "(project+ [[x " form-text "]] (table+ all))")))

(deftest every-type-error-gives-one-line
  (are [form m] (= (str "p.edn:1:" m) (problem-in form))
    "(+ i s)" "18: + is not defined for i (int32) and s (varchar)"
    "(+ i \"1\")" "18: + is not defined for i (int32) and \"1\" (varchar)"
    "(+ day ts)" "18: + is not defined for day (date) and ts (timestamp)"
    "(> s 3)" "18: > compares values of one type, got s (varchar) and 3 (int64); write (cast s :int64)"
    "(> day 3)" "18: > compares values of one type, got day (date) and 3 (int64)"
    "(= day \"1994-02-30\")" "15: = expects the text of a date, got \"1994-02-30\""
    "(and bool i)" "25: and expects a boolean, got i (int32); write (cast i :boolean)"
    "(not s)" "20: not expects a boolean, got s (varchar); write (cast s :boolean)"
    "(if bool 1 \"x\")" "15: if expects values of one type, got 1 (int64) and \"x\" (varchar); write (cast \"x\" :int64)"
    "(length i)" "23: length expects a varchar, got i (int32); write (cast i :varchar)"
    "(sqrt s)" "21: sqrt expects a float64, got s (varchar); write (cast s :float64)"
    "(quot d 2)" "21: quot expects integers or decimals, got d (float64)"
    "(round dec l)" "26: round expects an integer literal from -38 to 38, got l (int64)"
    "(cast day :int64)" "21: cast cannot cast day (date) to int64"
    "(cast i :int46)" "15: cast expects a type as in (cast x :int64), got :int46; did you mean :int64?"
    "(cast i [:decimal 39 1])" "23: cast expects a type as in (cast x :int64), got [:decimal 39 1]"
    "(hour day)" "21: hour expects a time or timestamp or timestamptz, got day (date)"
    "(date-trunc \"moth\" day)" (str "15: date-trunc expects a unit (one of century, day, decade, hour, isoyear, microsecond, millennium, millisecond, "
                                     "minute, month, quarter, second, week, year), got \"moth\"; did you mean month?")
    "(date-trunc s day)" "27: date-trunc expects a unit as a string literal, got s (varchar)"
    "(date-trunc \"hour\" day)" "34: date-trunc to a hour expects a timestamp, got day (date)"
    "(regexp-like s \"(\")" "15: regexp-like expects a regular expression, got \"(\": Unclosed group"
    "(json-get j d)" "27: json-get expects a key, a path (varchar) or an index (int64), got d (float64)"
    "(* (cast 1 [:decimal 38 20]) (cast 1 [:decimal 38 20]))"
    "18: * would give a decimal of scale 40, more than 38; cast an argument to a smaller scale"))

(deftest every-wrong-call-gives-one-line
  (are [form m] (= (str "p.edn:1:" m) (problem-in form))
    "(fo 1)" "16: unknown function fo"
    "(lenth s)" "16: unknown function lenth; did you mean length?"
    "(sum i)" "16: unknown function sum; sum is an aggregate, for group+ and window+"
    "(rank)" "16: unknown function rank; rank is a window function, for window+"
    "(filter+ bool all)" "16: unknown function filter+; an operator gives a relation, not a value"
    "(1 2)" "15: unknown function 1"
    "(length)" "15: length expects 1 argument, got 0, as in (length s)"
    "(= 1 2 3)" "15: = expects 2 arguments, got 3, as in (= a b)"
    "(substring s)" "15: substring expects 2 to 3 arguments, got 1, as in (substring s from)"
    "(concat)" "15: concat expects at least 1 argument, got 0, as in (concat a b ...)"
    "(in i)" "15: in expects 2 arguments, got 1, as in (in x [v1 v2 ...])"
    "(in i [])" "21: in expects a vector of values, as in (in x [1 2]), got []"
    "(in i 3)" "15: in expects a vector of values, as in (in x [1 2]), got 3"
    "(case bool 1 2)" "15: case expects pairs of a condition and a value, then :else and a value"
    "(case bool 1 :else)" "15: case expects :else and one value at its end, as in (case c v :else w)"
    "(case bool 1 :else 2 3)" "15: case expects :else and one value at its end, as in (case c v :else w)"
    "(= i I)" "20: unknown column I; did you mean i?"
    "nothing" (str "15: unknown column nothing; the columns here are bool, i, l, d, dec, s, bin, day, clock, ts, "
                   "tz, span, ... (14 in all)")
    ":i" "12: expected an expression, got the keyword :i; a column is a symbol, i"
    "[i]" "15: expected an expression (a column, literal or call), got [i]"
    "()" "15: expected an expression (a column, literal or call), got ()"
    "123456789012345678901234567890123456789" "12: the number 123456789012345678901234567890123456789M is beyond decimal(38)"))

(deftest a-plan-of-a-program-shows-the-form
  (is (= "unknown column Ag; did you mean Age?; in (> Ag 20)"
         (fixture/message fixture/checked (list 'filter+ (list '> (symbol "Ag") 20) '(table+ people))))))

(deftest functions-are-documented
  (doseq [[f {:keys [doc signature args kind cost fails] :as entry}]
          (merge functions/scalars functions/aggregates functions/windows)]
    (is (and (seq doc) (seq signature) (nat-int? (first args)) kind cost (some? fails)) (str f))
    (is (or (:infer entry) (:form entry)) (str f))))
