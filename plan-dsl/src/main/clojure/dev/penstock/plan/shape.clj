(ns dev.penstock.plan.shape
  "Shapes of operator arguments: each function gives the argument back, parsed, or fails with what was
  expected and what came."
  (:refer-clojure :exclude [vector-of])
  (:require [clojure.string :as str]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.types :as types]))

(defn expected
  "Fails: op expects what, got the bad part."
  [form what bad]
  (problem/fail :bad-form (str (first form) " expects " what ", got " (problem/brief bad)) bad form))

(defn options?
  "Is a last argument an options map (and not the literal of an interval)?"
  [x]
  (and (map? x) (not (types/interval? x))))

(defn split-options
  "[arguments options] of an operator form; the keys must be among known (:any: all are)."
  [[_ & args :as form] known]
  (if (options? (last args))
    (let [options (last args)]
      (when-not (= :any known)
        (doseq [k (sort-by str (keys options))]
          (when-not (contains? (set known) k)
            (problem/fail :unknown-option
                          (str (first form) (if (seq known) " has no option " " takes no options, got ")
                               (problem/brief k) (problem/did-you-mean k known)
                               (when (seq known) (str " (it has " (str/join ", " known) ")")))
                          options form))))
      [(vec (butlast args)) options])
    [(vec args) {}]))

(defn arguments
  "The arguments of a form; low to high of them (nil: any number), else a problem that shows usage."
  [form args low high usage]
  (let [n (count args)]
    (when-not (and (<= low n) (or (nil? high) (<= n high)))
      (problem/fail :arity
                    (str (first form) " expects "
                         (cond (nil? high) (str "at least " low)
                               (= low high) low
                               :else (str low " to " high))
                         (if (= 1 (or high low)) " argument" " arguments") ", got " n ", as in " usage)
                    form))
    args))

(defn name-of
  "A symbol that names a new column (or a relation, a stream)."
  [form x what]
  (if (symbol? x) x (expected form (str what " (a symbol)") x)))

(defn vector-of [form x what] (if (vector? x) x (expected form what x)))

(defn names
  "A vector of distinct symbols."
  [form x what]
  (doseq [sym (vector-of form x what)] (name-of form sym "a column"))
  (when-let [twice (first (for [[sym n] (frequencies x) :when (< 1 n)] sym))]
    (problem/fail :duplicate-column (str (first form) " names the column " twice " twice") x form))
  x)

(defn distinct-names
  "Fails if one of the output names of an operator comes twice; at is where to point."
  [form syms & at]
  (loop [seen #{}, [sym & more :as left] syms]
    (when (seq left)
      (when (contains? seen sym)
        (apply problem/fail :duplicate-column
               (str (first form) " would give two columns named " sym "; rename one of them")
               (concat [sym] at [form])))
      (recur (conj seen sym) more)))
  syms)

(defn whole
  "A whole number from least."
  [form x least what]
  (if (and (int? x) (<= least x)) (long x) (expected form (str what " (a whole number from " least ")") x)))

(defn type-of
  "A type form; at is what holds it."
  [form x at]
  (if (types/type-form? x)
    x
    (problem/fail :bad-type
                  (str (first form) " expects a type as in :int64 or [:decimal 15 2], got "
                       (problem/brief x)
                       (when (keyword? x) (problem/did-you-mean x types/simple)))
                  x at form)))

(defn typed-name
  "[Name type]."
  [form x what]
  (if (and (vector? x) (= 2 (count x)) (symbol? (first x)))
    [(first x) (type-of form (second x) x)]
    (expected form what x)))

(defn flag "A boolean option." [form options key]
  (let [x (get options key false)]
    (if (boolean? x) x (expected form (str "true or false for " key) x))))
