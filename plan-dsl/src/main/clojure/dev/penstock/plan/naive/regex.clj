(ns dev.penstock.plan.naive.regex
  "Regular expressions in the naive evaluator, by java.util.regex."
  (:require [clojure.string :as str]
            [dev.penstock.plan.naive.number :as number]
            [dev.penstock.plan.naive.text :as text])
  (:import (java.util.regex Matcher Pattern)))

(defn- flags [options]
  (reduce (fn [flags c]
            (let [fold (bit-or Pattern/CASE_INSENSITIVE Pattern/UNICODE_CASE)]
              (case c
                \i (bit-or (long flags) fold)
                \c (bit-and-not (long flags) fold)
                \s (bit-or (long flags) Pattern/DOTALL)
                (\m \n \p) (bit-and-not (long flags) Pattern/DOTALL)
                \l (bit-or (long flags) Pattern/LITERAL)
                \g flags
                (number/fail :bad-argument "options " options))))
          0 options))

(defn- matcher ^Matcher [s pattern options]
  (.matcher (Pattern/compile pattern (int (flags options))) ^String s))

(defn- between-halves? "Is an offset in the middle of a code point?" [^String s i]
  (let [i (long i)]
    (and (< 0 i (count s)) (Character/isSurrogatePair (.charAt s (dec i)) (.charAt s i)))))

(defn- matches
  "Maps of a matcher of s: {:start :end :groups}, without the empty matches in the middle of a code point."
  [^Matcher m s]
  (loop [out []]
    (if (.find m)
      (recur (if (and (= (.start m) (.end m)) (between-halves? s (.start m)))
               out
               (conj out {:start (.start m) :end (.end m) :groups (mapv #(.group m (int %)) (range (inc (.groupCount m))))})))
      out)))

(defn- by-groups [to groups]
  (str/replace to #"\\(\\|\d|.?)"
               (fn [[_ what]]
                 (cond
                   (= "\\" what) "\\"
                   (and (re-matches #"\d" what) (< (long (parse-long what)) (count groups))) (str (nth groups (parse-long what)))
                   :else (number/fail :bad-argument "replacement " to)))))

(defn- replace-with [^String s pattern to options]
  (let [all (matches (matcher s pattern options) s)
        ;; an empty match just behind another one does not count
        counted (reduce (fn [out {:keys [start end] :as m}]
                          (if (and (= start end) (= start (:end (peek out)))) out (conj out m)))
                        [] all)
        used (if (str/includes? options "g") counted (take 1 counted))
        [out from] (reduce (fn [[out from] {:keys [start end groups]}]
                             [(str out (subs s from start) (by-groups to groups)) end])
                           ["" 0] used)]
    (str out (subs s from))))

(defn- replace-all "With all matches replaced; $n are groups." [^String s pattern to]
  (let [out (StringBuilder.), m (matcher s pattern "")]
    (while (.find m)
      (when-not (and (= (.start m) (.end m)) (between-halves? s (.start m)))
        (.appendReplacement m out ^String to)))
    (str (.appendTail m out))))

(defn- group-of [m group]
  (let [n (long (or group 0))]
    (when-not (<= 0 n (.groupCount ^Matcher m)) (number/fail :bad-argument "group " n))
    n))

(defn- extract [s pattern group options]
  (let [m (matcher s pattern (or options "")), n (group-of m group)]
    (nth (:groups (first (matches m s))) n nil)))

(defn- extract-or-empty [s pattern group options]
  (when (neg? (long (or group 0))) (number/fail :bad-argument "group " group))
  (or (nth (:groups (first (matches (matcher s pattern (or options "")) s))) (or group 0) nil) ""))

(defn- json-array [texts]
  (str "[" (str/join "," (map #(if % (text/json-string %) "null") texts)) "]"))

(defn- extract-all [s pattern group options]
  (let [m (matcher s pattern (or options "")), n (group-of m group)]
    (json-array (map #(nth (:groups %) n) (matches m s)))))

(defn- parts
  "The parts of s between matches; an empty match at the beginning of what is left parts one code point."
  [s pattern options]
  (loop [out [], s s]
    (let [^Matcher m (matcher s pattern options)
          [start end] (when (.find m) [(.start m) (.end m)])
          one (when (and start (= 0 start end) (pos? (count s))) (.offsetByCodePoints ^String s 0 1))
          [start end] (if one [one one] [start end])]
      (if (or (nil? start) (and (= start end) (= start (count s))))
        (conj out s)
        (recur (conj out (subs s 0 start)) (subs s end))))))

(defn- sql-pattern
  "SIMILAR TO as a regular expression."
  [pattern escape]
  (let [esc (first (text/points escape))
        quoted #(let [s (text/of-points [%])] (if (re-matches #"[\p{L}\p{N}]" s) s (Pattern/quote s)))]
    (loop [[p & more :as ps] (text/points pattern), out "", in-brackets false]
      (cond
        (empty? ps) out
        (= esc p) (if (seq more)
                    (recur (rest more) (str out (quoted (first more))) in-brackets)
                    (number/fail :bad-argument "a pattern ends with its escape: " pattern))
        (and in-brackets (= (int \[) p) (= (int \:) (first more)))
        (let [[name rest] (split-with #(not= (int \]) %) more)]
          (recur (next rest) (str out "\\p{" (str/capitalize (str/replace (text/of-points name) ":" "")) "}") true))
        in-brackets (recur more (str out (if (#{(int \]) (int \^) (int \-)} p) (char p) (quoted p))) (not= (int \]) p))
        (= (int \%) p) (recur more (str out ".*") false)
        (= (int \_) p) (recur more (str out ".") false)
        (some #(= (int %) p) "|*+?{}()[") (recur more (str out (char p)) (= (int \[) p))
        :else (recur more (str out (quoted p)) false)))))

(def functions
  {'regexp-like (fn [_ [s p o]] (.find (matcher s p (or o ""))))
   'regexp-full-match (fn [_ [s p o]] (.matches (matcher s p (or o ""))))
   'similar-to (fn [_ [s p e]]
                 (.matches (.matcher (Pattern/compile (sql-pattern p (or e "\\")) Pattern/DOTALL) ^String s)))
   'regexp-replace (fn [_ [s p to o]] (if o (replace-with s p to o) (replace-all s p to)))
   'regexp-extract (fn [_ [s p g o]] (extract s p g o))
   'regexp-extract-or-empty (fn [_ [s p g o]] (extract-or-empty s p g o))
   'regexp-extract-all (fn [_ [s p g o]] (extract-all s p g o))
   'regexp-split (fn [_ [s p o]] (json-array (parts s p (or o ""))))
   'regexp-count (fn [_ [s p o]] (long (count (matches (matcher s p (or o "")) s))))
   'split (fn [_ [s separator]]
            (json-array (parts s separator "l")))})
