(ns dev.penstock.plan.functions.clock
  "Fields of times, times of numbers and texts, spans between times, zones, and intervals of numbers."
  (:require [clojure.string :as str]
            [dev.penstock.plan.functions.signature :as sig :refer [entry]]
            [dev.penstock.plan.functions.time :as time]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types]))

(def ^:private clock-fields ["hour" "minute" "second" "millisecond" "microsecond" "epoch"])
(def ^:private span-fields (into ["millennium" "century" "decade" "year" "quarter" "month" "day"] clock-fields))
(def ^:private date-fields
  (into ["era" "millennium" "century" "decade" "year" "isoyear" "quarter" "month" "week" "yearweek" "day" "dow"
         "isodow" "doy"]
        clock-fields))

(def ^:private own-function
  "Fields of points in time that have a function of their own."
  #{"year" "month" "day" "quarter" "week" "dow" "doy" "hour" "minute" "second"})

(defn- fields-of [type]
  (case type :time clock-fields, :interval span-fields, date-fields))

(defn- infer-date-part [site [field t]]
  (let [t (time/temporal site t [:timestamp :date :timestamptz :time :interval])
        name (sig/one-of site field "a field" (set (fields-of (:type t))))]
    (if (and (types/point? (:type t)) (own-function name)
             (not (and (= :date (:type t)) (#{"hour" "minute" "second"} name))))
      (sig/result (symbol name) [t] :int64)
      (sig/result 'date-part [(with-meta (tree/literal name :varchar) (meta field)) t]
                  (if (= "epoch" name) :float64 :int64)))))

(defn- as-timestamp [e] (if (= :date (:type e)) (sig/cast-to e :timestamp) e))

(defn- point [site e] (time/temporal site e [:timestamp :date :timestamptz]))

(defn- name-of [f doc]
  {:name f :types "(date or timestamp or timestamptz) -> varchar" :args [1 1] :signature [(str "(" f " t)")] :cost 5
   :doc doc :infer (fn [site [t]] (sig/result f [(point site t)] :varchar))})

(defn- infer-age [site args]
  (let [[a b] (map #(as-timestamp (point site %)) args)
        type (types/common (:type a) (:type b))]
    (sig/result 'age [(sig/cast-to a type) (sig/cast-to b type)] :interval)))

(defn- infer-date-sub [site args] (sig/result 'date-sub (time/two-points site args false) :int64))

(defn- epoch [f doc & {:as more}]
  (merge {:name f :types "(date or timestamp or timestamptz) -> int64" :args [1 1] :signature [(str "(" f " t)")] :doc doc
          :infer (fn [site [t]] (sig/result f [(as-timestamp (point site t))] :int64))}
         more))

(defn- infer-strftime [site [t format]]
  (sig/result 'strftime [(as-timestamp (point site t)) (sig/coerce site format :varchar)] :varchar))

(defn- infer-strptime [site [s format]]
  (let [zoned (and (tree/literal? format) (string? (:value format)) (re-find #"%[zZ]" (:value format)))]
    (sig/result 'strptime [(sig/coerce site s :varchar) (sig/coerce site format :varchar)]
                (if zoned :timestamptz :timestamp))))

(defn- infer-time-bucket [site [width t origin]]
  (let [t (point site t)
        origin (when origin (point site origin))
        type (if (= :timestamptz (:type t)) :timestamptz :timestamp)
        bucket (sig/result 'time-bucket
                           (cond-> [(sig/coerce site width :interval) (sig/cast-to t type)]
                             origin (conj (sig/cast-to origin type)))
                           type)]
    (sig/cast-to bucket (:type t))))

(defn- infer-at-zone [site [t zone]]
  (let [t (as-timestamp (point site t))]
    (sig/result 'at-zone [t (sig/coerce site zone :varchar)] (if (= :timestamp (:type t)) :timestamptz :timestamp))))

(defn- of-number [f type doc]
  (entry f [(str "(" f " n)")] [type] [] :interval doc :fails true))

(def entries
  [{:name 'date-part :types "(field literal, date or timestamp or timestamptz or time or interval) -> int64; epoch -> float64"
    :args [2 2] :signature ["(date-part field t)"] :cost 5 :infer infer-date-part
    :doc (str "A field: " (str/join " " date-fields) "; second to microsecond count from the minute.")}
   (name-of 'monthname "The name of the month.")
   (name-of 'dayname "The name of the weekday.")
   {:name 'date-sub :types "(unit literal, point, point), (unit literal, time, time) -> int64" :args [3 3]
    :signature ["(date-sub unit a b)"] :cost 5 :fails true :doc "The number of whole units from a to b." :infer infer-date-sub}
   {:name 'age :types "(point, point) -> interval" :args [2 2] :signature ["(age a b)"] :cost 10
    :doc "a - b in years, months, days and time." :infer infer-age}
   (entry 'make-time ["(make-time h m s)"] [:int64 :int64 :float64] [] :time "The time of hour, minute and second." :fails true)
   (entry 'make-timestamp ["(make-timestamp y m d h m s)"] [:int64 :int64 :int64 :int64 :int64 :float64] [] :timestamp
          "The timestamp of year, month, day, hour, minute and second." :fails true)
   (entry 'from-epoch-ms ["(from-epoch-ms n)"] [:int64] [] :timestamp "The timestamp n milliseconds after 1970." :fails true)
   (entry 'from-epoch-us ["(from-epoch-us n)"] [:int64] [] :timestamp "The timestamp n microseconds after 1970.")
   (entry 'to-timestamp ["(to-timestamp x)"] [:float64] [] :timestamptz "The instant x seconds after 1970." :fails true)
   (epoch 'epoch-ms "Milliseconds since 1970, rounded half away from zero.")
   (epoch 'epoch-us "Microseconds since 1970.")
   (epoch 'epoch-ns "Nanoseconds since 1970." :fails true)
   {:name 'strftime :types "(date or timestamp or timestamptz, varchar) -> varchar" :args [2 2]
    :signature ["(strftime t format)"] :cost 50 :fails true :infer infer-strftime
    :doc "t as text; a format is text with %Y %m %d %H %M %S %f and the other specifiers of C and DuckDB."}
   {:name 'strptime :types "(varchar, varchar) -> timestamp; with %z or %Z timestamptz" :args [2 2]
    :signature ["(strptime s format)"] :cost 50 :fails true :infer infer-strptime
    :doc "The time that a text of a format says; an error if it is none, see try."}
   {:name 'time-bucket :types "(interval, date or timestamp or timestamptz, [origin]) -> type of the second" :args [2 3]
    :signature ["(time-bucket width t)" "(time-bucket width t origin)"] :cost 10 :fails true :infer infer-time-bucket
    :doc "The beginning of t's bucket; buckets count from 2000-01-01 (months) or 2000-01-03, or the origin."}
   {:name 'at-zone :types "(timestamp, varchar) -> timestamptz; (timestamptz, varchar) -> timestamp" :args [2 2]
    :signature ["(at-zone t zone)"] :cost 20 :fails true :infer infer-at-zone
    :doc "The instant when clocks of the zone show t; what they show at the instant t."}
   (of-number 'to-millennia :int64 "n times 1000 years.")
   (of-number 'to-centuries :int64 "n times 100 years.")
   (of-number 'to-decades :int64 "n times 10 years.")
   (of-number 'to-years :int64 "n years.")
   (of-number 'to-quarters :int64 "n times 3 months.")
   (of-number 'to-months :int64 "n months.")
   (of-number 'to-weeks :int64 "n times 7 days.")
   (of-number 'to-days :int64 "n days.")
   (of-number 'to-hours :int64 "n hours.")
   (of-number 'to-minutes :int64 "n minutes.")
   (of-number 'to-seconds :float64 "n seconds.")
   (of-number 'to-milliseconds :float64 "n milliseconds.")
   (of-number 'to-microseconds :int64 "n microseconds.")])
