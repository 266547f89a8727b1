(ns dev.penstock.plan.check.window
  "window+ and its frames."
  (:require [dev.penstock.plan.cancel :as cancel]
            [dev.penstock.plan.check.aggregate :as aggregate]
            [dev.penstock.plan.check.scope :as scope]
            [dev.penstock.plan.functions :as functions]
            [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.infer :as infer]
            [dev.penstock.plan.naive.scalar :as scalar]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.shape :as shape]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types]))

(def ^:private bound-order
  [:unbounded-preceding :preceding :current-row :following :unbounded-following])

(def ^:private rank (zipmap bound-order (range)))

(def ^:private frame-usage
  "a frame like [:rows [:preceding 2] :current-row]")

(defn- bound-kind [x] (if (vector? x) (first x) x))

(defn- range-type
  "The type of an offset of a :range frame over an order key; nil if it can have none."
  [key offset]
  (cond
    (and (types/exact? (:type key)) (types/decimal? (:type offset))) (:type offset)
    (types/numeric? (:type key)) (:type key)
    (and (= :date (:type key)) (types/integer? (:type offset))) :int64
    (or (types/point? (:type key)) (contains? #{:time :interval} (:type key))) :interval))

(defn- literal
  "An expression over no column as a literal, if it has a value."
  [e]
  (or (when (and (tree/call? e) (empty? (tree/expr-columns e)))
        (let [value (try (scalar/evaluate {} {} e) (catch clojure.lang.ExceptionInfo _ nil))]
          (when (some? value)
            (with-meta (tree/literal value (:type e)) (meta e)))))
      e))

(defn- negative? [v]
  (if (map? v) (some neg? ((juxt :months :days :micros) v)) (neg? v)))

(defn- offset
  "The typed literal of a bound [:preceding n]."
  [form mode order x]
  (let [n (literal (infer/infer (infer/scope []) (second x) form))]
    (when-not (and (tree/literal? n) (some? (:value n)))
      (shape/expected form "a literal as offset of a frame" (second x)))
    (if (not= :range mode)
      (do (shape/whole form (:value n) 0 (str "an offset of a " mode " frame")) n)
      (let [key (:expr (first order))
            type (when (= 1 (count order)) (range-type key n))]
        (when-not type
          (problem/fail :bad-form
                        (str "window+ expects one order key that is a number, a time or an interval for a :range frame"
                             " with an offset, got " (count order)
                             (if (= 1 (count order)) (str ": " (sig/shown key)) " keys"))
                        x form))
        (let [e (sig/coerce {:fn 'window+ :form form} n type)]
          (when (and (some? (:value e)) (negative? (:value e)))
            (shape/expected form "an offset that is not negative" (second x)))
          (if (tree/literal? e)
            e
            (sig/mismatch {:fn 'window+ :form form} n "expects an offset of type " (types/text type)
                          ", got " (sig/shown n))))))))

(defn- bound [form mode order x]
  (let [kind (bound-kind x)
        with-offset (contains? #{:preceding :following} kind)]
    (when-not (and (rank kind) (= with-offset (vector? x)) (or (not with-offset) (= 2 (count x))))
      (shape/expected form frame-usage x))
    {:kind kind :offset (when with-offset (offset form mode order x))}))

(def ^:private exclusions
  {:exclude-no-others nil, :exclude-current-row :current-row, :exclude-group :group, :exclude-ties :ties})

(defn- default-frame [order]
  {:mode :range
   :start {:kind :unbounded-preceding :offset nil}
   :end {:kind (if (seq order) :current-row :unbounded-following) :offset nil}})

(defn- frame [form order x]
  (if (nil? x)
    (default-frame order)
    (let [[mode start end exclude] (when (vector? x) x)]
      (when-not (and (<= 3 (count x) 4) (contains? #{:rows :range :groups} mode))
        (shape/expected form frame-usage x))
      (when-not (contains? exclusions (or exclude :exclude-no-others))
        (shape/expected form (str "one of " (problem/listing (sort (keys exclusions))) " after the bounds of a frame") exclude))
      (let [start (bound form mode order start)
            end (bound form mode order end)]
        (when (or (= :unbounded-following (:kind start))
                  (= :unbounded-preceding (:kind end))
                  (< (rank (:kind end)) (rank (:kind start))))
          (shape/expected form "a frame whose start is not after its end" x))
        (cond-> {:mode mode :start start :end end}
          (exclusions exclude) (assoc :exclude (exclusions exclude)))))))

(defn- window-call
  "The call of a function that is no aggregate: {:fn :args :type :nullable :ignore-nulls}."
  [input [f :as call] {:keys [skips-nulls infer] :as entry}]
  (let [[args options] (shape/split-options call (if skips-nulls [:ignore-nulls] []))
        _ (functions/check-arity entry (count args) call)
        typed (mapv #(infer/infer (infer/scope (:schema input)) % call) args)
        {:keys [args type nullable]} (infer {:fn f :form call} typed)
        ignore (shape/flag call options :ignore-nulls)]
    {:fn f :args args :type type :nullable (boolean nullable) :ignore-nulls ignore}))

(defn- aggregate-call
  "The call of an aggregate; over an empty frame it is null, unless it counts."
  [input form call entry]
  (let [{:keys [order] :as checked} (aggregate/aggregate input form call entry [:distinct :filter :order])]
    (assoc (dissoc checked :order) :within order :ignore-nulls false :nullable (not (:never-null entry)))))

(defn- window [input form x]
  (let [[name call options] (when (vector? x) x)
        usage "items like [Rank (rank) {:partition [Dept] :order [[Salary :desc]]}]"]
    (when-not (and (<= 2 (count x) 3) (symbol? name) (seq? call) (seq call)
                   (or (nil? options) (map? options)))
      (shape/expected form usage x))
    (let [[_ options] (shape/split-options (with-meta (list 'window+ (or options {})) (meta form))
                                                 [:partition :order :frame])
          [f] call
          entry (functions/lookup functions/windows :window f f call form)
          partition (scope/values input (shape/vector-of form (:partition options []) "a vector of expressions") form)
          order (if (seq (:order options)) (scope/sort-items input form (:order options)) [])
          frame (frame form order (:frame options))]
      (merge {:distinct false :filter nil :within []}
             (if (= :aggregate (:kind entry)) (aggregate-call input form call entry) (window-call input call entry))
             {:name name :partition partition :order order :frame frame}))))

(defn check-window [env form]
  (let [[args _] (shape/split-options form [])
        [xs rel] (shape/arguments form args 2 2
                                  "(window+ [[N (row-number) {:order [Age]}]] rel)")
        input (scope/relation env rel form)
        functions (mapv (fn [x] (cancel/check (:ctx env)) (window input form x))
                        (shape/vector-of form xs "a vector of window functions"))]
    (shape/distinct-names form (concat (tree/names input) (map :name functions)) xs)
    (scope/node form :window [input] {:functions functions})))
