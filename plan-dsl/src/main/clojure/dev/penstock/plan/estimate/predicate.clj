(ns dev.penstock.plan.estimate.predicate
  "The share of rows for which a predicate is true, and what it says of the columns.

  Conditions on one column multiply, each in what the earlier ones left of its range; those on different columns
  are taken as a little dependent: of the ascending shares s1, s2, s3 ... the third counts as a square root,
  the fourth as a fourth root, later ones not."
  (:require [dev.penstock.plan.estimate.column :as column]
            [dev.penstock.plan.estimate.expression :as expression]
            [dev.penstock.plan.tree :as tree]))

(def ^:private defaults
  "Shares for which nothing better is known."
  {:equal 0.1 :range 0.3 :like 0.1 :contains 0.1 :null 0.05 :other 0.3})

(defn- clamp [x] (max 0.0 (min 1.0 (double x))))

(defn- not-null [c] (- 1.0 (column/nulls-share c)))

(defn- outside? [c v]
  (let [range (column/range-of c), p (column/position v)]
    (and range p (let [[low high] range] (or (< (double p) (double low)) (< (double high) (double p)))))))

(defn- equal-share
  "Of an expression with stats c to be the literal value v."
  [c v]
  (cond
    (nil? v) 0.0
    (outside? c v) 0.0
    (:distinct c) (/ (not-null c) (double (:distinct c)))
    :else (:equal defaults)))

