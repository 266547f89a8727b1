(ns dev.penstock.plan.naive
  "The reference evaluator: a checked, typed tree (before any rewriting) and its tables, evaluated by definition.
  Obvious, not fast; it shares nothing with the engine but the tree.

  env: {:rows-of (fn [scan node] seq of rows as vectors), :now Instant}. Rows inside are maps by column name."
  (:require [dev.penstock.plan.functions :as functions]
            [dev.penstock.plan.naive.aggregate :as aggregate]
            [dev.penstock.plan.naive.cast :as cast]
            [dev.penstock.plan.naive.join :as join]
            [dev.penstock.plan.naive.json :as json]
            [dev.penstock.plan.naive.order :as order]
            [dev.penstock.plan.naive.scalar :as scalar]
            [dev.penstock.plan.naive.series :as series]
            [dev.penstock.plan.naive.stream :as stream]
            [dev.penstock.plan.naive.window :as window]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]))

(declare rows)

(defn- bind-items [env items row]
  (reduce (fn [row {:keys [name expr]}] (assoc row name (scalar/evaluate env row expr))) row items))

(defn- project [env items row]
  (into {} (map (fn [{:keys [name expr]}] [name (scalar/evaluate env row expr)])) items))

(defn- identity-of
  "What makes a row the same as another: its values, by type."
  [fields row]
  (mapv (fn [{:keys [name type]}] (order/key-of type (get row name))) fields))

(defn- first-of-each [f coll]
  (vals (reduce (fn [m x] (let [k (f x)] (if (contains? m k) m (assoc m k x)))) (array-map) coll)))

(defn- renamed
  "Rows of an input under the names of a schema, by position."
  [schema input rows]
  (let [names (zipmap (tree/names input) (map :name schema))]
    (map (fn [row] (update-keys row names)) rows)))

