(ns dev.penstock.compiler.random-recursions
  "Random recursions: a random plan over a table becomes the step, with the rows of the last round in place of the table.

  Each round's rows have the number of the round in the column round, so that three rounds are run and no more; what goes from one
  round to the next is the top of an order by all columns, so that the result is determined."
  (:require [clojure.walk :as walk]
            [dev.penstock.compiler.random-plans :as random-plans]
            [dev.penstock.compiler.tables :refer [chance pick]]
            [dev.penstock.plan.check :as check])
  (:import (java.util Random)))

(defn- fields-of [plan] (:schema (check/check plan random-plans/ctx)))

(defn- from-body
  "An item that gives a column of the seed a value out of the body: a column of its type, or null."
  [r body {:keys [name type]}]
  (let [same (filterv #(= type (:type %)) body)]
    [name (if (or (empty? same) (chance r 10)) (list 'cast nil type) (:name (pick r same)))]))

(defn- order [r fields] (#'random-plans/total-order r fields))

(defn- grown [r base steps]
  (#'random-plans/settled (nth (iterate #(#'random-plans/step r %) base) steps)))

(defn- step-form [r seed-fields {:keys [plan]} base rounds]
  (let [body (fields-of plan)
        items (mapv #(from-body r body %) seed-fields)
        form (walk/postwalk-replace {base 'R} plan)
        projected (list 'project+ (conj (vec (remove #(= 'round (first %)) items)) ['round '(+ md 1)])
                        (list 'filter+ (list '< 'md rounds)
                              (list 'join+ :cross form '(group+ [] [[md (max round)]] R))))]
    (list 'top+ 40 (order r seed-fields) projected)))

(defn plan
  "A recursion out of a seed, sometimes with something above it."
  [seed]
  (let [r (Random. (* 104729 (long seed)))
        {:keys [plan bound]} (#'random-plans/table r nil true)
        base (list 'project+ (conj (mapv :name (fields-of plan)) '[round 0]) plan)
        fields (fields-of base)
        body (grown r {:plan base :bound bound} (inc (.nextInt r 5)))
        step (step-form r fields body base (pick r [0 1 2 3]))
        all (list 'recur+ ['R base] step)
        whole (if (chance r 50) (concat all [{:all true}]) all)]
    (:plan (grown r {:plan (apply list whole) :bound (+ (long bound) 120)} (pick r [0 0 1 2])))))
