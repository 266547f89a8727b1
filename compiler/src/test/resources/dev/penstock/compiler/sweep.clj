(ns dev.penstock.compiler.sweep
  "Plans that call every scalar function: each cast between types, each comparison, each function over its types."
  (:require [dev.penstock.compiler.tables :as tables]
            [dev.penstock.compiler.random-plans :as random-plans]
            [dev.penstock.plan.check :as check]
            [dev.penstock.plan.functions :as functions]
            [dev.penstock.plan.types :as types]))

(def ^:private type-of (into {} (map (fn [[name type]] [name type])) tables/columns))
(def ^:private names (map first tables/columns))

(defn- checked "The plan, or nil if its types do not go together." [plan]
  (try
    (check/check plan random-plans/ctx)
    plan
    (catch clojure.lang.ExceptionInfo e
      (when-not (:category (ex-data e)) (throw e)))))

(def ^:private rounding-differs "Functions of float64 whose last digit is left to the implementation."
  '#{log log2 asinh acosh atanh sinh cosh tanh cot cbrt})

(defn- inexact? [e] (boolean (and (seq? e) (some #(or (rounding-differs %) (inexact? %)) e))))

(defn- named "Columns named z... are compared with a tolerance." [exprs]
  (vec (map-indexed (fn [i e] [(symbol (str (if (inexact? e) "z" "x") i)) e]) exprs)))

(defn- one-of-each
  "A plan of all the expressions that check over a relation; nil of none."
  [exprs rel]
  (let [good (filter #(checked (list 'project+ [['x %]] rel)) exprs)]
    (when (seq good) (list 'project+ (named good) rel))))

(def ^:private targets
  (concat (remove #{:any} types/simple) [[:decimal 4 1] [:decimal 18 6] [:decimal 38 0] [:decimal 38 10]]))

(defn- casts [table]
  (for [c names] (one-of-each (map #(list 'try-cast c %) targets) (list 'table+ table [c]))))

(defn- text-casts [table]
  (for [c names] (one-of-each (map #(list 'try-cast (list 'cast (list 'try-cast c %) :varchar) %) targets) (list 'table+ table [c]))))

(defn- pairs [c d]
  (list 'join+ :cross (list 'distinct+ (list 'table+ 't40 [c])) (list 'distinct+ (list 'table+ 't40 [['other d]]))))

(defn- comparisons []
  (for [c names]
    (one-of-each (concat (map #(list % c 'other) '[= not= < <= > >= is-distinct is-not-distinct coalesce nullif greatest least])
                         [(list 'in c ['other nil]) (list 'between c 'other 'other) (list 'if (list '< c 'other) c 'other)])
                 (pairs c c))))

(def ^:private small '[k i l m w d])

(def ^:private units
  ["millennium" "century" "decade" "year" "isoyear" "quarter" "month" "week" "day" "hour" "minute" "second" "millisecond"
   "microsecond"])

(defn- arithmetics []
  (concat
   (for [c small, d small]
     (one-of-each (concat (map #(list % c 'other) '[+ - * < =])
                          (map #(list 'try (list % c 'other)) '[+ quot bit-and bit-or bit-xor shift-left shift-right gcd lcm log])
                          (map #(list % c (list 'nullif 'other 0)) '[/ quot rem mod]))
                  (pairs c d)))
   (for [c '[day ts tz clock iv], d '[day ts tz iv i]]
     (one-of-each (concat (map #(list % c 'other) '[+ - < = *])
                          (mapcat #(vector (list 'date-diff % c 'other) (list 'date-sub % c 'other)) units)
                          [(list 'age c 'other)])
                  (pairs c d)))))

(def ^:private ones
  "Functions of one argument that can fail for no value of the columns they are tried on."
  '[abs - floor ceil round sign sqrt exp ln log10 length octet-length upper lower trim ltrim rtrim reverse ascii md5 sha256 hex to-json json-length
    year month day quarter week dow doy hour minute second epoch last-day is-null is-not-null is-true is-false not
    trunc even cbrt tanh asinh radians is-nan is-finite is-infinite bit-not bit-count])

(defn- texts-of-one "Encodings, edits, distances, patterns and JSON of one column; some are slow in the naive evaluator." [c]
  (concat
   (map #(list % c) '[unicode initcap strip-accents bit-length sha1 to-base64 to-hex to-binary url-encode json-valid json-type json-keys])
   (map #(list 'try (list % c)) '[from-base64 url-decode unhex json-type json-keys])
   (map #(list 'try (list % c "Bob cat")) '[levenshtein damerau-levenshtein hamming jaccard jaro-similarity jaro-winkler-similarity])
   (mapcat (fn [re] [(list 'regexp-like c re "i") (list 'regexp-full-match c re) (list 'regexp-replace c re "<\\0>" "")
                        (list 'regexp-replace c re "-" "g") (list 'regexp-replace c re "-") (list 'regexp-extract-or-empty c re)
                        (list 'regexp-extract-all c re) (list 'regexp-split c re) (list 'regexp-split c re "l")
                        (list 'regexp-count c re) (list 'regexp-count c re "il")])
              ["" "n" "[aeiou]+" "a*" "." "\\W"])
   (map #(list 'similar-to c %) ["%" "A%" "_{3}" "(A|B)%" "[[:alpha:]]+" "[^,]*,%" "a\\_b" "%.%" "[a-z ]+"])
   (mapcat (fn [n] [(list 'try (list 'overlay c "xy" n)) (list 'try (list 'overlay c "" n 2)) (list 'json-get c (str "$[" n "]"))
                       (list 'json-get-text c n) (list 'random n c) (list 'random-uuid c n)
                       (list 'try (list 'width-bucket c -10 n 7)) (list 'try (list 'width-bucket c 10 n 7))])
              [-2 -1 0 1 2 3])
   [(list 'translate c "Aan,o" "xyz") (list 'split c "n") (list 'split c "") (list 'json-array c nil 1 c)
       (list 'json-object "k" c "l" c) (list 'json-contains c '(cast "[null]" :json)) (list 'json-contains c '(cast "3" :json))]))

(defn- times-of-one "Fields, formats, zones and intervals of one column." [c]
  (concat
   (map #(list % c) '[monthname dayname epoch-ms epoch-us])
   (map #(list 'date-part % c) (into units ["era" "yearweek" "dow" "isodow" "doy" "epoch"]))
   (map #(list 'date-trunc % c) units)
   (map #(list 'try (list % c))
        '[to-years to-months to-weeks to-days to-hours to-minutes to-seconds to-milliseconds to-microseconds to-timestamp
          from-epoch-ms from-epoch-us epoch-ns])
   (map #(list 'try (list 'at-zone c %)) ["Europe/Paris" "America/New_York" "UTC" "Asia/Kolkata"])
   (map #(list 'try (list 'strptime c %)) ["%Y-%m-%d" "%d" "%B"])
   (map #(list 'try (list % c '(cast 2.5 :float64))) '[* /])
   [(list 'strftime c "%a %A %b %B %d %-d %m %y %Y %H %I %-I %p %M %S %f %j %U %W %V %G %u %w %% %g %n %z %Z")
    (list 'strptime (list 'strftime c "%d.%B.%Y %p %I:%M:%S.%f %a") "%d.%B.%Y %p %I:%M:%S.%f %a")
    (list 'strptime (list 'strftime c "%G/%V/%u") "%G/%V/%u")
    (list 'try (list 'make-time (list 'abs c) 59 1.5)) (list 'try (list 'make-timestamp 2000 1 (list 'abs c) 1 2 3.25))
    (list 'time-bucket {:months 0 :days 5 :micros 3} c) (list 'time-bucket {:months 7 :days 0 :micros 0} c)
    (list 'time-bucket {:months 7 :days 0 :micros 0} c '(cast "1969-05-06" :timestamp))
    (list 'try (list 'time-bucket c '(cast "1969-05-06" :timestamp)))
    (list '+ c '(cast "13:00:00.5" :time)) (list '- c {:months 1 :days 1 :micros 90000000001}) (list 'try-cast c :time)]))

(defn- functions-of-one [table]
  (for [c names
        :when (not (#{'e_i 'e_l 'e_m 'e_w 'e_d} c))]
    (one-of-each
     (concat
      (map #(list % c) (remove '#{sqrt ln log10} ones))
      (map #(list % (list '+ 1 (list 'abs c))) '[sqrt floor])
      (map #(list 'date-trunc % c) ["year" "quarter" "month" "week" "day" "hour" "minute" "second" "millisecond" "microsecond"])
      (map #(list 'try (list % c)) '[factorial sqrt ln log2 acosh atanh sinh cosh cot degrees])
      (mapcat (fn [n] [(list 'round c n) (list 'trunc c n) (list 'left c n) (list 'right c n) (list 'substring c n) (list 'substring c n 2) (list 'lpad c (abs n))
                       (list 'rpad c (abs n) "xy") (list 'json-get c n) (list 'repeat c (abs n))])
              [-2 -1 0 1 2 3])
      (map #(list 'like c %) ["%" "_%" "A%" "%b" "%an%" "a_b" "Ann" "%\uD83D\uDE00%" "_ smile" "%%n%" "" "%e%o%" "x\\_y" "100\\%"])
      (map #(list 'ilike c %) ["ann" "%N%" "STRASSE" "\u00C9T\u00C9"])
      (when (= 't60 table) (concat (texts-of-one c) (times-of-one c)))
      [(list 'like c "x!_y" "!") (list 'position "n" c) (list 'replace c "n" "NN") (list 'split-part c "," 2) (list 'split-part c "" 1)
       (list 'concat c c) (list 'concat-ws "-" c nil c) (list 'trim c "A n") (list 'starts-with c "A") (list 'ends-with c "b")
       (list 'contains c "") (list 'regexp-like c "^[A-Z]") (list 'regexp-replace c "(.)n" "$1-") (list 'regexp-extract c "[0-9]+")
       (list 'json-get c "a.0") (list 'chr (list '+ 65 (list 'abs c)))])
     (list 'table+ table [c]))))

(defn- aggregates [table]
  (concat
   (for [c names, keys [[] ['k]] :when (not= [c] keys)]
     (let [rel (list 'table+ table (vec (distinct ['k c])))
           good (filter #(checked (list 'group+ keys [['x %]] rel))
                        (concat (map #(list % c) '[count min max bool-and bool-or])
                                [(list 'count c {:distinct true}) (list 'max c {:filter '(> k 1)}) (list 'min c {:distinct true})]
                                (when ('#{k i l m w d} c) [(list 'sum c) (list 'sum c {:distinct true})])))]
       (list 'group+ keys (named good) rel)))
   (for [c names] (list 'sort+ [[c :desc :nulls-first]] (list 'distinct+ (list 'table+ table [c]))))
   (for [c names] (list 'intersect+ (list 'table+ table [c]) (list 'table+ 't40 [c]) {:all true}))
   (for [c names, kind [:inner :anti :full]]
     (list 'join+ kind [[c 'other]] (list 'distinct+ (list 'table+ table [c])) (list 'table+ 't40 [['other c]])))))

(defn plans "All plans." []
  (filterv some? (concat (casts 't60) (casts 't2049) (text-casts 't60) (comparisons) (arithmetics) (functions-of-one 't60)
                         (functions-of-one 't2049) (aggregates 't2048))))
