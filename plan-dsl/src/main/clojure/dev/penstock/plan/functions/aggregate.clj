(ns dev.penstock.plan.functions.aggregate
  "Aggregates (of group+ and window+). The :infer of an entry takes a site and typed arguments and gives {:args
  :type :nullable}, nullable: can it be null over one row or more? A :fn beside them is the aggregate that the
  call stands for, a :filter an expression that rows must fulfil.

  Further keys of an entry: :literals n, so many last arguments are literals, the same for all rows; :ordered true, the
  order of the rows matters, and :order says it; :example [[call value] ...], over the rows of example-rows
  (a json value as a string); or [[plan rows]]."
  (:require [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.literals :as literals]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types]))

(def example-rows
  "The relation over which the examples of aggregates stand."
  '(values+ [X Y S]
            [[1 10 "a"] [2 30 "b"] [2 20 "c"] [nil 40 nil] [5 50 "e"]]))

(defn- of [args type nullable] {:args args :type type :nullable (boolean nullable)})

(defn- number [site e]
  (let [e (sig/settle e :int32)]
    (if (types/numeric? (:type e))
      e
      (sig/mismatch site e "expects a number, got " (sig/shown e)))))

(defn- float-of [site e] (sig/cast-to (number site e) :float64))

(defn- comparable [site e]
  (let [e (sig/settle e :int32)]
    (if (types/comparable? (:type e))
      e
      (sig/mismatch site e "cannot compare " (sig/shown e)))))

(defn- sum-type [t]
  (cond
    (types/integer? t) :int64
    (types/decimal? t) [:decimal 38 (t 2)]
    (= :interval t) :interval
    :else :float64))

