(ns dev.penstock.plan.rules.eager
  "Rows are grouped before they are joined, where that leaves few of them.

  (group+ keys aggregates (join+ ... X ...)) becomes a group of parts of the aggregates over X, by all columns of X that
  anything above reads as they are; the joins as before over its groups; and a group of the parts above. Above and below
  there may be filters, projects and binds. What an aggregate becomes:

    of columns of X                     its part, and above the aggregate of parts: sums of sums and counts ...
    min, max and the like, and distinct  stay as they are: it is all one how often a row comes
    a count of other columns            the sum of the rows that the groups of X stand for

  See eager.place for where X may be, eager.parts for the aggregates. Which X: the one that saves the most rows."
  (:require [dev.penstock.plan.estimate :as estimate]
            [dev.penstock.plan.rules.eager.parts :as parts]
            [dev.penstock.plan.rules.eager.place :as place]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]))

(def ^:private shrinks "A group below a join must leave at most this share of its rows." 0.25)

(def ^:private worth "All that is carried and grouped must become at most this share of what it was." 0.75)

(def ^:private fewest
  "Fewer rows are not worth a group of their own; and estimates below one row could shrink for ever."
  32.0)

(defn- known [memo node]
  (let [e (estimate/estimate memo node {})]
    (when (estimate/known-rows e) e)))

(defn- distinct-known?
  "Are the values of all columns that X would be grouped by counted, so that the number of its groups is no guess?"
  [{:keys [columns keys]} names]
  (or (some #(every? names %) keys)
      (every? #(:distinct (get columns %)) names)))

(defn- carried
  "The rows that the joins on the way from a group down to its place take and give, a double; nil if unknown."
  [memo nodes]
  (reduce (fn [sum [node on-way]]
            (let [out (known memo node), in (known memo on-way)]
              (if (and out in)
                (+ (double sum) (double (:rows out)) (min (double (:rows in)) (double (:rows out))))
                (reduced nil))))
          0.0 nodes))

(defn- grouping
  "What it costs to put rows into so many groups: the more groups, the farther each one lies."
  [rows groups]
  (* (double rows) (+ 1.0 (* 0.1 (/ (Math/log (max 1.0 (double groups))) (Math/log 2.0))))))

(defn- work
  "What a group costs, and what is carried on the way to it; nil if unknown."
  [memo {[input] :inputs :as group} way]
  (let [in (known memo input), out (known memo group), below (carried memo way)]
    (when (and in out below) (+ (double (grouping (:rows in) (:rows out))) (double below)))))

(defn- candidate
  "{:node :gain} of one place, when it is known to be worth while."
  [memo {:keys [sets] group-keys :keys :as group} {:keys [node needed way rebuild] :as found}]
  (let [x (known memo node)]
    (when (and x (<= (double fewest) (double (:rows x))) (seq needed) (distinct-known? x needed))
      (let [{:keys [below aggregates finish]} (parts/split group found x)
            partial (schema/refresh
                     {:op :group :inputs [node] :sets nil :aggregates below :early true
                      :keys (mapv (fn [field] {:name (:name field) :expr (tree/field-column field)})
                                  (filter #(needed (:name %)) (:schema node)))})
            [input new-way] (rebuild partial)
            final (schema/refresh {:op :group :inputs [input] :keys group-keys :sets sets :aggregates aggregates
                                   :early true})
            before (work memo group way), first-half (work memo partial []), second-half (work memo final new-way)]
        (when (and before first-half second-half
                   (<= (double (:rows (known memo partial))) (* (double shrinks) (double (:rows x)))))
          (let [after (+ (double first-half) (double second-half))]
            ;; less, not as little: of no rows nothing is saved, again and again
            (when (and (< after (double before)) (<= after (* (double worth) (double before))))
              {:node (finish final) :gain (- (double before) after)})))))))

(defn push-group-below-join
  "Rows are grouped by what is read of them above a join before they are joined, and their groups again, where that
  saves most of the rows. Once for each group: of estimates that do not agree there is always something more to save."
  [{:keys [op early] :as node} {:keys [estimator]}]
  (when (and (= :group op) (not early))
    (let [memo (or estimator (estimate/estimator))]
      (when (known memo (first (:inputs node)))
        (let [found (keep #(candidate memo node %) (place/places node))]
          (when (seq found)
            (:node (apply max-key :gain found))))))))
