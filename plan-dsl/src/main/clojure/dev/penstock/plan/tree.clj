(ns dev.penstock.plan.tree
  "The typed tree (\"algebra\"): what check makes of a plan, what rules rewrite, what lower reads.

  A node is a map {:op kw, :inputs [node ...], :schema [{:name sym :type t :nullable bool} ...], ...};
  everything below it that is a relation or a stream is in :inputs, so that a walk needs no case by
  operator. Columns are referred to by name (symbol); names in a schema are unique. Equality of
  trees is Clojure's =; positions ({:source :line :column}) and {:implicit true} are metadata.

  An expression is a map with :kind, :type and :nullable, and
    {:kind :column  :name sym}
    {:kind :literal :value v}      v as in section 1 of the plan language; a varbinary value is
                                   a dev.penstock.plan.types.Hex (equal by value), nil is null
    {:kind :call :fn sym :args [expr ...]}
  Inference has inserted the casts: {:fn cast :args [x] :type target}, also try-cast; a cast that
  the user did not write has the metadata {:implicit true} and unparse leaves it out.
  Canonical calls: + - * have two arguments; (- x) is negate; if is case; case has c1 v1 ... else
  (always odd); {:fn param :args [its number, the literal of its first value] :type target} is a parameter;
  {:fn host :args [f x ...]} has the object f of the host program as a literal of type :any;
  between is and of >= <=, and switch a case of =, where x is small: else they are calls of x low high and of
  x w1 v1 ... else, as x is there once; in has x then the values; and/or have two or more and are
  flat; date + days and timestamp + interval have the point in time first.

  op          further keys (e = expression; item = {:name sym :expr e};
              sort item = {:expr e :descending bool :nulls-first bool})
  :scan       :table ref (symbol, keyword or string), :columns [source column name (symbol), one for
              each schema column], :options map, :handle any, :stats map, :filter e or nil, :limit n or nil
  :values     :rows [[v ...] ...]
  :filter     :predicate e (boolean)
  :project    :exprs [item ...]
  :bind       :exprs [item ...]; a later expr may refer to an earlier item's name
  :join       :kind (:inner :left :right :full :semi :anti :null-anti :mark :cross),
              :keys [{:left e :right e :null-safe bool} ...] (left over the left input only, ...),
              :using [sym ...] names whose key pair is shown once in the output ([] if none),
              :residual e or nil (over the columns of both inputs), :mark sym or nil
  :union      inputs have the names and types of the schema (inference adds projects)
  :set-op     :set-kind (:intersect :minus) :all bool; inputs as for :union
  :distinct   :keys [sym ...] or nil
  :group      :keys [item ...], :sets [[sym ...] ...] or nil,
              :aggregates [{:name sym :fn sym :args [e ...] :distinct bool :filter e or nil
                            :order [sort item ...] :type t :nullable bool} ...]; grouping has :keys [sym ...]
                            and no args; some have literals as last args, the same for all rows
  :window     :functions [{:name :fn :args :type :nullable, :partition [e ...], :order [sort item ...],
                           :frame {:mode :rows|:range|:groups :start bound :end bound
                                   :exclude :current-row|:group|:ties, or absent}
                           :distinct bool :filter e or nil :within [sort item ...] (of an aggregate: the order in
                           which it takes the rows of a frame) :ignore-nulls bool} ...]
              bound = {:kind kw :offset literal expr or nil}, kw as written in a plan
  :sort       :items [sort item ...]
  :top        :items, :limit n, :offset n
  :slice      :offset n :limit n or nil
  :series     :name sym, :type t, :start e, :stop e, :step e (int64 or interval), :exclusive bool; inputs: none (the
              expressions have no columns), or one whose rows each have a series
  :unnest     :name sym, :type t, :expr e, :outer bool, :ordinality sym or nil
  :with       :names [sym ...], :stream bool; inputs = the named subplans in order, then the body;
              a later subplan may refer to an earlier name
  :ref        :name sym: a use of a with+/let-stream+/recur+ name; no inputs
  :recur      :name sym, :all bool; inputs = the seed, the step, in which a :ref of the name stands for the
              rows of the last round (recur+); the step has the names and types of the seed
  :let        :names [sym ...]; inputs = the streams, then the body (let+)
  :item       :item-kind (:map :mapcat :filter), :f fref, :parallel bool, :chunk bool,
              :out bool (was a schema of the result declared)
              fref = {:fn IFn or the symbol of a built-in, :args [{:let sym} | {:constant v} ...],
                      :written form}
              for the built-in tuple-matches also :match {:kind :keys :using :residual :mark}, as of a
              :join whose inputs are this input and that of the hash-tuples of the let+ name
  :reduce     :chunk bool, and :reduce {:init :step :merge :finish} or, for the built-in
              hash-tuples, :f fref and :key-exprs [e ...]
  :first :mux
  :rechunk    :size n
  :number     :name sym
  :reorder    :name sym"
  (:refer-clojure :exclude [replace]))

