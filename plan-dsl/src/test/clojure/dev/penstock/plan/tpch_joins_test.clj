(ns dev.penstock.plan.tpch-joins-test
  "The joins of TPC-H as people write them: tables with commas between, one large condition above. An order is written as
  (probe build); it must not depend on the order of the tables."
  (:require [clojure.test :refer [deftest is testing]]
            [dev.penstock.plan.core :as core]
            [dev.penstock.plan.tpch-tables :as tpch-tables])
  (:import (java.util ArrayList Collection Collections Random)))

(defn- commas [tables] (reduce #(list 'join+ :cross %1 (list 'table+ %2)) (list 'table+ (first tables)) (rest tables)))

(def ^:private queries
  "{query [tables condition]}"
  {:q2 '[[part supplier partsupp nation region]
         (and (= p_partkey ps_partkey) (= s_suppkey ps_suppkey) (= p_size 15) (like p_type "%BRASS")
              (= s_nationkey n_nationkey) (= n_regionkey r_regionkey) (= r_name "EUROPE"))]
   :q3 '[[customer orders lineitem]
         (and (= c_mktsegment "BUILDING") (= c_custkey o_custkey) (= l_orderkey o_orderkey)
              (< o_orderdate "1995-03-15") (> l_shipdate "1995-03-15"))]
   :q5 '[[customer orders lineitem supplier nation region]
         (and (= c_custkey o_custkey) (= l_orderkey o_orderkey) (= l_suppkey s_suppkey) (= c_nationkey s_nationkey)
              (= s_nationkey n_nationkey) (= n_regionkey r_regionkey) (= r_name "ASIA")
              (>= o_orderdate "1994-01-01") (< o_orderdate "1995-01-01"))]
   :q7 '[[supplier lineitem orders customer nation nation2]
         (and (= s_suppkey l_suppkey) (= o_orderkey l_orderkey) (= c_custkey o_custkey) (= s_nationkey n_nationkey)
              (= c_nationkey m_nationkey)
              (or (and (= n_name "FRANCE") (= m_name "GERMANY")) (and (= n_name "GERMANY") (= m_name "FRANCE")))
              (between l_shipdate "1995-01-01" "1996-12-31"))]
   :q8 '[[part supplier lineitem orders customer nation nation2 region]
         (and (= p_partkey l_partkey) (= s_suppkey l_suppkey) (= l_orderkey o_orderkey) (= o_custkey c_custkey)
              (= c_nationkey n_nationkey) (= n_regionkey r_regionkey) (= r_name "AMERICA") (= s_nationkey m_nationkey)
              (between o_orderdate "1995-01-01" "1996-12-31") (= p_type "ECONOMY ANODIZED STEEL"))]
   :q9 '[[part supplier lineitem partsupp orders nation]
         (and (= s_suppkey l_suppkey) (= ps_suppkey l_suppkey) (= ps_partkey l_partkey) (= p_partkey l_partkey)
              (= o_orderkey l_orderkey) (= s_nationkey n_nationkey) (like p_name "%green%"))]
   :q10 '[[customer orders lineitem nation]
          (and (= c_custkey o_custkey) (= l_orderkey o_orderkey) (>= o_orderdate "1993-10-01")
               (< o_orderdate "1994-01-01") (= l_returnflag "R") (= c_nationkey n_nationkey))]})

(defn- shuffled [tables seed]
  (let [list (ArrayList. ^Collection tables)]
    (Collections/shuffle list (Random. seed))
    (vec list)))

(defn- orders
  "The joins of a lowered plan as nested pairs of tables."
  [{:strs [op inputs table build]}]
  (case op
    "scan" (symbol table)
    "join" (let [[l r] (map orders inputs)] (if (= "left" build) (list r l) (list l r)))
    (orders (first inputs))))

(defn- root [plan] (get (core/prepare plan tpch-tables/ctx) "root"))

