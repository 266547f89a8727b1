(ns dev.penstock.plan.infer
  "Scalar expressions as written -> typed expressions (see tree): columns resolved, types and
  nullability inferred, casts inserted, calls made canonical.

  A scope says what a column may be: {:schema [...] :where \"filter+\"}, or :ambiguous {name why}; and has the
  :check-token of ctx (see cancel) where an expression may be long."
  (:require [dev.penstock.plan.cancel :as cancel]
            [dev.penstock.plan.functions :as functions]
            [dev.penstock.plan.functions.comparison :as comparison]
            [dev.penstock.plan.functions.logic :as logic]
            [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.functions.time :as time]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types]))

(defn scope
  "The scope of a schema."
  ([schema] {:schema schema})
  ([schema {:keys [check-token]}] {:schema schema :check-token check-token}))

(defn scope-of-many
  "The scope of a schema whose columns are asked for many times."
  [schema ctx]
  (assoc (scope schema ctx) :fields (into {} (map (juxt :name identity)) (rseq (vec schema)))))

(defn resolve-column
  "The schema entry of a column, else the problem \"unknown column\"."
  [{:keys [schema fields ambiguous]} sym & forms]
  (when-let [why (get ambiguous sym)]
    (apply problem/fail :ambiguous-column (str "column " sym " is ambiguous: " why) sym forms))
  (or (if fields (fields sym) (tree/field schema sym))
      (apply problem/fail :unknown-column
             (let [known (map :name schema)]
               (str "unknown column " sym
                    (if-let [near (problem/nearest sym known)]
                      (str "; did you mean " near "?")
                      (str "; the columns here are " (problem/listing known)))))
             sym forms)))

(declare infer)

(defn- infer-args [scope form args] (mapv #(infer scope % form) args))

(defn- in-args [scope form [x values :as args]]
  (functions/check-arity (functions/scalars 'in) (count args) form)
  (when-not (and (vector? values) (seq values))
    (problem/fail :bad-form
                  (str "in expects a vector of values, as in (in x [1 2]), got " (problem/brief values))
                  values form))
  (infer-args scope form (cons x values)))

(defn- case-args [scope form args]
  (let [[before after] (split-with #(not= :else %) args)]
    (when (and (seq after) (or (not= 2 (count after)) (odd? (count before))))
      (problem/fail :bad-form "case expects :else and one value at its end, as in (case c v :else w)" form))
    (when (and (empty? after) (odd? (count before)))
      (problem/fail :arity "case expects pairs of a condition and a value, then :else and a value" form))
    (infer-args scope form (concat before (rest after)))))

(defn- switch-args [scope form [x & args]]
  (let [[before [_ & after]] (split-with #(not= :else %) args)]
    (when (or (nil? x) (odd? (count before)) (< 1 (count after)))
      (problem/fail :bad-form "switch expects a value, pairs, then :else and one value, as in (switch x w v :else e)" form))
    (infer-args scope form (concat [x] before after))))

(defn- infer-special [scope {:keys [form] :as site} entry args]
  (case (:form entry)
    :in (comparison/infer-in site (in-args scope form args))
    :case (logic/infer-case site (case-args scope form args))
    :switch (logic/infer-switch site (switch-args scope form args))
    :cast (do (functions/check-arity entry (count args) form)
              (time/cast-infer site (infer scope (first args) form) (second args)))))

(defn- infer-parameter
  "(param i v): parameter i, an integer literal; v is the literal of its first value."
  [scope form args]
  (let [[i v :as all] (infer-args scope form args)]
    (when-not (and (= 2 (count all)) (every? tree/literal? all) (int? (:value i)) (some? (:value v)))
      (problem/fail :bad-form
                    (str "param expects a number and a literal that is not null, as in (param 0 42), got "
                         (problem/brief form))
                    form))
    (tree/parameter (:value i) (with-meta v nil) (:type v))))

(defn- infer-function [scope [f & args :as form]]
  (let [entry (functions/lookup functions/scalars :scalar f f form)
        site {:fn f :form form :check-token (:check-token scope)}]
    (if (:form entry)
      (infer-special scope site entry args)
      (do (functions/check-arity entry (count args) form)
          ((:infer entry) site (infer-args scope form args))))))

(defn- host-object?
  "Is x an object of the host program, which no text of a plan can hold?"
  [x]
  (not (or (nil? x) (symbol? x) (coll? x) (types/of-literal x) (keyword? x) (number? x))))

(defn- infer-host
  "(host f type x ...): f computes a value of type from the values of the arguments, nulls too."
  [scope form [f type & args]]
  (when-not (and (host-object? f) (types/type-form? type))
    (problem/fail :bad-form
                  (str "host expects an object of the host program, the type that it gives, and arguments, got "
                       (problem/brief form) "; it cannot be written in a text")
                  form))
  (tree/call 'host
             (into [(tree/literal f :any)] (map #(sig/settle (infer scope % form) :int32)) args)
             type true))

(defn- infer-call [scope [f & args :as form]]
  (case f
    param (infer-parameter scope form args)
    host (infer-host scope form args)
    (infer-function scope form)))

(defn- infer-literal [form outer]
  (if-let [[type value] (types/of-literal form)]
    (tree/literal value type)
    (problem/fail :bad-form
                  (cond
                    (keyword? form) (str "expected an expression, got the keyword " form
                                         "; a column is a symbol, " (name form))
                    (number? form) (str "the number " (problem/brief form) " is beyond decimal(38)")
                    :else (str "expected an expression (a column, literal or call), got "
                               (problem/brief form)))
                  form outer)))

(defn infer
  "The typed expression of form; an untyped null has the type :null. The metadata is that of the form
  plus :form, the form itself."
  ([scope form] (infer scope form nil))
  ([scope form outer]
   (cancel/check scope)
   (let [e (cond
             (symbol? form) (tree/field-column (resolve-column scope form outer))
             (and (seq? form) (seq form)) (infer-call scope form)
             :else (infer-literal form outer))]
     (vary-meta e assoc :form form))))

(defn infer-value
  "The typed expression of form; an untyped null is an int32."
  [scope form outer]
  (sig/settle (infer scope form outer) :int32))

(defn infer-as
  "The typed expression of form as a value of type; f is the operator that expects it."
  [scope form type f outer]
  (let [e (infer scope form outer)]
    (if (sig/fits? e type)
      (sig/coerce {:fn f :form outer} e type)
      (problem/fail :type-mismatch
                    (str f " expects a " (types/text type) ", got " (sig/shown e))
                    form outer))))
