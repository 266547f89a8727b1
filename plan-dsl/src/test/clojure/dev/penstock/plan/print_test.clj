(ns dev.penstock.plan.print-test
  (:require [clojure.string :as str]
            [clojure.test :refer [deftest is]]
            [dev.penstock.plan.core :as core]
            [dev.penstock.plan.print :as print]))

(defn- nested
  "So many joins, each in the left side of the next, below a project of its columns."
  [n]
  (reduce (fn [plan i]
            (list 'project+ (mapv #(symbol (str "column" %)) (range (inc (min 30 (long i)))))
                  (list 'join+ [['column0 (symbol (str "k" i))]] plan (list 'table+ (symbol (str "t" i))))))
          (list 'table+ 't) (range n)))

(deftest what-is-nested-deep-is-not-mostly-blanks
  (let [plan (nested 240)
        text (print/text plan)]
    (is (= plan (core/read-plan text nil)))
    (is (= 64 (apply max (map #(count (re-find #"^ *" %)) (str/split-lines text)))))
    (is (< (count text) (* 4 (count (print/flat plan)))))))

(deftest printing-stops-when-it-is-not-wanted-any-more
  (let [left (atom 100)
        check #(when (neg? (long (swap! left dec))) (throw (ex-info "enough" {})))]
    (is (= "enough" (try (print/text (nested 240) {:check-token check}) (catch Exception e (ex-message e)))))))
