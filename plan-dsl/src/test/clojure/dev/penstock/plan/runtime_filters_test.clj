(ns dev.penstock.plan.runtime-filters-test
  (:require [clojure.string :as str]
            [clojure.test :refer [are deftest is testing]]
            [dev.penstock.plan.core :as core])
  (:import (java.time Instant)))

(def ^:private sizes {"big" 1000000, "middle" 100000, "small" 1000, "tiny" 100, "half" 50000, "walked" 50000})

(defn- describe [table _options]
  (let [columns '[[k :int64] [n :int32] [s :varchar] [b :boolean] [v :int64]]]
    (if (= "unknown" (str table))
      {:columns columns}
      {:columns columns :stats (cond-> {:rows (sizes (str table))} (= "walked" (str table)) (assoc :by-keys true))})))

(defn- prepared
  "Lowered as it is written: no rule is applied."
  [plan mode]
  (core/prepare (core/read-plan plan "test")
                {:describe describe :now (Instant/parse "2026-01-02T03:04:05Z") :rules [] :runtime-filters mode}))

(defn- placed
  "What the text of the nodes says of filters, in the order of the plan."
  [plan mode]
  (mapv (fn [[_ does text]] (str does " " text))
        (re-seq #"(makes|applies) (filter [^(\n]*[^( \n])" (get (prepared plan mode) "physical"))))

(def ^:private other "(table+ small [[K k] [N n] [S s] [B b] [V v]])")
(def ^:private filtered (str "(filter+ (< V 9) " other ")"))

(deftest what-is-read-by-keys-has-filters-of-any-smaller-side
  (are [table filters] (= filters (placed (str "(join+ [[k K]] (table+ " table ") (table+ small [[K k]]))") :likely))
    "half" []
    "walked" ["makes filter 1 of K" "applies filter 1 to k"]))

(deftest where-it-is-likely-to-pay
  (are [plan filters] (= filters (placed plan :likely))
    (str "(join+ [[k K]] (table+ big) " filtered ")")
    ["makes filter 1 of K" "applies filter 1 to k"]
    (str "(join+ :semi [[k K] [s S]] (table+ big) " filtered ")")
    ["makes filter 1 of K, filter 2 of S" "applies filter 1 to k, filter 2 to s"]
    (str "(join+ :right [[k K]] (table+ big) " filtered ")")
    ["makes filter 1 of K" "applies filter 1 to k"]
    "(join+ [[k K]] (table+ big) (table+ small [[K k]]))"
    ["makes filter 1 of K" "applies filter 1 to k"]
    "(join+ [[k K]] (table+ unknown) (filter+ (< K 9) (table+ unknown [[K k]])))"
    ["makes filter 1 of K" "applies filter 1 to k"])
  (testing "not where"
    (are [plan] (= [] (placed plan :likely))
      ;; nothing is lost on the build side, and it is not much smaller
      "(join+ [[k K]] (table+ big) (table+ middle [[K k]]))"
      "(join+ [[k K]] (table+ unknown) (table+ unknown [[K k]]))"
      ;; the scan is small
      (str "(join+ [[k K]] (table+ tiny) " filtered ")")
      ;; the build side is larger than the scan
      "(join+ :semi [[k K]] (table+ middle) (filter+ (< V 9) (table+ big [[K k] [V v]])))")))

(deftest only-where-rows-may-be-left-out
  (let [below (fn [probe] (str "(join+ [[k K]] " probe " " filtered ")"))]
    (testing "through what keeps rows apart"
      (are [probe] (= ["makes filter 1 of K" "applies filter 1 to k"] (placed (below probe) :all))
        "(filter+ (> v 1) (table+ big))"
        "(project+ [[x v] k] (table+ big))"
        "(group+ [k] [[x (count)]] (table+ big))"
        "(distinct+ (table+ big))"
        "(distinct+ [k v] (table+ big))"
        "(sort+ [v] (table+ big))"
        "(window+ [[r (rank) {:partition [k] :order [v]}]] (table+ big))"
        "(unnest+ [e :int64] s (table+ big))"
        "(join+ :left [[v Q]] (table+ big) (table+ tiny [[Q v] [W k]]))"
        "(join+ :null-anti [[k Q]] (table+ big) (table+ tiny [[Q k]]))"
        "(join+ :mark [[k Q]] (table+ big) (table+ tiny [[Q k]]) {:mark m})"
        "(join+ :cross (table+ big) (table+ tiny [[Q k]]))"))
    (testing "not through what makes one row depend on others, nor where the value is made"
      (are [probe] (not-any? #(str/includes? % "of K") (placed (below probe) :all))
        "(slice+ 0 9 (table+ big))"
        "(top+ 9 [v] (table+ big))"
        "(number+ i (table+ big))"
        "(project+ [[k (+ k 1)]] (table+ big))"
        "(project+ [[k (cast n [:decimal 10 0])]] (table+ big))"
        "(group+ [n] [[k (max k)]] (table+ big))"
        "(group+ [k n] [[x (count)]] (table+ big) {:sets [[k] [n]]})"
        "(distinct+ [v] (table+ big))"
        "(window+ [[r (rank) {:partition [n] :order [k]}]] (table+ big))"
        "(project+ [[k x] v] (window+ [[x (max k) {:partition [v]}]] (table+ big)))"
        "(join+ :left [[v V1]] (table+ tiny [v]) (table+ big [k [V1 v]]))"
        "(join+ :full [[v V1]] (table+ tiny [v]) (table+ big [k [V1 v]]))")))
  (testing "not into what others use too"
    (is (= ["makes filter 1 of x" "applies filter 1 to k"]
           (placed "(with+ [s (table+ big [k])] (union+ (join+ :semi [[k x]] s (table+ tiny [[x k]])) (join+ :semi [[k x]] (table+ big [k]) (project+ [[x k]] s))))"
                   :all))))
  (testing "joins that keep probe rows make none"
    (are [join] (= [] (placed (str "(join+ " join " (table+ big) " other ")") :all))
      ":left [[k K]]" ":full [[k K]]" ":anti [[k K]]" ":null-anti [[k K]]" ":inner [[b B]]" ":cross")))

(deftest a-widened-key
  (is (= ["makes filter 1 of K" "applies filter 1 to n"]
         (placed (str "(join+ [[n K]] (table+ big) " filtered ")") :likely))))

(deftest equal-columns-of-both-inputs
  (is (= ["makes filter 1 of K" "applies filter 1 to k" "applies filter 1 to Q"]
         (filterv #(re-find #"filter 1" %)
                  (placed (str "(join+ [[k K]] (join+ [[k Q]] (table+ big) (table+ middle [[Q k]])) " filtered ")")
                          :likely))))
  (testing "a null on the other side of a not-in counts for all rows"
    (is (= ["makes filter 1 of K" "applies filter 1 to k"]
           (placed (str "(join+ [[k K]] (join+ :null-anti [[k Q]] (table+ big) (table+ middle [[Q k]])) " filtered ")")
                   :likely)))))

(deftest a-plan-without-filters-is-the-same
  (let [plan (str "(join+ [[k K]] (table+ big) " filtered ")")]
    (is (= [] (placed plan :none)))
    (is (= (dissoc (prepared plan :none) "root" "physical")
           (dissoc (prepared plan :all) "root" "physical")))))
