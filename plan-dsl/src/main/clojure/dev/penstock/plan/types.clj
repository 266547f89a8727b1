(ns dev.penstock.plan.types
  "Types of the plan language: their forms (:int64, [:decimal 15 2]), texts (\"decimal(15,2)\"),
  common types, casts, and the types of literals.

  Inside inference :null is the type of an untyped null; it never leaves a checked tree."
  (:refer-clojure :exclude [decimal? integer?])
  (:require [clojure.string :as str])
  (:import (java.time Instant LocalDate LocalDateTime LocalTime)
           (java.util UUID)))

(deftype Hex [^String text]
  ;; A varbinary literal: lower-case hex digits; equal by value, as byte[] is not.
  Object
  (equals [_ other] (and (instance? Hex other) (= text (.text ^Hex other))))
  (hashCode [_] (unchecked-add-int 31 (.hashCode text)))
  (toString [_] (str "#hex \"" text "\"")))

(deftype Json [^String text]
  ;; A json literal, told from a string literal.
  Object
  (equals [_ other] (and (instance? Json other) (= text (.text ^Json other))))
  (hashCode [_] (unchecked-add-int 37 (.hashCode text)))
  (toString [_] (str "#json " (pr-str text))))

(defn hex-text "Lower-case hex digits of bytes." [^bytes bytes]
  (let [sb (StringBuilder.)]
    (dotimes [i (alength bytes)]
      (let [b (bit-and 0xff (aget bytes i))]
        (.append sb (Character/forDigit (bit-shift-right b 4) 16))
        (.append sb (Character/forDigit (bit-and b 15) 16))))
    (str sb)))

(defn hex-bytes "The bytes of a Hex." ^bytes [^Hex hex]
  (let [^String text (.text hex)
        bytes (byte-array (quot (count text) 2))]
    (dotimes [i (alength bytes)]
      (aset-byte bytes i
                 (unchecked-byte (Integer/parseInt (subs text (* 2 i) (+ 2 (* 2 i))) 16))))
    bytes))

(def simple
  "The types that are a keyword alone."
  [:boolean :int32 :int64 :float64 :varchar :varbinary :date :time :timestamp :timestamptz :interval
   :uuid :json :any])

(def ^:private simple? (set simple))

(defn decimal? [t] (and (vector? t) (= :decimal (first t))))
(defn integer? [t] (or (= :int32 t) (= :int64 t)))
(defn exact? "An integer or decimal." [t] (or (integer? t) (decimal? t)))
(defn numeric? [t] (or (= :float64 t) (exact? t)))
(defn point? "A point in time that has a date." [t] (contains? #{:date :timestamp :timestamptz} t))

(defn decimal "[:decimal p s] with p at most 38." [p s] [:decimal (min 38 (long p)) (long s)])

(defn type-form?
  "Is form a type as written in a plan?"
  [form]
  (or (contains? simple? form)
      (and (vector? form) (= 3 (count form)) (= :decimal (first form))
           (let [[_ p s] form]
             (and (int? p) (int? s) (<= 1 p 38) (<= 0 s p))))))

(defn text
  "The text of a type: \"int64\", \"decimal(15,2)\"."
  [t]
  (cond
    (decimal? t) (str "decimal(" (t 1) "," (t 2) ")")
    (= :null t) "null"
    :else (name t)))

(defn parse-text
  "The type of a text that text made (or a type form, given back), nil if it is none."
  [s]
  (if (type-form? s)
    s
    (let [s (str/trim (if (keyword? s) (name s) (str s)))
          [_ p d] (re-matches #"decimal\(\s*(\d{1,2})\s*,\s*(\d{1,2})\s*\)" s)
          t (if p [:decimal (parse-long p) (parse-long d)] (keyword s))]
      (when (type-form? t) t))))

(defn as-decimal
  "The decimal type that an exact type widens to."
  [t]
  (case t
    :int32 [:decimal 10 0]
    :int64 [:decimal 19 0]
    t))

(def ^:private point-rank {:date 0 :timestamp 1 :timestamptz 2})

(defn common
  "The common type of two types, nil if there is none."
  [a b]
  (cond
    (= a b) a
    (= :null a) b
    (= :null b) a
    (and (integer? a) (integer? b)) :int64
    (and (numeric? a) (numeric? b))
    (if (or (= :float64 a) (= :float64 b))
      :float64
      (let [[_ p1 s1] (as-decimal a), [_ p2 s2] (as-decimal b), s (max s1 s2)]
        (decimal (+ s (max (- p1 s1) (- p2 s2))) s)))
    (and (point-rank a) (point-rank b)) (max-key point-rank a b)
    :else nil))

(defn widens?
  "May inference cast from a to b by itself?"
  [a b]
  (or (= a b) (= :null a) (= b (common a b))))

(defn castable?
  "May a plan cast from a to b?"
  [a b]
  (or (widens? a b)
      (and (numeric? a) (numeric? b))
      (and (= :varchar a) (not= :any b))
      (and (= :varchar b) (not= :any a))
      (and (point? a) (point? b))
      (and (= :time b) (contains? #{:timestamp :timestamptz} a))
      (and (= :boolean a) (numeric? b))
      (and (numeric? a) (= :boolean b))))

(defn comparable?
  "May values of one type be compared with < (and so sorted, and found least)?"
  [t]
  (not (contains? #{:any} t)))

(defn interval? "Is a value the interval {:months :days :micros}?" [v]
  (and (map? v) (= #{:months :days :micros} (set (keys v))) (every? int? (vals v))))

;; The scale is looked at first: 1E+1000000000M must not be written out.
(defn- of-decimal [^BigDecimal v]
  (when (<= -38 (.scale v) 38)
    (let [v (if (neg? (.scale v)) (.setScale v 0) v)
          p (max (.precision v) (.scale v) 1)]
      (when (<= p 38) [[:decimal p (.scale v)] v]))))

(defn of-literal
  "[type value] of a literal in a plan, the value normalised (a Date becomes an Instant, bytes a Hex,
  an int a long ...); nil if it is none."
  [v]
  (cond
    (nil? v) [:null nil]
    (boolean? v) [:boolean v]
    (int? v) [:int64 (long v)]
    (float? v) [:float64 (double v)]
    (instance? BigDecimal v) (of-decimal v)
    (clojure.core/integer? v) (if (<= Long/MIN_VALUE v Long/MAX_VALUE)
                                [:int64 (long v)]
                                (of-decimal (bigdec v)))
    (string? v) [:varchar v]
    (instance? Hex v) [:varbinary v]
    (bytes? v) [:varbinary (Hex. (hex-text v))]
    (instance? Json v) [:json (.text ^Json v)]
    (instance? LocalDate v) [:date v]
    (instance? LocalTime v) [:time v]
    (instance? LocalDateTime v) [:timestamp v]
    (instance? Instant v) [:timestamptz v]
    (instance? java.util.Date v) [:timestamptz (Instant/ofEpochMilli (.getTime ^java.util.Date v))]
    (instance? UUID v) [:uuid v]
    (interval? v) [:interval (into {} (map (fn [[k n]] [k (long n)])) v)]
    :else nil))

(defn digits
  "The decimal type with just the digits of an integer value."
  [v]
  [:decimal (max 1 (.precision (bigdec v))) 0])
