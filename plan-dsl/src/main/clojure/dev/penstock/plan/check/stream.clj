(ns dev.penstock.plan.check.stream
  "Stream operators: map+ and its kin, preduce+, first+, mux+, rechunk+, number+, reorder+, and the hash
  join written with hash-tuples and tuple-matches."
  (:require [dev.penstock.plan.check.function :as function]
            [dev.penstock.plan.check.join :as join]
            [dev.penstock.plan.check.scope :as scope]
            [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.infer :as infer]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.shape :as shape]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types]))

(def any-schema "The schema of a stream of plain objects." '[{:name it :type :any :nullable true}])

(def item-operators
  "Operator to its kind, parallelism and chunking."
  '{map+ [:map false false], mapcat+ [:mapcat false false], filter+ [:filter false false]
    pmap+ [:map true false], pmapcat+ [:mapcat true false], pfilter+ [:filter true false]
    pmap-chunk+ [:map true true]})

(defn- out-schema [form out]
  (let [fields (mapv #(shape/typed-name form % "pairs [Name type] of its results")
                     (shape/vector-of form out "a vector of pairs [Name type]"))]
    (shape/distinct-names form (map first fields) out)
    (mapv (fn [[name type]] {:name name :type type :nullable true}) fields)))

(defn- hashes
  "The reduce node of (let+ [h (first+ (preduce+ (hash-tuples ...) R))]) for the name h."
  [env form h]
  (let [node (get (:lets env) h)
        reduce (if (= :first (:op node)) (first (:inputs node)) node)]
    (if (and (= :reduce (:op reduce)) (= 'hash-tuples (:fn (:f reduce))))
      reduce
      (problem/fail :bad-form
                    (str "tuple-matches expects a let+ name of (first+ (preduce+ (hash-tuples {...}) rel)),"
                         " got " (problem/brief h))
                    h form))))

(defn- match-options [form x]
  (let [[_ options] (shape/split-options (with-meta (list 'tuple-matches x) (meta form))
                                         [:keys :kind :null-safe :on :mark])]
    (when-not (and (map? x) (vector? (:keys options)) (seq (:keys options)))
      (shape/expected form "tuple-matches with {:keys [...]}" x))
    options))

(defn- match-kind [form options]
  (let [kind (:kind options :inner)]
    (if (#{:inner :left :semi :anti :null-anti :mark} kind)
      kind
      (shape/expected form "a :kind of :inner, :left, :semi, :anti, :null-anti or :mark" kind))))

(defn- match-of
  "{:kind :keys :using :residual :mark} of (tuple-matches h options) over left and the hashed right."
  [form left reduce options]
  (let [right (first (:inputs reduce))
        lefts (scope/values left (:keys options) form)
        rights (:key-exprs reduce)
        safe (:null-safe options)
        _ (when (not= (count lefts) (count rights))
            (shape/expected form (str "as many keys as hash-tuples has, " (count rights)) (:keys options)))
        keys (mapv #(join/key-pair form %1 %2 (boolean (if (vector? safe) (nth safe %3 false) safe)))
                   lefts rights (range))
        using (vec (for [[l r] (map vector lefts rights)
                         :when (and (tree/column? l) (tree/column? r) (= (:name l) (:name r)))]
                     (:name l)))
        kind (match-kind form options)
        residual (when-some [on (:on options)]
                   (infer/infer-as (join/both-scope left right using) on :boolean "tuple-matches :on" form))
        match {:kind kind :keys keys :using using :residual residual :mark (:mark options)}]
    (when (not= (= :mark kind) (symbol? (:mark options)))
      (shape/expected form "the name of the mark column, {:kind :mark :mark Name}" options))
    (join/check-output form match left right)
    match))

(defn- tuple-matches [env form f s]
  (let [[h options :as args] (:args f)
        _ (when (not= 2 (count args))
            (shape/expected form "(tuple-matches hashes {:keys [...]})" (:written f)))
        options (match-options form options)
        reduce (hashes env form h)
        match (match-of form s reduce options)]
    (scope/node form :item [s]
                {:item-kind :mapcat :f (assoc f :args [{:let h} {:constant options}])
                 :match match :parallel false :chunk false :out true
                 :schema (vec (schema/join-schema match (:schema s) (:schema (first (:inputs reduce)))))})))

(defn check-item [env form]
  (let [[kind parallel chunk] (item-operators (first form))
        filter? (= :filter kind)
        [args _] (shape/split-options form [])
        args (shape/arguments form args 2 (if filter? 2 3)
                              (str "(" (first form) " f" (when-not filter? " [[Name type]]") " s)"))
        s (scope/relation env (peek args) form)
        f (function/fref env form (first args))]
    (if (= 'tuple-matches (:fn f))
      (tuple-matches env form f s)
      (scope/node form :item [s]
                  {:item-kind kind :f f :parallel parallel :chunk chunk
                   :out (boolean (or (= 3 (count args)) filter?))
                   :schema (cond
                             filter? (:schema s)
                             (= 3 (count args)) (out-schema form (second args))
                             :else any-schema)}))))

(defn- hash-tuples [form f s]
  (let [[options :as args] (:args f)
        _ (when-not (and (= 1 (count args)) (map? options) (vector? (:keys options))
                         (seq (:keys options)) (= #{:keys} (set (keys options))))
            (shape/expected form "(hash-tuples {:keys [...]})" (:written f)))]
    (scope/node form :reduce [s]
                {:f (assoc f :args [{:constant options}]) :chunk false
                 :key-exprs (scope/values s (:keys options) form) :schema any-schema})))

(defn check-reduce
  "preduce+ and preduce-chunk+."
  [env form]
  (let [args (shape/arguments form (vec (rest form)) 2 2 (str "(" (first form) " {:init f :step g :merge h} s)"))
        [x stream] args
        s (scope/relation env stream form)
        chunk (= 'preduce-chunk+ (first form))]
    (if (map? x)
      (scope/node form :reduce [s] {:reduce (function/reducer env form x) :chunk chunk :schema any-schema})
      (let [f (function/fref env form x)]
        (if (= 'hash-tuples (:fn f))
          (hash-tuples form f s)
          (shape/expected form "a map {:init f :step g :merge h} or a built-in reduction" x))))))

(defn check-first [env form]
  (let [[s] (shape/arguments form (vec (rest form)) 1 1 "(first+ s)")]
    (scope/node form :first [(scope/relation env s form)] {})))

(defn check-mux [env form]
  (let [ss (shape/arguments form (vec (rest form)) 1 nil "(mux+ s1 s2)")]
    (scope/node form :mux (scope/align form (mapv #(scope/relation env % form) ss)) {})))

(defn check-rechunk [env form]
  (let [[n s] (shape/arguments form (vec (rest form)) 2 2 "(rechunk+ 1000 s)")]
    (scope/node form :rechunk [(scope/relation env s form)]
                {:size (shape/whole form n 1 "a number of items")})))

(defn check-number [env form]
  (let [[name s] (shape/arguments form (vec (rest form)) 2 2 "(number+ Row rel)")
        s (scope/relation env s form)]
    (shape/name-of form name "a new column")
    (shape/distinct-names form (conj (tree/names s) name))
    (scope/node form :number [s] {:name name})))

(defn check-reorder [env form]
  (let [[name s] (shape/arguments form (vec (rest form)) 2 2 "(reorder+ Row rel)")
        s (scope/relation env s form)
        {:keys [type]} (infer/resolve-column (infer/scope (:schema s))
                                             (shape/name-of form name "a column of number+") form)]
    (when-not (= :int64 type)
      (problem/fail :type-mismatch (str "reorder+ expects an int64 column of number+, got " name " ("
                                        (types/text type) ")")
                    name form))
    (scope/node form :reorder [s] {:name name})))
