(ns dev.penstock.plan.rules.sorts
  "Rows are sorted only where someone sees it."
  (:require [dev.penstock.plan.facts :as facts]
            [dev.penstock.plan.tree :as tree]))

(defn drop-sort-whose-order-is-lost
  "Below an operator that promises no order, or another sort, rows need not be sorted."
  [{:keys [op inputs]} {:keys [needed ordered?]}]
  (when (and (= :sort op) needed (not ordered?))
    (first inputs)))

(defn drop-sort-of-one-row
  "One row is in order."
  [{:keys [op inputs]} ctx]
  (when (and (= :sort op) (facts/at-most? (first inputs) 1 ctx))
    (first inputs)))

(defn drop-sort-items-that-say-nothing
  "Sorting by a constant, or by a column that the ones before determine, changes nothing."
  [{:keys [op items] [input] :inputs :as node} ctx]
  (when (contains? #{:sort :top} op)
    (let [known (facts/of input ctx)
          [kept] (reduce (fn [[kept seen] {:keys [expr] :as item}]
                           (let [name (when (tree/column? expr) (:name expr))]
                             (if (or (tree/constant? expr) (and name (contains? (facts/closure known seen) name)))
                               [kept seen]
                               [(conj kept item) (if name (conj seen name) seen)])))
                         [[] #{}] items)]
      (when (< (count kept) (count items))
        (cond
          (seq kept) (assoc node :items kept)
          (= :sort op) input)))))
