(ns dev.penstock.compiler.tables
  "Tables of random rows for the differential tests. Values come out of small pools, so that they repeat and meet in joins.

  The name of a column says what may be done with it: e_... holds extremes (compared and ordered, not calculated with),
  k and g are skewed and have few values, k is never null."
  (:import (java.time Instant LocalDate LocalDateTime LocalTime)
           (java.util Random UUID)))

(defn pick [^Random r xs] (nth xs (.nextInt r (count xs))))
(defn chance [^Random r percent] (< (.nextInt r 100) percent))

(def columns
  '[[k :int32 false] [i :int32 true] [l :int64 true] [d :float64 true] [m [:decimal 10 2] true] [w [:decimal 30 4] true]
    [g :varchar true] [s :varchar true] [b :boolean true] [day :date true] [clock :time true] [ts :timestamp true]
    [tz :timestamptz true] [iv :interval true] [u :uuid true] [x :varbinary true] [j :json true]
    [e_i :int32 true] [e_l :int64 true] [e_d :float64 true] [e_m [:decimal 18 0] true] [e_w [:decimal 38 0] true]
    [e_s :varchar true] [e_day :date true] [e_ts :timestamp true]])

(def ^:private nines (.subtract (.pow BigDecimal/TEN 38) BigDecimal/ONE))

(def ^:private pools
  {'g ["Ann" "Bob" "Cid" "" "ann"]
   's ["Ann" "Bob" " Cid " "a,b,c" "100%" "x_y" "42" "-7" "3.50" "\uD83D\uDE00 smile" "Stra\u00DFe" "\u00E9t\u00E9" "aAa"
       "the quick brown fox jumps over the lazy dog" "" "\uFFFDz" "true" "2020-02-29"]
   'clock (map #(LocalTime/parse %) ["00:00" "23:59:59.999999" "12:30:15" "07:00:00.000001"])
   'iv [{:months 1 :days 0 :micros 0} {:months 0 :days 3 :micros 0} {:months 0 :days 0 :micros 3600000000}
        {:months -2 :days 1 :micros -5} {:months 14 :days 0 :micros 0} {:months 0 :days 0 :micros 0}]
   'u (map #(UUID. %1 %2) [0 1 -1 1 Long/MIN_VALUE] [0 2 -1 3 4])
   'x (map byte-array [[] [0] [1 2] [-1] [127 -128 0]])
   'j ["[]" "[1]" "[1,2,3]" "[ 4, null ]" "[10,20,30,40,50,60,70]" "null" "[null,null]"]
   'e_i [Integer/MIN_VALUE Integer/MAX_VALUE 0 1 -1]
   'e_l [Long/MIN_VALUE Long/MAX_VALUE 0 1 -1 4294967296 9007199254740993]
   'e_d [##NaN ##Inf ##-Inf 0.0 -0.0 Double/MAX_VALUE Double/MIN_VALUE -1.5 9007199254740993.0]
   'e_m [999999999999999999M -999999999999999999M 0M 1M]
   'e_w [nines (.negate ^BigDecimal nines) 0M 9223372036854775808M -9223372036854775809M 1M]
   'e_s ["" "\u0000" "\uD83D\uDE00" "\uFFFF" "z" "za" "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz" "\u00E9"]
   'e_day (map #(LocalDate/parse %) ["0001-01-01" "9999-12-31" "1969-12-31" "1970-01-01" "1582-10-10"])
   'e_ts (map #(LocalDateTime/parse %) ["0001-01-01T00:00" "9999-12-31T23:59:59.999999" "1969-12-31T23:59:59.999999"])})

(defn- date-of [^Random r]
  (.plusDays (LocalDate/of 1970 1 1) (- (.nextInt r 30000) 10000)))

(defn- value [^Random r name]
  (if-let [pool (pools name)]
    (nth pool (if (= 'g name) (min (.nextInt r (count pool)) (.nextInt r (count pool))) (.nextInt r (count pool))))
    (case name
      k (long (min (.nextInt r 6) (.nextInt r 6)))
      i (long (- (.nextInt r 41) 20))
      l (long (- (.nextInt r 2001) 1000))
      d (if (chance r 10) -0.0 (* 0.25 (- (.nextInt r 401) 200)))
      m (BigDecimal/valueOf (long (- (.nextInt r 4001) 2000)) 2)
      w (BigDecimal/valueOf (long (- (.nextInt r 4000001) 2000000)) 4)
      b (.nextBoolean r)
      day (if (chance r 50) (.plusDays (LocalDate/of 2020 2 27) (.nextInt r 5)) (date-of r))
      ts (.plusNanos (.atStartOfDay ^LocalDate (date-of r)) (* 1000 (long (* (.nextDouble r) 86400000000))))
      tz (.plusNanos (Instant/ofEpochSecond (- (.nextInt r 2000000000) 1000000000)) (* 1000 (.nextInt r 1000000))))))

(defn- row [r]
  (mapv (fn [[name _ nullable]] (when-not (and nullable (chance r 15)) (value r name))) columns))

(defn table "n random rows." [seed n]
  (let [r (Random. seed)] (vec (repeatedly n #(row r)))))

(def sizes {'t0 0, 't1 1, 't7 7, 't40 40, 't60 60, 't2047 2047, 't2048 2048, 't2049 2049})

(defn tables "The rows of all tables, by name." [seed]
  (into {} (map (fn [[name n]] [name (table (+ (* 1000 (long seed)) (long n)) n)])) sizes))
