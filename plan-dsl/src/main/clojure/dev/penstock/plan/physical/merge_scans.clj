(ns dev.penstock.plan.physical.merge-scans
  "Merge scans: joins whose one side is a scan of a source that lies in the order of the key, so that its rows are found as
  the keys of the other side (the leader) go along; no table of hashes is built.

  A join gets \"strategy\" \"merge-scan\", and \"build\" says which side is found; scans say of themselves \"sorted-by\" and
  \"finds\": section 7 of the plan language. A merge is right wherever it is placed, so orders matter for its speed only."
  (:import (java.util IdentityHashMap)))

(def ^:private costs
  "Nanoseconds a row. A step forward among rows that lie together costs :step a row that is passed, up to :leap, which is
  a look into the index."
  {:build 30.0 :probe 12.0 :lead 6.0 :step 1.5 :leap 150.0 :look-up 330.0})

(def ^:private rows-a-key "Reading so many rows is as much as finding one key." 100)

(def ^:private few-rows "A leader of fewer rows is read by one lane, as scans are cut." 32768.0)

(defn- rows [node] (let [n (force (get node "rows"))] (when (number? n) (double n))))

(defn- column "The ordinal of a key that is a column." [{:strs [kind index]}] (when (= "column" kind) index))

(defn- pass-on
  "Of ordinals of an input those that a node shows, as its own."
  [shown ordinals]
  (into #{} (keep-indexed (fn [i o] (when (ordinals o) i))) shown))

(declare ascending)

(defn- joined-ascending
  "Both hash joins and merge scans keep the order of the rows that look for others."
  [memo {:strs [kind build strategy output inputs left-keys right-keys]}]
  (let [[l r] inputs
        n (long (count (get l "schema")))
        probe-left? (= "right" build)
        keeps? (and (#{"hash" "merge-scan"} strategy)
                    (or (= "inner" kind) (and probe-left? (#{"left" "semi" "anti"} kind))))]
    (if-not keeps?
      #{}
      (let [of-probe (if probe-left? (ascending memo l) (into #{} (map #(+ n (long %))) (ascending memo r)))
            twins (when (= "inner" kind)
                    (mapcat (fn [a b]
                              (let [a (column a), b (when-let [b (column b)] (+ n (long b)))]
                                (when (and a b)
                                  (cond (of-probe a) [b] (of-probe b) [a]))))
                            left-keys right-keys))]
        (pass-on output (into of-probe twins))))))

(defn- ascending
  "The ordinals of a node's columns by which its rows come, ascending. memo remembers those of joins."
  [^IdentityHashMap memo {:strs [op inputs exprs sorted-by] :as node}]
  (case op
    "scan" (if sorted-by #{(get sorted-by "column")} #{})
    "filter" (ascending memo (first inputs))
    "project" (pass-on (map column exprs) (ascending memo (first inputs)))
    "join" (or (.get memo node)
               (let [found (joined-ascending memo node)]
                 (.put memo node found)
                 found))
    #{}))

(defn- finds
  "Among how many rows a scan finds those of a key; nil if it cannot, or what it gives is not all of its source."
  [{:strs [op filter limit finds schema]} key]
  (when (and (= "scan" op) (nil? filter) (nil? limit) (column key)
             (every? #(and (= "int64" (get % "type")) (false? (get % "nullable"))) schema))
    (get finds (column key))))

(defn- as-scan
  "A scan below a project that only chooses and renames its columns, with these columns; other nodes as they are."
  [{:strs [op inputs exprs schema id] :as node}]
  (let [[{:strs [columns finds filter] below "op" :as scan}] inputs
        chosen (map column exprs)]
    (if (and (= ["project" "scan"] [op below]) (nil? filter) (every? some? chosen)
             (or (empty? chosen) (apply distinct? chosen)))
      (-> scan
          (dissoc "sorted-by")
          (assoc "id" id "schema" schema "columns" (mapv columns chosen)
                 "finds" (into {} (keep-indexed (fn [i o] (when-let [n (get finds o)] [i n]))) chosen)))
      node)))

(defn- widest "The rows of the largest scan (or shared subplan) at or below a node." [{:strs [op inputs] :as node}]
  (if (#{"scan" "shared"} op) (or (rows node) 0.0) (reduce max 0.0 (map widest inputs))))

(defn- hashed-cost
  "Of a hash join of two inputs. Where the smaller one has few of the rows of a scan, a runtime filter of its keys saves
  what lies between that and the join."
  [l r]
  (let [{:keys [build probe look-up]} costs
        a (double (rows l)), b (double (rows r))
        few (min a b)
        hashed (+ (* (double build) few) (* (double probe) (max a b)))]
    (if (< (* (double rows-a-key) few) (double (widest (if (< a b) r l))))
      (min hashed (* few (+ (double build) (double look-up))))
      hashed)))

(defn- merged-cost
  "Of so many leading rows with so many keys among which as many steps lie as rows are found among. One lane alone is
  charged for the others."
  [leading keys among]
  (let [{:keys [lead step leap]} costs
        steps (/ (double among) (max 1.0 (double keys)))
        cost (+ (* (double lead) (double leading))
                (* (double keys) (min (double leap) (+ 5.0 (* (double step) steps)))))]
    (if (< (double leading) (double few-rows)) (* 2.0 cost) cost)))

(defn- values-of
  "At most how many values the ascending columns of a node have: those of the scan that they come from."
  [{:strs [op inputs build sorted-by]}]
  (case op
    "scan" (get sorted-by "values")
    ("filter" "project") (values-of (first inputs))
    "join" (values-of (nth inputs (if (= "right" build) 0 1)))
    nil))

(defn- merge-cost
  "What it costs to find side i of a join while the other one leads; nil: it cannot be done, or is not known to be good."
  [memo mode {:strs [inputs left-keys right-keys] :as join} i]
  (let [found (nth inputs i), leader (nth inputs (- 1 (long i)))
        [[found-key] [leader-key]] (cond-> [left-keys right-keys] (= 1 i) reverse)
        among (finds (as-scan found) found-key)]
    (cond
      (nil? among) nil
      (= :all mode) (if (contains? (ascending memo leader) (column leader-key)) 0.0 1.0)
      (contains? (ascending memo leader) (column leader-key))
      (when-let [leading (rows leader)]
        (let [leading (double leading)
              keys (min leading (double (or (values-of leader) leading)))
              many (double (or (rows join) 0.0))]
          ;; not if one lane would make many rows alone
          (when-not (and (< leading (double few-rows)) (< (max 65536.0 (* 4.0 leading)) many))
            (merged-cost leading keys among)))))))

(defn- placed
  "A join as a merge scan, if that is likely to be faster."
  [memo mode {:strs [kind strategy left-keys residual inputs] :as join}]
  (if-not (and (= "hash" strategy) (= 1 (count left-keys)) (nil? residual)
               (#{"inner" "left" "semi" "anti"} kind))
    join
    (let [sides (keep (fn [i] (some->> (merge-cost memo mode join i) (vector i))) (if (= "inner" kind) [0 1] [1]))
          [i cost] (when (seq sides) (apply min-key second sides))]
      (if (and i (or (= :all mode)
                     (and (every? rows inputs) (< (double cost) (double (hashed-cost (inputs 0) (inputs 1)))))))
        (-> join
            (assoc "strategy" "merge-scan" "build" (if (= 1 i) "right" "left"))
            (update-in ["inputs" i] as-scan))
        join))))

(defn place
  "A lowered plan with merge scans. mode: :likely (or nil) where they are likely to pay, :all wherever they are right (for
  tests), :none. A shared node stays one object."
  [root mode]
  (let [seen (volatile! {})
        memo (IdentityHashMap.)
        visit (fn visit [{:strs [op id inputs bindings] :as node}]
                (or (@seen id)
                    (let [below (mapv visit inputs)
                          same? (every? true? (map identical? below inputs))
                          bound (mapv (fn [b] (update b "node" visit)) bindings)
                          node (cond-> node
                                 (not same?) (assoc "inputs" below)
                                 (seq bindings) (assoc "bindings" bound))
                          node (if (= "join" op) (placed memo mode node) node)]
                      (vswap! seen assoc id node)
                      node)))]
    (if (= :none mode) root (visit root))))
