(ns dev.penstock.plan.rule-cases.filters
  "Cases of the rules of filters and conditions: constants, contradictions, ways down.")

(def cases
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
             (union+ (table+ c) (table+ c))]}})
