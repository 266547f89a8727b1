(ns dev.penstock.plan.lower-test
  (:require [clojure.test :refer [are deftest is testing]]
            [dev.penstock.plan.core :as core]
            [dev.penstock.plan.fixture :as fixture :refer [checked]]
            [dev.penstock.plan.lower :as lower]
            [dev.penstock.plan.lower.expr :as expr]
            [dev.penstock.plan.read :as read])
  (:import (java.time Instant LocalDate)))

(defn- estimated
  "A lowered node with its number of rows instead of a delay."
  [node]
  (cond-> (update node "inputs" (partial mapv estimated))
    (delay? (get node "rows")) (update "rows" force)))

(defn- lowered [plan] (lower/lower (checked plan) fixture/ctx))

(defn- brief
  "A lowered expression without types: an ordinal, [value], or (f args)."
  [e]
  (case (get e "kind")
    "column" (get e "index")
    "literal" [(get e "value")]
    "call" (apply list (symbol (get e "fn")) (map brief (get e "args")))
    nil))

(defn- nodes [root] (tree-seq map? #(get % "inputs") root))
(defn- ops [plan] (mapv #(get % "op") (nodes (lowered plan))))

(deftest a-scan
  (is (= {"op" "scan" "id" 0 "inputs" [] "handle" nil "table" "people" "columns" ["Name" "Age"]
          "options" {:header false} "limit" 5 "rows" 5.0
          "filter" {"kind" "call" "fn" ">" "type" "boolean"
                    "args" [{"kind" "column" "index" 1 "type" "int32"}
                            {"kind" "literal" "value" 3 "type" "int32"}]}
          "schema" [{"name" "Who" "type" "varchar" "nullable" false}
                    {"name" "Age" "type" "int32" "nullable" true}]}
         (estimated (lowered "(table+ people [[Who Name] Age] {:filter (> Age 3) :limit 5 :header false})")))))

(deftest values-are-those-of-java
  (let [rows (get (lowered "(values+ [a b [c :int32]] [[#hex \"ff\" #interval \"P1M\" 3]])") "rows")
        [[a b c]] rows]
    (is (= [-1] (vec a)))
    (is (= {"months" 1 "days" 0 "micros" 0} b))
    (is (= [Long 3] [(class c) c]))))

(deftest now-is-a-literal-of-the-query
  (is (= [[(Instant/parse "2026-01-02T03:04:05.123456Z")] [(LocalDate/of 2026 1 2)]]
         (map brief (get (lowered "(project+ [[n (now)] [t (today)]] (values+ [x] [[1]]))") "exprs")))))

(deftest expressions-have-ordinals
  (is (= '[0 (+ (cast 1) [1]) (- 1) (case (> 1 [3]) [1] [2]) (and (>= 1 [1]) (<= 1 [2])) (in 1 [1] [2])]
         (mapv brief (get (lowered "(project+ [Name [a (+ Age 1)] [b (- Age)] [c (if (> Age 3) 1 2)] [d (between Age 1 2)] [e (in Age [1 2])]] (table+ people))") "exprs")))))

(deftest a-parameter-is-a-literal-that-may-be-replaced
  (let [[_ p] (get (first (get (lowered "(project+ [[x (= Age (param 1 3))]] (table+ people))") "exprs")) "args")]
    (is (= {"kind" "literal" "value" 3 "type" "int32" "parameter" 1 "from" "int64"} p)))
  (let [p (first (get (lowered "(project+ [[x (cast (param 0 \"2020-01-02\") :date)]] (table+ people))") "exprs"))]
    (is (= {"kind" "literal" "value" (LocalDate/of 2020 1 2) "type" "date" "parameter" 0 "from" "varchar"} p)))
  (testing "other values"
    (are [v from to given] (= given (expr/given v from to))
      5 "int64" "int32" 5
      5000000000 "int64" "int32" nil
      1.50M "decimal(3,2)" "decimal(10,3)" 1.500M
      1.505M "decimal(4,3)" "decimal(10,2)" nil
      "soon" "varchar" "date" nil)))

(deftest rules-do-not-go-by-a-parameter
  (let [rewritten #(get (core/prepare (read/read-plan % nil) fixture/ctx) "rewritten")]
    (is (= "(table+ dept [DeptID DeptName] {:filter (= (param 0 1) 2)})"
           (rewritten "(filter+ (= (param 0 1) 2) (table+ dept))")))
    (is (= "(table+ dept [DeptID DeptName] {:filter (and (= DeptID (param 0 1)) (= DeptID (param 1 2)))})"
           (rewritten "(filter+ (and (= DeptID (param 0 1)) (= DeptID (param 1 2))) (table+ dept))")))))

(deftest bind-becomes-projects-in-layers
  (let [root (lowered "(bind+ [[a (+ DeptID 1)] [b (* a 2)] [c (- DeptID 2)]] (table+ dept))")
        below (first (get root "inputs"))]
    (is (= '[0 1 2 (* 2 [2]) 3] (mapv brief (get root "exprs"))))
    (is (= '[0 1 (+ (cast 0) [1]) (- (cast 0) [2])] (mapv brief (get below "exprs"))))
    (is (= ["DeptID" "DeptName" "a" "b" "c"] (mapv #(get % "name") (get root "schema"))))
    (is (= ["DeptID" "DeptName" "a" "c"] (mapv #(get % "name") (get below "schema")))))
  (is (= ["scan"] (ops "(bind+ [] (table+ dept))"))))

(defn- join-of [plan]
  (let [join (first (filter #(= "join" (get % "op")) (nodes (lowered plan))))]
    (-> (select-keys join ["kind" "null-safe" "output" "build" "strategy"])
        (assoc "keys" (mapv #(vector (brief %1) (brief %2)) (get join "left-keys") (get join "right-keys"))
               "residual" (some-> (get join "residual") brief)))))

(deftest joins
  (are [plan join] (= join (join-of plan))
    "(join+ (table+ people [Name DeptID]) (table+ dept))"
    '{"kind" "inner" "keys" [[1 (cast 0)]] "null-safe" [false] "output" [1 0 3] "build" "right" "strategy" "hash" "residual" nil}
    "(join+ (table+ dept) (table+ people [Name DeptID]))"
    '{"kind" "inner" "keys" [[(cast 0) 1]] "null-safe" [false] "output" [0 1 2] "build" "left" "strategy" "hash" "residual" nil}
    "(join+ :right (table+ people [Name DeptID]) (table+ dept))"
    '{"kind" "right" "keys" [[1 (cast 0)]] "null-safe" [false] "output" [2 0 3] "build" "right" "strategy" "hash" "residual" nil}
    "(join+ :left (and (is-not-distinct Name DeptName) (> Age DeptID)) (table+ people [Name Age]) (table+ dept))"
    '{"kind" "left" "keys" [[0 1]] "null-safe" [true] "output" [0 1 2 3] "build" "right" "strategy" "hash" "residual" (> 1 2)}
    "(join+ :mark (> Age DeptID) (table+ people [Name Age]) (table+ dept) {:mark M})"
    '{"kind" "mark" "keys" [] "null-safe" [] "output" [0 1 4] "build" "right" "strategy" "nested-loop" "residual" (> 1 2)}
    "(join+ :semi [DeptID] (table+ people [Name Age DeptID]) (table+ dept) {:on (> Age DeptID)})"
    '{"kind" "semi" "keys" [[2 (cast 0)]] "null-safe" [false] "output" [0 1 2] "build" "right" "strategy" "hash" "residual" (> (cast 1) 2)}
    "(join+ :cross (table+ people [Name]) (table+ dept))"
    '{"kind" "cross" "keys" [] "null-safe" [] "output" [0 1 2] "build" "right" "strategy" "nested-loop" "residual" nil}))

(deftest a-choice-of-columns-above-a-join-is-its-output
  (let [root (lowered "(project+ [[D DeptName] Name] (join+ (table+ people [Name DeptID]) (table+ dept)))")]
    (is (= ["join" [3 0] ["D" "Name"]]
           [(get root "op") (get root "output") (mapv #(get % "name") (get root "schema"))])))
  (is (= ["join" []] ((juxt #(get % "op") #(get % "output"))
                      (lowered "(project+ [] (join+ (table+ people [Name DeptID]) (table+ dept)))"))))
  (are [items] (= "project" (get (lowered (str "(project+ " items " (join+ (table+ people [Name DeptID]) (table+ dept)))")) "op"))
    "[Name [Again Name]]" "[[x 1]]" "[[u (upper Name)]]")
  (testing "not of a join that others use too"
    (is (= ["union" "project" "shared" "join"]
           (take 4 (ops "(with+ [j (join+ (table+ people [Name DeptID]) (table+ dept))] (union+ (project+ [Name] j) (project+ [Name] j)))"))))))

(deftest the-shared-columns-of-a-full-join-are-coalesced-above-it
  (let [root (lowered "(join+ :full (table+ people [Name DeptID]) (table+ dept))")
        join (first (get root "inputs"))]
    (is (= '[(coalesce 1 (cast 2)) 0 3] (mapv brief (get root "exprs"))))
    (is (= [0 1 2 3] (get join "output")))
    (is (= [["Name" true] ["DeptID" true] ["DeptID_2" true] ["DeptName" true]]
           (mapv (juxt #(get % "name") #(get % "nullable")) (get join "schema"))))))

(deftest the-hash-join-of-let-is-a-join
  (is (= (-> (join-of "(join+ [DeptID] (table+ people [Name DeptID]) (table+ dept))"))
         (join-of "(let+ [h (first+ (preduce+ (hash-tuples {:keys [DeptID]}) (table+ dept)))] (mapcat+ (tuple-matches h {:keys [DeptID]}) (table+ people [Name DeptID])))")))
  (is (= ["join" "scan" "scan"]
         (ops "(let+ [h (first+ (preduce+ (hash-tuples {:keys [DeptID]}) (table+ dept)))] (mapcat+ (tuple-matches h {:keys [DeptID]}) (table+ people)))")))
  (testing "one hashed stream, two joins: it is computed once"
    (let [shared (filter #(= "shared" (get % "op"))
                         (nodes (lowered "(let+ [h (first+ (preduce+ (hash-tuples {:keys [DeptID]}) (table+ dept)))] (union+ (mapcat+ (tuple-matches h {:keys [DeptID]}) (table+ people)) (mapcat+ (tuple-matches h {:keys [DeptID]}) (table+ people))))")))]
      (is (= 2 (count shared)))
      (is (identical? (first shared) (second shared)))))
  (is (= "hash-tuples is run as the build side of tuple-matches only, in (let+ [h (first+ (preduce+ (hash-tuples {...}) rel))] (mapcat+ (tuple-matches h {...}) s))"
         (fixture/message lowered "(preduce+ (hash-tuples {:keys [DeptID]}) (table+ dept))"))))

(deftest groups
  (let [root (lowered "(group+ [DeptID [y (year Born)]] [[n (count)] [g (grouping y)] [s (sum Age {:distinct true :filter (> Age 3)})]] (table+ people) {:sets [[DeptID y] [y] []]})")]
    (is (= '[2 (year 3)] (mapv brief (get root "keys"))))
    (is (= [[0 1] [1] []] (get root "sets")))
    (is (= '[["count" [] [] false nil "int64"] ["grouping" [] [1] false nil "int64"] ["sum" [1] [] true (> 1 [3]) "int64"]]
           (mapv (fn [{:strs [fn args params distinct filter type]}]
                   [fn (mapv brief args) params distinct (some-> filter brief) type])
                 (get root "aggregates"))))
    (is (= [true true false false true] (mapv #(get % "nullable") (get root "schema")))))
  (testing "literals that are the same for all rows, and the order of the rows"
    (is (= '[["string-agg" [0] ["-"] [[1 true false]]] ["percentile-cont" [1] [0.5 false] []] ["count" [] [] []]]
           (->> (get (lowered "(group+ [] [[s (string-agg Name \"-\" {:order [[Age :desc]]})] [m (median Age)] [c (count-if (> Age 3))]] (table+ people [Name Age]))")
                     "aggregates")
                (mapv (fn [{:strs [fn args params order]}]
                        [fn (mapv #(brief (if (= "cast" (get % "fn")) (first (get % "args")) %)) args) params
                         (mapv #(vector (brief (get % "expr")) (get % "descending") (get % "nulls-first")) order)])))))))

(deftest windows-stack-and-keep-the-order-of-columns
  (let [root (lowered "(window+ [[r (rank) {:order [Age]}] [s (sum Age) {:partition [DeptID]}] [d (lag Age 2) {:order [Age]}]] (table+ people [Age DeptID]))")]
    (is (= '[0 1 2 4 3] (mapv brief (get root "exprs"))))
    (is (= [["sum"] ["rank" "lag"]]
           (->> (nodes root) (filter #(= "window" (get % "op"))) (mapv (fn [w] (mapv #(get % "fn") (get w "functions")))))))
    (let [inner (-> root (get "inputs") first (get "inputs") first)]
      (is (= [{"kind" "unbounded-preceding"} {"kind" "current-row"}]
             ((juxt #(get % "start") #(get % "end")) (get (first (get inner "functions")) "frame"))))
      (is (= [{"expr" {"kind" "column" "index" 0 "type" "int32"} "descending" false "nulls-first" false}]
             (get inner "order")))
      (is (= '[0 [2]] (mapv brief (get (second (get inner "functions")) "args"))))))
  (is (= {"kind" "preceding" "offset" 2 "type" "int64"}
         (get-in (lowered "(window+ [[s (sum Age) {:frame [:rows [:preceding 2] :current-row]}]] (table+ people))")
                 ["functions" 0 "frame" "start"]))))

(deftest names-are-shared-when-used-twice
  (let [refs (filter #(= "shared" (get % "op")) (nodes (lowered "(with+ [d (table+ dept)] (union+ d d))")))]
    (is (= ["d" "d"] (map #(get % "name") refs)))
    (is (identical? (first refs) (second refs))))
  (is (= ["union" "scan" "scan"] (ops "(with+ [d (table+ dept) x (table+ people)] (union+ d (table+ dept)))")))
  (testing "ids are unique"
    (let [all (nodes (lowered "(with+ [d (filter+ true (table+ dept))] (join+ [DeptID] d (project+ [DeptID] d)))"))]
      (is (= (count (distinct (map #(get % "id") all))) (count (distinct (map #(System/identityHashCode %) all))))))))

(deftest functions-of-items-are-merged
  (let [root (lowered (list 'map+ str (list 'filter+ odd? (list 'map+ inc '(table+ dept)))))]
    (is (= ["eval" "scan"] (mapv #(get % "op") (nodes root))))
    (is (= [["map" inc []] ["filter" odd? []] ["map" str []]]
           (mapv (juxt #(get % "kind") #(get % "f") #(get % "args")) (get root "steps"))))
    (is (= [true false false false] (mapv #(get root %) ["input-rows" "output-rows" "parallel" "chunk"]))))
  (testing "not over declared rows, nor across parallel and serial"
    (is (= ["eval" "eval" "scan"] (ops (list 'map+ inc (list 'map+ inc '[[A :int64]] '(table+ dept))))))
    (is (= ["eval" "eval" "scan"] (ops (list 'map+ inc (list 'pmap+ inc '(table+ dept)))))))
  (testing "a Java function is called like a Clojure one; let+ names are arguments"
    (let [f (reify java.util.function.BiFunction (apply [_ a b] (+ a b)))
          root (lowered (list 'let+ '[n (first+ (table+ dept))] (list 'map+ (list f 'n 5) '(table+ dept))))
          step (get-in root ["inputs" 0 "steps" 0])]
      (is (= ["let" "n" "first"] [(get root "op") (get-in root ["bindings" 0 "name"]) (get-in root ["bindings" 0 "node" "op"])]))
      (is (= [{"let" "n"} 5] (get step "args")))
      (is (= 7 ((get step "f") 3 4))))))

(deftest other-operators
  (are [plan more] (= more (select-keys (lowered plan) (keys more)))
    "(top+ 3 [[Age :desc :nulls-first]] (table+ people [Age]))" {"op" "top" "limit" 3 "offset" 0}
    "(slice+ 2 nil (table+ dept))" {"op" "slice" "offset" 2 "limit" nil}
    "(distinct+ [DeptName] (table+ dept))" {"op" "distinct" "keys" [1]}
    "(distinct+ (table+ dept))" {"op" "distinct" "keys" nil}
    "(minus+ (table+ dept) (table+ dept) {:all true})" {"op" "set-op" "kind" "minus" "all" true}
    "(unnest+ [e :int64] j (table+ all [j]) {:ordinality n})" {"op" "unnest" "outer" false "ordinality" true}
    "(rechunk+ 7 (table+ dept))" {"op" "rechunk" "size" 7}
    "(reorder+ n (number+ n (table+ dept)))" {"op" "reorder" "column" 2}
    "(mux+ (table+ dept) (table+ dept))" {"op" "mux"}))
