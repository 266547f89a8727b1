(ns dev.penstock.plan.rules.groups
  "Rows are grouped by no more than it takes, and once."
  (:require [clojure.set :as set]
            [dev.penstock.plan.facts :as facts]
            [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.rules.outer :as outer]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]))

(defn- column-names "The input columns that are keys as they are." [keys]
  (into #{} (comp (map :expr) (filter tree/column?) (map :name)) keys))

(defn- kept-if [condition e]
  (if condition
    (tree/call 'case [condition e (tree/literal nil (:type e))] (:type e) true)
    e))

(defn- of-one-row
  "An aggregate over one row as an expression; nil if there is none."
  [{f :fn :keys [args filter type]}]
  (let [[x] args
        one (tree/literal 1 :int64), zero (tree/literal 0 :int64)
        there (remove nil? [filter (when x (tree/call 'is-not-null [x] :boolean false))])]
    (case f
      count (if (seq there)
              (tree/call 'case [(tree/conjunction there) one zero] :int64 false)
              one)
      (min max any bool-and bool-or) (kept-if filter x)
      sum (kept-if filter (sig/cast-to x type))
      nil)))

(defn drop-group-of-unique-keys
  "When no two rows have the same keys every row is a group, and its aggregates are of itself."
  [{:keys [op keys sets aggregates] [input] :inputs} ctx]
  (when (and (= :group op) (nil? sets) (seq keys) (facts/unique? input (column-names keys) ctx))
    (let [exprs (map of-one-row aggregates)]
      (when (every? some? exprs)
        (schema/refresh
         {:op :project :inputs [input]
          :exprs (into keys (map (fn [{:keys [name]} e] {:name name :expr e}) aggregates exprs))})))))

(defn- by-fewer
  "A group without sets by some of its keys: its groupings, which are 0, name one of these."
  [node keys]
  (let [name (:name (first keys))]
    (assoc node :keys (vec keys)
           :aggregates (mapv #(if (:keys %) (assoc % :keys [name]) %) (:aggregates node)))))

(defn drop-constant-group-keys
  "A key that has one value, known, in all rows is put in above the group; one key stays, for without rows there is no
  group."
  [{:keys [op keys sets] [input] :inputs :as node} ctx]
  (when (and (= :group op) (nil? sets) (next keys))
    (let [known (facts/constants input ctx)
          value (fn [{:keys [expr]}]
                  (cond (tree/literal? expr) expr
                        (tree/column? expr) (known (:name expr))))
          constant? #(some? (value %))
          kept (or (seq (remove constant? keys)) (take 1 keys))
          dropped (remove (set kept) keys)]
      (when (seq dropped)
        (let [grouped (schema/refresh (by-fewer node kept))
              values (into {} (map (juxt :name value)) dropped)]
          (schema/refresh
           {:op :project :inputs [grouped]
            :exprs (mapv (fn [{:keys [name] :as field}] {:name name :expr (or (values name) (tree/field-column field))})
                         (:schema node))}))))))

(defn- determining
  "As few of the keys that are columns as it takes to determine all of them."
  [known keys]
  (reduce (fn [kept {:keys [expr] :as key}]
            (let [fewer (filterv #(not= key %) kept)]
              (if (contains? (facts/closure known (column-names fewer)) (:name expr)) fewer kept)))
          (vec keys)
          ;; the last ones go first, so that a key written first stays when either would do
          (reverse keys)))

(defn drop-group-keys-that-others-determine
  "Grouped by a unique key and other columns of its table, rows are grouped by the key: of the others any value will do."
  [{:keys [op keys sets] [input] :inputs :as node} ctx]
  (when (and (= :group op) (nil? sets) (next keys))
    (let [columns (filter (comp tree/column? :expr) keys)
          kept (set (determining (facts/of input ctx) columns))
          dropped (remove #(or (kept %) (not (tree/column? (:expr %)))) keys)]
      (when (and (seq dropped) (seq kept))
        (outer/arranged
         (tree/names node)
         (schema/refresh
          (update (by-fewer node (remove (set dropped) keys))
                  :aggregates #(into (mapv (fn [{:keys [name expr]}]
                                             {:name name :fn 'any :args [expr] :distinct false :filter nil
                                              :type (:type expr) :nullable (:nullable expr)})
                                           dropped)
                                     %))))))))

(defn- composed
  "An aggregate of groups as one of their rows, where inner has the aggregates of the groups by name; nil if there is none."
  [inner {f :fn :keys [args distinct filter] :as outer}]
  (let [[x] args
        below (when (and (tree/column? x) (not distinct) (nil? filter)) (inner (:name x)))]
    (when (and below (not (:distinct below)))
      (case [f (:fn below)]
        ([sum sum] [min min] [max max] [any any]) (assoc below :name (:name outer) :nullable (:nullable outer))
        [sum count] (assoc below :name (:name outer))
        nil))))

(defn merge-group-over-group
  "Sums of sums, counts and the like of groups, by some of their keys, are those of the rows."
  [{:keys [op keys sets aggregates] [{inner-keys :keys :as below}] :inputs :as node} _ctx]
  (when (and (= :group op) (= :group (:op below)) (nil? sets) (nil? (:sets below)) (seq keys))
    (let [definitions (into {} (map (juxt :name :expr)) inner-keys)
          inner (into {} (map (juxt :name identity)) (:aggregates below))
          merged (map #(composed inner %) aggregates)
          read (into #{} (mapcat (comp tree/expr-columns :expr)) keys)]
      (when (and (every? some? merged) (set/subset? read (set (map :name inner-keys))))
        (schema/refresh
         (assoc node
                :keys (mapv #(update % :expr (partial tree/replace definitions)) keys)
                :aggregates (vec merged)
                :inputs (:inputs below)))))))
