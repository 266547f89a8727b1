(ns dev.penstock.plan.estimate.column
  "What is known of the values of one column or expression:

    {:distinct n   values that differ, among the rows at hand
     :domain n     values that differ before other columns were filtered: what a join divides by
     :whole n      values that differ in the source, for the share of them that :domain is
     :min v :max v least and greatest value
     :nulls share} of the rows, 0.0 to 1.0

  Counts are doubles. Every part may be absent (unknown). Values are those of the Clojure boundary; position puts
  them on a line, so that ranges can be compared."
  (:import (java.time Instant LocalDate LocalDateTime LocalTime ZoneOffset)))

(def ^:private micros-per-day 8.64e10)

(defn- text-position
  "The first eight characters as digits of base 256: enough to tell how far apart two texts are."
  [^String s]
  (loop [i 0, place 1.0, sum 0.0]
    (if (and (< i 8) (< i (.length s)))
      (let [place (/ place 256.0)]
        (recur (inc i) place (+ sum (* place (double (min 255 (int (.charAt s i))))))))
      sum)))

(defn- instant-position [^Instant t]
  (+ (* 1e6 (double (.getEpochSecond t))) (/ (double (.getNano t)) 1e3)))

(defn position
  "A value as a point on a line (points in time in microseconds), nil if it has none: infinite floats would make shares
  that are no numbers."
  [v]
  (cond
    (nil? v) nil
    (number? v) (let [n (double v)] (when (Double/isFinite n) n))
    (instance? LocalDate v) (* (double (.toEpochDay ^LocalDate v)) (double micros-per-day))
    (instance? LocalDateTime v) (instant-position (.toInstant ^LocalDateTime v ZoneOffset/UTC))
    (instance? Instant v) (instant-position v)
    (instance? LocalTime v) (/ (double (.toNanoOfDay ^LocalTime v)) 1e3)
    (string? v) (text-position v)
    (boolean? v) (if v 1.0 0.0)
    :else nil))

(defn range-of "[low high] on the line, nil if it is not known." [{:keys [min max]}]
  (let [low (position min), high (position max)]
    (when (and low high (<= (double low) (double high))) [low high])))

(defn- range-count
  "How many values of type a range can hold, nil when there is no telling."
  [type column]
  (when-let [[low high] (range-of column)]
    (case type
      (:int32 :int64) (inc (- (double high) (double low)))
      :date (inc (/ (- (double high) (double low)) (double micros-per-day)))
      nil)))

(defn- least [a b] (cond (nil? a) b (nil? b) a :else (min (double a) (double b))))

(defn described
  "A column of a source with so many rows (or nil): stats are {:distinct :min :max :nulls}, unique says that it
  is a key."
  [stats type rows unique]
  (let [distinct (or (some-> (:distinct stats) double)
                     (when unique rows)
                     (when (= :boolean type) 2.0)
                     (range-count type stats))
        distinct (when distinct (max 1.0 (double (least distinct rows))))]
    (cond-> (select-keys stats [:min :max])
      distinct (assoc :distinct distinct :domain distinct :whole distinct)
      (:nulls stats) (assoc :nulls (double (:nulls stats))))))

(defn constant "A column of one value." [v]
  (if (nil? v)
    {:distinct 1.0 :domain 1.0 :whole 1.0 :nulls 1.0}
    {:distinct 1.0 :domain 1.0 :whole 1.0 :min v :max v :nulls 0.0}))

(defn of-values "A column with just these values." [vs]
  (let [known (remove nil? vs)
        n (double (max 1 (count (set known))))
        placed (when (every? #(position %) known) (sort-by position known))]
    (cond-> {:distinct n :domain n :whole n
             :nulls (if (seq vs) (/ (double (- (count vs) (count known))) (double (count vs))) 0.0)}
      (seq placed) (assoc :min (first placed) :max (last placed)))))

(defn thinned
  "The column when only a share of its rows is left, picked without regard to it: of d values in n rows with
  n/d rows each, d(1 - (1 - share)^(n/d)) still occur."
  [{:keys [distinct] :as column} share rows]
  (if distinct
    (let [d (double distinct)
          per-value (max 1.0 (/ (double rows) d))
          left (* d (- 1.0 (Math/pow (max 0.0 (- 1.0 (double share))) per-value)))]
      (assoc column :distinct (max 1.0 (min d left))))
    column))

(defn at-most "The column when there are only so many rows." [{:keys [distinct] :as column} rows]
  (if (and distinct (< (double rows) (double distinct)))
    (assoc column :distinct (max 1.0 (double rows)))
    column))

(defn counted "The column with so many values left, chosen by its own value." [column n]
  (let [n (max 1.0 (double n))
        at-most-n #(if % (min (double %) n) n)]
    (-> column (update :distinct at-most-n) (update :domain at-most-n) (update :whole #(or % n)))))

(defn no-nulls [column] (assoc column :nulls 0.0))

(defn nulls-share "The share of nulls; 0.0 when unknown." [column] (double (or (:nulls column) 0.0)))

(def ^:private widths
  {:boolean 1.0 :int32 4.0 :date 4.0 :int64 8.0 :float64 8.0 :time 8.0 :timestamp 8.0 :timestamptz 8.0
   :uuid 16.0 :interval 16.0 :varchar 24.0 :varbinary 24.0 :json 64.0 :any 64.0})

(defn width "Bytes that a value of type takes in a table of hashes, about." [type]
  (double (get widths type (if (and (vector? type) (< 18 (long (second type)))) 16.0 8.0))))
