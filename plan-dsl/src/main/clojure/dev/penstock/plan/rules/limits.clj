(ns dev.penstock.plan.rules.limits
  "Limits go down, so that less is computed."
  (:require [clojure.set :as set]
            [dev.penstock.plan.facts :as facts]
            [dev.penstock.plan.tree :as tree]))

(defn- over? [node op] (and (= :slice (:op node)) (= op (:op (first (:inputs node))))))

(defn turn-sort-and-slice-into-top
  "Of sorted rows of which the first n are wanted only these are kept."
  [{:keys [offset limit] [input] :inputs :as node} _ctx]
  (when (and limit (over? node :sort))
    {:op :top :inputs (:inputs input) :items (:items input) :limit limit :offset offset
     :schema (:schema input)}))

(defn- within [limit offset outer]
  (let [left (when limit (max 0 (- (long limit) (long offset))))]
    (cond (nil? left) outer (nil? outer) left :else (min (long left) (long outer)))))

(defn merge-adjacent-slices
  "A slice of a slice is one slice."
  [{:keys [offset limit] [input] :inputs :as node} _ctx]
  (when (over? node :slice)
    (assoc input
           :offset (+ (long (:offset input)) (long offset))
           :limit (within (:limit input) offset limit))))

(defn push-slice-below-project
  "Only the rows that are wanted are computed."
  [{[input] :inputs :as node} _ctx]
  (when (or (over? node :project) (over? node :bind))
    (update input :inputs (fn [[rel]] [(assoc node :inputs [rel] :schema (:schema rel))]))))

(defn- bound-branch
  "A branch of which no more than n rows are wanted."
  [n ctx branch]
  (if (facts/at-most? branch n ctx)
    branch
    {:op :slice :offset 0 :limit n :inputs [branch] :schema (:schema branch)}))

(defn push-limit-into-union
  "No branch of a union needs to give more rows than are wanted of all."
  [{:keys [offset limit] [input] :inputs :as node} ctx]
  (when (and limit (over? node :union))
    (let [n (+ (long offset) (long limit))
          branches (mapv #(bound-branch n ctx %) (:inputs input))]
      (when (not= branches (:inputs input))
        (assoc node :inputs [(assoc input :inputs branches)])))))

(defn- keeps-left-rows?
  "Does a join give every row of its left side, once or more often?"
  [{:keys [op kind]}]
  (and (= :join op) (contains? #{:left :mark} kind)))

(defn push-limit-below-left-join
  "A left join gives a row at least for each left one: no more of these than are wanted have to be joined."
  [{:keys [op offset limit] [{[l r] :inputs :as join}] :inputs :as node} ctx]
  (when (and (= :slice op) limit (keeps-left-rows? join))
    (let [l' (bound-branch (+ (long offset) (long limit)) ctx l)]
      (when-not (identical? l l')
        (assoc node :inputs [(assoc join :inputs [l' r])])))))

(defn- top-of [n items input]
  {:op :top :items items :limit n :offset 0 :inputs [input] :schema (:schema input)})

(defn push-top-below-project
  "Only the rows that are wanted are computed."
  [{:keys [op items] [{:keys [exprs] :as input}] :inputs :as node} _ctx]
  (when (and (= :top op) (= :project (:op input)) (not-every? (comp tree/column? :expr) exprs))
    (let [definitions (into {} (map (juxt :name :expr)) exprs)
          [rel] (:inputs input)
          below (mapv #(update % :expr (partial tree/inlined definitions)) items)]
      (when (every? :expr below)
        (assoc input :inputs [(assoc node :items below :inputs [rel] :schema (:schema rel))])))))

(defn push-top-below-left-join
  "The first rows by columns of the left side are of the first left rows."
  [{:keys [op items limit offset] [{[l r] :inputs :keys [mark] :as join}] :inputs :as node} ctx]
  (when (and (= :top op) (keeps-left-rows? join))
    (let [n (+ (long limit) (long offset))
          names (disj (tree/name-set l) mark)]
      (when (and (every? #(set/subset? (tree/expr-columns (:expr %)) names) items)
                 (not (facts/at-most? l n ctx)))
        (assoc node :inputs [(assoc join :inputs [(top-of n items l) r])])))))

(defn push-top-into-union
  "No branch of a union needs to give more than the first rows of its own."
  [{:keys [op items limit offset] [{:keys [inputs] :as union}] :inputs :as node} ctx]
  (when (and (= :top op) (= :union (:op union)))
    (let [n (+ (long limit) (long offset))
          own-items (fn [branch]
                      (let [columns (zipmap (tree/names union) (map tree/field-column (:schema branch)))]
                        (mapv #(update % :expr (partial tree/replace columns)) items)))
          branches (mapv #(if (facts/at-most? % n ctx) % (top-of n (own-items %) %)) inputs)]
      (when-not (every? true? (map identical? branches inputs))
        (assoc node :inputs [(assoc union :inputs branches)])))))

(defn push-limit-into-scan
  "A scan may stop when it has given enough."
  [{:keys [offset limit] [input] :inputs :as node} _ctx]
  (when (and limit (over? node :scan))
    (let [n (+ (long offset) (long limit))]
      (when (or (nil? (:limit input)) (< n (long (:limit input))))
        (assoc node :inputs [(assoc input :limit n)])))))
