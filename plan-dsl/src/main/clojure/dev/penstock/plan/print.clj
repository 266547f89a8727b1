(ns dev.penstock.plan.print
  "Plans as text. The text reads back equal (but for function objects, which print as their class), and
  is the same in every process: the keys of maps are sorted."
  (:require [clojure.string :as str]
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

(declare lines)

(defn- spaces [n] (apply str (repeat n " ")))

(defn- stacked
  "Items one below the other (short atoms side by side) at a column."
  [items column]
  (let [out (StringBuilder.)]
    (loop [at (long 0), [item & more :as items] items]
      (if (empty? items)
        (str out)
        (let [^String s (one-line item (- width column))
              beside (and (pos? at) s (not (parts item)) (<= (+ at 1 (count s)) width))
              ^String text (or s (lines item column))]
          (cond
            (zero? at) (do (.append out text)
                           (recur (long (if s (+ column (count s)) width)) more))
            beside (do (.append (.append out " ") text)
                       (recur (+ at 1 (count s)) more))
            :else (do (.append (.append (.append out "\n") ^String (spaces column)) text)
                      (recur (long (if (and s (not (parts item))) (+ column (count s)) width)) more))))))))

(defn- list-lines
  "(head and the arguments that fit beside it, then the others below, indented by two)."
  [x column]
  (loop [out (str "(" (flat (first x))), [item & more :as items] (rest x)]
    (let [s (when (and (seq items) (not (operator? item)))
              (one-line item (- width column (count out) 1)))]
      (if s
        (recur (str out " " s) more)
        (if (empty? items)
          (str out ")")
          (str out "\n" (spaces (+ 2 column))
               (str/join (str "\n" (spaces (+ 2 column))) (map #(lines % (+ 2 column)) items))
               ")"))))))

(defn- lines [x column]
  (or (one-line x (- width column))
      (if (and (seq? x) (seq x))
        (list-lines x column)
        (if-let [[open items close] (parts x)]
          (str open (stacked items (inc column)) close)
          (token/text x)))))

(defn text
  "The canonical text of a plan, indented, without a newline at the end."
  [plan]
  (lines plan 0))
