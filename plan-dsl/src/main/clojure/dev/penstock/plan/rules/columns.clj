(ns dev.penstock.plan.rules.columns
  "Columns that nobody reads are neither computed nor scanned.

  prune goes down with the set of names that are needed above. Each case gives a node whose schema has at
  least these; narrowed puts a project where what is left over would be carried far."
  (:require [clojure.set :as set]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]))

(declare prune)

(defn- reads [es] (into #{} (mapcat tree/expr-columns) es))

(defn- name-set [node] (set (map :name (:schema node))))

(defn- keep-fields [fields needed] (filterv #(needed (:name %)) fields))

(defn- narrowed
  "The node with only the needed columns, in their order; a project above it if it has more."
  [node needed]
  (let [kept (keep-fields (:schema node) needed)]
    (if (= (count kept) (count (:schema node)))
      node
      (schema/refresh
       {:op :project :inputs [node]
        :exprs (mapv (fn [f] {:name (:name f) :expr (tree/field-column f)}) kept)}))))

(defn- prune-scan [{filter-expr :filter :keys [schema columns] :as node} needed]
  (let [wanted (into needed (when filter-expr (tree/expr-columns filter-expr)))
        kept (keep-indexed (fn [i f] (when (wanted (:name f)) i)) schema)
        pruned (assoc node
                      :schema (mapv schema kept)
                      :columns (mapv columns kept))]
    (narrowed pruned needed)))

(defn- prune-items
  "The items of a bind that are needed, also by later ones."
  [items needed]
  (reduce (fn [[kept needed] {:keys [name expr] :as item}]
            (if (needed name)
              [(cons item kept) (into needed (tree/expr-columns expr))]
              [kept needed]))
          [() needed]
          (reverse items)))

(defn- prune-input [node needed] (update node :inputs (fn [[in]] [(prune in needed)])))

(defn- side-needs
  "What a join needs of one side: what is needed above, its keys, and what the residual reads."
  [{:keys [keys residual using]} side input needed]
  (set/intersection (name-set input)
                    (set/union needed (set using) (reads (map side keys))
                               (if residual (tree/expr-columns residual) #{}))))

(defn- prune-join [{:keys [kind] [l r] :inputs :as node} needed]
  (let [left-only? (#{:semi :anti :null-anti :mark} kind)
        above (if left-only? #{} needed)
        joined (schema/refresh
                (assoc node :inputs [(prune l (side-needs node :left l needed))
                                     (prune r (side-needs node :right r above))]))]
    (narrowed joined (if (= :mark kind) (conj needed (:mark node)) needed))))

(defn- prune-union
  "Branches are narrowed by position."
  [{:keys [schema inputs] :as node} needed]
  (let [kept (keep-indexed (fn [i f] (when (needed (:name f)) i)) schema)]
    (if (= (count kept) (count schema))
      (assoc node :inputs (mapv #(prune % (name-set %)) inputs))
      (schema/refresh
       (assoc node :inputs
              (mapv (fn [branch]
                      (let [fields (mapv (:schema branch) kept)
                            names (set (map :name fields))
                            pruned (narrowed (prune branch names) names)]
                        pruned))
                    inputs))))))

(defn- prune-group [{:keys [keys aggregates] :as node} needed]
  (let [aggregates (filterv #(needed (:name %)) aggregates)
        pruned (assoc node :aggregates aggregates)
        below (reads (concat (map :expr keys) (mapcat :args aggregates) (keep :filter aggregates)
                            (map :expr (mapcat :order aggregates))))]
    (narrowed (schema/refresh (prune-input pruned below)) needed)))

(defn- prune-window [{:keys [functions] :as node} needed]
  (let [functions (filterv #(needed (:name %)) functions)
        below (into needed
                    (reads (mapcat (fn [f] (concat (:args f) (:partition f) (when (:filter f) [(:filter f)])
                                                (map :expr (concat (:order f) (:within f))))) functions)))
        below (set/difference below (set (map :name functions)))]
    (if (empty? functions)
      (prune (first (:inputs node)) needed)
      (narrowed (schema/refresh (prune-input (assoc node :functions functions) below)) needed))))

(defn- with-own [node needed] (into needed (reads (tree/exprs node))))

(defn- prune-values [{:keys [schema rows] :as node} needed]
  (let [kept (keep-indexed (fn [i f] (when (needed (:name f)) i)) schema)]
    (assoc node :schema (mapv schema kept) :rows (mapv (fn [row] (mapv row kept)) rows))))

(defn prune
  "The node with what is needed of it (a set of names of its schema), and little more."
  [{:keys [op inputs] :as node} needed]
  (case op
    :scan (prune-scan node needed)
    :values (prune-values node needed)
    :project (let [items (filterv #(needed (:name %)) (:exprs node))]
               (schema/refresh (prune-input (assoc node :exprs items) (reads (map :expr items)))))
    :bind (let [[items below] (prune-items (:exprs node) needed)
                below (set/intersection below (name-set (first inputs)))]
            (if (empty? items)
              (prune (first inputs) needed)
              (narrowed (schema/refresh (prune-input (assoc node :exprs (vec items)) below)) needed)))
    (:filter :sort :top) (narrowed (schema/refresh (prune-input node (with-own node needed))) needed)
    (:slice :first) (schema/refresh (prune-input node needed))
    :join (prune-join node needed)
    :union (prune-union node needed)
    :group (prune-group node needed)
    :window (prune-window node needed)
    :distinct (if-let [ks (:keys node)]
                (narrowed (schema/refresh (prune-input node (into needed ks))) needed)
                (narrowed (prune-input node (name-set (first inputs))) needed))
    :number (narrowed (schema/refresh (prune-input node (disj needed (:name node)))) needed)
    :reorder (narrowed (schema/refresh (prune-input node (conj needed (:name node)))) needed)
    :series (if (seq inputs)
              (let [below (set/difference (with-own node needed) #{(:name node)})]
                (narrowed (schema/refresh (prune-input node below)) needed))
              node)
    :unnest (let [own (disj (set [(:name node) (:ordinality node)]) nil)
                  below (set/difference (with-own node needed) own)]
              (narrowed (schema/refresh (prune-input node below)) needed))
    (:with :let) (schema/refresh
                  (assoc node :inputs (conj (mapv #(prune % (name-set %)) (pop inputs))
                                            (prune (peek inputs) needed))))
    ;; Functions see whole rows; set operations compare them.
    (narrowed (assoc node :inputs (mapv #(prune % (name-set %)) inputs)) needed)))

(defn prune-columns
  "Columns that nobody reads are left out, down to the scans."
  [node _ctx]
  (let [pruned (prune node (name-set node))]
    (when (not= pruned node) pruned)))

(defn leave-out-items-that-nobody-reads
  "What a project, bind or group computes and nobody reads is left out at once, so that nothing below is kept for it."
  [{:keys [op exprs aggregates] :as node} {:keys [needed]}]
  (when needed
    (let [kept (case op
                 :project (filterv #(needed (:name %)) exprs)
                 :bind (vec (first (prune-items exprs needed)))
                 :group (filterv #(needed (:name %)) aggregates)
                 nil)
          before (if (= :group op) aggregates exprs)]
      (when (and kept (< (count kept) (count before)))
        (cond
          (= :group op) (assoc node :aggregates kept)
          (and (= :bind op) (empty? kept)) (first (:inputs node))
          :else (assoc node :exprs kept))))))

(defn- cheap? [e] (not (tree/call? e)))

(defn- uses "How often items read each column, by its name." [items]
  (frequencies (eduction (mapcat #(tree-seq tree/call? :args (:expr %))) (filter tree/column?) (map :name) items)))

(defn- computed-once? [exprs below]
  (let [n (delay (uses exprs))]
    (every? (fn [{:keys [name expr]}] (or (cheap? expr) (<= (long (get @n name 0)) 1))) below)))

(defn merge-adjacent-projects
  "A project of a project is one, unless something costly would be computed twice."
  [{:keys [op exprs] [input] :inputs :as node} _ctx]
  (when (and (= :project op) (= :project (:op input))
             (computed-once? exprs (:exprs input)))
    (let [defs (into {} (map (juxt :name :expr)) (:exprs input))]
      (assoc node
             :exprs (mapv #(update % :expr (partial tree/replace defs)) exprs)
             :inputs (:inputs input)))))

(defn drop-project-that-changes-nothing
  "A project of all columns, as they are and in their order, is not needed."
  [{:keys [op exprs] [input] :inputs} _ctx]
  (when (and (= :project op)
             (= (mapv :name exprs) (tree/names input))
             (every? (fn [{:keys [name expr]}] (and (tree/column? expr) (= name (:name expr)))) exprs))
    input))
