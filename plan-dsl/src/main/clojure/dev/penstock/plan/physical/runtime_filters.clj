(ns dev.penstock.plan.physical.runtime-filters
  "Runtime filters: where the build side of a hash join tells scans of its probe side which keys it has.

  A join gets \"runtime-filters\" [{\"id\" n \"key\" i}], a scan [{\"id\" n \"column\" ordinal \"wait\" bool}]: section 7 of the
  plan language. Only joins that drop probe rows without a match have them, and only where they are
  likely to pay."
  (:require [dev.penstock.plan.physical.trace :as trace]))

(def ^:private least-scan-rows "Scans that are smaller are not worth a filter." 4096)

(def ^:private much-smaller
  "A build side from which nothing was dropped is worth a filter if the scan has so many times its rows."
  100)

(defn- drops-probe-rows?
  "Do probe rows without a match leave no trace in the output?"
  [{:strs [kind strategy build]}]
  (and (= "hash" strategy)
       (or (#{"inner" "semi"} kind)
           (= ["left" "left"] [kind build])
           (= ["right" "right"] [kind build])
           (= ["anti" "left"] [kind build]))))

(defn- reduces?
  "Do rows get lost in a node itself?"
  [{:strs [op filter limit kind]}]
  (case op
    "scan" (or filter limit)
    "join" (#{"semi" "anti" "null-anti"} kind)
    ("filter" "values" "slice" "top" "set-op" "first") true
    false))

(defn- children [{:strs [inputs bindings]}] (concat (map #(get % "node") bindings) inputs))

(defn- estimated-rows [{:strs [op rows]}]
  (cond
    (= "values" op) (double (count rows))
    :else (force rows)))

(defn- pays?
  [mode build scan reduced]
  (let [b (estimated-rows build), s (estimated-rows scan)]
    (cond
      (= :all mode) true
      (and b s) (let [b (double b), s (double s)]
                  (and (<= (double least-scan-rows) s) (<= b s)
                       (or reduced (get scan "by-keys") (<= (* (double much-smaller) b) s))))
      :else reduced)))

(defn- waits?
  "Should a scan wait for the filter, where nothing else makes it wait? Not for a build side of unknown size."
  [mode id build scan]
  (if (= :all mode)
    (even? (long id))
    (boolean (and (estimated-rows build) (estimated-rows scan)))))

(defn- may-pay?
  "May a filter pay for some scan of a probe side, whose largest scan has so many rows (nil: unknown)?"
  [mode build largest]
  (or (= :all mode)
      (nil? largest)
      (let [b (estimated-rows build)]
        (or (nil? b) (<= (max (double least-scan-rows) (double b)) (double largest))))))

(defn- key-placements
  "The scans that take the filter of key i of a join: [[scan-id entry] ...]"
  [{:keys [mode scans reduced largest]} id join i]
  (let [build-is-left (= "left" (get join "build"))
        [probe build] (cond-> (get join "inputs") build-is-left reverse)
        probe-key (nth (get join (if build-is-left "right-keys" "left-keys")) i)]
    (when-let [{:keys [index]} (when (and (not (#{"boolean" "any"} (get probe-key "type")))
                                          (may-pay? mode build @(largest (get probe "id"))))
                                 (trace/below probe-key))]
      (for [[scan-id column] (distinct (trace/scans probe index))
            :let [scan (scans scan-id)]
            :when (pays? mode build scan (reduced (get build "id")))]
        [scan-id {"id" id "column" column "wait" (waits? mode id build scan)}]))))

(defn- place-join [state join]
  (reduce (fn [{:keys [next-id] :as state} i]
            (let [placed (key-placements state next-id join i)]
              (if (empty? placed)
                state
                (reduce (fn [state [scan-id entry]] (update-in state [:of scan-id] (fnil conj []) entry))
                        (-> state
                            (assoc :next-id (inc (long next-id)))
                            (update-in [:of (get join "id")] (fnil conj []) {"id" next-id "key" i}))
                        placed))))
          state
          (range (count (get join "left-keys")))))

(defn- largest-scan
  "The rows of the largest scan at or below a node, nil if those of one are unknown; late, for without joins nobody asks."
  [largest {:strs [op] :as node}]
  (delay
    (if (= "scan" op)
      (estimated-rows node)
      (reduce (fn [n below] (when-let [m @(largest (get below "id"))] (when n (max (double n) (double m)))))
              0.0 (children node)))))

(defn- visit
  "What is known after a node and all below it, each once: scans by id, which nodes lost rows, their largest scans, filters by
  node id."
  [state {:strs [op id] :as node}]
  (if (contains? (:reduced state) id)
    state
    (let [state (reduce visit state (children node))
          lost (boolean (or (reduces? node)
                            (some #((:reduced state) (get % "id")) (get node "inputs"))))
          state (-> state
                    (assoc-in [:reduced id] lost)
                    (assoc-in [:largest id] (largest-scan (:largest state) node)))]
      (cond
        (= "scan" op) (assoc-in state [:scans id] node)
        (and (= "join" op) (drops-probe-rows? node)) (place-join state node)
        :else state))))

(defn- annotate
  "The tree with the filters of each node; a shared node stays one object."
  [filters seen {:strs [id inputs bindings] :as node}]
  (or (@seen id)
      (let [node (cond-> node
                   (seq inputs) (assoc "inputs" (mapv #(annotate filters seen %) inputs))
                   (seq bindings) (assoc "bindings" (mapv (fn [b] (update b "node" #(annotate filters seen %))) bindings))
                   (filters id) (assoc "runtime-filters" (filters id)))]
        (vswap! seen assoc id node)
        node)))

(defn place
  "A lowered plan with runtime filters. mode: :likely (or nil) where they are likely to pay, :all wherever they
  are right (for tests), :none."
  [root mode]
  (let [filters (when-not (= :none mode)
                  (:of (visit {:mode mode :next-id 1 :scans {} :reduced {} :largest {} :of {}} root)))]
    (if (seq filters) (annotate filters (volatile! {}) root) root)))
