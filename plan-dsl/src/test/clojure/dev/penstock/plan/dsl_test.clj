(ns dev.penstock.plan.dsl-test
  (:require [clojure.test :refer [are deftest is testing]]
            [dev.penstock.plan.check :as check]
            [dev.penstock.plan.dsl :refer [filter+ group+ join+ let+ map+ mapcat+ pmap+ preduce+ project+ table+ values+]]
            [dev.penstock.plan.fixture :as fixture]))

(defn- old? [row] (> (:Age row) 60))
(defn- plus [n row] (+ n row))

(deftest plans-need-no-quotes
  (is (= '(project+ [Name DeptName]
            (filter+ (> Age 20)
              (join+ :left [DeptID] (table+ "people.csv" [Name Age DeptID]) (table+ dept) {:on (> Age 3)})))
         (project+ [Name DeptName]
           (filter+ (> Age 20)
             (join+ :left [DeptID] (table+ "people.csv" [Name Age DeptID]) (table+ dept) {:on (> Age 3)})))))
  (is (= '(group+ [Dept] [[n (count)] [s (sum Pay {:distinct true})]] (table+ x))
         (group+ [Dept] [[n (count)] [s (sum Pay {:distinct true})]] (table+ x)))))

(deftest names-of-vars-are-columns
  (is (= '(project+ [name count [first (+ map 1)]] (table+ str))
         (project+ [name count [first (+ map 1)]] (table+ str)))))

(deftest unquote-puts-in-values
  (let [limit 20, people (table+ "people.csv"), columns '[Name Age]]
    (is (= '(project+ [Name Age] (filter+ (> Age 20) (table+ "people.csv")))
           (project+ ~columns (filter+ (> Age ~limit) ~people))))
    (is (= '(table+ "staff/2024.csv" {:header false})
           (table+ ~(str "staff/" 2024 ".csv") {:header ~(= 1 2)})))))

(deftest functions-of-stream-operators-are-clojure-functions
  (let [local (fn [row] row)
        [_ f s] (map+ old? (pmap+ local (filter+ #(odd? (:Age %)) (table+ people))))
        [_ g t] s
        [_ h] t]
    (is (= [old? local] [f g]))
    (is (= [true false] [(h {:Age 3}) (h {:Age 4})]))
    (is (= 2 ((second (map+ (fn [x] (inc x)) (table+ people))) 1))))
  (testing "of filter+ a list is an expression, a column stays a column"
    (is (= '(filter+ (> Age 20) (table+ people)) (filter+ (> Age 20) (table+ people))))
    (is (= '(filter+ (and Retired (not Young)) (table+ people)) (filter+ (and Retired (not Young)) (table+ people))))
    (is (= '(filter+ Retired (table+ people)) (filter+ Retired (table+ people))))
    (is (= old? (second (filter+ old? (table+ people))))))
  (testing "a reduction, and a partial application"
    (let [plan (let+ [n (preduce+ {:init (fn [] 0) :step (fn [acc row] (+ acc (:Age row))) :merge +} (table+ people))]
                 (map+ (plus n) (table+ people)))
          {:keys [init step merge]} (second (second (second plan)))]
      (is (= 7 (merge (step (init) {:Age 3}) 4)))
      (is (= [plus 'n] (second (nth plan 2))))
      (is (= :let (:op (check/check plan fixture/ctx))))))
  (testing "the built-in functions are names"
    (is (= '(let+ [h (preduce+ (hash-tuples {:keys [DeptID]}) (table+ dept))]
              (mapcat+ (tuple-matches h {:keys [DeptID] :kind :inner}) (table+ people)))
           (let+ [h (preduce+ (hash-tuples {:keys [DeptID]}) (table+ dept))]
             (mapcat+ (tuple-matches h {:keys [DeptID] :kind :inner}) (table+ people)))))))

(deftest problems-show-the-line-of-the-source
  (let [plan (project+ [Nme] (table+ people))
        line (:line (meta plan))]
    (is (= (str line ":14: unknown column Nme; did you mean Name?")
           (fixture/message check/check (vary-meta plan assoc :column 14) fixture/ctx)))
    (is (= 2 (count (second (values+ [A B] [[1 2]])))))))