(defn- nodes [root] (tree-seq map? #(get % "inputs") root))

(deftest the-orders-of-tpch
  (doseq [[query expected]
          '{:q2 ((supplier (partsupp part)) (nation region))
            :q3 (lineitem (orders customer))
            :q5 ((lineitem (orders (customer (nation region)))) supplier)
            :q7 ((lineitem (orders (customer (nation nation2)))) supplier)
            :q8 ((((customer (orders (lineitem part))) (nation region)) supplier) nation2)
            :q9 ((lineitem ((partsupp part) (supplier nation))) orders)
            :q10 (lineitem ((customer orders) nation))}
          :let [[tables condition] (queries query)]]
    (is (= expected (orders (root (list 'filter+ condition (commas tables))))) query)))

(deftest the-order-of-the-tables-does-not-matter
  (doseq [[query [tables condition]] queries
          :let [plan (fn [tables] (orders (root (list 'group+ [] '[[n (count)]] (list 'filter+ condition (commas tables))))))
                once (plan tables)]
          seed (range 4)]
    (testing (str query ", tables shuffled by seed " seed)
      (is (= once (plan (shuffled tables seed)))))))

(deftest no-step-makes-more-rows-than-the-largest-table
  (doseq [[query [tables condition]] queries
          :let [joins (filter #(= "join" (get % "op")) (nodes (root (list 'filter+ condition (commas tables)))))]]
    (is (= (dec (count tables)) (count joins)) query)
    (is (every? #(<= (double (force (get % "rows"))) 6001215.0) joins) query)))

(deftest semi-joins-go-where-they-leave-the-least
  ;; q18: the orders that few are are found before customers and lines; q21: lines are few before they are looked up
  (is (= '(lineitem ((orders lineitem) customer))
         (orders (root '(filter+ (and (= c_custkey o_custkey) (= o_orderkey l_orderkey))
                          (join+ :semi [[o_orderkey k]]
                            (join+ :cross (join+ :cross (table+ customer) (table+ orders)) (table+ lineitem))
                            (project+ [[k l_orderkey]]
                              (filter+ (> q 300M) (group+ [l_orderkey] [[q (sum l_quantity)]] (table+ lineitem))))))))))
  (is (= '(orders (lineitem ((lineitem (supplier nation)) lineitem)))
         (orders (root '(filter+ (and (= s_suppkey l_suppkey) (= o_orderkey l_orderkey) (= o_orderstatus "F")
                                      (> l_receiptdate l_commitdate) (= s_nationkey n_nationkey) (= n_name "SAUDI ARABIA"))
                          (join+ :anti (and (= l_orderkey k3) (not= l_suppkey s3))
                            (join+ :semi (and (= l_orderkey k2) (not= l_suppkey s2))
                              (join+ :cross (join+ :cross (join+ :cross (table+ supplier) (table+ lineitem)) (table+ orders))
                                     (table+ nation))
                              (project+ [[k2 l_orderkey] [s2 l_suppkey]] (table+ lineitem)))
                            (project+ [[k3 l_orderkey] [s3 l_suppkey]]
                              (filter+ (> l_receiptdate l_commitdate) (table+ lineitem))))))))))

;; Chains and stars of many tables ti with columns ai and bi, as the suites of sqllogictest have them.

(defn- many-ctx [rows]
  {:describe (fn [t _] (let [i (subs (str t) 1)]
                         {:columns [[(str "a" i) :int64] [(str "b" i) :int64]] :stats (if rows {:rows rows} {})}))})

(defn- name-of [prefix i] (symbol (str prefix i)))

(defn- many [n pairs]
  (list 'filter+ (cons 'and (for [[i j] (shuffled pairs 1)] (list '= (name-of "a" i) (name-of "b" j))))
        (commas (shuffled (map #(name-of "t" %) (range n)) 2))))

(deftest many-tables-are-joined-without-cross-products
  (doseq [rows [nil 10]
          n [12 13 64]
          [shape pairs] {:chain (map vector (range (dec n)) (range 1 n))
                         :star (map vector (repeat 0) (range 1 n))}]
    (testing (str shape " of " n " tables of " (or rows "unknown") " rows")
      (let [joins (filter #(= "join" (get % "op"))
                          (nodes (get (core/prepare (many n pairs) (many-ctx rows)) "root")))]
        (is (= (dec n) (count joins)))
        (is (= #{["inner" 1]} (set (map (fn [j] [(get j "kind") (count (get j "left-keys"))]) joins))))))))

(deftest parts-that-nothing-connects-are-crossed-last-the-small-ones-first
  (let [plan '(filter+ (and (= a0 b1) (= a2 b3))
                (join+ :cross (join+ :cross (join+ :cross (join+ :cross (table+ t0) (table+ t2)) (table+ t1)) (table+ t4)) (table+ t3)))
        root (get (core/prepare plan (many-ctx 10)) "root")]
    (is (= '(((t1 t0) (t3 t2)) t4) (orders root)))
    (is (= {"inner" 2 "cross" 2} (frequencies (keep #(get % "kind") (nodes root)))))))
