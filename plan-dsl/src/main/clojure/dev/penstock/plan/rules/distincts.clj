(ns dev.penstock.plan.rules.distincts
  "Rows are made distinct only where they are not, and where it is asked for."
  (:require [dev.penstock.plan.facts :as facts]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]))

(defn drop-distinct-of-unique-rows
  "Rows that are unique, by a key or because they were grouped, are distinct."
  [{:keys [op keys] [input] :inputs} ctx]
  (when (and (= :distinct op) (facts/unique? input (or keys (tree/names input)) ctx))
    input))

(defn drop-distinct-where-duplicates-do-not-matter
  "Below another distinct, on the right of a semi join, below max and the like it is all one how often a row comes."
  [{:keys [op keys inputs]} {:keys [needed duplicates? multiplied?]}]
  (when (and (= :distinct op) needed (not duplicates?) (not multiplied?)
             (or (nil? keys) (every? (set keys) needed)))
    (first inputs)))

(defn turn-grouping-into-project-where-duplicates-do-not-matter
  "A group of which only the keys are used gives distinct rows, which are not asked for."
  [{:keys [op keys sets inputs]} {:keys [needed duplicates? multiplied?]}]
  (when (and (= :group op) needed (not duplicates?) (not multiplied?) (seq keys) (nil? sets)
             (every? (into #{} (map :name) keys) needed))
    (schema/refresh {:op :project :exprs keys :inputs inputs})))
