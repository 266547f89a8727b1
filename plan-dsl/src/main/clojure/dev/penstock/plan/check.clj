(ns dev.penstock.plan.check
  "A plan as written -> the typed tree (see tree), or the first problem of it as an exception.

  ctx: {:describe (fn [table options] {:columns [[name type nullable?] ...] :stats {...} :handle any}),
  :subplan (fn [language text] plan), :functions? (are function objects allowed)}."
  (:require [dev.penstock.plan.check.foreign :as foreign]
            [dev.penstock.plan.check.function :as function]
            [dev.penstock.plan.check.group :as group]
            [dev.penstock.plan.check.join :as join]
            [dev.penstock.plan.check.leaf :as leaf]
            [dev.penstock.plan.check.recursion :as recursion]
            [dev.penstock.plan.check.relational :as relational]
            [dev.penstock.plan.check.scope :as scope]
            [dev.penstock.plan.check.series :as series]
            [dev.penstock.plan.check.stream :as stream]
            [dev.penstock.plan.check.window :as window]
            [dev.penstock.plan.limits :as limits]
            [dev.penstock.plan.problem :as problem]))

(defn- check-either-filter
  "filter+ of an expression over columns, or of a function of items."
  [env form]
  (if (function/stream-function? (second form))
    (stream/check-item env form)
    (relational/check-filter env form)))

(def ^:private checks
  {'table+ leaf/check-table, 'values+ leaf/check-values
   'filter+ check-either-filter, 'project+ relational/check-project, 'bind+ relational/check-bind
   'join+ join/check-join, 'union+ relational/check-union
   'intersect+ relational/check-set-op, 'minus+ relational/check-set-op
   'distinct+ relational/check-distinct, 'group+ group/check-group, 'window+ window/check-window
   'sort+ relational/check-sort, 'top+ relational/check-top, 'slice+ relational/check-slice
   'series+ series/check-series 'sparql+ foreign/check-sparql
   'unnest+ relational/check-unnest, 'with+ relational/check-with
   'recur+ recursion/check-recur
   'map+ stream/check-item, 'mapcat+ stream/check-item, 'pmap+ stream/check-item
   'pmapcat+ stream/check-item, 'pfilter+ stream/check-item, 'pmap-chunk+ stream/check-item
   'preduce+ stream/check-reduce, 'preduce-chunk+ stream/check-reduce
   'first+ stream/check-first, 'mux+ stream/check-mux, 'rechunk+ stream/check-rechunk
   'number+ stream/check-number, 'reorder+ stream/check-reorder
   'let+ relational/check-let, 'let-stream+ relational/check-with})

(def operators "The symbols of all operators." (sort (keys checks)))

(defn- unknown-operator [form outer]
  (let [f (first form)]
    (problem/fail :unknown-operator
                  (if (symbol? f)
                    (str "unknown operator " f
                         (cond
                           (checks (symbol (str f "+"))) (str "; did you mean " f "+?")
                           :else (problem/did-you-mean f operators)))
                    (str "expected an operator like filter+, got " (problem/brief f)))
                  f form outer)))

(defn- check-name [env form outer]
  (if-let [schema (get (:rels env) form)]
    (scope/node form :ref [] {:name form :schema schema})
    (problem/fail :unknown-name
                  (str "unknown relation " form
                       (if (contains? (:lets env) form)
                         "; a let+ name is a value for functions, not a stream"
                         (or (not-empty (problem/did-you-mean form (keys (:rels env))))
                             (str "; a table is written (table+ " form ")"))))
                  form outer)))

(defn- check-form [env form outer]
  (cond
    (symbol? form) (check-name env form outer)
    (and (seq? form) (seq form))
    (if-let [check (checks (first form))]
      (check env form)
      (unknown-operator form outer))
    :else (problem/fail :bad-form
                        (str (if outer (str (first outer) " expects a relation") "a plan is a relation")
                             ", a list like (table+ \"people.csv\"), got " (problem/brief form)
                             (when (string? form) (str "; a file is read by (table+ " (pr-str form) ")")))
                        form outer)))

(defn check
  "The typed tree of a plan."
  [plan ctx]
  (limits/check-size plan)
  (check-form {:ctx ctx :check check-form :rels {} :lets {}} plan nil))
