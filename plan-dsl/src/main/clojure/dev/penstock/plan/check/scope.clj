(ns dev.penstock.plan.check.scope
  "What the checks of operators share. An env is {:ctx ctx, :check (fn [env form outer] node), :rels
  {with+ name schema}, :lets {let+ name node}}."
  (:require [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.infer :as infer]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.shape :as shape]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types]))

(defn relation "The checked node of a relation or stream form." [env form outer]
  ((:check env) env form outer))

(defn node
  "A node with its schema, at the position of form."
  [form op inputs more]
  (with-meta (schema/refresh (merge {:op op :inputs (vec inputs)} more)) (problem/position form)))

(defn value "A typed value of an expression over a node's columns." [input form outer]
  (infer/infer-value (infer/scope (:schema input)) form outer))

(defn values "Typed values over a node's columns." [input forms outer]
  (mapv #(value input % outer) forms))

(defn- pair [x] (when (and (vector? x) (= 2 (count x)) (symbol? (first x))) x))

(defn items
  "Projection items [A [B expr]] -> [{:name :expr} ...]."
  [{:keys [ctx]} input form xs]
  (let [scope (infer/scope-of-many (:schema input) ctx)
        parsed (mapv (fn [x]
                       (let [[name expr] (cond
                                           (symbol? x) [x x]
                                           (pair x) x
                                           :else (shape/expected form "columns and pairs [Name expr]" x))]
                         {:name name :expr (infer/infer-value scope expr (if (problem/position x) x form))}))
                     (shape/vector-of form xs "a vector of columns and pairs [Name expr]"))]
    (shape/distinct-names form (map :name parsed) xs)
    parsed))

(defn existing
  "Columns (a vector of symbols) that must be in the input's schema."
  [input form syms what]
  (doseq [sym (shape/names form syms what)]
    (infer/resolve-column (infer/scope (:schema input)) sym syms form))
  syms)

(def ^:private directions #{:asc :desc})
(def ^:private null-places #{:nulls-first :nulls-last})

(defn- sort-item [input form x]
  (let [[expr & flags] (if (vector? x) x [x])
        expr (if (and (vector? x) (empty? x)) (shape/expected form "an expression in a sort item" x) expr)
        flags (set flags)
        e (value input expr form)]
    (when-let [bad (first (remove (into directions null-places) flags))]
      (shape/expected form "sort items like A or [expr :desc :nulls-first]" bad))
    (when (or (= directions (set (filter directions flags)))
              (= null-places (set (filter null-places flags))))
      (shape/expected form "one direction and one place of nulls" x))
    (when-not (types/comparable? (:type e))
      (sig/mismatch {:fn (first form) :form form} e "cannot order by " (sig/shown e)))
    {:expr e :descending (contains? flags :desc) :nulls-first (contains? flags :nulls-first)}))

(defn sort-items
  "Sort items, at least one."
  [input form xs]
  (when (empty? (shape/vector-of form xs "a vector of sort items"))
    (shape/expected form "at least one sort item" xs))
  (mapv #(sort-item input form %) xs))

(defn- align-fields [form schemas]
  (apply mapv
         (fn [field & more]
           (reduce (fn [a b]
                     (if-let [type (types/common (:type a) (:type b))]
                       (assoc a :type type)
                       (problem/fail :type-mismatch
                                     (str (first form) " expects columns of one type at each place, got "
                                          (:name a) " (" (types/text (:type a)) ") and "
                                          (:name b) " (" (types/text (:type b)) ")")
                                     form)))
                   field more))
         schemas))

(defn- fit
  "A project that gives input the names and types of fields, or the input itself."
  [fields input]
  (let [same #(map (juxt :name :type) %)]
    (if (= (same fields) (same (:schema input)))
      input
      (schema/refresh
       {:op :project :inputs [input]
        :exprs (mapv (fn [{:keys [name type]} from]
                       (let [e (sig/cast-to (tree/field-column from) type)]
                         {:name name :expr (if (tree/call? e 'cast) (with-meta e nil) e)}))
                     fields (:schema input))}))))

(defn- check-counts [form inputs]
  (let [counts (map (comp count :schema) inputs)]
    (when-not (apply = counts)
      (problem/fail :column-count
                    (str (first form) " expects inputs with the same number of columns, got "
                         (apply str (interpose " and " counts)))
                    form))))

(defn fitted
  "The input with the names and types of another, column by column; there must be a common type."
  [form to input]
  (check-counts form [to input])
  (align-fields form (map :schema [to input]))
  (fit (:schema to) input))

(defn align
  "Inputs with the names of the first one and the common types, column by column."
  [form inputs]
  (check-counts form inputs)
  (let [fields (align-fields form (map :schema inputs))]
    (mapv #(fit fields %) inputs)))