(defn column "A column reference." [name type nullable]
  {:kind :column :name name :type type :nullable (boolean nullable)})

(defn literal "A literal of type; nil is null." [value type]
  {:kind :literal :value value :type type :nullable (nil? value)})

(defn call "A call of scalar function f (symbol)." [f args type nullable]
  {:kind :call :fn f :args (vec args) :type type :nullable (boolean nullable)})

(defn column? [e] (= :column (:kind e)))
(defn literal? [e] (= :literal (:kind e)))
(defn call?
  ([e] (= :call (:kind e)))
  ([e f] (and (= :call (:kind e)) (= f (:fn e)))))

(defn parameter
  "Parameter i of the plan as a value of type; sample is the literal of its first value, as it was given. Another
  value may take its place when the plan runs, so that a rule may not go by the sample (an estimate may)."
  [i sample type]
  (call 'param [(literal i :int64) sample] type false))

(defn parameter? [e] (call? e 'param))

(defn sample
  "The literal that e is, or of which an estimate may take e to be: of a parameter its first value; else nil."
  [e]
  (cond (literal? e) e
        (parameter? e) (second (:args e))))

(defn constant? "Is e a literal or a parameter?" [e] (some? (sample e)))

(defn field "The schema entry called name, or nil." [schema name]
  (first (filter #(= name (:name %)) schema)))

(defn names "Column names of a node, in order." [node] (mapv :name (:schema node)))

(defn name-set "Column names of a node." [node] (into #{} (map :name) (:schema node)))

(defn field-column "The reference to a schema entry." [{:keys [name type nullable]}]
  (column name type nullable))

(defn item-field "The schema entry that an item {:name :expr} makes." [{:keys [name expr]}]
  {:name name :type (:type expr) :nullable (:nullable expr)})

;; Expressions.

(defn small?
  "Has an expression so few parts that it may be repeated? Whatever repeats larger ones makes plans grow by
  powers: each level of a nesting would repeat all below it."
  [e]
  (loop [[x & more] (list e), left 16]
    (cond (nil? x) true
          (zero? left) false
          :else (recur (into more (:args x)) (dec left)))))

(defn map-args "Applies f to each argument of a call; other expressions stay." [f e]
  (if (call? e) (update e :args #(mapv f %)) e))

(defn postwalk "Rebuilds an expression bottom-up with f." [f e] (f (map-args #(postwalk f %) e)))

(defn expr-columns "The set of column names that an expression reads." [e]
  (case (:kind e)
    :column #{(:name e)}
    :call (into #{} (mapcat expr-columns) (:args e))
    #{}))

(defn replace "Replaces column references by the expressions that m gives for their names." [m e]
  (postwalk #(if (column? %) (get m (:name %) %) %) e))

(defn- size "Nodes of an expression." [{:keys [args]}] (reduce (fn [n e] (+ (long n) (long (size e)))) 1 args))

(def ^:private most-inlined "An expression may grow to so many nodes when others are put in for its columns." 200)

(defn- grown [m {:keys [kind args name]}]
  (case kind
    :call (reduce (fn [n e] (+ (long n) (long (grown m e)))) 1 args)
    :column (if (contains? m name) (if-let [e (m name)] (size e) (inc (long most-inlined))) 1)
    1))

(defn inlined
  "As `replace`; nil if the expression would become much larger, or where m has nil for a column. A rule that puts
  in expressions for columns that are read more than once goes by this: in nested queries the size doubles each time."
  [m e]
  (let [n (long (grown m e))]
    (when (or (<= n (long most-inlined)) (<= n (long (size e)))) (replace m e))))

(defn plain
  "An expression without what its place says about null, so that = tells whether two compute the same."
  [e]
  (postwalk #(dissoc % :nullable) e))

(defn disjuncts "The arguments of an or, or the expression itself." [e]
  (if (call? e 'or) (vec (mapcat disjuncts (:args e))) [e]))

(defn disjunction "The or of expressions, at least one." [es]
  (if (= 1 (count es))
    (first es)
    (call 'or (mapcat disjuncts es) :boolean (boolean (some :nullable es)))))

(defn conjuncts "The arguments of a (flat) and, or the expression itself." [e]
  (if (call? e 'and) (vec (mapcat conjuncts (:args e))) [e]))

(defn conjunction "The and of expressions; nil of none." [es]
  (case (count es)
    0 nil
    1 (first es)
    (call 'and (mapcat conjuncts es) :boolean (boolean (some :nullable es)))))

;; Nodes.

(defn with-inputs
  "The node with these inputs: the node itself if they are its own (rules and their memories go by identity)."
  [node inputs]
  (if (every? true? (map identical? inputs (:inputs node))) node (assoc node :inputs inputs)))

(defn map-inputs "Applies f to each input of a node; the same node if f changes none." [f node]
  (if (seq (:inputs node)) (with-inputs node (mapv f (:inputs node))) node))

(defn postwalk-nodes "Rebuilds a tree bottom-up with f." [f node]
  (f (map-inputs #(postwalk-nodes f %) node)))

(defn null-of "The null of a schema entry's type." [{:keys [type]}] (literal nil type))

(defn- map-sort-items [f items] (mapv #(update % :expr f) items))
(defn- map-items [f items] (mapv #(update % :expr f) items))
(defn- maybe [f e] (when e (f e)))

(defn map-exprs
  "Applies f to every expression that a node itself holds (not those of its inputs)."
  [f {:keys [op] :as node}]
  (case op
    :scan (update node :filter #(maybe f %))
    :filter (update node :predicate f)
    (:project :bind) (update node :exprs #(map-items f %))
    :join (-> node
              (update :keys (partial mapv #(-> % (update :left f) (update :right f))))
              (update :residual #(maybe f %)))
    :group (-> node
               (update :keys #(map-items f %))
               (update :aggregates
                       (partial mapv #(-> % (update :args (partial mapv f))
                                          (update :filter (partial maybe f))
                                          (update :order (partial map-sort-items f))))))
    :window (update node :functions
                    (partial mapv #(-> % (update :args (partial mapv f))
                                       (update :filter (partial maybe f))
                                       (update :within (partial map-sort-items f))
                                       (update :partition (partial mapv f))
                                       (update :order (partial map-sort-items f)))))
    (:sort :top) (update node :items #(map-sort-items f %))
    :unnest (update node :expr f)
    :series (-> node (update :start f) (update :stop f) (update :step f))
    node))

(defn exprs "The expressions that a node itself holds, in order." [node]
  (let [found (volatile! [])]
    (map-exprs (fn [e] (vswap! found conj e) e) node)
    @found))

(defn rows? "Are the items of a stream rows (else plain objects in the one column it)?" [schema]
  (not= '[[it :any]] (mapv (juxt :name :type) schema)))
