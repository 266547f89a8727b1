(ns dev.penstock.plan.naive.statistics
  "Moments, covariances and regressions by definition: sums of distances from the mean, exact where they can be.")

(defn- exact [v] (rationalize (double v)))
(defn- sum [vs] (reduce +' 0N vs))
(defn- finite? [vs] (every? #(Double/isFinite (double %)) vs))
(defn- mean [vs] (/ (sum vs) (count vs)))
(defn- from-mean [vs] (let [m (mean vs)] (map #(- % m) vs)))
(defn- power [v n] (reduce *' (repeat n v)))
(defn- root [x] (Math/sqrt (double x)))

(defn- centred [vs n] (sum (map #(power % n) (from-mean vs))))

(defn- finite-moment [f vs]
  (let [n (count vs)
        m2 (centred vs 2)
        variance (fn [divisor] (when (pos? (long divisor)) (/ m2 divisor)))]
    (case f
      variance (some-> (variance (dec n)) double)
      variance-pop (double (variance n))
      stddev (some-> (variance (dec n)) root)
      stddev-pop (root (variance n))
      skewness (when (and (< 2 n) (pos? m2))
                 (* (/ (root (* n (dec n))) (- n 2))
                    (/ (double (/ (centred vs 3) n)) (Math/pow (double (/ m2 n)) 1.5))))
      (kurtosis kurtosis-pop)
      (when (and (pos? m2) (< (if (= 'kurtosis f) 3 0) n))
        (let [excess (- (/ (/ (centred vs 4) n) (power (/ m2 n) 2)) 3)]
          (double (if (= 'kurtosis f)
                    (* (/ (dec n) (* (- n 2) (- n 3))) (+ 6 (* (inc n) excess)))
                    excess)))))))

(defn moment
  "variance, stddev, skewness, kurtosis of numbers; NaN as soon as one of them is not finite (but null of too few)."
  [f vs]
  (if (finite? vs)
    (finite-moment f (map exact vs))
    (when (or (not (#{'variance 'stddev 'skewness 'kurtosis} f))
              (< ('{variance 1, stddev 1, skewness 2, kurtosis 3} f) (count vs)))
      Double/NaN)))

(defn regression
  "The covariances and regressions of y on x, of pairs where neither is null."
  [f ys xs]
  (if-not (and (finite? ys) (finite? xs))
    (case f
      regr-avgx (/ (double (reduce + 0.0 xs)) (count xs))
      regr-avgy (/ (double (reduce + 0.0 ys)) (count ys))
      (when-not (and (= 'covar-samp f) (= 1 (count xs))) Double/NaN))
    (let [n (count xs), ys (map exact ys), xs (map exact xs)
          sxx (centred xs 2), syy (centred ys 2)
          sxy (sum (map *' (from-mean xs) (from-mean ys)))]
      (some->
       (case f
         covar-pop (/ sxy n)
         covar-samp (when (< 1 n) (/ sxy (dec n)))
         corr (when (and (pos? sxx) (pos? syy)) (/ (double sxy) (* (root sxx) (root syy))))
         regr-slope (when (pos? sxx) (/ sxy sxx))
         regr-intercept (when (pos? sxx) (- (mean ys) (* (/ sxy sxx) (mean xs))))
         regr-r2 (when (pos? sxx) (if (zero? syy) 1 (/ (*' sxy sxy) (*' sxx syy))))
         regr-avgx (mean xs)
         regr-avgy (mean ys)
         regr-sxx sxx
         regr-syy syy
         regr-sxy sxy)
       double))))
