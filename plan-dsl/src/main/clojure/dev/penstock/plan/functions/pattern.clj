(ns dev.penstock.plan.functions.pattern
  "like, regular expressions and SQL's SIMILAR TO."
  (:require [dev.penstock.plan.functions.signature :as sig :refer [entry]]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.tree :as tree])
  (:import (java.util.regex Pattern PatternSyntaxException)))

(def ^:private varchar :varchar)

(defn- check-pattern
  "A regular expression that is a literal must compile; with options it may be a plain text."
  [site e]
  (when (and (tree/literal? e) (string? (:value e)))
    (try
      (Pattern/compile (:value e))
      (catch PatternSyntaxException ex
        (problem/fail :bad-literal
                      (str (:fn site) " expects a regular expression, got "
                           (problem/brief (sig/form-of e)) ": " (.getDescription ex))
                      (sig/form-of e) (:form site))))))

(defn- regexp [f signature required optional result doc & {:as more}]
  (let [e (merge (entry f signature required optional result doc) {:cost 50 :fails true} more)
        infer (sig/by-params e)]
    (assoc e :infer (fn [site args]
                      (when (< (count args) (count (:params e))) ; the last one: options
                        (check-pattern site (second args)))
                      (infer site args)))))

(def entries
  [(entry 'like ["(like s pattern)" "(like s pattern escape)"] [varchar varchar] [varchar] :boolean
          "Does s match a pattern of % (anything) and _ (one code point)?" :cost 10 :fails true)
   (entry 'ilike ["(ilike s pattern)" "(ilike s pattern escape)"] [varchar varchar] [varchar] :boolean
          "like without regard to case." :cost 20 :fails true)
   (entry 'similar-to ["(similar-to s pattern)" "(similar-to s pattern escape)"] [varchar varchar] [varchar] :boolean
          "Does all of s match SQL's pattern of % _ | * + ? {2,3} () []? The escape is \\ if none is given." :cost 50 :fails true)
   (regexp 'regexp-like ["(regexp-like s pattern)" "(regexp-like s pattern options)"] [varchar varchar] [varchar] :boolean
           "Is a regular expression (Java's syntax) found in s?")
   (regexp 'regexp-full-match ["(regexp-full-match s pattern)" "(regexp-full-match s pattern options)"]
           [varchar varchar] [varchar] :boolean "Does all of s match a regular expression?")
   (regexp 'regexp-replace ["(regexp-replace s pattern to)" "(regexp-replace s pattern to options)"]
           [varchar varchar varchar] [varchar] varchar
           "s with all matches replaced, $1 in to is a group; with options the first (g: all), \\1 is a group.")
   (regexp 'regexp-extract ["(regexp-extract s pattern)" "(regexp-extract s pattern group)" "(regexp-extract s pattern group options)"]
           [varchar varchar] [:int64 varchar] varchar
           "The first match, or its group; null if there is none." :nullable :always)
   (regexp 'regexp-extract-or-empty
           ["(regexp-extract-or-empty s pattern)" "(regexp-extract-or-empty s pattern group)"
            "(regexp-extract-or-empty s pattern group options)"]
           [varchar varchar] [:int64 varchar] varchar
           "The first match, or its group; the empty text if there is none.")
   (regexp 'regexp-extract-all
           ["(regexp-extract-all s pattern)" "(regexp-extract-all s pattern group)" "(regexp-extract-all s pattern group options)"]
           [varchar varchar] [:int64 varchar] :json
           "All matches, or their groups, as a JSON array.")
   (regexp 'regexp-split ["(regexp-split s pattern)" "(regexp-split s pattern options)"] [varchar varchar] [varchar] :json
           "The parts of s between the matches as a JSON array; an empty match parts code points.")
   (regexp 'regexp-count ["(regexp-count s pattern)" "(regexp-count s pattern options)"] [varchar varchar] [varchar] :int64
           "The number of matches.")])
