(ns dev.penstock.plan.lower
  "The typed tree -> the lowered plan of section 7 of the plan language: Java-friendly maps, ordinals for
  names, with+ and let+ names resolved, bind+ and the hash join of let+ in their physical form.

  An env is {:ctx {:now Instant :memo estimator :refs {with+ or let+ name -> estimate} :check-token (see cancel)},
  :make (fn [op schema inputs more] node), :uses {ref name -> count},
  :rels {name -> delay of a lowered node}, :lets {let+ name -> typed node}, :hashed {name -> delay}}."
  (:require [dev.penstock.plan.estimate :as estimate]
            [dev.penstock.plan.functions :as functions]
            [dev.penstock.plan.lower.expr :as expr]
            [dev.penstock.plan.lower.join :as join]
            [dev.penstock.plan.lower.recursion :as recursion]
            [dev.penstock.plan.lower.stream :as stream]
            [dev.penstock.plan.print :as print]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types])
  (:import (clojure.lang IDeref)
           (java.time Instant)))

(declare lower-node)

(defn- index [node] (expr/ordinals (:schema node)))

(defn- input-index [{[input] :inputs}] (index input))

(defn- exprs [env node es]
  (let [index-of (input-index node)] (mapv #(expr/expr (:ctx env) index-of %) es)))

(defn- make-node [env {:keys [schema]} op inputs more] ((:make env) op schema inputs more))

(defn- orders
  "What a source says of the order of its rows, by ordinals of a scan's columns: \"sorted-by\", \"finds\"; and \"by-keys\"."
  [{:keys [columns] {:keys [sorted-by finds by-keys] figures :columns} :stats}]
  (let [ordinal (zipmap (map str columns) (range))]
    (cond-> {}
      by-keys (assoc "by-keys" true)
      (ordinal sorted-by) (assoc "sorted-by" {"column" (ordinal sorted-by) "values" (:distinct (get figures sorted-by))})
      (seq finds) (assoc "finds" (into {} (keep (fn [[name n]] (when-let [i (ordinal name)] [i n]))) finds)))))

(defn- lower-scan [env {:keys [handle table columns limit options] :as node}]
  (make-node env node "scan" []
             (merge {"handle" handle "table" (if (string? table) table (print/flat table))
                     "columns" (mapv str columns) "filter" (expr/maybe (:ctx env) (index node) (:filter node))
                     "limit" limit "options" options}
                    (orders node))))

(defn- lower-values [env {:keys [rows schema] :as node}]
  (make-node env node "values" []
             {"rows" (mapv (fn [row] (mapv #(expr/value %1 (:type %2)) row schema)) rows)}))

(defn- lower-series [env {:keys [start stop step exclusive inputs] :as node}]
  (let [value #(expr/expr (:ctx env) (if (seq inputs) (input-index node) {}) %)]
    (make-node env node "series" (mapv #(lower-node env %) inputs)
               {"start" (value start) "stop" (value stop) "step" (value step) "exclusive" exclusive})))

(defn- layers
  "Items of a bind+ in layers: each depends on earlier layers only."
  [items]
  (let [depth (reduce (fn [depth {:keys [name expr]}]
                        (let [below (keep depth (tree/expr-columns expr))]
                          (assoc depth name (if (seq below) (inc (long (apply max below))) 0))))
                      {} items)]
    (map second (sort-by first (group-by (comp depth :name) items)))))

(defn- bind-layer
  "A project that keeps the columns of fields and has those of items."
  [env fields items [below lowered]]
  (let [by-name (into {} (map (juxt :name :expr)) items)
        index-of (expr/ordinals below)]
    [fields
     ((:make env) "project" fields [lowered]
                  {"exprs" (mapv #(expr/expr (:ctx env) index-of
                                             (or (by-name (:name %)) (tree/field-column %)))
                                 fields)})]))

(defn- lower-bind [env {items :exprs :keys [schema] [input] :inputs}]
  (loop [state [(:schema input) (lower-node env input)], [layer & more] (layers items)]
    (cond
      (nil? layer) (second state)
      (nil? more) (second (bind-layer env schema layer state))
      :else (recur (bind-layer env (into (first state) (map tree/item-field) layer) layer state) more))))

(defn- parameters
  "[args params]: the arguments, and the values of the literals after them that are the same for all rows."
  [f args]
  (let [args (vec args)
        n (- (count args) (long (:literals (functions/aggregates f) 0)))]
    [(subvec args 0 n) (mapv #(expr/value (:value %) (:type %)) (subvec args n))]))

(defn- aggregate [{:keys [ctx]} {group-keys :keys :as node} {f :fn :keys [args distinct keys order type] :as agg}]
  (let [index-of (input-index node)
        [args params] (parameters f args)]
    {"fn" (str f) "args" (mapv #(expr/expr ctx index-of %) args)
     "params" (if keys (mapv (expr/ordinals group-keys) keys) params)
     "distinct" distinct "filter" (expr/maybe ctx index-of (:filter agg))
     "order" (expr/sort-items ctx index-of order) "type" (types/text type)}))

(defn- lower-group [env {:keys [keys sets aggregates] [input] :inputs :as node}]
  (let [ordinal (expr/ordinals keys)]
    (make-node env node "group" [(lower-node env input)]
               {"keys" (exprs env node (map :expr keys))
                "sets" (when sets (mapv #(mapv ordinal %) sets))
                "aggregates" (mapv #(aggregate env node %) aggregates)})))

(defn- bound [{:keys [kind offset]}]
  (cond-> {"kind" (name kind)}
    offset (assoc "offset" (expr/value (:value offset) (:type offset))
                  "type" (types/text (:type offset)))))

(def ^:private skips-nulls
  "Aggregates that leave out rows by their argument being null: a :filter becomes a part of it."
  '#{count sum avg min max any stddev stddev-pop variance variance-pop bool-and bool-or})

(defn- filter-inside
  "A function whose :filter is a case in its argument, where that says the same; such frames slide."
  [{f :fn :keys [args distinct] :as function}]
  (if (and (:filter function) (skips-nulls f) (not distinct))
    (let [x (or (first args) (tree/literal 1 :int64))
          null (tree/literal nil (:type x))]
      (assoc function :filter nil
             :args [(tree/call 'case [(:filter function) x null] (:type x) true)]))
    function))

(defn- window-function [ctx index-of function]
  (let [{f :fn :keys [args frame type distinct within ignore-nulls] :as function} (filter-inside function)
        [args params] (parameters f args)]
    {"fn" (str f) "args" (mapv #(expr/expr ctx index-of %) args) "params" params
     "distinct" distinct "filter" (expr/maybe ctx index-of (:filter function))
     "order" (expr/sort-items ctx index-of within) "ignore-nulls" ignore-nulls
     "frame" {"mode" (name (:mode frame)) "start" (bound (:start frame)) "end" (bound (:end frame))
              "exclude" (some-> (:exclude frame) name)}
     "type" (types/text type)}))

(defn- window-node
  "One node for the functions of one window, over [fields lowered]."
  [env [fields lowered] functions]
  (let [{:keys [ctx make]} env
        index-of (expr/ordinals fields)
        {:keys [partition order]} (first functions)
        out (into fields (map #(select-keys % [:name :type :nullable])) functions)]
    [out (make "window" out [lowered]
               {"functions" (mapv #(window-function ctx index-of %) functions)
                "partition" (mapv #(expr/expr ctx index-of %) partition)
                "order" (expr/sort-items ctx index-of order)})]))

(defn- reordered
  "A project to the fields in the order of schema, if they are in another one."
  [env schema [fields lowered]]
  (if (= (map :name schema) (map :name fields))
    lowered
    (let [index-of (expr/ordinals fields)]
      ((:make env) "project" schema [lowered]
                   {"exprs" (mapv #(expr/column (index-of (:name %)) (:type %)) schema)}))))

(defn- lower-window [env {:keys [functions schema] [input] :inputs}]
  (let [windows (distinct (map (juxt :partition :order) functions))
        by-window (group-by (juxt :partition :order) functions)]
    (->> (map by-window windows)
         (reduce #(window-node env %1 %2) [(:schema input) (lower-node env input)])
         (reordered env schema))))

(defn- sort-items [env node] (expr/sort-items (:ctx env) (input-index node) (:items node)))

(defn- lower-ref
  "A name that is used once is its subplan; else one shared node, the same object at each use."
  [env {:keys [name]}]
  @(get (:rels env) name))

(defn- shared [env name node]
  (let [lowered (lower-node env node)]
    (if (< 1 (get (:uses env) name 0))
      ((:make env) "shared" (:schema node) [lowered]
                   (cond-> {"name" (str name)}
                     (get lowered "rows") (assoc "rows" (get lowered "rows"))))
      lowered)))

(defn- with-estimate [env node name input]
  (update-in env [:ctx :refs] estimate/with-name (:memo (:ctx env)) node name input))

(defn- lower-with [env {:keys [names inputs] :as with}]
  (let [inner (reduce (fn [env [name node]]
                        (-> env
                            (assoc-in [:rels name] (delay (shared env name node)))
                            (with-estimate with name node)))
                      env (map vector names inputs))]
    (lower-node inner (peek inputs))))

(defn- lower-recur
  "Each use of the name in the step is a leaf of its own; what does not depend on it is kept for all rounds."
  [env {:keys [name all schema] [seed step] :inputs :as node}]
  (let [below (lower-node env seed)
        leaf (reify IDeref (deref [_] ((:make env) "recursion" schema [] {"name" (str name)})))
        inner (-> env (assoc-in [:rels name] leaf) (with-estimate node name seed))]
    (make-node env node "recursive" [below (recursion/keep-what-stays (:make env) (lower-node inner step))]
               {"name" (str name) "all" all})))

(defn- hashed-input
  "The node that hash-tuples hashes, if a let+ name stands for (first+ (preduce+ (hash-tuples ...) node))."
  [node]
  (let [reduce (if (= :first (:op node)) (first (:inputs node)) node)]
    (when (and (= :reduce (:op reduce)) (:key-exprs reduce)) (first (:inputs reduce)))))

(defn- lower-let [env {:keys [names inputs] :as node}]
  (let [[inner bindings]
        (reduce (fn [[env bindings] [name bound]]
                  (if-let [right (hashed-input bound)]
                    [(-> env (assoc-in [:lets name] right)
                         (assoc-in [:hashed name] (delay (shared env name right))))
                     bindings]
                    [env (conj bindings {"name" (str name) "node" (lower-node env bound)})]))
                [env []] (map vector names inputs))
        body (lower-node inner (peek inputs))]
    (if (seq bindings) (make-node env node "let" [body] {"bindings" bindings}) body)))

(defn- lower-match
  "tuple-matches: the hash join that it stands for."
  [env {:keys [f] [input] :inputs :as node}]
  (let [name (:let (first (:args f)))]
    (join/lower-join (:ctx env) (:make env) (join/matched node (get (:lets env) name))
                     (lower-node env input) @(get (:hashed env) name))))

(defn- lower-item [env {:keys [match] [input] :inputs :as node}]
  (if match
    (lower-match env node)
    (stream/lower-item (:make env) node (lower-node env input))))

(defn- lower-project [env {:keys [schema] [input] :inputs :as node}]
  (let [below (lower-node env input)
        es (exprs env node (map :expr (:exprs node)))]
    (or (join/narrowed below es schema)
        (make-node env node "project" [below] {"exprs" es}))))

(defn- lower-unary
  "Operators whose further keys come from the node alone."
  [env {:keys [op] [input] :inputs :as node}]
  (let [make (fn [op more] (make-node env node op [(lower-node env input)] more))]
    (case op
      :filter (make "filter" {"predicate" (first (exprs env node [(:predicate node)]))})
      :distinct (make "distinct" {"keys" (some->> (:keys node) (mapv (input-index node)))})
      :sort (make "sort" {"items" (sort-items env node)})
      :top (make "top" {"items" (sort-items env node) "limit" (:limit node) "offset" (:offset node)})
      :slice (make "slice" {"offset" (:offset node) "limit" (:limit node)})
      :unnest (make "unnest" {"expr" (first (exprs env node [(:expr node)])) "outer" (:outer node)
                              "ordinality" (some? (:ordinality node))})
      :reduce (stream/lower-reduce (:make env) node (lower-node env input))
      :first (make "first" {})
      :rechunk (make "rechunk" {"size" (:size node)})
      :number (make "number" {})
      :reorder (make "reorder" {"column" ((input-index node) (:name node))}))))

(defn- with-rows
  "A lowered node, and those below it that were made with it, with the estimated number of rows, a delay."
  [lowered rows]
  (if (contains? lowered "rows")
    lowered
    (-> lowered
        (assoc "rows" rows)
        (update "inputs" (partial mapv #(with-rows % rows))))))

(defn- lower-op [env {:keys [op inputs] :as node}]
  (case op
    :scan (lower-scan env node)
    :values (lower-values env node)
    :series (lower-series env node)
    :bind (lower-bind env node)
    :project (lower-project env node)
    :join (join/lower-join (:ctx env) (:make env) node
                           (lower-node env (first inputs)) (lower-node env (second inputs)))
    (:union :mux) (make-node env node (name op) (mapv #(lower-node env %) inputs) {})
    :set-op (make-node env node "set-op" (mapv #(lower-node env %) inputs)
                       {"kind" (name (:set-kind node)) "all" (:all node)})
    :group (lower-group env node)
    :window (lower-window env node)
    :with (lower-with env node)
    :ref (lower-ref env node)
    :recur (lower-recur env node)
    :let (lower-let env node)
    :item (lower-item env node)
    (lower-unary env node)))

(defn- lower-node [env node]
  (let [{:keys [memo refs]} (:ctx env)]
    ;; late: nothing in a plan hangs on it, and the figures of a source may have to be read
    (with-rows (lower-op env node)
               (delay (locking memo (some-> (estimate/known-rows (estimate/estimate memo node refs)) double))))))

(defn- uses
  "How often each with+ name, and each let+ name of a hash join, is used."
  [tree]
  (frequencies
   (keep (fn [{:keys [op name match f]}]
           (cond
             (= :ref op) name
             match (:let (first (:args f)))))
         (tree-seq (comp seq :inputs) :inputs tree))))

(defn lower
  "The lowered root of a typed tree. ctx: :now, an Instant (default: this moment)."
  [tree ctx]
  (let [counter (volatile! -1)
        make (fn [op schema inputs more]
               (assoc more "op" op "id" (vswap! counter inc) "schema" (expr/fields schema)
                      "inputs" (vec inputs)))]
    (lower-node {:ctx {:now (or (:now ctx) (Instant/now)) :memo (estimate/estimator) :refs {} :check-token (:check-token ctx)}
                 :make make :uses (uses tree)
                 :rels {} :lets {} :hashed {}}
                tree)))