(defn- infer-count [_ args] (of (mapv #(sig/settle % :int32) args) :int64 false))

(defn- infer-count-if [site [p]]
  (let [p (sig/coerce site p :boolean)] (assoc (of [] :int64 false) :fn 'count :filter p)))

(defn- number-or-interval [site x] (if (= :interval (:type x)) x (number site x)))

(defn- infer-sum [site [x]]
  (let [x (number-or-interval site x)] (of [x] (sum-type (:type x)) (:nullable x))))

(defn- infer-avg [site [x]]
  (let [x (number-or-interval site x)]
    (of [x] (if (= :interval (:type x)) :interval :float64) (:nullable x))))

(defn- infer-float
  "A float64 of float64 arguments. few: can it be null over rows without nulls?"
  [few]
  (fn [site args]
    (let [args (mapv #(float-of site %) args)]
      (of args :float64 (or few (some :nullable args))))))

(defn- infer-regr-count [site args] (of (mapv #(float-of site %) args) :int64 false))

(defn- infer-same [site [x]]
  (let [x (comparable site x)] (of [x] (:type x) (:nullable x))))

(defn- infer-by [site [x y]]
  (let [x (comparable site x), y (comparable site y)]
    (of [x y] (:type x) (or (:nullable x) (:nullable y)))))

(defn- infer-integer [site [x]]
  (let [x (sig/settle x :int64)]
    (if (types/integer? (:type x))
      (of [x] (:type x) (:nullable x))
      (sig/mismatch site x "expects an integer, got " (sig/shown x)))))

(defn- infer-boolean [site [x]]
  (let [x (sig/coerce site x :boolean)] (of [x] :boolean (:nullable x))))

(defn- infer-collect [site [x]]
  (of [(comparable site x)] :json false))

(defn- infer-approx [site [x]]
  (of [(comparable site x)] :int64 false))

(defn- text-of [site x]
  (let [x (sig/settle x :varchar)]
    (if (types/castable? (:type x) :varchar)
      (sig/cast-to x :varchar)
      (sig/mismatch site x "expects a value with a text, got " (sig/shown x)))))

(defn- infer-string-agg [site [x separator]]
  (let [x (text-of site x)]
    (when separator (sig/literal-text site separator "a separator"))
    (of [x (or separator (tree/literal "," :varchar))] :varchar (:nullable x))))

(defn- infer-object [site [k v]]
  (let [k (text-of site k)] (of [k (comparable site v)] :json (:nullable k))))

(defn- share-of
  "The literal of a percentile, from 0 to 1."
  [site e]
  (let [v (when (tree/literal? e) (literals/convert (:value e) (:type e) :float64))]
    (if (and (types/numeric? (:type e)) (some? v) (<= 0.0 (double v) 1.0))
      (tree/literal v :float64)
      (problem/fail :bad-literal
                    (str (:fn site) " expects a share from 0 to 1 as a literal, got " (problem/brief (sig/form-of e)))
                    (sig/form-of e) (:form site)))))

(defn- direction
  "The literal true of a percentile from the greatest value on."
  [site e]
  (if (and (tree/literal? e) (boolean? (:value e)))
    e
    (sig/mismatch site e "expects true or false (descending) as a literal, got " (sig/shown e))))

(defn- percentile [site f x share descending]
  (let [x (if (= 'percentile-cont f) (float-of site x) (comparable site x))]
    (assoc (of (cond-> [x (share-of site share)] true (conj (if descending (direction site descending)
                                                                (tree/literal false :boolean))))
               (:type x) (:nullable x))
           :fn f)))

(defn- infer-percentile [f] (fn [site [x share descending]] (percentile site f x share descending)))

(defn- infer-median [site [x]]
  (let [x (sig/settle x :int32)]
    (percentile site (if (types/numeric? (:type x)) 'percentile-cont 'percentile-disc)
                x (tree/literal 0.5 :float64) nil)))

(defn- aggregate [f types doc infer example & {:as more}]
  (merge {:name f :kind :aggregate :args [1 1] :signature [(str "(" f " x)")] :types types :doc doc
          :infer infer :example example}
         more))

(defn- two [f & more] {:args [2 2] :signature [(str "(" f (apply str (map #(str " " %) more)) ")")]})

(defn- regression [f types doc few example]
  (aggregate f types doc (infer-float few) example (two f 'y 'x)))

(def basic
  [(aggregate 'count "([any]) -> int64" "The number of rows, or of non-null values." infer-count
              '[[(count) 5] [(count X) 4] [(count X {:distinct true}) 3] [(count X {:filter (> Y 20)}) 2]]
              :args [0 1] :signature ["(count)" "(count x)"] :never-null true)
   (aggregate 'count-if "(boolean) -> int64" "The number of rows for which it is true." infer-count-if
              '[[(count-if (> Y 20)) 3]] :never-null true)
   (aggregate 'sum "(integer) -> int64, (decimal(p,s)) -> decimal(38,s), (float64) -> float64, (interval) -> interval"
              "The sum; one that does not fit is an error." infer-sum
              '[[(sum X) 10] [(sum X {:distinct true}) 8]])
   (aggregate 'avg "(number) -> float64, (interval) -> interval"
              "The mean. That of intervals hands on what does not divide to the smaller part, a month as 30 days."
              infer-avg '[[(avg X) 2.5]])
   (aggregate 'product "(number) -> float64" "The product." (infer-float false) '[[(product X) 20.0]])
   (aggregate 'min "(T) -> T" "The least value." infer-same '[[(min S) "a"]])
   (aggregate 'max "(T) -> T" "The greatest value." infer-same '[[(max S) "e"]])
   (aggregate 'any "(T) -> T" "Any one of the non-null values." infer-same
              '[[(any X {:filter (= Y 50)}) 5]])
   (aggregate 'arg-min "(T, U) -> T" "x of the row with the least y; rows where one of them is null are left out."
              infer-by '[[(arg-min S X) "a"]] (two 'arg-min 'x 'y))
   (aggregate 'arg-max "(T, U) -> T" "x of the row with the greatest y; rows where one of them is null are left out."
              infer-by '[[(arg-max S X) "e"]] (two 'arg-max 'x 'y))
   (aggregate 'first "(T) -> T" "x of the first row in the :order, also if it is null; of any row without one."
              infer-same '[[(first S {:order [[Y :desc]]}) "e"]] :ordered true)
   (aggregate 'last "(T) -> T" "x of the last row in the :order, also if it is null; of any row without one."
              infer-same '[[(last S {:order [Y] :filter (is-not-null S)}) "e"]] :ordered true)
   (aggregate 'bool-and "(boolean) -> boolean" "true if all are true." infer-boolean
              '[[(bool-and (> Y 10)) false]])
   (aggregate 'bool-or "(boolean) -> boolean" "true if one is true." infer-boolean
              '[[(bool-or (> Y 10)) true]])
   (aggregate 'bit-and "(integer) -> its type" "The bits that all have." infer-integer '[[(bit-and Y) 0]])
   (aggregate 'bit-or "(integer) -> its type" "The bits that one has." infer-integer '[[(bit-or X) 7]])
   (aggregate 'bit-xor "(integer) -> its type" "The bits that an odd number of them has." infer-integer
              '[[(bit-xor X) 4]])
   (aggregate 'grouping "(keys) -> int64"
              "A bit for each key, the last one lowest: 1 if the key is not in the grouping set of the row." nil
              '[[(group+ [S] [[G (grouping S)]] (values+ [S] [["a"]]) {:sets [[S] []]}) [["a" 0] [nil 1]]]] :args [1 62] :signature ["(grouping Key ...)"] :form :grouping :never-null true)])

(def lists
  [(aggregate 'collect "(T) -> json" "A JSON array of all values, nulls too, in the :order if there is one."
              infer-collect '[[(collect X {:order [Y]}) "[1,2,2,null,5]"]
                              [(collect X {:distinct true :order [[X :desc]] :filter (> Y 10)}) "[5,2,null]"]]
              :ordered true)
   (aggregate 'string-agg "(any, [varchar]) -> varchar"
              "The texts of the values with a separator (\",\") between them, in the :order if there is one." infer-string-agg
              '[[(string-agg S "-" {:order [[S :desc]]}) "e-c-b-a"]]
              :args [1 2] :signature ["(string-agg x)" "(string-agg x separator)"] :literals 1 :ordered true)
   (aggregate 'json-object-agg "(any, T) -> json"
              "A JSON object of keys and values, in the :order if there is one; rows without a key are left out, a key that comes twice stands twice."
              infer-object '[[(json-object-agg S X {:order [S]}) "{\"a\":1,\"b\":2,\"c\":2,\"e\":5}"]]
              :args [2 2] :signature ["(json-object-agg key value)"] :ordered true)])

(def statistics
  [(aggregate 'stddev "(number) -> float64" "The sample standard deviation; null of one value." (infer-float true)
              '[[(stddev Y) 15.811388300841896]])
   (aggregate 'stddev-pop "(number) -> float64" "The standard deviation of the whole population." (infer-float false)
              '[[(stddev-pop X) 1.5]])
   (aggregate 'variance "(number) -> float64" "The sample variance; null of one value." (infer-float true)
              '[[(variance X) 3.0]])
   (aggregate 'variance-pop "(number) -> float64" "The variance of the whole population." (infer-float false)
              '[[(variance-pop X) 2.25]])
   (aggregate 'skewness "(number) -> float64"
              "The sample skewness; null of fewer than three values, and where all are equal."
              (infer-float true) '[[(skewness Y) 0.0]])
   (aggregate 'kurtosis "(number) -> float64"
              "The excess kurtosis of a sample; null of fewer than four values, and where all are equal."
              (infer-float true) '[[(kurtosis Y) -1.2]])
   (aggregate 'kurtosis-pop "(number) -> float64"
              "The excess kurtosis of the whole population; null where all values are equal."
              (infer-float true) '[[(kurtosis-pop Y) -1.3]])
   (aggregate 'median "(number) -> float64, (T) -> T"
              "The value in the middle; of numbers the mean of the two in the middle, of other values the lower one."
              infer-median '[[(median X) 2.0] [(median S) "b"]])
   (aggregate 'percentile-cont "(number, float64, [boolean]) -> float64"
              "The number at a share (a literal from 0 to 1) of the way from the least to the greatest value, between two values if need be. true: from the greatest to the least."
              (infer-percentile 'percentile-cont) '[[(percentile-cont Y 0.125) 15.0]]
              :args [2 3] :literals 2
              :signature ["(percentile-cont x share)" "(percentile-cont x share descending)"])
   (aggregate 'percentile-disc "(T, float64, [boolean]) -> T"
              "The least value that has at least the share (a literal from 0 to 1) of the values at or before it. true: in descending order."
              (infer-percentile 'percentile-disc) '[[(percentile-disc Y 0.3) 20] [(percentile-disc S 0.3 true) "c"]]
              :args [2 3] :literals 2
              :signature ["(percentile-disc x share)" "(percentile-disc x share descending)"])
   (aggregate 'quantile "(T, float64, [boolean]) -> T" "The same as percentile-disc."
              (infer-percentile 'percentile-disc) '[[(quantile Y 0.5) 30]]
              :args [2 3] :signature ["(quantile x share)" "(quantile x share descending)"])
   (aggregate 'mode "(T) -> T" "The value that comes most often; of several the least." infer-same '[[(mode X) 2]])
   (aggregate 'approx-count-distinct "(T) -> int64"
              "An estimate of how many different values there are, with a standard error of 2.3 %, in a state of fixed size (HyperLogLog)."
              infer-approx '[[(approx-count-distinct Y) 5]] :never-null true)
   (regression 'corr "(number, number) -> float64"
               "The correlation of y and x; null if one of them is always the same. This and the following leave out rows where y or x is null."
               true '[[(corr Y (* 2 Y)) 1.0]])
   (regression 'covar-pop "(number, number) -> float64" "The covariance of the whole population." false
               '[[(covar-pop X Y) 21.25]])
   (regression 'covar-samp "(number, number) -> float64" "The sample covariance; null of one row." true
               '[[(covar-samp Y Y) 250.0]])
   (regression 'regr-slope "(number, number) -> float64"
               "The slope of the line that fits y over x best; null if x is always the same." true
               '[[(regr-slope (+ 1 (* 2 Y)) Y) 2.0]])
   (regression 'regr-intercept "(number, number) -> float64" "Where that line cuts the axis of y." true
               '[[(regr-intercept (+ 1 (* 2 Y)) Y) 1.0]])
   (regression 'regr-r2 "(number, number) -> float64" "The share of the variance of y that the line explains." true
               '[[(regr-r2 (* 2 Y) Y) 1.0]])
   (aggregate 'regr-count "(number, number) -> int64" "The number of rows where neither is null." infer-regr-count
              '[[(regr-count Y X) 4]] (assoc (two 'regr-count 'y 'x) :never-null true))
   (regression 'regr-avgx "(number, number) -> float64" "The mean of x." false '[[(regr-avgx Y X) 2.5]])
   (regression 'regr-avgy "(number, number) -> float64" "The mean of y." false '[[(regr-avgy Y X) 27.5]])
   (regression 'regr-sxx "(number, number) -> float64" "The sum of the squared distances of x from its mean." false
               '[[(regr-sxx Y X) 9.0]])
   (regression 'regr-syy "(number, number) -> float64" "The sum of the squared distances of y from its mean." false
               '[[(regr-syy Y X) 875.0]])
   (regression 'regr-sxy "(number, number) -> float64" "The sum of the products of the distances of x and y from their means."
               false '[[(regr-sxy Y X) 85.0]])])

(def families "The families of aggregates, in the order of a documentation."
  [["Aggregates" basic] ["Lists of values" lists] ["Statistics" statistics]])

