(ns dev.penstock.plan.read
  "Text -> plan: EDN with positions, never evaluated.

  Lists, vectors, maps and symbols carry the metadata {:source :line :column} (from 1; columns count
  UTF-16 characters). Problems have code :syntax, :unknown-tag, :bad-literal, or are limits."
  (:require [dev.penstock.plan.limits :as limits]
            [dev.penstock.plan.literals :as literals]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.token :as token]))

;; A reader is {:text :source :starts (int array of line starts) :forms (a counter, one-element array)}.
;; The functions below take an offset and give [form next-offset].

(defn- line-starts ^ints [^String text]
  (int-array (cons 0 (keep-indexed (fn [i c] (when (= \newline c) (inc i))) text))))

(defn- position [{:keys [^ints starts source]} offset]
  (let [found (java.util.Arrays/binarySearch starts (int offset))
        line (if (neg? found) (- (- found) 2) found)]
    (cond-> {:line (inc line) :column (inc (- offset (aget starts line)))}
      source (assoc :source source))))

(defn- at "Something that carries the position of an offset." [reader offset]
  (with-meta [] (position reader offset)))

(defn- fail [reader offset code & message]
  (problem/fail code (apply str message) (at reader offset)))

(defn- blank? [c] (or (= \, c) (Character/isWhitespace (char c))))

(def ^:private closers {\( \), \[ \], \{ \}})

