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

(defn- round6 "Six digits behind the point." [x] (/ (Math/rint (* (double x) 1e6)) 1e6))

(defn- cut "The whole number towards zero, if it is an int32." [x]
  (when-not (< (abs (double x)) 2147483648.0) (number/overflow x))
  (long (double x)))

(defn- scaled
  "An interval times or over a float: parts of a month become days, 30 a month, parts of a day time, each with six
  digits (as PostgreSQL does it)."
  [{:keys [months days micros]} x f]
  (when-not (Double/isFinite (double x)) (number/overflow "interval and " x))
  (when (and (= '/ f) (zero? (double x))) (number/fail :division-by-zero "division by zero"))
  (let [by (fn [n] (if (= '/ f) (/ (double n) (double x)) (* (double n) (double x))))
        m (double (by months)), d (double (by days))
        of-month (double (round6 (* 30.0 (- m (long (cut m))))))
        seconds (double (round6 (* 86400.0 (+ (- d (long (cut d))) (- of-month (long (cut of-month)))))))
        more (cut (/ seconds 86400.0))
        micros (Math/rint (+ (double (by micros)) (* 1e6 (- seconds (* 86400.0 (long more))))))]
    (when-not (< (abs micros) 9.2e18) (number/overflow micros))
    {:months (cut m)
     :days (cut (+ (long (cut d)) (long (cut of-month)) (long more)))
     :micros (long micros)}))

(defn length "The time since midnight, as an interval." [^LocalTime t]
  {:months 0 :days 0 :micros (quot (.toNanoOfDay t) 1000)})

(defn arithmetic "+ - * where an argument is a date, a time or an interval; the result is of type." [f type a b]
  (cond
    (and (map? a) (map? b)) (combine f a b)
    (and (map? a) (double? b)) (scaled a b f)
    (map? a) {:months (* (long (:months a)) (long b)) :days (* (long (:days a)) (long b))
              :micros (* (long (:micros a)) (long b))}
    (and (instance? LocalTime a) (map? b))
    (.plus ^LocalTime a (long (* (if (= '- f) -1 1) (rem (long (:micros b)) 86400000000))) ChronoUnit/MICROS)
    (instance? LocalTime b) (.atTime ^LocalDate a ^LocalTime b)
    (map? b) (let [r (plus-interval a b (if (= '- f) -1 1))]
               (case type
                 :date (.toLocalDate ^LocalDateTime r)
                 :timestamp r
                 :timestamptz (.toInstant ^LocalDateTime r ZoneOffset/UTC)))
    (number? b) (.plusDays ^LocalDate a (if (= '- f) (- (long b)) (long b)))
    (and (= '- f) (= :int64 type)) (.until ^LocalDate b ^LocalDate a ChronoUnit/DAYS)
    :else (between a b)))

(defn- truncate-interval [unit {:keys [months days micros]}]
  (let [cut (fn [n by] (* (long by) (quot (long n) (long by))))
        of-months ({"millennium" 12000 "century" 1200 "decade" 120 "year" 12 "isoyear" 12 "quarter" 3 "month" 1} unit)
        of-micros ({"hour" 3600000000 "minute" 60000000 "second" 1000000 "millisecond" 1000 "microsecond" 1} unit)]
    (cond
      of-months {:months (cut months of-months) :days 0 :micros 0}
      (= "week" unit) {:months months :days (cut days 7) :micros 0}
      (= "day" unit) {:months months :days days :micros 0}
      :else {:months months :days days :micros (cut micros of-micros)})))

(defn- year-of ^long [^LocalDateTime t] (.getYear t))

(defn- truncate-point [unit t]
  (let [^LocalDateTime u (at-utc t)
        day (.truncatedTo u ChronoUnit/DAYS)]
    (like t
          (case unit
            ("millennium" "century" "decade")
            (let [n (long ({"millennium" 1000 "century" 100 "decade" 10} unit))]
              (.withDayOfYear (.withYear day (int (* n (quot (year-of day) n)))) 1))
            "isoyear" (-> day (.with IsoFields/WEEK_OF_WEEK_BASED_YEAR 1) (.with ChronoField/DAY_OF_WEEK 1))
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

(defn truncate [unit t]
  (if (map? t) (truncate-interval unit t) (truncate-point unit t)))

(defn- micros-between [a b] (.until ^Temporal a ^Temporal b ChronoUnit/MICROS))

(def unit-micros
  {"week" 604800000000 "day" 86400000000 "hour" 3600000000 "minute" 60000000 "second" 1000000 "millisecond" 1000
   "microsecond" 1})

(defn difference "Boundaries of a unit crossed from a to b; weeks of days." [unit a b]
  (if (instance? LocalTime a)
    (let [n (long (unit-micros unit)), of (fn [^LocalTime t] (quot (quot (.toNanoOfDay t) 1000) n))]
      (- (long (of b)) (long (of a))))
    (let [a (at-utc a), b (at-utc b)
          ^LocalDateTime x (truncate unit a)
          ^LocalDateTime y (truncate unit b)
          years (fn [n] (- (quot (year-of b) (long n)) (quot (year-of a) (long n))))]
      (case unit
        "millennium" (years 1000)
        "century" (years 100)
        "decade" (years 10)
        "year" (years 1)
        "isoyear" (- (.get b IsoFields/WEEK_BASED_YEAR) (.get a IsoFields/WEEK_BASED_YEAR))
        "quarter" (quot (.until x y ChronoUnit/MONTHS) 3)
        "month" (.until x y ChronoUnit/MONTHS)
        "week" (quot (.until (.toLocalDate a) (.toLocalDate b) ChronoUnit/DAYS) 7)
        (quot (long (micros-between x y)) (long (unit-micros unit)))))))

(defn make-date [y m d]
  (try
    (LocalDate/of (int y) (int m) (int d))
    (catch java.time.DateTimeException _ (number/fail :bad-argument "no such date: " y " " m " " d))
    (catch ArithmeticException _ (number/fail :bad-argument "no such date: " y " " m " " d))))

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
