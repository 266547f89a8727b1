(ns dev.penstock.plan.golden-test
  "Golden plans: one EDN file a case in src/test/golden, {:doc :plan :rules :rewritten :streams :nodes}. The tables
  are those below. -Dgolden.write=true rewrites all but :doc and :plan; a person reads the diff. A case
  without its results fails."
  (:require [clojure.edn :as edn]
            [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.test :refer [deftest is testing]]
            [dev.penstock.plan.core :as core])
  (:import (java.io File)
           (java.time Instant)))

(def ^:private money [:decimal 15 2])

(def ^:private tables
  {"Empl" {:columns '[[Name :varchar] [Birth :timestamptz] [Age :int64] [DeptID :int64]] :stats {:rows 100000}}
   "Dept" {:columns '[[DeptID :int64 false] [DeptName :varchar]] :stats {:rows 100}}
   "lineitem.parquet"
   {:columns [['l_orderkey :int64 false] ['l_partkey :int64 false] ['l_suppkey :int64 false]
              ['l_linenumber :int32 false] ['l_quantity money false] ['l_extendedprice money false]
              ['l_discount money false] ['l_tax money false] ['l_returnflag :varchar false]
              ['l_linestatus :varchar false] ['l_shipdate :date false] ['l_comment :varchar false]]
    :stats {:rows 6001215}}
   "orders.parquet"
   {:columns [['o_orderkey :int64 false] ['o_custkey :int64 false] ['o_totalprice money false]
              ['o_orderdate :date false] ['o_shippriority :int32 false] ['o_comment :varchar false]]
    :stats {:rows 1500000}}
   "customer.parquet"
   {:columns [['c_custkey :int64 false] ['c_name :varchar false] ['c_mktsegment :varchar false]]
    :stats {:rows 150000 :keys [["c_custkey"]]}}
   "part.parquet"
   {:columns [['p_partkey :int64 false] ['p_brand :varchar false] ['p_size :int32 false] ['p_container :varchar false]]
    :stats {:rows 200000 :keys [["p_partkey"]]}}
   "supplier.parquet"
   {:columns [['s_suppkey :int64 false] ['s_name :varchar false] ['s_nationkey :int64 false]]
    :stats {:rows 10000 :keys [["s_suppkey"]]}}})

(defn- describe [table _options]
  (or (tables (str table))
      (throw (ex-info (str "unknown table " table) {:category :incorrect :code :unknown-table}))))

(def ^:private ctx
  {:describe describe :now (Instant/parse "2026-01-02T03:04:05Z") :explain? true})

(defn- folder ^File []
  (first (filter #(.isDirectory ^File %)
                 [(io/file "src/test/golden") (io/file "plan-dsl/src/test/golden")])))

(defn- files []
  (sort (filter #(str/ends-with? (.getName ^File %) ".edn") (.listFiles (folder)))))

(defn- lines [text] (str/split-lines text))

(defn- results [plan-text]
  (let [{:strs [rules rewritten streams physical]}
        (core/prepare (core/read-plan plan-text "golden") ctx)]
    {:rules (mapv #(symbol (get % "rule")) rules)
     :rewritten (lines rewritten)
     :streams (lines streams)
     :nodes (lines physical)}))

(defn- write-case [^File file {:keys [doc plan]} results]
  (let [block (fn [key values] (str " " key "\n [" (str/join "\n  " (map pr-str values)) "]"))]
    (spit file
          (str "{:doc " (pr-str doc) "\n :plan\n " (pr-str plan) "\n"
               (str/join "\n" (map (fn [k] (block k (k results))) [:rules :rewritten :streams :nodes]))
               "}\n"))))

(deftest golden-plans
  (is (seq (files)) "no golden plans were found")
  (doseq [^File file (files)]
    (testing (.getName file)
      (let [case (edn/read-string (slurp file))
            plan (if (string? (:plan case)) (:plan case) (pr-str (:plan case)))
            got (results plan)]
        (if (Boolean/getBoolean "golden.write")
          (do (write-case file (assoc case :plan plan) got)
              (is (= plan (:plan (edn/read-string (slurp file))))))
          (doseq [k [:rules :rewritten :streams :nodes]]
            (is (= (get case k) (k got)) (str k))))
        (is (= got (results plan)) "planning the same plan twice gives the same text")))))

(deftest rewritten-plans-are-plans
  (doseq [^File file (files)]
    (testing (.getName file)
      (let [plan (core/read-plan (:plan (edn/read-string (slurp file))) "golden")
            once (core/prepare plan ctx)
            streams (core/prepare (core/read-plan (get once "streams") "streams") ctx)]
        (is (some? (get once "root")))
        (is (= (map #(get % "name") (get-in once ["root" "schema"]))
               (map #(get % "name") (get-in streams ["root" "schema"])))
            "as streams it has the same columns")))))
