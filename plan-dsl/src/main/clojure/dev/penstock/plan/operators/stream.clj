(ns dev.penstock.plan.operators.stream
  "Documentation and examples of the stream operators. Items of a relation are maps from keyword to value;
  f is a function object, a partial application (f a b) to let+ names and constants, or a built-in.")

(def ^:private numbers "(values+ [A] [[1] [2] [3]])")

(def ^:private summing
  "{:init (fn [] 0) :step (fn [acc row] (+ acc (:A row))) :merge +}")

(def operators
  [{:name 'map+ :level :stream
    :usage ["(map+ f s)" "(map+ f [[Name type] ...] s)"]
    :doc "f of each item, in order. With a schema the results are rows (maps)."
    :example (str "(map+ (fn [row] {:B (* 10 (:A row))}) [[B :int64]]\n  " numbers ")")
    :gives [[10] [20] [30]]}
   {:name 'mapcat+ :level :stream
    :usage ["(mapcat+ f s)" "(mapcat+ f [[Name type] ...] s)" "(mapcat+ (tuple-matches hashes {:keys [...] :kind :inner}) s)"]
    :doc "The items that f gives (a seq) for each item, in order."
    :example (str "(mapcat+ (fn [row] (repeat (:A row) row)) [[A :int64]]\n  " numbers ")")
    :gives [[1] [2] [2] [3] [3] [3]]}
   {:name 'first+ :level :stream :text true
    :usage ["(first+ s)"]
    :doc "The first item only."
    :example (str "(first+ (sort+ [[A :desc]] " numbers "))")
    :gives [[3]]}
   {:name 'mux+ :level :stream :text true
    :usage ["(mux+ s1 s2 ...)"]
    :doc "The items of all streams, as they come."
    :example "(mux+ (values+ [A] [[1]]) (values+ [A] [[2]]))"
    :gives [[1] [2]]}
   {:name 'pmap+ :level :stream
    :usage ["(pmap+ f s)" "(pmap+ f [[Name type] ...] s)"]
    :doc "As map+, in parallel; the order is not kept."
    :example (str "(pmap+ (fn [row] {:B (- (:A row))}) [[B :int64]]\n  " numbers ")")
    :gives [[-1] [-2] [-3]]}
   {:name 'pmapcat+ :level :stream
    :usage ["(pmapcat+ f s)" "(pmapcat+ f [[Name type] ...] s)"]
    :doc "As mapcat+, in parallel; the order is not kept."
    :example (str "(pmapcat+ (fn [row] [row row]) [[A :int64]]\n  " numbers ")")
    :gives [[1] [1] [2] [2] [3] [3]]}
   {:name 'pfilter+ :level :stream
    :usage ["(pfilter+ f s)"]
    :doc "As filter+ with a function, in parallel; the order is not kept."
    :example (str "(pfilter+ (fn [row] (odd? (:A row)))\n  " numbers ")")
    :gives [[1] [3]]}
   {:name 'preduce+ :level :stream
    :usage ["(preduce+ {:init f :step g :merge h :finish i} s)" "(preduce+ (hash-tuples {:keys [...]}) s)"]
    :doc "Reduces a stream in parallel to one item: each part starts with (init), goes on with (step acc item), parts are put together by (merge acc acc), the result is (finish acc)."
    :example (str "(preduce+ " summing "\n  " numbers ")")
    :gives [[6]]}
   {:name 'pmap-chunk+ :level :stream
    :usage ["(pmap-chunk+ f s)" "(pmap-chunk+ f [[Name type] ...] s)"]
    :doc "As pmap+, but f gets a vector of items and gives a vector of items."
    :example (str "(pmap-chunk+ (fn [rows] (mapv (fn [row] {:B (inc (:A row))}) rows)) [[B :int64]]\n  " numbers ")")
    :gives [[2] [3] [4]]}
   {:name 'preduce-chunk+ :level :stream
    :usage ["(preduce-chunk+ {:init f :step g :merge h :finish i} s)"]
    :doc "As preduce+, but :step gets acc and a vector of items."
    :example (str "(preduce-chunk+ {:init (fn [] 0) :step (fn [acc rows] (+ acc (count rows))) :merge +}\n  " numbers ")")
    :gives [[3]]}
   {:name 'rechunk+ :level :stream :text true
    :usage ["(rechunk+ n s)"]
    :doc "The same items in chunks (and batches) of n from here on."
    :example (str "(rechunk+ 2 " numbers ")")
    :gives [[1] [2] [3]]}
   {:name 'number+ :level :stream :text true
    :usage ["(number+ Name rel)"]
    :doc "Adds an int64 column that numbers the rows from 0 in order."
    :example "(number+ Row (values+ [A] [[\"x\"] [\"y\"]]))"
    :gives [["x" 0] ["y" 1]]}
   {:name 'reorder+ :level :stream :text true
    :usage ["(reorder+ Name rel)"]
    :doc "Restores the order of a number+ column."
    :example "(reorder+ Row (number+ Row (values+ [A] [[\"x\"] [\"y\"]])))"
    :gives [["x" 0] ["y" 1]]}
   {:name 'let+ :level :stream :text true
    :usage ["(let+ [name stream ...] body)"]
    :doc "Names the first item of a stream; functions in the body may take it as an argument, as in (f name). With hash-tuples and tuple-matches it is the hash join."
    :example "(let+ [hashes (first+ (preduce+ (hash-tuples {:keys [DeptID]})\n                          (values+ [DeptID Dept] [[1 \"Law\"]])))]\n  (mapcat+ (tuple-matches hashes {:keys [DeptID] :kind :inner})\n    (values+ [Name DeptID] [[\"Ann\" 1] [\"Bo\" 9]])))"
    :gives [[1 "Ann" "Law"]]}
   {:name 'let-stream+ :level :stream :text true
    :usage ["(let-stream+ [name stream ...] body)"]
    :doc "Names a stream that may be consumed several times in the body, as a bare symbol."
    :example (str "(let-stream+ [s " numbers "]\n  (mux+ s (filter+ (> A 2) s)))")
    :gives [[1] [2] [3] [3]]}])
