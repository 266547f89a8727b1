(ns dev.penstock.plan.rules
  "The rewriter: ordered rules over the typed tree. A rule is a pure function (rule node ctx) -> a new node,
  or nil when it does not fire; its name is a sentence. Rules stand in phases (ordered vectors of vars); a
  phase goes through the tree until none of its rules fires any more."
  (:require [dev.penstock.plan.cancel :as cancel]
            [dev.penstock.plan.estimate :as estimate]
            [dev.penstock.plan.print :as print]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.rules.columns :as columns]
            [dev.penstock.plan.rules.constants :as constants]
            [dev.penstock.plan.rules.disjunctions :as disjunctions]
            [dev.penstock.plan.rules.distincts :as distincts]
            [dev.penstock.plan.rules.eager :as eager]
            [dev.penstock.plan.rules.empty :as empty]
            [dev.penstock.plan.rules.filters :as filters]
            [dev.penstock.plan.rules.groups :as groups]
            [dev.penstock.plan.rules.join-order :as join-order]
            [dev.penstock.plan.rules.joins :as joins]
            [dev.penstock.plan.rules.limits :as limits]
            [dev.penstock.plan.rules.outer :as outer]
            [dev.penstock.plan.rules.semi :as semi]
            [dev.penstock.plan.rules.sorts :as sorts]
            [dev.penstock.plan.rules.subplans :as subplans]
            [dev.penstock.plan.rules.transitive :as transitive]
            [dev.penstock.plan.rules.unions :as unions]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.unparse :as unparse]
            [dev.penstock.plan.uses :as uses])
  (:import (java.util IdentityHashMap)))

