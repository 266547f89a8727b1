(ns dev.penstock.plan.estimate.expression
  "What is known of the values of an expression, out of what is known of the columns that it reads."
  (:require [dev.penstock.plan.estimate.column :as column]
            [dev.penstock.plan.literals :as literals]
            [dev.penstock.plan.tree :as tree])
  (:import (java.time Instant LocalDate LocalDateTime ZoneOffset)))

(def ^:private parts-of-time
  "How many values a part of a date or time has at most."
  {'month 12.0 'quarter 4.0 'week 53.0 'day 31.0 'dow 7.0 'doy 366.0 'hour 24.0 'minute 60.0 'second 60.0})

(defn- year-of [t]
  (cond
    (instance? LocalDate t) (.getYear ^LocalDate t)
    (instance? LocalDateTime t) (.getYear ^LocalDateTime t)
    (instance? Instant t) (.getYear (.atOffset ^Instant t ZoneOffset/UTC))))

(declare stats)

(defn- years [{:keys [min max distinct nulls]}]
  (let [low (some-> min year-of), high (some-> max year-of)]
    (if (and low high)
      (let [n (double (clojure.core/min (double (or distinct 1e18)) (double (inc (- (long high) (long low))))))]
        (cond-> {:min low :max high :distinct n :domain n :whole n} nulls (assoc :nulls nulls)))
      (cond-> {:distinct 10.0 :domain 10.0 :whole 10.0} nulls (assoc :nulls nulls)))))

(defn value
  "The value of a literal, or the first one of a parameter, in the type of e; nil if there is none."
  [{:keys [type] :as e}]
  (let [{v :value from :type} (tree/sample e)]
    (when (some? v) (literals/convert v from type))))

(defn- literal-number "The number of a literal, nil if it is none." [e]
  (let [v (value e)] (when (number? v) (double v))))

(defn- most-values
  "How many values a function gives at most that makes fewer out of more; nil if it does not. Of a text of n characters there
  are taken to be ten to the n."
  [{f :fn [_ b c] :args}]
  (let [of-length (fn [e] (some->> (literal-number e) (min 18.0) (max 0.0) (Math/pow 10.0)))]
    (case f
      (left right) (of-length b)
      substring (when c (of-length c))
      (mod rem) (some-> (literal-number b) abs (max 1.0))
      sign 3.0
      length 100.0
      nil)))

(defn- at-most [n column]
  (if n
    (-> (dissoc column :min :max)
        (update :distinct #(min (double n) (double (or % n))))
        (update :domain #(min (double n) (double (or % n))))
        (update :whole #(min (double n) (double (or % n)))))
    column))

(defn- counted [n nulls] {:distinct n :domain n :whole n :nulls nulls})

(defn- combined
  "Of a function of several arguments: as many values as there are combinations."
  [arguments]
  (let [product (fn [k] (let [ns (map k arguments)] (when (every? some? ns) (reduce * 1.0 ns))))
        nulls (- 1.0 (double (reduce * 1.0 (map #(- 1.0 (column/nulls-share %)) arguments))))]
    (if-let [n (product :distinct)]
      {:distinct n :domain (or (product :domain) n) :whole (or (product :whole) n) :nulls nulls}
      {:nulls nulls})))

(defn- call-stats [columns {f :fn :keys [args type] :as e}]
  (let [of #(stats columns %)
        [a] args]
    (cond
      (= 'param f) (column/constant (value e))
      (contains? '#{cast try-cast} f) (of a)
      (= 'year f) (years (of a))
      (parts-of-time f) (counted (parts-of-time f) (column/nulls-share (of a)))
      (= :boolean type) {:distinct 2.0 :domain 2.0 :whole 2.0}
      (= 'case f) (let [values (filterv tree/literal? (conj (vec (take-nth 2 (rest args))) (peek args)))]
                    (if (= (count values) (inc (quot (count args) 2)))
                      (counted (double (count (set (map :value values)))) 0.0)
                      {}))
      (= 'coalesce f) (column/no-nulls (dissoc (of a) :min :max))
      (empty? args) (column/constant 0)
      :else (at-most (most-values e) (combined (map of args))))))

(defn stats
  "What is known of an expression over columns {name column}."
  [columns e]
  (case (:kind e)
    :column (get columns (:name e) {})
    :literal (column/constant (:value e))
    :call (call-stats columns e)))

(defn column-name
  "The column whose values an expression has, perhaps cast; else nil."
  [e]
  (cond
    (tree/column? e) (:name e)
    (tree/call? e 'cast) (recur (first (:args e)))
    :else nil))
