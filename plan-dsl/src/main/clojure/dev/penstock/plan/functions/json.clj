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
