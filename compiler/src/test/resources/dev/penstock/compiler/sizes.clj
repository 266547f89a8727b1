(ns dev.penstock.compiler.sizes
  "How many rows each operator of a plan gives, by the naive evaluator: for the test of profiles."
  (:require [dev.penstock.compiler.differential :as differential]
            [dev.penstock.compiler.random-plans :as random-plans]
            [dev.penstock.plan.check :as check]
            [dev.penstock.plan.naive :as naive]))

(def ^:private compared #{:scan :values :filter :join :union :set-op :distinct :group :sort :top :unnest})

(declare sizes)

(defn- named [env {:keys [names inputs]}]
  (reduce (fn [env [name input]] (assoc-in env [:rels name] [input (vec (naive/rows env input))]))
          env (map vector names inputs)))

(defn- with-sizes
  "A named subplan runs once, if it is used at all; its operators are compared where no limit may stop one of its readers."
  [env {:keys [names inputs] :as node}]
  (let [inner (named env node)]
    (concat (mapcat #(map (fn [_] nil) (sizes inner %)) (take (count names) inputs))
            (sizes inner (peek inputs)))))

(defn- stops-early?
  "May the operator leave rows of its inputs unread? What is below it is not compared."
  [env {:keys [op inputs limit]}]
  (case op
    (:slice :first :let :item :reduce :mux) true
    :top (= 0 limit)
    (:join :set-op) (boolean (some #(empty? (naive/rows env %)) inputs))
    false))

(defn sizes
  "[[op rows] ...]; nil for an operator that is not compared."
  [env {:keys [op inputs] :as node}]
  (if (= :with op)
    (with-sizes env node)
    (cons (when (compared op) [(name op) (count (naive/rows env node))])
          (when-not (stops-early? env node) (mapcat #(sizes env %) inputs)))))

(defn expected
  "[[op rows] ...] of the operators of a plan that are sure to run whole, or nil when the plan fails."
  [plan tables]
  (let [checked (check/check plan random-plans/ctx)]
    (when-not (:error (differential/naive plan tables))
      (try
        (vec (remove nil? (sizes {:rows-of (differential/rows-of tables) :now (:now random-plans/ctx)} checked)))
        (catch clojure.lang.ExceptionInfo e
          (when-not (:code (ex-data e)) (throw e)))))))

(defn missing
  "Of expected, what the engine's [[op rows] ...] does not have, or not as often."
  [expected actual]
  (let [there (frequencies (map vec actual))]
    (pr-str (for [[size n] (frequencies expected) :when (< (long (there size 0)) (long n))] [size n (there size 0)]))))
