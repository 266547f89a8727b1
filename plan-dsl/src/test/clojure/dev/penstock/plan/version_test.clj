(ns dev.penstock.plan.version-test
  (:require [clojure.test :refer [deftest is]]
            [dev.penstock.plan.version :as version]))

(deftest language-is-major-and-minor
  (is (= [true true] (mapv nat-int? version/language))))
