(ns dev.penstock.plan.operators
  "The registry of operators: usage, documentation, and a runnable example with its result.

  An entry: {:name sym :level :relational|:stream :usage [text ...] :doc text :example text :gives rows}.
  An example is Clojure for dev.penstock.plan.dsl; when :text is true it is the text of a plan as well.
  :gives are the rows (vectors of values; one-element vectors for items that are no rows), in any order."
  (:require [clojure.string :as str]
            [dev.penstock.plan.functions :as functions]
            [dev.penstock.plan.operators.relational :as relational]
            [dev.penstock.plan.operators.stream :as stream]
            [dev.penstock.plan.problem :as problem]))

(def registry
  "Operators by name."
  (into (sorted-map) (map (juxt :name identity)) (concat relational/operators stream/operators)))

(defn- operator-text [{:keys [usage doc example gives]}]
  (str (str/join "\n" usage) "\n" doc "\n\nExample:\n"
       (str/replace example #"(?m)^" "  ")
       "\nGives:\n"
       (str/join "\n" (map #(str "  " (str/join "  " (map pr-str %))) gives))))

(defn doc-text
  "The documentation of an operator or function; of an unknown name one line that says so."
  [name]
  (let [sym (symbol (str name))]
    (or (some-> (registry sym) operator-text)
        (functions/doc-text sym)
        (str "nothing is known about " sym
             (problem/did-you-mean sym (concat (keys registry) (keys functions/scalars)
                                               (keys functions/windows) ['grouping]))))))

(defn names
  "All names that a plan may use in head position, for completion."
  []
  (sort (distinct (concat (keys registry) (keys functions/scalars) (keys functions/aggregates)
                          (keys functions/windows)))))
