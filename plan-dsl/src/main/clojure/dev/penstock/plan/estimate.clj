(ns dev.penstock.plan.estimate
  "How many rows each node of a typed tree gives, and what their columns hold, out of what sources say of themselves
  ({:rows n :columns {\"name\" {:distinct n :min v :max v :nulls share}} :keys [[\"a\" \"b\"] ...]}, every part may be absent).

  An estimate is {:rows double, :base the rows of the source before filters, :guess is the number of rows of a
  source unknown (then 1000 are assumed), :columns {name column (see estimate.column)}, :keys #{#{name ...} ...} sets of columns whose values
  occur once}. An estimator remembers what it said of a node (by identity); it is for one thread."
  (:require [clojure.set :as set]
            [dev.penstock.plan.estimate.column :as column]
            [dev.penstock.plan.estimate.expression :as expression]
            [dev.penstock.plan.estimate.join :as join]
            [dev.penstock.plan.estimate.predicate :as predicate]
            [dev.penstock.plan.tree :as tree])
  (:import (java.util IdentityHashMap)))

(def ^:private unknown-rows 1000.0)

(defn estimator "What estimate needs to remember what it found." [] (IdentityHashMap.))

(defn- at-least-one [n of] (if (pos? (double of)) (max 1.0 (double n)) 0.0))

(defn filtered
  "An estimate after a filter."
  [{:keys [rows] :as input} predicate]
  (let [[share columns] (predicate/shares (:columns input) predicate)
        n (at-least-one (* (double share) (double rows)) rows)
        left (if (pos? (double rows)) (/ n (double rows)) 1.0)]
    (assoc input
           :rows n
           :columns (update-vals columns #(-> (column/thinned % left rows) (column/at-most n))))))

(defn- limited [{:keys [rows] :as input} offset limit]
  (let [left (max 0.0 (- (double rows) (double (or offset 0))))
        n (if limit (min left (double limit)) left)
        n (if (and (:guess input) limit) (double limit) n)]
    (-> input
        (assoc :rows n :guess (and (:guess input) (nil? limit)))
        (update :columns update-vals #(column/at-most % n)))))

(defn- scan [{:keys [stats schema limit] sources :columns :as node}]
  (let [rows (double (or (:rows stats) unknown-rows))
        name-of (into {} (map (fn [field source] [(str source) (:name field)]) schema sources))
        keys (into #{} (keep (fn [key] (let [names (map #(name-of (str %)) key)]
                                         (when (and (seq names) (every? some? names)) (set names)))))
                   (:keys stats))
        columns (into {} (map (fn [{:keys [name type]} source]
                                [name (column/described (get (:columns stats) (str source)) type rows
                                                        (contains? keys #{name}))])
                              schema sources))
        unique (keep (fn [[{:keys [name]} source]]
                       (when-let [n (when (:rows stats) (get-in (:columns stats) [(str source) :distinct]))]
                         (when (<= (* 0.98 rows) (double n)) #{name})))
                     (map vector schema sources))]
    (cond-> {:rows rows :base rows :guess (nil? (:rows stats)) :columns columns :keys (into keys unique)}
      (:filter node) (filtered (:filter node))
      limit (limited 0 limit))))

(defn- values [{:keys [rows schema]}]
  (let [n (double (count rows))]
    {:rows n :base n :guess false :keys #{}
     :columns (if (<= (count rows) 100)
                (into {} (map-indexed (fn [i {:keys [name]}] [name (column/of-values (map #(nth % i) rows))])) schema)
                {})}))

(defn- renamed-keys
  "Keys in terms of items that show their columns."
  [keys items]
  (let [new-name (into {} (keep (fn [{:keys [name expr]}] (when (tree/column? expr) [(:name expr) name]))) items)]
    (into #{} (keep (fn [key] (let [names (map new-name key)] (when (every? some? names) (set names))))) keys)))

(defn- project [{items :exprs} input]
  (assoc input
         :columns (into {} (map (fn [{:keys [name expr]}]
                                  [name (column/at-most (expression/stats (:columns input) expr) (:rows input))]))
                        items)
         :keys (renamed-keys (:keys input) items)))

(defn- bind [{items :exprs} input]
  (update input :columns
          (fn [columns]
            (reduce (fn [columns {:keys [name expr]}]
                      (assoc columns name (column/at-most (expression/stats columns expr) (:rows input))))
                    columns items))))

(defn- group-count
  "How many combinations the items of a grouping set have."
  [{:keys [columns rows keys]} items]
  (let [rows (double rows)
        stats (map #(expression/stats columns (:expr %)) items)
        names (into #{} (keep #(expression/column-name (:expr %))) items)
        counts (map #(+ (double (:distinct %)) (if (pos? (column/nulls-share %)) 1.0 0.0)) (filter :distinct stats))
        counts (if (every? :distinct stats) counts (cons (max 1.0 (* 0.1 rows)) counts)) ; all unknown ones together
        [a b & more] (sort > counts)]
    (cond
      (empty? items) 1.0
      (some #(set/subset? % names) keys) rows
      :else (min rows (max 1.0 (* (double a) (double (or b 1.0))
                                  (double (reduce * 1.0 (map #(Math/sqrt (double %)) more)))))))))

(defn- group [{:keys [keys sets aggregates]} input]
  (let [by-name (into {} (map (juxt :name identity)) keys)
        n (if sets
            (double (reduce + 0.0 (map (fn [set] (group-count input (map by-name set))) sets)))
            (double (group-count input keys)))
        n (if (and (zero? (double (:rows input))) (seq keys)) 0.0 n)
        shown (fn [{:keys [name expr]}] [name (expression/stats (:columns input) expr)])
        extreme (fn [{:keys [name args] f :fn}]
                  (when (contains? '#{min max any} f) [name (expression/stats (:columns input) (first args))]))]
    {:rows n :base (max n 1.0) :guess (and (:guess input) (boolean (seq keys)))
     :columns (update-vals (into (into {} (map shown) keys) (keep extreme) aggregates) #(column/at-most % n))
     :keys (if (and (seq keys) (nil? sets)) #{(set (map :name keys))} #{})}))

(defn- distinct-rows [{:keys [keys schema]} input]
  (let [names (or (seq keys) (map :name schema))
        n (group-count input (map (fn [name] {:name name :expr (tree/column name :any true)}) names))]
    (-> input
        (assoc :rows n :base (max 1.0 (double n)))
        (update :columns update-vals #(column/at-most % n))
        (update :keys (fnil conj #{}) (set names)))))

(defn- union-columns [schema inputs]
  (let [n (double (reduce + 0.0 (map :rows inputs)))
        merged (fn [cs]
                 (let [most (fn [k] (let [ns (map k cs)] (when (every? some? ns) (apply max ns))))
                       sum (fn [k] (let [ns (map k cs)] (when (every? some? ns) (reduce + 0.0 ns))))
                       extreme (fn [k pick] (let [vs (map k cs)]
                                              (when (every? #(some? (column/position %)) vs)
                                                (apply pick column/position vs))))]
                   (into {} (remove (comp nil? val))
                         {:distinct (when-let [s (sum :distinct)] (min (double s) (max 1.0 n)))
                          :domain (most :domain) :whole (most :whole)
                          :min (extreme :min min-key) :max (extreme :max max-key)
                          :nulls (most :nulls)})))]
    (into {} (map-indexed (fn [i {:keys [name]}]
                            [name (merged (map (fn [{:keys [names columns]}] (get columns (nth names i) {})) inputs))]))
          schema)))

(defn- union [{:keys [schema inputs]} estimates]
  {:rows (double (reduce + 0.0 (map :rows estimates)))
   :base (double (reduce + 0.0 (map :base estimates)))
   :guess (boolean (some :guess estimates))
   :keys #{}
   :columns (union-columns schema (map (fn [e node] (assoc e :names (mapv :name (:schema node)))) estimates inputs))})

(defn- set-op [{:keys [set-kind all]} a b]
  (let [n (if (= :intersect set-kind) (min (double (:rows a)) (double (:rows b))) (double (:rows a)))]
    (-> a
        (assoc :rows (if (or all (= :minus set-kind)) n (max (min 1.0 n) (* 0.9 n))) :guess (or (:guess a) (:guess b)))
        (update :columns update-vals #(column/at-most % n)))))

(defn- unnest [{:keys [name]} input]
  (-> input
      (update :rows #(* 5.0 (double %)))
      (update :base #(* 5.0 (double %)))
      (assoc :keys #{})
      (update :columns dissoc name)))

(defn- series-length
  "Of a series of integer literals."
  [{:keys [start stop step type]}]
  (when (and (= :int64 type) (every? #(and (tree/literal? %) (some? (:value %))) [start stop step])
             (not (zero? (long (:value step)))))
    (max 0.0 (+ 1.0 (/ (- (double (:value stop)) (double (:value start))) (double (:value step)))))))

(defn- series [{:keys [name] :as node} input]
  (let [n (double (or (series-length node) 100.0))]
    (if input
      (-> input
          (update :rows #(* n (double %)))
          (update :base #(* n (double %)))
          (assoc :keys #{})
          (update :columns dissoc name))
      {:rows n :base n :guess false :columns {} :keys #{}})))

(declare estimate)

(defn- hashed
  "The node whose rows a let+ name holds, for a hash join."
  [{:keys [op inputs key-exprs] :as node}]
  (cond (= :first op) (recur (first inputs))
        (and (= :reduce op) key-exprs) (first inputs)
        :else node))

(defn with-name
  "refs with what is known of a name that a with+, let+ or recur+ node (of op) gives to input. Of the rounds of a recursion
  nothing is known but that the first one has the rows of the seed."
  [refs memo {:keys [op]} name input]
  (assoc refs name (cond-> (estimate memo (if (= :let op) (hashed input) input) refs)
                     (= :recur op) (assoc :guess true :keys #{}))))

(defn- with-names [memo {:keys [names inputs] :as node} refs]
  (reduce (fn [refs [name input]] (with-name refs memo node name input)) refs (map vector names inputs)))

(def ^:private nothing-known {:rows unknown-rows :base unknown-rows :guess true :columns {} :keys #{}})

(def ^:private one-row {:rows 1.0 :base 1.0 :guess false :columns {} :keys #{}})

(defn- item [{:keys [item-kind match f out]} input refs]
  (let [right (when match (get refs (:let (first (:args f)))))]
    (cond
      right (join/estimate match input right)
      (= :filter item-kind) (update input :rows #(* 0.3 (double %)))
      out (assoc input :columns {} :keys #{})
      :else input)))

(defn- of-node [memo {:keys [op inputs] :as node} refs]
  (let [[a b :as estimates] (when-not (contains? #{:with :let :recur} op) (mapv #(estimate memo % refs) inputs))]
    (case op
      :scan (scan node)
      :values (values node)
      :filter (filtered a (:predicate node))
      :project (project node a)
      :bind (bind node a)
      :join (join/estimate node a b)
      (:union :mux) (union node estimates)
      :set-op (set-op node a b)
      :group (group node a)
      :distinct (distinct-rows node a)
      (:top :slice) (limited a (:offset node) (:limit node))
      (:first :reduce) one-row
      :series (series node a)
      :unnest (unnest node a)
      :item (item node a refs)
      (:with :let) (estimate memo (peek inputs) (with-names memo node refs))
      :recur (get (with-name refs memo node (:name node) (first inputs)) (:name node))
      :ref (get refs (:name node) nothing-known)
      a)))

(defn estimate
  "The estimate of a node; refs has those of with+ names."
  [^IdentityHashMap memo node refs]
  (or (.get memo node)
      (let [e (of-node memo node refs)]
        (.put memo node e)
        e)))

(defn known-rows
  "The rows of an estimate, nil if they hang on a source whose rows are unknown."
  [{:keys [rows guess]}]
  (when-not guess rows))

(defn known-bytes
  "About how many bytes the rows of an estimate of a schema take in a table; nil when the rows are unknown."
  [estimate schema]
  (when-let [n (known-rows estimate)]
    (* (double n) (double (reduce + 16.0 (map #(column/width (:type %)) schema))))))

(defn rows
  "The number of rows of a tree, a double; nil if it hangs on a source whose rows are unknown."
  [node]
  (known-rows (estimate (estimator) node {})))
