(ns dev.penstock.plan.check-test
  (:require [clojure.test :refer [are deftest is testing]]
            [dev.penstock.plan.check :as check]
            [dev.penstock.plan.fixture :as fixture :refer [checked problem-of]]
            [dev.penstock.plan.types :as types]))

(defn- columns
  "\"Name varchar, Age int32?\" of a plan; ? is nullable."
  [plan]
  (apply str (interpose ", " (map #(str (:name %) " " (types/text (:type %)) (when (:nullable %) "?"))
                                  (:schema (checked plan))))))

(deftest schemas
  (are [plan text] (= text (columns plan))
    "(table+ dept)" "DeptID int32, DeptName varchar?"
    "(table+ dept [[Id DeptID]])" "Id int32"
    "(values+ [A [B :int32] C] [[1 nil nil] [2.5M 7 nil]])" "A decimal(2,1), B int32?, C int32?"
    "(values+ [A] [])" "A int32"
    "(filter+ true (table+ dept))" "DeptID int32, DeptName varchar?"
    "(project+ [DeptName [Next (+ DeptID 1)]] (table+ dept))" "DeptName varchar?, Next int64"
    "(bind+ [[a (+ DeptID 1)] [b (* a 2)]] (table+ dept))" "DeptID int32, DeptName varchar?, a int64, b int64"
    "(join+ (table+ people [Name DeptID]) (table+ dept))" "DeptID int64, Name varchar, DeptName varchar?"
    "(join+ :left (table+ people [Name DeptID]) (table+ dept))" "DeptID int64?, Name varchar, DeptName varchar?"
    "(join+ :right (table+ people [Name DeptID]) (table+ dept))" "DeptID int32, Name varchar?, DeptName varchar?"
    "(join+ :full (table+ people [Name DeptID]) (table+ dept))" "DeptID int64?, Name varchar?, DeptName varchar?"
    "(join+ :semi (table+ people [Name DeptID]) (table+ dept))" "Name varchar, DeptID int64?"
    "(join+ :mark [[DeptID DeptID]] (table+ people [Name DeptID]) (table+ dept) {:mark M})" "Name varchar, DeptID int64?, M boolean?"
    "(join+ [[DeptID Id]] (table+ people [DeptID]) (table+ dept [[Id DeptID]]))" "DeptID int64?, Id int32"
    "(join+ :left (> DeptID Id) (table+ people [DeptID]) (table+ dept [[Id DeptID]]))" "DeptID int64?, Id int32?"
    "(join+ :cross (table+ people [Name]) (table+ dept))" "Name varchar, DeptID int32, DeptName varchar?"
    "(union+ (table+ dept [DeptID]) (table+ people [Pay]))" "DeptID decimal(15,2)?"
    "(minus+ (table+ dept [DeptID]) (table+ people [[X DeptID]]))" "DeptID int64"
    "(distinct+ [DeptID] (table+ dept))" "DeptID int32, DeptName varchar?"
    "(group+ [DeptID] [[n (count)] [s (sum Pay)] [a (avg Age)] [c (count Age {:distinct true})]] (table+ people))"
    "DeptID int64?, n int64, s decimal(38,2)?, a float64?, c int64"
    "(group+ [] [[m (max Name)] [n (count Name {:filter (> Age 3)})]] (table+ people))" "m varchar?, n int64"
    "(group+ [Name DeptID] [[g (grouping DeptID)]] (table+ people) {:sets [[Name DeptID] [Name]]})"
    "Name varchar, DeptID int64?, g int64"
    "(window+ [[r (rank) {:order [Age]}] [p (lag Name 1 \"\")] [s (sum Age)] [f (first-value Name)]] (table+ people [Name Age]))"
    "Name varchar, Age int32?, r int64, p varchar, s int64?, f varchar?"
    "(top+ 3 [[Age :desc]] (table+ people [Age]))" "Age int32?"
    "(unnest+ [e :int64] j (table+ all [j]) {:ordinality n})" "j json?, e int64?, n int64"
    "(with+ [d (table+ dept)] (union+ d (table+ d)))" "DeptID int32, DeptName varchar?"
    "(number+ n (table+ dept [DeptID]))" "DeptID int32, n int64"
    "(preduce+ (hash-tuples {:keys [DeptID]}) (table+ dept))" "it any?"
    "(let+ [h (first+ (preduce+ (hash-tuples {:keys [DeptID]}) (table+ dept)))] (mapcat+ (tuple-matches h {:keys [DeptID]}) (table+ people [Name DeptID])))"
    "DeptID int64, Name varchar, DeptName varchar?"))