(defn- delimiter? [c] (or (blank? c) (contains? #{\( \) \[ \] \{ \} \" \;} c)))

(defn- char-at [{:keys [^String text]} offset]
  (when (< offset (.length text)) (.charAt text offset)))

(declare read-form)

(defn- end-of-line [{:keys [^String text]} offset]
  (let [i (.indexOf text "\n" (int offset))] (if (neg? i) (.length text) i)))

(defn- skip
  "The offset of the next form, past blanks, comments and #_ forms."
  [reader offset depth]
  (let [c (char-at reader offset)]
    (cond
      (nil? c) offset
      (blank? c) (recur reader (inc offset) depth)
      (= \; c) (recur reader (end-of-line reader offset) depth)
      (and (= \# c) (= \_ (char-at reader (inc offset))))
      (let [_ (when (>= depth limits/max-depth) (limits/too-deep (at reader offset)))
            start (skip reader (+ 2 offset) (inc depth))]
        (when-not (char-at reader start)
          (fail reader offset :syntax "expected a form after #_, got the end of the text"))
        (recur reader (second (read-form reader start depth)) depth))
      :else offset)))

(defn- token-end [reader offset]
  (let [c (char-at reader offset)]
    (if (or (nil? c) (delimiter? c)) offset (recur reader (inc offset)))))

(defn- unicode [{:keys [^String text] :as reader} offset]
  (let [end (+ 6 offset)
        s (when (<= end (.length text)) (subs text (+ 2 offset) end))]
    (if (and s (re-matches #"[0-9a-fA-F]{4}" s))
      (char (Integer/parseInt s 16))
      (fail reader offset :syntax "expected four hex digits after \\u in a string"))))

(def ^:private escapes {\t \tab, \r \return, \n \newline, \b \backspace, \f \formfeed, \\ \\, \" \"})

(defn- read-string-form [reader start]
  (let [sb (StringBuilder.)]
    (loop [i (inc start)]
      (let [c (char-at reader i)]
        (cond
          (nil? c) (fail reader start :syntax "expected a \" that ends this string, got the end of the text")
          (= \" c) [(str sb) (inc i)]
          (not= \\ c) (do (.append sb (char c)) (recur (inc i)))
          (= \u (char-at reader (inc i))) (do (.append sb (char (unicode reader i))) (recur (+ 6 i)))
          :else (let [e (char-at reader (inc i))
                      plain (get escapes e)]
                  (when-not plain
                    (fail reader i :syntax "expected one of \\t \\r \\n \\b \\f \\\\ \\\" \\uXXXX in a string, got \\" e))
                  (.append sb (char plain))
                  (recur (+ 2 i))))))))

(defn- read-items
  "[forms offset-after-the-closer] of a collection that starts at start."
  [{:keys [] :as reader} start depth]
  (let [open (char-at reader start), close (closers open)]
    (when (>= depth limits/max-depth) (limits/too-deep (at reader start)))
    (loop [items (transient []), i (skip reader (inc start) (inc depth))]
      (let [c (char-at reader i)]
        (cond
          (nil? c) (fail reader start :syntax "expected a " close " that closes this " open
                         ", got the end of the text")
          (= close c) [(persistent! items) (inc i)]
          (contains? #{\) \] \}} c)
          (let [{:keys [line column]} (position reader start)]
            (fail reader i :syntax "expected a " close " that closes the " open " of " line ":" column
                  ", got " c))
          :else (let [[form end] (read-form reader i (inc depth))]
                  (recur (conj! items form) (long (skip reader end (inc depth))))))))))

(defn- read-map [reader start depth]
  (let [[items end] (read-items reader start depth)
        ks (take-nth 2 items)]
    (when (odd? (count items))
      (fail reader start :syntax "expected a value for each key of a map, got none for "
            (problem/brief (peek items))))
    (when-let [twice (first (for [[k n] (frequencies ks) :when (< 1 n)] k))]
      (fail reader start :syntax "expected distinct keys in a map, got " (problem/brief twice) " twice"))
    [(with-meta (apply hash-map items) (position reader start)) end]))

(defn- read-collection [reader start depth]
  (let [m (position reader start)]
    (case (char-at reader start)
      \( (let [[items end] (read-items reader start depth)]
           [(with-meta (apply list items) m) end])
      \[ (let [[items end] (read-items reader start depth)] [(with-meta items m) end])
      \{ (read-map reader start depth))))

(def ^:private known-tags (conj (set (keys literals/tags)) 'col))

(defn- read-special-float [reader start]
  (let [end (token-end reader start), s (subs (:text reader) start end)]
    (case s
      "##Inf" [##Inf end]
      "##-Inf" [##-Inf end]
      "##NaN" [##NaN end]
      (fail reader start :syntax "expected ##Inf, ##-Inf or ##NaN, got " s))))

(defn- tag-value [reader start tag s]
  (if (= 'col tag)
    (if (= "" s)
      (fail reader start :bad-literal "#col expects the name of a column, got \"\"")
      (with-meta (symbol s) (position reader start)))
    (let [v (literals/of-tag tag s)]
      (if (some? v)
        v
        (fail reader start :bad-literal "#" tag " expects "
              ('{date "a date as in \"1994-01-01\"", time "a time as in \"12:30:00\""
                 timestamp "a timestamp as in \"1994-01-01T12:30:00\" (at most microseconds)"
                 inst "a timestamp as in \"1994-01-01T12:30:00Z\" (at most microseconds)"
                 interval "an interval as in \"P1Y2M3DT4H5M6.5S\"", uuid "a UUID", hex "pairs of hex digits", json "JSON text"}
               tag)
              ", got " (problem/brief s))))))

(defn- read-tagged [reader start depth]
  (let [c (char-at reader (inc start))]
    (cond
      (= \# c) (read-special-float reader start)
      (contains? #{\( \" \= \' \? \: \^ \[} c)
      (fail reader start :syntax "#" c " is not read: a plan is data, nothing in it is evaluated")
      (= \{ c) (fail reader start :syntax "sets are not part of the plan language")
      :else
      (let [end (token-end reader (inc start))
            tag (symbol (subs (:text reader) (inc start) end))
            _ (when-not (known-tags tag)
                (fail reader start :unknown-tag "unknown tag #" (problem/brief tag)
                      (or (not-empty (problem/did-you-mean tag known-tags))
                          (str "; known are " (problem/listing (sort known-tags))))))
            value-start (skip reader end depth)
            [s after] (if (= \" (char-at reader value-start))
                        (read-string-form reader value-start)
                        (fail reader start :syntax "#" tag " expects a string after it"))]
        [(tag-value reader start tag s) after]))))

(defn- read-atom [reader start]
  (let [end (token-end reader start)
        s (subs (:text reader) start end)
        shown (problem/brief (symbol s))]
    [(cond
       (= "nil" s) nil
       (= "true" s) true
       (= "false" s) false
       (token/symbol-text? s) (with-meta (symbol s) (position reader start))
       (token/keyword-text? s) (keyword (subs s 1))
       (re-find #"^[+-]?\d" s)
       (if (> (count s) limits/max-digits)
         (limits/limit :number-too-long
                       (str "a number has " (count s) " characters, more than " limits/max-digits)
                       (at reader start))
         (let [n (token/read-number s)]
           (if (some? n) n (fail reader start :syntax "expected a number, got " shown))))
       (= \\ (first s)) (fail reader start :syntax "characters are not part of the plan language, got " shown)
       :else (fail reader start :syntax "expected a symbol, keyword, number or string, got " shown))
     end]))

(defn- count-form [{:keys [^longs forms] :as reader} offset]
  (when (> (aset forms 0 (inc (aget forms 0))) limits/max-forms)
    (limits/too-many-forms (at reader offset))))

(defn- read-form
  "[form next-offset] of the form that starts at offset (there is one)."
  [reader offset depth]
  (count-form reader offset)
  (let [c (char-at reader offset)]
    (cond
      (contains? closers c) (read-collection reader offset depth)
      (contains? #{\) \] \}} c) (fail reader offset :syntax "expected a form, got " c " that closes nothing")
      (= \" c) (read-string-form reader offset)
      (= \# c) (read-tagged reader offset depth)
      :else (read-atom reader offset))))

(defn- new-reader [^String text source]
  {:text text :source source :starts (line-starts text) :forms (long-array 1)})

(defn read-plan
  "The one form of a text; source-name (or nil) is for messages."
  [^String text source-name]
  (when (> (count text) limits/max-characters)
    (limits/limit :text-too-long
                  (str (when source-name (str source-name ": ")) "the text has " (count text)
                       " characters, more than " limits/max-characters)))
  (let [reader (new-reader (if (.startsWith text "\uFEFF") (subs text 1) text) source-name)
        start (skip reader 0 0)]
    (when-not (char-at reader start)
      (fail reader start :syntax "expected a plan like (table+ \"people.csv\"), got an empty text"))
    (let [[form end] (read-form reader start 0)
          rest-start (skip reader end 0)]
      (when (char-at reader rest-start)
        (fail reader rest-start :syntax "expected the end of the text after the plan, got "
              (problem/brief (symbol (str (char-at reader rest-start))))
              (when (= \( (char-at reader rest-start)) "; a text holds one plan")))
      form)))
