(ns dev.penstock.plan.token
  "What atoms look like in the text of a plan; the reader and the printer agree here."
  (:require [dev.penstock.plan.literals :as literals]
            [dev.penstock.plan.types :as types])
  (:import (dev.penstock.plan.types Hex Json)
           (java.time Instant LocalDate LocalDateTime LocalTime)
           (java.util UUID)))

(def ^:private plain-symbol
  #"(?x) (?: [\p{L}_.*!?$%&=<>/|] | [+-](?![0-9]) ) [\p{L}\p{N}_.*!?$%&=<>/|+\-:\#']*")

(defn symbol-text?
  "Is a token a symbol?"
  [s]
  (and (re-matches plain-symbol s) (not (contains? #{"nil" "true" "false"} s))))

(defn keyword-text? [s] (re-matches #":[\p{L}\p{N}_.*!?$%&=<>/|+\-\#':]+" s))

(defn read-number
  "The number of a token, nil if it is none: int64 or decimal (beyond int64), 4.20M, 4.2."
  [^String s]
  (cond
    (re-matches #"[+-]?\d+N?" s)
    (let [n (BigInteger. (if (.endsWith s "N") (subs s 0 (dec (count s))) s))]
      (if (<= (.bitLength n) 63) (.longValue n) (BigDecimal. n)))
    (re-matches #"[+-]?\d+(\.\d*)?([eE][+-]?\d{1,9})?M" s) (BigDecimal. (subs s 0 (dec (count s))))
    (re-matches #"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?" s) (Double/parseDouble s)))

(defn- escape [^StringBuilder sb ^String s i]
  (let [c (.charAt s i)
        alone (or (and (Character/isHighSurrogate c)
                       (not (and (< (inc i) (count s)) (Character/isLowSurrogate (.charAt s (inc i))))))
                  (and (Character/isLowSurrogate c)
                       (not (and (pos? i) (Character/isHighSurrogate (.charAt s (dec i)))))))]
    (cond
      (= \" c) (.append sb "\\\"")
      (= \\ c) (.append sb "\\\\")
      (= \newline c) (.append sb "\\n")
      (= \tab c) (.append sb "\\t")
      (= \return c) (.append sb "\\r")
      (or alone (< (int c) 32) (= 127 (int c))) (.append sb (format "\\u%04x" (int c)))
      :else (.append sb c))))

(defn quoted "A string in quotes, with escapes." [s]
  (let [sb (StringBuilder. "\"")]
    (dotimes [i (count s)] (escape sb s i))
    (str (.append sb "\""))))

(defn- double-text [^double d]
  (cond
    (Double/isNaN d) "##NaN"
    (Double/isInfinite d) (if (pos? d) "##Inf" "##-Inf")
    :else (str d)))

(defn- tagged [tag type v] (str "#" tag " " (quoted (literals/text type v))))

(defn text
  "The text of an atom (anything but a list, vector, set or options map)."
  [x]
  (cond
    (nil? x) "nil"
    (symbol? x) (let [s (str x)] (if (symbol-text? s) s (str "#col " (quoted s))))
    (string? x) (quoted x)
    (float? x) (double-text x)
    (instance? BigDecimal x) (let [^BigDecimal d x]
                               (str (if (<= 0 (.scale d) 400) (.toPlainString d) (str d)) "M"))
    (instance? LocalDate x) (tagged "date" :date x)
    (instance? LocalTime x) (tagged "time" :time x)
    (instance? LocalDateTime x) (tagged "timestamp" :timestamp x)
    (instance? Instant x) (tagged "inst" :timestamptz x)
    (instance? java.util.Date x) (recur (second (types/of-literal x)))
    (instance? UUID x) (tagged "uuid" :uuid x)
    (types/interval? x) (tagged "interval" :interval x)
    (instance? Hex x) (str "#hex " (quoted (.text ^Hex x)))
    (bytes? x) (str "#hex " (quoted (types/hex-text x)))
    (instance? Json x) (str "#json " (quoted (.text ^Json x)))
    (or (number? x) (keyword? x) (boolean? x)) (str x)
    :else (str "#function " (quoted (.getName (class x))))))
