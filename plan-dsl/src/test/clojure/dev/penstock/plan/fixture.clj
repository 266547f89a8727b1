(ns dev.penstock.plan.fixture
  "The tables and shorthands of the tests of the plan language."
  (:require [dev.penstock.plan.check :as check]
            [dev.penstock.plan.read :as read])
  (:import (java.time Instant)))

(def tables
  "People and departments, and one column of each type."
  {"people" {:columns '[[Name :varchar false] [Age :int32] [DeptID :int64] [Born :date] [Pay [:decimal 15 2]]]
             :stats {:rows 1000}}
   "dept" {:columns '[[DeptID :int32 false] [DeptName :varchar]] :stats {:rows 10}}
   "all" {:columns [["bool" :boolean] ["i" :int32] ["l" :int64] ["d" :float64] ["dec" "decimal(10,2)"]
                    ["s" :varchar] ["bin" :varbinary] ["day" :date] ["clock" :time] ["ts" :timestamp]
                    ["tz" :timestamptz] ["span" :interval] ["id" :uuid] ["j" :json]]}})

(defn describe [table _options]
  (or (tables (str table))
      (throw (ex-info (str "unknown table " table) {:category :incorrect :code :unknown-table}))))

(def ctx {:describe describe :functions? true :now (Instant/parse "2026-01-02T03:04:05.123456789Z")})

(defn checked "The typed tree of a text or form." [plan]
  (check/check (if (string? plan) (read/read-plan plan "p.edn") plan) ctx))

(defn message "The message of the problem that f's call throws; nil if it throws none." [f & args]
  (try
    (apply f args)
    nil
    (catch clojure.lang.ExceptionInfo e (ex-message e))))

(defn problem-of "The message of checking a text." [text] (message checked text))

(defn expr
  "The typed expression of a form over the table all."
  [form]
  (get-in (checked (list 'project+ [['x form]] '(table+ all))) [:exprs 0 :expr]))

(defn type-of [form] (:type (expr form)))
