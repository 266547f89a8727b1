(ns dev.penstock.plan.naive.clock
  "Fields, spans, formats and zones in the naive evaluator, by java.time."
  (:require [clojure.string :as str]
            [dev.penstock.plan.naive.number :as number]
            [dev.penstock.plan.naive.time :as time])
  (:import (java.time DateTimeException Instant LocalDate LocalDateTime LocalTime ZoneId ZoneOffset)
           (java.time.format TextStyle)
           (java.time.temporal ChronoField ChronoUnit IsoFields Temporal)
           (java.util Locale)))

(defn- micro-of-minute [^LocalTime t] (+ (* 1000000 (.getSecond t)) (quot (.getNano t) 1000)))

(defn- clock-field [field ^LocalTime t]
  (case field
    "hour" (long (.getHour t))
    "minute" (long (.getMinute t))
    "second" (long (.getSecond t))
    "millisecond" (long (quot (long (micro-of-minute t)) 1000))
    "microsecond" (long (micro-of-minute t))))

(defn- counted "Centuries and millennia." [^long year ^long n]
  (if (pos? year) (inc (quot (dec year) n)) (dec (quot year n))))

(defn- point-field [field t]
  (let [^LocalDateTime u (time/at-utc t)
        year (.getYear u), iso-year (.get u IsoFields/WEEK_BASED_YEAR), week (.get u IsoFields/WEEK_OF_WEEK_BASED_YEAR)]
    (long
     (case field
       "era" (if (pos? year) 1 0)
       "millennium" (counted year 1000)
       "century" (counted year 100)
       "decade" (quot year 10)
       "isoyear" iso-year
       "yearweek" (if (pos? iso-year) (+ (* 100 iso-year) week) (- (* 100 iso-year) week))
       "isodow" (.getValue (.getDayOfWeek u))
       ("hour" "minute" "second" "millisecond" "microsecond") (clock-field field (.toLocalTime u))
       (time/part (symbol field) t)))))

(defn- span-field [field {:keys [months days micros]}]
  (let [months (long months), micros (long micros)
        years {"millennium" 12000 "century" 1200 "decade" 120 "year" 12}]
    (case field
      "month" (rem months 12)
      "quarter" (inc (quot (rem months 12) 3))
      "day" (long days)
      "hour" (quot micros 3600000000)
      "minute" (quot (rem micros 3600000000) 60000000)
      "second" (quot (rem micros 60000000) 1000000)
      "millisecond" (quot (rem micros 60000000) 1000)
      "microsecond" (rem micros 60000000)
      (quot months (long (years field))))))

(defn- epoch [t]
  (cond
    (map? t) (let [months (long (:months t))]
               (+ (* 31557600.0 (quot months 12)) (* 86400.0 (+ (* 30 (rem months 12)) (long (:days t))))
                  (/ (long (:micros t)) 1e6)))
    (instance? LocalTime t) (/ (quot (.toNanoOfDay ^LocalTime t) 1000) 1e6)
    :else (/ (.until (LocalDateTime/of 1970 1 1 0 0) (time/at-utc t) ChronoUnit/MICROS) 1e6)))

(defn- date-part [field t]
  (cond
    (= "epoch" field) (epoch t)
    (map? t) (span-field field t)
    (instance? LocalTime t) (clock-field field t)
    :else (point-field field t)))

;; Spans.

(defn- last-of-month? [^LocalDateTime t] (= (.getDayOfMonth t) (.lengthOfMonth (.toLocalDate t))))

(defn- months-between "From a to b, a <= b." [^LocalDateTime a ^LocalDateTime b]
  (let [a (if (and (last-of-month? b) (> (.getDayOfMonth a) (.getDayOfMonth b)))
            ;; the day may not be in a's month; only its number counts
            [(.getYear a) (.getMonthValue a) (.getDayOfMonth b) (.toLocalTime a)]
            [(.getYear a) (.getMonthValue a) (.getDayOfMonth a) (.toLocalTime a)])
        [y m d ^LocalTime t] a
        n (- (+ (* 12 (.getYear b)) (.getMonthValue b)) (+ (* 12 (long y)) (long m)))
        day (- (.getDayOfMonth b) (long d))
        before? (or (neg? day) (and (zero? day) (.isBefore (.toLocalTime b) t)))]
    (if before? (dec n) n)))

