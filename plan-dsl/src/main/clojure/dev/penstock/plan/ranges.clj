(ns dev.penstock.plan.ranges
  "Which values comparisons with constants leave to an expression: contradictions and what is said twice.

  A range is {:low [value inclusive] :high [value inclusive] :points [value ...]}; an absent part does not limit it."
  (:require [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types]))

(defn- ordered? [type]
  (or (types/exact? type) (contains? #{:float64 :date :time :timestamp :timestamptz} type)))

(defn- not-a-number? [v] (and (double? v) (Double/isNaN v)))

(defn- value? [e] (and (tree/literal? e) (some? (:value e)) (not (not-a-number? (:value e)))))

(defn- points? [type] (or (ordered? type) (contains? #{:varchar :boolean :uuid} type)))

(defn- same? [type a b] (if (ordered? type) (zero? (compare a b)) (= a b)))

(def ^:private mirrored '{= =, < >, <= >=, > <, >= <=})

(defn- comparison
  "[subject range] of (f subject value)."
  [f subject {:keys [value type]}]
  (cond
    (and (= '= f) (points? type)) [subject {:points [value]}]
    (ordered? type) (case f
                      < [subject {:high [value false]}]
                      <= [subject {:high [value true]}]
                      > [subject {:low [value false]}]
                      >= [subject {:low [value true]}]
                      nil)))

(def ^:private most-points
  "Of a longer list of values nothing is said: lists are compared value by value." 256)

(defn- of-in [[subject & values]]
  (when (and (nil? (seq (drop most-points values))) (every? tree/literal? values) (points? (:type subject)) (not (tree/literal? subject))
             (not-any? #(not-a-number? (:value %)) values))
    ;; A null among the values makes nothing true.
    [subject {:points (vec (keep :value values))}]))

(defn of
  "[subject range type] of a plain predicate, nil when it is no comparison with constants."
  [{f :fn :keys [args] :as e}]
  (when (tree/call? e)
    (let [[a b] args
          found (cond
                  (= 'in f) (of-in args)
                  (not (mirrored f)) nil
                  (and (value? b) (not (tree/literal? a))) (comparison f a b)
                  (and (value? a) (not (tree/literal? b))) (comparison (mirrored f) b a))]
      (when found (conj found (:type (first found)))))))

(defn- tighter [pick [a a-in :as low] [b b-in :as other]]
  (cond
    (nil? low) other
    (nil? other) low
    (zero? (compare a b)) [a (and a-in b-in)]
    :else (if (pick (compare a b)) low other)))

(defn- within-bounds? [{:keys [low high]} v]
  (and (or (nil? low) (let [c (compare v (first low))] (or (pos? c) (and (zero? c) (boolean (second low))))))
       (or (nil? high) (let [c (compare v (first high))] (or (neg? c) (and (zero? c) (boolean (second high))))))))

(defn- meet [type a b]
  (let [low (tighter pos? (:low a) (:low b))
        high (tighter neg? (:high a) (:high b))
        points (cond
                 (and (:points a) (:points b)) (filterv (fn [v] (some #(same? type v %) (:points b))) (:points a))
                 :else (or (:points a) (:points b)))
        bounds {:low low :high high}]
    (cond-> bounds
      points (assoc :points (filterv #(within-bounds? bounds %) points)))))

(defn- empty-range? [{:keys [low high points]}]
  (if points
    (empty? points)
    (boolean (and low high
                  (let [c (compare (first low) (first high))]
                    (or (pos? c) (and (zero? c) (not (and (second low) (second high))))))))))

(defn- narrowed
  "{subject range} with one more of of's answers; nil says nothing."
  [ranges [subject range type]]
  (if subject (update ranges subject #(meet type (or % {}) range)) ranges))

(defn known
  "What plain predicates say together, for `implied?`."
  [predicates]
  {:said (set predicates) :ranges (transduce (map of) (completing narrowed) {} predicates)})

(defn contradictory? "Can plain predicates never all be true?" [predicates]
  (boolean (some empty-range? (vals (:ranges (known predicates))))))

(defn- inside?
  "Are all values of a range within another one?"
  [type inner outer]
  (if-let [points (:points inner)]
    (every? (fn [v] (and (within-bounds? outer v)
                         (or (nil? (:points outer)) (some #(same? type v %) (:points outer)))))
            points)
    (and (nil? (:points outer))
         (let [covers? (fn [side] (or (nil? (side outer)) (= (side inner) (tighter (if (= :low side) pos? neg?)
                                                                                (side inner) (side outer)))))]
           (and (covers? :low) (covers? :high))))))

(defn implied?
  "Is a plain predicate true whenever all of the `known` ones are?"
  [e {:keys [said ranges]}]
  (or (contains? said e)
      (when-let [[subject range type] (of e)]
        (when-let [held (get ranges subject)] (inside? type held range)))
      false))

(defn- later
  "For each of of's answers {subject range} of those behind it, for its own subject."
  [found]
  (loop [i (dec (count found)), ranges {}, out ()]
    (if (neg? i)
      (vec out)
      (let [[subject :as one] (nth found i)]
        (recur (dec i) (narrowed ranges one) (conj out (get ranges subject)))))))

(defn needless
  "The conjuncts (as written) without those that the others imply, in their order. Each is looked at once,
  however many there are."
  [conjuncts]
  (let [plains (mapv tree/plain conjuncts)
        found (mapv of plains)
        behind (later found)]
    (loop [i 0, left conjuncts, kept [], said (frequencies plains), before {}]
      (if-let [[e & more] (seq left)]
        (let [plain (nth plains i)
              [subject range type :as one] (nth found i)
              [a b] [(get before subject) (nth behind i)]
              others (if (and a b) (meet type a b) (or a b))]
          (if (or (< 1 (said plain)) (and subject others (inside? type others range)))
            (recur (inc i) more kept (update said plain dec) before)
            (recur (inc i) more (conj kept e) said (narrowed before one))))
        kept))))
