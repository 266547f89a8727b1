(ns dev.penstock.samples.embedding
  "Penstock inside a Clojure program: plans are data, written without quoting, and functions of the program
  run in them. From the root of the repository:

    java -cp 'samples/src/main/clojure:cli/target/penstock.jar' clojure.main -m dev.penstock.samples.embedding"
  (:require [dev.penstock.plan.dsl :refer [filter+ join+ map+ project+ sort+ table+]])
  (:import (dev.penstock.compiler Engine EngineOptions Result)
           (java.nio.file Path)))

(defn rows
  "The rows of a plan as vectors."
  [^Engine engine plan]
  (with-open [^Result result (.run engine (.prepare engine ^Object plan))]
    (mapv vec (.rows result))))

(defn adults
  "A function that gives a plan: ~ puts a value of the program into it."
  [age]
  (filter+ (> Age ~age)
    (join+ (table+ "people/empl.csv" [Name Age DeptID])
           (table+ "people/dept.csv"))))

(defn initials
  "A plan with a function of the program in it; its results are rows again."
  [people]
  (map+ (fn [{:keys [Name DeptName]}] {:Initial (subs Name 0 1) :Where DeptName})
        [[Initial :varchar] [Where :varchar]]
        ~people))

(defn -main [& [data]]
  (let [options (-> (EngineOptions/defaults)
                    (.withWorkers 2)
                    (.withBaseDirectory (Path/of (or data "samples") (make-array String 0)) true))]
    (with-open [engine (Engine/create options)]
      (doseq [[name dept] (rows engine (sort+ [Name] (project+ [Name DeptName] ~(adults 20))))]
        (println name "works in" dept))
      (doseq [[initial where] (rows engine (sort+ [Initial] ~(initials (adults 30))))]
        (println initial where))
      (prn (adults 40)))))
