(ns dev.penstock.plan.problem
  "Errors of a plan: ex-info whose message is the one whole line that a user sees.

  The data has :category (:incorrect :unsupported :limit), :code (keyword) and, when known, :source
  :line :column. A message begins with the position (\"plan.edn:3:12: \"), or, for a plan that was
  built by a program, ends with the form (\"; in (filter+ Age ...)\")."
  (:require [clojure.string :as str]))

(def ^:private shown-length 60)

(defn- brief-form
  "Prints data down to a depth, so that a huge form costs nothing."
  [form depth]
  (letfn [(items [open close s]
            (let [shown (map #(brief-form % (dec depth)) (take 4 s))
                  more (when (seq (drop 4 s)) ["..."])]
              (str open (str/join " " (concat shown more)) close)))]
    (cond
      (string? form) (pr-str form)
      (instance? BigDecimal form) (str form "M")
      (seq? form) (if (pos? depth) (items "(" ")" form) "(...)")
      (vector? form) (if (pos? depth) (items "[" "]" form) "[...]")
      (set? form) (if (pos? depth) (items "#{" "}" form) "#{...}")
      (map? form) (if (pos? depth) (items "{" "}" (mapcat identity form)) "{...}")
      (fn? form) "a function object"
      (nil? form) "nil"
      (or (symbol? form) (keyword? form) (number? form) (boolean? form)) (str form)
      :else (str (.getSimpleName (class form)) " " form))))

(defn brief
  "A form as text of at most about 60 characters, for messages."
  [form]
  (let [text (str/replace (brief-form form 3) #"\s+" " ")]
    (if (> (count text) shown-length) (str (subs text 0 (- shown-length 3)) "...") text)))

(defn position "The position metadata of the first of forms that has one, or nil." [& forms]
  (some #(let [m (meta %)] (when (:line m) (select-keys m [:source :line :column]))) forms))

(defn prefix "\"source:line:column: \" of a position." [{:keys [source line column]}]
  (str (when source (str source ":")) line ":" column ": "))

(defn problem
  "An ex-info for code at the first of forms that has a position; the last form is shown if none has."
  [category code message & forms]
  (let [at (apply position forms)
        message (str/replace message #"\p{Cntrl}+" " ")
        forms (remove nil? forms)]
    (ex-info (cond
               at (str (prefix at) message)
               (seq forms) (str message "; in " (brief (last forms)))
               :else message)
             (merge {:category category :code code} at))))

(defn fail
  "Throws an :incorrect problem; forms from the innermost outwards."
  [code message & forms]
  (throw (apply problem :incorrect code message forms)))

(defn- distance
  "Edit distance (insert, delete, replace, swap neighbours) of two strings."
  [^String a ^String b]
  (let [n (count b)]
    (loop [i 1, before nil, above (vec (range (inc n)))]
      (if (> i (count a))
        (peek above)
        (let [row (reduce
                   (fn [row j]
                     (let [same (= (.charAt a (dec i)) (.charAt b (dec j)))
                           best (min (inc (long (peek row)))
                                     (inc (long (above j)))
                                     (+ (long (above (dec j))) (if same 0 1)))
                           swap (and before (> j 1)
                                     (= (.charAt a (dec i)) (.charAt b (- j 2)))
                                     (= (.charAt a (- i 2)) (.charAt b (dec j))))]
                       (conj row (if swap (min best (inc (long (before (- j 2))))) best))))
                   [i] (range 1 (inc n)))]
          (recur (inc i) above row))))))

(defn nearest
  "The known name nearest to name (ignoring case), or nil when none is near."
  [name known]
  (let [text (str/lower-case (str name))
        limit (min (dec (count text)) (max 1 (quot (+ 2 (count text)) 3)))
        near (for [k (sort-by str known)
                   :let [d (distance text (str/lower-case (str k)))]
                   :when (<= d limit)]
               [d k])]
    (when (and (seq near) (<= (count text) 100))
      (second (apply min-key first (reverse near))))))

(defn did-you-mean "\"; did you mean X?\" or \"\"." [name known]
  (if-let [k (nearest name known)] (str "; did you mean " k "?") ""))

(defn listing
  "Known names for a message: all of a few, the first of many."
  [names]
  (let [names (map str names)]
    (cond
      (empty? names) "none"
      (> (count names) 12) (str (str/join ", " (take 12 names)) ", ... (" (count names) " in all)")
      :else (str/join ", " names))))
