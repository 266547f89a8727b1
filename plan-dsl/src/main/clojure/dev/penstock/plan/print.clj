(ns dev.penstock.plan.print
  "Plans as text. The text reads back equal (but for function objects, which print as their class), and
  is the same in every process: the keys of maps are sorted."
  (:require [clojure.string :as str]
            [dev.penstock.plan.cancel :as cancel]
            [dev.penstock.plan.token :as token]
            [dev.penstock.plan.types :as types]))

(def ^:private width 96)

(defn- options? [x] (and (map? x) (not (types/interval? x))))

(defn- entries "Keys and values of a map, by the text of the key." [m]
  (mapcat identity (sort-by (comp token/text key) m)))

(defn- parts
  "[open items close] of a collection, nil of an atom."
  [x]
  (cond
    (seq? x) ["(" x ")"]
    (vector? x) ["[" x "]"]
    (options? x) ["{" (entries x) "}"]))

(defn flat
  "The text of a form on one line; nil if it is longer than limit characters."
  ([x] (flat x Long/MAX_VALUE))
  ([x limit]
   (if-let [[open items close] (parts x)]
     (loop [sb (StringBuilder. ^String open), [item & more :as items] items]
       (cond
         (> (.length sb) limit) nil
         (empty? items) (str (.append sb close))
         :else (when-let [s (flat item (- limit (.length sb)))]
                 (when (> (.length sb) 1) (.append sb " "))
                 (recur (.append sb ^String s) more))))
     (let [s (token/text x)] (when (<= (count s) limit) s)))))

(defn- operator? [x]
  (and (seq? x) (symbol? (first x)) (str/ends-with? (str (first x)) "+") (< 1 (count (str (first x))))))

(defn- leaf? [x] (not-any? operator? (when (operator? x) (rest x))))

(defn- one-line
  "The flat text of a form if it may stand on one line: it fits, and is no operator over an operator
  that has inputs itself."
  [x room]
  (when (or (not (operator? x)) (every? leaf? (filter operator? x)))
    (when-not (and (vector? x) (some operator? x) (not-every? leaf? x))
      (flat x room))))

(declare add-lines)

(def ^:private deepest
  "What is nested deeper is not indented further: texts of hundreds of levels are not mostly blanks."
  64)

(defn- inside ^long [^long column ^long more] (min (long deepest) (+ column more)))

(defn- add-line [^StringBuilder out column]
  (.append out "\n")
  (dotimes [_ column] (.append out \space)))

(defn- add-stacked
  "Items one below the other (short atoms side by side) at a column."
  [^StringBuilder out items column ctx]
  (loop [at (long 0), [item & more :as items] items]
    (when (seq items)
      (let [^String s (one-line item (- width column))
            beside (and (pos? at) s (not (parts item)) (<= (+ at 1 (count s)) width))]
        (cond (zero? at) nil
              beside (.append out " ")
              :else (add-line out column))
        (if s (.append out s) (add-lines out item column ctx))
        (recur (long (cond beside (+ at 1 (count s))
                           (and s (or (zero? at) (not (parts item)))) (+ column (count s))
                           :else width))
               more)))))

(defn- add-list
  "(head and the arguments that fit beside it, then the others below, indented by two)."
  [^StringBuilder out x column ctx]
  (.append out "(")
  (let [head (flat (first x))]
    (.append out ^String head)
    (loop [used (long (inc (count head))), [item & more :as items] (rest x)]
      (let [s (when (and (seq items) (not (operator? item)))
                (one-line item (- width column used 1)))]
        (if s
          (do (.append (.append out " ") ^String s)
              (recur (+ used 1 (count s)) more))
          (let [column (inside column 2)]
            (doseq [item items]
              (add-line out column)
              (add-lines out item column ctx)))))))
  (.append out ")"))

(defn- add-lines [^StringBuilder out x column ctx]
  (cancel/check ctx)
  (if-let [s (one-line x (- width column))]
    (.append out ^String s)
    (if (and (seq? x) (seq x))
      (add-list out x column ctx)
      (if-let [[open items close] (parts x)]
        (do (.append out ^String open)
            (add-stacked out items (inside column 1) ctx)
            (.append out ^String close))
        (.append out ^String (token/text x))))))

(defn text
  "The canonical text of a plan, indented, without a newline at the end. Looks at :check-token of ctx (see cancel)."
  ([plan] (text plan nil))
  ([plan ctx]
   (let [out (StringBuilder.)]
     (add-lines out plan 0 ctx)
     (str out))))
