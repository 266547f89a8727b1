(ns dev.penstock.plan.rules.eager.parts
  "Aggregates in two halves: a part of some rows, and the whole of the parts."
  (:require [dev.penstock.plan.estimate.expression :as expression]
            [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.rules.filters :as filters]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types]))

(def ^:private indifferent "Aggregates of which it is all one how often a row comes."
  '#{min max any bool-and bool-or grouping})

(def ^:private widest
  "Sums of parts of decimals with more digits could be too large where the sum of all is not."
  28)

(defn- summed? [type]
  (or (types/integer? type) (= :float64 type)
      (and (types/decimal? type) (<= (long (second type)) (long widest)))))

(defn divisible?
  "Has an aggregate a part of some of its rows?"
  [{f :fn :keys [args distinct order]}]
  (and (not distinct) (empty? order)
       (case f
         (count min max any bool-and bool-or) true
         (sum avg) (summed? (:type (first args)))
         false)))

(defn may-stay?
  "May an aggregate be computed above groups whose rows stand for several ones? part: its arguments and filter there.
  A count then adds up the rows that each stands for."
  [{f :fn :keys [distinct order]} part]
  (or (contains? indifferent f)
      (and distinct (empty? order))
      (and (= 'count f) (some? part))))

(defn null-of-null?
  "Does a part see nothing in a row of nulls, or is it a count of rows (then rows without one stand for themselves)?"
  [{:keys [args filter]}]
  (and (nil? filter) (or (empty? args) (and (= 1 (count args)) (tree/column? (first args))))))

(defn quiet? "Can a part not fail, whatever rows it sees?" [{:keys [args filter]}]
  (and (every? filters/quiet? args) (or (nil? filter) (filters/quiet? filter))))

(defn- fresh-names
  "A function from a name to one like it that no node of a tree has, another one each time."
  [root]
  (let [taken (volatile! (into #{} (mapcat tree/names) (tree-seq (comp seq :inputs) :inputs root)))]
    (fn [name]
      (let [found (first (remove @taken (cons (symbol (str name "_part"))
                                              (map #(symbol (str name "_part_" %)) (iterate inc 2)))))]
        (vswap! taken conj found)
        found))))

(defn- never-too-large?
  "Do so many integers of an expression, as estimates know them, stay far from the end of int64 in every sum?"
  [{:keys [columns rows]} e]
  (let [{low :min high :max} (expression/stats columns e)]
    (and (number? low) (number? high)
         (< (* (double rows) (max (abs (double low)) (abs (double high)))) 1e18))))

(defn- summand
  "An argument of a sum of parts: the sums of all rows may fit int64 where one of a part does not."
  [x e]
  (if (and (= :int64 (:type e)) (not (never-too-large? x e))) (sig/cast-to e [:decimal 19 0]) e))

(defn- sum-type [{:keys [type]}]
  (cond (types/integer? type) :int64
        (types/decimal? type) [:decimal 38 (nth type 2)]
        :else type))

(defn- aggregate [f args filter type nullable]
  {:name nil :fn f :args (vec args) :distinct false :filter filter :order [] :type type :nullable (boolean nullable)})

(defn- zero-for-null [e] (tree/call 'coalesce [e (tree/literal 0 :int64)] :int64 false))

(defn- column-of [{:keys [name type]}] (tree/column name type true))

(defn- whole
  "{:finals [aggregate ...], :result (fn [columns of the finals] e) or nil if the one final is the result} of an aggregate;
  part! gives the column of a part of X."
  [{f :fn :keys [type nullable] :as a} {:keys [args filter] :as part} {:keys [x outer? empties? part! rows!]}]
  (case f
    count (let [p (if (or (seq args) filter) (part! (aggregate 'count args filter :int64 false)) (rows!))
                total (aggregate 'sum [p] nil :int64 true)]
            (if (or empties? outer?)
              {:finals [total] :result (fn [[n]] (zero-for-null n))}
              {:finals [(assoc total :nullable false)]}))
    sum (let [e (summand x (first args)), t (sum-type e)
              total (aggregate 'sum [(part! (aggregate 'sum [e] filter t true))] nil t nullable)]
          (if (= t type)
            {:finals [total]}
            {:finals [total] :result (fn [[s]] (assoc (sig/cast-to s type) :nullable nullable))}))
    avg (let [e (summand x (first args)), t (sum-type e)
              total (aggregate 'sum [(part! (aggregate 'sum [e] filter t true))] nil t true)
              number (aggregate 'sum [(part! (aggregate 'count [e] filter :int64 false))] nil :int64 true)]
          {:finals [total number]
           :result (fn [[s n]]
                     (tree/call '/ [(sig/cast-to s :float64)
                                    (sig/cast-to (tree/call 'nullif [n (tree/literal 0 :int64)] :int64 true) :float64)]
                                :float64 nullable))})
    {:finals [(assoc a :args [(part! (assoc (aggregate f args filter type true) :nullable true))] :filter nil)]}))

(defn- staying
  "As whole, of an aggregate that is computed above: a count adds up the rows that each row stands for."
  [{f :fn :keys [args distinct filter] :as a} {:keys [rows!]}]
  (if (and (= 'count f) (not distinct))
    (let [there (into (if filter (tree/conjuncts filter) []) (map #(tree/call 'is-not-null [%] :boolean false)) args)]
      {:finals [(aggregate 'sum [(rows!)] (tree/conjunction there) :int64 true)]
       :result (fn [[n]] (zero-for-null n))})
    {:finals [a]}))

(defn split
  "{:below [aggregate ...] of the groups of X, :aggregates [aggregate ...] of the group above, :finish (fn [group above] node)
  with the schema of group} for a place of a group; x: the estimate of its node."
  [{:keys [keys sets aggregates schema] :as group} {:keys [parts outer?]} x]
  (let [fresh (fresh-names group)
        below (volatile! [])
        part! (fn [a]
                (let [alike #(= (select-keys % [:fn :args :filter :type]) (select-keys a [:fn :args :filter :type]))
                      known (or (first (filter alike @below))
                                (let [named (assoc a :name (fresh (:fn a)))] (vswap! below conj named) named))]
                  (column-of known)))
        rows! (fn []
                (let [n (part! (aggregate 'count [] nil :int64 false))]
                  (if outer? (tree/call 'coalesce [n (tree/literal 1 :int64)] :int64 false) n)))
        site {:x x :outer? outer? :empties? (or (empty? keys) (some? sets)) :part! part! :rows! rows!}
        wholes (mapv (fn [i {:keys [name] :as a}]
                       (let [{:keys [finals result]} (if-let [part (parts i)] (whole a part site) (staying a site))]
                         {:finals (mapv #(assoc % :name (if result (fresh name) name)) finals) :result result}))
                     (range) aggregates)
        results (into {} (keep (fn [[{:keys [name]} {:keys [finals result]}]]
                                 (when result [name (result (map column-of finals))])))
                      (map vector aggregates wholes))]
    {:below @below
     :aggregates (into [] (mapcat :finals) wholes)
     :finish (fn [above]
               (if (empty? results)
                 above
                 (schema/refresh
                  {:op :project :inputs [above]
                   :exprs (mapv (fn [{:keys [name]}]
                                  {:name name :expr (or (results name)
                                                        (tree/field-column (tree/field (:schema above) name)))})
                                schema)})))}))
