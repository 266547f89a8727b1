(ns dev.penstock.plan.functions.example
  "The examples of scalar functions: examples.edn, in the plan language, a form and its value in turn.

  An example belongs to the function at the head of its form. Tests evaluate them all."
  (:require [clojure.java.io :as io]
            [dev.penstock.plan.read :as read]))

(def ^:private loaded
  (delay
    (let [text (slurp (io/resource "dev/penstock/plan/functions/examples.edn"))
          pairs (partition 2 (read/read-plan (str "[" text "\n]") "examples.edn"))]
      (update-vals (group-by ffirst pairs) #(mapv vec %)))))

(defn by-function "Function symbol -> [[form value] ...]." [] @loaded)
