(ns dev.penstock.plan.rules.limits
  "Limits go down, so that less is computed.")

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

(defn- bounded?
  "Does a relation give at most n rows, as far as slices in it say?"
  [n {:keys [op limit inputs]}]
  (case op
    (:slice :top) (boolean (and limit (<= (long limit) (long n))))
    (:project :bind) (bounded? n (first inputs))
    false))

(defn- bound-branch [n branch]
  (if (bounded? n branch)
    branch
    {:op :slice :offset 0 :limit n :inputs [branch] :schema (:schema branch)}))

(defn push-limit-into-union
  "No branch of a union needs to give more rows than are wanted of all."
  [{:keys [offset limit] [input] :inputs :as node} _ctx]
  (when (and limit (over? node :union))
    (let [n (+ (long offset) (long limit))
          branches (mapv #(bound-branch n %) (:inputs input))]
      (when (not= branches (:inputs input))
        (assoc node :inputs [(assoc input :inputs branches)])))))

(defn push-limit-into-scan
  "A scan may stop when it has given enough."
  [{:keys [offset limit] [input] :inputs :as node} _ctx]
  (when (and limit (over? node :scan))
    (let [n (+ (long offset) (long limit))]
      (when (or (nil? (:limit input)) (< n (long (:limit input))))
        (assoc node :inputs [(assoc input :limit n)])))))
