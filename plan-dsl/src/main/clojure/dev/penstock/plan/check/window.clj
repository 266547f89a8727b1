(ns dev.penstock.plan.check.window
  "window+ and its frames."
  (:require [dev.penstock.plan.check.scope :as scope]
            [dev.penstock.plan.functions :as functions]
            [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.infer :as infer]
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
    (types/numeric? (:type key)) (:type key)
    (and (= :date (:type key)) (types/integer? (:type offset))) :int64
    (types/point? (:type key)) :interval))

(defn- offset
  "The typed literal of a bound [:preceding n]."
  [form mode order x]
  (let [n (infer/infer (infer/scope []) (second x) form)]
    (when-not (and (tree/literal? n) (some? (:value n)))
      (shape/expected form "a literal as offset of a frame" (second x)))
    (if (= :rows mode)
      (do (shape/whole form (second x) 0 "an offset of a :rows frame") n)
      (let [key (:expr (first order))
            type (when (= 1 (count order)) (range-type key n))]
        (when-not type
          (problem/fail :bad-form
                        (str "window+ expects one numeric, date or timestamp order key for a :range frame"
                             " with an offset, got " (count order)
                             (if (= 1 (count order)) (str ": " (sig/shown key)) " keys"))
                        x form))
        (let [e (sig/coerce {:fn 'window+ :form form} n type)]
          (when (and (number? (:value e)) (neg? (:value e)))
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

(defn- default-frame [order]
  {:mode :range
   :start {:kind :unbounded-preceding :offset nil}
   :end {:kind (if (seq order) :current-row :unbounded-following) :offset nil}})

(defn- frame [form order x]
  (if (nil? x)
    (default-frame order)
    (let [[mode start end] (when (vector? x) x)]
      (when-not (and (= 3 (count x)) (contains? #{:rows :range} mode))
        (shape/expected form frame-usage x))
      (let [start (bound form mode order start)
            end (bound form mode order end)]
        (when (or (= :unbounded-following (:kind start))
                  (= :unbounded-preceding (:kind end))
                  (< (rank (:kind end)) (rank (:kind start))))
          (shape/expected form "a frame whose start is not after its end" x))
        {:mode mode :start start :end end}))))

(defn- window [input form x]
  (let [[name call options] (when (vector? x) x)
        usage "items like [Rank (rank) {:partition [Dept] :order [[Salary :desc]]}]"]
    (when-not (and (<= 2 (count x) 3) (symbol? name) (seq? call) (seq call)
                   (or (nil? options) (map? options)))
      (shape/expected form usage x))
    (let [[_ options] (shape/split-options (with-meta (list 'window+ (or options {})) (meta form))
                                                 [:partition :order :frame])
          [f & args] call
          entry (functions/lookup functions/windows :window f f call form)
          _ (functions/check-arity entry (count args) call form)
          partition (scope/values input (shape/vector-of form (:partition options []) "a vector of expressions") form)
          order (if (seq (:order options)) (scope/sort-items input form (:order options)) [])
          typed (mapv #(infer/infer (infer/scope (:schema input)) % call) args)
          {:keys [args type nullable]} ((:infer entry) {:fn f :form call} typed)]
      {:name name :fn f :args args :type type
       :nullable (boolean (or nullable (and (= :aggregate (:kind entry)) (not= 'count f))))
       :partition partition :order order :frame (frame form order (:frame options))})))

(defn check-window [env form]
  (let [[args _] (shape/split-options form [])
        [xs rel] (shape/arguments form args 2 2
                                  "(window+ [[N (row-number) {:order [Age]}]] rel)")
        input (scope/relation env rel form)
        functions (mapv #(window input form %) (shape/vector-of form xs "a vector of window functions"))]
    (shape/distinct-names form (concat (tree/names input) (map :name functions)) xs)
    (scope/node form :window [input] {:functions functions})))
