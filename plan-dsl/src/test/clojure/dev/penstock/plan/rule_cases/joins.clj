(ns dev.penstock.plan.rule-cases.joins
  "Cases of the rules of joins: their kinds, their order, what goes down through them.")

(def cases
  "{rule {:fires [[plan result] ...] :stays [plan ...]}}"
  '{turn-outer-join-into-inner
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
    merge-inputs-that-are-sorted
    {:fires []
     :stays [(join+ [x] (table+ a) (table+ b))
             (join+ [x] (sort+ [x] (table+ a)) (table+ b))
             (join+ [x] (sort+ [[x :desc]] (table+ a)) (sort+ [x] (table+ b)))
             (join+ :full [x] (sort+ [x] (table+ a)) (sort+ [x] (table+ b)))
             (join+ [x] (sort+ [x y] (table+ a)) (sort+ [x] (table+ b)))]}})
