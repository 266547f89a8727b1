(ns dev.penstock.plan.json-test
  (:require [clojure.string :as str]
            [clojure.test :refer [are deftest is]]
            [dev.penstock.plan.json :as json]))

(deftest json-texts
  (are [s] (json/valid? s)
    "[]" "{}" " [1, -2.5e+10 ,\"a\\n\\u00e9\", true,false,null] " "{\"a\":{\"b\":[{}]},\"c\":0}" "\"x\"" "0" "null"
    "[[],[]]" "\"Größe 😀\"")
  (are [s] (not (json/valid? s))
    "" " " "[" "]" "[1,]" "[,1]" "[1 2]" "{\"a\"}" "{\"a\":}" "{\"a\":1,}" "{1:2}" "{a:1}" "01" "1." "+1" ".5" "'x'"
    "\"a" "\"\\x\"" "\"\n\"" "[1]]" "1 2" "tru" "nulls" "[}" "{]" "NaN" "[1:2]" "{\"a\",1}"))

(deftest deep-and-long-texts
  (is (json/valid? (str (str/join (repeat 100000 "[")) (str/join (repeat 100000 "]")))))
  (is (not (json/valid? (str/join (repeat 100000 "[")))))
  (is (json/valid? (str "\"" (str/join (repeat 200000 "a\\n")) "\""))))
