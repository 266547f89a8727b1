(ns dev.penstock.compiler.differential
  "What the differential tests ask of Clojure: plans, what the naive evaluator gives for them, and whether the engine gave
  the same."
  (:require [clojure.string :as str]
            [dev.penstock.compiler.expressions :as expressions]
            [dev.penstock.compiler.random-plans :as random-plans]
            [dev.penstock.compiler.sweep :as sweep]
            [dev.penstock.compiler.tables :as tables]
            [dev.penstock.plan.check :as check]
            [dev.penstock.plan.dsl]
            [dev.penstock.plan.functions :as functions]
            [dev.penstock.plan.naive :as naive]
            [dev.penstock.plan.naive.order :as order]
            [dev.penstock.plan.operators :as operators]
            [dev.penstock.plan.print :as print]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types])
  (:import (dev.penstock.batch Interval)))

(defn- host-value [v]
  (if (types/interval? v) (Interval. (:months v) (:days v) (:micros v)) v))

(defn table-columns "[[name type-text] ...]" []
  (mapv (fn [[name type _]] [(str name) (types/text type)]) tables/columns))

(defn table-rows "Rows of host values by table name." [tables]
  (into {} (map (fn [[name rows]] [(str name) (mapv #(mapv host-value %) rows)])) tables))

(defn tables "The tables of a seed." [seed] (tables/tables seed))
(defn plan "The plan of a seed." [seed] (random-plans/plan seed))
(defn sweep "Plans that call every function." [] (sweep/plans))
(defn text [plan] (print/text plan))

(defn rows-of "Rows of a scan, for the naive evaluator." [tables]
  (let [place (into {} (map-indexed (fn [i [name]] [name i])) tables/columns)]
    (fn [{:keys [table columns]}]
      (map (fn [row] (mapv #(nth row (place %)) columns)) (get tables (symbol (str table)))))))

(defn- root-order
  "The sort items of a plan whose result is ordered, else nil."
  [{:keys [op items inputs]}]
  (case op
    (:sort :top) items
    (:with :let) (recur (peek inputs))
    nil))

(defn naive
  "{:schema :rows :order} of a plan, or {:error message :code kw}."
  [plan tables]
  (let [checked (check/check plan random-plans/ctx)]
    (try
      (assoc (naive/evaluate checked {:rows-of (rows-of tables) :now (:now random-plans/ctx)}) :order (root-order checked))
      (catch clojure.lang.ExceptionInfo e
        (when-not (:code (ex-data e)) (throw e))
        {:error (ex-message e) :code (:code (ex-data e))}))))

(defn strict?
  "Must an error of one side be one of the other? Yes when it can come from the root only, where no row is dropped."
  [plan tables]
  (let [below (random-plans/may-fail plan)]
    (boolean (and below (not (:error (naive below tables)))))))

(defn failed "The message of the error that the naive evaluator gave, or nil." [expected] (:error expected))

(defn- plain [v]
  (if (instance? Interval v)
    {:months (.months ^Interval v) :days (.days ^Interval v) :micros (.micros ^Interval v)}
    v))

(defn- comparable
  "A row as [values that are = when they are the same, floats (of columns named z...) to be compared by near?]."
  [schema row]
  (let [vs (map (fn [{:keys [type] :as field} v]
                  [(and (= :float64 type) (expressions/inexact? field)) (if (= :any type) v (order/key-of type (plain v)))])
                schema row)]
    [(mapv second (remove first vs)) (mapv second (filter first vs))]))

(defn- near? [a b]
  (or (= a b)
      (and (number? a) (number? b)
           (<= (abs (- (double a) (double b))) (* 1e-9 (max 1.0 (abs (double a)) (abs (double b))))))))

(defn- shown [rows] (str/join "\n" (map pr-str (take 12 rows))))

(defn- in-order "Rows in some total order; what a row is ordered by is made once." [rows]
  (map second (sort-by first (map (fn [row] [(mapv #(if (nil? %) "" (str "=" %)) (apply concat row)) row]) rows))))

(defn- near-rows? [expected actual]
  (and (= (count expected) (count actual))
       (every? true? (map (fn [[x xs] [y ys]] (and (= x y) (every? true? (map near? xs ys)))) (in-order expected) (in-order actual)))))

(defn- bag-difference [expected actual]
  (let [as (frequencies expected), bs (frequencies actual)]
    (when-not (or (= as bs) (near-rows? expected actual))
      (let [missing (remove #(= (as %) (bs %)) (keys as)), extra (remove #(= (as %) (bs %)) (keys bs))]
        (str "expected " (count expected) " rows, got " (count actual)
             "\nnot in the result of the engine, or not as often:\n" (shown missing)
             "\nonly in the result of the engine, or more often:\n" (shown extra))))))

(defn difference
  "What is different between the naive result and rows of host values of the engine; the empty string if nothing is."
  [{:keys [schema rows order]} engine-rows]
  (let [by-name (fn [row] (zipmap (map :name schema) row))
        order-keys (fn [rows]
                     (mapv (fn [row] (mapv (fn [{:keys [expr]}] (order/key-of (:type expr) (plain (get (by-name row) (:name expr))))) order))
                           rows))
        engine-rows (map vec engine-rows)]
    (or (bag-difference (map #(comparable schema %) rows) (map #(comparable schema %) engine-rows))
        (when (and order (every? (comp tree/column? :expr) order)
                   (not= (order-keys rows) (order-keys engine-rows)))
          (str "the rows are not in the order of " (pr-str (map (comp :name :expr) order))))
        "")))

(defn example-names [] (map str (keys operators/registry)))

(defn example-plan [name]
  (binding [*ns* (create-ns 'dev.penstock.compiler.examples)]
    (refer 'clojure.core)
    (refer 'dev.penstock.plan.dsl)
    (eval (read-string (:example (operators/registry (symbol name)))))))

(defn example-subplan
  "What the example of sparql+ means: there are no triples here."
  [_]
  '(values+ [who] [["http://x/bo"]]))

(defn example-difference [name engine-rows]
  (let [plan (example-plan name)
        schema (:schema (check/check plan {:functions? true :subplan (fn [_ text] (example-subplan text))}))]
    (difference {:schema schema :rows (:gives (operators/registry (symbol name)))} engine-rows)))

(def ^:private canonical "Functions that a lowered plan writes otherwise, and what it has beside them."
  [#{"now" "today" "xor"} #{"negate"}])

(defn lowered-function-names "The names that kernels are needed for." []
  (let [[gone added] canonical]
    (into (sorted-set) (concat added (remove gone (map str (keys functions/scalars)))))))

(defn function-examples
  "[text plan expected] of every example of a scalar function."
  []
  (for [name (keys functions/scalars), [form value] (functions/examples name)]
    (let [over (fn [e] (list 'project+ [['x e]] '(values+ [A] [[1]])))]
      [(print/text form) (over form) (naive (over value) {})])))