(deftest functions-of-items
  (are [plan text] (= text (columns plan))
    (list 'map+ inc '(table+ dept)) "it any?"
    (list 'map+ inc '[[A :int64]] '(table+ dept)) "A int64?"
    (list 'filter+ odd? '(table+ dept)) "DeptID int32, DeptName varchar?"
    (list 'pfilter+ (reify java.util.function.Predicate (test [_ _] true)) '(table+ dept [DeptID])) "DeptID int32"
    (list 'let+ '[n (first+ (table+ dept))] (list 'map+ (list + 'n 1) '(table+ dept))) "it any?")
  (is (= "map+ got a function object; functions are allowed from a Clojure or Java program only, not in the text of a plan; in (map+ a function object (table+ dept))"
         (fixture/message check/check (list 'map+ inc '(table+ dept)) (dissoc fixture/ctx :functions?)))))

(deftest a-condition-of-a-join-gives-keys-and-the-rest
  (let [join (checked "(join+ :left (and (= Id DeptID) (> Age 3) (is-not-distinct Name DeptName)) (table+ people) (table+ dept [[Id DeptID] DeptName]))")]
    (is (= '[[DeptID Id false] [Name DeptName true]]
           (mapv (fn [{:keys [left right null-safe]}]
                   [(:name left) (or (:name right) (:name (first (:args right)))) null-safe])
                 (:keys join))))
    (is (= '> (:fn (:residual join))))))

(deftest pushed-filters-and-limits-are-read-back
  (let [scan (checked "(table+ people [Age] {:filter (> Age 3) :limit 7 :header false})")]
    (is (= [7 '> {:header false}] [(:limit scan) (:fn (:filter scan)) (:options scan)]))))

(deftest frames
  (let [frame (fn [text] (:frame (first (:functions (checked (str "(window+ [[s (sum Age) " text "]] (table+ people))"))))))]
    (is (= {:mode :range :start {:kind :unbounded-preceding :offset nil} :end {:kind :current-row :offset nil}}
           (frame "{:order [Age]}")))
    (is (= {:kind :unbounded-following :offset nil} (:end (frame "{}"))))
    (is (= [:int32 2] ((juxt :type :value) (:offset (:start (frame "{:order [Age] :frame [:range [:preceding 2] :current-row]}"))))))
    (is (= :interval (:type (:offset (:start (frame "{:order [Born] :frame [:range [:preceding #interval \"P1M\"] :current-row]}"))))))
    (is (= [[:decimal 2 1] 1.5M] ((juxt :type :value) (:offset (:end (frame "{:order [Age] :frame [:range :current-row [:following 1.5M]]}"))))))
    (is (= [:int64 5] ((juxt :type :value) (:offset (:end (frame "{:order [Age] :frame [:rows :current-row [:following (+ 2 3)]]}"))))))
    (is (= {:months 0 :days 3 :micros 0}
           (:value (:offset (:end (frame "{:order [(to-days Age)] :frame [:range :current-row [:following (* 3 #interval \"P1D\")]]}"))))))))

(deftest every-problem-of-a-relation-gives-one-line
  (are [text m] (= (str "p.edn:1:" m) (problem-of text))
    "(filtr+ true (table+ dept))" "2: unknown operator filtr+; did you mean filter+?"
    "(filter true (table+ dept))" "2: unknown operator filter; did you mean filter+?"
    "(frobnicate+ 1)" "2: unknown operator frobnicate+"
    "(\"x\" 1)" "1: expected an operator like filter+, got \"x\""
    "[a]" "1: a plan is a relation, a list like (table+ \"people.csv\"), got [a]"
    "people" "1: unknown relation people; a table is written (table+ people)"
    "(filter+ true \"x.csv\")" "1: filter+ expects a relation, a list like (table+ \"people.csv\"), got \"x.csv\"; a file is read by (table+ \"x.csv\")"
    "(with+ [dept (table+ dept)] dpet)" "29: unknown relation dpet; did you mean dept?"
    "(table+ peple)" "9: unknown table peple"
    "(table+ 5)" "1: table+ expects a table's name or a file's path, got 5"
    "(table+ people [Aged])" "17: unknown column Aged of table people; did you mean Age?"
    "(table+ dept [zzz])" "15: unknown column zzz of table dept; it has DeptID, DeptName"
    "(table+ people [Age Age])" "21: table+ would give two columns named Age; rename one of them"
    "(values+ [A] [[1] [\"x\"]])" "1: values+ expects values of one type, got 1 (int64) and \"x\" (varchar); write (cast \"x\" :int64)"
    "(values+ [A] [[1 2]])" "15: values+ expects rows of 1 value, got [1 2]"
    "(values+ [A] [[(+ 1 2)]])" "16: values+ expects literal values in its rows, got (+ 1 2)"
    "(values+ [[A :int32]] [[5000000000]])" "1: values+ expects a int32, got 5000000000 (int64); write (cast 5000000000 :int32)"
    "(values+ [[A :int46]] [])" "11: values+ expects a type as in :int64 or [:decimal 15 2], got :int46; did you mean :int64?"
    "(filter+ Age (table+ people))" "10: filter+ expects a boolean, got Age (int32)"
    "(filter+ true)" "1: filter+ expects 2 arguments, got 1, as in (filter+ (> Age 20) rel)"
    "(filter+ true (table+ dept) {:x 1})" "29: filter+ takes no options, got :x"
    "(project+ Age (table+ people))" "11: project+ expects a vector of columns and pairs [Name expr], got Age"
    "(project+ [Age [A 1 2]] (table+ people))" "16: project+ expects columns and pairs [Name expr], got [A 1 2]"
    "(project+ [Age [Age 1]] (table+ people))" "17: project+ would give two columns named Age; rename one of them"
    "(bind+ [[Age 1]] (table+ people))" "10: bind+ expects a new name, but Age is a column already"
    "(bind+ [Age] (table+ people))" "9: bind+ expects pairs [Name expr], got Age"
    "(sort+ [] (table+ people))" "8: sort+ expects at least one sort item, got []"
    "(sort+ [[Age :down]] (table+ people))" "1: sort+ expects sort items like A or [expr :desc :nulls-first], got :down"
    "(sort+ [[Age :asc :desc]] (table+ people))" "9: sort+ expects one direction and one place of nulls, got [Age :asc :desc]"
    "(top+ -1 [Age] (table+ people))" "1: top+ expects a number of rows (a whole number from 0), got -1"
    "(slice+ 0 1.5 (table+ people))" "1: slice+ expects a limit (a whole number from 0), got 1.5"
    "(union+ (table+ dept) (table+ people))" "1: union+ expects inputs with the same number of columns, got 2 and 5"
    "(union+ (table+ dept [DeptName]) (table+ people [Age]))" "1: union+ expects columns of one type at each place, got DeptName (varchar) and Age (int32)"
    "(minus+ (table+ dept) (table+ dept) {:al true})" "37: minus+ has no option :al; did you mean :all? (it has :all)"
    "(minus+ (table+ dept) (table+ dept) {:all 1})" "1: minus+ expects true or false for :all, got 1"
    "(distinct+ [Aeg] (table+ people))" "13: unknown column Aeg; did you mean Age?"
    "(distinct+ [Age Age] (table+ people))" "12: distinct+ names the column Age twice"
    "(unnest+ [e :int64] Age (table+ people))" "21: unnest+ expects JSON array text, got Age (int32)"
    "(with+ [a] a)" "8: with+ expects a vector of names and streams, as in (with+ [Old (filter+ (> Age 60) people)] (join+ Old Old2)), got [a]"
    "(with+ [a (table+ dept) a (table+ dept)] a)" "25: with+ expects a new name, but a is in use already"))

(deftest every-problem-of-a-join-gives-one-line
  (are [text m] (= (str "p.edn:1:" m) (problem-of text))
    "(join+ (table+ people) (table+ dept [DeptName]))"
    "1: join+ found no column that both sides have (left: Name, Age, DeptID, Born, Pay; right: DeptName); give a criterion, or :cross"
    "(join+ :innr (table+ people) (table+ dept))"
    "1: join+ expects a kind of join (:inner :left :right :full :semi :anti :null-anti :mark :cross) before its criterion, got :innr"
    "(join+ [Age] (table+ people) (table+ dept))" "9: unknown column Age; the columns here are DeptID, DeptName"
    "(join+ [[Age DeptId]] (table+ people) (table+ dept))" "14: unknown column DeptId; did you mean DeptID?"
    "(join+ [[Age DeptID]] (table+ people) (table+ dept))"
    "1: join+ would give two columns named DeptID; rename one of them, or name it as a key, [DeptID]"
    "(join+ (= Age DeptID) (table+ people) (table+ dept))"
    "15: column DeptID is ambiguous: both sides of the join have it; rename one of them"
    "(join+ [[Name X]] (table+ people) (table+ dept [[X DeptID]]))"
    "10: join+ compares values of one type, got Name (varchar) and X (int32); write (cast Name :int32)"
    "(join+ [] (table+ people) (table+ dept))" "8: join+ expects at least one key, got []"
    "(join+ :cross [DeptID] (table+ people) (table+ dept))" "15: join+ expects no criterion with :cross, got [DeptID]"
    "(join+ :mark [DeptID] (table+ people) (table+ dept))"
    "1: join+ expects the name of the mark column with :mark, {:mark Name}, got nil"
    "(join+ [DeptID] (table+ people) (table+ dept) {:mark M})" "54: join+ expects no {:mark Name} with :inner, got M"
    "(join+ :null-anti (and (= DeptID X) (> Age 3)) (table+ people) (table+ dept [[X DeptID]]))"
    "1: join+ :null-anti expects exactly one key and nothing else, got 1 key and a condition"
    "(join+ [DeptID] (table+ people) (table+ dept) {:on (> Agee 3)})" "55: unknown column Agee; did you mean Age?"
    "(join+ [DeptID] (table+ people) (table+ dept) {:no 1})" "47: join+ has no option :no; did you mean :on? (it has :on, :mark)"))

(deftest every-problem-of-groups-and-windows-gives-one-line
  (are [text m] (= (str "p.edn:1:" m) (problem-of text))
    "(group+ [Age] [[n (cont)]] (table+ people))" "20: unknown aggregate cont; did you mean count?"
    "(group+ [Age] [[n (length Name)]] (table+ people))" "20: unknown aggregate length; length is a scalar function"
    "(group+ [Age] [[n (rank)]] (table+ people))" "20: unknown aggregate rank; rank is a window function, for window+"
    "(group+ [Age] [(count)] (table+ people))" "16: group+ expects pairs like [Total (sum Price)], got (count)"
    "(group+ [Age] [[n (sum)]] (table+ people))" "19: sum expects 1 argument, got 0, as in (sum x)"
    "(group+ [Age] [[n (sum Name)]] (table+ people))" "24: sum expects a number, got Name (varchar)"
    "(group+ [Age] [[n (sum Age {:distnct true})]] (table+ people))"
    "28: sum has no option :distnct; did you mean :distinct? (it has :distinct, :filter, :order)"
    "(group+ [Age] [[n (count {:distinct true})]] (table+ people))" "19: count expects an argument with :distinct, got (count {:distinct true})"
    "(group+ [Age] [[n (sum Age {:filter Age})]] (table+ people))" "37: sum :filter expects a boolean, got Age (int32)"
    "(group+ [Age] [[Age (count)]] (table+ people))" "17: group+ would give two columns named Age; rename one of them"
    "(group+ [Age] [[g (grouping Nam)]] (table+ people))" "29: unknown key Nam of group+; its keys are Age"
    "(group+ [Age] [] (table+ people) {:sets [[Agee]]})" "43: unknown key Agee of group+; did you mean Age?"
    "(group+ [Age] [] (table+ people) {:sets []})" "41: group+ expects at least one grouping set, got []"
    "(window+ [[r (grouping Age)]] (table+ people))" "15: unknown window function grouping; grouping is an aggregate, for group+ and window+"
    "(window+ [[r (rnk)]] (table+ people))" "15: unknown window function rnk; did you mean rank?"
    "(window+ [[r (ntile -1)]] (table+ people))" "14: ntile expects a whole number from 0, got -1"
    "(window+ [[r (rank) {:ordr [Age]}]] (table+ people))" "21: window+ has no option :ordr; did you mean :order? (it has :partition, :order, :frame)"
    "(window+ [[s (sum Age) {:frame [:rows :current-row]}]] (table+ people))"
    "32: window+ expects a frame like [:rows [:preceding 2] :current-row], got [:rows :current-row]"
    "(window+ [[s (sum Age) {:frame [:rows :current-row :unbounded-preceding]}]] (table+ people))"
    "32: window+ expects a frame whose start is not after its end, got [:rows :current-row :unbounded-preceding]"
    "(window+ [[s (sum Age) {:order [Name] :frame [:range [:preceding 1] :current-row]}]] (table+ people))"
    "54: window+ expects one order key that is a number, a time or an interval for a :range frame with an offset, got 1: Name (varchar)"
    "(window+ [[s (sum Age) {:frame [:rows [:preceding -1] :current-row]}]] (table+ people))"
    "1: window+ expects an offset of a :rows frame (a whole number from 0), got -1"
    "(window+ [[Age (rank)]] (table+ people))" "12: window+ would give two columns named Age; rename one of them"))

(deftest every-problem-of-a-stream-gives-one-line
  (are [text m] (= (str "p.edn:1:" m) (problem-of text))
    "(map+ foo (table+ dept))" "7: unknown stream function foo; a function object can be given by a Clojure or Java program"
    "(map+ hash-tuple (table+ dept))" "7: unknown stream function hash-tuple; did you mean hash-tuples?; a function object can be given by a Clojure or Java program"
    "(map+ hash-tuples (table+ dept))" "7: map+ expects a function of items; hash-tuples belongs in preduce+, got hash-tuples"
    "(map+ 5 (table+ dept))" "1: map+ expects a function, got 5"
    "(preduce+ {:init 1} (table+ dept))" "1: preduce+ expects a function for :init of {:init :step :merge :finish}, got 1"
    "(preduce+ {:into 1} (table+ dept))" "11: preduce+ has no :into; did you mean :init?"
    "(preduce+ (hash-tuples {:keys []}) (table+ dept))" "11: preduce+ expects (hash-tuples {:keys [...]}), got (hash-tuples {:keys []})"
    "(mapcat+ (tuple-matches h {:keys [DeptID]}) (table+ dept))"
    "25: tuple-matches expects a let+ name of (first+ (preduce+ (hash-tuples {...}) rel)), got h"
    "(let+ [h (first+ (preduce+ (hash-tuples {:keys [DeptID]}) (table+ dept)))] (mapcat+ (tuple-matches h {:keys [DeptID] :kind :full}) (table+ people)))"
    "76: mapcat+ expects a :kind of :inner, :left, :semi, :anti, :null-anti or :mark, got :full"
    "(let+ [h (first+ (preduce+ (hash-tuples {:keys [DeptID]}) (table+ dept)))] (mapcat+ (tuple-matches h {:keys [DeptID Age]}) (table+ people)))"
    "109: mapcat+ expects as many keys as hash-tuples has, 1, got [DeptID Age]"
    "(let+ [n (first+ (table+ dept))] n)" "34: unknown relation n; a let+ name is a value for functions, not a stream"
    "(rechunk+ 0 (table+ dept))" "1: rechunk+ expects a number of items (a whole number from 1), got 0"
    "(number+ DeptID (table+ dept))" "10: number+ would give two columns named DeptID; rename one of them"
    "(reorder+ DeptID (table+ dept))" "11: reorder+ expects an int64 column of number+, got DeptID (int32)"))

(deftest plans-of-programs-have-limits-too
  (let [deep (nth (iterate #(list 'filter+ true %) '(table+ dept)) 600)]
    (is (= "the plan is nested more than 512 levels deep; in (filter+ true (filter+ true (filter+ true (...))))"
           (fixture/message checked deep)))
    (is (= :limit (try (checked deep) (catch clojure.lang.ExceptionInfo e (:category (ex-data e)))))))
  (is (some? (checked (nth (iterate #(list 'filter+ true %) '(table+ dept)) 500)))))

(deftest a-problem-of-a-source-gets-the-position
  (let [describe (fn [_ _] (throw (ex-info "no such file: x.csv" {:category :io :code :no-file})))
        data (try (check/check (with-meta (list 'table+ "x.csv") {:line 3 :column 7}) {:describe describe})
                  (catch clojure.lang.ExceptionInfo e [(ex-message e) (ex-data e)]))]
    (is (= ["3:7: no such file: x.csv" {:category :io :code :no-file :line 3 :column 7}] data))))
