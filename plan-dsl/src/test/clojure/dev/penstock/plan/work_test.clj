(ns dev.penstock.plan.work-test
  "Large plans: what is done for them grows with their size and not faster. Work is counted, not timed."
  (:require [clojure.test :refer [are deftest is]]
            [dev.penstock.plan.check :as check]
            [dev.penstock.plan.fixture :as fixture]
            [dev.penstock.plan.ranges :as ranges]
            [dev.penstock.plan.rules :as rules]
            [dev.penstock.plan.tree :as tree]))

(defn- forms "Nodes and expressions of a typed tree, by their number." [node]
  (count (tree-seq coll? seq node)))

(defn- rewritten [plan] (:tree (rules/rewrite (check/check plan fixture/ctx) fixture/ctx)))

(defn- rewritten-size [plan] (forms (rewritten plan)))

(defn- nested "step around step around ... a scan." [step n] (nth (iterate step '(table+ all)) n))

(defn- twice "A column that is read twice for each time that it is read above." [rel]
  (list 'project+ '[[l (if (> l 3) (- l 1) (+ l 1))] i] rel))

(deftest expressions-do-not-double-with-each-nested-query
  (are [over] (< (rewritten-size (over (nested twice 40)))
                 (* 4 (long (rewritten-size (over (nested twice 20))))))
    identity
    #(list 'filter+ '(> l 3) %)
    #(list 'filter+ '(and (> l 3) (< i 7)) %)
    #(list 'top+ 3 '[l] %)
    #(list 'group+ '[i] '[[s (sum l)]] %)
    #(list 'join+ :semi '[[l DeptID]] % '(table+ dept))
    #(list 'join+ '[[l DeptID]] % '(table+ dept))
    #(list 'filter+ '(> l 3) (list 'distinct+ %))))

(deftest items-of-one-bind-do-not-double
  (let [items (fn [n] (mapv (fn [i] [(symbol (str "b" (inc (long i))))
                                     (let [b (if (zero? (long i)) 'l (symbol (str "b" i)))] (list '+ b b))])
                            (range n)))
        size (fn [n] (rewritten-size (list 'filter+ (list '> (symbol (str "b" n)) 3)
                                           (list 'bind+ (items n) '(table+ all)))))]
    (is (< (long (size 60)) (* 4 (long (size 30)))))))

(deftest a-filter-that-is-short-goes-below-beside-one-that-is-not
  (is (= [true true]
         (let [nodes (tree-seq :inputs :inputs (rewritten (list 'filter+ '(and (> l 3) (< i 7)) (nested twice 40))))]
           [(boolean (some #(= :filter (:op %)) nodes))
            (boolean (some #(and (= :scan (:op %)) (:filter %)) nodes))]))))

(deftest each-condition-is-looked-at-once
  (let [looks (fn [n]
                (let [conjuncts (-> (list 'filter+ (cons 'and (for [i (range n)] (list (if (even? (long i)) 'not= '>) 'l i)))
                                          '(table+ all))
                                    (check/check fixture/ctx) :predicate tree/conjuncts)
                      calls (atom 0)
                      plain tree/plain]
                  (with-redefs [tree/plain (fn [e] (swap! calls inc) (plain e))]
                    [(count (ranges/needless conjuncts)) @calls])))]
    (is (= [[51 100] [501 1000]] [(looks 100) (looks 1000)]))))

(deftest columns-of-wide-projects-are-found-by-an-index
  (let [looks (fn [n]
                (let [calls (atom 0)
                      field tree/field
                      items (mapv (fn [i] [(symbol (str "c" i)) 'l]) (range n))]
                  (with-redefs [tree/field (fn [schema name] (swap! calls inc) (field schema name))]
                    (check/check (list 'project+ (mapv first items) (list 'project+ items '(table+ all))) fixture/ctx)
                    @calls)))]
    (is (= (looks 10) (looks 1000)))))
