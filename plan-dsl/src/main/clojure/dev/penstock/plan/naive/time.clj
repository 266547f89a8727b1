(ns dev.penstock.plan.naive.time
  "Dates, times and intervals in the naive evaluator, by java.time."
  (:require [dev.penstock.plan.naive.number :as number])
  (:import (java.time Duration Instant LocalDate LocalDateTime LocalTime ZoneOffset)
           (java.time.temporal ChronoField ChronoUnit IsoFields Temporal TemporalAdjusters)))

(defn at-utc "A date, timestamp or timestamptz as LocalDateTime." ^LocalDateTime [t]
  (cond
    (instance? LocalDateTime t) t
    (instance? LocalDate t) (.atStartOfDay ^LocalDate t)
    :else (LocalDateTime/ofInstant ^Instant t ZoneOffset/UTC)))

(defn like "The LocalDateTime as a value of the class of t." [t ^LocalDateTime r]
  (cond
    (instance? LocalDate t) (.toLocalDate r)
    (instance? Instant t) (.toInstant r ZoneOffset/UTC)
    :else r))

(defn part [f t]
  (let [field (fn [^ChronoField c] (long (.get ^Temporal t c)))
        clock? (instance? LocalTime t)
        u (when-not clock? (at-utc t))
        of (fn [^ChronoField c] (if clock? (field c) (long (.get ^LocalDateTime u c))))]
    (case f
      year (of ChronoField/YEAR)
      month (of ChronoField/MONTH_OF_YEAR)
      day (of ChronoField/DAY_OF_MONTH)
      quarter (long (.get ^LocalDateTime u IsoFields/QUARTER_OF_YEAR))
      week (long (.get ^LocalDateTime u IsoFields/WEEK_OF_WEEK_BASED_YEAR))
      dow (rem (of ChronoField/DAY_OF_WEEK) 7)
      doy (of ChronoField/DAY_OF_YEAR)
      hour (of ChronoField/HOUR_OF_DAY)
      minute (of ChronoField/MINUTE_OF_HOUR)
      second (of ChronoField/SECOND_OF_MINUTE)
      epoch (if clock?
              (long (.toSecondOfDay ^LocalTime t))
              (.toEpochSecond ^LocalDateTime u ZoneOffset/UTC)))))

(defn- plus-interval [t {:keys [months days micros]} ^long sign]
  (let [^LocalDateTime u (at-utc t)]
    (-> u
        (.plusMonths (* sign (long months)))
        (.plusDays (* sign (long days)))
        (.plus (* sign (long micros)) ChronoUnit/MICROS))))

(defn between "timestamp - timestamp" [a b]
  (let [micros (.until ^LocalDateTime (at-utc b) (at-utc a) ChronoUnit/MICROS)
        day 86400000000]
    {:months 0 :days (quot micros day) :micros (rem micros day)}))

(defn- combine [f a b]
  (let [op (fn [k] (case f + (+ (long (k a)) (long (k b))) - (- (long (k a)) (long (k b)))))]
    {:months (op :months) :days (op :days) :micros (op :micros)}))

(defn arithmetic "+ - * where an argument is a date, a time or an interval; the result is of type." [f type a b]
  (cond
    (and (map? a) (map? b)) (combine f a b)
    (map? a) {:months (* (long (:months a)) (long b)) :days (* (long (:days a)) (long b))
              :micros (* (long (:micros a)) (long b))}
    (map? b) (let [r (plus-interval a b (if (= '- f) -1 1))]
               (case type
                 :date (.toLocalDate ^LocalDateTime r)
                 :timestamp r
                 :timestamptz (.toInstant ^LocalDateTime r ZoneOffset/UTC)))
    (number? b) (.plusDays ^LocalDate a (if (= '- f) (- (long b)) (long b)))
    (and (= '- f) (= :int64 type)) (.until ^LocalDate b ^LocalDate a ChronoUnit/DAYS)
    :else (between a b)))

(defn truncate [unit t]
  (let [^LocalDateTime u (at-utc t)
        day (.truncatedTo u ChronoUnit/DAYS)]
    (like t
          (case unit
            "year" (.withDayOfYear day 1)
            "quarter" (-> day (.withDayOfMonth 1)
                          (.withMonth (int (inc (* 3 (quot (dec (.getMonthValue day)) 3))))))
            "month" (.withDayOfMonth day 1)
            "week" (.minusDays day (dec (.getValue (.getDayOfWeek day))))
            "day" day
            "hour" (.truncatedTo u ChronoUnit/HOURS)
            "minute" (.truncatedTo u ChronoUnit/MINUTES)
            "second" (.truncatedTo u ChronoUnit/SECONDS)
            "millisecond" (.truncatedTo u ChronoUnit/MILLIS)
            "microsecond" (.truncatedTo u ChronoUnit/MICROS)
            (number/fail :bad-argument "unknown unit " unit)))))

(defn difference "Boundaries of a unit crossed from a to b." [unit a b]
  (let [^LocalDateTime x (at-utc (truncate unit (at-utc a)))
        ^LocalDateTime y (at-utc (truncate unit (at-utc b)))]
    (case unit
      "year" (.until x y ChronoUnit/YEARS)
      "quarter" (quot (.until x y ChronoUnit/MONTHS) 3)
      "month" (.until x y ChronoUnit/MONTHS)
      "week" (.until x y ChronoUnit/WEEKS)
      "day" (.until x y ChronoUnit/DAYS)
      "hour" (.until x y ChronoUnit/HOURS)
      "minute" (.until x y ChronoUnit/MINUTES)
      "second" (.until x y ChronoUnit/SECONDS)
      "millisecond" (.until x y ChronoUnit/MILLIS)
      "microsecond" (.until x y ChronoUnit/MICROS))))

(defn make-date [y m d]
  (try
    (LocalDate/of (int y) (int m) (int d))
    (catch java.time.DateTimeException _ (number/fail :bad-argument "no such date: " y " " m " " d))))

(defn last-day [t]
  (.with (.toLocalDate (at-utc t)) (TemporalAdjusters/lastDayOfMonth)))

(defn interval-text "ISO-8601." [{:keys [months days micros]}]
  (let [date (str (java.time.Period/of (int (quot (long months) 12)) (int (rem (long months) 12)) (int days)))]
    (if (zero? (long micros))
      date
      (str (if (and (zero? (long months)) (zero? (long days))) "P" date)
           (subs (str (.plus (Duration/ofSeconds (Math/floorDiv (long micros) 1000000))
                             (Duration/ofNanos (* 1000 (Math/floorMod (long micros) 1000000)))))
                 1)))))
