(ns dev.penstock.plan.rules.eager.place
  "The nodes below a group, and below joins, that may be grouped before they are joined.

  A place is {:node X, :needed #{names of X that are read above as they are}, :parts {i {:args :filter}} the aggregates
  (by their place in the group) that read X alone, in terms of its columns, :others #{i ...} those that stay above,
  :outer? may a row of X's groups be missing above (the null side of an outer join), :way [[join, its input on the way] ...],
  :rebuild (fn [node] [input of the group, its way]) with another node instead of X}."
  (:require [clojure.set :as set]
            [dev.penstock.plan.rules.eager.parts :as parts]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]))

(defn- reads [{:keys [args filter]}]
  (into (if filter (tree/expr-columns filter) #{}) (mapcat tree/expr-columns) args))

(defn- rewritten
  "Parts in terms of what is below; nil if one would become too large."
  [parts definitions]
  (let [below (update-vals parts (fn [{:keys [args filter]}]
                                   {:args (mapv #(tree/inlined definitions %) args)
                                    :filter (some->> filter (tree/inlined definitions))}))]
    (when (every? (fn [[i {:keys [args filter]}]]
                    (and (every? some? args) (or filter (nil? (:filter (parts i))))))
                  below)
      below)))

(defn- definitions
  "What the items of a project, or of a bind (later ones may read earlier ones), are computed of."
  [op items]
  (reduce (fn [m {:keys [name expr]}] (assoc m name (if (= :bind op) (tree/inlined m expr) expr))) {} items))

(defn- available
  "The items that can be computed of the columns of input, without names that it has (of parts that pass)."
  [op items input]
  (first (reduce (fn [[kept names] {:keys [name expr] :as item}]
                   (if (and (set/subset? (tree/expr-columns expr) names))
                     [(conj kept item) (if (= :bind op) (conj names name) names)]
                     [kept names]))
                 [[] (tree/name-set input)] items)))

(defn- passed
  "A project of what can be computed of a new input, and of the parts that it has."
  [{:keys [exprs] :as node} before input]
  (let [had (tree/name-set before)]
    (schema/refresh
     (assoc node :inputs [input]
            :exprs (into (available :project exprs input)
                         (comp (remove #(had (:name %))) (map (fn [f] {:name (:name f) :expr (tree/field-column f)})))
                         (:schema input))))))

(defn- through [{:keys [rebuild]} make]
  (fn [x]
    (let [new (make x)]
      (rebuild new))))

(defn- below-project [{:keys [node needed parts] :as state}]
  (let [{:keys [op exprs] [input] :inputs} node
        own (definitions op exprs)
        below (rewritten parts own)
        names (tree/name-set input)]
    (when (and below (every? #(or (not (contains? own %)) (own %)) needed))
      (assoc state
             :node input
             :needed (into #{} (comp (mapcat #(if-let [e (own %)] (tree/expr-columns e) [%])) (filter names)) needed)
             :parts below
             :rebuild (through state
                               (if (= :project op)
                                 #(passed node input %)
                                 (fn [x] (let [items (available :bind exprs x)]
                                           (if (seq items)
                                             (schema/refresh (assoc node :inputs [x] :exprs items))
                                             x)))))))))

(defn- below-filter [{:keys [node needed] :as state}]
  (assoc state
         :node (first (:inputs node))
         :needed (into needed (tree/expr-columns (:predicate node)))
         :rebuild (through state #(schema/refresh (assoc node :inputs [%])))))

(def ^:private sides
  "Which sides of a join may be grouped first: :kept as they are, :outer when rows without a match of theirs appear with
  nulls for them."
  {:inner [:kept :kept] :cross [:kept :kept] :left [:kept :outer] :right [:outer :kept]
   :semi [:kept nil] :anti [:kept nil] :null-anti [:kept nil] :mark [:kept nil]})

(defn- below-join
  "The state of input i of a join; nil if it cannot be grouped first."
  [{:keys [node needed parts others way rebuild group] :as state} i side]
  (let [{:keys [keys using residual inputs]} node
        input (nth inputs i)
        names (tree/name-set input)
        own (set/difference names (set using))
        outer? (= :outer side)
        inside? (fn [part] (and (set/subset? (reads part) own) (or (not outer?) (parts/null-of-null? part))))
        leaving (remove (fn [[_ part]] (inside? part)) parts)]
    (when (every? (fn [[j part]] (parts/may-stay? (nth (:aggregates group) j) part)) leaving)
      (let [side-key (if (zero? (long i)) :left :right)
            read (-> needed
                     (into (mapcat (fn [[_ part]] (reads part))) leaving)
                     (into (mapcat #(tree/expr-columns (side-key %))) keys)
                     (into using)
                     (into (when residual (tree/expr-columns residual))))]
        (assoc state
               :node input
               :needed (set/intersection names read)
               :parts (apply dissoc parts (map first leaving))
               :others (into others (map first) leaving)
               :outer? (or outer? (:outer? state))
               :way (conj way [node input])
               :rebuild (fn [x]
                          (let [joined (schema/refresh (assoc node :inputs (assoc inputs i x)))
                                [top new-way] (rebuild joined)]
                            [top (conj new-way [joined x])])))))))

(defn- down [{:keys [node] :as state}]
  (case (:op node)
    (:project :bind) (some-> (below-project state) recur)
    :filter (recur (below-filter state))
    :join (mapcat (fn [i side]
                    (when side
                      (when-let [below (below-join state i side)]
                        (cons below (down below)))))
                  [0 1] (sides (:kind node)))
    nil))

(defn- exact?
  "Are equal values of a column's type the same in all that can be computed of them?"
  [{:keys [type]}]
  (not (contains? #{:float64 :interval :json :any} type)))

(defn- groupable? [{:keys [node needed parts]}]
  (and (every? exact? (filter #(needed (:name %)) (:schema node)))
       (every? parts/quiet? (vals parts))))

(defn places
  "All places below a group, the highest first."
  [{:keys [keys aggregates] [input] :inputs :as group}]
  (let [stays? (fn [a] (not (parts/divisible? a)))
        own #(reads (select-keys % [:args :filter]))
        staying (into #{} (keep-indexed (fn [i a] (when (stays? a) i))) aggregates)]
    (when (every? #(parts/may-stay? % %) (filter stays? aggregates))
      (filter groupable?
              (down {:group group :node input
                     :needed (into #{} (concat (mapcat (comp tree/expr-columns :expr) keys)
                                               (mapcat own (filter stays? aggregates))))
                     :parts (into {} (keep-indexed (fn [i a] (when-not (staying i) [i (select-keys a [:args :filter])])))
                                  aggregates)
                     :others staying :outer? false :way [] :rebuild (fn [x] [x []])})))))
