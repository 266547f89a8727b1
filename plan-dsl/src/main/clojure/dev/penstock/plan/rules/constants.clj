(ns dev.penstock.plan.rules.constants
  "Expressions that are known before the query runs."
  (:require [dev.penstock.plan.tree :as tree]))

(defn- known? [e value] (and (tree/literal? e) (= value (:value e))))

(defn- fold-logic
  "and/or/not/case over constants; nil when nothing is known."
  [{f :fn :keys [args type] :as e}]
  (case f
    and (cond
          (some #(known? % false) args) (tree/literal false :boolean)
          (some #(known? % true) args) (or (tree/conjunction (remove #(known? % true) args))
                                           (tree/literal true :boolean)))
    or (cond
         (some #(known? % true) args) (tree/literal true :boolean)
         (some #(known? % false) args)
         (let [left (remove #(known? % false) args)]
           (case (count left)
             0 (tree/literal false :boolean)
             1 (first left)
             (assoc e :args (vec left) :nullable (boolean (some :nullable left))))))
    not (let [[a] args]
          (cond
            (and (tree/literal? a) (some? (:value a))) (tree/literal (not (:value a)) :boolean)
            (tree/call? a 'not) (first (:args a))))
    case (let [[c v & more] args]
           (cond
             (empty? more) nil
             (known? c true) v
             (and (tree/literal? c) (not (:value c)))
             (if (= 1 (count more)) (first more) (assoc e :args (vec more)))))
    (is-null is-not-null)
    (let [[a] args]
      (cond
        (tree/literal? a) (tree/literal (= (nil? (:value a)) (= f 'is-null)) :boolean)
        (and (tree/column? a) (false? (:nullable a))) (tree/literal (= f 'is-not-null) :boolean)))
    coalesce (when (and (= type (:type (first args))) (false? (:nullable (first args)))) (first args))
    nil))

(defn- fold-arithmetic
  "+ - * of two int64 literals that do not overflow."
  [{f :fn :keys [args type]}]
  (when (and (= :int64 type) (every? #(and (tree/literal? %) (int? (:value %))) args) (= 2 (count args)))
    (let [[a b] (map :value args)]
      (try
        (case f
          + (tree/literal (Math/addExact (long a) (long b)) type)
          - (tree/literal (Math/subtractExact (long a) (long b)) type)
          * (tree/literal (Math/multiplyExact (long a) (long b)) type)
          nil)
        (catch ArithmeticException _ nil))))) ; the query says what overflows, if it comes so far

(defn- null-argument?
  "Is a call null because an argument is? (For the plain functions that say nothing else about null.)"
  [{f :fn :keys [args]}]
  (and (contains? '#{= not= < <= > >= + - * / negate} f)
       (some #(and (tree/literal? %) (nil? (:value %))) args)))

(defn- fold [e]
  (if (tree/call? e)
    (or (fold-logic e)
        (fold-arithmetic e)
        (when (null-argument? e) (tree/literal nil (:type e)))
        e)
    e))

(defn fold-constants
  "What can be computed before the query runs, is."
  [node _ctx]
  (let [folded (tree/map-exprs #(tree/postwalk fold %) node)]
    (when (not= folded node) folded)))

(defn drop-filter-that-is-always-true
  "(filter+ true rel) is rel."
  [{:keys [op predicate inputs]} _ctx]
  (when (and (= :filter op) (known? predicate true))
    (first inputs)))

(defn empty-relation-of-filter-that-is-never-true
  "(filter+ false rel), or of null, has no rows: rel is not even scanned."
  [{:keys [op predicate schema]} _ctx]
  (when (and (= :filter op) (tree/literal? predicate) (not (:value predicate))
             (not-any? #(= :any (:type %)) schema))
    {:op :values :inputs [] :rows [] :schema schema}))
