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
    (= :time type) (time/arithmetic '+ :interval (time/length v) (time/arithmetic '* :interval offset sign))
    (= :interval type) (time/arithmetic '+ :interval v (time/arithmetic '* :interval offset sign))
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
                (= :time type) (order/compare-values :interval (time/length w) limit)
                :else (order/compare-values order-type w limit))
            c (if descending (- (long c)) (long c))]
        (case side :start (>= c 0) :end (<= c 0))))))

(defn- framed-rows
  "Indexes of the frame of row i of a sorted partition of n rows, before rows are excluded."
  [{:keys [mode start end]} order-items {:keys [raw peers groups]} i n]
  (let [offset #(long (:value (:offset %)))]
    (case mode
      :rows (let [at (fn [b] (case (:kind b)
                               :unbounded-preceding 0, :unbounded-following (dec n)
                               :current-row i, :preceding (- i (offset b)), :following (+ i (offset b))))]
              (range (max 0 (long (at start))) (inc (min (dec (long n)) (long (at end))))))
      :groups (let [here (groups i)
                    in (fn [b k before? after?]
                         (let [g (groups k)]
                           (case (:kind b)
                             :unbounded-preceding before?, :unbounded-following after?
                             :current-row (- g here), :preceding (- g (- here (offset b))), :following (- g (+ here (offset b))))))]
                (filter #(and (<= 0 (long (in start % 0 -1))) (>= 0 (long (in end % 1 0)))) (range n)))
      :range
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

(defn- frame-rows [{:keys [exclude] :as frame} order-items {:keys [peers] :as part} i n]
  (let [peer? #(= (peers i) (peers %))]
    (remove (case exclude
              nil (constantly false)
              :current-row #(= i %)
              :group peer?
              :ties #(and (peer? %) (not= i %)))
            (framed-rows frame order-items part i n))))

(defn- peer-range [keys n]
  (fn [i]
    (let [same #(= (keys i) (keys %))]
      [(or (last (take-while same (range i -1 -1))) i) (or (last (take-while same (range i n))) i)])))

(defn- part-of
  "Of a sorted partition: the rows, their order keys, the first and last peer of each row, and the number of its group of peers."
  [rows raw keys]
  (let [peers (mapv (peer-range keys (count rows)) (range (count rows)))]
    {:rows rows :raw raw :keys keys :peers peers
     :groups (vec (rest (reductions + 0 (map-indexed (fn [i [first-peer]] (if (= i first-peer) 1 0)) peers))))}))

(defn- ntile [n buckets i]
  (let [n (long n), b (long buckets), small (quot n b), big (rem n b), border (* big (inc small))]
    (if (< (long i) border) (inc (quot (long i) (inc small))) (+ 1 big (quot (- (long i) border) small)))))

(defn- shifted-value
  "The value of lag or lead: of the row by rows away among those that count."
  [i by counts? n value otherwise]
  (let [i (long i), by (long by)
        ks (if (neg? by) (filter counts? (range (dec i) -1 -1)) (filter counts? (range (inc i) n)))
        k (if (zero? by) i (nth ks (dec (abs by)) nil))]
    (if k (value k) (otherwise))))

(defn- function-value [env {f :fn :keys [args frame order ignore-nulls within] :as function} {:keys [rows keys peers] :as part} i]
  (let [n (count rows)
        value (fn [k e] (scalar/evaluate env (nth rows k) e))
        arg (fn [k] (some->> (nth args k nil) (value i)))
        [first-peer last-peer] (peers i)
        counts? (if ignore-nulls #(some? (value % (first args))) (constantly true))
        frame-of #(vec (frame-rows frame order part i n))
        chosen #(filterv counts? (frame-of))]
    (case f
      row-number (inc (long i))
      rank (inc (long first-peer))
      dense-rank (count (distinct (map keys (range (inc (long i))))))
      percent-rank (if (= 1 n) 0.0 (/ (double first-peer) (dec n)))
      cume-dist (/ (double (inc (long last-peer))) n)
      ntile (let [b (arg 0)] (when b (if (pos? (long b)) (ntile n b i) (number/fail :bad-argument "ntile of " b))))
      (lag lead) (let [by (if (nth args 1 nil) (arg 1) 1)]
                   (when by
                     (shifted-value i (if (= 'lag f) (- (long by)) by) counts? n #(value % (first args))
                                    #(when (nth args 2 nil) (arg 2)))))
      first-value (when-let [k (first (chosen))] (value k (first args)))
      last-value (when-let [k (peek (chosen))] (value k (first args)))
      nth-value (let [nth-row (arg 1), ks (chosen)]
                  (when nth-row (when-let [k (nth ks (dec (long nth-row)) nil)] (value k (first args)))))
      (let [evaluate #(scalar/evaluate env %1 %2)
            in-frame (cond->> (map #(nth rows %) (frame-of))
                       (:filter function) (filter #(scalar/true-for? env (:filter function) %))
                       (seq within) (sort-by (fn [row] (mapv #(evaluate row (:expr %)) within))
                                             (order/comparator-of (map #(assoc % :type (:type (:expr %))) within))))]
        (aggregate/aggregate function (:literals (functions/aggregates f) 0) evaluate in-frame)))))

(defn window "The rows with the results of one function added." [env {:keys [name partition order] :as function} rows]
  (let [part-key (fn [row] (mapv #(order/key-of (:type %) (scalar/evaluate env row %)) partition))
        sort-key (fn [row] (mapv #(scalar/evaluate env row (:expr %)) order))
        items (map #(assoc % :type (:type (:expr %))) order)]
    (mapcat (fn [part]
              (let [sorted (vec (sort-by sort-key (order/comparator-of items) part))
                    raw (mapv sort-key sorted)
                    keys (mapv (fn [k] (mapv #(order/key-of (:type %1) %2) items k)) raw)
                    all (part-of sorted raw keys)]
                (map-indexed (fn [i row] (assoc row name (function-value env function all i)))
                             sorted)))
            (vals (group-by part-key rows)))))
