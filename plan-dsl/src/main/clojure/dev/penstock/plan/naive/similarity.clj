(ns dev.penstock.plan.naive.similarity
  "How alike texts are, in the naive evaluator: by the recursive definitions, over code points."
  (:require [dev.penstock.plan.naive.number :as number]
            [dev.penstock.plan.naive.text :as text]))

(defn- table
  "The value at [i j] of a table whose cells (f get i j) are made of others."
  [f i j]
  (let [known (java.util.HashMap.)
        get (fn get [i j]
              (or (.get known [i j])
                  (let [v (f get (long i) (long j))] (.put known [i j] v) v)))]
    (dotimes [k (inc (long i))] (dotimes [l (inc (long j))] (get k l))) ; in an order that is not deep
    (get i j)))

(defn- edits [get a b i j]
  (let [i (long i), j (long j)]
    (min (+ (long (get (dec i) (dec j))) (if (= (nth a (dec i)) (nth b (dec j))) 0 1))
         (inc (long (get (dec i) j)))
         (inc (long (get i (dec j)))))))

(defn- levenshtein [a b]
  (table (fn [get i j] (cond (zero? (long i)) j, (zero? (long j)) i, :else (edits get a b i j)))
         (count a) (count b)))

(defn- damerau [a b]
  (table (fn [get i j]
           (let [i (long i), j (long j)]
             (if (or (zero? i) (zero? j))
               (max i j)
               ;; the last k < i with a[k] = b[j], and the last l < j with b[l] = a[i], from 1
               (let [k (last (filter #(= (nth a (dec (long %))) (nth b (dec j))) (range 1 i)))
                     l (last (filter #(= (nth b (dec (long %))) (nth a (dec i))) (range 1 j)))
                     plain (long (edits get a b i j))]
                 (if (and k l)
                   (min plain (+ (long (get (dec (long k)) (dec (long l)))) (- i (long k) 1) 1 (- j (long l) 1)))
                   plain)))))
         (count a) (count b)))

(defn- hamming [a b]
  (when-not (= (count a) (count b)) (number/fail :bad-argument "texts of different lengths"))
  (count (filter true? (map not= a b))))

(defn- jaccard [a b]
  (when (or (empty? a) (empty? b)) (number/fail :bad-argument "an empty text"))
  (let [a (set a), b (set b)]
    (/ (double (count (filter b a))) (double (count (into a b))))))

(defn- jaro [a b]
  (let [window (max 0 (dec (quot (max (count a) (count b)) 2)))
        pairs (reduce (fn [pairs i]
                        (let [used (set (map second pairs))
                              j (first (filter #(and (< -1 (long %) (count b)) (not (used %)) (= (nth a i) (nth b %)))
                                               (range (- (long i) window) (+ (long i) window 1))))]
                          (if j (conj pairs [i j]) pairs)))
                      [] (range (count a)))
        m (double (count pairs))
        moved (count (filter true? (map not= (map #(nth a (first %)) pairs) (map #(nth b %) (sort (map second pairs))))))]
    (if (zero? m)
      0.0
      (/ (+ (/ m (count a)) (/ m (count b)) (/ (- m (quot moved 2)) m)) 3.0))))

(defn- jaro-winkler [a b]
  (let [s (double (jaro a b))
        prefix (count (take-while true? (map = (take 4 a) b)))]
    (if (> s 0.7) (+ s (* prefix 0.1 (- 1.0 s))) s)))

(def functions
  (update-vals {'levenshtein levenshtein, 'damerau-levenshtein damerau, 'hamming hamming, 'jaccard jaccard
                'jaro-similarity jaro, 'jaro-winkler-similarity jaro-winkler}
               (fn [f] (fn [_ [a b]] (let [r (f (text/points a) (text/points b))] (if (double? r) r (long r)))))))