(def phases
  "The rules in order: [name direction [rule var ...]] each. A direction is :up or :down, :used (down, with what is made
  of each node's rows in ctx: see uses) or :whole (the root alone)."
  [[:simplify :up
    [#'constants/fold-constants
     #'constants/drop-filter-that-is-always-true
     #'constants/empty-relation-of-filter-that-is-never-true
     #'empty/empty-relation-of-slice-of-none
     #'empty/empty-relation-of-contradiction
     #'empty/drop-conditions-that-others-imply
     #'empty/drop-condition-of-join-that-is-always-true
     #'empty/drop-side-of-join-that-matches-nothing
     #'empty/empty-relation-over-empty-relation
     #'unions/flatten-nested-unions
     #'unions/drop-distinct-below-distinct
     #'distincts/drop-distinct-of-unique-rows
     #'groups/drop-group-of-unique-keys
     #'groups/drop-constant-group-keys
     #'groups/drop-group-keys-that-others-determine
     #'groups/merge-group-over-group
     #'sorts/drop-sort-of-one-row
     #'sorts/drop-sort-items-that-say-nothing
     #'subplans/inline-subplan-that-is-used-once]]
   [:filters :down
    [#'filters/merge-adjacent-filters
     #'filters/push-filter-below-project
     #'filters/push-filter-below-bind
     #'joins/turn-outer-join-into-inner
     #'joins/turn-outer-join-below-join-into-inner
     #'outer/turn-left-join-and-is-null-into-anti
     #'joins/turn-filter-into-join-keys
     #'joins/turn-residual-into-join-keys
     #'filters/push-filter-below-join
     #'filters/push-residual-below-join
     #'filters/push-filter-below-union
     #'filters/push-filter-below-group
     #'filters/push-filter-below-distinct
     #'filters/push-filter-below-sort
     #'filters/push-filter-below-window
     #'filters/push-filter-into-scan
     #'disjunctions/pull-common-factors-out-of-or
     #'disjunctions/filter-sides-by-what-an-or-says
     #'disjunctions/filter-sides-by-what-an-or-of-the-condition-says
     #'transitive/carry-filters-over-join-keys
     #'semi/push-semi-join-below-project
     #'semi/push-semi-join-below-group]]
   [:uses :used
    [#'columns/leave-out-items-that-nobody-reads
     #'outer/drop-outer-join-whose-other-side-is-unused
     #'outer/drop-mark-join-whose-mark-is-unused
     #'semi/turn-mark-into-semi-or-anti
     #'distincts/drop-distinct-where-duplicates-do-not-matter
     #'distincts/turn-grouping-into-project-where-duplicates-do-not-matter
     #'sorts/drop-sort-whose-order-is-lost]]
   [:limits :down
    [#'limits/turn-sort-and-slice-into-top
     #'limits/merge-adjacent-slices
     #'limits/push-slice-below-project
     #'limits/push-limit-into-union
     #'limits/push-limit-below-left-join
     #'limits/push-top-below-project
     #'limits/push-top-below-left-join
     #'limits/push-top-into-union
     #'limits/push-limit-into-scan]]
   [:order :whole
    [#'join-order/order-joins]]
   ;; Not before joins are in order: which one is the last to use a table hangs on that.
   [:semis :used
    [#'semi/turn-inner-join-into-semi]]
   ;; Where groups pay is known when joins are in order.
   [:groups :down
    [#'eager/push-group-below-join
     #'groups/drop-group-of-unique-keys]]
   [:share :whole
    [#'subplans/share-equal-subtrees]]
   [:columns :whole
    [#'columns/prune-columns]]
   [:clean :up
    [#'columns/merge-adjacent-projects
     #'columns/drop-project-that-changes-nothing
     #'joins/merge-inputs-that-are-sorted]]
   ;; Subtrees that were not equal before may be so by the columns that they have left.
   [:share-pruned :whole
    [#'subplans/share-equal-subtrees]]
   [:columns-shared :whole
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
          (cancel/check ctx)
          (when-let [changed (rule node ctx)]
            (let [changed (schema/refresh changed)]
              (when (< (long max-firings) (count @log))
                (problem/fail :rules-do-not-end (str "the rules do not end on this plan: " (rule-name rule))))
              (vswap! log conj {:rule (rule-name rule) :before node :after changed})
              changed)))
        rules))

(defn- settled?
  "Was a phase through with a tree, down to its leaves? Rules see a node and what is below it, so it stays so."
  [^IdentityHashMap settled node]
  (.containsKey settled node))

(defn- remember [^IdentityHashMap settled before after]
  (when (identical? before after) (.put settled after true))
  after)

(defn- rewrite-up [rules node ctx log settled]
  (if (settled? settled node)
    node
    (let [below (schema/refresh (tree/map-inputs #(rewrite-up rules % ctx log settled) node))]
      (if-let [changed (fire rules below ctx log)]
        (recur rules changed ctx log settled)
        (remember settled node below)))))

(defn- rewrite-down [rules node ctx log settled]
  (if (settled? settled node)
    node
    (if-let [changed (fire rules node ctx log)]
      (recur rules changed ctx log settled)
      (remember settled node
                (schema/refresh (tree/map-inputs #(rewrite-down rules % ctx log settled) node))))))

(defn- rewrite-used
  "Down, with what is made of the rows of each node in ctx."
  [rules node use ctx log]
  (if-let [changed (fire rules node (merge ctx use) log)]
    (recur rules changed use ctx log)
    (let [inputs (mapv #(rewrite-used rules %1 %2 ctx log) (:inputs node) (uses/of-inputs node use))]
      (schema/refresh (tree/with-inputs node inputs)))))

(defn- until-settled [f node log]
  (loop [node node]
    (let [before (count @log)
          changed (f node)]
      (if (= before (count @log)) changed (recur changed)))))

(defn- run-phase [[name direction rules] node {:keys [settled] :as ctx} log]
  (let [done (or (get @settled name)
                 (get (vswap! settled assoc name (IdentityHashMap.)) name))]
    (case direction
      :up (until-settled #(rewrite-up rules % ctx log done) node log)
      :down (until-settled #(rewrite-down rules % ctx log done) node log)
      :used (until-settled #(rewrite-used rules % (uses/root %) ctx log) node log)
      :whole (or (fire rules node ctx log) node))))

(def ^:private again
  "Phases that feed each other: they run until none of them fires."
  #{:simplify :filters :uses :limits})

(defn- run-to-sharing
  "The last phases; those from the second sharing on only if that shares something."
  [run node phases]
  (let [[before [sharing & after]] (split-with #(not= :share-pruned (first %)) phases)
        pruned (run node before)
        shared (run pruned (when sharing [sharing]))]
    (if (identical? pruned shared) pruned (run shared after))))

(defn- run-phases
  "All phases in order; those that feed each other first, again and again, and so once more after joins were ordered:
  conditions that this made have to go down."
  [node phases ctx log]
  (let [[again once] (split-with #(contains? again (first %)) phases)
        [order others] (split-with #(= :order (first %)) once)
        run (fn [node phases] (reduce #(run-phase %2 %1 ctx log) node phases))
        settle (fn [node] (until-settled #(run % again) node log))
        settled (settle node)
        ordered (run settled order)]
    (run-to-sharing run (if (identical? settled ordered) ordered (settle ordered)) others)))

(defn- text [node ctx] (print/flat (unparse/plan node ctx)))

(defn rewrite
  "{:tree rewritten :fired [{:rule name :before text :after text} ...]} of a typed tree. The texts of what
  each rule saw and gave are there when ctx has :explain? true; they cost more than the rewriting."
  [tree {:keys [rules explain?] :as ctx}]
  (let [log (volatile! [])
        memories {:facts (IdentityHashMap.) :estimator (estimate/estimator) :settled (volatile! {})}
        done (run-phases tree (or rules phases) (merge ctx memories) log)]
    {:tree done
     :fired (mapv (fn [{:keys [rule before after]}]
                    {:rule rule
                     :before (if explain? (text before ctx) "")
                     :after (if explain? (text after ctx) "")})
                  @log)}))
