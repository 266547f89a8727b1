(ns dev.penstock.plan.read-test
  (:require [clojure.string :as str]
            [clojure.test :refer [are deftest is testing]]
            [clojure.test.check :as tc]
            [clojure.test.check.generators :as gen]
            [clojure.test.check.properties :as prop]
            [dev.penstock.plan.fixture :as fixture]
            [dev.penstock.plan.print :as print]
            [dev.penstock.plan.read :as read])
  (:import (dev.penstock.plan.types Hex Json)
           (java.time Instant LocalDate LocalDateTime LocalTime ZoneOffset)
           (java.util UUID)))

(defn- read-text [s] (read/read-plan s "p.edn"))
(defn- problem-of [s] (fixture/message read-text s))

(deftest a-plan-has-positions
  (let [plan (read-text "; people\n(filter+ (> Age 20)\n  (table+ \"x.csv\" [Name]))")]
    (is (= '(filter+ (> Age 20) (table+ "x.csv" [Name])) plan))
    (is (= {:line 2 :column 1 :source "p.edn"} (meta plan)))
    (is (= {:line 2 :column 10 :source "p.edn"} (meta (second plan))))
    (is (= {:line 2 :column 13 :source "p.edn"} (meta (second (second plan)))))
    (is (= {:line 3 :column 19 :source "p.edn"} (meta (nth (nth plan 2) 2))))))

(deftest atoms
  (are [s v] (= v (first (read-text (str "[" s "]"))))
    "nil" nil, "true" true, "-5" -5, "+5" 5, "4.20M" 4.20M, "42N" 42, "1e3" 1000.0, "##Inf" ##Inf
    "9223372036854775808" 9223372036854775808M, ":asc" :asc, "l_shipdate" 'l_shipdate, "e.Name" 'e.Name
    "tpch/lineitem" 'tpch/lineitem, "-" '-, "not=" 'not=, "Größe" 'Größe
    "#col \"first name\"" (symbol "first name"), "\"a\\\"\\u0041\\n\"" "a\"A\n"
    "#date \"1994-01-01\"" (LocalDate/of 1994 1 1), "#hex \"CAFE\"" (Hex. "cafe")
    "#json \"[1,2]\"" (Json. "[1,2]"), "#interval \"P1D\"" {:months 0 :days 1 :micros 0}
    "#inst \"1970-01-01T00:00:00Z\"" Instant/EPOCH
    "#uuid \"00000000-0000-0001-0000-000000000002\"" (UUID. 1 2))
  (is (Double/isNaN (first (read-text "[##NaN]"))))
  (is (= 4.20M (first (read-text "[4.20M]"))))
  (is (= 2 (.scale ^BigDecimal (first (read-text "[4.20M]"))))))

(deftest what-is-skipped
  (are [s] (= '(a b) (read-text s))
    "\uFEFF(a b)" "(a,b)" "(a #_(c d) b) ; end" "#_x (a b)" "(a #_ #_ c d b)\r\n\n" "(a ;x)\n b)")
  (is (= {:line 1 :column 1 :source "p.edn"} (meta (read-text "\uFEFF(a b)")))))

(deftest every-bad-text-gives-one-line
  (are [s m] (= (str "p.edn:" m) (problem-of s))
    "" "1:1: expected a plan like (table+ \"people.csv\"), got an empty text"
    " ;x\n" "2:1: expected a plan like (table+ \"people.csv\"), got an empty text"
    "(a\n (b]" "2:4: expected a ) that closes the ( of 2:2, got ]"
    "(a (b)" "1:1: expected a ) that closes this (, got the end of the text"
    "(a) b" "1:5: expected the end of the text after the plan, got b"
    "(a)\n(b)" "2:1: expected the end of the text after the plan, got (; a text holds one plan"
    ")" "1:1: expected a form, got ) that closes nothing"
    "(a \"b)" "1:4: expected a \" that ends this string, got the end of the text"
    "\"\\q\"" "1:2: expected one of \\t \\r \\n \\b \\f \\\\ \\\" \\uXXXX in a string, got \\q"
    "\"\\\n\"" "1:2: expected one of \\t \\r \\n \\b \\f \\\\ \\\" \\uXXXX in a string, got \\ "
    "\"\\u12\"" "1:2: expected four hex digits after \\u in a string"
    "(f #=(g))" "1:4: #= is not read: a plan is data, nothing in it is evaluated"
    "(f #(g))" "1:4: #( is not read: a plan is data, nothing in it is evaluated"
    "#'x" "1:1: #' is not read: a plan is data, nothing in it is evaluated"
    "#{1}" "1:1: sets are not part of the plan language"
    "#dat \"x\"" "1:1: unknown tag #dat; did you mean date?"
    "#my.Record {:a 1}" (str "1:1: unknown tag #my.Record; known are col, date, hex, inst, interval, "
                             "json, time, timestamp, uuid")
    "#date 5" "1:1: #date expects a string after it"
    "#date \"1994-02-30\"" "1:1: #date expects a date as in \"1994-01-01\", got \"1994-02-30\""
    "#hex \"abc\"" "1:1: #hex expects pairs of hex digits, got \"abc\""
    "#json \"[1,\"" "1:1: #json expects JSON text, got \"[1,\""
    "#col \"\"" "1:1: #col expects the name of a column, got \"\""
    "{:a}" "1:1: expected a value for each key of a map, got none for :a"
    "{:a 1 :a 2}" "1:1: expected distinct keys in a map, got :a twice"
    "(a 1.2.3)" "1:4: expected a number, got 1.2.3"
    "(a \\b)" "1:4: characters are not part of the plan language, got \\b"
    "'(a)" "1:1: expected a symbol, keyword, number or string, got '"
    "@x" "1:1: expected a symbol, keyword, number or string, got @x"
    "(a #_)" "1:6: expected a form, got ) that closes nothing"
    "#_" "1:1: expected a form after #_, got the end of the text"
    "##Nan" "1:1: expected ##Inf, ##-Inf or ##NaN, got ##Nan"))

(deftest limits-of-texts
  (let [nested (fn [n] (str (str/join (repeat n "(")) "a" (str/join (repeat n ")"))))]
    (is (some? (read-text (nested 512))))
    (is (= "p.edn:1:513: the plan is nested more than 512 levels deep" (problem-of (nested 513))))
    (is (= "p.edn:1:513: the plan is nested more than 512 levels deep" (problem-of (nested 100000)))))
  (is (str/ends-with? (problem-of (str/join (repeat 100000 "#_")))
                      "the plan is nested more than 512 levels deep"))
  (is (= "p.edn:1:200000: the plan has more than 100000 forms"
         (problem-of (str "(" (str/join " " (repeat 200000 "a")) ")"))))
  (is (= "p.edn: the text has 1048577 characters, more than 1048576"
         (problem-of (str/join (repeat 1048577 " ")))))
  (is (= "p.edn:1:1: a number has 401 characters, more than 400"
         (problem-of (str/join (repeat 401 "1")))))
  (let [data (try (read-text (str/join (repeat 600 "["))) (catch clojure.lang.ExceptionInfo e (ex-data e)))]
    (is (= {:category :limit :code :too-deep :source "p.edn" :line 1 :column 513} data))))

(def ^:private gen-name
  (gen/one-of [(gen/elements '[Name l_shipdate e.Name a/b -x + >= not= filter+ Größe])
               (gen/fmap symbol (gen/not-empty gen/string))]))

(def ^:private gen-decimal
  (gen/fmap (fn [[n s]] (BigDecimal. (biginteger n) (int s))) (gen/tuple gen/large-integer (gen/choose 0 18))))

(def ^:private gen-micros (gen/fmap #(Math/floorMod (long %) 86400000000) gen/large-integer))

(def ^:private gen-instant
  (gen/fmap (fn [[s us]] (Instant/ofEpochSecond s (* 1000 us)))
            (gen/tuple (gen/choose -62135596800 253402300799) (gen/choose 0 999999))))

(def ^:private gen-atom
  (gen/one-of
   [gen-name gen-name gen/large-integer gen-decimal gen/boolean (gen/return nil) gen/string
    (gen/double* {:NaN? false}) (gen/elements [:asc :desc :nulls-first :int64])
    (gen/fmap #(LocalDate/ofEpochDay %) (gen/choose -700000 2900000))
    (gen/fmap #(LocalTime/ofNanoOfDay (* 1000 %)) gen-micros)
    gen-instant
    (gen/fmap #(LocalDateTime/ofInstant % ZoneOffset/UTC) gen-instant)
    (gen/fmap #(zipmap [:months :days :micros] %) (gen/vector gen/int 3))
    gen/uuid
    (gen/fmap #(Hex. %) (gen/fmap str/join (gen/vector (gen/elements ["00" "ff" "7a"]))))
    (gen/fmap #(Json. (str "[" % "]")) gen/large-integer)]))

(def ^:private gen-form
  (gen/recursive-gen
   (fn [inner]
     (gen/one-of [(gen/fmap (fn [[head items]] (apply list head items))
                            (gen/tuple gen-name (gen/vector inner 0 5)))
                  (gen/vector inner 0 5)
                  (gen/map (gen/elements [:a :b :nulls-first]) inner {:max-elements 3})]))
   gen-atom))

(deftest printed-forms-read-back-equal
  (let [result (tc/quick-check
                400
                (prop/for-all [form gen-form]
                  (let [text (print/text form)
                        back (read-text text)]
                    (and (= form back)
                         (= text (print/text back))
                         (= (print/flat form) (print/flat back)))))
                :max-size 60)]
    (is (:pass? result) (str "seed " (:seed result) ": " (print/flat (-> result :shrunk :smallest first))))))

(deftest random-texts-give-a-form-or-one-line
  (let [pieces (gen/elements ["(" ")" "[" "]" "{" "}" "\"" "\\" "#" "_" "#date " "a" " " "1" "." "e" "M" ";" "\n"
                              ":" "+" "#col" "'" "\u0000" "##" "u00"])
        result (tc/quick-check
                2000
                (prop/for-all [text (gen/fmap str/join (gen/vector pieces 0 30))]
                  (try
                    (read-text text)
                    true
                    (catch clojure.lang.ExceptionInfo e
                      (and (str/starts-with? (ex-message e) "p.edn:")
                           (not (str/includes? (ex-message e) "\n"))
                           (= :incorrect (:category (ex-data e))))))))]
    (is (:pass? result) (str "seed " (:seed result) ": " (pr-str (-> result :shrunk :smallest))))))
