(ns dev.penstock.plan.estimate-test
  (:require [clojure.test :refer [are deftest is]]
            [dev.penstock.plan.core :as core]
            [dev.penstock.plan.estimate :as estimate]
            [dev.penstock.plan.fixture :as fixture]))

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

(deftest an-inner-join-builds-its-smaller-side
  (let [side (fn [text] (->> (get (core/prepare (core/read-plan text nil) fixture/ctx) "root")
                             (tree-seq map? #(get % "inputs")) (keep #(get % "build")) first))]
    (are [plan build] (= build (side plan))
      "(join+ (table+ people) (table+ dept))" "right"
      "(join+ (table+ dept) (table+ people))" "left"
      "(join+ :left (table+ dept) (table+ people))" "right"
      "(join+ [[DeptID l]] (table+ dept) (table+ all))" "right"
      "(with+ [d (table+ dept)] (join+ d (join+ [DeptID] (table+ people) d)))" "right")))