(defn- below-share
  "Of an expression with stats c to be below the value v (or above, for > and >=)."
  [f c v]
  (let [range (column/range-of c), p (column/position v)]
    (if (and range p)
      (let [[low high] range
            low (double low), high (double high), p (double p)
            d (double (or (:distinct c) 1e6))
            one (/ 1.0 (max 1.0 d)) ; the value itself
            below (cond (< p low) 0.0
                        (< high p) 1.0
                        (= low high) (if (contains? '#{<= >=} f) 1.0 0.0)
                        :else (/ (- p low) (- high low)))
            inside (and (<= low p) (<= p high))]
        (* (not-null c)
           (clamp (case f
                    < below
                    <= (if inside (max below one) below)
                    > (- 1.0 below)
                    >= (if inside (max (- 1.0 below) one) (- 1.0 below))))))
      (:range defaults))))

(defn- cut
  "The range of c where f holds for v."
  [f c v share]
  (let [v? (column/position v)
        kept (max 1.0 (* (double share) (double (or (:domain c) 1.0))))]
    (cond-> (column/no-nulls c)
      (:domain c) (column/counted kept)
      (and v? (contains? '#{< <=} f) (:max c) (column/position (:max c)) (< (double v?) (double (column/position (:max c)))))
      (assoc :max v)
      (and v? (contains? '#{> >=} f) (:min c) (column/position (:min c)) (< (double (column/position (:min c))) (double v?)))
      (assoc :min v))))

(def ^:private mirrored '{< > > < <= >= >= <= = = not= not=})

(defn- less-share
  "The share of pairs of a value of a and one of b of which the first is less, if both are spread evenly over their ranges;
  nil if these are not known."
  [a b]
  (let [[a-low a-high] (column/range-of a), [b-low b-high] (column/range-of b)]
    (when (and a-low b-low)
      (let [a-low (double a-low), b-low (double b-low)
            width (max 1e-9 (- (double a-high) a-low)), step (/ (- (double b-high) b-low) 16.0)]
        (/ (double (reduce + 0.0 (map #(clamp (/ (- (+ b-low (* step (+ 0.5 (double %)))) a-low) width)) (range 16)))) 16.0)))))

(defn- column-pair-share
  "Of two expressions that are compared with each other."
  [f a b]
  (let [known (remove nil? [(:distinct a) (:distinct b)])
        equal (* (not-null a) (not-null b)
                 (if (seq known) (/ 1.0 (double (apply max known))) (double (:equal defaults))))]
    (case f
      = equal
      not= (clamp (- (* (not-null a) (not-null b)) equal))
      (* (not-null a) (not-null b)
         (double (or (if (contains? '#{< <=} f) (less-share a b) (less-share b a)) (:range defaults)))))))

(defn- updated [columns e f]
  (if-let [name (expression/column-name e)] (update columns name f) columns))

(defn- compare-with
  "[share columns] of (f e literal)."
  [columns f e v]
  (let [c (expression/stats columns e)]
    (case f
      = [(equal-share c v)
         (updated columns e #(merge % (column/constant v)
                                    (when-let [w (:whole %)] {:whole w})))]
      not= [(clamp (- (not-null c) (double (equal-share c v)))) (updated columns e column/no-nulls)]
      (let [share (below-share f c v)]
        [share (updated columns e #(cut f % v share))]))))

(defn- comparison [columns {f :fn [a b] :args}]
  (cond
    (tree/constant? b) (compare-with columns f a (expression/value b))
    (tree/constant? a) (compare-with columns (mirrored f) b (expression/value a))
    :else [(column-pair-share f (expression/stats columns a) (expression/stats columns b))
           (-> columns (updated a column/no-nulls) (updated b column/no-nulls))]))

(def ^:private most-looked-at "Values of a longer list are counted, and not looked at." 1000)

(defn- inside
  "How many values of a list may be there."
  [c values]
  (if (< (long most-looked-at) (count values))
    (count values)
    (let [known (distinct (keep expression/value values))]
      (count (if (= (count known) (count values)) (remove #(outside? c %) known) values)))))

(defn- in-list [columns {[x & values] :args}]
  (let [c (expression/stats columns x)
        n (double (inside c values))
        share (if (:distinct c)
                (* (not-null c) (/ n (double (:distinct c))))
                (min 0.8 (* n (double (:equal defaults)))))]
    [(clamp share) (updated columns x #(-> (column/no-nulls %) (column/counted n)))]))

(defn- pattern-share [{[_ pattern] :args}]
  (let [text (expression/value pattern)]
    (cond
      (nil? text) (:like defaults)
      (re-matches #"[%]*" text) 1.0
      (re-find #"^[%_]" text) (:contains defaults)
      :else (:like defaults))))

(declare shares)

(defn- any-of
  "Of predicates, one of which must hold."
  [columns args]
  (- 1.0 (double (reduce * 1.0 (map #(- 1.0 (double (first (shares columns %)))) args)))))

(defn- null-test [columns {f :fn [x] :args}]
  (let [c (expression/stats columns x)
        nulls (cond (false? (:nullable x)) 0.0
                    (:nulls c) (:nulls c)
                    :else (:null defaults))]
    (if (= 'is-null f)
      [(clamp nulls) columns]
      [(clamp (- 1.0 (double nulls))) (updated columns x column/no-nulls)])))

(defn- one
  "[share columns] of a predicate that is no and."
  [columns {f :fn :keys [args] :as e}]
  (cond
    (tree/literal? e) [(if (true? (:value e)) 1.0 0.0) columns]
    (tree/column? e) [0.5 columns]
    :else
    (case f
      (= not= < <= > >=) (comparison columns e)
      in (in-list columns e)
      or [(clamp (any-of columns args)) columns]
      not [(clamp (- 1.0 (double (first (shares columns (first args)))))) columns]
      (is-null is-not-null) (null-test columns e)
      (is-true is-false) [0.5 columns]
      (like ilike) [(pattern-share e) columns]
      (starts-with ends-with contains regexp-like) [(:contains defaults) columns]
      is-not-distinct [(column-pair-share '= (expression/stats columns (first args)) (expression/stats columns (second args)))
                       columns]
      is-distinct [0.9 columns]
      [(:other defaults) columns])))

(defn- subject
  "What a condition is about: conditions with one subject multiply."
  [e]
  (let [columns (tree/expr-columns e)]
    (if (= 1 (count columns)) (first columns) e)))

(defn- damped [shares]
  (let [[a b c d] (sort shares)]
    (cond-> 1.0 a (* (double a)) b (* (double b)) c (* (Math/sqrt (double c))) d (* (Math/sqrt (Math/sqrt (double d)))))))

(defn shares
  "[share columns] of a predicate: the share of rows that it leaves, and their columns (not yet thinned)."
  [columns e]
  (if (tree/call? e 'and)
    (let [[by-subject columns]
          (reduce (fn [[by-subject columns] part]
                    (let [[share columns] (one columns part)]
                      [(update by-subject (subject part) (fnil * 1.0) (double share)) columns]))
                  [{} columns] (tree/conjuncts e))]
      [(damped (vals by-subject)) columns])
    (one columns e)))

(defn share "The share of rows for which a predicate over columns is true." [columns e]
  (double (first (shares columns e))))
