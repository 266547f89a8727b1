(ns dev.penstock.plan.physical.trace
  "From a column of a lowered node down to the columns of scans that it is: where rows may be left out
  when nobody above wants rows with certain values of the column.")

(declare scans)

(defn- input-width [node i] (count (get (nth (get node "inputs") i) "schema")))

(defn below
  "The ordinal below of an expression that is a column, perhaps widened from int32 to int64, and the type
  that it has below; nil of others."
  [{:strs [kind index type fn args]}]
  (cond
    (= "column" kind) {:index index :type type}
    (and (= "call" kind) (= "cast" fn) (= "int64" type))
    (let [[{:strs [kind index type]}] args]
      (when (and (= "column" kind) (= "int32" type)) {:index index :type type}))))

(defn- input-scans [node i ordinal] (scans (nth (get node "inputs") i) ordinal))

(defn- expr-scans [node e] (when-let [{:keys [index]} (below e)] (input-scans node 0 index)))

(defn- sides
  "The inputs of a join from which rows with unwanted values of a column may be left out, if the column is of
  input i. Rows of the other input with such a value meet those rows only, so they may go too; not if a
  null there speaks against rows of all values."
  [kind i]
  (cond
    (#{"inner" "cross"} kind) [0 1]
    (= ["left" 0] [kind i]) [0 1]
    (= ["right" 1] [kind i]) [0 1]
    (and (#{"semi" "anti"} kind) (= 0 i)) [0 1]
    (and (#{"mark" "null-anti"} kind) (= 0 i)) [0]))

(defn- twin
  "The column of the other input that a key pair says is equal to a column of input i; nil if there is none."
  [{:strs [left-keys right-keys]} i ordinal]
  (let [[own other] (if (= 0 i) [left-keys right-keys] [right-keys left-keys])
        column #(when (= "column" (get % "kind")) (get % "index"))]
    (some (fn [[a b]] (when (and (= ordinal (column a)) (column b)) (column b)))
          (map vector own other))))

(defn- join-scans [{:strs [kind output strategy build] :as join} ordinal]
  (let [o (long (nth output ordinal)), n (long (input-width join 0))
        i (if (< o n) 0 1)
        at (if (= 0 i) o (- o n))
        may (set (sides kind i))
        found (when (= "merge-scan" strategy) (if (= "left" build) 0 1)) ; is not scanned
        equal (twin join i at)
        j (- 1 i)]
    (when (< o (+ n (long (input-width join 1))))
      (concat (when (and (may i) (not= i found)) (input-scans join i at))
              (when (and equal (may i) (may j) (not= j found)) (input-scans join j equal))))))

(defn- kept?
  "Is a column one of those that say what belongs together in a distinct (all if it names none) or a window?"
  [{:strs [op keys partition]} ordinal]
  (case op
    "distinct" (or (nil? keys) (some #{ordinal} keys))
    "window" (some #(= ["column" ordinal] [(get % "kind") (get % "index")]) partition)))

(defn scans
  "[scan-id ordinal] of the scans whose column is the column of a node: their rows with values that are not
  wanted in the output of the node may be left out. A scan with a limit is none of them, nor is what is
  shared with others."
  [{:strs [op id limit sets keys] :as node} ordinal]
  (case op
    "scan" (when-not limit [[id ordinal]])
    ("filter" "sort") (input-scans node 0 ordinal)
    "project" (expr-scans node (nth (get node "exprs") ordinal))
    "join" (join-scans node ordinal)
    "group" (when (and (nil? sets) (< (long ordinal) (count keys))) (expr-scans node (nth keys ordinal)))
    ("distinct" "window") (when (and (< (long ordinal) (long (input-width node 0))) (kept? node ordinal))
                            (input-scans node 0 ordinal))
    ("unnest" "series") (when (and (seq (get node "inputs")) (< (long ordinal) (long (input-width node 0))))
                          (input-scans node 0 ordinal))
    ("union" "mux" "set-op") (mapcat #(scans % ordinal) (get node "inputs"))
    nil))
