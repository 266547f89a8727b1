(ns dev.penstock.plan.check.recursion
  "recur+."
  (:require [dev.penstock.plan.check.relational :as relational]
            [dev.penstock.plan.check.scope :as scope]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.shape :as shape]
            [dev.penstock.plan.tree :as tree]))

(defn- reads? [name node]
  (some #(and (= :ref (:op %)) (= name (:name %))) (tree-seq (comp seq :inputs) :inputs node)))

(defn check-recur
  "The step sees the columns of the seed; what it gives is cast to their types."
  [env form]
  (let [usage "(recur+ [Reached seed] step)"
        [args options] (shape/split-options form [:all])
        [head step-form] (shape/arguments form args 2 2 usage)
        pairs (relational/bindings form head usage)
        [name seed-form] (first pairs)
        seed (scope/relation env seed-form form)]
    (when (not= 1 (count pairs))
      (shape/expected form (str "one name and its seed, as in " usage) head))
    (relational/new-name env form name)
    (let [inner (assoc-in env [:rels name] (schema/recursive (:schema seed)))
          step (scope/relation inner step-form form)]
      (when-not (reads? name step)
        (problem/fail :no-recursion
                      (str "recur+ expects its step to read " name
                           "; without it the step gives the same rows for ever: write a union+")
                      step-form form))
      (scope/node form :recur [seed (scope/fitted form seed step)]
                  {:name name :all (shape/flag form options :all)}))))
