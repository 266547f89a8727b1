(ns dev.penstock.plan.physical
  "The lowered plan as text: one line a node, its inputs indented below it, with the rows that are expected of it."
  (:require [clojure.string :as str]
            [dev.penstock.plan.token :as token])
  (:import (java.util Locale)))

(defn- literal-text [v]
  (cond
    (bytes? v) (token/text v)
    (instance? java.util.Map v) (token/text {:months (get v "months") :days (get v "days")
                                             :micros (get v "micros")})
    :else (token/text v)))

(defn- expr-text
  "An expression with column names instead of ordinals."
  [names {:strs [kind index value fn args type]}]
  (case kind
    "column" (token/text (symbol (nth names index)))
    "literal" (literal-text value)
    "call" (str "(" (str/join " " (cons fn (map #(expr-text names %) args)))
                (when (contains? #{"cast" "try-cast"} fn) (str " " type))
                ")")))

(defn- names [fields] (mapv #(get % "name") fields))
(defn- shown-names [fields] (str/join " " (map #(token/text (symbol (get % "name"))) fields)))

(defn- items-text [ns items]
  (str/join ", " (map (fn [{:strs [expr descending nulls-first]}]
                        (str (expr-text ns expr) (when descending " desc") (when nulls-first " nulls first")))
                      items)))

(defn- project-text [ns {:strs [exprs schema]}]
  (str/join ", " (map (fn [e field]
                        (let [text (expr-text ns e), name (token/text (symbol (get field "name")))]
                          (if (= text name) name (str name " = " text))))
                      exprs schema)))

(defn- made-filters
  "The runtime filters that a join makes of the keys of its build side."
  [{:strs [runtime-filters left-keys right-keys build]} ls rs]
  (when (seq runtime-filters)
    (let [[ns keys] (if (= "left" build) [ls left-keys] [rs right-keys])]
      (str ", makes "
           (str/join ", " (map #(str "filter " (get % "id") " of " (expr-text ns (nth keys (get % "key"))))
                               runtime-filters))))))

(defn- join-text [{:strs [kind left-keys right-keys null-safe residual build strategy inputs] :as join}]
  (let [[l r] (map #(names (get % "schema")) inputs)]
    (str kind " " (case strategy "merge-scan" (str "merge-join, finds " build) strategy)
         (when (= "hash" strategy) (str ", build " build))
         (when (seq left-keys)
           (str ", on " (str/join " and " (map #(str (expr-text l %1) (if %3 " <=> " " = ") (expr-text r %2))
                                               left-keys right-keys null-safe))))
         (when residual (str ", where " (expr-text (into l r) residual)))
         (made-filters join l r))))

(defn- aggregate-text [keys ns {:strs [fn args params distinct filter order]} field]
  (str (get field "name") " = (" fn
       (when distinct " distinct")
       (str/join (map #(str " " (expr-text ns %)) args))
       (str/join (map #(str " " (if (= "grouping" fn) (nth keys %) (literal-text %))) params))
       (when (seq order) (str ", order " (items-text ns order)))
       ")"
       (when filter (str " where " (expr-text ns filter)))))

(defn- group-text [ns {:strs [keys sets aggregates schema]}]
  (let [key-names (names (take (count keys) schema))]
    (str "[" (project-text ns {"exprs" keys "schema" schema}) "]"
         (when sets (str " sets " (str/join " " (map #(str "[" (str/join " " (map key-names %)) "]") sets))))
         (when (seq aggregates) " ")
         (str/join ", " (map #(aggregate-text key-names ns %1 %2) aggregates
                             (drop (count keys) schema))))))

(defn- bound-text [{:strs [kind offset]}]
  (if (some? offset) (str (literal-text offset) " " kind) kind))

(defn- window-text [ns {:strs [functions partition order schema]}]
  (let [fields (take-last (count functions) schema)]
    (str (str/join ", " (map (fn [{:strs [frame ignore-nulls] :as function} field]
                               (str (aggregate-text nil ns function field)
                                    (when ignore-nulls " ignoring nulls")
                                    " " (get frame "mode") " " (bound-text (get frame "start"))
                                    " to " (bound-text (get frame "end"))
                                    (when-let [rows (get frame "exclude")] (str " without " rows))))
                             functions fields))
         (when (seq partition) (str ", by " (str/join ", " (map #(expr-text ns %) partition))))
         (when (seq order) (str ", order " (items-text ns order))))))

(defn- eval-text [{:strs [steps parallel chunk]}]
  (str (str/join ", " (map #(str (get % "kind") " " (token/text (get % "f"))) steps))
       (when parallel ", parallel") (when chunk ", by chunk")))

(defn- scan-text [{:strs [table columns schema filter limit runtime-filters]}]
  (let [ns (names schema)]
    (str table " ["
         (str/join " " (map #(if (= %1 %2) (token/text (symbol %1))
                                 (str (token/text (symbol %1)) "=" (token/text (symbol %2))))
                            ns columns))
         "]"
         (when filter (str " where " (expr-text ns filter)))
         (when limit (str " limit " limit))
         (when (seq runtime-filters)
           (str ", applies "
                (str/join ", " (map #(str "filter " (get % "id") " to " (token/text (symbol (ns (get % "column")))))
                                    runtime-filters)))))))

(defn- details [{:strs [op inputs schema] :as node}]
  (let [ns (names (get (first inputs) "schema"))]
    (case op
      "scan" (scan-text node)
      "values" (str (count (get node "rows")) " rows [" (shown-names schema) "]")
      "series" (str (expr-text ns (get node "start")) " to " (expr-text ns (get node "stop")) " by "
                    (expr-text ns (get node "step")) (when (get node "exclusive") ", exclusive"))
      "filter" (expr-text ns (get node "predicate"))
      "project" (str "[" (project-text ns node) "]")
      "join" (join-text node)
      "distinct" (when (get node "keys") (str "by " (str/join ", " (map ns (get node "keys")))))
      "set-op" (str (get node "kind") (when (get node "all") " all"))
      "group" (group-text ns node)
      "window" (window-text ns node)
      "sort" (items-text ns (get node "items"))
      "top" (str (get node "limit") (when (pos? (get node "offset")) (str " after " (get node "offset")))
                 " by " (items-text ns (get node "items")))
      "slice" (str "from " (get node "offset") (when (get node "limit") (str ", " (get node "limit") " rows")))
      "unnest" (str (expr-text ns (get node "expr")) (when (get node "outer") " outer"))
      ("shared" "recursion") (get node "name")
      "recursive" (str (get node "name") (when (get node "all") " all"))
      "let" (str/join ", " (map #(get % "name") (get node "bindings")))
      "eval" (eval-text node)
      "reduce" (str (token/text (get node "step")) (when (get node "chunk") ", by chunk"))
      "rechunk" (str (get node "size"))
      "number" (get (peek schema) "name")
      "reorder" (str (nth ns (get node "column")))
      nil)))

(defn- children
  "Nodes below a node; a let shows its bindings first."
  [{:strs [op inputs bindings]}]
  (if (= "let" op) (concat (map #(get % "node") bindings) inputs) inputs))

(defn line "A node in one line, without its inputs." [node]
  (str/join " " (remove str/blank? [(get node "op") (details node)])))

(defn- rows-text
  "(~120 rows), (~1.5M rows): three digits are more than an estimate is worth."
  [node]
  (when-let [rows (let [rows (force (get node "rows"))] (when (number? rows) rows))] ; those of values are the rows themselves
    (let [n (double rows)
          [unit n] (cond (< n 1e4) ["" n] (< n 1e6) ["k" (/ n 1e3)] (< n 1e9) ["M" (/ n 1e6)] (< n 1e12) ["G" (/ n 1e9)])]
      (str "(~"
           (cond (nil? unit) (String/format Locale/ROOT "%.1e" (object-array [(double rows)]))
                 (or (= "" unit) (<= 100.0 (double n))) (str (Math/round (double n)) unit)
                 :else (str (String/format Locale/ROOT "%.1f" (object-array [n])) unit))
           " rows)"))))

(defn- lines
  "[lines seen]; a shared node is written out at its first use only."
  [node depth seen]
  (let [head (str (apply str (repeat (* 2 depth) " "))
                  (str/join " " (remove nil? [(line node) (rows-text node)])))]
    (if (contains? seen (get node "id"))
      [[(str head " (as above)")] seen]
      (reduce (fn [[out seen] child]
                (let [[more seen] (lines child (inc depth) seen)] [(into out more) seen]))
              [[head] (cond-> seen (= "shared" (get node "op")) (conj (get node "id")))]
              (children node)))))

(defn text "The text of a lowered plan." [root]
  (str/join "\n" (first (lines root 0 #{}))))
