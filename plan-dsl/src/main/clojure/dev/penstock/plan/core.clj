(ns dev.penstock.plan.core
  "The door of this module: read-plan, prepare, plan-hash, explain-text."
  (:require [clojure.string :as str]
            [dev.penstock.plan.cancel :as cancel]
            [dev.penstock.plan.check :as check]
            [dev.penstock.plan.limits :as limits]
            [dev.penstock.plan.lower :as lower]
            [dev.penstock.plan.physical :as physical]
            [dev.penstock.plan.physical.merge-scans :as merge-scans]
            [dev.penstock.plan.physical.runtime-filters :as runtime-filters]
            [dev.penstock.plan.print :as print]
            [dev.penstock.plan.read :as read]
            [dev.penstock.plan.rules :as rules]
            [dev.penstock.plan.rules.streams :as streams]
            [dev.penstock.plan.types :as types]
            [dev.penstock.plan.unparse :as unparse])
  (:import (java.nio.charset StandardCharsets)
           (java.security MessageDigest)))

(defn read-plan
  "The plan of a text (EDN, never evaluated); source-name, or nil, is for messages."
  [text source-name]
  (read/read-plan text source-name))

(defn plan-hash
  "SHA-256 (hex) of a plan's canonical text: the same in every process. A function object counts by the
  name of its class."
  [plan]
  (let [digest (MessageDigest/getInstance "SHA-256")]
    (types/hex-text (.digest digest (.getBytes ^String (print/flat plan) StandardCharsets/UTF_8)))))

(defn check
  "The typed tree of a plan, for the naive evaluator and for tests."
  [plan ctx]
  (limits/on-stack-for (limits/check-size plan) #(check/check plan ctx)))

;; Texts are for people: a caller that reads them late, or never, gets delays for them (:late-texts?).
(defn- texts [ctx size entries]
  (into {}
        (map (fn [[k make]]
               [k (if (:late-texts? ctx) (delay (limits/on-stack-for size make)) (make))]))
        entries))

(defn- prepare-here [plan size {:keys [explain?] :as ctx}]
  (let [{:keys [tree fired]} (rules/rewrite (check/check plan ctx) ctx)
        _ (cancel/check ctx)
        lowered (lower/lower tree ctx)
        _ (cancel/check ctx)
        root (-> lowered
                 (merge-scans/place (:merge-scans ctx))
                 (runtime-filters/place (:runtime-filters ctx)))]
    (merge {"root" root
            "rules" (mapv (fn [{:keys [rule before after]}]
                            {"rule" (str rule) "before" before "after" after})
                          fired)
            "streams" (when explain? (print/text (unparse/plan (streams/streams tree ctx) ctx)))}
           ;; what "rewritten" gives, for who does not wait for long: until check-token throws
           (when (:late-texts? ctx)
             {"rewritten-until" (fn [check-token]
                                  (limits/on-stack-for size #(print/text (unparse/plan tree {:check-token check-token}) {:check-token check-token})))})
           (texts ctx size
                  {"written" #(print/text plan)
                   "rewritten" #(print/text (unparse/plan tree))
                   "physical" #(physical/text root)
                   "hash" #(plan-hash plan)}))))

(defn prepare
  "Checks, infers, rewrites and lowers a plan: {\"root\" \"written\" \"rules\" \"rewritten\" \"physical\"
  \"hash\"}, section 7 of the plan language; with :explain? in ctx also what each rule saw, and \"streams\"."
  [plan ctx]
  (let [size (limits/check-size plan)]
    (limits/on-stack-for size #(prepare-here plan size ctx))))

(defn- indented [text] (str/replace text #"(?m)^" "  "))

(defn explain-text
  "What prepare gave, for people."
  [{:strs [rules streams] :as prepared}]
  (let [[written rewritten physical hash] (map #(force (prepared %)) ["written" "rewritten" "physical" "hash"])]
   (str "Plan " (subs hash 0 16) ":\n" (indented written)
       "\nRules:\n" (if (seq rules)
                      (str/join "\n" (map-indexed #(str "  " (inc %1) ". " (get %2 "rule")) rules))
                      "  none fired")
       "\nRewritten:\n" (indented rewritten)
       (when (and streams (not= streams rewritten)) (str "\nAs streams:\n" (indented streams)))
       "\nNodes:\n" (indented physical) "\n")))
