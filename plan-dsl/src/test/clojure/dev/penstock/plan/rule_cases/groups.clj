(ns dev.penstock.plan.rule-cases.groups
  "Cases of the rules of groups, distinct rows, subplans and unions.")

(def cases
  "{rule {:fires [[plan result] ...] :stays [plan ...]}}"
  '{flatten-nested-unions
    {:fires [[(union+ (union+ (table+ c) (table+ c)) (table+ c)) (union+ (table+ c) (table+ c) (table+ c))]]
     :stays [(union+ (table+ c) (table+ c)) (union+ (filter+ (> u 1) (union+ (table+ c) (table+ c))) (table+ c))]}
    drop-distinct-below-distinct
    {:fires [[(distinct+ (distinct+ (table+ c))) (distinct+ (table+ c))]]
     :stays [(distinct+ (distinct+ [u] (table+ c))) (distinct+ [u] (distinct+ (table+ c)))]}
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
             [(group+ [u v] [[g (grouping u v)]] (filter+ (= u 5) (table+ c)))
              (project+ [[u 5] v g] (group+ [v] [[g (grouping v)]] (filter+ (= u 5) (table+ c))))]
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
    push-group-below-join
    {:fires [[(group+ [d2] [[s (sum amount)] [c (count)]] (join+ [[f1 d1]] (table+ facts) (table+ dims)))
              (group+ [d2] [[s (sum sum_part)] [c (sum count_part)]]
                (join+ [[f1 d1]]
                  (group+ [f1] [[sum_part (sum amount)] [count_part (count)]] (table+ facts))
                  (table+ dims)))]
             [(group+ [d2] [[a (avg n)] [q (count n {:filter (> n 3)})] [m (max (+ f2 1))] [k (count d3 {:distinct true})] [y (min d3)]]
                (filter+ (> d3 5) (join+ [[f1 d1]] (table+ facts) (table+ dims))))
              (project+ [d2 [a (/ a_part (nullif a_part_2 0))] q m k y]
                (group+ [d2] [[a_part (sum sum_part)] [a_part_2 (sum count_part)] [q (sum count_part_2)] [m (max max_part)]
                              [k (count d3 {:distinct true})] [y (min d3)]]
                  (filter+ (> d3 5)
                    (join+ [[f1 d1]]
                      (group+ [f1] [[sum_part (sum n)] [count_part (count n)] [count_part_2 (count n {:filter (> n 3)})]
                                    [max_part (max (+ f2 1))]]
                        (table+ facts))
                      (table+ dims)))))]
             [(group+ [d2] [[b (count d3)] [c (count d3 {:filter (> d3 1)})]] (join+ [[d1 f1]] (table+ dims) (table+ facts)))
              (project+ [d2 [b (coalesce b_part 0)] [c (coalesce c_part 0)]]
                (group+ [d2] [[b_part (sum count_part {:filter (is-not-null d3)})]
                              [c_part (sum count_part {:filter (and (> d3 1) (is-not-null d3))})]]
                  (join+ [[d1 f1]] (table+ dims) (group+ [f1] [[count_part (count)]] (table+ facts)))))]
             [(group+ [d2] [[c (count)] [o (count f2)] [m (sum n)]] (join+ :left [[d1 f1]] (table+ dims) (table+ facts)))
              (project+ [d2 [c (coalesce c_part 0)] [o (coalesce o_part 0)] m]
                (group+ [d2] [[c_part (sum (coalesce count_part 1))] [o_part (sum count_part_2)] [m (sum sum_part)]]
                  (join+ :left [[d1 f1]] (table+ dims)
                    (group+ [f1] [[count_part (count)] [count_part_2 (count f2)] [sum_part (sum n)]] (table+ facts)))))]
             [(group+ [d2] [[c (count {:filter (> n 1)})]] (join+ [[f1 d1]] (table+ facts) (table+ dims)))
              (group+ [d2] [[c (sum count_part)]]
                (join+ [[f1 d1]] (group+ [f1] [[count_part (count {:filter (> n 1)})]] (table+ facts)) (table+ dims)))]
             [(group+ [d2] [[m (max (* n 2) {:filter (> n 1)})]] (join+ :left [[f1 d1]] (table+ facts) (table+ dims)))
              (group+ [d2] [[m (max max_part)]]
                (join+ :left [[f1 d1]] (group+ [f1] [[max_part (max (* n 2) {:filter (> n 1)})]] (table+ facts)) (table+ dims)))]
             [(group+ [] [[s (sum double)] [c (count)]]
                (project+ [[double (* amount 2)] d2] (join+ [[f1 d1]] (table+ facts) (table+ dims))))
              (project+ [s [c (coalesce c_part 0)]]
                (group+ [] [[s (sum sum_part)] [c_part (sum count_part)]]
                  (project+ [d2 sum_part count_part]
                    (join+ [[f1 d1]]
                      (group+ [f1] [[sum_part (sum (* amount 2))] [count_part (count)]] (table+ facts))
                      (table+ dims)))))]
             [(group+ [d2] [[s (sum f3)]] (join+ [[f1 d1]] (project+ [f1 [f3 f2]] (table+ facts)) (table+ dims)))
              (group+ [d2] [[s (sum sum_part)]]
                (join+ [[f1 d1]] (group+ [f1] [[sum_part (sum f3)]] (project+ [f1 [f3 f2]] (table+ facts))) (table+ dims)))]
             [(group+ [d2] [[s (sum f4)]] (join+ [[f1 d1]] (project+ [f1 [f4 (* f2 f2)]] (filter+ (> f2 0) (table+ facts [f1 f2]))) (table+ dims)))
              (project+ [d2 [s (cast s_part :int64)]]
                (group+ [d2] [[s_part (sum sum_part)]]
                  (join+ [[f1 d1]]
                    (group+ [f1] [[sum_part (sum (cast f4 [:decimal 19 0]))]]
                      (project+ [f1 [f4 (* f2 f2)]] (filter+ (> f2 0) (table+ facts [f1 f2]))))
                    (table+ dims))))]
             [(group+ [d2] [[s (sum n)]] (join+ :semi [[f1 d3]] (join+ [[f1 d1]] (table+ facts) (table+ dims [d1 d2])) (table+ dims [d3])))
              (group+ [d2] [[s (sum sum_part)]]
                (join+ :semi [[f1 d3]]
                  (join+ [[f1 d1]] (group+ [f1] [[sum_part (sum n)]] (table+ facts)) (table+ dims [d1 d2]))
                  (table+ dims [d3])))]
             [(group+ [d2 d3] [[s (sum n)] [g (grouping d2)]] (join+ [[f1 d1]] (table+ facts) (table+ dims)) {:sets [[d2] []]})
              (group+ [d2 d3] [[s (sum sum_part)] [g (grouping d2)]]
                (join+ [[f1 d1]] (group+ [f1] [[sum_part (sum n)]] (table+ facts)) (table+ dims))
                {:sets [[d2] []]})]]
     :stays [(group+ [f2] [[s (sum n)]] (join+ [[f1 d1]] (table+ facts) (table+ dims)))
             (group+ [d2] [[s (sum (* n d3))]] (join+ [[f1 d1]] (table+ facts) (table+ dims)))
             (group+ [d2] [[s (sum d3)]] (join+ [[f1 d1]] (table+ facts) (table+ dims)))
             (group+ [d2] [[s (sum (quot n f2))]] (join+ [[f1 d1]] (table+ facts) (table+ dims)))
             (group+ [d2] [[s (median n)]] (join+ [[f1 d1]] (table+ facts) (table+ dims)))
             (group+ [d2] [[s (count f2 {:distinct true})]] (join+ [[f1 d1]] (table+ facts) (table+ dims)))
             (group+ [d2] [[s (sum n)]] (join+ [[f1 d1]] (table+ facts) (filter+ (= d3 5) (table+ dims))))
             (group+ [d2] [[s (sum n)]] (join+ :cross (table+ facts) (table+ dims)))
             (group+ [ratio] [[s (sum n)]] (join+ [[f1 d1]] (table+ facts) (table+ dims)))
             (group+ [d2] [[s (sum n {:filter (> n 1)})]] (join+ :left [[d1 f1]] (table+ dims) (table+ facts)))
             (group+ [d2] [[s (sum (coalesce n 1))]] (join+ :left [[d1 f1]] (table+ dims) (table+ facts)))
             (group+ [d2] [[s (sum n)]] (join+ :full [[d1 f1]] (table+ dims) (table+ facts)))
             (group+ [x] [[s (sum y)]] (join+ [[x u]] (table+ a) (table+ c)))]}})
