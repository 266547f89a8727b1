(ns dev.penstock.plan.alike
  "Which subtrees compute the same, whatever their columns are called.

  A table of forms gives every subtree a number: two with one number give the same rows, and columns with one id in
  them the same values. of gives {:number n :ids {name id}}, or nil of what may not be computed just once
  (user functions, recursion, names of with+)."
  (:require [dev.penstock.plan.tree :as tree])
  (:import (java.util HashMap IdentityHashMap)))

(defn table "A new table of forms; for one thread." []
  {:numbers (HashMap.) :known (IdentityHashMap.)})

(defn- number-of [{:keys [^HashMap numbers]} form]
  (or (.get numbers form)
      (let [n (.size numbers)] (.put numbers form n) n)))

(defn- in-ids "An expression over ids." [ids e]
  (when e (tree/postwalk #(if (tree/column? %) (assoc % :name (ids (:name %))) %) (tree/plain e))))

(defn- sort-items [ids items] (mapv #(update % :expr (partial in-ids ids)) items))

(defn- aggregate [ids {f :fn :keys [args distinct filter key type]} key-place]
  [f (mapv #(in-ids ids %) args) distinct (in-ids ids filter) (key-place key) type])

(defn- made
  "A subtree of a form, with new columns at its places."
  [table form ids names]
  (let [n (number-of table form)]
    {:number n :ids (into ids (map-indexed (fn [i name] [name [n i]])) names)}))

(declare of)

(defn- leaf [table {:keys [op columns schema options limit rows] source :table predicate :filter}]
  (case op
    :scan (let [ids (zipmap (map :name schema) columns)]
            {:number (number-of table [:scan source options limit (set columns) (in-ids ids predicate)]) :ids ids})
    :values (made table [:values rows (mapv :type schema)] {} (map :name schema))))

(defn- join [table {:keys [kind keys using residual mark] [l r] :inputs :as node}]
  (let [a (of table l), b (of table r)]
    (when (and a b (nil? (:strategy node)) (nil? (:build node))
               (or (empty? using) (contains? #{:inner :left :semi :anti :null-anti} kind)))
      (let [lefts (update-vals (:ids a) #(vector :left %))
            rights (update-vals (:ids b) #(vector :right %))
            form [:join kind (mapv #(-> % (update :left (partial in-ids lefts)) (update :right (partial in-ids rights))) keys)
                  (mapv lefts using) (in-ids (merge rights lefts) residual) (:number a) (:number b)]
            n (number-of table form)]
        {:number n :ids (cond-> (merge rights lefts) mark (assoc mark [n :mark]))}))))

(defn- by-place [table {:keys [op set-kind all inputs schema]}]
  (let [below (map #(of table %) inputs)]
    (when (every? some? below)
      (made table
            [op set-kind all (mapv (fn [{:keys [number ids]} input] [number (mapv ids (tree/names input))]) below inputs)]
            {} (map :name schema)))))

(defn- group [table {:keys [keys sets aggregates]} {:keys [number ids]}]
  (let [place (zipmap (map :name keys) (range))]
    (made table
          [:group (mapv #(in-ids ids (:expr %)) keys) (mapv #(mapv place %) sets) (some? sets)
           (mapv #(aggregate ids % place) aggregates) number]
          {} (map :name (concat keys aggregates)))))

(defn- bind [table {:keys [exprs]} below]
  (reduce (fn [{:keys [number ids]} {:keys [name expr]}] (made table [:bind (in-ids ids expr) number] ids [name]))
          below exprs))

(defn- window [table {:keys [functions]} {:keys [number ids]}]
  (made table
        [:window (mapv (fn [f] (-> (dissoc f :name :nullable)
                                   (update :args (partial mapv #(in-ids ids %)))
                                   (update :partition (partial mapv #(in-ids ids %)))
                                   (update :order (partial sort-items ids))))
                       functions)
         number]
        ids (map :name functions)))

(defn- unary [table {:keys [op inputs items offset limit exprs schema] :as node}]
  (when-let [{:keys [number ids] :as below} (of table (first inputs))]
    (let [same (fn [form] {:number (number-of table (conj form number)) :ids ids})]
      (case op
        :filter (same [:filter (in-ids ids (:predicate node))])
        :sort (same [:sort (sort-items ids items)])
        :top (same [:top (sort-items ids items) limit offset])
        :slice (same [:slice offset limit])
        :distinct (same [:distinct (set (map ids (or (:keys node) (tree/names node)))) (some? (:keys node))])
        :project (made table [:project (mapv #(in-ids ids (:expr %)) exprs) number] {} (map :name schema))
        :bind (bind table node below)
        :group (group table node below)
        :window (window table node below)
        nil))))

(defn of
  "The number and the ids of a subtree."
  [{:keys [^IdentityHashMap known] :as table} {:keys [op inputs] :as node}]
  (let [found (.get known node)]
    (if (some? found)
      (when-not (= :none found) found)
      (let [made (case op
                   (:scan :values) (leaf table node)
                   :join (join table node)
                   (:union :set-op) (by-place table node)
                   (when (= 1 (count inputs)) (unary table node)))]
        (.put known node (or made :none))
        made))))
