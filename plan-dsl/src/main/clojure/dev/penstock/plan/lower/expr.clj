(ns dev.penstock.plan.lower.expr
  "Typed expressions -> lowered ones: names become ordinals, types texts, (now) a literal."
  (:require [dev.penstock.plan.cancel :as cancel]
            [dev.penstock.plan.literals :as literals]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types])
  (:import (dev.penstock.plan.types Hex)
           (java.time Instant ZoneOffset)
           (java.time.temporal ChronoUnit)))

(defn ordinals
  "Column name -> ordinal over the schemas of inputs, put side by side; the first of a name counts."
  [& schemas]
  (into {} (map vec) (reverse (map-indexed (fn [i field] [(:name field) (long i)]) (apply concat schemas)))))

(defn value
  "A literal's value as Java code takes it: a varbinary is byte[], an interval a map with the String keys
  months, days and micros."
  [v type]
  (cond
    (instance? Hex v) (types/hex-bytes v)
    (and (= :interval type) v) {"months" (:months v) "days" (:days v) "micros" (:micros v)}
    :else v))

(defn literal [v type] {"kind" "literal" "value" (value v type) "type" (types/text type)})

(defn- parameter
  "The literal of the first value of a parameter, with what it takes to put another in its place."
  [{[{i :value} {from :type :as given}] :args :keys [type]}]
  (assoc (literal (literals/convert (:value given) from type) type) "parameter" i "from" (types/text from)))

(defn given
  "The value v of a parameter that was given as one of type from (text) in type to (text), as Java code takes it;
  nil if that loses something."
  [v from to]
  (let [[from to] (map types/parse-text [from to])
        v (literals/convert v from to)]
    (when (some? v) (value v to))))

(defn column [index type] {"kind" "column" "index" index "type" (types/text type)})

(defn call [f args type] {"kind" "call" "fn" (str f) "args" (vec args) "type" (types/text type)})

(defn- now-value [f ^Instant now]
  (if (= 'now f)
    (.truncatedTo now ChronoUnit/MICROS)
    (.toLocalDate (.atOffset now ZoneOffset/UTC))))

(defn expr
  "A lowered expression; index-of maps names to ordinals."
  [{:keys [now] :as ctx} index-of {:keys [kind type] :as e}]
  (cancel/check ctx)
  (case kind
    :column (let [i (index-of (:name e))]
              (when-not i
                (problem/fail :lost-column
                              (str "a rewrite rule lost the column " (:name e) "; the columns here are "
                                   (problem/listing (keys index-of)))))
              (column i type))
    :literal (literal (:value e) type)
    :call (cond
            (contains? '#{now today} (:fn e)) (literal (now-value (:fn e) now) type)
            (tree/parameter? e) (parameter e)
            :else (call (if (= 'negate (:fn e)) '- (:fn e)) (mapv #(expr ctx index-of %) (:args e)) type))))

(defn maybe [ctx index-of e] (when e (expr ctx index-of e)))

(defn sort-items [ctx index-of items]
  (mapv (fn [{:keys [descending nulls-first] :as item}]
          {"expr" (expr ctx index-of (:expr item)) "descending" descending "nulls-first" nulls-first})
        items))

(defn fields
  "A schema as Java code takes it."
  [schema]
  (mapv (fn [{:keys [name type nullable]}]
          {"name" (str name) "type" (types/text type) "nullable" (boolean nullable)})
        schema))
