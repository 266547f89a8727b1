(ns dev.penstock.plan.unparse
  "The typed tree -> a plan as one writes it, which checks to the same tree: casts that inference put in
  are left out, an expression that it made canonical stays so (between is an and). Looks at :check-token of ctx (see cancel) at
  every expression: each is inferred again."
  (:require [dev.penstock.plan.infer :as infer]
            [dev.penstock.plan.literals :as literals]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types])
  (:import (dev.penstock.plan.types Json)))

(defn- implicit? [e] (:implicit (meta e)))

(defn- form-of-value
  "The plan literal of a value of type."
  [v type]
  (if (and (= :json type) (some? v)) (Json. v) v))

(defn- written
  "The form that an implicit literal was written as, if it still stands for the value; else nil."
  [e]
  (let [form (:form (meta e))
        [type v] (when (and (implicit? e) (some? form) (not (coll? form)) (not (symbol? form)))
                   (types/of-literal form))]
    (when (and (some? v) (= (:value e) (literals/convert v type (:type e))))
      form)))

(defn- literal-form
  "elide: leave out the type of an implicit one."
  [{:keys [value type] :as e} elide]
  (let [form (form-of-value value type)
        [own] (types/of-literal form)
        elide (and elide (implicit? e))]
    (cond
      (nil? value) (if elide nil (list 'cast nil type))
      (= :any type) value
      (and elide (some? (written e))) (written e)
      (or (= own type) elide) form
      :else (list 'cast form type))))

(defn- case-form [args]
  (let [pairs (partition 2 (butlast args)), else (last args)]
    (if (= 3 (count args))
      (list* 'if args)
      (concat ['case] (mapcat identity pairs) (when (some? else) [:else else])))))

(defn- switch-form [[x & args]]
  (concat ['switch x] (butlast args) [:else (last args)]))

(defn- fold-form
  "+ - * fold to the left: (+ (+ a b) c) is (+ a b c)."
  [{[a] :args f :fn} [left right]]
  (if (and (tree/call? a f) (seq? left) (= f (first left)) (< 2 (count left)))
    (concat left [right])
    (list f left right)))

(defn- call-form
  "A call of argument forms."
  [{f :fn :keys [type] :as e} args]
  (apply list
         (case f
           (cast try-cast) (list f (first args) type)
           negate (list '- (first args))
           in (list 'in (first args) (vec (rest args)))
           case (case-form args)
           switch (switch-form args)
           host (list* 'host (first args) type (rest args))
           (+ - *) (fold-form e args)
         param (if (or (implicit? e) (= type (:type (tree/sample e)))) (cons f args) (list 'cast (cons f args) type))
           (cons f args))))

(defn- elided
  "The form of a typed expression without the casts that inference put in."
  [e]
  (case (:kind e)
    :column (:name e)
    :literal (literal-form e true)
    :call (if (and (implicit? e) (= 'cast (:fn e)))
            (elided (first (:args e)))
            (call-form e (map elided (:args e))))))

(defn- shape
  "What two expressions that compute the same have in common."
  [e]
  (case (:kind e)
    :call [(:fn e) (:type e) (map shape (:args e))]
    (dissoc e :nullable)))

(defn- columns "The columns that an expression reads, as a schema." [e]
  (distinct (filter tree/column? (tree-seq tree/call? :args e))))

(defn- infers-to?
  "Does a form stand for e? A rule may have moved e away from what had its casts put in."
  [form e ctx]
  (= (shape e)
     (try
       (shape (infer/infer (infer/scope (columns e) ctx) form))
       (catch clojure.lang.ExceptionInfo _ nil))))

(defn expr
  "The form of a typed expression, with as few casts as it takes to infer to the same."
  ([e] (expr e nil))
  ([e ctx]
   (let [form (elided e)]
     (if (infers-to? form e ctx)
       form
       (case (:kind e)
         :literal (literal-form e false)
         :call (call-form e (mapv #(expr % ctx) (:args e))))))))

(declare plan)

(defn- item [ctx {:keys [name] :as it}]
  (let [form (expr (:expr it) ctx)] (if (= name form) name [name form])))

(defn- pair [ctx it] [(:name it) (expr (:expr it) ctx)])

(defn- sort-item [ctx {:keys [descending nulls-first] :as it}]
  (let [form (expr (:expr it) ctx)]
    (if (or descending nulls-first (vector? form))
      (cond-> [form (if descending :desc :asc)] nulls-first (conj :nulls-first))
      form)))

(defn- with-options [form options] (if (seq options) (concat form [options]) form))

(defn- scan [ctx {:keys [table columns schema options limit] :as node}]
  (with-options ['table+ table (mapv (fn [{:keys [name]} col] (if (= name col) name [name col]))
                                     schema columns)]
    (cond-> options
      (:filter node) (assoc :filter (expr (:filter node) ctx))
      limit (assoc :limit limit))))

(defn- common-of [types] (reduce (fn [a b] (or (types/common a b) (reduced nil))) :null types))

(defn- value-head
  "A column of values+ with its type where the values alone would not give it."
  [{:keys [name type]} forms]
  (let [own (common-of (map #(or (first (types/of-literal %)) :null) forms))
        own (if (= :null own) :int32 own)]
    (if (= own type) name [name type])))

(defn- values-form [{:keys [rows schema]}]
  (let [forms (mapv (fn [row] (mapv #(form-of-value %1 (:type %2)) row schema)) rows)]
    ['values+
     (vec (map-indexed (fn [i field] (value-head field (map #(nth % i) forms))) schema))
     forms]))

(defn- key-column
  "The name of a key that is a column, perhaps with a cast that the join puts in."
  [e]
  (let [e (if (and (tree/call? e 'cast) (implicit? e)) (first (:args e)) e)]
    (when (tree/column? e) (:name e))))

(defn- key-item [using {:keys [left right null-safe]}]
  (let [l (key-column left), r (key-column right)]
    (cond
      (and l (= l r) (some #{l} using)) l
      null-safe [l r :null-safe]
      :else [l r])))

(defn- equation [ctx {:keys [left right null-safe]}]
  (list (if null-safe 'is-not-distinct '=) (expr left ctx) (expr right ctx)))

(defn- of-columns? [{:keys [left right]}] (and (key-column left) (key-column right)))

(defn- criterion
  "[criterion options] of a join. Keys that are no columns stand in an equation; beside USING these are in :on."
  [ctx {:keys [kind keys using residual]}]
  (cond
    (= :cross kind) nil
    (and (seq keys) (or (seq using) (every? of-columns? keys)))
    (let [equations (map #(equation ctx %) (remove of-columns? keys))
          parts (concat equations (when residual
                                    (if (seq equations) (map #(expr % ctx) (tree/conjuncts residual)) [(expr residual ctx)])))]
      [(mapv #(key-item using %) (filter of-columns? keys))
       (when (seq parts) {:on (if (next parts) (apply list 'and parts) (first parts))})])
    :else
    (let [parts (concat (map #(equation ctx %) keys)
                        (when residual (map #(expr % ctx) (tree/conjuncts residual))))]
      [(case (count parts)
         0 true
         1 (first parts)
         (apply list 'and parts))])))

(defn- join [ctx {:keys [kind mark] [left right] :inputs :as node}]
  (let [[crit options] (criterion ctx node)]
    (with-options (concat ['join+] (when (not= :inner kind) [kind]) (when (some? crit) [crit])
                          [(plan left ctx) (plan right ctx)])
      (cond-> (or options {}) mark (assoc :mark mark)))))

(defn- aggregate [ctx {f :fn :keys [name args distinct keys order] :as agg}]
  [name (apply list (if keys
                      (cons f keys)
                      (with-options (cons f (map #(expr % ctx) args))
                        (cond-> {}
                          distinct (assoc :distinct true)
                          (:filter agg) (assoc :filter (expr (:filter agg) ctx))
                          (seq order) (assoc :order (mapv #(sort-item ctx %) order))))))])

(defn- group [ctx {:keys [keys aggregates sets] [input] :inputs}]
  (with-options ['group+ (mapv #(item ctx %) keys) (mapv #(aggregate ctx %) aggregates) (plan input ctx)]
    (when sets {:sets sets})))

(defn- bound [{:keys [kind offset]}] (if offset [kind (elided offset)] kind))

(defn- default-frame? [{:keys [mode start end exclude]} order]
  (and (= :range mode) (nil? exclude) (= :unbounded-preceding (:kind start))
       (= (if (seq order) :current-row :unbounded-following) (:kind end))))

(defn- window-call [ctx {f :fn :keys [args distinct within ignore-nulls] :as function}]
  (apply list (with-options (cons f (map #(expr % ctx) args))
                (cond-> {}
                  distinct (assoc :distinct true)
                  (:filter function) (assoc :filter (expr (:filter function) ctx))
                  (seq within) (assoc :order (mapv #(sort-item ctx %) within))
                  ignore-nulls (assoc :ignore-nulls true)))))

(defn- window-item [ctx {:keys [name partition order frame] :as function}]
  (let [options (cond-> {}
                  (seq partition) (assoc :partition (mapv #(expr % ctx) partition))
                  (seq order) (assoc :order (mapv #(sort-item ctx %) order))
                  (not (default-frame? frame order))
                  (assoc :frame (cond-> [(:mode frame) (bound (:start frame)) (bound (:end frame))]
                                  (:exclude frame) (conj (keyword (str "exclude-" (symbol (:exclude frame))))))))]
    (vec (with-options [name (window-call ctx function)] options))))

(defn- series [ctx {:keys [name start stop step exclusive] [input] :inputs}]
  (with-options (cond-> ['series+ name (expr start ctx) (expr stop ctx) (expr step ctx)] input (conj (plan input ctx)))
    (cond-> {} exclusive (assoc :exclusive true))))

(defn- unnest [ctx {:keys [name type outer ordinality] [input] :inputs :as node}]
  (with-options ['unnest+ [name type] (expr (:expr node) ctx) (plan input ctx)]
    (cond-> {} outer (assoc :outer true) ordinality (assoc :ordinality ordinality))))

(defn- match-form
  "(tuple-matches h {...}) of a :match."
  [ctx name {:keys [kind keys residual mark]}]
  (list 'tuple-matches name
        (cond-> {:keys (mapv #(expr (:left %) ctx) keys) :kind kind}
          (some :null-safe keys) (assoc :null-safe (mapv :null-safe keys))
          residual (assoc :on (expr residual ctx))
          mark (assoc :mark mark))))

(def ^:private item-heads
  {[:map false false] 'map+, [:mapcat false false] 'mapcat+, [:filter false false] 'filter+
   [:map true false] 'pmap+, [:mapcat true false] 'pmapcat+, [:filter true false] 'pfilter+
   [:map true true] 'pmap-chunk+})

(defn- item-node [ctx {:keys [item-kind f parallel chunk out schema match] [input] :inputs}]
  (let [head (item-heads [item-kind parallel chunk])]
    (cond
      match [head (match-form ctx (:let (first (:args f))) match) (plan input ctx)]
      (and out (not= :filter item-kind)) [head (:written f) (mapv (juxt :name :type) schema) (plan input ctx)]
      :else [head (:written f) (plan input ctx)])))

(defn- reduce-node [ctx {f :f :keys [reduce chunk key-exprs] [input] :inputs}]
  [(if chunk 'preduce-chunk+ 'preduce+)
   (cond
     key-exprs (list 'hash-tuples {:keys (mapv #(expr % ctx) key-exprs)})
     reduce reduce
     :else (:written f))
   (plan input ctx)])

(defn- scoped
  "with+, let-stream+ and let+."
  [ctx head {:keys [names inputs]}]
  [head (vec (mapcat (fn [name input] [name (plan input ctx)]) names inputs)) (plan (peek inputs) ctx)])

(defn- node-form [ctx {:keys [op inputs] :as node}]
  (let [inputs* #(map (fn [input] (plan input ctx)) inputs)]
    (case op
      :scan (scan ctx node)
      :values (values-form node)
      :filter (concat ['filter+ (expr (:predicate node) ctx)] (inputs*))
      :project (concat ['project+ (mapv #(item ctx %) (:exprs node))] (inputs*))
      :bind (concat ['bind+ (mapv #(pair ctx %) (:exprs node))] (inputs*))
      :join (join ctx node)
      :union (cons 'union+ (inputs*))
      :mux (cons 'mux+ (inputs*))
      :set-op (with-options (cons (if (= :minus (:set-kind node)) 'minus+ 'intersect+) (inputs*))
                (when (:all node) {:all true}))
      :distinct (concat ['distinct+] (when (:keys node) [(:keys node)]) (inputs*))
      :group (group ctx node)
      :window (concat ['window+ (mapv #(window-item ctx %) (:functions node))] (inputs*))
      :sort (concat ['sort+ (mapv #(sort-item ctx %) (:items node))] (inputs*))
      :top (let [top (concat ['top+ (+ (:limit node) (:offset node)) (mapv #(sort-item ctx %) (:items node))]
                             (inputs*))]
             (if (zero? (:offset node)) top ['slice+ (:offset node) nil (apply list top)]))
      :slice (concat ['slice+ (:offset node) (:limit node)] (inputs*))
      :series (series ctx node)
      :unnest (unnest ctx node)
      :with (scoped ctx (if (:stream node) 'let-stream+ 'with+) node)
      :let (scoped ctx 'let+ node)
      :recur (with-options ['recur+ [(:name node) (plan (first inputs) ctx)] (plan (second inputs) ctx)]
               (when (:all node) {:all true}))
      :ref [(:name node)]
      :item (item-node ctx node)
      :reduce (reduce-node ctx node)
      :first (cons 'first+ (inputs*))
      :rechunk (concat ['rechunk+ (:size node)] (inputs*))
      :number (concat ['number+ (:name node)] (inputs*))
      :reorder (concat ['reorder+ (:name node)] (inputs*)))))

(defn plan
  "The plan of a typed tree."
  ([node] (plan node nil))
  ([node ctx] (if (= :ref (:op node)) (:name node) (apply list (node-form ctx node)))))
