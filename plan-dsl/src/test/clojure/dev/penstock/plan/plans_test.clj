(ns dev.penstock.plan.plans-test
  "Laws that hold for any plan, tried on random ones."
  (:require [clojure.test :refer [deftest is testing]]
            [dev.penstock.plan.check :as check]
            [dev.penstock.plan.core :as core]
            [dev.penstock.plan.fixture :as fixture]
            [dev.penstock.plan.print :as print]
            [dev.penstock.plan.random-plans :as random-plans]
            [dev.penstock.plan.rules :as rules]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.unparse :as unparse]))

(def ^:private tables '[(table+ people) (table+ dept) (table+ people [Name [Years Age] DeptID])])

(def ^:private seeds
  "Some that stay the same, some of today."
  (concat (range 100) (repeatedly 50 #(rand-int Integer/MAX_VALUE))))

(defn- plan-of [seed] (random-plans/plan seed 7 tables fixture/ctx))

(defn- columns [node] (mapv (juxt :name :type) (:schema node)))

(defn- broken
  "The seeds and plans for which a law does not hold (or throws); at most three."
  [law]
  (take 3 (for [seed seeds
                :let [plan (plan-of seed)
                      outcome (try (law plan) (catch Throwable t t))]
                :when (not (true? outcome))]
            [seed (print/flat plan) outcome])))

(deftest a-printed-plan-reads-back-equal
  (is (empty? (broken (fn [plan] (= plan (core/read-plan (print/text plan) nil)))))))

(deftest a-tree-unparses-to-a-plan-that-checks-to-the-same-tree
  (is (empty? (broken (fn [plan]
                        (let [tree (check/check plan fixture/ctx)]
                          (= tree (check/check (unparse/plan tree) fixture/ctx))))))))

(deftest refreshed-schemas-are-the-checked-ones
  (is (empty? (broken (fn [plan]
                        (let [tree (check/check plan fixture/ctx)] (= tree (schema/refresh-all tree))))))))

(deftest a-rewritten-plan-reads-back-with-the-columns-of-the-written-one
  (is (empty? (broken (fn [plan]
                        (let [tree (check/check plan fixture/ctx)
                              after (:tree (rules/rewrite tree fixture/ctx))
                              text (print/text (unparse/plan after))
                              again (check/check (core/read-plan text nil) fixture/ctx)]
                          (= (columns tree) (columns after) (columns again))))))))

(deftest planning-twice-gives-the-same-texts
  (is (empty? (broken (fn [plan]
                        (= (dissoc (core/prepare plan fixture/ctx) "root")
                           (dissoc (core/prepare plan fixture/ctx) "root")))))))

(deftest a-lowered-plan-has-the-columns-of-the-written-one
  (is (empty? (broken (fn [plan]
                        (= (mapv (comp str :name) (:schema (check/check plan fixture/ctx)))
                           (mapv #(get % "name") (get-in (core/prepare plan fixture/ctx) ["root" "schema"]))))))))
