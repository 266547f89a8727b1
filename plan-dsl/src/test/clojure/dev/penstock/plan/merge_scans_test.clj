(ns dev.penstock.plan.merge-scans-test
  (:require [clojure.string :as str]
            [clojure.test :refer [are deftest is testing]]
            [dev.penstock.plan.core :as core])
  (:import (java.time Instant)))

(def ^:private sizes {"big" 1000000, "middle" 100000, "small" 1000, "unknown" nil})

(defn- describe
  "Tables that come by k; rows are found by k among as many, by v among a hundred times as many."
  [table _options]
  (let [n (sizes (str table))]
    {:columns '[[k :int64 false] [v :int64 false] [n :int64] [s :varchar false]]
     :stats (cond-> {:sorted-by "k" :finds {"k" (or n 1000) "v" (* 100 (long (or n 1000)))}}
              n (assoc :rows n :columns {"k" {:distinct n}}))}))

(defn- prepared [plan mode]
  (core/prepare (core/read-plan plan "test")
                {:describe describe :now (Instant/parse "2026-01-02T03:04:05Z") :rules [] :merge-scans mode}))

(defn- placed "What the text of the nodes says of joins." [plan mode]
  (mapv second (re-seq #"join [a-z-]+ (merge-join, finds (?:left|right)|hash|merge|nested-loop)" (get (prepared plan mode) "physical"))))

(def ^:private right "merge-join, finds right")
(def ^:private left "merge-join, finds left")

(deftest where-orders-meet
  (are [plan strategies] (= strategies (placed plan :likely))
    "(join+ [[k K]] (table+ middle [k v]) (table+ big [[K k] [V v]]))" [right]
    "(join+ [[k K]] (table+ big [k v]) (table+ middle [[K k] [V v]]))" [left]
    "(join+ :left [[k K]] (table+ middle) (table+ middle [[K k]]))" [right]
    "(join+ :semi [[k K]] (table+ middle) (table+ middle [[K k]]))" [right]
    "(join+ :anti [[k K]] (table+ middle) (table+ middle [[K k]]))" [right]
    "(join+ :left [[k K]] (table+ middle) (project+ [[V v] [K k]] (table+ middle)))" [right]
    ;; one after the other, in the order of the first
    "(join+ [[k K2]] (join+ [[k K]] (filter+ (> n 1) (table+ middle)) (table+ middle [[K k]])) (table+ big [[K2 k]]))" [right right]
    "(join+ [[K K2]] (project+ [K] (join+ [[k K]] (table+ middle [k]) (table+ middle [[K k]]))) (table+ big [[K2 k]]))" [right right]))

(deftest not-where
  (are [plan] (= ["hash"] (placed plan :likely))
    ;; the leader comes by another column, or by none
    "(join+ [[v K]] (table+ middle) (table+ middle [[K v]]))"
    "(join+ [[k K]] (sort+ [v] (table+ middle)) (project+ [[K (+ k 0)]] (table+ middle)))"
    ;; a few rows of many, which a list of keys finds
    "(join+ [[v V]] (table+ big [k v]) (filter+ (> V 1) (table+ small [[K k] [V v]])))"
    ;; found among a hundred times as many as there are, and no fewer leading
    "(join+ [[k V]] (table+ middle [k]) (table+ middle [[V v]]))"
    ;; more conditions, kinds that are not able, sizes that are not known
    "(join+ [[k K] [v V]] (table+ middle) (table+ middle [[K k] [V v]]))"
    "(join+ [[k K]] (table+ middle) (table+ middle [[K k] [V v]]) {:on (> v V)})"
    "(join+ :full [[k K]] (table+ middle) (table+ middle [[K k]]))"
    "(join+ :right [[k K]] (table+ middle) (table+ middle [[K k]]))"
    "(join+ :null-anti [[k K]] (table+ middle) (table+ middle [[K k]]))"
    "(join+ [[k K]] (table+ unknown) (table+ unknown [[K k]]))")
  (testing "the side that is found is not all of its source, or has other columns"
    (are [plan] (= ["hash"] (placed plan :all))
      "(join+ :left [[k K]] (table+ middle) (table+ middle [[K k]] {:filter (> K 1)}))"
      "(join+ :left [[k K]] (table+ middle) (table+ middle [[K k]] {:limit 9}))"
      "(join+ :left [[k K]] (table+ middle) (filter+ (> K 1) (table+ middle [[K k]])))"
      "(join+ :left [[k K]] (table+ middle) (table+ middle [[K k] [N n]]))"
      "(join+ :left [[k K]] (table+ middle) (table+ middle [[K k] [S s]]))"
      "(join+ :left [[k N]] (table+ middle) (table+ middle [[N n]]))"))
  (is (= ["hash"] (placed "(join+ [[k K]] (table+ middle) (table+ middle [[K k]]))" :none))))

(deftest runtime-filters-go-to-the-leader-only
  (let [text (get (prepared (str "(join+ [[K Q]] (join+ [[k K]] (table+ middle [k v]) (table+ big [[K k] [V v]]))"
                                 " (filter+ (< W 9) (table+ small [[Q n] [W v]])))")
                            :likely)
                  "physical")]
    (is (= ["k v"] (map second (re-seq #"\[([^\]]*)\][^\n]*applies" text))) text)
    (is (str/includes? text "join inner merge-join, finds right, on k = K") text)))
