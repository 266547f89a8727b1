(ns dev.penstock.plan.rule-cases.shapes
  "Cases of the rules of limits, sorts, columns and streams.")

(def cases
  "{rule {:fires [[plan result] ...] :stays [plan ...]}}"
  '{drop-sort-of-one-row
    {:fires [[(sort+ [n] (group+ [] [[n (count)]] (table+ c))) (group+ [] [[n (count)]] (table+ c))]
             [(sort+ [u] (slice+ 0 1 (table+ c))) (slice+ 0 1 (table+ c))]]
     :stays [(sort+ [u] (slice+ 0 2 (table+ c)))]}
    drop-sort-items-that-say-nothing
    {:fires [[(sort+ [u v] (filter+ (= u 1) (table+ c))) (sort+ [v] (filter+ (= u 1) (table+ c)))]
             [(sort+ [[id :desc] w] (table+ keyed)) (sort+ [[id :desc]] (table+ keyed))]
             [(top+ 5 [u v u] (table+ c)) (top+ 5 [u v] (table+ c))]
             [(sort+ [u] (filter+ (= u 1) (table+ c))) (filter+ (= u 1) (table+ c))]]
     :stays [(sort+ [w id] (table+ keyed)) (top+ 5 [u] (filter+ (= u 1) (table+ c))) (sort+ [u v] (filter+ (> u 1) (table+ c)))]}
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
    turn-hash-join-into-let
    {:fires [[(join+ [x] (table+ a) (table+ b))
              (let+ [hashes (first+ (preduce+ (hash-tuples {:keys [x]}) (table+ b)))]
                (mapcat+ (tuple-matches hashes {:keys [x] :kind :inner}) (table+ a)))]
             [(join+ :semi [[x u]] (table+ a) (table+ c) {:on (> y v)})
              (let+ [hashes (first+ (preduce+ (hash-tuples {:keys [u]}) (table+ c)))]
                (mapcat+ (tuple-matches hashes {:keys [x] :kind :semi :on (> y v)}) (table+ a)))]]
     :stays [(join+ :full [x] (table+ a) (table+ b)) (join+ :right [x] (table+ a) (table+ b))
             (join+ :cross (table+ a) (table+ c)) (join+ (< x u) (table+ a) (table+ c))]}})
