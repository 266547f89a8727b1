(ns dev.penstock.plan.recursion-test
  (:require [clojure.test :refer [are deftest is]]
            [dev.penstock.plan.fixture :as fixture :refer [checked problem-of]]
            [dev.penstock.plan.lower :as lower]
            [dev.penstock.plan.physical :as physical]
            [dev.penstock.plan.read :as read]
            [dev.penstock.plan.rules :as rules]
            [dev.penstock.plan.types :as types]
            [dev.penstock.plan.unparse :as unparse]))

(defn- columns [plan] (mapv #(str (:name %) " " (types/text (:type %)) (when (:nullable %) "?")) (:schema (checked plan))))

(deftest the-columns-are-those-of-the-seed-and-may-be-null
  (are [plan cols] (= cols (columns plan))
    "(recur+ [r (values+ [a [b :int32]] [[1 2]])] (project+ [[x (+ a 1)] b] r))" ["a int64?" "b int32?"]
    "(recur+ [r (table+ dept)] (project+ [[x (+ DeptID 1)] DeptName] (table+ r)) {:all true})" ["DeptID int32?" "DeptName varchar?"]))

(deftest problems
  (are [plan message] (= message (problem-of plan))
    "(recur+ [r (values+ [a] [[1]])] (values+ [a] [[2]]))"
    "p.edn:1:33: recur+ expects its step to read r; without it the step gives the same rows for ever: write a union+"
    "(recur+ [r (values+ [a] [[1]])] (project+ [a [b a]] r))"
    "p.edn:1:1: recur+ expects inputs with the same number of columns, got 1 and 2"
    "(recur+ [r (values+ [a] [[1]])] (project+ [[a \"x\"]] r))"
    "p.edn:1:1: recur+ expects columns of one type at each place, got a (int64) and a (varchar)"
    "(recur+ [r (values+ [a] [[1]])] r {:al true})"
    "p.edn:1:35: recur+ has no option :al; did you mean :all? (it has :all)"
    "(recur+ [r (values+ [a] [[1]]) s r] r)"
    "p.edn:1:9: recur+ expects one name and its seed, as in (recur+ [Reached seed] step), got [r (values+ [a] [[...]]) s r]"
    "(with+ [r (values+ [a] [[1]])] (recur+ [r (values+ [a] [[1]])] r))"
    "p.edn:1:41: recur+ expects a new name, but r is in use already"
    "(recur+ [r r] r)"
    "p.edn:1:12: unknown relation r; a table is written (table+ r)"))

(deftest it-prints-as-it-was-written
  (doseq [text ["(recur+ [r (values+ [a] [[1]])] (project+ [[a (+ a 1)]] (filter+ (< a 3) r)))"
                "(recur+ [r (values+ [a] [[1]])] r {:all true})"]]
    (is (= (read/read-plan text nil) (unparse/plan (checked text))))))

(defn- lines [plan] (physical/text (lower/lower (checked plan) fixture/ctx)))

(deftest what-stays-the-same-is-kept
  (is (= (str "recursive r\n"
              "  values 1 rows [a]\n"
              "  project [a = x]\n"
              "    join inner hash, build right, on a = (cast DeptID int64)\n"
              "      recursion r\n"
              "      shared what stays the same\n"
              "        filter (> DeptID 3) (~3 rows)\n"
              "          scan dept [DeptID] (~10 rows)")
         (-> (lines "(recur+ [r (values+ [a] [[1]])] (project+ [[x DeptID]] (join+ [[a DeptID]] r (filter+ (> DeptID 3) (table+ dept [DeptID])))))")
             (.replaceAll "\\(cast x int64\\)" "x"))))
  (is (= (str "recursive o all\n"
              "  values 1 rows [a]\n"
              "  join cross nested-loop, where true\n"
              "    recursion o\n"
              "    shared what stays the same\n"
              "      recursive i\n"
              "        values 1 rows [b]\n"
              "        recursion i")
         (-> (lines "(recur+ [o (values+ [a] [[1]])] (project+ [a] (join+ :cross o (recur+ [i (values+ [b] [[1]])] i))) {:all true})")
             (.replaceAll "cross nested-loop.*" "cross nested-loop, where true")))))

(deftest rules-leave-filters-and-limits-above-a-recursion
  (doseq [text ["(filter+ (= a 3) (recur+ [r (values+ [a] [[1]])] (project+ [[a (+ a 1)]] (filter+ (< a 9) r))))"
                "(slice+ 0 3 (recur+ [r (values+ [a] [[1]])] (project+ [[a (+ a 1)]] r)))"
                "(project+ [a] (recur+ [r (values+ [a b] [[1 2]])] (project+ [[a b] [b (+ a 1)]] r)))"]]
    (is (= (read/read-plan text nil) (unparse/plan (:tree (rules/rewrite (checked text) fixture/ctx)))))))
