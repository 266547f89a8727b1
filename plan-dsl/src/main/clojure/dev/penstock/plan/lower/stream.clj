(ns dev.penstock.plan.lower.stream
  "Lowering of functions over items: chains of them become one eval node."
  (:require [dev.penstock.plan.check.function :as function]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.tree :as tree]))

(defn- argument [{name :let :as arg}]
  (if name {"let" (str name)} (:constant arg)))

(defn step
  "{\"kind\" \"f\" \"args\"} of an :item."
  [{:keys [item-kind f]}]
  (when (symbol? (:fn f))
    (problem/fail :unsupported-function (str (:fn f) " cannot be run here") (:written f)))
  {"kind" (name item-kind) "f" (function/as-ifn (:fn f)) "args" (mapv argument (:args f))})

(defn- merges?
  "May a step be added to an eval node below it? The items between them must not be rows of a declared
  schema, which are checked."
  [{:keys [parallel chunk]} below]
  (and (= "eval" (get below "op"))
       (= [parallel chunk] [(get below "parallel") (get below "chunk")])
       (or (not (get below "output-rows"))
           (every? #(= "filter" (get % "kind")) (get below "steps")))))

(defn lower-item
  "make is (fn [op schema inputs more] node); input is the lowered input."
  [make {:keys [schema parallel chunk] [below] :inputs :as node} input]
  (let [output-rows (tree/rows? schema)]
    (if (merges? node input)
      (make "eval" schema (get input "inputs")
            {"steps" (conj (get input "steps") (step node)) "parallel" parallel "chunk" chunk
             "input-rows" (get input "input-rows") "output-rows" output-rows})
      (make "eval" schema [input]
            {"steps" [(step node)] "parallel" parallel "chunk" chunk
             "input-rows" (tree/rows? (:schema below)) "output-rows" output-rows}))))

(defn lower-reduce [make {:keys [reduce chunk schema] [below] :inputs} input]
  (when-not reduce
    (problem/fail :unsupported-function
                  "hash-tuples is run as the build side of tuple-matches only, in (let+ [h (first+ (preduce+ (hash-tuples {...}) rel))] (mapcat+ (tuple-matches h {...}) s))"))
  (let [{:keys [init step merge finish]} reduce]
    (make "reduce" schema [input]
          {"init" (function/as-ifn init) "step" (function/as-ifn step) "merge" (function/as-ifn merge)
           "finish" (some-> finish function/as-ifn) "chunk" chunk
           "input-rows" (tree/rows? (:schema below))})))
