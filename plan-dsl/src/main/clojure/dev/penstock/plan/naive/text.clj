(ns dev.penstock.plan.naive.text
  "Strings in the naive evaluator, by code point."
  (:require [clojure.string :as str]
            [dev.penstock.plan.naive.number :as number])
  (:import (java.nio.charset StandardCharsets)
           (java.security MessageDigest)
           (java.util HexFormat)
           (java.util.regex Pattern)))

(defn points [^String s] (vec (.toArray (.codePoints s))))
(defn of-points ^String [ps] (let [a (int-array ps)] (String. a 0 (alength a))))

(defn- like-pattern ^Pattern [pattern escape fold?]
  (let [esc (when escape (first (points escape)))
        piece (fn [p] (cond (= p (int \%)) ".*" (= p (int \_)) "." :else (Pattern/quote (of-points [p]))))]
    (loop [ps (points pattern), out ""]
      (cond
        (empty? ps) (Pattern/compile out (bit-or Pattern/DOTALL (if fold? (bit-or Pattern/CASE_INSENSITIVE Pattern/UNICODE_CASE) 0)))
        (and esc (= esc (first ps)))
        (if (next ps)
          (recur (drop 2 ps) (str out (Pattern/quote (of-points [(second ps)]))))
          (number/fail :bad-argument "a pattern ends with its escape character: " pattern))
        :else (recur (rest ps) (str out (piece (first ps))))))))

(defn like? [f s pattern escape]
  (.matches (.matcher (like-pattern pattern escape (= 'ilike f)) ^String s)))

(defn substring
  "As DuckDB has it: positions from 1; a negative one counts from the end, 0 is one before the first; a negative length counts
  backwards; where there is no text, a length counts all the same."
  [s from len]
  (let [ps (vec (points s))
        n (count ps)
        from (long from)
        at (bigint (if (neg? from) (+' n from) (dec' from)))
        cut #(long (min n (max 0 %)))]
    (of-points (cond
                 (nil? len) (subvec ps (cut at))
                 (nat-int? len) (subvec ps (cut at) (cut (+' at len)))
                 :else (subvec ps (cut (+' at len)) (cut at))))))

(defn left-of "The first n; of a negative n all but the last -n." [s n]
  (let [ps (points s), n (long n)]
    (of-points (if (neg? n) (drop-last (- n) ps) (take n ps)))))

(defn right-of "The last n; of a negative n all but the first -n." [s n]
  (let [ps (points s), n (long n)]
    (of-points (if (neg? n) (drop (- n) ps) (take-last n ps)))))

(defn position [needle s]
  (let [i (.indexOf ^String s ^String needle)]
    (if (neg? i) 0 (inc (.codePointCount ^String s 0 i)))))

(defn trimmed [f s chars]
  (let [drop? (set (points (or chars " ")))
        front #(drop-while drop? %)
        back #(reverse (drop-while drop? (reverse %)))]
    (of-points (case f trim (back (front (points s))), ltrim (front (points s)), rtrim (back (points s))))))

(defn padded [f s n fill]
  (let [ps (points s), n (max 0 (long n)), more (- n (count ps))
        fills (take (max 0 more) (cycle (points fill)))]
    (of-points (if (neg? more) (take n ps) (case f lpad (concat fills ps), rpad (concat ps fills))))))

(defn split-part [s delimiter n]
  (let [parts (if (= "" delimiter) [s] (str/split s (re-pattern (Pattern/quote delimiter)) -1))
        n (long n)]
    (cond
      (zero? n) (number/fail :bad-argument "split-part counts from 1")
      (pos? n) (nth parts (dec n) "")
      :else (nth parts (+ (count parts) n) ""))))

(defn digest [algorithm v]
  (.formatHex (HexFormat/of)
              (.digest (MessageDigest/getInstance algorithm)
                       (if (string? v) (.getBytes ^String v StandardCharsets/UTF_8) v))))

(defn json-string "A JSON string." [^String s]
  (let [out (StringBuilder. "\"")]
    (doseq [c s]
      (case c
        \" (.append out "\\\"")
        \\ (.append out "\\\\")
        \newline (.append out "\\n")
        \return (.append out "\\r")
        \tab (.append out "\\t")
        \backspace (.append out "\\b")
        \formfeed (.append out "\\f")
        (if (< (int c) 32) (.append out (format "\\u%04x" (int c))) (.append out (char c)))))
    (str (.append out "\""))))
