(ns dev.penstock.plan.check.aggregate
  "The calls of aggregates in group+ and window+: (f x ... {:distinct true :filter pred :order [items]})."
  (:require [dev.penstock.plan.check.scope :as scope]
            [dev.penstock.plan.functions :as functions]
            [dev.penstock.plan.infer :as infer]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.shape :as shape]
            [dev.penstock.plan.tree :as tree]))

(defn filter-of
  "The typed :filter of a call, nil if it has none."
  [input form call options]
  (when (contains? options :filter)
    (infer/infer-as (infer/scope (:schema input)) (:filter options) :boolean
                    (str (first call) " :filter") form)))

(defn- both
  "The and of two conditions, each of which may be nil."
  [a b]
  (tree/conjunction (mapcat tree/conjuncts (remove nil? [a b]))))

(defn- order-of [input form options]
  (if (seq (:order options)) (scope/sort-items input form (:order options)) []))

(defn- check-distinct
  "Where repeated values count once, only their own order is one."
  [call typed order]
  (when (empty? typed) (shape/expected call "an argument with :distinct" call))
  (doseq [{e :expr} order]
    (when-not (some #{e} typed)
      (problem/fail :bad-form
                    (str (first call) " with :distinct can be ordered by its arguments only, got "
                         (problem/brief (:form (meta e))))
                    (:form (meta e)) call))))

(defn aggregate
  "A call of the aggregate that entry describes, {:fn :args :distinct :filter :order :type :nullable}; nullable
  over one row or more. known are the options that the place allows."
  [input form [f :as call] entry known]
  (let [[args options] (shape/split-options call known)
        _ (functions/check-arity entry (count args) call form)
        typed (mapv #(infer/infer (infer/scope (:schema input)) % call) args)
        order (order-of input form options)
        distinct (shape/flag call options :distinct)
        _ (when distinct (check-distinct call typed order))
        inferred ((:infer entry) {:fn f :form call} typed)
        pred (both (:filter inferred) (filter-of input form call options))]
    {:fn (:fn inferred f) :args (:args inferred) :distinct distinct :filter pred
     :order (if (:ordered entry) order [])
     :type (:type inferred)
     :nullable (boolean (and (not (:never-null entry)) (or (:nullable inferred) pred)))}))
