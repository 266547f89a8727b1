(ns dev.penstock.plan.functions.aggregate
  "Aggregates (of group+ and window+) and window functions. The :infer of an entry takes a site and
  typed arguments and gives {:args :type :nullable}; nullable: can it be null over one row or more?"
  (:require [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types]))

(defn- of [args type nullable] {:args args :type type :nullable (boolean nullable)})

(defn- number [site e]
  (let [e (sig/settle e :int32)]
    (if (types/numeric? (:type e))
      e
      (sig/mismatch site e "expects a number, got " (sig/shown e)))))

(defn- comparable [site e]
  (let [e (sig/settle e :int32)]
    (if (types/comparable? (:type e))
      e
      (sig/mismatch site e "cannot compare " (sig/shown e)))))

(defn- sum-type [t]
  (cond
    (types/integer? t) :int64
    (types/decimal? t) [:decimal 38 (t 2)]
    :else :float64))

(defn- infer-count [_ args] (of (mapv #(sig/settle % :int32) args) :int64 false))

(defn- infer-sum [site [x]]
  (let [x (number site x)] (of [x] (sum-type (:type x)) (:nullable x))))

(defn- infer-avg [site [x]]
  (let [x (number site x)] (of [x] :float64 (:nullable x))))

(defn- infer-spread
  "samples: null over one row."
  [sample]
  (fn [site [x]]
    (let [x (sig/cast-to (number site x) :float64)] (of [x] :float64 (or sample (:nullable x))))))

(defn- infer-same [site [x]]
  (let [x (comparable site x)] (of [x] (:type x) (:nullable x))))

(defn- infer-boolean [site [x]]
  (let [x (sig/coerce site x :boolean)] (of [x] :boolean (:nullable x))))

(defn- infer-collect [site [x]]
  (of [(comparable site x)] :json false))

(defn- aggregate [f doc infer & {:as more}]
  (merge {:name f :kind :aggregate :args [1 1] :signature [(str "(" f " x)")] :doc doc :infer infer}
         more))

(def aggregates
  [(aggregate 'count "The number of rows, or of non-null values." infer-count
              :args [0 1] :signature ["(count)" "(count x)"])
   (aggregate 'sum "The sum: int64 of integers, decimal(38,s) of decimals; overflow is an error." infer-sum)
   (aggregate 'avg "The mean, float64." infer-avg)
   (aggregate 'min "The least value." infer-same)
   (aggregate 'max "The greatest value." infer-same)
   (aggregate 'stddev "The sample standard deviation." (infer-spread true))
   (aggregate 'stddev-pop "The standard deviation of the whole population." (infer-spread false))
   (aggregate 'variance "The sample variance." (infer-spread true))
   (aggregate 'variance-pop "The variance of the whole population." (infer-spread false))
   (aggregate 'any "Any one of the non-null values." infer-same)
   (aggregate 'bool-and "true if all are true." infer-boolean)
   (aggregate 'bool-or "true if one is true." infer-boolean)
   (aggregate 'collect "A JSON array of all values, nulls too; the order is not promised." infer-collect)
   (aggregate 'grouping "1 if a key is not in the grouping set of the row, else 0." nil
              :signature ["(grouping Key)"] :form :grouping)])

(defn- infer-row-number [_ _] (of [] :int64 false))
(defn- infer-share [_ _] (of [] :float64 false))

(defn- whole [site e]
  (let [e (sig/coerce site e :int64)]
    (when (and (tree/literal? e) (or (nil? (:value e)) (neg? (:value e))))
      (problem/fail :bad-literal (str (:fn site) " expects a whole number from 0, got "
                                      (problem/brief (sig/form-of e)))
                    (sig/form-of e) (:form site)))
    e))

(defn- infer-ntile [site [n]] (of [(whole site n)] :int64 false))

(defn- infer-offset [site [x n default]]
  (let [x (sig/settle x :int32)
        n (some->> n (whole site))
        default (some-> default (->> (#(sig/coerce site % (:type x)))))]
    (of (vec (remove nil? [x n default])) (:type x)
        (or (nil? default) (:nullable default) (:nullable x)))))

(defn- infer-value [site [x n]]
  (let [x (sig/settle x :int32)]
    (of (if n [x (whole site n)] [x]) (:type x) true)))

(defn- window [f args signature doc infer]
  {:name f :kind :window :args args :signature signature :doc doc :infer infer})

(def window-functions
  [(window 'row-number [0 0] ["(row-number)"] "The number of the row in its partition, from 1."
           infer-row-number)
   (window 'rank [0 0] ["(rank)"] "The number of the first of the rows that are equal in order."
           infer-row-number)
   (window 'dense-rank [0 0] ["(dense-rank)"] "rank without gaps." infer-row-number)
   (window 'percent-rank [0 0] ["(percent-rank)"] "(rank - 1) / (rows - 1), 0 of one row." infer-share)
   (window 'cume-dist [0 0] ["(cume-dist)"] "The share of rows up to this one and its equals." infer-share)
   (window 'ntile [1 1] ["(ntile n)"] "The number (from 1) of the row's bucket of n equal ones." infer-ntile)
   (window 'lag [1 3] ["(lag x)" "(lag x n)" "(lag x n default)"]
           "x of the row n (default 1) before, else the default or null." infer-offset)
   (window 'lead [1 3] ["(lead x)" "(lead x n)" "(lead x n default)"]
           "x of the row n (default 1) after, else the default or null." infer-offset)
   (window 'first-value [1 1] ["(first-value x)"] "x of the first row of the frame." infer-value)
   (window 'last-value [1 1] ["(last-value x)"] "x of the last row of the frame." infer-value)
   (window 'nth-value [2 2] ["(nth-value x n)"] "x of the n-th row (from 1) of the frame, or null."
           infer-value)])
