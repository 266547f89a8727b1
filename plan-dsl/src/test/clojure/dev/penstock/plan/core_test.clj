(ns dev.penstock.plan.core-test
  (:require [clojure.string :as str]
            [clojure.test :refer [are deftest is testing]]
            [dev.penstock.plan.check :as check]
            [dev.penstock.plan.core :as core]
            [dev.penstock.plan.fixture :as fixture]))

(def ^:private staff
  "(project+ [Name DeptName]\n  (filter+ (> Age 20)\n    (join+ (table+ people [Name Age DeptID]) (table+ dept))))")

(deftest prepare-gives-java-friendly-data
  (let [prepared (core/prepare (core/read-plan staff "staff.edn") fixture/ctx)]
    (is (= #{"root" "written" "rules" "rewritten" "streams" "physical" "hash"} (set (keys prepared))))
    (is (= staff (get prepared "written")))
    (is (= ["Name" "DeptName"] (mapv #(get % "name") (get-in prepared ["root" "schema"]))))
    (is (every? #(and (string? (get % "rule")) (string? (get % "before")) (string? (get % "after")))
                (get prepared "rules")))
    (testing "what was rewritten is a plan again, of the same output"
      (is (= (map :name (:schema (core/check (core/read-plan (get prepared "rewritten") nil) fixture/ctx)))
             '[Name DeptName])))
    (testing "planning twice gives the same texts"
      (is (= (dissoc prepared "root")
             (dissoc (core/prepare (core/read-plan staff nil) fixture/ctx) "root"))))))

(deftest planning-looks-at-the-token-all-the-time
  (let [conditions (map #(list 'not= 'Age %) (range 2000))
        plan (list 'filter+ (cons 'and conditions) '(table+ people [Name Age]))
        prepare (fn [check] (core/prepare plan (assoc fixture/ctx :check-token check)))
        looks (atom 0)]
    (prepare #(swap! looks inc))
    (testing "at each expression, where they are checked, and where they are lowered"
      (is (< (* 10 2000) @looks)))
    (testing "and ends at any of these looks"
      (doseq [last [1 1000 (quot @looks 2) @looks]]
        (let [left (atom last)
              stop #(when (zero? (swap! left dec)) (throw (IllegalStateException. "cancelled")))]
          (is (thrown-with-msg? IllegalStateException #"cancelled" (prepare stop))))))))

(deftest printing-looks-at-a-token-all-the-time
  (let [sums (mapv #(vector (symbol (str "s" %)) (list 'sum (list '+ 'Age %))) (range 500))
        ctx (assoc fixture/ctx :late-texts? true)
        prepared (core/prepare (list 'group+ [] sums '(table+ people [Name Age])) ctx)
        until (get prepared "rewritten-until")
        looks (atom 0)]
    (testing "at each expression"
      (is (= (until #(swap! looks inc)) (force (get prepared "rewritten"))))
      (is (< 500 @looks)))
    (testing "and ends at any of these looks"
      (doseq [last [1 250 @looks]]
        (let [left (atom last)
              stop #(when (zero? (swap! left dec)) (throw (IllegalStateException. "late")))]
          (is (thrown-with-msg? IllegalStateException #"late" (until stop))))))
    (testing "EXPLAIN, which prints while it plans, looks at that of the query"
      (let [looks (fn [explain?]
                    (let [n (atom 0)]
                      (core/prepare '(filter+ (> (+ Age 1) 20) (project+ [Name Age] (table+ people [Name Age])))
                                    (assoc fixture/ctx :explain? explain? :check-token #(swap! n inc)))
                      @n))]
        (is (< (+ 30 (looks false)) (looks true)))))))

(deftest long-lists-of-values-are-not-compared-with-each-other
  (let [values (vec (range 40000))
        plan (list 'filter+ (list 'and (list 'in 'Age values) (list 'in 'Age (vec (reverse values))))
                   '(table+ people [Name Age]))
        prepared (future (core/prepare plan fixture/ctx))]
    (is (not= :late (deref prepared 30000 :late)))
    (future-cancel prepared)))

(deftest the-hash-is-of-the-plan
  (let [hash-of #(core/plan-hash (core/read-plan % nil))]
    (testing "the same in every process: a constant"
      (is (= "d96c0ec7f6cd3b8a3f980dbba05e58d2dbec2f926d1bbf6880f9cb22dc75d865"
             (hash-of "(filter+ (> Age 20) (table+ people {:b 1 :a 2}))"))))
    (is (= (hash-of staff) (hash-of (str "; with a comment\n" (str/replace staff "\n" " ")))))
    (is (= (hash-of "(table+ x {:a 1 :b 2 :c 3})") (hash-of "(table+ x {:c 3 :b 2 :a 1})")))
    (is (not= (hash-of "(filter+ (> A 1) (table+ x))") (hash-of "(filter+ (> A 1.0) (table+ x))")))
    (is (not= (hash-of "(filter+ (> A 1.0M) (table+ x))") (hash-of "(filter+ (> A 1.00M) (table+ x))")))
    (is (= (core/plan-hash (list 'map+ inc '(table+ x))) (core/plan-hash (list 'map+ inc '(table+ x)))))
    (is (not= (core/plan-hash (list 'map+ inc '(table+ x))) (core/plan-hash (list 'map+ dec '(table+ x)))))))

(deftest explain
  (is (= (str/join "\n"
                   ["Plan abcdefghijklmnop:" "  (a)" "Rules:" "  1. push" "Rewritten:" "  (b" "    c)" "Nodes:"
                    "  scan" "    x" ""])
         (core/explain-text {"written" "(a)" "rules" [{"rule" "push" "before" "" "after" ""}]
                             "rewritten" "(b\n  c)" "physical" "scan\n  x" "hash" "abcdefghijklmnopqrst"})))
  (is (str/includes? (core/explain-text {"written" "(a)" "rules" [] "rewritten" "(a)" "physical" "x"
                                         "hash" "abcdefghijklmnopqrst"})
                     "Rules:\n  none fired\n")))

(deftest problems-have-positions
  (is (= "staff.edn:1:14: unknown column Nme; did you mean Name?"
         (fixture/message core/prepare (core/read-plan "(project+ [  Nme] (table+ people))" "staff.edn") fixture/ctx))))

(deftest plans-of-512-levels-are-prepared
  (let [filters (nth (iterate #(list 'filter+ true %) '(table+ dept)) 500)
        sums (list 'project+ [['x (nth (iterate #(list '- % 'DeptID) 'DeptID) 500)]] '(table+ dept))
        ands (list 'filter+ (nth (iterate #(list 'not %) '(> DeptID 1)) 500) '(table+ dept))]
    (doseq [plan [filters sums ands]]
      (is (= plan (core/read-plan (get (core/prepare plan fixture/ctx) "written") nil))))
    (is (str/ends-with? (fixture/message core/prepare (nth (iterate #(list 'filter+ true %) filters) 12) fixture/ctx)
                        "the plan is nested more than 512 levels deep"))))
