(ns dev.penstock.plan.types-test
  (:require [clojure.test :refer [are deftest is testing]]
            [dev.penstock.plan.literals :as literals]
            [dev.penstock.plan.types :as types])
  (:import (dev.penstock.plan.types Hex Json)
           (java.time Instant LocalDate LocalDateTime LocalTime)
           (java.util Date)))

(deftest texts-of-types-parse-back
  (doseq [t (conj types/simple [:decimal 15 2] [:decimal 38 38])]
    (is (= t (types/parse-text (types/text t)))))
  (is (= "decimal(15,2)" (types/text [:decimal 15 2])))
  (are [bad] (nil? (types/parse-text bad))
    "decimal(39,0)" "decimal(3,4)" "decimal(0,0)" "int46" "" "decimal" [:decimal 3] :strings))

(deftest common-types
  (are [a b t] (= t (types/common a b) (types/common b a))
    :int32 :int32 :int32
    :int32 :int64 :int64
    :int32 [:decimal 3 2] [:decimal 12 2]
    :int64 [:decimal 3 2] [:decimal 21 2]
    [:decimal 15 2] [:decimal 10 4] [:decimal 17 4]
    [:decimal 38 0] [:decimal 38 10] [:decimal 38 10]
    [:decimal 15 2] :float64 :float64
    :date :timestamp :timestamp
    :date :timestamptz :timestamptz
    :null :uuid :uuid
    :varchar :int32 nil
    :boolean :int32 nil
    :interval :int64 nil))

(deftest what-may-be-cast
  (are [a b] (types/castable? a b)
    :float64 :int32, :varchar :interval, :uuid :varchar, :timestamptz :date, :boolean :int64, :boolean :float64,
    :int32 :boolean, :json :varchar, :varchar :json, [:decimal 3 1] [:decimal 2 0])
  (are [a b] (not (types/castable? a b))
    :date :int64, :boolean :uuid, :uuid :int64, :any :int64, :varchar :any, :interval :int64))

(deftest literals-have-types
  (are [v t] (= t (first (types/of-literal v)))
    nil :null, true :boolean, 42 :int64, (int 42) :int64, 4.2 :float64, 4.20M [:decimal 3 2],
    0.05M [:decimal 2 2], 1E+3M [:decimal 4 0], 9223372036854775808N [:decimal 19 0], "x" :varchar,
    (Hex. "cafe") :varbinary, (byte-array 2) :varbinary, (Json. "[]") :json,
    (LocalDate/of 1994 1 1) :date, LocalTime/NOON :time, (LocalDateTime/of 1994 1 1 0 0) :timestamp,
    Instant/EPOCH :timestamptz, (Date. 0) :timestamptz, (random-uuid) :uuid,
    {:months 1 :days 0 :micros 0} :interval)
  (are [v] (nil? (types/of-literal v))
    :keyword 'symbol [1] {:months 1} 1E+99M 1E-99M 1/2 1E+1000000000M \c))

(deftest byte-arrays-become-equal-values
  (is (= [:varbinary (Hex. "00ff")] (types/of-literal (byte-array [0 -1]))))
  (is (= [0 -1] (vec (types/hex-bytes (Hex. "00ff")))))
  (is (= (hash (Hex. "cafe")) (hash (Hex. "cafe"))))
  (is (not= (Hex. "cafe") (Json. "cafe"))))

(deftest intervals
  (are [s v] (= v (literals/parse :interval s))
    "P1Y2M3DT4H5M6.5S" {:months 14 :days 3 :micros 14706500000}
    "P2W" {:months 0 :days 14 :micros 0}
    "-P1M" {:months -1 :days 0 :micros 0}
    "PT-0.000001S" {:months 0 :days 0 :micros -1}
    "PT0S" {:months 0 :days 0 :micros 0}
    "P" nil, "PT" nil, "P1DT" nil, "1D" nil, "PT1.1234567S" nil, "P99999999999999999999D" nil)
  (testing "the text of an interval parses back"
    (doseq [v [{:months -14 :days 3 :micros -1} {:months 0 :days 0 :micros 0}
               {:months 11 :days -9 :micros 86399999999} {:months 0 :days 0 :micros 60000000}]]
      (is (= v (literals/parse :interval (literals/text :interval v)))))))

(deftest texts-of-points-in-time
  (are [type s] (some? (literals/parse type s))
    :date "1994-01-01", :timestamp "1994-01-01T12:30:00.123456", :timestamp "1994-01-01 12:30:00",
    :timestamptz "1994-01-01T12:30:00+02:00", :timestamptz "1994-01-01", :time "12:30")
  (are [type s] (nil? (literals/parse type s))
    :date "1994-02-30", :timestamp "1994-01-01T12:30:00.1234567", :time "25:00", :uuid "1-2-3-4-5",
    :varbinary "abc", :varbinary "zz", :timestamptz "now"))

(deftest conversions-of-literals-lose-nothing
  (are [v from to w] (= w (literals/convert v from to))
    5 :int64 :int32 5
    5000000000 :int64 :int32 nil
    5 :int64 [:decimal 3 2] 5.00M
    50 :int64 [:decimal 3 2] nil
    0.050M [:decimal 3 3] [:decimal 4 2] 0.05M
    0.055M [:decimal 3 3] [:decimal 4 2] nil
    0.5M [:decimal 1 1] :float64 0.5
    "1994-01-01" :varchar :date (LocalDate/of 1994 1 1)
    "1994" :varchar :date nil
    "5" :varchar :int64 nil))
