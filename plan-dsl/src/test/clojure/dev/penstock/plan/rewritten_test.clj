(ns dev.penstock.plan.rewritten-test
  "A rewritten plan means what the plan means: the naive evaluator gives the same bag of rows for both.
  -Dpenstock.rewritten.plans=N takes N plans, -Dpenstock.rewritten.seed=S begins with that of seed S."
  (:require [clojure.test :refer [deftest is]]
            [dev.penstock.plan.check :as check]
            [dev.penstock.plan.core :as core]
            [dev.penstock.plan.naive :as naive]
            [dev.penstock.plan.naive.order :as order]
            [dev.penstock.plan.naive.scalar :as scalar]
            [dev.penstock.plan.print :as print]
            [dev.penstock.plan.rules :as rules]
            [dev.penstock.plan.shaped-plans :as shaped-plans]
            [dev.penstock.plan.unparse :as unparse]))

(def ^:private plans (Long/getLong "penstock.rewritten.plans" (quot 400 (Long/getLong "penstock.test.fewer" 1))))
(def ^:private first-seed (Long/getLong "penstock.rewritten.seed" 0))

(def ^:private now (:now shaped-plans/ctx))

(defn- rows-of
  "Rows of a scan of tables, with the filter that was pushed into it."
  [tables]
  (fn [{:keys [table columns schema] predicate :filter}]
    (let [place (into {} (map-indexed (fn [i [name]] [name i])) (:columns (shaped-plans/tables (str table))))
          chosen (map (fn [row] (mapv #(nth row (place %)) columns)) (get tables (str table)))]
      (if predicate
        (filter #(scalar/true-for? {:now now} predicate (zipmap (map :name schema) %)) chosen)
        chosen))))

(defn- evaluated [tree tables]
  (let [{:keys [schema rows]} (naive/evaluate tree {:rows-of (rows-of tables) :now now})]
    {:columns (mapv (juxt :name :type) schema)
     :rows (mapv (fn [row] (mapv #(order/key-of (:type %1) %2) schema row)) rows)}))

(defn- root-order [{:keys [op items inputs]}]
  (case op
    (:sort :top) (mapv (comp :name :expr) items)
    :with (recur (peek inputs))
    nil))

(defn- in-order [{:keys [columns rows]} names]
  (let [place (zipmap (map first columns) (range))] (mapv (fn [row] (mapv #(nth row (place %)) names)) rows)))

(defn- difference
  "What is different when a plan is rewritten; nil if nothing is."
  [plan tables]
  (let [tree (check/check plan shaped-plans/ctx)
        {rewritten :tree} (rules/rewrite tree shaped-plans/ctx)
        expected (evaluated tree tables)
        actual (evaluated rewritten tables)
        order (root-order tree)]
    (cond
      (not= (:columns expected) (:columns actual)) (str "columns " (:columns expected) ", got " (:columns actual))
      (not= (frequencies (:rows expected)) (frequencies (:rows actual)))
      (str (count (:rows expected)) " rows, got " (count (:rows actual))
           "\nexpected " (pr-str (take 10 (:rows expected))) "\ngot " (pr-str (take 10 (:rows actual))))
      (and order (not= (in-order expected order) (in-order actual order))) "another order")))

(defn- report [seed plan e]
  (str "seed " seed ": " e "\n" (print/text plan)
       "\nrewritten:\n" (try (print/text (unparse/plan (:tree (rules/rewrite (check/check plan shaped-plans/ctx) shaped-plans/ctx))))
                             (catch Exception e (str e)))))

(deftest a-rewritten-plan-gives-the-same-rows
  (doseq [seed (range first-seed (+ (long first-seed) (long plans)))]
    (let [plan (shaped-plans/plan seed)
          wrong (try (difference plan (shaped-plans/rows seed))
                     (catch Exception e (str e)))]
      (is (nil? wrong) (report seed plan wrong)))))

(defn- columns [prepared] (map (juxt #(get % "name") #(get % "type")) (get-in prepared ["root" "schema"])))

(deftest a-rewritten-plan-is-a-plan
  (doseq [seed (range first-seed (+ (long first-seed) (quot (long plans) 4)))]
    (let [plan (shaped-plans/plan seed)
          prepared (core/prepare plan shaped-plans/ctx)
          again (try (core/prepare (core/read-plan (get prepared "rewritten") "rewritten") shaped-plans/ctx)
                     (catch Exception e (str e)))]
      (is (map? again) (report seed plan again))
      (is (= (columns prepared) (when (map? again) (columns again))) (report seed plan "another schema")))))

(defn- rules-of "The names of the rules that fire for the plan of a seed." [seed]
  (map :rule (:fired (rules/rewrite (check/check (shaped-plans/plan seed) shaped-plans/ctx) shaped-plans/ctx))))

(deftest every-rule-fires-somewhere
  (let [;; joins over two sorts, windows and scans with limits are shapes of the tests of other rules
        elsewhere '#{merge-inputs-that-are-sorted push-filter-below-window push-limit-into-scan turn-residual-into-join-keys}
        all (into #{} (comp (mapcat #(nth % 2)) (map rules/rule-name)) rules/phases)]
    (is (= #{} (reduce (fn [left seed] (if (empty? left) (reduced left) (reduce disj left (rules-of seed))))
                       (reduce disj all elsewhere)
                       (range 900))))))
