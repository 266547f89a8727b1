(ns dev.penstock.plan.rules-test
  "Each rule: plans on whose root it fires, with what it gives, and plans on whose root it does not."
  (:require [clojure.test :refer [deftest is testing]]
            [dev.penstock.plan.check :as check]
            [dev.penstock.plan.print :as print]
            [dev.penstock.plan.random-plans :as random-plans]
            [dev.penstock.plan.rule-cases.filters :as filters]
            [dev.penstock.plan.rule-cases.groups :as groups]
            [dev.penstock.plan.rule-cases.joins :as joins]
            [dev.penstock.plan.rule-cases.shapes :as shapes]
            [dev.penstock.plan.rules :as rules]
            [dev.penstock.plan.rules.streams :as streams]
            [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.unparse :as unparse])
  (:import (java.time Instant)))

(def ^:private tables
  {"a" '[[x :int64] [y :int64] [s :varchar] [k :int64 false]]
   "b" '[[x :int64] [z :int64] [t :varchar]]
   "c" '[[u :int64] [v :int64]]
   "big" '[[b1 :int64] [b2 :int64] [b3 :int64]]
   "mid" '[[m1 :int64] [m2 :int64]]
   "tiny" '[[t1 :int64] [t2 :int64]]
   "keyed" '[[id :int64 false] [w :int64]]
   "small" '[[g :int64 false] [h :int64]]
   "facts" '[[f1 :int64] [f2 :int64] [amount [:decimal 12 2]] [n :int32] [ratio :float64]]
   "dims" '[[d1 :int64 false] [d2 :varchar] [d3 :int64]]})

(def ^:private rows {"big" 1000000 "mid" 10000 "tiny" 10 "small" 5 "facts" 1000000 "dims" 100})

(def ^:private statistics
  {"facts" {"f1" {:distinct 100 :nulls 0.0} "f2" {:distinct 1000000 :min 0 :max 1000000} "ratio" {:distinct 10}}
   "dims" {"d1" {:distinct 100} "d2" {:distinct 20} "d3" {:distinct 100}}})

(def ^:private declared {"keyed" [["id"]] "small" [["g"]]})

(def ^:private ctx
  {:describe (fn [t _]
               {:columns (tables (str t))
                :stats (merge {:rows (rows (str t) 100) :columns (statistics (str t) {})}
                              (some->> (declared (str t)) (hash-map :keys)))})
   :now (Instant/parse "2026-01-02T03:04:05Z")})

(defn- text [node] (print/flat (unparse/plan node)))

(defn- canonical "How a plan prints once it was checked." [plan] (text (check/check plan ctx)))

(def ^:private cases
  "{rule {:fires [[plan result] ...] :stays [plan ...]}}"
  (merge filters/cases groups/cases joins/cases shapes/cases))

(def ^:private all-rules
  (into {} (map (juxt rules/rule-name identity))
        (conj (mapcat #(nth % 2) rules/phases) #'streams/turn-hash-join-into-let)))

(def ^:private used-rules (into #{} (comp (filter #(= :used (second %))) (mapcat #(nth % 2))) rules/phases))

(defn- applied
  "What a rule makes of the root; one that asks what is made of rows goes through the plan."
  [rule plan]
  (let [tree (check/check plan ctx)]
    (if (used-rules rule)
      (let [{:keys [fired] rewritten :tree} (rules/rewrite tree (assoc ctx :rules [[:uses :used [rule]]]))]
        (when (seq fired) rewritten))
      (some-> (rule tree ctx) schema/refresh))))

(deftest every-rule-has-cases
  (is (= (set (keys all-rules)) (set (keys cases))))
  (doseq [[rule {:keys [fires stays]}] cases
          :when (not ('#{turn-residual-into-join-keys merge-inputs-that-are-sorted drop-condition-of-join-that-is-always-true} rule))]
    (is (seq fires) (str rule " has no case where it fires"))
    (is (seq stays) (str rule " has no case where it does not"))))

(deftest rules-fire
  (doseq [[rule {:keys [fires]}] cases
          [plan expected] fires]
    (testing (str rule " on " plan)
      (is (= (canonical expected) (some-> (applied (all-rules rule) plan) text))))))

(deftest rules-stay-away
  (doseq [[rule {:keys [stays]}] cases
          plan stays]
    (testing (str rule " on " plan)
      (is (nil? (some-> (applied (all-rules rule) plan) text))))))

(deftest residual-equalities-become-keys
  ;; check turns equalities of a criterion into keys already: a residual with one is made by other rules only.
  (let [join (check/check '(join+ [[x u]] (table+ a) (table+ c) {:on (> y v)}) ctx)
        equal (assoc-in join [:residual :fn] '=)
        changed ((all-rules 'turn-residual-into-join-keys) equal ctx)]
    (is (= 2 (count (:keys changed))))
    (is (nil? (:residual changed)))))

(deftest sorted-inputs-are-merged
  ;; the strategy of a join is not part of its text
  (doseq [kind [:inner :left :semi :anti]]
    (is (= :merge
           (:strategy (applied (all-rules 'merge-inputs-that-are-sorted)
                               (list 'join+ kind '[x] '(sort+ [x] (table+ a)) '(sort+ [x] (table+ b)))))))))

(deftest rewriting-twice-changes-nothing
  (doseq [seed (range 200)]
    (let [plan (random-plans/plan seed 6 '[(table+ a) (table+ b) (table+ c)] ctx)
          once (:tree (rules/rewrite (check/check plan ctx) ctx))
          twice (rules/rewrite once ctx)]
      (testing (str "seed " seed ": " plan)
        (is (= (text once) (text (:tree twice))))))))

(deftest a-cancelled-query-ends-rewriting
  (let [looks (atom 0)
        tree (check/check '(filter+ (> x 1) (project+ [x] (table+ a))) ctx)
        rewrite (fn [check] (rules/rewrite tree (assoc ctx :check-token check)))]
    (rewrite #(swap! looks inc))
    (testing "each rule is a step, at each node"
      (is (< (reduce + (map (fn [[_ _ rules]] (count rules)) rules/phases)) @looks)))
    (is (thrown-with-msg? IllegalStateException #"cancelled"
                          (rewrite #(throw (IllegalStateException. "cancelled")))))))
