(ns dev.penstock.plan.functions.comparison
  "Comparisons: arguments of the common type, null if one is null (is-distinct and is-not-distinct
  are null-safe)."
  (:require [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types]))

(defn- comparable [site es]
  (doseq [e es]
    (when-not (types/comparable? (:type e))
      (sig/mismatch site e "cannot compare " (sig/shown e))))
  es)

(defn- compare-infer [f nullable]
  (fn [site args]
    (let [[_ args] (sig/unify-compared site (comparable site args))]
      (tree/call f args :boolean (and nullable (some :nullable args))))))

(defn- comparison [f doc]
  {:name f :types "(T, T) -> boolean" :args [2 2] :signature [(str "(" f " a b)")] :result :boolean :doc doc
   :infer (compare-infer f true)})

(defn- null-safe [f doc]
  {:name f :types "(T, T) -> boolean" :args [2 2] :signature [(str "(" f " a b)")] :result :boolean :doc doc
   :infer (compare-infer f false)})

(defn- infer-between [site [x low high]]
  (let [[_ [x low high :as args]] (sig/unify-compared site (comparable site [x low high]))]
    (if (tree/small? x)
      (tree/conjunction [(sig/result '>= [x low] :boolean) (sig/result '<= [x high] :boolean)])
      (sig/result 'between args :boolean))))

(defn infer-in
  "(in x [v ...]): x and the values are compared as by =."
  [site args]
  (let [[_ args] (sig/unify-compared site (comparable site args))]
    (sig/result 'in args :boolean)))

(defn- extreme [f doc]
  {:name f :types "(T, T, ...) -> T" :args [1 nil] :signature [(str "(" f " a b ...)")] :doc doc
   :infer (fn [site args]
            (let [[type args] (sig/unify site (comparable site args))]
              (tree/call f args type (every? :nullable args))))})

(def entries
  [(comparison '= "true if both are equal.")
   (comparison 'not= "true if they differ.")
   (comparison '< "true if a is less than b.")
   (comparison '<= "true if a is at most b.")
   (comparison '> "true if a is greater than b.")
   (comparison '>= "true if a is at least b.")
   (null-safe 'is-distinct "not=, where null equals null; never null.")
   (null-safe 'is-not-distinct "=, where null equals null; never null.")
   {:name 'between :types "(T, T, T) -> boolean" :args [3 3] :signature ["(between x low high)"] :result :boolean
    :doc "(and (>= x low) (<= x high))." :infer infer-between}
   {:name 'in :types "(T, [T, ...]) -> boolean" :args [2 2] :signature ["(in x [v1 v2 ...])"] :result :boolean :form :in
    :doc "true if x equals one of the values; else null if x or one of them is null." :infer infer-in}
   (extreme 'greatest "The greatest; nulls are ignored, null if all are.")
   (extreme 'least "The least; nulls are ignored, null if all are.")])
