(ns dev.penstock.plan.schema
  "The schema of a node out of those of its inputs. A rule that changes a node or its inputs ends with
  refresh, so that names, types and nullability stay right."
  (:require [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types]))

(defn- nullable [fields] (mapv #(assoc % :nullable true) fields))

(defn- shared-field
  "The output of a USING column: the left one, but the right one for right and both for full."
  [kind null-safe l r]
  (case kind
    :right r
    :full (assoc l :type (types/common (:type l) (:type r)) :nullable (or (:nullable l) (:nullable r)))
    :inner (if null-safe l (assoc l :nullable false))
    l))

(defn- null-safe-names [keys]
  (set (for [k keys :when (:null-safe k)] (:name (:left k)))))

(defn join-schema
  "The schema of a join of kind, keys, using, mark over the schemas of its sides."
  [{:keys [kind keys using mark]} left right]
  (case kind
    (:semi :anti :null-anti) left
    :mark (conj left {:name mark :type :boolean :nullable true})
    (let [using? (set using)
          safe (null-safe-names keys)
          shared (mapv #(shared-field kind (contains? safe %) (tree/field left %) (tree/field right %)) using)
          others (fn [fields] (into [] (remove #(using? (:name %))) fields))
          [l r] [(others left) (others right)]]
      (into shared
            (concat (if (#{:right :full} kind) (nullable l) l)
                    (if (#{:left :full} kind) (nullable r) r))))))

(defn- group-schema [{:keys [keys sets aggregates]}]
  (let [in-all (fn [name] (or (nil? sets) (every? #(some #{name} %) sets)))]
    (into (mapv #(cond-> (tree/item-field %) (not (in-all (:name %))) (assoc :nullable true)) keys)
          (map #(select-keys % [:name :type :nullable]))
          aggregates)))

(defn- union-schema [inputs]
  (apply mapv (fn [field & more] (assoc field :nullable (boolean (some :nullable (cons field more)))))
         (map :schema inputs)))

(defn recursive
  "The columns of a recursion, whose seed has these: a round may bring nulls into any of them."
  [fields]
  (nullable fields))

(defn schema-of
  "The schema that a node has, given the schemas of its inputs. Leaves and user functions keep theirs."
  [{:keys [op inputs schema] :as node}]
  (let [input (:schema (first inputs))]
    (case op
      :project (mapv tree/item-field (:exprs node))
      :bind (into input (map tree/item-field) (:exprs node))
      :join (join-schema node input (:schema (second inputs)))
      (:union :mux) (union-schema inputs)
      :set-op (if (= :intersect (:set-kind node)) input (:schema (first inputs)))
      (:filter :distinct :sort :top :slice :first :rechunk :reorder) input
      :group (group-schema node)
      :window (into input (map #(select-keys % [:name :type :nullable])) (:functions node))
      :series (conj (or input []) {:name (:name node) :type (:type node) :nullable false})
      :unnest (cond-> (conj input {:name (:name node) :type (:type node) :nullable true})
                (:ordinality node) (conj {:name (:ordinality node) :type :int64
                                          :nullable (:outer node)}))
      :number (conj input {:name (:name node) :type :int64 :nullable false})
      :recur (recursive input)
      (:with :let) (:schema (peek inputs))
      schema)))

(defn refresh "The node with the schema that schema-of says; the node itself if it has that." [node]
  (let [schema (vec (schema-of node))]
    (if (= schema (:schema node)) node (assoc node :schema schema))))

(defn refresh-all "refresh from the leaves up." [node]
  (tree/postwalk-nodes refresh node))
