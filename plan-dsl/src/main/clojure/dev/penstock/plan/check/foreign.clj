(ns dev.penstock.plan.check.foreign
  "sparql+: a part of a plan that is written in another language. :subplan of the ctx turns its text into
  plan data, which is checked in its place, and sees no names of the plan around it."
  (:require [dev.penstock.plan.check.leaf :as leaf]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.shape :as shape]))

(defn- plan-of [env form language text]
  (if-let [subplan (:subplan (:ctx env))]
    (try
      (subplan language text)
      (catch RuntimeException e (leaf/rethrow-at form e)))
    (problem/fail :unknown-language (str "no other languages are known here, got " language) form)))

(defn check-sparql [env form]
  (let [[args _] (shape/split-options form [])
        [text] (shape/arguments form args 1 1 "(sparql+ \"SELECT ?s { ?s ?p ?o }\")")]
    (when-not (string? text)
      (shape/expected form "the text of a query" text))
    ((:check env) (assoc env :rels {} :lets {}) (plan-of env form "sparql" text) form)))
