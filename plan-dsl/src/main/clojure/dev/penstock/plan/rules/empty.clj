(ns dev.penstock.plan.rules.empty
  "Relations that have no rows, whatever the tables hold, are not computed."
  (:require [dev.penstock.plan.facts :as facts]
            [dev.penstock.plan.ranges :as ranges]
            [dev.penstock.plan.rules.outer :as outer]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]))

(defn- empty-of
  "No rows, with the schema of a node; nil if no literal could have that."
  [{:keys [schema]}]
  (when (not-any? #(= :any (:type %)) schema)
    {:op :values :inputs [] :rows [] :schema schema}))

(defn- empty-relation? [{:keys [op rows]}] (and (= :values op) (empty? rows)))

(defn empty-relation-of-slice-of-none
  "A limit of 0 gives no rows."
  [{:keys [op limit] :as node} _ctx]
  (when (and (contains? #{:slice :top} op) (some-> limit (= 0)))
    (empty-of node)))

(defn- conditions [{:keys [op predicate] scanned :filter [input] :inputs} ctx]
  (case op
    :filter (concat (map tree/plain (tree/conjuncts predicate)) (:predicates (facts/of input ctx)))
    :scan (when scanned (map tree/plain (tree/conjuncts scanned)))
    nil))

(defn empty-relation-of-contradiction
  "Conditions that can never all be true, as x < 3 and x > 5, give no rows."
  [node ctx]
  (when (ranges/contradictory? (conditions node ctx))
    (empty-of node)))

(defn drop-conditions-that-others-imply
  "x > 5 says all that x > 3 says; a condition that holds below says nothing new."
  [{:keys [op predicate] scanned :filter [input] :inputs :as node} ctx]
  (case op
    :filter (let [conjuncts (tree/conjuncts predicate)
                  held (ranges/known (:predicates (facts/of input ctx)))
                  left (ranges/needless (remove #(ranges/implied? (tree/plain %) held) conjuncts))]
              (when (< (count left) (count conjuncts))
                (if (seq left) (assoc node :predicate (tree/conjunction left)) input)))
    :scan (when scanned
            (let [conjuncts (tree/conjuncts scanned)
                  left (ranges/needless conjuncts)]
              (when (< (count left) (count conjuncts))
                (assoc node :filter (tree/conjunction left)))))
    nil))

(defn drop-condition-of-join-that-is-always-true
  "A join's condition true asks for nothing."
  [{:keys [op residual] :as node} _ctx]
  (when (and (= :join op) residual (tree/literal? residual) (true? (:value residual)))
    (assoc node :residual nil)))

(defn drop-side-of-join-that-matches-nothing
  "With a condition that is never true no row has a match: the side that would only match has no rows."
  [{:keys [op kind residual] [l r] :inputs :as node} _ctx]
  (when (and (= :join op) residual (tree/literal? residual) (not (:value residual))
             (or (not= :mark kind) (false? (:value residual))))
    (let [side (case kind
                 (:inner :left :semi :anti :mark) 1
                 :right 0
                 nil)
          input (when side (nth [l r] side))]
      (when (and input (not (empty-relation? input)) (empty-of input))
        (assoc-in node [:inputs side] (empty-of input))))))

(defn- marked-false [{:keys [mark]} left]
  (schema/refresh {:op :bind :inputs [left] :exprs [{:name mark :expr (tree/literal false :boolean)}]}))

(defn- join-of-empty [{:keys [kind using] [l r] :inputs :as node}]
  (let [left? (empty-relation? l), right? (empty-relation? r)
        both? (and left? right?)]
    (cond
      both? (empty-of node)
      left? (case kind
              (:inner :cross :left :semi :anti :null-anti :mark) (empty-of node)
              :right (outer/with-nulls node r)
              :full (when (empty? using) (outer/with-nulls node r)))
      right? (case kind
               (:inner :cross :right :semi) (empty-of node)
               :left (outer/with-nulls node l)
               (:anti :null-anti) l
               :mark (marked-false node l)
               :full (when (empty? using) (outer/with-nulls node l))))))

(defn- named-as
  "A node under the names of a schema, by position."
  [schema node]
  (if (= (map :name schema) (tree/names node))
    node
    (schema/refresh
     {:op :project :inputs [node]
      :exprs (mapv (fn [{:keys [name]} field] {:name name :expr (tree/field-column field)}) schema (:schema node))})))

(defn- union-of-empty [{:keys [inputs schema] :as node}]
  (let [left (filterv (complement empty-relation?) inputs)]
    (cond
      (= (count left) (count inputs)) nil
      (empty? left) (empty-of node)
      (= 1 (count left)) (named-as schema (first left))
      :else (assoc node :inputs (update left 0 #(named-as schema %))))))

(defn- set-op-of-empty [{:keys [set-kind all schema] [a b] :inputs :as node}]
  (cond
    (empty-relation? a) (empty-of node)
    (not (empty-relation? b)) nil
    (= :intersect set-kind) (empty-of node)
    all (named-as schema a)
    :else (schema/refresh {:op :distinct :keys nil :inputs [(named-as schema a)]})))

(defn empty-relation-over-empty-relation
  "What is computed row by row of no rows has none; a join, union or set operation with no rows on one side is
  what is left of it."
  [{:keys [op inputs keys sets] :as node} _ctx]
  (when (some empty-relation? inputs)
    (case op
      (:filter :project :bind :sort :top :slice :distinct :window :unnest :number :reorder :rechunk) (empty-of node)
      :group (when (and (seq keys) (every? seq sets)) (empty-of node))
      :join (join-of-empty node)
      :union (union-of-empty node)
      :set-op (set-op-of-empty node)
      :with (when (empty-relation? (peek inputs)) (peek inputs))
      nil)))
