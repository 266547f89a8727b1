(ns dev.penstock.plan.estimate-test
  (:require [clojure.string :as str]
            [clojure.test :refer [are deftest is]]
            [dev.penstock.plan.check :as check]
            [dev.penstock.plan.core :as core]
            [dev.penstock.plan.estimate :as estimate]
            [dev.penstock.plan.estimate.column :as column]
            [dev.penstock.plan.fixture :as fixture]
            [dev.penstock.plan.tpch-tables :as tpch-tables]))

(deftest rows-of-plans
  (are [plan n] (= n (some-> (estimate/rows (fixture/checked plan)) double Math/round))
    "(table+ people)" 1000
    "(table+ all)" nil
    "(table+ people [Age] {:filter (> Age 3)})" 300
    "(table+ people [Age] {:filter (> Age 3) :limit 7})" 7
    "(filter+ (and (> Age 3) (< Age 30)) (table+ people))" 90
    "(filter+ (and (> DeptID 3) (> DeptID 3) (> DeptID 3) (> DeptID 3) (> DeptID 3)) (table+ dept))" 1
    "(join+ (table+ people) (table+ dept))" 1000
    "(join+ :cross (table+ people [Name]) (table+ dept))" 10000
    "(join+ :semi (table+ people) (table+ dept))" 1000
    "(join+ [[DeptID l]] (table+ people) (table+ all))" nil
    "(union+ (table+ dept) (table+ dept))" 20
    "(group+ [] [[n (count)]] (table+ all))" 1
    "(group+ [Age] [[n (count)]] (table+ people))" 100
    "(top+ 5 [DeptID] (table+ dept))" 5
    "(slice+ 3 nil (table+ dept))" 7
    "(values+ [A] [[1] [2]])" 2
    "(with+ [d (table+ dept)] (union+ d d d))" 30))

