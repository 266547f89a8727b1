(ns dev.penstock.plan.registry
  "What a front end asks of the registry of functions: which there are, and what a call gives."
  (:require [dev.penstock.plan.functions :as functions]
            [dev.penstock.plan.infer :as infer]
            [dev.penstock.plan.types :as types]))

(defn- entry-map [{:keys [name kind args signature doc example]}]
  {"name" (str name) "kind" (clojure.core/name kind) "min" (first args) "max" (second args)
   "signature" (vec signature) "doc" (str doc) "example" (some-> example str)})

(defn entries
  "All functions, by kind and name: maps of name, kind, min and max (nil: any) arguments, signature,
  doc, example."
  []
  (mapv entry-map (concat (vals functions/scalars) (vals functions/aggregates)
                          (vals functions/window-functions))))

(defn- typed-call [registry kind scope [f & args :as form]]
  (let [entry (functions/lookup registry kind f f form)]
    (functions/check-arity entry (count args) form)
    ((:infer entry) {:fn f :form form} (mapv #(infer/infer scope % form) args))))

(defn result-type
  "What a call (kind: \"scalar\", \"aggregate\", \"window\") gives over columns [[name type-form nullable?] ...]:
  {\"type\" text \"nullable\" bool}, or the problem."
  [kind form columns]
  (let [scope (infer/scope (mapv (fn [[n t null]] {:name n :type t :nullable null}) columns))
        {:keys [type nullable]} (case kind
                                  "scalar" (infer/infer-value scope form nil)
                                  "aggregate" (typed-call functions/aggregates :aggregate scope form)
                                  (typed-call functions/windows :window scope form))]
    {"type" (types/text type) "nullable" (boolean nullable)}))

(defn- documented [{:keys [name types doc]} examples]
  {"name" (str name) "types" (str types) "doc" (str doc) "examples" (vec examples)})

(defn- call-examples [{:keys [name example]}]
  (when (functions/aggregates name)
    (remove (fn [[call]] (re-matches #".+\+" (str (first call)))) example)))

(defn document
  "All functions by family, for a documentation: [{\"family\" \"kind\" \"functions\" [{\"name\" \"types\" \"doc\"
  \"examples\" [[form value] ...]}]}]. The examples of an aggregate stand over the columns of its own rows."
  []
  (into (mapv (fn [[family entries]]
                {"family" family "kind" "scalar"
                 "functions" (mapv #(documented % (functions/examples (:name %))) entries)})
              (functions/document))
        (mapv (fn [[family entries]]
                {"family" family "kind" "aggregate"
                 "functions" (mapv #(documented % (call-examples (or (functions/windows (:name %)) %))) entries)})
              (functions/aggregate-document))))
