(ns dev.penstock.plan.functions.window
  "Window functions (of window+). The :infer of an entry is as in functions.aggregate; :frame false: it
  looks at the whole partition, whatever the frame; :skips-nulls true: it takes {:ignore-nulls true}.
  :example [[[call options] values] ...]: the values of the rows of example-rows, in the order of X."
  (:require [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.tree :as tree]))

(def example-rows
  "The relation over which the examples of window functions stand."
  '(values+ [X S] [[1 "a"] [2 nil] [2 "b"] [4 "c"]]))

(defn- of [args type nullable] {:args args :type type :nullable (boolean nullable)})

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

(def ^:private skipping '#{lag lead first-value last-value nth-value})

(defn- window [f args signature types doc infer example]
  {:name f :kind :window :skips-nulls (contains? skipping f) :args args :signature signature :types types :doc doc :infer infer
   :example (mapv (fn [[call options & values]] [[call options] values]) example)})

(def window-functions
  [(window 'row-number [0 0] ["(row-number)"] "() -> int64" "The number of the row in its partition, from 1."
           infer-row-number '[[(row-number) {:order [X S]} 1 2 3 4]])
   (window 'rank [0 0] ["(rank)"] "() -> int64" "The number of the first of the rows that are equal in order."
           infer-row-number '[[(rank) {:order [X]} 1 2 2 4]])
   (window 'dense-rank [0 0] ["(dense-rank)"] "() -> int64" "rank without gaps." infer-row-number
           '[[(dense-rank) {:order [X]} 1 2 2 3]])
   (window 'percent-rank [0 0] ["(percent-rank)"] "() -> float64" "(rank - 1) / (rows - 1), 0 of one row." infer-share
           '[[(percent-rank) {:order [[X :desc]]} 1.0 0.3333333333333333 0.3333333333333333 0.0]])
   (window 'cume-dist [0 0] ["(cume-dist)"] "() -> float64" "The share of rows up to this one and its equals." infer-share
           '[[(cume-dist) {:order [X]} 0.25 0.75 0.75 1.0]])
   (window 'ntile [1 1] ["(ntile n)"] "(int64) -> int64" "The number (from 1) of the row's bucket of n equal ones."
           infer-ntile '[[(ntile 2) {:order [X S]} 1 1 2 2]])
   (window 'lag [1 3] ["(lag x)" "(lag x n)" "(lag x n default)"] "(T, [int64], [T]) -> T"
           "x of the row n (default 1) before, else the default or null. With :ignore-nulls rows where x is null do not count." infer-offset
           '[[(lag X) {:order [X]} nil 1 2 2] [(lag X 2 0) {:order [X]} 0 0 1 2]
             [(lag S {:ignore-nulls true}) {:order [X [S :nulls-first]]} nil "a" "a" "b"]])
   (window 'lead [1 3] ["(lead x)" "(lead x n)" "(lead x n default)"] "(T, [int64], [T]) -> T"
           "x of the row n (default 1) after, else the default or null. With :ignore-nulls rows where x is null do not count." infer-offset
           '[[(lead X) {:order [X]} 2 2 4 nil]])
   (window 'first-value [1 1] ["(first-value x)"] "(T) -> T" "x of the first row of the frame; with :ignore-nulls, of the first where it is not null." infer-value
           '[[(first-value X) {:order [X] :frame [:rows [:preceding 1] :current-row]} 1 1 2 2]])
   (window 'last-value [1 1] ["(last-value x)"] "(T) -> T" "x of the last row of the frame; with :ignore-nulls, of the last where it is not null." infer-value
           '[[(last-value X) {:order [X] :frame [:rows :current-row :unbounded-following]} 4 4 4 4]])
   (window 'nth-value [2 2] ["(nth-value x n)"] "(T, int64) -> T" "x of the n-th row (from 1) of the frame, or null; with :ignore-nulls only rows where x is not null count."
           infer-value '[[(nth-value X 3) {:order [X]} nil 2 2 2]])])
