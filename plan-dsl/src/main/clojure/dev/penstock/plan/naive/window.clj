(ns dev.penstock.plan.naive.window
  "Window functions by definition: for each row, its partition, its peers, its frame."
  (:require [dev.penstock.plan.functions :as functions]
            [dev.penstock.plan.naive.aggregate :as aggregate]
            [dev.penstock.plan.naive.number :as number]
            [dev.penstock.plan.naive.order :as order]
            [dev.penstock.plan.naive.scalar :as scalar]
            [dev.penstock.plan.naive.time :as time]
            [dev.penstock.plan.types :as types]))

(defn- shifted
  "An order key value moved by an offset (sign 1 or -1)."
  [type v offset sign]
  (cond
    (map? offset) (time/arithmetic (if (neg? (long sign)) '- '+) (if (= :date type) :timestamp type) v offset)
    (= :date type) (time/arithmetic (if (neg? (long sign)) '- '+) :date v offset)
    (= :float64 type) (+ (double v) (* (long sign) (double offset)))
    :else (+ (bigdec v) (* (long sign) (bigdec offset)))))

(defn- within-range?
  "Is the order key w of a row not before (side :start) or not after (side :end) the bound of the row with key v?"
  [{:keys [expr descending]} {:keys [kind offset]} side v w]
  (let [type (:type expr)]
    (cond
      (nil? v) (nil? w)
      (nil? w) false
      :else
      (let [away (if (= :preceding kind) -1 1)
            limit (shifted type v (:value offset) (if descending (- away) away))
            order-type (cond (types/exact? type) [:decimal 38 0] (= :date type) nil :else type)
            c (cond
                (= :date type) (compare (time/at-utc w) (time/at-utc limit))
                (types/exact? type) (compare (bigdec w) (bigdec limit))
                :else (order/compare-values order-type w limit))
            c (if descending (- (long c)) (long c))]
        (case side :start (>= c 0) :end (<= c 0))))))

(defn- frame-rows
  "Indexes of the frame of row i of a sorted partition of n rows."
  [{:keys [mode start end]} order-items raw peers i n]
  (let [offset #(long (:value (:offset %)))]
    (if (= :rows mode)
      (let [at (fn [b] (case (:kind b)
                         :unbounded-preceding 0, :unbounded-following (dec n)
                         :current-row i, :preceding (- i (offset b)), :following (+ i (offset b))))]
        (range (max 0 (at start)) (inc (min (dec n) (at end)))))
      (let [[first-peer last-peer] (peers i)
            key #(first (raw %))
            item (first order-items)
            keep-start (fn [k] (case (:kind start)
                                 :unbounded-preceding true
                                 :unbounded-following false
                                 :current-row (>= k first-peer)
                                 (if (nil? (key i)) (>= k first-peer)
                                     (or (and (nil? (key k)) (> k i) (not (:nulls-first item)))
                                         (and (some? (key k)) (within-range? item start :start (key i) (key k)))))))
            keep-end (fn [k] (case (:kind end)
                               :unbounded-following true
                               :unbounded-preceding false
                               :current-row (<= k last-peer)
                               (if (nil? (key i)) (<= k last-peer)
                                   (or (and (nil? (key k)) (< k i) (:nulls-first item))
                                       (and (some? (key k)) (within-range? item end :end (key i) (key k)))))))]
        (filter #(and (keep-start %) (keep-end %)) (range n))))))

(defn- peer-range [keys n]
  (fn [i]
    (let [same #(= (keys i) (keys %))]
      [(or (last (take-while same (range i -1 -1))) i) (or (last (take-while same (range i n))) i)])))

(defn- ntile [n buckets i]
  (let [n (long n), b (long buckets), small (quot n b), big (rem n b), border (* big (inc small))]
    (if (< (long i) border) (inc (quot (long i) (inc small))) (+ 1 big (quot (- (long i) border) small)))))

(defn- function-value [env {f :fn :keys [args frame order] :as function} rows keys raw i]
  (let [n (count rows)
        row (nth rows i)
        value (fn [k e] (scalar/evaluate env (nth rows k) e))
        arg (fn [k] (some->> (nth args k nil) (value i)))
        peers (peer-range keys n)
        [first-peer last-peer] (peers i)
        frame-of #(vec (frame-rows frame order raw peers i n))]
    (case f
      row-number (inc (long i))
      rank (inc (long first-peer))
      dense-rank (count (distinct (map keys (range (inc (long i))))))
      percent-rank (if (= 1 n) 0.0 (/ (double first-peer) (dec n)))
      cume-dist (/ (double (inc (long last-peer))) n)
      ntile (let [b (arg 0)] (when b (if (pos? (long b)) (ntile n b i) (number/fail :bad-argument "ntile of " b))))
      (lag lead) (let [by (if (nth args 1 nil) (arg 1) 1)]
                   (when by
                     (let [k (if (= 'lag f) (- (long i) (long by)) (+ (long i) (long by)))]
                       (if (< -1 k n) (value k (first args)) (when (nth args 2 nil) (arg 2))))))
      first-value (when-let [k (first (frame-of))] (value k (first args)))
      last-value (when-let [k (peek (frame-of))] (value k (first args)))
      nth-value (let [nth-row (arg 1), ks (frame-of)]
                  (when nth-row (when-let [k (nth ks (dec (long nth-row)) nil)] (value k (first args)))))
      (let [in-frame (map #(nth rows %) (frame-of))
            value #(scalar/evaluate env %1 %2)]
        (aggregate/aggregate function (:literals (functions/aggregates f) 0) value in-frame)))))

(defn window "The rows with the results of one function added." [env {:keys [name partition order] :as function} rows]
  (let [part-key (fn [row] (mapv #(order/key-of (:type %) (scalar/evaluate env row %)) partition))
        sort-key (fn [row] (mapv #(scalar/evaluate env row (:expr %)) order))
        items (map #(assoc % :type (:type (:expr %))) order)]
    (mapcat (fn [part]
              (let [sorted (vec (sort-by sort-key (order/comparator-of items) part))
                    raw (mapv sort-key sorted)
                    keys (mapv (fn [k] (mapv #(order/key-of (:type %1) %2) items k)) raw)]
                (map-indexed (fn [i row] (assoc row name (function-value env function sorted keys raw i)))
                             sorted)))
            (vals (group-by part-key rows)))))
