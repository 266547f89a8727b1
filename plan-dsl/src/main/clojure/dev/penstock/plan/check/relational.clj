(ns dev.penstock.plan.check.relational
  "filter+ project+ bind+ union+ intersect+ minus+ distinct+ sort+ top+ slice+ unnest+ with+."
  (:require [dev.penstock.plan.check.scope :as scope]
            [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.infer :as infer]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.shape :as shape]))

(defn check-filter [env form]
  (let [[args _] (shape/split-options form [])
        [pred rel] (shape/arguments form args 2 2 "(filter+ (> Age 20) rel)")
        input (scope/relation env rel form)]
    (scope/node form :filter [input]
                {:predicate (infer/infer-as (infer/scope (:schema input) (:ctx env)) pred :boolean 'filter+ form)})))

(defn check-project [env form]
  (let [[args _] (shape/split-options form [])
        [xs rel] (shape/arguments form args 2 2 "(project+ [Name [Next (+ Age 1)]] rel)")
        input (scope/relation env rel form)]
    (scope/node form :project [input] {:exprs (scope/items env input form xs)})))

(defn- bind-item
  "Adds one pair to [schema items]."
  [{:keys [ctx]} form [schema items] x]
  (when-not (and (vector? x) (= 2 (count x)) (symbol? (first x)))
    (shape/expected form "pairs [Name expr]" x))
  (let [[name expr] x]
    (when (some #(= name (:name %)) schema)
      (problem/fail :duplicate-column
                    (str "bind+ expects a new name, but " name " is a column already") name x form))
    (let [e (infer/infer-value (infer/scope schema ctx) expr form)]
      [(conj schema {:name name :type (:type e) :nullable (:nullable e)})
       (conj items {:name name :expr e})])))

(defn check-bind [env form]
  (let [[args _] (shape/split-options form [])
        [xs rel] (shape/arguments form args 2 2 "(bind+ [[Next (+ Age 1)]] rel)")
        input (scope/relation env rel form)
        pairs (shape/vector-of form xs "a vector of pairs [Name expr]")
        [_ items] (reduce #(bind-item env form %1 %2) [(:schema input) []] pairs)]
    (scope/node form :bind [input] {:exprs items})))

(defn check-union [env form]
  (let [[args _] (shape/split-options form [])
        rels (shape/arguments form args 1 nil "(union+ rel1 rel2)")
        inputs (scope/align form (mapv #(scope/relation env % form) rels))]
    (if (= 1 (count inputs)) (first inputs) (scope/node form :union inputs {}))))

(defn check-set-op [env form]
  (let [[args options] (shape/split-options form [:all])
        rels (shape/arguments form args 2 2 (str "(" (first form) " a b)"))]
    (scope/node form :set-op (scope/align form (mapv #(scope/relation env % form) rels))
                {:set-kind (if (= 'minus+ (first form)) :minus :intersect)
                 :all (shape/flag form options :all)})))

(defn check-distinct [env form]
  (let [[args _] (shape/split-options form [])
        args (shape/arguments form args 1 2 "(distinct+ rel) or (distinct+ [cols] rel)")
        input (scope/relation env (peek args) form)]
    (scope/node form :distinct [input]
                {:keys (when (= 2 (count args))
                         (scope/existing input form (first args) "a vector of columns"))})))

(defn check-sort [env form]
  (let [[args _] (shape/split-options form [])
        [xs rel] (shape/arguments form args 2 2 "(sort+ [A [B :desc]] rel)")
        input (scope/relation env rel form)]
    (scope/node form :sort [input] {:items (scope/sort-items input form xs)})))

(defn check-top [env form]
  (let [[args _] (shape/split-options form [])
        [n xs rel] (shape/arguments form args 3 3 "(top+ 10 [[Price :desc]] rel)")
        n (shape/whole form n 0 "a number of rows")
        input (scope/relation env rel form)]
    (scope/node form :top [input] {:items (scope/sort-items input form xs) :limit n :offset 0})))

(defn check-slice [env form]
  (let [[args _] (shape/split-options form [])
        [offset limit rel] (shape/arguments form args 3 3 "(slice+ 0 10 rel)")
        offset (shape/whole form offset 0 "an offset")
        limit (when (some? limit) (shape/whole form limit 0 "a limit"))]
    (scope/node form :slice [(scope/relation env rel form)] {:offset offset :limit limit})))

;; A varchar that holds JSON text is taken as it is.
(defn- json-value [input expr form]
  (let [e (scope/value input expr form)]
    (if (contains? #{:json :varchar} (:type e))
      (sig/cast-to e :json)
      (sig/mismatch {:fn 'unnest+ :form form} e "expects JSON array text, got " (sig/shown e)))))

(defn check-unnest [env form]
  (let [[args options] (shape/split-options form [:outer :ordinality])
        [head expr rel] (shape/arguments form args 3 3 "(unnest+ [Tag :varchar] Tags rel)")
        [name type] (shape/typed-name form head "a pair [Name type]")
        ordinality (some-> (:ordinality options) (->> (#(shape/name-of form % "an :ordinality column"))))
        input (scope/relation env rel form)
        e (json-value input expr form)]
    (when (= :any type) (shape/expected form "a type of values in files" type))
    (shape/distinct-names form (concat (map :name (:schema input)) (remove nil? [name ordinality])) head)
    (scope/node form :unnest [input]
                {:name name :type type :expr e :outer (shape/flag form options :outer)
                 :ordinality ordinality})))

(defn bindings
  "Pairs of a vector [Name form ...]."
  [form xs usage]
  (when-not (and (vector? xs) (seq xs) (even? (count xs)))
    (shape/expected form (str "a vector of names and streams, as in " usage) xs))
  (mapv (fn [[name rel]] [(shape/name-of form name "a name") rel]) (partition 2 xs)))

(defn new-name "A name that is not in use; else a problem." [env form name]
  (when (or (contains? (:rels env) name) (contains? (:lets env) name))
    (problem/fail :duplicate-name (str (first form) " expects a new name, but " name " is in use already")
                  name form))
  name)

(defn check-with
  "with+ and let-stream+."
  [env form]
  (let [usage (str "(" (first form) " [Old (filter+ (> Age 60) people)] (join+ Old Old2))")
        [args _] (shape/split-options form [])
        [xs body] (shape/arguments form args 2 2 usage)
        step (fn [[env inputs] [name rel]]
               (let [node (scope/relation env rel form)]
                 [(assoc-in env [:rels (new-name env form name)] (:schema node)) (conj inputs node)]))
        pairs (bindings form xs usage)
        [inner inputs] (reduce step [env []] pairs)]
    (scope/node form :with (conj inputs (scope/relation inner body form))
                {:names (mapv first pairs) :stream (= 'let-stream+ (first form))})))

(defn check-let [env form]
  (let [usage "(let+ [n (first+ s)] (map+ (f n) t))"
        [args _] (shape/split-options form [])
        [xs body] (shape/arguments form args 2 2 usage)
        step (fn [[env inputs] [name stream]]
               (let [node (scope/relation env stream form)]
                 [(assoc-in env [:lets (new-name env form name)] node) (conj inputs node)]))
        pairs (bindings form xs usage)
        [inner inputs] (reduce step [env []] pairs)]
    (scope/node form :let (conj inputs (scope/relation inner body form))
                {:names (mapv first pairs)})))
