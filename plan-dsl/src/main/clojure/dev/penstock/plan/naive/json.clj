(ns dev.penstock.plan.naive.json
  "JSON text in the naive evaluator. A piece of a text is kept as it is written: a parsed value is {:kind :text} (its
  text without the space around it), an array also has :elements, an object :members [[key value] ...] and a string its
  :string."
  (:require [clojure.string :as str]
            [dev.penstock.plan.naive.number :as number]
            [dev.penstock.plan.naive.order :as order]
            [dev.penstock.plan.naive.text :as text]))

(defn- bad [^String s i]
  (number/fail :bad-json "'" s "' is not JSON at character " i))

(defn- skip [^String s i]
  (loop [i (long i)]
    (if (and (< i (count s)) (#{\space \tab \newline \return} (.charAt s i))) (recur (inc i)) i)))

(defn- at? [^String s i c] (and (< (long i) (count s)) (= c (Character/valueOf (.charAt s i)))))

(declare value)

(defn- unescaped [c] (case c \n \newline, \t \tab, \r \return, \b \backspace, \f \formfeed, (\" \\ \/) c, nil))

(defn- string-at
  "[string end] of the string that begins at i."
  [^String s i]
  (when-not (at? s i \") (bad s i))
  (loop [i (inc (long i)), out (StringBuilder.)]
    (when (>= i (count s)) (bad s i))
    (let [c (.charAt s i)]
      (cond
        (= \" c) [(str out) (inc i)]
        (not= \\ c) (recur (inc i) (.append out c))
        (at? s (inc i) \u) (let [hex (re-find #"^[0-9a-fA-F]{4}" (subs s (+ 2 i)))]
                             (when-not hex (bad s i))
                             (recur (+ 6 i) (.append out (char (Integer/parseInt hex 16)))))
        :else (let [u (when (< (inc i) (count s)) (unescaped (.charAt s (inc i))))]
                (when-not u (bad s i))
                (recur (+ 2 i) (.append out (char u))))))))

(defn- sequence-at
  "[items end] of what stands between the bracket at i and the closing one, separated by commas."
  [^String s i close item]
  (let [i (skip s (inc (long i)))]
    (if (at? s i close)
      [[] (inc (long i))]
      (loop [i i, out []]
        (let [[x end] (item s i)
              end (skip s end)
              out (conj out x)]
          (cond
            (at? s end \,) (recur (skip s (inc (long end))) out)
            (at? s end close) [out (inc (long end))]
            :else (bad s end)))))))

(defn- member [^String s i]
  (let [[k end] (string-at s i)
        colon (skip s end)]
    (when-not (at? s colon \:) (bad s colon))
    (let [[v end] (value s (skip s (inc (long colon))))]
      [[k v] end])))

(defn- value "[value end] of the value that begins at i." [^String s i]
  (let [made (fn [kind end more] [(assoc more :kind kind :text (subs s i end)) end])]
    (cond
      (at? s i \[) (let [[elements end] (sequence-at s i \] value)] (made :array end {:elements elements}))
      (at? s i \{) (let [[members end] (sequence-at s i \} member)] (made :object end {:members members}))
      (at? s i \") (let [[string end] (string-at s i)] (made :string end {:string string}))
      :else (let [word (or (re-find #"^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|^true|^false|^null" (subs s i))
                           (bad s i))]
              (made (case word ("true" "false") :boolean "null" :null :number) (+ (long i) (count word)) {})))))

(defn parsed "The value of a whole text." [^String s]
  (let [[v end] (value s (skip s 0))]
    (if (= (count s) (skip s end)) v (bad s end))))

(defn element
  "The text that an element has for unnest+: as json it stays as written, else strings lose their quotes; nil is null."
  [type {:keys [kind text string]}]
  (cond
    (= :null kind) nil
    (and (= :string kind) (not= :json type)) string
    :else text))

(defn elements "The texts of the elements of an array for a column of type; none of null." [type s]
  (when s
    (let [{:keys [kind elements]} (parsed s)]
      (case kind
        :array (map #(element type %) elements)
        :null nil
        (number/fail :bad-json "expected a JSON array, got " s)))))

(defn length "Elements of an array, keys of an object, else nil." [s]
  (let [{:keys [kind elements members]} (parsed s)]
    (case kind :array (count elements) :object (count members) nil)))

(defn- step
  "Of an object with a key twice the last one counts; an index finds nothing in it."
  [{:keys [kind elements members]} key]
  (case kind
    :array (first (keep-indexed (fn [i v] (when (= (str i) (str key)) v)) elements))
    :object (when (string? key) (last (keep (fn [[k v]] (when (= key k) v)) members)))
    nil))

(defn- steps
  "The steps of a path: keys as text, indexes as numbers; keys of a dotted text may be either."
  [path]
  (cond
    (int? path) [path]
    (str/starts-with? path "$")
    (loop [s (subs path 1), out []]
      (if (= "" s)
        out
        (let [[whole quoted key minus n] (or (re-find #"^(?:\.\"((?:[^\"\\]|\\.)*)\"|\.([^.\[\"]+)|\[(#?-)?(\d{1,9})\])" s)
                                             (number/fail :bad-argument "path " path))]
          (recur (subs s (count whole))
                 (conj out (cond
                             quoted {:key (first (string-at (str \" quoted \") 0))}
                             key {:key key}
                             :else {:index (* (if minus -1 1) (long (parse-long n)))}))))))
    :else (str/split path #"\." -1)))

(defn- take-step [{:keys [kind elements] :as v} {:keys [key index] :as s}]
  (cond
    key (when (= :object kind) (step v key))
    index (when (= :array kind)
            (nth elements (if (neg? (long index)) (+ (count elements) (long index)) index) nil))
    :else (step v s)))

(defn- found [s path]
  (let [v (parsed s)]
    (reduce (fn [v s] (or (take-step v s) (reduced nil))) v (steps path))))

(defn- at "The text at a key, a path of keys or an index; nil if there is none." [s path]
  (:text (found s path)))

(defn- text-at [s path]
  (let [{:keys [kind text string]} (found s path)]
    (case kind :string string, :null nil, text)))

(defn- type-of [s]
  (let [{:keys [kind text]} (parsed s)]
    (case kind
      :object "OBJECT", :array "ARRAY", :string "VARCHAR", :boolean "BOOLEAN", :null "NULL"
      (let [n (when (re-matches #"-?\d+" text) (bigint text))]
        (cond
          (nil? n) "DOUBLE"
          (str/starts-with? text "-") (if (<= Long/MIN_VALUE n) "BIGINT" "DOUBLE")
          :else (if (< n 18446744073709551616N) "UBIGINT" "DOUBLE"))))))

(defn- valid? [s]
  (try (parsed s) true (catch clojure.lang.ExceptionInfo _ false)))

(defn array [texts] (str "[" (str/join "," texts) "]"))

(defn object [pairs]
  (str "{"
       (str/join "," (map (fn [[k v]]
                            (when (nil? k) (number/fail :bad-argument "a key is null"))
                            (str (text/json-string k) ":" v))
                          pairs))
       "}"))

(defn- keys-of [s] (array (map (fn [[k]] (text/json-string k)) (:members (parsed s)))))

(declare covers?)

(defn- has? "Do the members of an object have the key with a value that covers v? The last one of a key counts."
  [members [k v]]
  (when-let [[_ own] (last (filter #(= k (first %)) members))] (covers? own v)))

(defn- covers? [{:keys [kind] :as whole} part]
  (and (= kind (:kind part))
       (case kind
         :array (every? (fn [e] (some #(covers? % e) (:elements whole))) (:elements part))
         :object (every? #(has? (:members whole) %) (into {} (:members part)))
         :string (= (:string whole) (:string part))
         (= (:text whole) (:text part)))))

(defn- contains-part? [{:keys [elements members] :as whole} part]
  (boolean (or (covers? whole part)
               (some #(contains-part? % part) elements)
               (some #(contains-part? (val %) part) (into {} members)))))

(defn- rank [{:keys [kind]}] (case kind :boolean 0, :string 2, :array 3, :object 4, 1))

(declare compare-elements)

(defn- compare-lists [as bs]
  (or (first (remove zero? (map compare-elements as bs))) (compare (count as) (count bs))))

(defn- compare-elements [a b]
  (let [nil-a (= :null (:kind a)), nil-b (= :null (:kind b))]
    (cond
      (or nil-a nil-b) (compare nil-a nil-b)
      (not= (rank a) (rank b)) (compare (rank a) (rank b))
      :else (case (long (rank a))
              1 (compare (bigdec (:text a)) (bigdec (:text b)))
              2 (order/compare-values :varchar (:string a) (:string b))
              3 (compare-lists (:elements a) (:elements b))
              (compare (:text a) (:text b))))))

(defn- same? [a b] (and (= (= :null (:kind a)) (= :null (:kind b))) (zero? (long (compare-elements a b)))))
(defn- among? [e elements] (boolean (some #(same? e %) elements)))
(defn- distinct-elements [elements] (reduce (fn [kept e] (if (among? e kept) kept (conj kept e))) [] elements))

(defn- sort-list [op elements]
  (let [{nulls true values false} (group-by #(= :null (:kind %)) elements)
        values (sort compare-elements values)
        values (if (str/includes? op "desc") (sort #(compare-elements %2 %1) values) values)]
    (if (str/includes? op "nulls-first") (concat nulls values) (concat values nulls))))

(defn- slice-of [elements from to]
  (let [n (count elements)
        place #(if (neg? (long %)) (+ n (long %) 1) (long %))
        [from to] [(max 1 (long (place from))) (min n (long (place to)))]]
    (when (<= from to) (subvec (vec elements) (dec from) to))))

(defn- fold [op values]
  (let [numbers #(map (comp bigdec :text) values)]
    (case op
      "count" (str (count values))
      "unique" (str (count (distinct-elements values)))
      (if (empty? values)
        "null"
        (case op
          "min" (:text (first (sort compare-elements values)))
          "max" (:text (last (sort compare-elements values)))
          "any" (:text (first values))
          "bool-and" (str (every? #(= "true" (:text %)) values))
          "bool-or" (str (boolean (some #(= "true" (:text %)) values)))
          "sum" (.toPlainString ^BigDecimal (reduce + (numbers)))
          "product" (.toPlainString ^BigDecimal (reduce * (numbers)))
          "avg" (str (.divide ^BigDecimal (reduce + (numbers)) (bigdec (count values)) java.math.MathContext/DECIMAL64)))))))

(defn- list-of [op s & more]
  (let [{:keys [kind elements]} (parsed s)
        values (remove #(= :null (:kind %)) elements)
        x (some-> (first more) parsed)
        others (delay (remove #(= :null (:kind %)) (:elements x)))
        texts #(array (map :text %))]
    (when-not (= :array kind) (number/fail :bad-argument "expected a JSON array"))
    (cond
      (str/starts-with? op "sort") (texts (sort-list op elements))
      :else
      (case op
        "reverse" (texts (reverse elements))
        "distinct" (texts (distinct-elements values))
        "flatten" (texts (mapcat :elements values))
        "slice" (texts (slice-of elements (parse-long (first more)) (parse-long (second more))))
        "concat" (texts (concat elements (:elements x)))
        "intersect" (texts (filter #(among? % @others) (distinct-elements values)))
        "has-any" (array [(str (boolean (some #(among? % @others) values)))])
        "has-all" (array [(str (every? #(among? % values) @others))])
        "has" (array [(str (among? x elements))])
        "position" (array [(if-let [i (first (keep-indexed #(when (same? x %2) (inc (long %1))) elements))] (str i) "null")])
        "join" (array [(text/json-string (str/join (:string x) (map #(or (:string %) (:text %)) values)))])
        (array [(fold op values)])))))

(def functions
  {'json-get (fn [_ [s path]] (at s path))
   'json-get-text (fn [_ [s path]] (text-at s path))
   'json-list (fn [_ args] (apply list-of args))
   'json-length (fn [_ [s]] (length s))
   'json-keys (fn [_ [s]] (keys-of s))
   'json-type (fn [_ [s]] (type-of s))
   'json-valid (fn [_ [s]] (valid? s))
   'json-contains (fn [_ [s part]] (contains-part? (parsed s) (parsed part)))})
