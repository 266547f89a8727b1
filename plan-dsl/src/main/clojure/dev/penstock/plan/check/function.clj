(ns dev.penstock.plan.check.function
  "Functions of stream operators: function objects, partial applications (f a b), and the built-in
  stream functions, hash-tuples and tuple-matches."
  (:require [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.shape :as shape])
  (:import (java.util.function BiFunction Function Predicate Supplier)))

(def built-in "Built-in stream functions and where they may stand." '{hash-tuples preduce+, tuple-matches mapcat+})

(defn object?
  "Is x a function object: a Clojure function or a Java functional interface?"
  [x]
  (and (not (symbol? x)) (not (keyword? x)) (not (coll? x))
       (or (ifn? x) (instance? Function x) (instance? BiFunction x) (instance? Predicate x)
           (instance? Supplier x))))

(defn as-ifn
  "A function object as a Clojure function."
  [x]
  (cond
    (ifn? x) x
    (instance? Function x) (fn [a] (.apply ^Function x a))
    (instance? BiFunction x) (fn [a b] (.apply ^BiFunction x a b))
    (instance? Predicate x) (fn [a] (.test ^Predicate x a))
    (instance? Supplier x) (fn [] (.get ^Supplier x))))

(defn stream-function?
  "Is x in the place of a predicate a function of items (and not an expression over columns)?"
  [x]
  (or (object? x) (and (seq? x) (or (object? (first x)) (contains? built-in (first x))))))

(defn- allowed [env form x]
  (if (:functions? (:ctx env))
    x
    (problem/fail :function-object
                  (str (first form) " got a function object; functions are allowed from a Clojure or Java "
                       "program only, not in the text of a plan")
                  form)))

(defn- argument [env form x]
  (cond
    (and (symbol? x) (contains? (:lets env) x)) {:let x}
    (symbol? x) (problem/fail :unknown-name
                              (str "unknown let+ name " x (problem/did-you-mean x (keys (:lets env))))
                              x form)
    :else {:constant x}))

(defn- unknown [form x]
  (problem/fail :unknown-function
                (if (symbol? x)
                  (str "unknown stream function " x (problem/did-you-mean x (keys built-in))
                       "; a function object can be given by a Clojure or Java program")
                  (str (first form) " expects a function, got " (problem/brief x)))
                x form))

(defn fref
  "The function of a stream operator, {:fn :args :written}."
  [env form x]
  (let [[f & args] (if (seq? x) x [x])]
    (cond
      (object? f) {:fn (allowed env form f) :args (mapv #(argument env form %) args) :written x}
      (contains? built-in f)
      (if (= (first form) (built-in f))
        {:fn f :args (vec args) :written x}
        (shape/expected form (str "a function of items; " f " belongs in " (built-in f)) x))
      :else (unknown form f))))

(defn reducer
  "The map {:init :step :merge :finish} of a preduce+."
  [env form x]
  (doseq [k (sort-by str (keys x))]
    (when-not (#{:init :step :merge :finish} k)
      (problem/fail :unknown-option
                    (str (first form) " has no " (problem/brief k)
                         (problem/did-you-mean k [:init :step :merge :finish]))
                    x form)))
  (doseq [k [:init :step :merge :finish]
          :let [f (get x k)]
          :when (or (some? f) (not= :finish k))]
    (when-not (object? f)
      (shape/expected form (str "a function for " k " of {:init :step :merge :finish}") f))
    (allowed env form f))
  x)
