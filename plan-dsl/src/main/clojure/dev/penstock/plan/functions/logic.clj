(ns dev.penstock.plan.functions.logic
  "Three-valued logic, tests for null, and conditional expressions."
  (:require [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types]))

(defn- infer-connective [f]
  (fn [site args]
    (let [args (mapv #(sig/coerce site % :boolean) args)
          args (vec (mapcat #(if (tree/call? % f) (:args %) [%]) args))]
      (if (= 1 (count args)) (first args) (sig/result f args :boolean)))))

(defn- test-of [f params doc]
  {:name f :types (str "(" (if (= :any params) "any" "boolean") ") -> boolean") :args [1 1] :signature [(str "(" f " x)")] :result :boolean :doc doc
   :infer (fn [site [x]]
            (let [x (if (= :any params) (sig/settle x :int32) (sig/coerce site x params))]
              (tree/call f [x] :boolean false)))})

(defn- case-call
  "conditions and values (one more than conditions) as the one canonical case."
  [site conditions values]
  (let [conditions (mapv #(sig/coerce site % :boolean) conditions)
        [type values] (sig/unify site values)]
    (tree/call 'case (conj (vec (interleave conditions values)) (peek values)) type
               (some :nullable values))))

(defn- infer-if [site [c a b]] (case-call site [c] [a b]))

(defn infer-case
  "args: c1 v1 ... and perhaps an else value (then odd)."
  [site args]
  (when (< (count args) 2)
    (problem/fail :arity "case expects a condition and a value, as in (case c v ... :else v)"
                  (:form site)))
  (let [pairs (partition 2 args)
        else (if (odd? (count args)) (last args) (tree/literal nil :null))]
    (case-call site (map first pairs) (conj (mapv second pairs) else))))

(defn infer-switch
  "args: x w1 v1 ... and perhaps an else value (then even)."
  [site [x & args]]
  (when (< (count args) 2)
    (problem/fail :arity "switch expects a value, then values and results, as in (switch x w v ... :else e)"
                  (:form site)))
  (when-not (types/comparable? (:type x))
    (sig/mismatch site x "cannot compare " (sig/shown x)))
  (let [pairs (partition 2 args)
        else (if (odd? (count args)) (last args) (tree/literal nil :null))
        wanted (map first pairs), results (conj (mapv second pairs) else)
        same (fn [a b] (let [[_ [a b]] (sig/unify-compared site [a b])] (sig/result '= [a b] :boolean)))]
    (if (tree/small? x)
      (case-call site (mapv #(same x %) wanted) results)
      (let [[_ [x & wanted]] (sig/unify-compared site (cons x wanted))
            [type results] (sig/unify site results)]
        (tree/call 'switch (concat [x] (interleave wanted results) [(peek results)]) type
                   (some :nullable results))))))

(defn- infer-coalesce [site args]
  (let [[type args] (sig/unify site args)]
    (if (= 1 (count args))
      (first args)
      (tree/call 'coalesce args type (every? :nullable args)))))

(defn- infer-nullif
  "The numbers are compared as what they have in common; the result is the first one as it was."
  [site [a :as args]]
  (let [[type args] (sig/unify-compared site args)
        out (tree/call 'nullif args type true)]
    (if (and (types/numeric? (:type a)) (types/numeric? type))
      (sig/cast-to out (:type a))
      out)))

(defn- infer-xor [site args]
  (sig/result 'not= (mapv #(sig/coerce site % :boolean) args) :boolean))

(defn- infer-try [_ [x]]
  (let [x (sig/settle x :int32)] (tree/call 'try [x] (:type x) true)))

(defn- infer-require [{:keys [form] :as site} [c x message]]
  (when-not (and (tree/literal? message) (string? (:value message)))
    (problem/fail :bad-literal "require expects a text as its message, as in (require (> n 0) x \"n is 0\")" form))
  (let [x (sig/settle x :int32)]
    (tree/call 'require [(sig/coerce site c :boolean) x message] (:type x) (:nullable x))))

(def entries
  [{:name 'and :types "(boolean, ...) -> boolean" :args [1 nil] :signature ["(and a b ...)"] :result :boolean
    :doc "false if one is false; else null if one is null; else true." :infer (infer-connective 'and)}
   {:name 'or :types "(boolean, ...) -> boolean" :args [1 nil] :signature ["(or a b ...)"] :result :boolean
    :doc "true if one is true; else null if one is null; else false." :infer (infer-connective 'or)}
   {:name 'not :args [1 1] :signature ["(not a)"] :params [:boolean] :result :boolean
    :doc "The opposite; null of null."}
   (test-of 'is-null :any "true if x is null; never null.")
   (test-of 'is-not-null :any "true if x is not null; never null.")
   (test-of 'is-true :boolean "true if x is true, false if it is false or null.")
   (test-of 'is-false :boolean "true if x is false, false if it is true or null.")
   {:name 'if :types "(boolean, T, T) -> T" :args [3 3] :signature ["(if c a b)"]
    :doc "a if c is true, else b; the other one is not evaluated." :infer infer-if}
   {:name 'case :types "(boolean, T, boolean, T, ..., T) -> T" :args [2 nil] :signature ["(case c1 v1 c2 v2 ... :else v)"] :form :case
    :doc "The value after the first condition that is true, else v, or null without :else."
    :infer infer-case}
   {:name 'switch :types "(T, T, U, T, U, ..., U) -> U" :args [3 nil] :signature ["(switch x w1 v1 w2 v2 ... :else v)"] :form :switch
    :doc "(case (= x w1) v1 (= x w2) v2 ... :else v), where x is evaluated once." :infer infer-switch}
   {:name 'coalesce :types "(T, T, ...) -> T" :args [1 nil] :signature ["(coalesce a b ...)"]
    :doc "The first value that is not null; later ones are not evaluated." :infer infer-coalesce}
   {:name 'xor :types "(boolean, boolean) -> boolean" :args [2 2] :signature ["(xor a b)"] :result :boolean
    :doc "true if exactly one is true; null if one is null." :infer infer-xor}
   {:name 'try :types "(T) -> T" :args [1 1] :signature ["(try x)"]
    :doc "x, or null where computing x raises an error of a value." :infer infer-try}
   {:name 'require :types "(boolean, T, varchar) -> T" :args [3 3] :signature ["(require c x message)"] :fails true
    :doc "x; where c is not true an error with the message, a literal." :infer infer-require}
   {:name 'nullif :types "(T, T) -> T" :args [2 2] :signature ["(nullif a b)"] :doc "null if a equals b, else a; of numbers the type of a."
    :infer infer-nullif}])
