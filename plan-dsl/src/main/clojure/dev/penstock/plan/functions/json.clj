(ns dev.penstock.plan.functions.json
  "JSON text: lists and structs. It is kept as it is written."
  (:require [dev.penstock.plan.functions.signature :as sig :refer [entry]]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.tree :as tree]))

(defn- textual [site x]
  (when (= :any (:type x)) (sig/mismatch site x "expects a value with a text, got " (sig/shown x)))
  (sig/settle x :int32))

(defn- infer-get [f type]
  (fn [site [j path]]
    (let [path (if (= :int32 (:type path)) (sig/cast-to path :int64) path)]
      (when-not (contains? #{:varchar :int64 :null} (:type path))
        (sig/mismatch site path "expects a key, a path (varchar) or an index (int64), got "
                      (sig/shown path)))
      (tree/call f [(sig/coerce site j :json) (sig/settle path :varchar)] type true))))

(defn- infer-to-json [site [x]] (sig/result 'to-json [(textual site x)] :json))

(defn- infer-array [site args]
  (tree/call 'json-array (mapv #(textual site %) args) :json false))

(defn- infer-object [site args]
  (when (odd? (count args))
    (problem/fail :arity "json-object expects pairs of a key and a value, as in (json-object \"a\" 1)" (:form site)))
  (tree/call 'json-object
             (into [] (mapcat (fn [[k v]] [(sig/coerce site k :varchar) (textual site v)])) (partition 2 args))
             :json false))

(defn- infer-list [site [op & lists]]
  (sig/literal-text site op "an operation")
  (sig/result 'json-list (into [op] (map #(sig/coerce site % :json)) lists) :json true))

(def entries
  [{:name 'to-json :types "(any) -> json" :args [1 1] :signature ["(to-json x)"] :result :json :cost 20
    :doc "JSON text of a value." :infer infer-to-json}
   {:name 'json-array :types "(any, ...) -> json" :args [0 nil] :signature ["(json-array x ...)"] :cost 20
    :doc "The JSON array of the values; a null is JSON's null." :infer infer-array}
   {:name 'json-object :types "(varchar, any, ...) -> json" :args [0 nil] :signature ["(json-object key x ...)"]
    :cost 20 :fails true :doc "The JSON object of keys (not null) and values." :infer infer-object}
   {:name 'json-get :types "(json, varchar or int64) -> json" :args [2 2]
    :signature ["(json-get j path)" "(json-get j index)"] :cost 50 :fails true :infer (infer-get 'json-get :json)
    :doc "The JSON text at a key, keys (a.0.b), a path ($.a[0]) or an index (from 0); null if there is none."}
   {:name 'json-get-text :types "(json, varchar or int64) -> varchar" :args [2 2]
    :signature ["(json-get-text j path)" "(json-get-text j index)"] :cost 50 :fails true
    :infer (infer-get 'json-get-text :varchar)
    :doc "As json-get, a string without its quotes and JSON's null as null."}
   {:name 'json-list :types "(varchar, json, ...) -> json" :args [2 4] :signature ["(json-list op j)" "(json-list op j x)" "(json-list \"slice\" j from to)"]
    :cost 100 :fails true :infer infer-list
    :doc (str "What op makes of the elements of an array; a result that is no array is the one element of one. op is a literal: sort, sort-desc, "
              "sort-nulls-first, sort-desc-nulls-first, reverse, distinct, flatten, slice (positions from 1, inclusive, negative from the end), "
              "concat, intersect, has-any, has-all (with an array x), has, position (of x, from 1, or null), join (by a text x), count, unique, min, max, any, "
              "sum, avg, product, bool-and, bool-or. Nulls are last in sort, and do not count in what follows it but for reverse, slice, concat, has, position.")}
   (entry 'json-length ["(json-length j)"] [:json] [] :int64
          "The number of elements of an array or of keys of an object; null of anything else."
          :cost 50 :fails true :nullable :always)
   (entry 'json-keys ["(json-keys j)"] [:json] [] :json
          "The keys of an object as a JSON array; it is empty of anything else." :cost 50 :fails true)
   (entry 'json-type ["(json-type j)"] [:json] [] :varchar
          "OBJECT, ARRAY, VARCHAR, UBIGINT, BIGINT (negative), DOUBLE, BOOLEAN or NULL." :cost 50 :fails true)
   (entry 'json-valid ["(json-valid s)"] [:varchar] [] :boolean "Is a text JSON?" :cost 50)
   (entry 'json-contains ["(json-contains j part)"] [:json :json] [] :boolean
          "Is part, or a value with all its elements and keys, anywhere in j?" :cost 100 :fails true)])
