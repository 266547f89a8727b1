(ns dev.penstock.plan.random-plans
  "Random relational plans that check, over any tables: each step looks at the columns of the plan below it."
  (:require [dev.penstock.plan.check :as check]
            [dev.penstock.plan.types :as types])
  (:import (java.util Random)))

(defn- pick [^Random r xs] (nth xs (.nextInt r (count xs))))
(defn- chance [^Random r percent] (< (.nextInt r 100) percent))

(defn- schema [plan ctx] (:schema (check/check plan ctx)))

(defn- of-type [fields pred] (map :name (filter (comp pred :type) fields)))

(defn- number-of [^Random r fields depth]
  (let [columns (of-type fields types/exact?)
        leaf #(if (and (seq columns) (chance r 75)) (pick r columns) (pick r [0 1 2 7 -3 1.5M nil]))]
    (if (or (zero? depth) (chance r 40))
      (leaf)
      (let [a (number-of r fields (dec depth)), b (number-of r fields (dec depth))]
        (pick r [(list '+ a b) (list '- a b) (list 'coalesce a 0) (list 'greatest a b)
                 (list 'if (list '> a b) a b) (list 'abs a) (list 'nullif a b)])))))

(defn- condition [^Random r fields depth]
  (if (or (zero? depth) (chance r 50))
    (let [texts (of-type fields #{:varchar})
          any (map :name (remove #(= :any (:type %)) fields))]
      (pick r (cond-> [(list (pick r '[= not= < <= > >=]) (number-of r fields 1) (number-of r fields 1))
                       (list 'in (number-of r fields 1) [1 2 nil])
                       (list 'between (number-of r fields 0) 0 5)]
                (seq any) (conj (list (pick r '[is-null is-not-null]) (pick r any)))
                (seq texts) (conj (list 'like (pick r texts) "A%") (list '= (pick r texts) "Ann")))))
    (let [a (condition r fields (dec depth)), b (condition r fields (dec depth))]
      (pick r [(list 'and a b) (list 'or a b) (list 'not a)]))))

(defn- some-columns [^Random r fields]
  (let [names (filterv (fn [_] (chance r 70)) (map :name fields))]
    (if (seq names) names [(:name (pick r fields))])))

(defn- fresh [n] (symbol (str "x" n)))

(defn- renamed
  "A projection that gives all columns of a plan names of their own."
  [plan fields n]
  (list 'project+ (vec (map-indexed (fn [i f] [(symbol (str "r" n "_" i)) (:name f)]) fields)) plan))

(defn- sort-items [^Random r fields]
  (mapv #(if (chance r 50) % [% (pick r [:asc :desc]) (pick r [:nulls-first :nulls-last])])
        (some-columns r fields)))

(defn- join [^Random r plan fields n tables ctx]
  (let [table (pick r tables)
        other (renamed table (schema table ctx) n)
        rights (schema other ctx)
        numbers #(of-type % types/exact?)
        kind (pick r [:inner :left :right :full :semi :anti])]
    (if (and (seq (numbers fields)) (seq (numbers rights)))
      (let [l (pick r (numbers fields)), right (pick r (numbers rights))]
        (pick r [(list 'join+ kind [[l right]] plan other)
                 (list 'join+ kind (list 'and (list '= l right) (condition r (into fields rights) 1)) plan other)
                 (list 'join+ :left (list '< l right) plan other)]))
      (list 'join+ :cross plan other))))

(defn- step [^Random r plan n tables ctx]
  (let [fields (schema plan ctx)]
    (case (.nextInt r 11)
      (0 1) (list 'filter+ (condition r fields 2) plan)
      2 (list 'project+ (conj (some-columns r fields) [(fresh n) (number-of r fields 2)]) plan)
      3 (list 'bind+ [[(fresh n) (number-of r fields 2)] [(symbol (str "y" n)) (list '+ (fresh n) 1)]] plan)
      (4 5) (join r plan fields n tables ctx)
      6 (list 'union+ plan (list 'filter+ (condition r fields 1) plan))
      7 (list 'distinct+ plan)
      8 (list 'group+ (some-columns r fields)
              [[(fresh n) (list 'count)] [(symbol (str "s" n)) (list (pick r '[sum min max count]) (number-of r fields 1))]]
              plan)
      9 (list 'top+ (.nextInt r 20) (sort-items r fields) plan)
      10 (list 'slice+ 0 nil (list 'sort+ (sort-items r fields) plan)))))

(defn plan
  "A plan of up to size operators over tables (relation forms), made out of a seed."
  [seed size tables ctx]
  (let [r (Random. seed)]
    (loop [plan (pick r tables), n 0]
      (if (< n (inc (.nextInt r size)))
        (recur (step r plan n tables ctx) (inc n))
        plan))))
