(ns dev.penstock.plan.functions.text
  "Strings, patterns, bytes and JSON text. Positions count code points from 1."
  (:require [dev.penstock.plan.functions.signature :as sig]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.tree :as tree])
  (:import (java.util.regex Pattern PatternSyntaxException)))

(def ^:private varchar :varchar)

(defn- entry
  "required and optional: parameter types."
  [f signature required optional result doc & {:as more}]
  (merge {:name f :signature signature :doc doc :result result :params (into required optional)
          :args [(count required) (count (into required optional))]}
         more))

(defn- infer-concat [site args]
  (sig/result 'concat (mapv #(sig/cast-to % varchar) args) varchar))

(defn- infer-concat-ws [site [separator & args]]
  (let [separator (sig/coerce site separator varchar)]
    (tree/call 'concat-ws (into [separator] (map #(sig/cast-to % varchar)) args) varchar
               (:nullable separator))))

(defn- castable-to-text [infer]
  (fn [site args]
    (doseq [e args]
      (when (= :any (:type e)) (sig/mismatch site e "expects a value with a text, got " (sig/shown e))))
    (infer site args)))

(defn- check-pattern
  "A regular expression that is a literal must compile."
  [site e]
  (when (and (tree/literal? e) (string? (:value e)))
    (try
      (Pattern/compile (:value e))
      (catch PatternSyntaxException ex
        (problem/fail :bad-literal
                      (str (:fn site) " expects a regular expression, got "
                           (problem/brief (sig/form-of e)) ": " (.getDescription ex))
                      (sig/form-of e) (:form site))))))

(defn- regexp [f signature required optional result doc & more]
  (let [e (apply entry f signature required optional result doc :cost 50 :fails true more)
        infer (sig/by-params e)]
    (assoc e :infer (fn [site args] (check-pattern site (second args)) (infer site args)))))

(defn- infer-bytes
  "Of a varbinary or (its UTF-8 bytes) a varchar."
  [f result]
  (fn [site [x]]
    (let [x (if (= :varbinary (:type x)) x (sig/coerce site x varchar))]
      (sig/result f [x] result))))

(defn- infer-json-get [site [j path]]
  (let [path (if (= :int32 (:type path)) (sig/cast-to path :int64) path)]
    (when-not (contains? #{:varchar :int64 :null} (:type path))
      (sig/mismatch site path "expects a key, a path (varchar) or an index (int64), got "
                    (sig/shown path)))
    (tree/call 'json-get [(sig/coerce site j :json) (sig/settle path varchar)] :json true)))

(defn- infer-to-json [site [x]]
  (when (= :any (:type x)) (sig/mismatch site x "expects a value with a text, got " (sig/shown x)))
  (sig/result 'to-json [(sig/settle x :int32)] :json))

(def ^:private strings
  [(entry 'length ["(length s)"] [varchar] [] :int64 "The number of code points.")
   {:name 'octet-length :types "(varchar or varbinary) -> int64" :args [1 1] :signature ["(octet-length s)"] :result :int64
    :doc "The number of bytes (of a varchar: in UTF-8)." :infer (infer-bytes 'octet-length :int64)}
   (entry 'upper ["(upper s)"] [varchar] [] varchar "In upper case.")
   (entry 'lower ["(lower s)"] [varchar] [] varchar "In lower case.")
   (entry 'trim ["(trim s)" "(trim s characters)"] [varchar] [varchar] varchar
          "Without spaces (or the characters) at both ends.")
   (entry 'ltrim ["(ltrim s)" "(ltrim s characters)"] [varchar] [varchar] varchar
          "Without spaces (or the characters) at the start.")
   (entry 'rtrim ["(rtrim s)" "(rtrim s characters)"] [varchar] [varchar] varchar
          "Without spaces (or the characters) at the end.")
   {:name 'concat :types "(any, ...) -> varchar" :args [1 nil] :signature ["(concat a b ...)"] :result varchar
    :doc "The texts joined; null if one is null." :infer (castable-to-text infer-concat)}
   {:name 'concat-ws :types "(varchar, any, ...) -> varchar" :args [2 nil] :signature ["(concat-ws separator a b ...)"] :result varchar
    :doc "The texts with a separator between them; nulls are skipped."
    :infer (castable-to-text infer-concat-ws)}
   (entry 'substring ["(substring s from)" "(substring s from length)"] [varchar :int64] [:int64] varchar
          "The part of s from position from (1 is the first)." :fails true)
   (entry 'left ["(left s n)"] [varchar :int64] [] varchar "The first n code points.")
   (entry 'right ["(right s n)"] [varchar :int64] [] varchar "The last n code points.")
   (entry 'position ["(position needle s)"] [varchar varchar] [] :int64
          "Where needle first occurs in s, 0 if it does not.")
   (entry 'replace ["(replace s from to)"] [varchar varchar varchar] [] varchar
          "s with each from replaced by to.")
   (entry 'starts-with ["(starts-with s prefix)"] [varchar varchar] [] :boolean "Does s begin so?")
   (entry 'ends-with ["(ends-with s suffix)"] [varchar varchar] [] :boolean "Does s end so?")
   (entry 'contains ["(contains s needle)"] [varchar varchar] [] :boolean "Does needle occur in s?")
   (entry 'lpad ["(lpad s n)" "(lpad s n fill)"] [varchar :int64] [varchar] varchar
          "Filled (or cut) to n code points, on the left." :fails true)
   (entry 'rpad ["(rpad s n)" "(rpad s n fill)"] [varchar :int64] [varchar] varchar
          "Filled (or cut) to n code points, on the right." :fails true)
   (entry 'reverse ["(reverse s)"] [varchar] [] varchar "The code points backwards.")
   (entry 'repeat ["(repeat s n)"] [varchar :int64] [] varchar "s n times." :fails true)
   (entry 'split-part ["(split-part s separator n)"] [varchar varchar :int64] [] varchar
          "The n-th part (from 1) of s, empty if there are fewer." :fails true)
   (entry 'ascii ["(ascii s)"] [varchar] [] :int64 "The first code point, 0 of an empty text.")
   (entry 'chr ["(chr n)"] [:int64] [] varchar "The text of one code point." :fails true)])

(def ^:private patterns
  [(entry 'like ["(like s pattern)" "(like s pattern escape)"] [varchar varchar] [varchar] :boolean
          "Does s match a pattern of % (anything) and _ (one code point)?" :cost 10 :fails true)
   (entry 'ilike ["(ilike s pattern)" "(ilike s pattern escape)"] [varchar varchar] [varchar] :boolean
          "like without regard to case." :cost 20 :fails true)
   (regexp 'regexp-like ["(regexp-like s pattern)"] [varchar varchar] [] :boolean
           "Is a regular expression (Java's syntax) found in s?")
   (regexp 'regexp-replace ["(regexp-replace s pattern to)"] [varchar varchar varchar] [] varchar
           "s with all matches replaced; $1 in to is the first group.")
   (regexp 'regexp-extract ["(regexp-extract s pattern)" "(regexp-extract s pattern group)"]
           [varchar varchar] [:int64] varchar
           "The first match, or its group; null if there is none." :nullable :always)])

(def ^:private bytes-and-json
  [{:name 'md5 :types "(varchar or varbinary) -> varchar" :args [1 1] :signature ["(md5 x)"] :result varchar :cost 50
    :doc "The MD5 digest of a varchar or varbinary, as hex digits." :infer (infer-bytes 'md5 varchar)}
   {:name 'sha256 :types "(varchar or varbinary) -> varchar" :args [1 1] :signature ["(sha256 x)"] :result varchar :cost 50
    :doc "The SHA-256 digest of a varchar or varbinary, as hex digits."
    :infer (infer-bytes 'sha256 varchar)}
   {:name 'hex :types "(varchar or varbinary) -> varchar" :args [1 1] :signature ["(hex x)"] :result varchar
    :doc "The bytes of a varbinary (or varchar) as hex digits." :infer (infer-bytes 'hex varchar)}
   (entry 'unhex ["(unhex s)"] [varchar] [] :varbinary "The bytes of hex digits." :fails true)
   {:name 'to-json :types "(any) -> json" :args [1 1] :signature ["(to-json x)"] :result :json :cost 20
    :doc "JSON text of a value." :infer infer-to-json}
   {:name 'json-get :types "(json, varchar or int64) -> json" :args [2 2] :signature ["(json-get j path)" "(json-get j index)"] :result :json
    :doc "The JSON text at a key, a path of keys (a.b) or an index (from 0); null if there is none."
    :cost 50 :fails true :infer infer-json-get}
   (entry 'json-length ["(json-length j)"] [:json] [] :int64
          "The number of elements of an array or of keys of an object; null of anything else."
          :cost 50 :fails true :nullable :always)])

(def entries (into [] cat [strings patterns bytes-and-json]))
