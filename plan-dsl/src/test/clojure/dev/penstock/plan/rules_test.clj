(ns dev.penstock.plan.rules-test
  "Each rule: plans on whose root it fires, with what it gives, and plans on whose root it does not."
  (:require [clojure.test :refer [deftest is testing]]
            [dev.penstock.plan.check :as check]
            [dev.penstock.plan.print :as print]
            [dev.penstock.plan.random-plans :as random-plans]
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
   "small" '[[g :int64 false] [h :int64]]})

(def ^:private rows {"big" 1000000 "mid" 10000 "tiny" 10 "small" 5})

(def ^:private declared {"keyed" [["id"]] "small" [["g"]]})

(def ^:private ctx
  {:describe (fn [t _]
               {:columns (tables (str t))
                :stats (merge {:rows (rows (str t) 100)}
                              (some->> (declared (str t)) (hash-map :keys)))})
   :now (Instant/parse "2026-01-02T03:04:05Z")})

(defn- text [node] (print/flat (unparse/plan node)))

(defn- canonical "How a plan prints once it was checked." [plan] (text (check/check plan ctx)))

(def ^:private cases
  "{rule {:fires [[plan result] ...] :stays [plan ...]}}"
  '{fold-constants
    {:fires [[(filter+ (and (> x 1) true) (table+ a)) (filter+ (> x 1) (table+ a))]
             [(filter+ (or (> x 1) true) (table+ a)) (filter+ true (table+ a))]
             [(filter+ (or (> x 1) false) (table+ a)) (filter+ (> x 1) (table+ a))]
             [(filter+ (and (> x 1) false) (table+ a)) (filter+ false (table+ a))]
             [(filter+ (is-null k) (table+ a)) (filter+ false (table+ a))]
             [(project+ [[w (+ 1 2)]] (table+ a)) (project+ [[w 3]] (table+ a))]
             [(project+ [[w (if false x y)]] (table+ a)) (project+ [[w y]] (table+ a))]]
     :stays [(filter+ (and (> x 1) nil) (table+ a))
             (filter+ (is-null x) (table+ a))
             (project+ [[w (+ 9223372036854775807 1)]] (table+ a))
             (project+ [[w (coalesce x y)]] (table+ a))]}
    drop-filter-that-is-always-true
    {:fires [[(filter+ true (table+ a)) (table+ a)]]
     :stays [(filter+ (> x 1) (table+ a)) (filter+ false (table+ a))]}
    empty-relation-of-filter-that-is-never-true
    {:fires [[(filter+ false (table+ c)) (values+ [[u :int64] [v :int64]] [])]
             [(filter+ (cast nil :boolean) (table+ c)) (values+ [[u :int64] [v :int64]] [])]]
     :stays [(filter+ true (table+ c)) (filter+ (> u 1) (table+ c))]}
    flatten-nested-unions
    {:fires [[(union+ (union+ (table+ c) (table+ c)) (table+ c)) (union+ (table+ c) (table+ c) (table+ c))]]
     :stays [(union+ (table+ c) (table+ c)) (union+ (filter+ (> u 1) (union+ (table+ c) (table+ c))) (table+ c))]}
    drop-distinct-below-distinct
    {:fires [[(distinct+ (distinct+ (table+ c))) (distinct+ (table+ c))]]
     :stays [(distinct+ (distinct+ [u] (table+ c))) (distinct+ [u] (distinct+ (table+ c)))]}
    merge-adjacent-filters
    {:fires [[(filter+ (> x 1) (filter+ (> y 2) (table+ a))) (filter+ (and (> y 2) (> x 1)) (table+ a))]]
     :stays [(filter+ (> x 1) (sort+ [x] (table+ a)))]}
    push-filter-below-project
    {:fires [[(filter+ (> w 1) (project+ [[w (+ x y)] s] (table+ a)))
              (project+ [[w (+ x y)] s] (filter+ (> (+ x y) 1) (table+ a)))]]
     :stays [(filter+ (> x 1) (slice+ 0 3 (project+ [x] (table+ a))))]}
    push-filter-below-bind
    {:fires [[(filter+ (> w2 1) (bind+ [[w (+ x y)] [w2 (* w 2)]] (table+ a)))
              (bind+ [[w (+ x y)] [w2 (* w 2)]] (filter+ (> (* (+ x y) 2) 1) (table+ a)))]]
     :stays [(filter+ (> x 1) (table+ a))]}
    turn-outer-join-into-inner
    {:fires [[(filter+ (> z 1) (join+ :left [x] (table+ a) (table+ b)))
              (filter+ (> z 1) (join+ [x] (table+ a) (table+ b)))]
             [(filter+ (> y 1) (join+ :full [[x u]] (table+ a) (table+ c)))
              (filter+ (> y 1) (join+ :left [[x u]] (table+ a) (table+ c)))]
             [(filter+ (and (> y 1) (= v 2)) (join+ :full [[x u]] (table+ a) (table+ c)))
              (filter+ (and (> y 1) (= v 2)) (join+ [[x u]] (table+ a) (table+ c)))]]
     :stays [(filter+ (is-null z) (join+ :left [x] (table+ a) (table+ b)))
             (filter+ (> y 1) (join+ :left [x] (table+ a) (table+ b)))
             (filter+ (= 1 (coalesce z 1)) (join+ :left [x] (table+ a) (table+ b)))
             (filter+ (or (> z 1) (> y 1)) (join+ :left [x] (table+ a) (table+ b)))
             (filter+ (> x 1) (join+ :full [x] (table+ a) (table+ b)))]}
    turn-filter-into-join-keys
    {:fires [[(filter+ (and (= x u) (> y 1)) (join+ :cross (table+ a) (table+ c)))
              (filter+ (> y 1) (join+ [[x u]] (table+ a) (table+ c)))]]
     :stays [(filter+ (> x u) (join+ :cross (table+ a) (table+ c)))
             (filter+ (= y v) (join+ :left [[x u]] (table+ a) (table+ c)))
             (filter+ (= x y) (join+ :cross (table+ a) (table+ c)))]}
    turn-residual-into-join-keys
    {:fires []
     :stays [(join+ [[x u]] (table+ a) (table+ c) {:on (> y v)})
             (join+ :mark [[x u]] (table+ a) (table+ c) {:mark m :on (> y v)})]}
    push-filter-below-join
    {:fires [[(filter+ (> y 1) (join+ [x] (table+ a) (table+ b)))
              (join+ [x] (filter+ (> y 1) (table+ a)) (table+ b))]
             [(filter+ (> x 1) (join+ [x] (table+ a) (table+ b)))
              (join+ [x] (filter+ (> x 1) (table+ a)) (filter+ (> x 1) (table+ b)))]
             [(filter+ (and (> y 1) (> (+ y z) 2)) (join+ :left [x] (table+ a) (table+ b)))
              (filter+ (> (+ y z) 2) (join+ :left [x] (filter+ (> y 1) (table+ a)) (table+ b)))]
             [(filter+ (> y 1) (join+ :semi [x] (table+ a) (table+ b)))
              (join+ :semi [x] (filter+ (> y 1) (table+ a)) (table+ b))]
             [(filter+ (and (like s "A%") (> (/ y 2) 1.0)) (join+ [x] (table+ a) (table+ b)))
              (join+ [x] (filter+ (and (like s "A%") (> (/ y 2) 1.0)) (table+ a)) (table+ b))]
             [(filter+ (> x 1) (join+ :right [x] (table+ a) (table+ b)))
              (join+ :right [x] (table+ a) (filter+ (> x 1) (table+ b)))]]
     :stays [(filter+ (> (+ y z) 2) (join+ [x] (table+ a) (table+ b)))
             (filter+ (is-null z) (join+ :left [x] (table+ a) (table+ b)))
             (filter+ (> y 1) (join+ :full [x] (table+ a) (table+ b)))
             (filter+ (> y 1) (join+ :right [x] (table+ a) (table+ b)))
             (filter+ (> (/ 10 y) 1) (join+ [x] (table+ a) (table+ b)))
             (filter+ (> (/ y 0) 1) (join+ [x] (table+ a) (table+ b)))
             (filter+ (like s s "x") (join+ [x] (table+ a) (table+ b)))
             (filter+ (regexp-like s s) (join+ [x] (table+ a) (table+ b)))
             (filter+ (= 1 (cast s :int64)) (join+ [x] (table+ a) (table+ b)))
             (filter+ (is-true m) (join+ :mark [x] (table+ a) (table+ b) {:mark m}))]}
    push-residual-below-join
    {:fires [[(join+ [[x u]] (table+ a) (table+ c) {:on (and (> y 1) (> v 2) (> y v))})
              (join+ [[x u]] (filter+ (> y 1) (table+ a)) (filter+ (> v 2) (table+ c)) {:on (> y v)})]
             [(join+ :left [[x u]] (table+ a) (table+ c) {:on (> v 2)})
              (join+ :left [[x u]] (table+ a) (filter+ (> v 2) (table+ c)))]]
     :stays [(join+ :left [[x u]] (table+ a) (table+ c) {:on (> y 1)})
             (join+ :full [[x u]] (table+ a) (table+ c) {:on (> y 1)})
             (join+ :anti [[x u]] (table+ a) (table+ c) {:on (> y 1)})
             (join+ :mark [[x u]] (table+ a) (table+ c) {:mark m :on (> v 1)})]}
    push-filter-below-union
    {:fires [[(filter+ (> u 1) (union+ (table+ c) (project+ [[p x] [q y]] (table+ a))))
              (union+ (filter+ (> u 1) (table+ c))
                      (filter+ (> u 1) (project+ [[u p] [v q]] (project+ [[p x] [q y]] (table+ a)))))]]
     :stays [(filter+ (> u 1) (intersect+ (table+ c) (table+ c)))]}
    push-filter-below-group
    {:fires [[(filter+ (and (> g 1) (> n 2)) (group+ [[g (+ x 1)]] [[n (count)]] (table+ a)))
              (filter+ (> n 2) (group+ [[g (+ x 1)]] [[n (count)]] (filter+ (> (+ x 1) 1) (table+ a))))]]
     :stays [(filter+ (> n 2) (group+ [x] [[n (count)]] (table+ a)))
             (filter+ (> n 2) (group+ [] [[n (count)]] (table+ a)))
             (filter+ (> x 2) (group+ [x y] [[n (count)]] (table+ a) {:sets [[x] [y]]}))]}
    push-filter-below-distinct
    {:fires [[(filter+ (> u 1) (distinct+ (table+ c))) (distinct+ (filter+ (> u 1) (table+ c)))]
             [(filter+ (and (> u 1) (> v 1)) (distinct+ [u] (table+ c)))
              (filter+ (> v 1) (distinct+ [u] (filter+ (> u 1) (table+ c))))]]
     :stays [(filter+ (> v 1) (distinct+ [u] (table+ c)))]}
    push-filter-below-sort
    {:fires [[(filter+ (> u 1) (sort+ [v] (table+ c))) (sort+ [v] (filter+ (> u 1) (table+ c)))]]
     :stays [(filter+ (> u 1) (top+ 3 [v] (table+ c)))]}
    push-filter-below-window
    {:fires [[(filter+ (and (> u 1) (> r 1)) (window+ [[r (rank) {:partition [u] :order [v]}]] (table+ c)))
              (filter+ (> r 1)
                (window+ [[r (rank) {:partition [u] :order [v]}]] (filter+ (> u 1) (table+ c))))]]
     :stays [(filter+ (> v 1) (window+ [[r (rank) {:partition [u] :order [v]}]] (table+ c)))
             (filter+ (> u 1) (window+ [[r (rank) {:order [v]}]] (table+ c)))
             (filter+ (> u 1) (window+ [[r (rank) {:partition [u] :order [v]}] [q (count) {:partition [v]}]]
                                (table+ c)))]}
    push-filter-into-scan
    {:fires [[(filter+ (> u 1) (table+ c)) (table+ c [u v] {:filter (> u 1)})]]
     :stays [(filter+ (> u 1) (values+ [u] [[1]]))]}
    pull-common-factors-out-of-or
    {:fires [[(filter+ (or (and (= x 1) (= y 1)) (and (= x 1) (= y 2))) (table+ a))
              (filter+ (and (= x 1) (or (= y 1) (= y 2))) (table+ a))]
             [(filter+ (or (= x 1) (and (= x 1) (= y 2))) (table+ a)) (filter+ (= x 1) (table+ a))]
             [(filter+ (and (> k 0) (not (or (and (= x 1) (= y 1)) (and (= x 1) (= y 2))))) (table+ a))
              (filter+ (and (> k 0) (not (and (= x 1) (or (= y 1) (= y 2))))) (table+ a))]
             [(join+ :left [[x u]] (table+ a) (table+ c) {:on (or (and (= y v) (> y 1)) (and (= y v) (> v 5)))})
              (join+ :left [[x u]] (table+ a) (table+ c) {:on (and (= y v) (or (> y 1) (> v 5)))})]]
     :stays [(filter+ (or (and (= x 1) (= y 1)) (and (= x 2) (= y 2))) (table+ a))
             (filter+ (or (= x 1) (= y 1)) (table+ a))
             (join+ [[x u]] (table+ a) (table+ c) {:on (and (> y v) (< y v))})]}
    filter-sides-by-what-an-or-says
    {:fires [[(filter+ (or (and (= y 1) (> v 2)) (and (= y 2) (< v 5))) (join+ [[x u]] (table+ a) (table+ c)))
              (filter+ (or (and (= y 1) (> v 2)) (and (= y 2) (< v 5)))
                (join+ [[x u]] (filter+ (or (= y 1) (= y 2)) (table+ a)) (filter+ (or (> v 2) (< v 5)) (table+ c))))]
             [(filter+ (or (and (= y 1) (> v 2)) (= y 2)) (join+ :cross (table+ a) (table+ c)))
              (filter+ (or (and (= y 1) (> v 2)) (= y 2))
                (join+ :cross (filter+ (or (= y 1) (= y 2)) (table+ a)) (table+ c)))]
             [(filter+ (or (and (= y 1) (> v 2)) (and (= y 2) (< v 5))) (join+ :left [[x u]] (table+ a) (table+ c)))
              (filter+ (or (and (= y 1) (> v 2)) (and (= y 2) (< v 5)))
                (join+ :left [[x u]] (filter+ (or (= y 1) (= y 2)) (table+ a)) (table+ c)))]]
     :stays [(filter+ (or (= y 1) (> v 2)) (join+ [[x u]] (table+ a) (table+ c)))
             (filter+ (or (and (= y 1) (> v 2)) (and (= y 2) (< v 5))) (join+ :full [[x u]] (table+ a) (table+ c)))
             (filter+ (or (and (= 1 (/ 2 y)) (> v 2)) (and (= y 2) (= (/ 2 v) 5))) (join+ [[x u]] (table+ a) (table+ c)))
             (filter+ (or (= y 1) (= y 2)) (join+ [[x u]] (table+ a) (table+ c)))]}
    filter-sides-by-what-an-or-of-the-condition-says
    {:fires [[(join+ [[x u]] (table+ a) (table+ c) {:on (or (and (= y 1) (> v 2)) (and (= y 2) (< v 5)))})
              (join+ [[x u]] (filter+ (or (= y 1) (= y 2)) (table+ a)) (filter+ (or (> v 2) (< v 5)) (table+ c))
                {:on (or (and (= y 1) (> v 2)) (and (= y 2) (< v 5)))})]
             [(join+ :anti [[x u]] (table+ a) (table+ c) {:on (or (and (= y 1) (> v 2)) (and (= y 2) (< v 5)))})
              (join+ :anti [[x u]] (table+ a) (filter+ (or (> v 2) (< v 5)) (table+ c))
                {:on (or (and (= y 1) (> v 2)) (and (= y 2) (< v 5)))})]]
     :stays [(join+ [[x u]] (table+ a) (table+ c) {:on (or (= y 1) (> v 2))})
             (join+ :full [[x u]] (table+ a) (table+ c) {:on (or (and (= y 1) (> v 2)) (and (= y 2) (< v 5)))})
             (join+ :mark [[x u]] (table+ a) (table+ c) {:mark m :on (or (and (= y 1) (> v 2)) (and (= y 2) (< v 5)))})]}
    carry-filters-over-join-keys
    {:fires [[(join+ [[x u]] (filter+ (and (> x 5) (> y 1)) (table+ a)) (table+ c))
              (join+ [[x u]] (filter+ (and (> x 5) (> y 1)) (table+ a)) (filter+ (> u 5) (table+ c)))]
             [(join+ :semi [[x u]] (table+ a) (table+ c [u] {:filter (in u [1 2])}))
              (join+ :semi [[x u]] (filter+ (in x [1 2]) (table+ a)) (table+ c [u] {:filter (in u [1 2])}))]
             [(join+ :left [[x u]] (filter+ (= x 5) (table+ a)) (table+ c))
              (join+ :left [[x u]] (filter+ (= x 5) (table+ a)) (filter+ (= u 5) (table+ c)))]
             [(join+ :anti [[x u]] (project+ [[x y]] (filter+ (< 5 y) (table+ a))) (table+ c))
              (join+ :anti [[x u]] (project+ [[x y]] (filter+ (< 5 y) (table+ a))) (filter+ (> u 5) (table+ c)))]
             [(join+ (= (+ x 1) u) (table+ a) (filter+ (< u 5) (table+ c)))
              (join+ (= (+ x 1) u) (filter+ (< (+ x 1) 5) (table+ a)) (filter+ (< u 5) (table+ c)))]]
     :stays [(join+ [[x u]] (filter+ (> y 5) (table+ a)) (table+ c))
             (join+ :left [[x u]] (filter+ (> x 5) (table+ a)) (filter+ (> u 7) (table+ c)))
             (join+ :left [[x u]] (table+ a) (filter+ (= u 5) (table+ c)))
             (join+ :anti [[x u]] (table+ a) (filter+ (= u 5) (table+ c)))
             (join+ :null-anti [[x u]] (filter+ (= x 5) (table+ a)) (table+ c))
             (join+ :mark [[x u]] (filter+ (= x 5) (table+ a)) (table+ c) {:mark m})
             (join+ :full [[x u]] (filter+ (= x 5) (table+ a)) (table+ c))
             (join+ [[x u]] (filter+ (is-null x) (table+ a)) (table+ c))
             (join+ (= (/ x 2) (/ u 2)) (filter+ (= x 5) (table+ a)) (table+ c))]}
    order-joins
    {:fires [[(join+ [[b2 t1]] (join+ [[b1 m1]] (table+ big) (table+ mid)) (filter+ (= t2 1) (table+ tiny)))
              (project+ [b1 b2 b3 m1 m2 t1 t2]
                (join+ [[b1 m1]] (join+ [[b2 t1]] (table+ big) (filter+ (= t2 1) (table+ tiny))) (table+ mid)))]
             [(join+ [[b1 m1] [b2 t1]] (table+ big) (join+ :cross (table+ mid) (table+ tiny)))
              (project+ [b1 b2 b3 m1 m2 t1 t2]
                (join+ [[b1 m1]] (join+ [[b2 t1]] (table+ big) (table+ tiny)) (table+ mid)))]
             [(join+ :semi [[b1 u]] (join+ [[b2 m1]] (table+ big) (table+ mid)) (filter+ (= v 1) (table+ c)))
              (join+ [[b2 m1]] (join+ :semi [[b1 u]] (table+ big) (filter+ (= v 1) (table+ c))) (table+ mid))]]
     :stays [(join+ [[b1 m1]] (table+ big) (table+ mid))
             (join+ [[m1 b1]] (table+ mid) (table+ big))
             (join+ :cross (table+ mid) (table+ tiny))
             (join+ [[b2 t1]] (join+ [[b1 m1]] (table+ big) (table+ tiny [[m1 t1] [m2 t2]])) (table+ tiny))
             (join+ :left [[b2 t1]] (join+ :left [[b1 m1]] (table+ big) (table+ mid)) (table+ tiny))
             (join+ :full [[b2 t1]] (join+ :full [[b1 m1]] (table+ big) (table+ mid)) (table+ tiny))
             (join+ [[b2 t1]] (slice+ 0 5 (join+ [[b1 m1]] (table+ big) (table+ mid))) (table+ tiny))
             (join+ [[b2 t1]] (filter+ (> (/ b1 m2) 1) (join+ [[b1 m1]] (table+ big) (table+ mid))) (table+ tiny))]}
    empty-relation-of-slice-of-none
    {:fires [[(slice+ 3 0 (table+ c)) (values+ [[u :int64] [v :int64]] [])]
             [(top+ 0 [u] (table+ c)) (values+ [[u :int64] [v :int64]] [])]]
     :stays [(slice+ 3 nil (table+ c)) (top+ 1 [u] (table+ c))]}
    empty-relation-of-contradiction
    {:fires [[(filter+ (and (> u 5) (< u 3)) (table+ c)) (values+ [[u :int64] [v :int64]] [])]
             [(filter+ (and (= u 5) (in u [1 2 nil])) (table+ c)) (values+ [[u :int64] [v :int64]] [])]
             [(filter+ (> u 5) (sort+ [v] (filter+ (<= u 5) (table+ c)))) (values+ [[u :int64] [v :int64]] [])]
             [(table+ c [u] {:filter (and (= u 1) (= 2 u))}) (values+ [[u :int64]] [])]]
     :stays [(filter+ (and (>= u 5) (<= u 5)) (table+ c))
             (filter+ (or (> u 5) (< u 3)) (table+ c))
             (filter+ (and (> u 5) (< v 3)) (table+ c))
             (filter+ (> u 5) (join+ :left [[v x]] (table+ c [v]) (project+ [x [u y]] (filter+ (< y 3) (table+ a)))))]}
    drop-conditions-that-others-imply
    {:fires [[(filter+ (and (> u 3) (> v 1) (> u 5) (> u 5)) (table+ c)) (filter+ (and (> v 1) (> u 5)) (table+ c))]
             [(filter+ (and (< u 9) (in u [1 2])) (table+ c)) (filter+ (in u [1 2]) (table+ c))]
             [(filter+ (> u 3) (distinct+ (filter+ (>= u 4) (table+ c)))) (distinct+ (filter+ (>= u 4) (table+ c)))]
             [(table+ c [u] {:filter (and (= u 1) (< u 2))}) (table+ c [u] {:filter (= u 1)})]]
     :stays [(filter+ (and (> u 3) (< u 5)) (table+ c))
             (filter+ (> u 5) (distinct+ (filter+ (> u 3) (table+ c))))
             (filter+ (and (> u 3) (> v 3)) (table+ c))]}
    drop-condition-of-join-that-is-always-true
    {:fires []
     :stays [(join+ [[x u]] (table+ a) (table+ c) {:on (> y v)}) (join+ [[x u]] (table+ a) (table+ c) {:on false})]}
    drop-side-of-join-that-matches-nothing
    {:fires [[(join+ :left [[x u]] (table+ a [x]) (table+ c [u]) {:on false})
              (join+ :left [[x u]] (table+ a [x]) (values+ [[u :int64]] []) {:on false})]
             [(join+ :anti [[x u]] (table+ a [x]) (table+ c [u]) {:on (cast nil :boolean)})
              (join+ :anti [[x u]] (table+ a [x]) (values+ [[u :int64]] []) {:on (cast nil :boolean)})]]
     :stays [(join+ :full [[x u]] (table+ a) (table+ c) {:on false})
             (join+ :mark [[x u]] (table+ a) (table+ c) {:mark m :on (cast nil :boolean)})]}
    empty-relation-over-empty-relation
    {:fires [[(project+ [[w (+ u 1)]] (values+ [[u :int64]] [])) (values+ [[w :int64]] [])]
             [(join+ [[x u]] (table+ a [x]) (values+ [[u :int64]] [])) (values+ [[x :int64] [u :int64]] [])]
             [(join+ :left [[x u]] (table+ a [x]) (values+ [[u :int64]] [])) (project+ [x [u (cast nil :int64)]] (table+ a [x]))]
             [(join+ :full [[x u]] (values+ [[x :int64]] []) (table+ c [u])) (project+ [[x (cast nil :int64)] u] (table+ c [u]))]
             [(join+ :null-anti [[x u]] (table+ a) (values+ [[u :int64]] [])) (table+ a)]
             [(join+ :mark [[x u]] (table+ a) (values+ [[u :int64]] []) {:mark m}) (bind+ [[m false]] (table+ a))]
             [(group+ [u] [[n (count)]] (values+ [[u :int64]] [])) (values+ [[u :int64] [n :int64]] [])]
             [(union+ (values+ [[u :int64] [v :int64]] []) (project+ [[p u] [q v]] (table+ c)))
              (project+ [[u p] [v q]] (project+ [[p u] [q v]] (table+ c)))]
             [(minus+ (table+ c) (values+ [[u :int64] [v :int64]] [])) (distinct+ (table+ c))]
             [(minus+ (table+ c) (values+ [[u :int64] [v :int64]] []) {:all true}) (table+ c)]]
     :stays [(group+ [] [[n (count)]] (values+ [[u :int64]] []))
             (group+ [u] [[n (count)]] (values+ [[u :int64]] []) {:sets [[u] []]})
             (join+ :full [u] (values+ [[u :int64]] []) (table+ c))
             (union+ (table+ c) (table+ c))]}
    drop-distinct-of-unique-rows
    {:fires [[(distinct+ (table+ keyed)) (table+ keyed)]
             [(distinct+ (group+ [u] [[n (count)]] (table+ c))) (group+ [u] [[n (count)]] (table+ c))]
             [(distinct+ [v u] (distinct+ (table+ c))) (distinct+ (table+ c))]
             [(distinct+ (join+ [[x id]] (distinct+ [y] (table+ a)) (table+ keyed)))
              (join+ [[x id]] (distinct+ [y] (table+ a)) (table+ keyed))]
             [(distinct+ (values+ [u] [[1] [2] [nil]])) (values+ [u] [[1] [2] [nil]])]
             [(distinct+ (project+ [[p id]] (filter+ (> w 1) (table+ keyed)))) (project+ [[p id]] (filter+ (> w 1) (table+ keyed)))]]
     :stays [(distinct+ (table+ c))
             (distinct+ (project+ [w] (table+ keyed)))
             (distinct+ (values+ [u] [[1] [nil] [nil]]))
             (distinct+ (group+ [u] [[n (count)]] (table+ c) {:sets [[u] []]}))
             (distinct+ [id] (join+ [[x id]] (table+ a) (table+ keyed)))
             (distinct+ (union+ (table+ keyed) (table+ keyed)))]}
    drop-group-of-unique-keys
    {:fires [[(group+ [id] [[n (count)] [m (sum w)] [c (count w)] [h (max w {:filter (> w 1)})]] (table+ keyed))
              (project+ [id [n 1] [m w] [c (case (is-not-null w) 1 :else 0)] [h (if (> w 1) w (cast nil :int64))]] (table+ keyed))]
             [(group+ [[g (+ id 1)] id] [] (table+ keyed)) (project+ [[g (+ id 1)] id] (table+ keyed))]]
     :stays [(group+ [w] [[n (count)]] (table+ keyed))
             (group+ [id] [[n (avg w)]] (table+ keyed))
             (group+ [] [[n (count)]] (table+ keyed))
             (group+ [id] [[n (count)]] (table+ keyed) {:sets [[id] []]})]}
    drop-constant-group-keys
    {:fires [[(group+ [u v [w 1]] [[n (count)]] (filter+ (= u 5) (table+ c)))
              (project+ [[u 5] v [w 1] n] (group+ [v] [[n (count)]] (filter+ (= u 5) (table+ c))))]
             [(group+ [u [w 1]] [] (filter+ (= u 5) (table+ c))) (project+ [u [w 1]] (group+ [u] [] (filter+ (= u 5) (table+ c))))]]
     :stays [(group+ [u] [[n (count)]] (filter+ (= u 5) (table+ c)))
             (group+ [u v] [[n (count)]] (filter+ (> u 5) (table+ c)))
             (group+ [u v] [[n (count)]] (filter+ (= u 5) (table+ c)) {:sets [[u] [v]]})]}
    drop-group-keys-that-others-determine
    {:fires [[(group+ [w id y] [[n (count)]] (join+ [[x id]] (table+ a) (table+ keyed)))
              (project+ [w id y n] (group+ [id y] [[w (any w)] [n (count)]] (join+ [[x id]] (table+ a) (table+ keyed))))]
             [(group+ [x u] [[n (count)]] (join+ [[x u]] (table+ a) (table+ c)))
              (group+ [x] [[u (any u)] [n (count)]] (join+ [[x u]] (table+ a) (table+ c)))]]
     :stays [(group+ [w y] [[n (count)]] (join+ [[x id]] (table+ a) (table+ keyed)))
             (group+ [x v] [[n (count)]] (join+ [[x u]] (table+ a) (table+ c)))
             (group+ [w id] [[n (count)]] (join+ [[x id]] (table+ a) (table+ keyed)) {:sets [[w] [id]]})]}
    merge-group-over-group
    {:fires [[(group+ [u] [[s (sum n)] [m (max h)]] (group+ [u v] [[n (count)] [h (max v)]] (table+ c)))
              (group+ [u] [[s (count)] [m (max v)]] (table+ c))]
             [(group+ [g] [] (group+ [[g (+ u 1)] v] [] (table+ c))) (group+ [[g (+ u 1)]] [] (table+ c))]]
     :stays [(group+ [u] [[s (count n)]] (group+ [u v] [[n (count)]] (table+ c)))
             (group+ [] [[s (sum n)]] (group+ [u v] [[n (count)]] (table+ c)))
             (group+ [n] [] (group+ [u v] [[n (count)]] (table+ c)))
             (group+ [u] [[s (sum n)]] (group+ [u v] [[n (count v {:distinct true})]] (table+ c)))
             (group+ [u] [[s (sum n {:filter (> v 1)})]] (group+ [u v] [[n (count)]] (table+ c)))]}
    drop-sort-of-one-row
    {:fires [[(sort+ [n] (group+ [] [[n (count)]] (table+ c))) (group+ [] [[n (count)]] (table+ c))]
             [(sort+ [u] (slice+ 0 1 (table+ c))) (slice+ 0 1 (table+ c))]]
     :stays [(sort+ [u] (slice+ 0 2 (table+ c)))]}
    drop-sort-items-that-say-nothing
    {:fires [[(sort+ [u v] (filter+ (= u 1) (table+ c))) (sort+ [v] (filter+ (= u 1) (table+ c)))]
             [(sort+ [[id :desc] w] (table+ keyed)) (sort+ [[id :desc]] (table+ keyed))]
             [(top+ 5 [u v u] (table+ c)) (top+ 5 [u v] (table+ c))]
             [(sort+ [u] (filter+ (= u 1) (table+ c))) (filter+ (= u 1) (table+ c))]]
     :stays [(sort+ [w id] (table+ keyed)) (top+ 5 [u] (filter+ (= u 1) (table+ c))) (sort+ [u v] (filter+ (> u 1) (table+ c)))]}
    inline-subplan-that-is-used-once
    {:fires [[(with+ [t (filter+ (> u 1) (table+ c))] (project+ [v] t)) (project+ [v] (filter+ (> u 1) (table+ c)))]
             [(with+ [t (table+ c) r (project+ [u] t)] (union+ r r))
              (with+ [r (project+ [u] (table+ c))] (union+ r r))]
             [(with+ [t (table+ c)] (table+ a)) (table+ a)]]
     :stays [(with+ [t (table+ c)] (union+ t t))]}
    share-equal-subtrees
    {:fires [[(union+ (group+ [u] [[n (count)]] (table+ c)) (group+ [u] [[n (count)]] (table+ c)))
              (with+ [shared (group+ [u] [[n (count)]] (table+ c))] (union+ shared shared))]
             [(join+ [[p q]]
                (project+ [[p n]] (group+ [x] [[n (max y)] [m (min y)]] (filter+ (> x 1) (table+ a))))
                (project+ [[q m2]]
                  (group+ [x2] [[n2 (max y2)] [m2 (min y2)]] (filter+ (> x2 1) (table+ a [[y2 y] [x2 x] [s2 s] [k2 k]])))))
              (with+ [shared (project+ [n m] (group+ [x] [[n (max y)] [m (min y)]] (filter+ (> x 1) (table+ a))))]
                (join+ [[p q]] (project+ [[p n]] (project+ [n] shared)) (project+ [[q m2]] (project+ [[m2 m]] shared))))]]
     :stays [(union+ (filter+ (> u 1) (table+ c)) (filter+ (> u 1) (table+ c)))
             (union+ (group+ [u] [[n (count)]] (table+ c)) (group+ [v] [[n (count)]] (table+ c)))
             (union+ (group+ [u] [[n (count)]] (filter+ (> v 1) (table+ c))) (group+ [u] [[n (count)]] (table+ c)))
             (with+ [t (table+ c)] (union+ (distinct+ t) (distinct+ t)))
             (union+ (join+ :cross (table+ a) (table+ c)) (join+ :cross (table+ a) (table+ c)))]}
    leave-out-items-that-nobody-reads
    {:fires [[(project+ [p] (filter+ (> q 1) (project+ [[p x] [q y] s] (table+ a))))
              (project+ [p] (filter+ (> q 1) (project+ [[p x] [q y]] (table+ a))))]
             [(project+ [r] (bind+ [[p (+ x 1)] [q y] [r (* p 2)]] (table+ a)))
              (project+ [r] (bind+ [[p (+ x 1)] [r (* p 2)]] (table+ a)))]
             [(project+ [x] (bind+ [[p (+ x 1)]] (table+ a))) (project+ [x] (table+ a))]
             [(project+ [x] (group+ [x] [[n (count)]] (table+ a))) (project+ [x] (group+ [x] [] (table+ a)))]]
     :stays [(project+ [[p x] [q y]] (table+ a))
             (distinct+ (project+ [[p x] [q y]] (table+ a)))
             (group+ [p] [[n (count)]] (sort+ [q] (project+ [[p x] [q y]] (table+ a))))]}
    turn-outer-join-below-join-into-inner
    {:fires [[(join+ [[v x]] (join+ :left [[id u]] (table+ keyed) (table+ c)) (table+ a))
              (join+ [[v x]] (join+ [[id u]] (table+ keyed) (table+ c)) (table+ a))]
             [(join+ :left [[x v]] (table+ a) (join+ :left [[id u]] (table+ keyed) (table+ c)))
              (join+ :left [[x v]] (table+ a) (join+ [[id u]] (table+ keyed) (table+ c)))]
             [(join+ :semi [[w x]] (join+ :full [[id u]] (table+ keyed) (table+ c)) (table+ a))
              (join+ :semi [[w x]] (join+ :left [[id u]] (table+ keyed) (table+ c)) (table+ a))]]
     :stays [(join+ :left [[v x]] (join+ :left [[id u]] (table+ keyed) (table+ c)) (table+ a))
             (join+ [[w x]] (join+ :left [[id u]] (table+ keyed) (table+ c)) (table+ a))
             (join+ [[v x :null-safe]] (join+ :left [[id u]] (table+ keyed) (table+ c)) (table+ a))
             (join+ :anti [[v x]] (join+ :left [[id u]] (table+ keyed) (table+ c)) (table+ a))]}
    turn-left-join-and-is-null-into-anti
    {:fires [[(filter+ (is-null id) (join+ :left [[u w]] (table+ c) (table+ keyed)))
              (project+ [u v [id (cast nil :int64)] [w (cast nil :int64)]] (join+ :anti [[u w]] (table+ c) (table+ keyed)))]
             [(filter+ (and (> v 1) (is-null w)) (join+ :left [[u w]] (table+ c) (table+ keyed)))
              (filter+ (> v 1)
                (project+ [u v [id (cast nil :int64)] [w (cast nil :int64)]]
                  (join+ :anti [[u w]] (table+ c) (table+ keyed))))]
             [(filter+ (is-null z) (join+ :left [x] (table+ a) (filter+ (> z 1) (table+ b [x z]))))
              (project+ [x y s k [z (cast nil :int64)]] (join+ :anti [x] (table+ a) (filter+ (> z 1) (table+ b [x z]))))]]
     :stays [(filter+ (is-null z) (join+ :left [x] (table+ a) (table+ b)))
             (filter+ (is-null w) (join+ :left [[u w :null-safe]] (table+ c) (table+ keyed)))
             (filter+ (is-null u) (join+ :left [[u w]] (table+ c) (table+ keyed)))
             (filter+ (is-null id) (join+ :full [[u w]] (table+ c) (table+ keyed)))
             (filter+ (or (is-null id) (> v 1)) (join+ :left [[u w]] (table+ c) (table+ keyed)))]}
    push-semi-join-below-project
    {:fires [[(join+ :semi [[p u]] (project+ [[p (+ x 1)] y] (table+ a)) (table+ c))
              (project+ [[p (+ x 1)] y] (join+ :semi (= (+ x 1) u) (table+ a) (table+ c)))]
             [(join+ :anti [[y u]] (bind+ [[p (+ x 1)]] (table+ a)) (table+ c))
              (bind+ [[p (+ x 1)]] (join+ :anti [[y u]] (table+ a) (table+ c)))]]
     :stays [(join+ :semi [[p u]] (bind+ [[p (+ x 1)]] (table+ a)) (table+ c))
             (join+ :semi [[p u]] (project+ [[p (/ 1 x)]] (table+ a)) (table+ c))
             (join+ :semi [[p u]] (project+ [[p 1]] (table+ a)) (table+ c))
             (join+ :semi [[p x]] (project+ [[p (+ x 1)]] (table+ a)) (table+ b))
             (join+ [[p u]] (project+ [[p x]] (table+ a)) (table+ c))]}
    push-semi-join-below-group
    {:fires [[(join+ :semi [[x u]] (group+ [x] [[n (count)]] (table+ a)) (table+ c))
              (group+ [x] [[n (count)]] (join+ :semi [[x u]] (table+ a) (table+ c)))]
             [(join+ :anti [[p u]] (group+ [[p (+ x 1)] y] [[n (count)]] (table+ a)) (table+ c))
              (group+ [[p (+ x 1)] y] [[n (count)]] (join+ :anti (= (+ x 1) u) (table+ a) (table+ c)))]]
     :stays [(join+ :semi [[n u]] (group+ [x] [[n (count)]] (table+ a)) (table+ c))
             (join+ :semi [[x u]] (group+ [x] [[n (count)]] (table+ a)) (table+ c) {:on (> n v)})
             (join+ :semi [[x u]] (group+ [x y] [[n (count)]] (table+ a) {:sets [[x] [y]]}) (table+ c))]}
    drop-outer-join-whose-other-side-is-unused
    {:fires [[(project+ [y] (join+ :left [[x id]] (table+ a) (table+ keyed))) (project+ [y] (table+ a))]
             [(project+ [y] (filter+ (> y 1) (join+ :right [[id x]] (table+ keyed) (table+ a))))
              (project+ [y] (filter+ (> y 1) (table+ a)))]
             [(group+ [y] [[n (max k)]] (join+ :left [[x u]] (table+ a) (table+ c))) (group+ [y] [[n (max k)]] (table+ a))]
             [(project+ [y] (join+ :left [[x u]] (table+ a) (group+ [u] [[n (count)]] (table+ c)))) (project+ [y] (table+ a))]]
     :stays [(project+ [y] (join+ :left [[x u]] (table+ a) (table+ c)))
             (project+ [y w] (join+ :left [[x id]] (table+ a) (table+ keyed)))
             (project+ [y] (sort+ [w] (join+ :left [[x id]] (table+ a) (table+ keyed))))
             (project+ [y] (join+ [[x id]] (table+ a) (table+ keyed)))
             (group+ [y] [[n (count)]] (join+ :left [[x u]] (table+ a) (table+ c)))
             (join+ :left [[x id]] (table+ a) (table+ keyed))]}
    drop-mark-join-whose-mark-is-unused
    {:fires [[(project+ [y] (join+ :mark [[x u]] (table+ a) (table+ c) {:mark m})) (project+ [y] (table+ a))]]
     :stays [(project+ [y m] (join+ :mark [[x u]] (table+ a) (table+ c) {:mark m}))
             (join+ :mark [[x u]] (table+ a) (table+ c) {:mark m})]}
    turn-mark-into-semi-or-anti
    {:fires [[(filter+ m (join+ :mark [[x u]] (table+ a) (table+ c) {:mark m}))
              (bind+ [[m true]] (join+ :semi [[x u]] (table+ a) (table+ c)))]
             [(filter+ (and (> y 1) (is-true m)) (join+ :mark [[x u]] (table+ a) (table+ c) {:mark m :on (> y v)}))
              (filter+ (> y 1) (bind+ [[m true]] (join+ :semi [[x u]] (table+ a) (table+ c) {:on (> y v)})))]
             [(filter+ (not m) (join+ :mark [[x u]] (table+ a) (table+ c) {:mark m}))
              (bind+ [[m false]] (join+ :null-anti [[x u]] (table+ a) (table+ c)))]
             [(filter+ (not m) (join+ :mark [[k id]] (table+ a) (table+ keyed) {:mark m}))
              (bind+ [[m false]] (join+ :anti [[k id]] (table+ a) (table+ keyed)))]
             [(filter+ (is-false m) (join+ :mark [[x u :null-safe] [y v :null-safe]] (table+ a) (table+ c) {:mark m}))
              (bind+ [[m false]] (join+ :anti [[x u :null-safe] [y v :null-safe]] (table+ a) (table+ c)))]
             [(project+ [y] (filter+ (not (is-true m)) (join+ :mark [[x u]] (table+ a) (table+ c) {:mark m})))
              (project+ [y] (join+ :anti [[x u]] (table+ a) (table+ c)))]
             [(project+ [y] (filter+ (not (coalesce m false)) (join+ :mark [[x u]] (table+ a) (table+ c) {:mark m})))
              (project+ [y] (join+ :anti [[x u]] (table+ a) (table+ c)))]]
     :stays [(filter+ (not m) (join+ :mark [[x u] [y v]] (table+ a) (table+ c) {:mark m}))
             (filter+ (not m) (join+ :mark [[x u]] (table+ a) (table+ c) {:mark m :on (> y v)}))
             (filter+ (not (is-true m)) (join+ :mark [[x u]] (table+ a) (table+ c) {:mark m}))
             (filter+ (is-null m) (join+ :mark [[x u]] (table+ a) (table+ c) {:mark m}))
             (filter+ (or m (> y 1)) (join+ :mark [[x u]] (table+ a) (table+ c) {:mark m}))]}
    turn-inner-join-into-semi
    {:fires [[(project+ [y] (join+ [[x id]] (table+ a) (table+ keyed))) (project+ [y] (join+ :semi [[x id]] (table+ a) (table+ keyed)))]
             [(project+ [y] (join+ [[id x]] (table+ keyed) (table+ a))) (project+ [y] (join+ :semi [[x id]] (table+ a) (table+ keyed)))]
             [(distinct+ (project+ [y] (join+ [[x u]] (table+ a) (table+ c))))
              (distinct+ (project+ [y] (join+ :semi [[x u]] (table+ a) (table+ c))))]
             [(group+ [y] [[n (count)]] (join+ [[x id]] (table+ a) (table+ keyed) {:on (> w y)}))
              (group+ [y] [[n (count)]] (join+ :semi [[x id]] (table+ a) (table+ keyed) {:on (> w y)}))]]
     :stays [(project+ [y] (join+ [[x u]] (table+ a) (table+ c)))
             (project+ [y w] (join+ [[x id]] (table+ a) (table+ keyed)))
             (project+ [h] (join+ [[g id]] (table+ small) (table+ keyed)))
             (project+ [y] (join+ :left [[x id]] (table+ a) (table+ keyed)))
             (project+ [y] (join+ (> x id) (table+ a) (table+ keyed)))]}
    drop-distinct-where-duplicates-do-not-matter
    {:fires [[(join+ :semi [[x u]] (table+ a) (distinct+ (table+ c))) (join+ :semi [[x u]] (table+ a) (table+ c))]
             [(distinct+ (union+ (distinct+ (table+ c)) (table+ c))) (distinct+ (union+ (table+ c) (table+ c)))]
             [(group+ [u] [[m (max v)] [n (count v {:distinct true})]] (distinct+ (table+ c)))
              (group+ [u] [[m (max v)] [n (count v {:distinct true})]] (table+ c))]
             [(join+ :null-anti [[x u]] (table+ a) (project+ [u] (distinct+ [u] (table+ c))))
              (join+ :null-anti [[x u]] (table+ a) (project+ [u] (table+ c)))]]
     :stays [(join+ [[x u]] (table+ a) (distinct+ (table+ c)))
             (group+ [u] [[n (count)]] (distinct+ (table+ c)))
             (distinct+ (join+ [[x u]] (table+ a) (distinct+ (table+ c))))
             (join+ :semi [[x u]] (table+ a) (distinct+ [v] (table+ c)))]}
    turn-grouping-into-project-where-duplicates-do-not-matter
    {:fires [[(join+ :semi [[x p]] (table+ a) (group+ [[p (+ u 1)]] [] (table+ c)))
              (join+ :semi [[x p]] (table+ a) (project+ [[p (+ u 1)]] (table+ c)))]
             [(join+ :anti [[x u]] (table+ a) (group+ [u] [[n (count)]] (table+ c)))
              (join+ :anti [[x u]] (table+ a) (project+ [u] (table+ c)))]]
     :stays [(join+ :semi [[x u]] (table+ a) (group+ [u] [[n (count)]] (table+ c)) {:on (> n y)})
             (join+ :semi [[x u]] (table+ a) (filter+ (> n 1) (group+ [u] [[n (count)]] (table+ c))))
             (join+ :semi (= x n) (table+ a) (group+ [] [[n (count)]] (table+ c)))
             (join+ [[x u]] (table+ a) (group+ [u] [] (table+ c)))]}
    drop-sort-whose-order-is-lost
    {:fires [[(group+ [u] [[n (count)]] (filter+ (> v 1) (sort+ [v] (table+ c)))) (group+ [u] [[n (count)]] (filter+ (> v 1) (table+ c)))]
             [(sort+ [u] (sort+ [v] (table+ c))) (sort+ [u] (table+ c))]
             [(join+ [[x u]] (table+ a) (sort+ [u] (table+ c))) (join+ [[x u]] (table+ a) (table+ c))]
             [(union+ (sort+ [u] (table+ c)) (table+ c)) (union+ (table+ c) (table+ c))]]
     :stays [(sort+ [u] (table+ c))
             (project+ [u] (filter+ (> v 1) (sort+ [v] (table+ c))))
             (slice+ 0 3 (sort+ [u] (table+ c)))
             (number+ n (sort+ [u] (table+ c)))
             (window+ [[r (row-number)]] (sort+ [u] (table+ c)))
             (join+ [[x u]] (sort+ [x] (table+ a)) (sort+ [u] (table+ c)))]}
    push-limit-below-left-join
    {:fires [[(slice+ 1 2 (join+ :left [[x u]] (table+ a) (table+ c)))
              (slice+ 1 2 (join+ :left [[x u]] (slice+ 0 3 (table+ a)) (table+ c)))]
             [(slice+ 0 2 (join+ :mark [[x u]] (table+ a) (table+ c) {:mark m}))
              (slice+ 0 2 (join+ :mark [[x u]] (slice+ 0 2 (table+ a)) (table+ c) {:mark m}))]]
     :stays [(slice+ 1 2 (join+ [[x u]] (table+ a) (table+ c)))
             (slice+ 1 nil (join+ :left [[x u]] (table+ a) (table+ c)))
             (slice+ 1 2 (join+ :full [[x u]] (table+ a) (table+ c)))
             (slice+ 1 2 (join+ :left [[x u]] (top+ 3 [k] (table+ a)) (table+ c)))]}
    push-top-below-project
    {:fires [[(top+ 3 [w [x :desc]] (project+ [x [w (* x y)]] (table+ a)))
              (project+ [x [w (* x y)]] (top+ 3 [(* x y) [x :desc]] (table+ a)))]]
     :stays [(top+ 3 [x] (project+ [x y] (table+ a))) (sort+ [w] (project+ [[w (* x y)]] (table+ a)))]}
    push-top-below-left-join
    {:fires [[(top+ 3 [y [x :desc]] (join+ :left [[x u]] (table+ a) (table+ c)))
              (top+ 3 [y [x :desc]] (join+ :left [[x u]] (top+ 3 [y [x :desc]] (table+ a)) (table+ c)))]]
     :stays [(top+ 3 [v] (join+ :left [[x u]] (table+ a) (table+ c)))
             (top+ 3 [y] (join+ [[x u]] (table+ a) (table+ c)))
             (top+ 3 [y] (join+ :left [[x u]] (slice+ 0 3 (table+ a)) (table+ c)))
             (top+ 3 [m] (join+ :mark [[x u]] (table+ a) (table+ c) {:mark m}))]}
    push-top-into-union
    {:fires [[(top+ 3 [[u :desc]] (union+ (table+ c) (slice+ 0 2 (table+ c))))
              (top+ 3 [[u :desc]] (union+ (top+ 3 [[u :desc]] (table+ c)) (slice+ 0 2 (table+ c))))]]
     :stays [(top+ 3 [u] (union+ (slice+ 0 3 (table+ c)) (top+ 3 [u] (table+ c))))
             (sort+ [u] (union+ (table+ c) (table+ c)))]}
    turn-sort-and-slice-into-top
    {:fires [[(slice+ 0 5 (sort+ [u] (table+ c))) (top+ 5 [u] (table+ c))]]
     :stays [(slice+ 2 nil (sort+ [u] (table+ c))) (slice+ 0 5 (table+ c))]}
    merge-adjacent-slices
    {:fires [[(slice+ 2 5 (slice+ 1 4 (table+ c))) (slice+ 3 2 (table+ c))]
             [(slice+ 2 5 (slice+ 1 nil (table+ c))) (slice+ 3 5 (table+ c))]
             [(slice+ 9 nil (slice+ 1 4 (table+ c))) (slice+ 10 0 (table+ c))]]
     :stays [(slice+ 2 5 (table+ c))]}
    push-slice-below-project
    {:fires [[(slice+ 1 2 (project+ [u] (table+ c))) (project+ [u] (slice+ 1 2 (table+ c)))]]
     :stays [(slice+ 1 2 (filter+ (> u 1) (table+ c)))]}
    push-limit-into-union
    {:fires [[(slice+ 1 2 (union+ (table+ c) (table+ c)))
              (slice+ 1 2 (union+ (slice+ 0 3 (table+ c)) (slice+ 0 3 (table+ c))))]]
     :stays [(slice+ 1 nil (union+ (table+ c) (table+ c)))
             (slice+ 1 2 (union+ (slice+ 0 3 (table+ c)) (top+ 2 [u] (table+ c))))]}
    push-limit-into-scan
    {:fires [[(slice+ 1 2 (table+ c)) (slice+ 1 2 (table+ c [u v] {:limit 3}))]]
     :stays [(slice+ 1 nil (table+ c)) (slice+ 1 2 (filter+ (> u 1) (table+ c)))]}
    prune-columns
    {:fires [[(project+ [y] (filter+ (> x 1) (table+ a))) (project+ [y] (project+ [y] (filter+ (> x 1) (table+ a [x y]))))]
             [(project+ [y] (bind+ [[w (+ x 1)]] (table+ a))) (project+ [y] (table+ a [y]))]
             [(project+ [x] (group+ [x] [[n (count)] [m (max y)]] (table+ a)))
              (project+ [x] (group+ [x] [] (table+ a [x])))]
             [(project+ [u] (window+ [[r (rank) {:order [v]}]] (table+ c))) (project+ [u] (table+ c [u]))]
             [(group+ [] [[n (count)]] (table+ c)) (group+ [] [[n (count)]] (table+ c []))]]
     :stays [(project+ [u v] (table+ c)) (distinct+ (table+ c)) (intersect+ (table+ c) (table+ c))]}
    merge-adjacent-projects
    {:fires [[(project+ [[w (+ p 1)]] (project+ [[p (* x y)]] (table+ a))) (project+ [[w (+ (* x y) 1)]] (table+ a))]]
     :stays [(project+ [[w (+ p p)]] (project+ [[p (* x y)]] (table+ a)))
             (project+ [x] (filter+ (> x 1) (project+ [x y] (table+ a))))]}
    drop-project-that-changes-nothing
    {:fires [[(project+ [u v] (table+ c)) (table+ c)]]
     :stays [(project+ [v u] (table+ c)) (project+ [u] (table+ c)) (project+ [u [v u]] (table+ c))]}
    merge-inputs-that-are-sorted
    {:fires []
     :stays [(join+ [x] (table+ a) (table+ b))
             (join+ [x] (sort+ [x] (table+ a)) (table+ b))
             (join+ [x] (sort+ [[x :desc]] (table+ a)) (sort+ [x] (table+ b)))
             (join+ :full [x] (sort+ [x] (table+ a)) (sort+ [x] (table+ b)))
             (join+ [x] (sort+ [x y] (table+ a)) (sort+ [x] (table+ b)))]}
    turn-hash-join-into-let
    {:fires [[(join+ [x] (table+ a) (table+ b))
              (let+ [hashes (first+ (preduce+ (hash-tuples {:keys [x]}) (table+ b)))]
                (mapcat+ (tuple-matches hashes {:keys [x] :kind :inner}) (table+ a)))]
             [(join+ :semi [[x u]] (table+ a) (table+ c) {:on (> y v)})
              (let+ [hashes (first+ (preduce+ (hash-tuples {:keys [u]}) (table+ c)))]
                (mapcat+ (tuple-matches hashes {:keys [x] :kind :semi :on (> y v)}) (table+ a)))]]
     :stays [(join+ :full [x] (table+ a) (table+ b)) (join+ :right [x] (table+ a) (table+ b))
             (join+ :cross (table+ a) (table+ c)) (join+ (< x u) (table+ a) (table+ c))]}})

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
