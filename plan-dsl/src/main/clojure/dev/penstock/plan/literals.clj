(ns dev.penstock.plan.literals
  "Texts of literals (#date, #interval, ...) to values and back, and the exact conversions of a
  literal's value that inference makes by itself."
  (:require [clojure.string :as str]
            [dev.penstock.plan.json :as json]
            [dev.penstock.plan.types :as types])
  (:import (dev.penstock.plan.types Hex Json)
           (java.math RoundingMode)
           (java.time Instant LocalDate LocalDateTime LocalTime OffsetDateTime ZoneOffset)
           (java.time.format DateTimeFormatter DateTimeParseException)
           (java.time.temporal ChronoField Temporal)
           (java.util UUID)))

(defn- micros-only
  "A point in time if it has no digits beyond microseconds, else nil."
  [^Temporal t]
  (when (zero? (rem (.getLong t ChronoField/NANO_OF_SECOND) 1000)) t))

(defn- parse-instant [^String s]
  (cond
    (re-matches #"[+-]?\d{4,9}-\d\d-\d\d" s)
    (.toInstant (.atStartOfDay (LocalDate/parse s)) ZoneOffset/UTC)
    (re-find #"T.*(Z|[+-]\d\d:?\d\d)$" s) (.toInstant (OffsetDateTime/parse s))
    :else (.toInstant (LocalDateTime/parse s) ZoneOffset/UTC)))

(def ^:private interval-pattern
  (let [n "([+-]?\\d+)"]
    (re-pattern (str "([+-])?P(?:" n "Y)?(?:" n "M)?(?:" n "W)?(?:" n "D)?"
                     "(?:T(?:" n "H)?(?:" n "M)?(?:([+-]?\\d+(?:\\.\\d{1,6})?)S)?)?"))))

(defn- parse-interval [s]
  (when-let [[_ sign y mo w d h mi sec] (re-matches interval-pattern s)]
    (when (and (some some? [y mo w d h mi sec]) (not (str/ends-with? s "T")))
      (let [n #(if % (bigint %) 0N)
            k (if (= "-" sign) -1 1)
            micros (+ (* 3600000000N (n h)) (* 60000000N (n mi))
                      (bigint (.toBigIntegerExact (.movePointRight (bigdec (or sec "0")) 6))))]
        {:months (long (* k (+ (* 12 (n y)) (n mo))))
         :days (long (* k (+ (* 7 (n w)) (n d))))
         :micros (long (* k micros))}))))

(defn- parse-hex [s]
  (let [s (str/lower-case s)]
    (when (and (even? (count s)) (re-matches #"[0-9a-f]*" s)) (Hex. s))))

(defn parse
  "The value that the text of a literal of type has, nil if the text is bad. Types: :date :time
  :timestamp :timestamptz :interval :uuid :varbinary; a space may stand for the T of a timestamp."
  [type ^String s]
  (try
    (case type
      :date (LocalDate/parse s)
      :time (micros-only (LocalTime/parse s))
      :timestamp (let [s (str/replace s \space \T)]
                   (if (re-matches #"[+-]?\d{4,9}-\d\d-\d\d" s)
                     (.atStartOfDay (LocalDate/parse s))
                     (micros-only (LocalDateTime/parse s))))
      :timestamptz (let [^Instant i (parse-instant (str/replace s \space \T))]
                     (when (zero? (rem (.getNano i) 1000)) i))
      :interval (parse-interval s)
      :uuid (when (re-matches #"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}" s)
              (UUID/fromString s))
      :varbinary (parse-hex s))
    (catch DateTimeParseException _ nil)
    (catch IllegalArgumentException _ nil)))

(def ^:private formatters
  {:time DateTimeFormatter/ISO_LOCAL_TIME
   :timestamp DateTimeFormatter/ISO_LOCAL_DATE_TIME})

(defn- interval-text [{:keys [months days micros]}]
  (let [part (fn [n unit] (when-not (zero? n) (str n unit)))
        seconds (rem micros 60000000)
        date (str (part (quot months 12) "Y") (part (rem months 12) "M") (part days "D"))
        time (str (part (quot micros 3600000000) "H")
                  (part (rem (quot micros 60000000) 60) "M")
                  (when-not (zero? seconds)
                    (str (.toPlainString
                          (.stripTrailingZeros (.movePointLeft (bigdec seconds) 6)))
                         "S")))]
    (cond
      (and (= "" date) (= "" time)) "PT0S"
      (= "" time) (str "P" date)
      :else (str "P" date "T" time))))

(defn text
  "The text of a value of a type that parse knows."
  [type v]
  (case type
    (:time :timestamp) (.format ^DateTimeFormatter (formatters type) v)
    :interval (interval-text v)
    :varbinary (.text ^Hex v)
    (str v)))

(def tags
  "Tag symbol of a literal to the type of its text."
  '{date :date, time :time, timestamp :timestamp, inst :timestamptz, interval :interval, uuid :uuid,
    hex :varbinary, json :json})

(defn of-tag
  "The plan value of #tag text; nil if the text is bad."
  [tag s]
  (if (= 'json tag)
    (when (json/valid? s) (Json. s))
    (parse (tags tag) s)))

(def ^:private read-as-text #{:date :time :timestamp :timestamptz :uuid})

(defn- to-decimal [v [_ p s]]
  (let [^BigDecimal d (bigdec v)]
    (when (<= (.scale (.stripTrailingZeros d)) s)
      (let [d (.setScale d (int s) RoundingMode/UNNECESSARY)]
        (when (<= (.precision d) p) d)))))

(defn- in-range? [type v]
  (or (= :int64 type) (<= Integer/MIN_VALUE v Integer/MAX_VALUE)))

(defn convert
  "The value v of a literal of type from as a value of type to if that loses nothing, else nil.
  (A null must not be asked for: it is of every type.)"
  [v from to]
  (cond
    (= from to) v
    (and (types/integer? from) (types/integer? to)) (when (in-range? to v) v)
    (and (types/exact? from) (types/decimal? to)) (to-decimal v to)
    (and (types/exact? from) (= :float64 to)) (double v)
    (and (= :varchar from) (read-as-text to)) (parse to (str/trim v))
    (and (= :date from) (= :timestamp to)) (.atStartOfDay ^LocalDate v)
    (and (= :date from) (= :timestamptz to))
    (.toInstant (.atStartOfDay ^LocalDate v) ZoneOffset/UTC)
    (and (= :timestamp from) (= :timestamptz to)) (.toInstant ^LocalDateTime v ZoneOffset/UTC)
    :else nil))

(defn reads-text?
  "Is a string literal next to a value of type read as that type?"
  [type]
  (contains? read-as-text type))
