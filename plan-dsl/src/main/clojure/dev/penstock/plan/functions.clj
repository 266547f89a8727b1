(ns dev.penstock.plan.functions
  "The registry of scalar functions, aggregates and window functions.

  An entry: {:name sym, :kind :scalar|:aggregate|:window, :args [min max] (max nil: any number),
  :signature [\"(f a b)\" ...], :types \"(varchar, [int64]) -> varchar\" (of an entry with :params it is
  made of them; T is one type), :family text, :doc text, :example [[form value] ...], :cost n (1 is a comparison of numbers), :fails bool (can it
  raise an error for some values?), :infer (fn [site typed-args] ...)}. :form names a call whose
  arguments are not all expressions (:in :case :switch :cast :grouping). All functions are pure; (now) and
  (today) are the same all through a query."
  (:require [clojure.string :as str]
            [dev.penstock.plan.functions.aggregate :as aggregate]
            [dev.penstock.plan.functions.arithmetic :as arithmetic]
            [dev.penstock.plan.functions.clock :as clock]
            [dev.penstock.plan.functions.comparison :as comparison]
            [dev.penstock.plan.functions.encoding :as encoding]
            [dev.penstock.plan.functions.example :as example]
            [dev.penstock.plan.functions.integer :as integer]
            [dev.penstock.plan.functions.json :as json]
            [dev.penstock.plan.functions.logic :as logic]
            [dev.penstock.plan.functions.pattern :as pattern]
            [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.functions.text :as text]
            [dev.penstock.plan.functions.time :as time]
            [dev.penstock.plan.functions.window :as window]
            [dev.penstock.plan.problem :as problem]))

(defn- complete [kind entry]
  (merge {:kind kind :cost 1 :fails false}
         (when (:params entry) {:infer (sig/by-params entry)})
         entry))

(defn- by-name [kind entries]
  (into (sorted-map) (map (juxt :name #(complete kind %))) entries))

(defn- family [text entries] (map #(assoc % :family text :types (or (:types %) (sig/types-text %))) entries))

(defn- with-families [families] (mapcat (partial apply family) families))

(def families "The families of scalar functions, in the order of a documentation."
  [["Comparison" comparison/entries]
   ["Logic and conditions" logic/entries]
   ["Numbers" (concat arithmetic/entries integer/entries)]
   ["Text" text/entries]
   ["Patterns" pattern/entries]
   ["Encodings and digests" encoding/entries]
   ["JSON" json/entries]
   ["Dates and times" (concat time/entries clock/entries)]])

(def scalars
  "Scalar functions by name."
  (by-name :scalar (with-families families)))

(def aggregates "Aggregates by name." (by-name :aggregate (with-families aggregate/families)))

(def window-functions
  "Window functions by name; aggregates are window functions too."
  (by-name :window (family "Window functions" window/window-functions)))

(def windows
  "All that window+ takes, by name."
  (merge (dissoc aggregates 'grouping) window-functions))

(def ^:private internal
  ;; Canonical calls without an entry of their own.
  {'negate {:cost 1 :fails true}
   'param {:cost 0 :fails false}
   'host {:cost 50 :fails false}})

(defn known
  "The entry of the scalar function of a typed call, for its :cost and :fails."
  [f]
  (or (scalars f) (internal f)))

(defn- elsewhere [f]
  (cond
    (aggregates f) (str "; " f " is an aggregate, for group+ and window+")
    (window-functions f) (str "; " f " is a window function, for window+")
    (scalars f) (str "; " f " is a scalar function")
    (re-matches #".+\+" (str f)) "; an operator gives a relation, not a value"))

(def ^:private what {:scalar "function" :aggregate "aggregate" :window "window function"})

(defn lookup
  "The entry of f in a registry (scalars, aggregates, windows), else the problem \"unknown function\"."
  [registry kind f & forms]
  (or (when (symbol? f) (registry f))
      (apply problem/fail :unknown-function
             (str "unknown " (what kind) " " (problem/brief f)
                  (or (when (symbol? f) (elsewhere f)) (problem/did-you-mean f (keys registry))))
             forms)))

(defn- count-text [[low high]]
  (cond
    (nil? high) (str "at least " low)
    (= low high) (str low)
    :else (str low " to " high)))

(defn check-arity
  "A problem unless n arguments are right for an entry."
  [{:keys [name args signature]} n & forms]
  (let [[low high] args]
    (when-not (and (<= low n) (or (nil? high) (<= n high)))
      (apply problem/fail :arity
             (str name " expects " (count-text args) (if (#{[1 1] [1 nil]} args) " argument" " arguments")
                  ", got " n ", as in " (first signature))
             forms))))

(defn doc-text "The documentation of a function, nil if there is none." [f]
  (let [{:keys [signature doc kind]} (or (scalars f) (windows f) (aggregates f))]
    (when doc
      (str (apply str (map #(str % "\n") signature)) (what kind) ": " doc))))

(defn examples
  "The examples of a function, [[form value] ...]: a form without columns, and the literal that is its value."
  [f]
  (get (example/by-function) f))

(defn document
  "What a documentation says of each scalar function, by family: [[family [entry ...]] ...], each entry
  {:name :signature :types :doc :example [[text value-text] ...]}."
  []
  (for [[text entries] families]
    [text (mapv (fn [{:keys [name]}]
                  (-> (scalars name)
                      (select-keys [:name :signature :types :doc])
                      (assoc :example (mapv (fn [[form value]] [(pr-str form) (pr-str value)]) (examples name)))))
                entries)]))

(defn- operator? [form] (re-matches #".+\+" (str (first form))))

(defn example-plans
  "The examples of an aggregate or window function, run over the rows that they stand over: {:text :value, and the :plan
  with the :rows that it gives}."
  [f]
  (if-let [{:keys [example]} (aggregates f)]
    (for [[call value] example]
      (merge {:text (pr-str call) :value (pr-str value)}
             (if (operator? call)
               {:plan call :rows value}
               {:plan (list 'group+ [] [['V call]] aggregate/example-rows) :rows [[value]]})))
    (for [[[call options] values] (:example (window-functions f))]
      {:text (str (pr-str call) " " (pr-str options)) :value (str/join " " (map pr-str values))
       :plan (list 'project+ '[V] (list 'window+ [['V call options]] window/example-rows))
       :rows (map vector values)})))

(defn aggregate-document
  "As document, of aggregates and window functions; aggregates are window functions too."
  []
  (for [[text entries] (conj (vec aggregate/families) ["Window functions" window/window-functions])]
    [text (mapv (fn [{:keys [name] :as entry}]
                  (-> (select-keys entry [:name :signature :types :doc])
                      (assoc :example (mapv (juxt :text :value) (example-plans name)))))
                entries)]))