(deftest a-join-builds-its-smaller-side
  (let [side (fn [text] (->> (get (core/prepare (core/read-plan text nil) fixture/ctx) "root")
                             (tree-seq map? #(get % "inputs")) (keep #(get % "build")) first))]
    (are [plan build] (= build (side plan))
      "(join+ (table+ people) (table+ dept))" "right"
      "(join+ (table+ dept) (table+ people))" "left"
      "(join+ :left (table+ dept) (table+ people))" "left"
      "(join+ :semi (table+ dept) (table+ people))" "left"
      "(join+ :left (table+ people) (table+ dept))" "right"
      "(join+ :mark (table+ dept) (table+ people) {:mark M})" "right"
      "(join+ [[DeptID l]] (table+ dept) (table+ all))" "left"
      "(join+ [[DeptID l]] (union+ (table+ people) (table+ people)) (table+ all))" "right"
      "(join+ [[l DeptID]] (table+ all) (table+ dept))" "right"
      "(with+ [d (table+ dept)] (join+ d (join+ [DeptID] (table+ people) d)))" "right")))

(defn- tpch-rows [plan] (Math/round (double (estimate/rows (check/check plan tpch-tables/ctx)))))

(deftest rows-of-filters-out-of-statistics
  (are [predicate n] (= n (tpch-rows (list 'filter+ predicate '(table+ orders))))
    '(= o_orderkey 7) 1
    '(= o_orderkey 7000000) 1 ; out of range: at least one row is assumed all the same
    '(= o_orderstatus "F") 500000
    '(= "F" o_orderstatus) 500000
    '(not= o_orderstatus "F") 1000000
    '(not (= o_orderstatus "F")) 1000000
    '(in o_orderstatus ["F" "O"]) 1000000
    '(in o_shippriority [0 1 2]) 1500000 ; 1 and 2 are out of range
    '(is-null o_custkey) 1
    '(is-not-null o_custkey) 1500000
    '(< o_orderkey 1500001) 375000
    '(> o_orderkey 1500001) 1125000
    '(>= o_orderkey 0) 1500000
    '(> o_orderkey 6000000) 1
    '(between o_orderkey 1500001 3000001) 375000
    '(< 1500001 o_orderkey) 1125000
    '(>= o_orderdate "1992-01-01") 1500000
    '(< o_orderdate "1993-01-01") 228274
    '(and (>= o_orderdate "1994-01-01") (< o_orderdate "1995-01-01")) 227651
    '(= (year o_orderdate) 1995) 214286
    '(= (month o_orderdate) 5) 125000
    '(and (= o_orderstatus "F") (= o_orderpriority "1-URGENT")) 100000
    '(or (= o_orderstatus "F") (= o_orderpriority "1-URGENT")) 700000
    '(like o_comment "special%") 150000
    '(like o_comment "%") 1500000
    '(> o_totalprice 100000M) 450000 ; no range is known
    '(= o_custkey o_orderkey) 1
    '(> o_custkey o_orderkey) 18750 ; the range of one is a small part of the other's
    '(= (+ o_custkey 1) 5) 15
    true 1500000))

(deftest infinite-floats-have-no-place-on-the-line
  (are [v] (nil? (column/position v)) ##Inf ##-Inf ##NaN nil)
  (is (= 2.5 (column/position 2.5)))
  (is (nil? (column/range-of {:min ##-Inf :max 2.5}))))

(deftest rows-of-joins-out-of-statistics
  (are [plan n] (= n (tpch-rows plan))
    '(join+ [[o_custkey c_custkey]] (table+ orders) (table+ customer)) 1500000
    ;; a fifth of the customers has a fifth of the orders
    '(join+ [[o_custkey c_custkey]] (table+ orders) (filter+ (= c_mktsegment "BUILDING") (table+ customer))) 300000
    ;; when both sides are cut by the key itself its domain is smaller
    '(join+ [[o_orderkey l_orderkey]] (filter+ (< o_orderkey 60001) (table+ orders)) (filter+ (< l_orderkey 60001) (table+ lineitem))) 60012
    ;; two keys that are one: partsupp is unique by them
    '(join+ [[l_partkey ps_partkey] [l_suppkey ps_suppkey]] (table+ lineitem) (table+ partsupp)) 6001215
    '(join+ [[l_partkey p_partkey]] (table+ lineitem) (filter+ (= p_size 15) (table+ part))) 120024
    '(join+ :left [[o_custkey c_custkey]] (table+ orders) (filter+ (= c_custkey 3) (table+ customer))) 1500000
    '(join+ :right [[o_custkey c_custkey]] (filter+ (= o_orderkey 3) (table+ orders)) (table+ customer)) 150000
    '(join+ :full [[n_regionkey r_regionkey]] (table+ nation) (table+ region)) 25
    '(join+ :semi [[c_custkey o_custkey]] (table+ customer) (table+ orders)) 99996
    '(join+ :anti [[c_custkey o_custkey]] (table+ customer) (table+ orders)) 50004
    '(join+ :cross (table+ nation) (table+ region)) 125
    '(join+ (< n_nationkey r_regionkey) (table+ nation) (table+ region)) 10))

(deftest rows-of-other-operators-out-of-statistics
  (are [plan n] (= n (tpch-rows plan))
    '(group+ [l_returnflag l_linestatus] [[n (count)]] (table+ lineitem)) 6
    '(group+ [l_orderkey] [[n (count)]] (table+ lineitem)) 1500000
    '(group+ [[y (year l_shipdate)]] [[n (count)]] (table+ lineitem)) 7
    '(group+ [l_returnflag l_linestatus] [[n (count)]] (table+ lineitem) {:sets [[l_returnflag l_linestatus] [l_returnflag] []]}) 10
    ;; grouping by a key and more is grouping by the key
    '(group+ [o_orderkey o_orderdate o_custkey] [[n (count)]] (table+ orders)) 1500000
    '(group+ [o_orderdate] [[n (count)]] (filter+ (< o_orderdate "1992-02-01") (table+ orders))) 31
    '(distinct+ (project+ [c_nationkey c_mktsegment] (table+ customer))) 125
    '(union+ (project+ [n_name] (table+ nation)) (project+ [r_name] (table+ region))) 30
    '(intersect+ (project+ [n_regionkey] (table+ nation)) (project+ [r_regionkey] (table+ region))) 5
    '(minus+ (project+ [n_nationkey] (table+ nation)) (project+ [s_nationkey] (table+ supplier))) 25
    '(window+ [[r (rank) {:order [s_name]}]] (table+ supplier)) 10000
    '(join+ [[g o_orderkey]] (group+ [[g l_orderkey]] [[q (sum l_quantity)]] (table+ lineitem)) (table+ orders)) 1500000
    '(with+ [few (filter+ (= n_name "X") (table+ nation))] (join+ [[s_nationkey n_nationkey]] (table+ supplier) few)) 400))

(deftest explain-shows-estimates
  (is (= ["(~25 rows)" "(~25 rows)" "(~25 rows)" "(~150k rows)" "(~25 rows)"]
         (mapv #(re-find #"\(~[^)]*\)$" %)
               (str/split-lines
                (get (core/prepare '(group+ [n_name] [[n (count)]]
                                      (join+ [[c_nationkey n_nationkey]] (table+ customer) (table+ nation)))
                                   tpch-tables/ctx)
                     "physical"))))))

(deftest the-build-side-is-the-one-of-fewer-bytes
  ;; 30000 customers with all their columns take more than 40000 keys of parts
  (let [build (fn [plan] (get (core/prepare plan tpch-tables/ctx) "root"))]
    (is (= "left" (get (build '(project+ [c_name c_phone c_acctbal l]
                                 (join+ [[l c_custkey]]
                                   (project+ [[l l_partkey]] (slice+ 0 40000 (table+ lineitem)))
                                   (slice+ 0 30000 (table+ customer)))))
                       "build")))
    (is (= "right" (get (build '(join+ [[l c]]
                                  (project+ [[l l_partkey]] (slice+ 0 40000 (table+ lineitem)))
                                  (project+ [[c c_custkey]] (slice+ 0 30000 (table+ customer)))))
                        "build")))))
