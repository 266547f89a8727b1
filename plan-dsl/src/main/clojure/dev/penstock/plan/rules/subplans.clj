(ns dev.penstock.plan.rules.subplans
  "with+: a subplan that is used once stands where it is used."
  (:require [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]))

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
