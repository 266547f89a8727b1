(ns dev.penstock.plan.tpch-tables
  "The tables of TPC-H at scale 1 as their sources describe them."
  (:import (java.time LocalDate)))

(def ^:private money [:decimal 15 2])

(defn- d [s] (LocalDate/parse s))

(defn- table
  "rows, keys and columns [name type distinct min max]."
  [rows keys & columns]
  {:columns (mapv (fn [[name type]] [name type false]) columns)
   :stats {:rows rows :keys keys
           :columns (into {} (map (fn [[name _ distinct low high]]
                                    [(str name) (cond-> {:nulls 0.0}
                                                  distinct (assoc :distinct distinct)
                                                  low (assoc :min low :max high))]))
                          columns)}})

(def tables
  "By name; nation2 is nation with other names for its columns."
  {"lineitem" (table 6001215 [["l_orderkey" "l_linenumber"]] ['l_orderkey :int64 1500000 1 6000000]
   ['l_partkey :int64 200000 1 200000] ['l_suppkey :int64 10000 1 10000] ['l_linenumber :int32 7 1 7]
   ['l_quantity money 50 1M 50M] ['l_extendedprice money 933900 901M 104949M] ['l_discount money 11 0M 0.1M]
   ['l_tax money 9 0M 0.08M] ['l_returnflag :varchar 3] ['l_linestatus :varchar 2]
   ['l_shipdate :date 2526 (d "1992-01-02") (d "1998-12-01")]
   ['l_commitdate :date 2466 (d "1992-01-31") (d "1998-10-31")]
   ['l_receiptdate :date 2554 (d "1992-01-04") (d "1998-12-31")] ['l_shipmode :varchar 7]
   ['l_shipinstruct :varchar 4])
  "orders" (table 1500000 [["o_orderkey"]] ['o_orderkey :int64 1500000 1 6000000] ['o_custkey :int64 99996 1 149999]
   ['o_orderstatus :varchar 3] ['o_totalprice money 1464556]
   ['o_orderdate :date 2406 (d "1992-01-01") (d "1998-08-02")] ['o_orderpriority :varchar 5]
   ['o_shippriority :int32 1 0 0] ['o_comment :varchar 1482071])
  "customer" (table 150000 [["c_custkey"]] ['c_custkey :int64 150000 1 150000] ['c_name :varchar 150000]
   ['c_nationkey :int32 25 0 24] ['c_mktsegment :varchar 5] ['c_phone :varchar 150000] ['c_acctbal money 140187])
  "supplier" (table 10000 [["s_suppkey"]] ['s_suppkey :int64 10000 1 10000] ['s_name :varchar 10000]
   ['s_nationkey :int32 25 0 24] ['s_acctbal money 9955] ['s_comment :varchar 10000])
  "part" (table 200000 [["p_partkey"]] ['p_partkey :int64 200000 1 200000] ['p_name :varchar 199997]
   ['p_mfgr :varchar 5] ['p_brand :varchar 25] ['p_type :varchar 150] ['p_size :int32 50 1 50]
   ['p_container :varchar 40])
  "partsupp" (table 800000 [["ps_partkey" "ps_suppkey"]] ['ps_partkey :int64 200000 1 200000]
   ['ps_suppkey :int64 10000 1 10000] ['ps_supplycost money 99865 1M 1000M] ['ps_availqty :int32 9999 1 9999])
  "nation" (table 25 [["n_nationkey"]] ['n_nationkey :int32 25 0 24] ['n_name :varchar 25]
   ['n_regionkey :int32 5 0 4])
  "nation2" (table 25 [["m_nationkey"]] ['m_nationkey :int32 25 0 24] ['m_name :varchar 25]
   ['m_regionkey :int32 5 0 4])
  "region" (table 5 [["r_regionkey"]] ['r_regionkey :int32 5 0 4] ['r_name :varchar 5])})

(def ctx
  {:describe (fn [name _]
               (or (tables (str name))
                   (throw (ex-info (str "unknown table " name) {:category :incorrect :code :unknown-table}))))
   :now (java.time.Instant/parse "2026-01-02T03:04:05Z")})
