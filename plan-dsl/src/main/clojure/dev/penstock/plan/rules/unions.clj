(ns dev.penstock.plan.rules.unions
  "Unions and distincts without layers.")

(defn flatten-nested-unions
  "A union in a union is part of it."
  [{:keys [op inputs] :as node} _ctx]
  (when (and (= :union op) (some #(= :union (:op %)) inputs))
    (let [names (mapv :name (:schema node))
          same? #(= names (mapv :name (:schema %)))
          flat (vec (mapcat #(if (and (= :union (:op %)) (same? %)) (:inputs %) [%]) inputs))]
      (when (not= flat inputs)
        (assoc node :inputs flat)))))

(defn drop-distinct-below-distinct
  "What is made distinct once needs it no second time."
  [{:keys [op keys] [input] :inputs :as node} _ctx]
  (when (and (= :distinct op) (nil? keys) (nil? (:keys input)) (= :distinct (:op input)))
    (assoc node :inputs (:inputs input))))
