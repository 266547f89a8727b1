(ns dev.penstock.plan.naive.join
  "Joins as nested loops with a three-valued condition."
  (:require [dev.penstock.plan.naive.order :as order]
            [dev.penstock.plan.naive.scalar :as scalar]
            [dev.penstock.plan.tree :as tree]))

(defn- key-match "true, false or nil" [env {:keys [left right null-safe]} l r]
  (let [a (scalar/evaluate env l left), b (scalar/evaluate env r right), type (:type left)]
    (cond
      null-safe (= (order/key-of type a) (order/key-of type b))
      (or (nil? a) (nil? b)) nil
      :else (= (order/key-of type a) (order/key-of type b)))))

(defn- condition
  "true, false or nil: all keys match and the residual holds."
  [env {:keys [keys residual]} l r]
  (let [verdicts (map #(key-match env % l r) keys)]
    (cond
      (some false? verdicts) false
      (nil? residual) (if (some nil? verdicts) nil true)
      :else (let [v (scalar/evaluate env (merge r l) residual)]
              (cond (false? v) false
                    (or (nil? v) (some nil? verdicts)) nil
                    :else true)))))

(defn- output
  "The row of the join's schema for a pair of which one may be absent (nil)."
  [{:keys [kind using schema] [left right] :inputs} l r]
  (let [lefts (set (tree/names left)), shared (set using)]
    (into {}
          (map (fn [{:keys [name]}]
                 [name (cond
                         (shared name) (case kind
                                         :right (get r name)
                                         :full (let [v (get l name)] (if (some? v) v (get r name)))
                                         (get l name))
                         (lefts name) (get l name)
                         :else (get r name))]))
          schema)))

(defn- check-keys
  "Evaluates the keys of all rows: an error in one is an error of the join, also when the other input is empty."
  [env keys lefts rights]
  (doseq [{:keys [left right]} keys]
    (run! #(scalar/evaluate env % left) lefts)
    (run! #(scalar/evaluate env % right) rights)))

(defn join "The rows of a join of the rows of its inputs." [env {:keys [kind mark keys] :as node} lefts rights]
  (check-keys env keys lefts rights)
  (let [verdicts (fn [l] (mapv #(condition env node l %) rights))
        matches (fn [l] (keep-indexed #(when (true? %2) %1) (verdicts l)))
        pairs (for [l lefts] [l (vec (matches l))])]
    (case kind
      (:inner :cross) (for [[l ms] pairs, m ms] (output node l (nth rights m)))
      :semi (for [[l ms] pairs :when (seq ms)] l)
      :anti (for [[l ms] pairs :when (empty? ms)] l)
      :null-anti (for [l lefts :when (every? false? (verdicts l))] l)
      :mark (for [l lefts :let [vs (verdicts l)]]
              (assoc l mark (cond (some true? vs) true (some nil? vs) nil :else false)))
      (let [matched (into #{} (mapcat second) pairs)
            inner (for [[l ms] pairs, m ms] (output node l (nth rights m)))
            left-rest (for [[l ms] pairs :when (empty? ms)] (output node l nil))
            right-rest (keep-indexed #(when-not (matched %1) (output node nil %2)) rights)]
        (concat inner
                (when (#{:left :full} kind) left-rest)
                (when (#{:right :full} kind) right-rest))))))
