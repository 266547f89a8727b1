(ns dev.penstock.plan.check.leaf
  "table+ and values+."
  (:require [dev.penstock.plan.cancel :as cancel]
            [dev.penstock.plan.check.scope :as scope]
            [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.infer :as infer]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.shape :as shape]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types]))

(defn- described-field [form [name type nullable]]
  (let [t (types/parse-text type)]
    (when-not t
      (problem/fail :bad-type (str "the source of " (problem/brief (second form)) " describes column "
                                   name " with the unknown type " (pr-str type))
                    form))
    {:name (symbol (str name)) :type t :nullable (if (nil? nullable) true (boolean nullable))}))

(defn rethrow-at
  "A problem of :describe or :subplan, with the position of the table in front if it has none. Of an exception of the
  host's own only the message is known: it is the cause of what is thrown, which has a position, but
  neither :category nor :code."
  [form e]
  (let [{:keys [category code line]} (ex-data e)
        at (problem/position (second form) form)]
    (throw (cond
             line e
             category (problem/problem category (or code :unknown-table) (ex-message e) (second form) form)
             at (ex-info (str (problem/prefix at) (ex-message e)) at e)
             :else e))))

(defn- describe [env form table options]
  (let [f (:describe (:ctx env))]
    (when-not f
      (problem/fail :unknown-table (str "unknown table " (problem/brief table) "; no tables are known here")
                    table form))
    (try
      (f table options)
      (catch RuntimeException e (rethrow-at form e)))))

(defn- chosen
  "[output name, source field] of each item of the column vector."
  [form fields cols]
  (mapv (fn [item]
          (let [[name col] (cond
                             (symbol? item) [item item]
                             (and (vector? item) (= 2 (count item)) (every? symbol? item)) item
                             :else (shape/expected form "columns and pairs [NewName Col]" item))
                field (tree/field fields col)]
            (when-not field
              (let [known (map :name fields)]
                (problem/fail :unknown-column
                              (str "unknown column " col " of table " (problem/brief (second form))
                                   (if-let [near (problem/nearest col known)]
                                     (str "; did you mean " near "?")
                                     (str "; it has " (problem/listing known))))
                              col cols form)))
            [name field]))
        (shape/vector-of form cols "a vector of columns")))

(defn- pushed
  "The :filter and :limit options, which the rewriter writes, of a scan."
  [form schema options]
  (let [limit (:limit options)]
    {:filter (some-> (:filter options)
                     (as-> f (infer/infer-as (infer/scope schema) f :boolean "table+ :filter" form)))
     :limit (when (some? limit) (shape/whole form limit 0 "a :limit"))}))

(defn- scan [env form table cols options]
  (let [source-options (dissoc options :filter :limit)
        {:keys [columns stats handle]} (describe env form table source-options)
        fields (mapv #(described-field form %) columns)
        picked (if cols (chosen form fields cols) (mapv (juxt :name identity) fields))
        schema (mapv (fn [[name field]] (assoc field :name name)) picked)]
    (shape/distinct-names form (map first picked) cols)
    (scope/node form :scan []
                (merge {:schema schema :table table :columns (mapv (comp :name second) picked)
                        :options source-options :handle handle :stats (or stats {})}
                       (pushed form schema options)))))

(defn- ref-node [env form table cols]
  (let [node (scope/node form :ref [] {:name table :schema (get (:rels env) table)})]
    (if cols
      (scope/node form :project [node]
                  {:exprs (mapv (fn [[name field]] {:name name :expr (tree/field-column field)})
                                (chosen form (:schema node) cols))})
      node)))

(defn check-table [env form]
  (let [[args options] (shape/split-options form :any)
        [table cols] (shape/arguments form args 1 2 "(table+ \"people.csv\" [Name Age])")]
    (when-not (or (symbol? table) (keyword? table) (string? table))
      (shape/expected form "a table's name or a file's path" table))
    (if (and (symbol? table) (contains? (:rels env) table))
      (do (when (seq options)
            (problem/fail :unknown-option (str "table+ of the with+ name " table " takes no options") form))
          (ref-node env form table cols))
      (scan env form table cols options))))

(defn- column-heads
  "[name type-or-nil] of each column."
  [form cols]
  (let [heads (mapv #(if (symbol? %) [% nil] (shape/typed-name form % "columns and pairs [Name type]"))
                    (shape/vector-of form cols "a vector of columns"))]
    (shape/distinct-names form (map first heads) cols)
    heads))

(defn- cell [env form row v]
  (let [e (infer/infer (infer/scope [] (:ctx env)) v row)]
    (if (tree/literal? e) e (shape/expected form "literal values in its rows" v))))

(defn- row-cells [env form n row]
  (when-not (and (vector? row) (= n (count row)))
    (shape/expected form (str "rows of " n (if (= 1 n) " value" " values")) row))
  (mapv #(cell env form row %) row))

(defn- typed-column [env form [name type] cells]
  (let [site {:fn 'values+ :form form :check-token (:check-token (:ctx env))}
        [type cells] (if type
                       [type (mapv #(sig/coerce site % type) cells)]
                       (if (seq cells) (sig/unify site cells) [:int32 []]))]
    (doseq [e cells]
      (when-not (tree/literal? e)
        (sig/mismatch site e "cannot take " (sig/shown e) " as " (types/text type) " without loss")))
    {:field {:name name :type type :nullable (boolean (some :nullable cells))}
     :values (mapv :value cells)}))

(defn check-values [env form]
  (let [[args _] (shape/split-options form [])
        [cols rows] (shape/arguments form args 2 2 "(values+ [A B] [[1 \"x\"] [2 \"y\"]])")
        heads (column-heads form cols)
        cells (mapv #(row-cells env form (count heads) %) (shape/vector-of form rows "a vector of rows"))
        columns (mapv (fn [i head] (typed-column env form head (mapv #(nth % i) cells))) (range) heads)]
    (scope/node form :values []
                {:schema (mapv :field columns)
                 :rows (mapv (fn [i] (cancel/check (:ctx env)) (mapv #(nth (:values %) i) columns)) (range (count rows)))})))
