(ns dev.penstock.plan.rules
  "The rewriter: ordered rules over the typed tree. A rule is a pure function (rule node ctx) -> a new node,
  or nil when it does not fire; its name is a sentence. Rules stand in phases (ordered vectors of vars); a
  phase goes through the tree until none of its rules fires any more."
  (:require [dev.penstock.plan.print :as print]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.rules.columns :as columns]
            [dev.penstock.plan.rules.constants :as constants]
            [dev.penstock.plan.rules.filters :as filters]
            [dev.penstock.plan.rules.joins :as joins]
            [dev.penstock.plan.rules.limits :as limits]
            [dev.penstock.plan.rules.unions :as unions]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.unparse :as unparse]))

(def phases
  "The rules in order: [name direction [rule var ...]] each."
  [[:simplify :up
    [#'constants/fold-constants
     #'constants/drop-filter-that-is-always-true
     #'constants/empty-relation-of-filter-that-is-never-true
     #'unions/flatten-nested-unions
     #'unions/drop-distinct-below-distinct]]
   [:filters :down
    [#'filters/merge-adjacent-filters
     #'filters/push-filter-below-project
     #'filters/push-filter-below-bind
     #'joins/turn-outer-join-into-inner
     #'joins/turn-filter-into-join-keys
     #'joins/turn-residual-into-join-keys
     #'filters/push-filter-below-join
     #'filters/push-residual-below-join
     #'filters/push-filter-below-union
     #'filters/push-filter-below-group
     #'filters/push-filter-below-distinct
     #'filters/push-filter-below-sort
     #'filters/push-filter-below-window
     #'filters/push-filter-into-scan]]
   [:limits :down
    [#'limits/turn-sort-and-slice-into-top
     #'limits/merge-adjacent-slices
     #'limits/push-slice-below-project
     #'limits/push-limit-into-union
     #'limits/push-limit-into-scan]]
   [:columns :whole
    [#'columns/prune-columns]]
   [:clean :up
    [#'columns/merge-adjacent-projects
     #'columns/drop-project-that-changes-nothing
     #'joins/merge-inputs-that-are-sorted]]])

(def ^:private max-firings
  "More than this many firings for one plan is a loop between rules: a defect."
  100000)

(defn rule-name "The name of a rule var, a symbol." [rule] (:name (meta rule)))

(defn- fire
  "The first rule that fires on a node: the new node, logged; or nil."
  [rules node ctx log]
  (some (fn [rule]
          (when-let [changed (rule node ctx)]
            (let [changed (schema/refresh changed)]
              (when (< (long max-firings) (count @log))
                (problem/fail :rules-do-not-end (str "the rules do not end on this plan: " (rule-name rule))))
              (vswap! log conj {:rule (rule-name rule) :before node :after changed})
              changed)))
        rules))

(defn- rewrite-up [rules node ctx log]
  (let [node (schema/refresh (tree/map-inputs #(rewrite-up rules % ctx log) node))]
    (if-let [changed (fire rules node ctx log)]
      (recur rules changed ctx log)
      node)))

(defn- rewrite-down [rules node ctx log]
  (if-let [changed (fire rules node ctx log)]
    (recur rules changed ctx log)
    (schema/refresh (tree/map-inputs #(rewrite-down rules % ctx log) node))))

(defn- until-settled [f node log]
  (loop [node node]
    (let [before (count @log)
          changed (f node)]
      (if (= before (count @log)) changed (recur changed)))))

(defn- run-phase [[_ direction rules] node ctx log]
  (case direction
    :up (until-settled #(rewrite-up rules % ctx log) node log)
    :down (until-settled #(rewrite-down rules % ctx log) node log)
    :whole (or (fire rules node ctx log) node)))

(defn- run-phases
  "All phases in order; the first two, which feed each other, until neither fires."
  [node phases ctx log]
  (let [[again once] (split-with #(contains? #{:simplify :filters} (first %)) phases)
        run (fn [node phases] (reduce #(run-phase %2 %1 ctx log) node phases))]
    (run (until-settled #(run % again) node log) once)))

(defn- text [node] (print/flat (unparse/plan node)))

(defn rewrite
  "{:tree rewritten :fired [{:rule name :before text :after text} ...]} of a typed tree. The texts of what
  each rule saw and gave are there when ctx has :explain? true; they cost more than the rewriting."
  [tree {:keys [rules explain?] :as ctx}]
  (let [log (volatile! [])
        done (run-phases tree (or rules phases) ctx log)]
    {:tree done
     :fired (mapv (fn [{:keys [rule before after]}]
                    {:rule rule
                     :before (if explain? (text before) "")
                     :after (if explain? (text after) "")})
                  @log)}))
