(ns dev.penstock.plan.rules.transitive
  "What is known of a key on one side of a join holds for the key of the other side."
  (:require [dev.penstock.plan.facts :as facts]
            [dev.penstock.plan.ranges :as ranges]
            [dev.penstock.plan.rules.filters :as filters]
            [dev.penstock.plan.tree :as tree]))

(def ^:private directions
  "Which sides may be filtered by what holds on the other, by kind. (A null of the right side counts for
  null-anti and mark, so nothing may be dropped there.)"
  {:inner #{:left :right}, :semi #{:left :right}, :left #{:right}, :right #{:left}, :anti #{:right}})

(defn- about?
  "Does a predicate compare just this column with constants, in a way that equal values share?"
  [name e]
  (let [ok? (fn ok? [{f :fn :keys [args] :as e}]
              (cond
                (tree/column? e) (= name (:name e))
                (tree/constant? e) true
                (contains? '#{and or not} f) (every? ok? args)
                (contains? '#{= not= < <= > >= in like} f)
                (and (tree/column? (first args)) (ok? (first args)) (every? tree/constant? (rest args)))))]
    (and (tree/call? e) (boolean (ok? e)) (contains? (tree/expr-columns e) name))))

(defn- turned "(< 5 a) as (> a 5), so that about? sees it." [{f :fn :keys [args] :as e}]
  (let [[a b] args
        swapped ('{= =, not= not=, < >, <= >=, > <, >= <=} f)]
    (if (and swapped (tree/constant? a) (tree/column? b)) (assoc e :fn swapped :args [b a]) e)))

(defn- carried
  "Predicates for the input of side to, out of what holds for the keys of the other side."
  [{:keys [keys inputs] :as node} to ctx]
  (let [from (if (= :left to) :right :left)
        [source target] (if (= :left to) (reverse inputs) inputs)
        known (map turned (:predicates (facts/of source ctx)))
        held (ranges/known (:predicates (facts/of target ctx)))
        done (get (:carried (meta node)) to #{})]
    (distinct
     (for [k keys
           :let [a (from k), b (to k)]
           :when (and (tree/column? a) (seq (tree/expr-columns b)) (filters/quiet? b))
           e (sort-by pr-str (filter #(about? (:name a) %) known))
           :let [e (tree/postwalk #(if (tree/column? %) b %) e)]
           :when (not (or (contains? done (tree/plain e)) (ranges/implied? (tree/plain e) held)))]
       e))))

(defn- nullable-again
  "A plain predicate with what its place says about null."
  [e]
  (tree/postwalk #(case (:kind %)
                    :call (assoc % :nullable (boolean (some :nullable (:args %))))
                    :literal (assoc % :nullable (nil? (:value %)))
                    %)
                 e))

(defn carry-filters-over-join-keys
  "Of a=b and a filter on a follows the filter on b, where rows without a match may be dropped. Each follows
  once: a join remembers what was carried over it."
  [{:keys [op kind] [l r] :inputs :as node} ctx]
  (when (= :join op)
    (let [sides (directions kind)
          [lefts rights] (map #(when (contains? sides %) (map nullable-again (carried node % ctx))) [:left :right])]
      (when (or (seq lefts) (seq rights))
        (-> node
            (assoc :inputs [(filters/filter-over lefts l) (filters/filter-over rights r)])
            (vary-meta update :carried
                       #(merge-with into {:left #{} :right #{}} % {:left (map tree/plain lefts)
                                                                   :right (map tree/plain rights)})))))))