(defn- set-op [{:keys [set-kind all schema]} as bs]
  (let [id #(identity-of schema %)
        counts (frequencies (map id bs))]
    (if all
      (first (reduce (fn [[out left] row]
                       (let [n (get left (id row) 0), in? (pos? (long n))]
                         [(if (= in? (= :intersect set-kind)) (conj out row) out)
                          (if in? (update left (id row) dec) left)]))
                     [[] counts] as))
      (filter #(= (contains? counts (id %)) (= :intersect set-kind)) (first-of-each id as)))))

(declare sorted)

(defn- aggregate-value [env in-set rows {f :fn :keys [filter keys order] :as agg}]
  (if (= 'grouping f)
    (reduce (fn [bits key] (+ (* 2 (long bits)) (if (in-set key) 0 1))) 0 keys)
    (let [rows (if filter (clojure.core/filter #(scalar/true-for? env filter %) rows) rows)
          rows (if (seq order) (sorted env order rows) rows)]
      (aggregate/aggregate agg (:literals (functions/aggregates f) 0) #(scalar/evaluate env %1 %2) rows))))

(defn- grouped [env {:keys [keys aggregates]} in-set rows]
  (let [keyed (map (fn [row] [(project env keys row) row]) rows)
        used (filter #(in-set (:name %)) keys)
        id (fn [[k _]] (mapv #(order/key-of (:type (:expr %)) (get k (:name %))) used))
        groups (if (empty? used) [[nil keyed]] (group-by id keyed))]
    (for [[_ members] groups
          :when (or (empty? used) (seq members))]
      (let [rows (map second members)
            k (first (first members))]
        (into (into {} (map (fn [{:keys [name]}] [name (when (in-set name) (get k name))])) keys)
              (map (fn [a] [(:name a) (aggregate-value env in-set rows a)]))
              aggregates)))))

(defn- group [env {:keys [keys sets] :as node} rows]
  (mapcat #(grouped env node (set %) rows) (or sets [(map :name keys)])))

(defn- sorted [env items rows]
  (let [typed (map #(assoc % :type (:type (:expr %))) items)]
    (sort-by (fn [row] (mapv #(scalar/evaluate env row (:expr %)) items)) (order/comparator-of typed) rows)))

(defn- sliced [offset limit rows]
  (cond->> (drop (long offset) rows) limit (take (long limit))))

(defn- with-names
  "The environment in which the names of with+, let+ are known, each evaluated once."
  [env key f {:keys [names inputs]}]
  (reduce (fn [env [name input]] (assoc-in env [key name] (f env input))) env (map vector names inputs)))

(defn- rounds
  "The rows of a recursion from a working table on, lazily: it may have no end."
  [env {:keys [name all schema] [_ step] :inputs :as node} seen working]
  (let [id #(identity-of schema %)
        working (if all working (remove (comp seen id) (first-of-each id working)))]
    (when (seq working)
      (lazy-cat working
                (let [known (if all seen (into seen (map id) working))
                      inner (assoc-in env [:rels name] [{:schema schema} working])]
                  (rounds env node known (doall (renamed schema step (rows inner step)))))))))

(defn- scan-rows [env {:keys [schema] :as node}]
  (map #(zipmap (map :name schema) %) ((:rows-of env) node)))

(defn- unnested [env {:keys [name type expr outer ordinality]} row]
  (let [from (if (= :json type) :json :varchar)
        out (map-indexed (fn [i v]
                           (cond-> (assoc row name (when (some? v) (cast/cast-value from type v)))
                             ordinality (assoc ordinality (inc (long i)))))
                         (json/elements type (scalar/evaluate env row expr)))]
    (if (and outer (empty? out))
      [(cond-> (assoc row name nil) ordinality (assoc ordinality nil))]
      out)))

(defn- series-rows [env {:keys [name type start stop step exclusive]} row]
  (let [value #(scalar/evaluate env row %)]
    (map #(assoc row name %) (series/values type (value start) (value stop) (value step) exclusive))))

(defn- first-item [env {:keys [schema] :as node}]
  (first (stream/items schema (rows env node))))

(defn- matched [env {:keys [f] [input] :inputs :as node}]
  (let [{:keys [node-of rows]} (get-in env [:lets (:let (first (:args f)))])]
    (join/join env (schema/refresh (merge {:op :join :inputs [input node-of]} (:match node)))
               (dev.penstock.plan.naive/rows env input) (vec rows))))

(defn- let-value [env node]
  (let [reduce-node (if (= :first (:op node)) (first (:inputs node)) node)]
    (if (and (= :reduce (:op reduce-node)) (:key-exprs reduce-node))
      {:node-of (first (:inputs reduce-node)) :rows (rows env (first (:inputs reduce-node)))}
      (first-item env node))))

(defn rows
  "The rows of a node: a seq of maps from column name to value."
  [env {:keys [op inputs] :as node}]
  (let [[a b] inputs
        in #(rows env a)]
    (case op
      :scan (scan-rows env node)
      :values (let [names (map :name (:schema node))]
                (map (fn [row] (zipmap names (map #(scalar/evaluate env {} {:kind :literal :value %}) row)))
                     (:rows node)))
      :filter (filter #(scalar/true-for? env (:predicate node) %) (in))
      :project (map #(project env (:exprs node) %) (in))
      :bind (map #(bind-items env (:exprs node) %) (in))
      :join (join/join env node (in) (vec (rows env b)))
      :union (mapcat #(renamed (:schema node) % (rows env %)) inputs)
      :mux (mapcat #(renamed (:schema node) % (rows env %)) inputs)
      :set-op (set-op node (renamed (:schema node) a (in)) (renamed (:schema node) b (rows env b)))
      :distinct (let [fields (if (:keys node)
                               (filter #(contains? (set (:keys node)) (:name %)) (:schema node))
                               (:schema node))]
                  (first-of-each #(identity-of fields %) (in)))
      :group (group env node (in))
      :window (reduce #(window/window env %2 %1) (in) (:functions node))
      :sort (sorted env (:items node) (in))
      :top (sliced (:offset node 0) (:limit node) (sorted env (:items node) (in)))
      :slice (sliced (:offset node) (:limit node) (in))
      :series (mapcat #(series-rows env node %) (if a (in) [{}]))
      :unnest (mapcat #(unnested env node %) (in))
      :with (rows (with-names env :rels (fn [env input] [input (vec (rows env input))]) node) (peek inputs))
      :ref (let [[input named] (get-in env [:rels (:name node)])] (renamed (:schema node) input named))
      :recur (rounds env node #{} (doall (in)))
      :let (rows (with-names env :lets let-value node) (peek inputs))
      :item (if (:match node) (matched env node) (stream/item-rows (:lets env) node (in)))
      :reduce [{'it (stream/reduced-item node (in))}]
      :first (take 1 (in))
      :rechunk (in)
      :number (map-indexed (fn [i row] (assoc row (:name node) (long i))) (in))
      :reorder (sort-by #(get % (:name node)) (in)))))

(defn evaluate
  "{:schema [...] :rows [[v ...] ...]} of a checked tree."
  [tree env]
  (let [names (tree/names tree)]
    {:schema (:schema tree)
     :rows (mapv (fn [row] (mapv #(get row %) names)) (rows env tree))}))
