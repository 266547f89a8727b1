(ns dev.penstock.plan.rules.subplans
  "with+: a subplan that is used once stands where it is used, and one that stands in a plan twice gets a name."
  (:require [dev.penstock.plan.alike :as alike]
            [dev.penstock.plan.estimate :as estimate]
            [dev.penstock.plan.rules.outer :as outer]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.uses :as uses])
  (:import (java.util IdentityHashMap)))

(defn- references
  "How often each name is used, by name; within the rounds of a recursion many times."
  [{:keys [op name inputs]}]
  (case op
    :ref {name 1}
    :recur (update-vals (apply merge-with + (map references inputs)) (constantly 1000))
    (apply merge-with + {} (map references inputs))))

(defn- put-in-place
  "A tree with the subplan instead of the references to its name."
  [name subplan node]
  (if (= :ref (:op node))
    (if (= name (:name node)) subplan node)
    (schema/refresh (tree/map-inputs #(put-in-place name subplan %) node))))

(defn inline-subplan-that-is-used-once
  "A name of with+ that is used once is put in its place; one that is not used goes."
  [{:keys [op names inputs] :as node} _ctx]
  (when (= :with op)
    (let [uses (apply merge-with + (map references inputs))
          i (first (keep-indexed (fn [i name] (when (<= (long (get uses name 0)) 1) i)) names))]
      (when i
        (let [without (fn [xs] (into (subvec xs 0 i) (subvec xs (inc (long i)))))
              inputs' (mapv #(put-in-place (nth names i) (nth inputs i) %) (without inputs))]
          (if (= 1 (count names))
            (peek inputs')
            (assoc node :names (without names) :inputs inputs')))))))

;; Equal subtrees.

(defn- nodes [node] (tree-seq (comp seq :inputs) :inputs node))

(defn- small-enough?
  "Has a node so few rows that it is cheaper to keep them than to compute them again?"
  [node {:keys [estimator]}]
  (let [memo (or estimator (estimate/estimator))
        rows #(estimate/known-rows (estimate/estimate memo % {}))
        scanned (map rows (filter #(= :scan (:op %)) (nodes node)))]
    (boolean (when-let [n (rows node)]
               (and (every? some? scanned) (<= (* 2 (double n)) (double (reduce + 0.0 scanned))))))))

(defn- worth-keeping?
  "Is a subtree more than a scan with filters, and does it make fewer rows than it reads?"
  [{:keys [op inputs] :as node} ctx]
  (case op
    (:group :distinct :set-op :top) true
    (:filter :project :bind :window :sort) (recur (first inputs) ctx)
    :join (small-enough? node ctx)
    false))

(defn- occurrences
  "[node needed] of each subtree that may be computed once, the largest first on each way down."
  [table node use]
  (if (contains? #{:recur :let :item :reduce} (:op node))
    []
    (concat (when (and (seq (:inputs node)) (alike/of table node)) [[node (:needed use)]])
            (mapcat #(occurrences table %1 %2) (:inputs node) (uses/of-inputs node use)))))

(defn- shared-most
  "The occurrences of the largest subtree that is there more than once, in the order of the plan; nil if there is none."
  [root ctx]
  (let [table (alike/table)
        found (occurrences table root (uses/root root))
        by-number (into {}
                        (filter (fn [[_ [[node] & more]]] (and more (worth-keeping? node ctx))))
                        (group-by (fn [[node]] (:number (alike/of table node))) found))
        repeated (vals by-number)]
    (when (seq repeated)
      (let [size (fn [[[node]]] (count (nodes node)))
            most (apply max (map size repeated))
            ;; the first of the largest ones in the plan, so that planning twice gives one text
            [first-node] (first (filter (fn [[node]] (let [all (by-number (:number (alike/of table node)))]
                                                       (and all (= most (size all)))))
                                        found))]
        [table (by-number (:number (alike/of table first-node)))]))))

(defn- fresh-name [root]
  (let [taken (into #{} (mapcat #(concat (:names %) [(:name %) (:table %)])) (nodes root))]
    (first (remove taken (cons 'shared (map #(symbol (str "shared-" %)) (iterate inc 2)))))))

(defn- shown
  "The needed columns of an occurrence, as columns of a reference; name-of: id -> the reference's name."
  [{:keys [schema]} needed ids name-of reference]
  (let [items (vec (for [{:keys [name]} schema :when (needed name)]
                     {:name name :expr (tree/field-column (tree/field (:schema reference) (name-of (ids name))))}))]
    (if (= (mapv :name items) (mapv (comp :name :expr) items) (tree/names reference))
      reference
      (schema/refresh {:op :project :inputs [reference] :exprs items}))))

(defn- put-for [^IdentityHashMap instead node]
  (or (.get instead node)
      (schema/refresh (tree/map-inputs #(put-for instead %) node))))

(defn- share-once [root ctx]
  (when-let [[table [[definition] :as all]] (shared-most root ctx)]
    (let [name (fresh-name root)
          ids #(:ids (alike/of table %))
          needed-ids (into #{} (mapcat (fn [[node needed]] (map (ids node) needed))) all)
          name-of (into {} (map (fn [n] [((ids definition) n) n])) (rseq (tree/names definition)))
          definition (outer/arranged (filterv (set (map name-of needed-ids)) (tree/names definition)) definition)
          reference {:op :ref :name name :inputs [] :schema (:schema definition)}
          instead (IdentityHashMap.)]
      (doseq [[node needed] all]
        (.put instead node (shown node needed (ids node) name-of reference)))
      (schema/refresh {:op :with :stream false :names [name] :inputs [definition (put-for instead root)]}))))

(defn share-equal-subtrees
  "What is computed twice in a plan, whatever its columns are called, is computed once and named."
  [node ctx]
  (loop [shared nil, current node]
    (if-let [next (share-once current ctx)]
      (recur next next)
      shared)))
