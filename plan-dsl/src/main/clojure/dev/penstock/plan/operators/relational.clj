(ns dev.penstock.plan.operators.relational
  "Documentation and examples of the relational operators.")

(def operators
  [{:name 'table+ :level :relational :text true
    :usage ["(table+ T)" "(table+ T [cols])" "(table+ T [cols] {options})"]
    :doc "The rows of a table: a name of the catalog, a file, glob or folder (string), tpch/NAME with {:sf 1}, or a with+ name. A column may be [NewName Col]. Options go to the source."
    :example "(with+ [people (values+ [Name Age] [[\"Ann\" 31] [\"Bo\" 19]])]\n  (table+ people [[Who Name]]))"
    :gives [["Ann"] ["Bo"]]}
   {:name 'values+ :level :relational :text true
    :usage ["(values+ [cols] [[v ...] ...])"]
    :doc "Literal rows. A column may be [Name type]; else its type is the common type of its values."
    :example "(values+ [Name [Age :int32]] [[\"Ann\" 31] [\"Bo\" nil]])"
    :gives [["Ann" 31] ["Bo" nil]]}
   {:name 'filter+ :level :relational :text true
    :usage ["(filter+ pred rel)" "(filter+ f stream)"]
    :doc "The rows where the expression is true (not false, not null); or the items for which a function gives true."
    :example "(filter+ (> Age 20)\n  (values+ [Name Age] [[\"Ann\" 31] [\"Bo\" 19] [\"Cy\" nil]]))"
    :gives [["Ann" 31]]}
   {:name 'project+ :level :relational :text true
    :usage ["(project+ [Col [Name expr] ...] rel)"]
    :doc "Exactly these columns; keeps duplicates."
    :example "(project+ [Name [Next (+ Age 1)]]\n  (values+ [Name Age] [[\"Ann\" 31]]))"
    :gives [["Ann" 32]]}
   {:name 'bind+ :level :relational :text true
    :usage ["(bind+ [[Name expr] ...] rel)"]
    :doc "All columns, then the new ones; a later expression may use an earlier new column."
    :example "(bind+ [[Net (- Gross 5)] [Double (* Net 2)]]\n  (values+ [Gross] [[15]]))"
    :gives [[15 10 20]]}
   {:name 'join+ :level :relational :text true
    :usage ["(join+ L R)" "(join+ kind L R)" "(join+ kind criterion L R)" "(join+ kind criterion L R {:on expr :mark Name})"]
    :doc "Joins. Kinds: :inner (default) :left :right :full :semi :anti :null-anti :mark :cross. Criterion: [A B] (columns of one name on both sides), [[LCol RCol] ...] (:null-safe may follow), a boolean expression, or none: all columns that both sides have."
    :example "(join+ :left [DeptID]\n  (values+ [Name DeptID] [[\"Ann\" 1] [\"Bo\" 9]])\n  (values+ [DeptID Dept] [[1 \"Law\"]]))"
    :gives [[1 "Ann" "Law"] [9 "Bo" nil]]}
   {:name 'union+ :level :relational :text true
    :usage ["(union+ rel rel ...)"]
    :doc "All rows of all inputs, duplicates kept; columns by position, names of the first."
    :example "(union+ (values+ [A] [[1]]) (values+ [B] [[1] [2]]))"
    :gives [[1] [1] [2]]}
   {:name 'intersect+ :level :relational :text true
    :usage ["(intersect+ a b)" "(intersect+ a b {:all true})"]
    :doc "The rows that are in both; null equals null. A set, or a bag with :all."
    :example "(intersect+ (values+ [A] [[1] [2] [nil]]) (values+ [A] [[2] [nil] [3]]))"
    :gives [[2] [nil]]}
   {:name 'minus+ :level :relational :text true
    :usage ["(minus+ a b)" "(minus+ a b {:all true})"]
    :doc "The rows of a that are not in b; null equals null. A set, or a bag with :all."
    :example "(minus+ (values+ [A] [[1] [1] [2]]) (values+ [A] [[2] [3]]))"
    :gives [[1]]}
   {:name 'distinct+ :level :relational :text true
    :usage ["(distinct+ rel)" "(distinct+ [cols] rel)"]
    :doc "Distinct rows; with columns one (any) row for each of their values."
    :example "(distinct+ (values+ [A] [[1] [1] [nil] [nil]]))"
    :gives [[1] [nil]]}
   {:name 'group+ :level :relational :text true
    :usage ["(group+ [keys] [[Name (aggregate expr)] ...] rel)" "(group+ [keys] [...] rel {:sets [[A B] [A] []]})"]
    :doc "One row for each value of the keys: the keys, then the aggregates. No keys: exactly one row. Aggregates take {:distinct true :filter pred}. :sets are grouping sets."
    :example "(group+ [Dept] [[N (count)] [Total (sum Pay)]]\n  (values+ [Dept Pay] [[\"Law\" 10] [\"Law\" 20] [\"Art\" nil]]))"
    :gives [["Law" 2 30] ["Art" 1 nil]]}
   {:name 'window+ :level :relational :text true
    :usage ["(window+ [[Name (f expr ...) {:partition [exprs] :order [items] :frame [...]}] ...] rel)"]
    :doc "All columns, then a value for each row computed over its partition. A frame is like [:rows [:preceding 2] :current-row] or [:range :unbounded-preceding :current-row]."
    :example "(window+ [[Rank (rank) {:partition [Dept] :order [[Pay :desc]]}]]\n  (values+ [Dept Pay] [[\"Law\" 10] [\"Law\" 20] [\"Art\" 5]]))"
    :gives [["Law" 10 2] ["Law" 20 1] ["Art" 5 1]]}
   {:name 'sort+ :level :relational :text true
    :usage ["(sort+ [Col [expr :desc :nulls-first] ...] rel)"]
    :doc "The rows in order; default ascending, nulls last in both directions. Rows with equal keys come in any order."
    :example "(sort+ [[A :desc]] (values+ [A] [[1] [3] [nil] [2]]))"
    :gives [[3] [2] [1] [nil]]}
   {:name 'top+ :level :relational :text true
    :usage ["(top+ n [sort items] rel)"]
    :doc "The first n rows in order."
    :example "(top+ 2 [[A :desc]] (values+ [A] [[1] [3] [2]]))"
    :gives [[3] [2]]}
   {:name 'slice+ :level :relational :text true
    :usage ["(slice+ offset limit rel)"]
    :doc "At most limit rows (nil: all) after offset rows."
    :example "(slice+ 1 1 (sort+ [A] (values+ [A] [[1] [3] [2]])))"
    :gives [[2]]}
   {:name 'series+ :level :relational :text true
    :usage ["(series+ Name start stop)" "(series+ Name start stop step)" "(series+ Name start stop step rel)" "(series+ Name start stop step {:exclusive true})"]
    :doc "The values from start to stop by step (1 for integers): integers, or dates and timestamps by an interval (dates also by a number of days). With :exclusive the stop is not one of them. Over a relation each row is repeated for every value of its own series."
    :example "(series+ N 1 10 4)"
    :gives [[1] [5] [9]]}
   {:name 'sparql+ :level :relational
    :usage ["(sparql+ text)"]
    :doc "The solutions of a SPARQL query (SELECT) over the triples that the host program has given the engine: a column for each variable, with values in the place of terms. The example is for a host whose triples say that Ann knows Bo."
    :example "(sparql+ \"SELECT ?who { <http://x/ann> <http://x/knows> ?who }\")"
    :gives [["http://x/bo"]]}
   {:name 'unnest+ :level :relational :text true
    :usage ["(unnest+ [Name type] expr rel)" "(unnest+ [Name type] expr rel {:outer true :ordinality Name})"]
    :doc "One row for each element of a JSON array; :outer keeps rows without elements, :ordinality adds the place from 1."
    :example "(unnest+ [Tag :varchar] Tags\n  (values+ [ID Tags] [[1 \"[\\\"a\\\",\\\"b\\\"]\"] [2 \"[]\"]]))"
    :gives [[1 "[\"a\",\"b\"]" "a"] [1 "[\"a\",\"b\"]" "b"]]}
   {:name 'with+ :level :relational :text true
    :usage ["(with+ [Name rel ...] body)"]
    :doc "Names subplans; each is computed once. A name stands for its rows in the body, as a bare symbol or in (table+ Name)."
    :example "(with+ [n (values+ [A] [[1] [2]])]\n  (join+ :cross n (project+ [[B A]] n)))"
    :gives [[1 1] [1 2] [2 1] [2 2]]}
   {:name 'recur+ :level :relational :text true
    :usage ["(recur+ [Name seed] step)" "(recur+ [Name seed] step {:all true})"]
    :doc "The rows of the seed, and of each round: the step over the rows that the last round brought, which it reads by Name. It ends when a round brings no row that was not there before (null equals null); with :all duplicates stay, and it ends when a round brings none."
    :example "(recur+ [n (values+ [A] [[1]])]\n  (project+ [[A (+ A 1)]] (filter+ (< A 4) n)))"
    :gives [[1] [2] [3] [4]]}])
