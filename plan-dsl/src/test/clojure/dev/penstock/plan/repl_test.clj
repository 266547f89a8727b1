(ns dev.penstock.plan.repl-test
  (:require [clojure.test :refer [deftest is]]
            [dev.penstock.plan.repl :as repl])
  (:import (java.io StringWriter)))

(def ^:private named '{a (table+ "a.csv") flag (table+ "flag.csv")})

(defn- embed [form] (repl/embed named #{} form))

(deftest a-name-in-the-place-of-a-relation-is-its-plan
  (is (= '(join+ :left [K] (table+ "a.csv") (sort+ [K] (table+ "a.csv")))
         (embed '(join+ :left [K] a (sort+ [K] a)))))
  (is (= '(union+ (table+ "a.csv") b) (embed '(union+ a b)))))

(deftest a-name-in-another-place-stays
  (is (= '(filter+ flag (table+ "a.csv")) (embed '(filter+ flag a))))
  (is (= '(table+ a [a]) (embed '(table+ a [a]))))
  (is (= '(unnest+ [a :int64] flag (table+ "a.csv")) (embed '(unnest+ [a :int64] flag a))))
  (is (= '(project+ [a [b (+ a 1)]] (table+ "a.csv")) (embed '(project+ [a [b (+ a 1)]] a)))))

(deftest a-name-that-a-plan-binds-stays
  (is (= '(with+ [a (table+ "a.csv")] (union+ a (table+ "flag.csv")))
         (embed '(with+ [a a] (union+ a flag)))))
  (is (= '(with+ [x (table+ "a.csv") a x] (union+ a x)) (embed '(with+ [x a a x] (union+ a x))))))

(deftest positions-are-kept
  (is (= {:line 3 :column 7} (meta (embed (with-meta '(distinct+ a) {:line 3 :column 7}))))))

(defn- session-answers [& texts]
  (let [session (repl/start (fn [plan] (str "explained " (pr-str plan) "\n")))
        out (StringWriter.)
        answers (atom [])]
    (doseq [text texts]
      (repl/evaluate session text (fn [kind value] (swap! answers conj [kind value])) out))
    [@answers (str out)]))

(deftest forms-are-answered-in-order
  (is (= [[["text" "3"] ["plan" '(table+ "a.csv" [A])] ["text" "1"] ["text" "2"] ["text" "[2 1]"]] "hi"]
         (session-answers "(+ 1 2) (table+ \"a.csv\" [A])" "(do (print \"hi\") 1)" "2 [*1 *2]"))))

(deftest a-definition-may-use-what-the-name-was
  (is (= [["text" "a = (table+ \"a.csv\")"]
          ["text" "a = (distinct+ (table+ \"a.csv\"))"]
          ["plan" '(distinct+ (table+ "a.csv"))]]
         (first (session-answers "(def a (table+ \"a.csv\"))" "(def a (distinct+ a))" "a")))))

(deftest explain-takes-names
  (is (= [[["text" "a = (table+ \"a.csv\")"]] "explained (sort+ [A] (table+ \"a.csv\"))\n"]
         (session-answers "(def a (table+ \"a.csv\"))" "(explain (sort+ [A] a))"))))
