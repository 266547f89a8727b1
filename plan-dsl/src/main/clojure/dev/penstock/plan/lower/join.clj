(ns dev.penstock.plan.lower.join
  "Lowering of joins: output ordinals, build side, strategy, and the coalesced columns of a full USING."
  (:require [dev.penstock.plan.estimate :as estimate]
            [dev.penstock.plan.lower.expr :as expr]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]))

(def ^:private reluctance
  "So many times smaller must the left side be to be built. A join of a kind that is about left rows gives its own only when all
  right ones were seen, and keeps track of their matches."
  {:inner 1.0 :cross 1.0 :left 3.0 :right 3.0 :full 3.0 :semi 3.0 :anti 3.0})

(def ^:private always-small "A side of an inner join with so few bytes is built whatever the other one is." 65536.0)

(defn- build-side
  "The side that takes fewer bytes (rows times width), if both are known and the kind of join allows it, else the right one."
  [{:keys [memo refs]} {:keys [kind build] [left right] :inputs}]
  (or (some-> build name)
      (let [bytes (fn [node] (estimate/known-bytes (estimate/estimate memo node refs) (:schema node)))
            times (reluctance kind), l (bytes left), r (bytes right)]
        (cond
          (or (nil? times) (nil? l)) "right"
          r (if (< (* (double times) (double l)) (double r)) "left" "right")
          :else (if (and (= :inner kind) (<= (double l) (double always-small))) "left" "right")))))

(defn- strategy [{:keys [strategy keys]}]
  (or (some-> strategy name) (if (seq keys) "hash" "nested-loop")))

(defn- other-ordinals
  "Ordinals (shifted) of the columns that are not in using."
  [fields using shift]
  (keep-indexed (fn [i {:keys [name]}] (when-not (some #{name} using) (+ (long i) shift))) fields))

(defn- output
  "Ordinals of left ++ right for the join's own schema."
  [kind using mark lefts rights]
  (let [n (count lefts)
        l (expr/ordinals lefts), r (expr/ordinals rights)]
    (case kind
      (:semi :anti :null-anti) (vec (range n))
      :mark (conj (vec (range n)) (+ n (count rights)))
      (vec (concat (map #(if (= :right kind) (+ n (r %)) (l %)) using)
                   (other-ordinals lefts using 0)
                   (other-ordinals rights using n))))))

(defn- fresh
  "Names of left ++ right without a name twice."
  [fields]
  (first (reduce (fn [[out seen] field]
                   (let [name (first (remove seen (cons (:name field)
                                                        (map #(symbol (str (:name field) "_" %))
                                                             (iterate inc 2)))))]
                     [(conj out (assoc field :name name)) (conj seen name)]))
                 [[] #{}] fields)))

(defn- nullable-sides [kind lefts rights]
  (let [nullable #(assoc % :nullable true)]
    (concat (if (= :full kind) (map nullable lefts) lefts) (map nullable rights))))

(defn- join-node [ctx make node {:keys [out fields left right]}]
  (let [{:keys [kind keys residual] [l r] :inputs} node
        [ls rs] (map :schema [l r])]
    (make "join" fields [left right]
          {"kind" (name kind)
           "left-keys" (mapv #(expr/expr ctx (expr/ordinals ls) (:left %)) keys)
           "right-keys" (mapv #(expr/expr ctx (expr/ordinals rs) (:right %)) keys)
           "null-safe" (mapv (comp boolean :null-safe) keys)
           "residual" (expr/maybe ctx (expr/ordinals ls rs) residual)
           "output" out "build" (build-side ctx node) "strategy" (strategy node)})))

(defn- coalesced
  "The exprs of a full USING over the raw left ++ right."
  [{:keys [using schema] [l r] :inputs}]
  (let [ls (expr/ordinals (:schema l)), rs (expr/ordinals (:schema r)), n (count (:schema l))
        column (fn [i {:keys [type]} target]
                 (let [c (expr/column i type)]
                   (if (= type target) c (expr/call 'cast [c] target))))]
    (mapv (fn [{:keys [name type]}]
            (let [lf (tree/field (:schema l) name), rf (tree/field (:schema r) name)]
              (cond
                (some #{name} using) (expr/call 'coalesce [(column (ls name) lf type)
                                                           (column (+ n (rs name)) rf type)] type)
                lf (column (ls name) lf type)
                :else (column (+ n (rs name)) rf type))))
          schema)))

(defn lower-join
  "make is (fn [op schema inputs more] lowered node); left and right are the lowered inputs."
  [ctx make node left right]
  (let [{:keys [kind using mark] [l r] :inputs} node
        [ls rs] (map :schema [l r])
        sides {:left left :right right}]
    (if (and (= :full kind) (seq using))
      (let [raw (fresh (nullable-sides kind ls rs))
            below (join-node ctx make node (assoc sides :fields raw :out (vec (range (count raw)))))]
        (make "project" (:schema node) [below] {"exprs" (coalesced node)}))
      (join-node ctx make node (assoc sides :fields (:schema node)
                                      :out (output kind using mark ls rs))))))

(defn narrowed
  "A join that puts out just the columns that a project above it takes, if the project is a choice of
  distinct columns; else nil."
  [{:strs [op output] :as join} exprs fields]
  (let [chosen (map #(get % "index") exprs)]
    (when (and (= "join" op) (every? #(= "column" (get % "kind")) exprs)
               (or (empty? chosen) (apply distinct? chosen)))
      (assoc join "output" (mapv output chosen) "schema" (expr/fields fields)))))

(defn matched
  "The :join node of an :item with :match over the node that hash-tuples hashes."
  [{:keys [match] [input] :inputs} right]
  (schema/refresh (merge {:op :join :inputs [input right] :build :right} match)))
