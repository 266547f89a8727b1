(ns dev.penstock.plan.functions.time
  "Dates, times and timestamps (zone UTC), and casts."
  (:require [clojure.string :as str]
            [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types]))

(defn temporal
  "An argument of one of the types; a string literal or null is read as the first of them that fits."
  [site e accepted]
  (or (when (contains? (set accepted) (:type e)) e)
      (some #(when (and (not= :null (:type e)) (sig/fits? e %)
                        (some? (:value (sig/cast-to e %))))
               (sig/cast-to e %))
            accepted)
      (when (= :null (:type e)) (sig/cast-to e (first accepted)))
      (sig/mismatch site e "expects a " (apply str (interpose " or " (map types/text accepted)))
                    ", got " (sig/shown e))))

(defn- part [f accepted doc]
  {:name f :types (str "(" (str/join " or " (map types/text accepted)) ") -> int64") :args [1 1] :signature [(str "(" f " t)")] :result :int64 :doc doc
   :infer (fn [site [t]] (sig/result f [(temporal site t accepted)] :int64))})

(def ^:private dated [:date :timestamp :timestamptz])
(def ^:private clocked [:time :timestamp :timestamptz])

(def ^:private date-units #{"millennium" "century" "decade" "year" "isoyear" "quarter" "month" "week" "day"})
(def ^:private time-units #{"hour" "minute" "second" "millisecond" "microsecond"})
(def units "The unit names of date-trunc, date-diff and date-sub." (into date-units time-units))

(defn unit-text "The literal of a unit." [site e]
  (let [unit (sig/one-of site e "a unit" units)]
    (with-meta (tree/literal unit :varchar) (meta e))))

(defn- infer-date-trunc [site [unit t]]
  (let [unit (unit-text site unit)
        t (temporal site t (conj dated :interval))]
    (when (and (= :date (:type t)) (time-units (:value unit)))
      (sig/mismatch site t "to a " (:value unit) " expects a timestamp, got " (sig/shown t)))
    (sig/result 'date-trunc [unit t] (:type t))))

(defn two-points
  "[unit a b] with a and b of one type: two times of day, or points, dates as timestamps if the unit or
  dates? asks for it."
  [site [unit a b] dates?]
  (let [unit (unit-text site unit)]
    (if (and (= :time (:type a) (:type b)) (or (time-units (:value unit)) (= "day" (:value unit))))
      [unit a b]
      (let [[a b] (map #(temporal site % dated) [a b])
            type (types/common (:type a) (:type b))
            type (if (and (= :date type) (not (and dates? (date-units (:value unit))))) :timestamp type)]
        [unit (sig/cast-to a type) (sig/cast-to b type)]))))

(defn- infer-date-diff [site args]
  (sig/result 'date-diff (two-points site args true) :int64))

(defn- infer-last-day [site [d]]
  (let [d (temporal site d dated)]
    (sig/result 'last-day [(if (= :date (:type d)) d (sig/cast-to d :date))] :date)))

(defn- infer-instant [f type]
  (fn [_ _] (tree/call f [] type false)))

;; (cast 20 :int32) is the int32 literal 20.
(defn cast-infer
  "(cast e type) and (try-cast e type); type is a type form, checked here."
  [{:keys [form] :as site} e type]
  (when-not (types/type-form? type)
    (problem/fail :bad-type
                  (str (:fn site) " expects a type as in (cast x :int64), got " (problem/brief type)
                       (when (keyword? type) (problem/did-you-mean type types/simple)))
                  type form))
  (cond
    (= :null (:type e)) (with-meta (tree/literal nil type) (select-keys (meta e) [:form]))
    (sig/converted e type) (with-meta (sig/converted e type) (select-keys (meta e) [:form]))
    (types/castable? (:type e) type)
    (tree/call (:fn site) [e] type (or (= 'try-cast (:fn site)) (:nullable e)))
    :else (sig/mismatch site e "cannot cast " (sig/shown e) " to " (types/text type))))

(def entries
  [{:name 'now :types "() -> timestamptz" :args [0 0] :signature ["(now)"] :result :timestamptz
    :doc "The start of the query; the same all through it." :infer (infer-instant 'now :timestamptz)}
   {:name 'today :types "() -> date" :args [0 0] :signature ["(today)"] :result :date
    :doc "The date of (now) in UTC." :infer (infer-instant 'today :date)}
   (part 'year dated "The year.")
   (part 'month dated "The month, 1 to 12.")
   (part 'day dated "The day of the month, from 1.")
   (part 'quarter dated "The quarter, 1 to 4.")
   (part 'week dated "The ISO week of the year.")
   (part 'dow dated "The day of the week, 0 is Sunday.")
   (part 'doy dated "The day of the year, from 1.")
   (part 'hour clocked "The hour, 0 to 23.")
   (part 'minute clocked "The minute.")
   (part 'second clocked "The whole seconds of the minute.")
   (part 'epoch [:date :timestamp :timestamptz :time] "Whole seconds since 1970 (of a time: since midnight).")
   {:name 'date-trunc :types "(unit literal, date or timestamp or timestamptz or interval) -> its type" :args [2 2] :signature ["(date-trunc unit t)"] :fails true
    :doc "t cut off to a unit, as in (date-trunc \"month\" t)." :infer infer-date-trunc}
   {:name 'date-diff :types "(unit literal, point, point), (unit literal, time, time) -> int64" :args [3 3] :signature ["(date-diff unit a b)"] :result :int64 :fails true
    :doc "The number of boundaries of a unit crossed from a to b; weeks are of 7 days from a." :infer infer-date-diff}
   {:name 'make-date :args [3 3] :signature ["(make-date y m d)"] :params [:int64 :int64 :int64]
    :result :date :fails true :doc "The date of a year, month and day."}
   {:name 'last-day :types "(date or timestamp or timestamptz) -> date" :args [1 1] :signature ["(last-day d)"] :result :date :fails true
    :doc "The last day of the month." :infer infer-last-day}
   {:name 'cast :types "(any, type) -> type" :args [2 2] :signature ["(cast x type)"] :form :cast :fails true
    :doc "x as a value of a type; a value that has none is an error."}
   {:name 'try-cast :types "(any, type) -> type" :args [2 2] :signature ["(try-cast x type)"] :form :cast
    :doc "As cast, but null instead of an error."}])
