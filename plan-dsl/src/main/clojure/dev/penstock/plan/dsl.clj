(ns dev.penstock.plan.dsl
  "Plans at a Clojure REPL without quoting:

    (project+ [Name DeptName] (filter+ (> Age 20) (table+ \"people.csv\")))

  Each operator is a macro that gives the plan as data: symbols are columns and names of the plan.
  ~x puts in the value of a Clojure expression. In the place of a function of a stream operator (fn ...)
  and #(...) are Clojure functions, and so is a symbol that names a local or a var (the built-in stream
  functions apart); in a partial application (f a b) this holds for f."
  (:require [dev.penstock.plan.check :as check]
            [dev.penstock.plan.check.function :as function]
            [dev.penstock.plan.functions :as functions]))

(def ^:private function-first
  "Operators whose first argument is a function (or, of preduce+, a map of functions)."
  '#{map+ mapcat+ filter+ pmap+ pmapcat+ pfilter+ pmap-chunk+ preduce+ preduce-chunk+})

(def ^:private operator? (set check/operators))

(declare quoted)

(defn- unquoted? [x] (and (seq? x) (= 'clojure.core/unquote (first x))))
(defn- fn-form? [x] (and (seq? x) (contains? '#{fn fn* clojure.core/fn} (first x))))

(defn- names-value? [env x]
  (and (symbol? x) (not (contains? function/built-in x)) (not (contains? functions/scalars x))
       (or (contains? env x) (var? (ns-resolve *ns* x)))))

(defn- with-position [form code]
  (let [m (select-keys (meta form) [:line :column])]
    (if (seq m) `(with-meta ~code ~m) code)))

(defn- quoted-list [env form items]
  (with-position form (list* 'list (map #(quoted env %) items))))

(defn- function-code
  "Code that gives the function argument of a stream operator."
  [env op x]
  (cond
    (or (unquoted? x) (and (= 'filter+ op) (not (or (fn-form? x) (seq? x) (names-value? env x)))))
    (quoted env x)
    (or (fn-form? x) (names-value? env x)) x
    (and (map? x) (not= 'filter+ op)) (update-vals x #(if (unquoted? %) (second %) %))
    (and (seq? x) (or (fn-form? (first x)) (names-value? env (first x))))
    (with-position x `(list ~(first x) ~@(map #(quoted env %) (rest x))))
    :else (quoted env x)))

(defn- quoted
  "Code that gives a form as data."
  [env x]
  (cond
    (unquoted? x) (second x)
    (and (seq? x) (contains? function-first (first x)) (next x))
    (with-position x `(list '~(first x) ~(function-code env (first x) (second x))
                            ~@(map #(quoted env %) (drop 2 x))))
    (seq? x) (quoted-list env x x)
    (vector? x) (mapv #(quoted env %) x)
    (map? x) (into {} (map (fn [[k v]] [(quoted env k) (quoted env v)])) x)
    (symbol? x) (list 'quote x)
    :else x))

(defn plan-code
  "Code that gives the plan of an operator form; env is the &env of a macro."
  [env form]
  (quoted env form))

(defmacro plan
  "The plan of a form, an operator form or a name."
  [form]
  (plan-code &env form))

(defmacro ^:private def-operators []
  `(do ~@(for [op check/operators]
           `(defmacro ~(with-meta op {:doc "A plan operator; see dev.penstock.plan.operators/doc-text."
                                      :arglists ''([& ~'args])})
              [& args#]
              (plan-code ~'&env (with-meta (cons '~op args#) (meta ~'&form)))))))

(def-operators)
