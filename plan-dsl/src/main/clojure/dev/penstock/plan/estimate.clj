(ns dev.penstock.plan.estimate
  "A rough number of rows of a typed tree, out of the :rows that sources report; nil when unknown."
  (:require [dev.penstock.plan.tree :as tree]))

(defn- share [rows part] (when rows (max 1.0 (* (double part) (double rows)))))

(defn- filtered [rows predicate]
  (share rows (Math/pow 0.3 (min 4 (count (tree/conjuncts predicate))))))

(defn- capped [rows limit] (if rows (min rows (double limit)) (double limit)))

(defn- join-rows [{:keys [kind keys]} l r]
  (when (and l r)
    (case kind
      (:semi :anti :null-anti) (* 0.5 l)
      :mark l
      (if (seq keys) (max l r) (* l r)))))

(declare rows)

(defn- body-rows
  "Of with+ and let+: the body, with what is known of the names."
  [{:keys [op names inputs]} refs]
  (rows (peek inputs)
        (if (= :with op)
          (reduce (fn [refs [name node]] (assoc refs name (rows node refs))) refs (map vector names inputs))
          refs)))

(defn rows
  "The estimate for a node, a double; refs has the estimates of with+ names."
  ([node] (rows node {}))
  ([{:keys [op inputs] :as node} refs]
   (let [[a b] (when-not (#{:with :let} op) (map #(rows % refs) inputs))]
     (case op
       :scan (cond-> (some-> (:rows (:stats node)) double)
               (:filter node) (filtered (:filter node))
               (:limit node) (capped (:limit node)))
       :values (double (count (:rows node)))
       :filter (filtered a (:predicate node))
       :join (join-rows node a b)
       (:union :mux) (let [all (map #(rows % refs) inputs)] (when (every? some? all) (reduce + all)))
       :group (if (seq (:keys node)) (share a 0.1) 1.0)
       :distinct (share a 0.3)
       (:top :slice) (if (:limit node) (capped a (:limit node)) a)
       (:first :reduce) 1.0
       :recur nil
       (:with :let) (body-rows node refs)
       :ref (get refs (:name node))
       :unnest (share a 5)
       a))))
