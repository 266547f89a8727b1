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
           (java.time LocalDate LocalDateTime LocalTime ZoneId ZoneOffset)
           (java.util HexFormat UUID)))

(defn- float-text "Digits with a point; an exponent from 1e16 on and below 1e-4." [v]
  (let [v (double v), a (abs v)]
    (cond
      (Double/isNaN v) "nan"
      (Double/isInfinite v) (if (pos? v) "inf" "-inf")
      (zero? v) (str v)
      (and (<= 1e-4 a) (< a 1e16)) (let [s (.toPlainString (BigDecimal/valueOf v))]
                                     (if (str/includes? s ".") (str/replace s #"(\.\d+?)0*$" "$1") (str s ".0")))
      :else (let [[_ sign d more e] (re-matches #"(-?)(\d)\.?(\d*)E(-?\d+)" (str v))
                  more (str/replace more #"0+$" "")
                  e (long (parse-long e))]
              (str sign d (when (seq more) (str "." more)) "e" (if (neg? e) "-" "+") (format "%02d" (abs e)))))))

(defn- clock-text [^LocalTime t]
  (let [micros (quot (.getNano t) 1000)]
    (str (format "%02d:%02d:%02d" (.getHour t) (.getMinute t) (.getSecond t))
         (when (pos? micros) (str/replace (format ".%06d" micros) #"0+$" "")))))

(defn- timestamp-text [^LocalDateTime t] (str (.toLocalDate t) " " (clock-text (.toLocalTime t))))

(defn text-of "The varchar of a value of type." [type v]
  (cond
    (types/decimal? type) (.toPlainString ^BigDecimal v)
    (= :varbinary type) (.formatHex (HexFormat/of) ^bytes v)
    (= :interval type) (time/interval-text v)
    (= :float64 type) (float-text v)
    (= :time type) (clock-text v)
    (= :timestamp type) (timestamp-text v)
    (= :timestamptz type) (str (timestamp-text (time/at-utc v)) "+00")
    :else (str v)))

(defn json-of "The JSON text of a value; what is no number, boolean or JSON is a string." [type v]
  (cond
    (nil? v) "null"
    (and (double? v) (not (Double/isFinite v))) (text/json-string (str v))
    (= :float64 type) (str v)
    (or (types/numeric? type) (#{:boolean :json} type)) (text-of type v)
    :else (text/json-string (text-of type v))))

(defn- literal-of
  "The value that a text has as a tagged literal of the plan language."
  [tag text]
  (let [v (read/read-plan (str "#" tag " " (pr-str text)) nil)]
    (if (instance? java.util.Date v) (.toInstant ^java.util.Date v) v)))

(def ^:private clock "(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d+))?)?")
(def ^:private moment
  (re-pattern (str "([+-]?\\d{1,7})([-/])(\\d{1,2})\\2(\\d{1,2})"
                   "(?:(?:[Tt]|\\s+)(" clock ")(?:\\s*(Z|z|[+-]\\d{1,2}(?::?\\d\\d){0,2})|\\s+([\\p{L}_/+-]+))?)?")))

(defn- bad [text] (number/fail :bad-cast text))

(defn- micros-of-day [text last-hour]
  (let [[_ h m s f :as found] (re-matches (re-pattern clock) text)
        [h m s] (map #(if % (long (parse-long %)) 0) [h m s])
        f (long (parse-long (subs (str f "000000") 0 6)))
        micros (+ f (* 1000000 (+ (* 3600 (long h)) (* 60 (long m)) (long s))))]
    (if (and found (< (long m) 60) (< (long s) 60)
             (or (< (long h) 24) (and (= 24 last-hour) (= 86400000000 micros))))
      micros
      (bad text))))

(defn- moment-of "[LocalDateTime zone] of a text." [text]
  (let [[_ y _ m d at _ _ _ _ offset zone :as found] (re-matches moment text)]
    (when-not found (bad text))
    [(.plus (.atStartOfDay (LocalDate/of (int (parse-long y)) (int (parse-long m)) (int (parse-long d))))
            (long (if at (micros-of-day at 24) 0)) java.time.temporal.ChronoUnit/MICROS)
     (cond
       zone (ZoneId/of zone)
       offset (ZoneOffset/of (str/upper-case offset))
       :else ZoneOffset/UTC)]))

(defn- instant-of [text]
  (let [[^LocalDateTime t ^ZoneId zone] (moment-of text)] (.toInstant (.withLaterOffsetAtOverlap (.atZone t zone)))))

(defn- clock-of [text]
  (let [[_ at] (or (re-matches (re-pattern (str "(?:[+-]?\\d{1,7}([-/])\\d{1,2}\\1\\d{1,2}(?:[Tt]|\\s+))?(" clock ")")) text) (bad text))
        at (last (re-find #"(\d{1,2}:[\d:.]+)$" (or text at)))]
    (LocalTime/ofNanoOfDay (* 1000 (long (micros-of-day at 23))))))

(def ^:private span-units
  {"millennium" [12000 0 0] "millennia" [12000 0 0] "centurie" [1200 0 0] "century" [1200 0 0] "decade" [120 0 0] "year" [12 0 0]
   "yr" [12 0 0] "y" [12 0 0] "quarter" [3 0 0] "month" [1 0 0] "mon" [1 0 0] "week" [0 7 0] "w" [0 7 0] "day" [0 1 0] "d" [0 1 0]
   "hour" [0 0 3600000000] "hr" [0 0 3600000000] "h" [0 0 3600000000] "minute" [0 0 60000000] "min" [0 0 60000000] "m" [0 0 60000000]
   "second" [0 0 1000000] "sec" [0 0 1000000] "s" [0 0 1000000] "millisecond" [0 0 1000] "msec" [0 0 1000] "ms" [0 0 1000]
   "microsecond" [0 0 1] "usec" [0 0 1] "us" [0 0 1]})

(defn- half-even [x] (.setScale (bigdec x) 0 java.math.RoundingMode/HALF_EVEN))
(defn- towards-zero [x] (.setScale (bigdec x) 0 java.math.RoundingMode/DOWN))

(defn- span-part [text sign h m s n unit]
  (if h
    (let [seconds (bigdec (or s "0"))]
      (when-not (and (< (long (parse-long m)) 60) (< seconds 60)) (bad text))
      [0 0 (* (if (= "-" sign) -1 1)
              (half-even (+ (* 3600000000M (bigdec h)) (* 60000000M (bigdec m)) (* 1000000M seconds))))])
    (let [[months days micros] (or (span-units unit) (span-units (str/replace unit #"s$" "")) (bad text))
          n (bigdec n)
          all (* n (bigdec months)), whole (towards-zero all)
          days (+ (* n (bigdec days)) (if (= 1 months) (* 30M (- all whole)) 0M))
          whole-days (towards-zero days)]
      [whole whole-days (half-even (+ (* n (bigdec micros)) (* 86400000000M (- days whole-days))))])))

(defn- span-of [text]
  (if (re-find #"^[+-]?[Pp]" text)
    (literal-of "interval" text)
    (let [lower (str/lower-case text)
          ago (str/ends-with? lower " ago")
          body (-> lower (str/replace #" ago$" "") (str/replace #"^@" ""))
          part #"\s*(?:([+-]?)(\d{1,9}):(\d{1,2})(?::(\d{1,2}(?:\.\d{1,9})?))?|([+-]?\d{1,18}(?:\.\d{1,18})?)\s*([a-z]+))"
          found (re-seq part body)]
      (when (or (empty? found) (not (str/blank? (str/replace body part "")))) (bad text))
      (let [[months days micros] (apply map + [0 0 0] (map (fn [[_ sign h m s n unit]] (span-part text sign h m s n unit)) found))
            of #(number/integer-of (if ago (- %1) %1) %2)]
        {:months (of months :int32) :days (of days :int32) :micros (of micros :int64)}))))

(defn- uuid-of [text]
  (let [hex (str/replace (str/replace text #"^\{(.*)\}$" "$1") "-" "")]
    (if (and (re-matches #"[0-9a-fA-F]{32}" hex) (re-matches #"\{?(?:[^-]{32}|[^-]{8}(?:-[^-]{4}){3}-[^-]{12})\}?" text))
      (UUID/fromString (str/replace hex #"(.{8})(.{4})(.{4})(.{4})(.{12})" "$1-$2-$3-$4-$5"))
      (bad text))))

(defn- parse [type text]
  (let [text (str/trim text)]
    (cond
      (= :boolean type) (case (str/lower-case text)
                          ("true" "t" "yes" "y" "1") true
                          ("false" "f" "no" "n" "0") false
                          (bad text))
      (types/integer? type) (number/integer-of (bigint (number/decimal-of (BigDecimal. text) [:decimal 38 0])) type)
      (types/decimal? type) (number/decimal-of (BigDecimal. text) type)
      (= :float64 type) (if (re-find #"\d" text)
                          (number/float-of (bigdec text))
                          (case (str/replace (str/lower-case text) "##" "")
                            "nan" ##NaN, ("inf" "infinity") ##Inf, ("-inf" "-infinity") ##-Inf
                            (bad text)))
      (= :date type) (.toLocalDate ^LocalDateTime (first (moment-of text)))
      (= :time type) (clock-of text)
      (= :timestamp type) (first (moment-of text))
      (= :timestamptz type) (instant-of text)
      (= :interval type) (span-of text)
      (= :uuid type) (uuid-of text)
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
      (and (double? v) (types/integer? to)) (number/integer-of (bigint (Math/rint (double v))) to)
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
    (= :boolean to) (if (double? v) (not (zero? (double v))) (not (zero? (.signum (bigdec v)))))
    (= :date to) (.toLocalDate (time/at-utc v))
    (= :timestamp to) (time/at-utc v)
    (= :timestamptz to) (.toInstant (time/at-utc v) ZoneOffset/UTC)
    (= :time to) (.toLocalTime (time/at-utc v))
    :else (number/fail :bad-cast (types/text from) " to " (types/text to))))
