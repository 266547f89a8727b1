(ns dev.penstock.plan.check.series
  "series+: values from a start to a stop by a step."
  (:require [dev.penstock.plan.check.scope :as scope]
            [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.infer :as infer]
            [dev.penstock.plan.shape :as shape]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types]))

(defn- whole-days? [e]
  (or (not= :interval (:type e))
      (and (tree/literal? e) (or (nil? (:value e)) (zero? (long (:micros (:value e))))))))

(defn- type-of
  "The type of a series of int64, or of dates and timestamps: a date stays one if the step is a literal of
  whole days, or a number of them."
  [site start stop step]
  (let [type (types/common (:type start) (:type stop))]
    (cond
      (or (nil? type) (= :null type) (types/integer? type)) :int64
      (= :date type) (if (whole-days? step) :date :timestamp)
      (types/point? type) type
      :else (sig/mismatch site start "expects integers, dates or timestamps, got " (sig/shown start)))))

(defn- step-of [site type step]
  (if (or (= :int64 type) (and (= :date type) (not= :interval (:type step))))
    (sig/coerce site step :int64)
    (sig/coerce site step :interval)))

(defn- default-step
  "1: only where it is clear what is counted."
  [form start]
  (if (types/point? (:type start))
    (shape/expected form "a step for a series of dates or timestamps" (last form))
    (tree/literal 1 :int64)))

(defn check-series [env form]
  (let [[args options] (shape/split-options form [:exclusive])
        usage "(series+ N 1 10 2)"
        [name start stop step rel] (shape/arguments form args 3 5 usage)
        name (shape/name-of form name "a name for the values")
        inputs (if (= 5 (count args)) [(scope/relation env rel form)] [])
        scope (infer/scope (vec (mapcat :schema inputs)))
        site {:fn 'series+ :form form}
        infer #(infer/infer scope % form)
        start (infer start)
        stop (infer stop)
        step (if (< 3 (count args)) (infer step) (default-step form start))
        type (type-of site start stop step)
        step (step-of site type step)]
    (shape/distinct-names form (concat (mapcat tree/names inputs) [name]) name)
    (scope/node form :series inputs
                {:name name :type type :start (sig/coerce site start type) :stop (sig/coerce site stop type)
                 :step step :exclusive (shape/flag form options :exclusive)})))