(defn- date-sub [unit a b]
  (let [months ({"millennium" 12000 "century" 1200 "decade" 120 "year" 12 "isoyear" 12 "quarter" 3 "month" 1} unit)]
    (if months
      (let [^LocalDateTime a (time/at-utc a), ^LocalDateTime b (time/at-utc b)
            n (if (.isAfter a b) (- (long (months-between b a))) (long (months-between a b)))]
        (quot n (long months)))
      (let [clock? (instance? LocalTime a)
            [a b] (if clock? [a b] (map time/at-utc [a b]))]
        (quot (.until ^Temporal a ^Temporal b ChronoUnit/MICROS) (long (time/unit-micros unit)))))))

(defn- age [a b]
  (let [^LocalDateTime a (time/at-utc a), ^LocalDateTime b (time/at-utc b)]
    (if (.isBefore a b)
      (update-vals (age b a) -)
      (let [micros (.until (.toLocalTime b) (.toLocalTime a) ChronoUnit/MICROS)
            [micros borrow] (if (neg? micros) [(+ micros 86400000000) 1] [micros 0])
            days (- (.getDayOfMonth a) (.getDayOfMonth b) (long borrow))
            months (- (+ (* 12 (.getYear a)) (.getMonthValue a)) (+ (* 12 (.getYear b)) (.getMonthValue b)))]
        (if (neg? days)
          {:months (dec months) :days (+ days (.lengthOfMonth (.toLocalDate b))) :micros micros}
          {:months months :days days :micros micros})))))

;; Formats.

(defn- expanded [format]
  (-> format (str/replace "%c" "%Y-%m-%d %H:%M:%S") (str/replace "%x" "%Y-%m-%d") (str/replace "%X" "%H:%M:%S")))

