(ns dev.penstock.plan.naive.cast
  "Casts of single values."
  (:require [clojure.string :as str]
            [dev.penstock.plan.naive.json :as json]
            [dev.penstock.plan.naive.number :as number]
            [dev.penstock.plan.naive.text :as text]
            [dev.penstock.plan.naive.time :as time]
            [dev.penstock.plan.read :as read]
            [dev.penstock.plan.types :as types])
  (:import (java.math BigDecimal)
           (java.time Instant LocalDate LocalDateTime LocalTime ZoneOffset)
           (java.util HexFormat UUID)))

(defn text-of "The varchar of a value of type." [type v]
  (cond
    (types/decimal? type) (.toPlainString ^BigDecimal v)
    (= :varbinary type) (.formatHex (HexFormat/of) ^bytes v)
    (= :interval type) (time/interval-text v)
    :else (str v)))

(defn json-of "The JSON text of a value; what is no number, boolean or JSON is a string." [type v]
  (cond
    (nil? v) "null"
    (and (double? v) (not (Double/isFinite v))) (text/json-string (str v))
    (or (types/numeric? type) (#{:boolean :json} type)) (text-of type v)
    :else (text/json-string (text-of type v))))

(defn- literal-of
  "The value that a text has as a tagged literal of the plan language."
  [tag text]
  (let [v (read/read-plan (str "#" tag " " (pr-str text)) nil)]
    (if (instance? java.util.Date v) (.toInstant ^java.util.Date v) v)))

(defn- timestamp [text] (LocalDateTime/parse (str/replace-first text " " "T")))

(defn- parse [type text]
  (let [text (str/trim text)]
    (cond
      (= :boolean type) (case (str/lower-case text) "true" true "false" false
                              (number/fail :bad-cast text))
      (types/integer? type) (if (re-matches #"[+-]?\d+" text)
                              (number/integer-of (bigint text) type)
                              (number/fail :bad-cast text))
      (types/decimal? type) (number/decimal-of (BigDecimal. text) type)
      (= :float64 type) (if (re-find #"\d" text)
                          (number/float-of (bigdec text))
                          (case (str/replace (str/lower-case text) "##" "")
                            "nan" ##NaN, ("inf" "infinity") ##Inf, ("-inf" "-infinity") ##-Inf
                            (number/fail :bad-cast text)))
      (= :date type) (LocalDate/parse text)
      (= :time type) (LocalTime/parse text)
      (= :timestamp type) (if (re-find #"[T ]" text) (timestamp text) (.atStartOfDay (LocalDate/parse text)))
      (= :timestamptz type) (try (Instant/parse (str/replace-first text " " "T"))
                                 (catch java.time.DateTimeException _ (literal-of "inst" text)))
      (= :interval type) (literal-of "interval" text)
      (= :uuid type) (UUID/fromString text)
      (= :varbinary type) (.parseHex (HexFormat/of) text)
      (= :json type) (do (json/parsed text) text)
      :else text)))

(defn- parsed [type text]
  (try
    (parse type text)
    (catch clojure.lang.ExceptionInfo e (throw e))
    (catch RuntimeException e
      (number/fail :bad-cast "'" text "' is not " (types/text type) ": " (ex-message e)))))

(defn- to-number [from to v]
  (let [v (if (boolean? v) (if v 1 0) v)]
    (cond
      (= :float64 to) (double v)
      (and (double? v) (not (Double/isFinite v))) (number/overflow v)
      (types/integer? to) (number/integer-of (bigint (number/decimal-of (bigdec v) [:decimal 38 0])) to)
      :else (if (= :float64 from)
              (number/decimal-of (BigDecimal/valueOf (double v)) to)
              (number/decimal-of (bigdec v) to)))))

(defn cast-value "A non-null value of type from as type to, or an error." [from to v]
  (cond
    (= from to) v
    (= :varchar to) (text-of from v)
    (= :varchar from) (parsed to v)
    (= :json from) (parsed to v)
    (types/numeric? to) (to-number from to v)
    (= :boolean to) (not (zero? (.signum (bigdec v))))
    (= :date to) (.toLocalDate (time/at-utc v))
    (= :timestamp to) (time/at-utc v)
    (= :timestamptz to) (.toInstant (time/at-utc v) ZoneOffset/UTC)
    (= :time to) (.toLocalTime (time/at-utc v))
    :else (number/fail :bad-cast (types/text from) " to " (types/text to))))
