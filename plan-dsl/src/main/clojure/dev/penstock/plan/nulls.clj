(ns dev.penstock.plan.nulls
  "What a predicate says about nulls."
  (:require [clojure.set :as set]
            [dev.penstock.plan.tree :as tree]))

(def ^:private strict-functions
  "Null when an argument is."
  '#{= not= < <= > >= + - * / negate cast not like})

(defn strict?
  "Is an expression null whenever all columns in names are?"
  [names e]
  (or (and (tree/column? e) (contains? names (:name e)))
      (and (tree/call? e)
           (contains? strict-functions (:fn e))
           (boolean (some #(strict? names %) (:args e))))))

(defn rejects-null?
  "Is a predicate not true whenever all columns in names are null?"
  [names e]
  (cond
    (tree/call? e 'and) (boolean (some #(rejects-null? names %) (:args e)))
    (tree/call? e 'or) (every? #(rejects-null? names %) (:args e))
    (tree/call? e 'is-not-null) (strict? names (first (:args e)))
    (tree/call? e 'is-true) (rejects-null? names (first (:args e)))
    (tree/call? e 'in) (strict? names (first (:args e)))
    :else (and (boolean (seq (set/intersection names (tree/expr-columns e)))) (strict? names e))))

(defn rejected
  "The columns of which a predicate that is true says that they are not null."
  [e]
  (into #{} (filter #(rejects-null? #{%} e)) (tree/expr-columns e)))