(defn- pieces "Strings of plain text and [bare? specifier]." [fmt]
  (map (fn [[whole bare s]]
         (cond
           (= "%%" whole) "%"
           (nil? s) (if (= \% (first whole)) (number/fail :bad-argument "format " fmt) whole)
           (not (str/includes? (if bare "dmyHIMSj" "aAbBhdmyYHIpMSfgnjUWVGuwzZ") s)) (number/fail :bad-argument "format " fmt)
           :else [(some? bare) s]))
       (re-seq #"(?s)%%|%(-)?(\p{Alpha})|%|[^%]+" (expanded fmt))))

(defn- digits [n width bare] (if bare (str n) (format (str "%0" width "d") n)))

(defn- shown [^LocalDateTime t zone [bare s]]
  (let [field (fn [^ChronoField f] (.get t f))
        hour (.getHour t), micros (quot (.getNano t) 1000), dow (field ChronoField/DAY_OF_WEEK), doy (.getDayOfYear t)
        day-name #(.getDisplayName (.getDayOfWeek t) ^TextStyle % Locale/ENGLISH)
        month-name #(.getDisplayName (.getMonth t) ^TextStyle % Locale/ENGLISH)]
    (case s
      "a" (day-name TextStyle/SHORT)
      "A" (day-name TextStyle/FULL)
      ("b" "h") (month-name TextStyle/SHORT)
      "B" (month-name TextStyle/FULL)
      "d" (digits (.getDayOfMonth t) 2 bare)
      "m" (digits (.getMonthValue t) 2 bare)
      "y" (digits (mod (.getYear t) 100) 2 bare)
      "Y" (let [y (.getYear t)] (str (when (neg? y) "-") (digits (abs y) 4 false)))
      "H" (digits hour 2 bare)
      "I" (digits (if (zero? (rem hour 12)) 12 (rem hour 12)) 2 bare)
      "p" (if (< hour 12) "AM" "PM")
      "M" (digits (.getMinute t) 2 bare)
      "S" (digits (.getSecond t) 2 bare)
      "f" (digits micros 6 false)
      "g" (digits (quot micros 1000) 3 false)
      "n" (digits (* 1000 micros) 9 false)
      "j" (digits doy 3 bare)
      "U" (digits (quot (+ doy 6 (- (rem dow 7))) 7) 2 false)
      "W" (digits (quot (+ doy 7 (- dow)) 7) 2 false)
      "V" (digits (.get t IsoFields/WEEK_OF_WEEK_BASED_YEAR) 2 false)
      "G" (digits (.get t IsoFields/WEEK_BASED_YEAR) 4 false)
      "u" (str dow)
      "w" (str (rem dow 7))
      "z" "+00"
      "Z" zone)))

(defn- strftime [t fmt]
  (apply str (map #(if (string? %) % (shown (time/at-utc t) (if (instance? Instant t) "UTC" "") %)) (pieces fmt))))

(def ^:private months ["january" "february" "march" "april" "may" "june" "july" "august" "september" "october" "november" "december"])
(def ^:private days ["monday" "tuesday" "wednesday" "thursday" "friday" "saturday" "sunday"])

(defn- short-names [names] (map #(subs % 0 3) names))
(defn- one-of [names] (str "(" (str/join "|" names) ")"))

(defn- readable "[key regex] of a specifier." [s]
  (case s
    "Y" [:year "([0-9]{1,4})"] "y" [:short-year "([0-9]{1,2})"] "m" [:month "([0-9]{1,2})"] "d" [:day "([0-9]{1,2})"]
    "j" [:day-of-year "([0-9]{1,3})"] "G" [:iso-year "([0-9]{1,4})"] "V" [:iso-week "([0-9]{1,2})"] "u" [:weekday "([0-9])"]
    "H" [:hour "([0-9]{1,2})"] "I" [:half-hour "([0-9]{1,2})"] "M" [:minute "([0-9]{1,2})"] "S" [:second "([0-9]{1,2})"]
    "f" [:fraction "([0-9]{1,6})"] "g" [:fraction "([0-9]{1,3})"] "n" [:fraction "([0-9]{1,9})"] "p" [:half "(am|pm)"]
    ("b" "h") [:month-name (one-of (short-names months))] "B" [:month-name (one-of months)]
    "a" [:day-name (one-of (short-names days))] "A" [:day-name (one-of days)]
    "z" [:offset "(z|[+-][0-9]{1,2}(?::?[0-9]{1,2})?)"] "Z" [:zone "([\\p{L}\\p{N}/_+-]+)"]
    (number/fail :bad-argument "cannot read %" s)))

(defn- in-range [bad n low high] (if (<= (long low) (long n) (long high)) n (bad)))

(defn- day-of [bad {:keys [year short-year month month-name day day-of-year iso-year iso-week weekday]}]
  (let [year (cond short-year (+ short-year (if (< short-year 69) 2000 1900)) year year :else 1900)
        month (if month-name (inc (.indexOf ^java.util.List (vec (short-names months)) (subs month-name 0 3))) (or month 1))]
    (cond
      iso-year (-> (LocalDate/of (int iso-year) 1 4)
                   (.with ChronoField/DAY_OF_WEEK (long (in-range bad (or weekday 1) 1 7)))
                   (.plusWeeks (dec (long (in-range bad (or iso-week 1) 1 53)))))
      day-of-year (.plusDays (LocalDate/of (int year) 1 1) (dec (long (in-range bad day-of-year 1 366))))
      :else (LocalDate/of (int year) (int month) (int (or day 1))))))

(defn- time-of [bad {:keys [hour half-hour half minute second fraction]}]
  (let [hour (cond half-hour (rem (long (in-range bad half-hour 1 12)) 12)
                   half (let [h (or hour 0)] (rem (long (in-range bad h 0 12)) 12))
                   :else (or hour 0))
        hour (+ (long hour) (if (= "pm" half) 12 0))]
    (LocalTime/of (int hour) (int (or minute 0)) (int (or second 0))
                  (int (* 1000 (long (parse-long (subs (str (or fraction "") "000000") 0 6))))))))

(defn- offset-seconds [bad text]
  (if (or (nil? text) (= "z" text))
    0
    (let [[_ sign h m] (re-matches #"([+-])(\d{1,2}):?(\d{1,2})?" text)]
      (* (if (= "-" sign) -1 1)
         (+ (* 3600 (long (in-range bad (parse-long h) 0 18))) (* 60 (long (in-range bad (parse-long (or m "0")) 0 59))))))))

(defn- local-in "The instant at which clocks of a zone show t: the later one, or before a gap." [^ZoneId zone ^LocalDateTime t]
  (let [offsets (.getValidOffsets (.getRules zone) t)
        offset (or (last offsets) (.getOffsetBefore (.getTransition (.getRules zone) t)))]
    (.toInstant t ^ZoneOffset offset)))

(defn- zone-of ^ZoneId [name]
  (try (ZoneId/of name) (catch DateTimeException _ (number/fail :bad-argument "zone " name))))

(def ^:private texts #{:month-name :day-name :half :offset :zone :fraction})

(defn- strptime [type s fmt]
  (let [bad #(number/fail :bad-argument "'" s "' is not of the format " fmt)
        ps (pieces fmt)
        parts (map #(if (string? %) (java.util.regex.Pattern/quote %) (second (readable (second %)))) ps)
        keys (map #(first (readable (second %))) (remove string? ps))
        m (re-matcher (re-pattern (str "(?iu)" (apply str parts))) (str/trim s))]
    (when-not (.matches m) (bad))
    (let [fields (into {} (map-indexed (fn [i k]
                                         (let [text (.group m (int (inc (long i))))]
                                           [k (cond (= :zone k) text (texts k) (str/lower-case text) :else (parse-long text))]))
                                       keys))]
      (try
        (let [t (.atTime ^LocalDate (day-of bad fields) ^LocalTime (time-of bad fields))
              t (.minusSeconds t (offset-seconds bad (:offset fields)))
              i (if (:zone fields) (local-in (zone-of (:zone fields)) t) (.toInstant t ZoneOffset/UTC))]
          (if (= :timestamptz type) i (LocalDateTime/ofInstant i ZoneOffset/UTC)))
        (catch DateTimeException _ (bad))))))

;; Zones, buckets and numbers.

(defn- at-zone [t zone]
  (let [zone (zone-of zone)]
    (if (instance? Instant t) (LocalDateTime/ofInstant t zone) (local-in zone t))))

(defn- time-bucket [{:keys [months days micros]} t origin]
  (let [^LocalDateTime u (time/at-utc t)
        ^LocalDateTime o (if origin (time/at-utc origin) (if (zero? (long months)) (LocalDateTime/of 2000 1 3 0 0) (LocalDateTime/of 2000 1 1 0 0)))
        width (+ (* 86400000000 (long days)) (long micros))]
    (when (and (not (zero? (long months))) (not (and (zero? (long days)) (zero? (long micros))))) (number/fail :bad-argument "mixed width"))
    (when-not (or (pos? (long months)) (and (zero? (long months)) (pos? width))) (number/fail :bad-argument "width"))
    (time/like t
               (if (pos? (long months))
                 (let [n #(+ (* 12 (.getYear ^LocalDateTime %)) (.getMonthValue ^LocalDateTime %))
                       back (mod (- (long (n u)) (long (n o))) (long months))]
                   (.minusMonths (.withDayOfMonth (.truncatedTo u ChronoUnit/DAYS) 1) back))
                 (.minus u (long (mod (.until o u ChronoUnit/MICROS) width)) ChronoUnit/MICROS)))))

(defn- seconds-of [unit x]
  (when-not (Double/isFinite (double x)) (number/overflow x))
  (number/integer-of (.setScale (bigdec (* (double x) (double unit))) 0 java.math.RoundingMode/HALF_EVEN) :int64))

(defn- make-clock [h m s]
  (when-not (and (<= 0 (long h) 23) (<= 0 (long m) 59) (<= 0.0 (double s)) (< (double s) 60.0)) (number/fail :bad-argument "no such time"))
  (+ (* 3600000000 (long h)) (* 60000000 (long m)) (Math/round (* 1e6 (double s)))))

(defn- micros-after [n] (.plus (LocalDateTime/of 1970 1 1 0 0) (long n) ChronoUnit/MICROS))

(defn- intervals [unit]
  (fn [_ [n]]
    (let [of (fn [k] (number/integer-of (* (bigint n) (bigint (get unit k 0))) (if (= :micros k) :int64 :int32)))]
      {:months (of :months) :days (of :days) :micros (of :micros)})))

(def functions
  (merge
   {'date-part (fn [_ [field t]] (date-part field t))
    'monthname (fn [_ [t]] (shown (time/at-utc t) "" [false "B"]))
    'dayname (fn [_ [t]] (shown (time/at-utc t) "" [false "A"]))
    'date-sub (fn [_ [unit a b]] (date-sub unit a b))
    'age (fn [_ [a b]] (age a b))
    'make-time (fn [_ [h m s]]
                 (let [micros (long (make-clock h m s))]
                   (when (= 86400000000 micros) (number/fail :bad-argument "midnight"))
                   (LocalTime/ofNanoOfDay (* 1000 micros))))
    'make-timestamp (fn [_ [y mo d h mi s]]
                      (.plus (.atStartOfDay ^LocalDate (time/make-date y mo d)) (long (make-clock h mi s)) ChronoUnit/MICROS))
    'from-epoch-ms (fn [_ [n]] (micros-after (number/integer-of (* 1000N (bigint n)) :int64)))
    'from-epoch-us (fn [_ [n]] (micros-after n))
    'to-timestamp (fn [_ [x]] (.toInstant ^LocalDateTime (micros-after (seconds-of 1e6 x)) ZoneOffset/UTC))
    'epoch-ms (fn [_ [t]] (let [micros (.until (LocalDateTime/of 1970 1 1 0 0) (time/at-utc t) ChronoUnit/MICROS)]
                            (.longValue (.setScale (bigdec (/ micros 1000M)) 0 java.math.RoundingMode/HALF_UP))))
    'epoch-us (fn [_ [t]] (.until (LocalDateTime/of 1970 1 1 0 0) (time/at-utc t) ChronoUnit/MICROS))
    'epoch-ns (fn [_ [t]] (number/integer-of (* 1000N (bigint (.until (LocalDateTime/of 1970 1 1 0 0) (time/at-utc t) ChronoUnit/MICROS))) :int64))
    'strftime (fn [_ [t fmt]] (strftime t fmt))
    'at-zone (fn [_ [t zone]] (at-zone t zone))
    'time-bucket (fn [_ [width t origin]] (time-bucket width t origin))
    'to-seconds (fn [_ [x]] {:months 0 :days 0 :micros (seconds-of 1e6 x)})
    'to-milliseconds (fn [_ [x]] {:months 0 :days 0 :micros (seconds-of 1e3 x)})}
   (update-vals {'to-millennia {:months 12000} 'to-centuries {:months 1200} 'to-decades {:months 120} 'to-years {:months 12}
                 'to-quarters {:months 3} 'to-months {:months 1} 'to-weeks {:days 7} 'to-days {:days 1}
                 'to-hours {:micros 3600000000} 'to-minutes {:micros 60000000} 'to-microseconds {:micros 1}}
                intervals)))

(def by-result "Functions whose result has the type of the call: (f result-type values)."
  {'strptime (fn [type [s fmt]] (strptime type s fmt))})
