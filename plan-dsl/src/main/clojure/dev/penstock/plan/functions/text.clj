(ns dev.penstock.plan.functions.text
  "Strings. Positions count code points from 1."
  (:require [dev.penstock.plan.functions.signature :as sig :refer [entry]]
            [dev.penstock.plan.tree :as tree]))

(def ^:private varchar :varchar)

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

(def entries
  [(entry 'length ["(length s)"] [varchar] [] :int64 "The number of code points.")
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
          "The part of s from position from: 1 is the first, -1 the last. A negative length goes backwards.")
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
   (entry 'chr ["(chr n)"] [:int64] [] varchar "The text of one code point." :fails true)
   (entry 'unicode ["(unicode s)"] [varchar] [] :int64 "The first code point, -1 of an empty text.")
   (entry 'translate ["(translate s from to)"] [varchar varchar varchar] [] varchar
          "Each code point of from becomes the one at its place in to; without one there it goes." :cost 10)
   (entry 'initcap ["(initcap s)"] [varchar] [] varchar
          "Each word begins in upper case and goes on in lower case; words are letters and digits." :cost 10)
   (entry 'overlay ["(overlay s by from)" "(overlay s by from length)"] [varchar varchar :int64] [:int64] varchar
          "s with by in the place of length (default: the length of by) code points from from on." :cost 10 :fails true)
   (entry 'strip-accents ["(strip-accents s)"] [varchar] [] varchar "The letters without their accents." :cost 20)
   (entry 'split ["(split s separator)"] [varchar varchar] [] :json
          "The parts of s as a JSON array; an empty separator parts all code points." :cost 20)
   (entry 'levenshtein ["(levenshtein a b)"] [varchar varchar] [] :int64
          "The least number of insertions, deletions and replacements of code points that makes b of a." :cost 100 :fails true)
   (entry 'damerau-levenshtein ["(damerau-levenshtein a b)"] [varchar varchar] [] :int64
          "levenshtein, where two neighbours may also change places." :cost 100 :fails true)
   (entry 'hamming ["(hamming a b)"] [varchar varchar] [] :int64
          "The number of places where texts of one length differ." :cost 20 :fails true)
   (entry 'jaccard ["(jaccard a b)"] [varchar varchar] [] :float64
          "The code points that both have, as a share of all that one has; neither may be empty." :cost 50 :fails true)
   (entry 'jaro-similarity ["(jaro-similarity a b)"] [varchar varchar] [] :float64
          "How alike two texts are, 0 to 1: their common code points and those out of order." :cost 50)
   (entry 'jaro-winkler-similarity ["(jaro-winkler-similarity a b)"] [varchar varchar] [] :float64
          "jaro-similarity; above 0.7 a common prefix (up to 4) counts more." :cost 50)])
