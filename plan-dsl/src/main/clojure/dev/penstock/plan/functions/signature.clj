(ns dev.penstock.plan.functions.signature
  "What the entries of the function registry are made of: fitting arguments to types, and messages.

  A site is {:fn symbol-as-written :form the-call-as-written :check-token (see cancel) or none}; an
  argument is a typed expression whose metadata has the :form it was written as. All functions give
  typed expressions or throw a problem (code :type-mismatch, :bad-literal)."
  (:require [clojure.string :as str]
            [dev.penstock.plan.cancel :as cancel]
            [dev.penstock.plan.literals :as literals]
            [dev.penstock.plan.problem :as problem]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.types :as types]))

(defn form-of "The form that an argument was written as." [e] (:form (meta e)))

(defn shown "\"Age (int64)\" for messages." [e]
  (str (problem/brief (form-of e)) " (" (types/text (:type e)) ")"))

(defn mismatch
  "Throws the type mismatch of a call; e is the argument at fault."
  [{:keys [form] :as site} e & message]
  (problem/fail :type-mismatch (str (:fn site) " " (apply str message)) (form-of e) form))

(defn converted
  "A literal, or a parameter as it was given, as one of type if that loses nothing of its (first) value; else nil."
  [e type]
  (let [{v :value from :type} (tree/sample e)]
    (when (and (some? v) (= from (:type e)))
      (when-some [v (literals/convert v from type)]
        (if (tree/parameter? e) (assoc e :type type) (tree/literal v type))))))

(defn cast-to
  "A cast that the user did not write; a literal is converted on the spot if that loses nothing."
  [e type]
  (let [same (select-keys (meta e) [:form])
        implicit (assoc same :implicit true)]
    (cond
      (= type (:type e)) e
      (and (tree/literal? e) (nil? (:value e))) (with-meta (tree/literal nil type) implicit)
      :else (with-meta (or (converted e type) (tree/call 'cast [e] type (:nullable e))) implicit))))

(defn- text-literal? [e]
  (and (tree/literal? e) (= :varchar (:type e))))

(defn- text-constant? [e]
  (and (tree/constant? e) (= :varchar (:type e))))

(defn- read-text
  "A string literal read as a value of type."
  [site e type]
  (if (converted e type)
    (cast-to e type)
    (problem/fail :bad-literal
                  (str (:fn site) " expects the text of a " (types/text type) ", got "
                       (problem/brief (form-of e)))
                  (form-of e) (:form site))))

(defn- number-fits?
  "Is e a number literal that is exactly a value of a numeric type?"
  [e type]
  (and (types/numeric? type) (some? (converted e type))))

(defn fits?
  "Does coerce take e as a value of type?"
  [e type]
  (or (types/widens? (:type e) type)
      (number-fits? e type)
      (and (text-constant? e) (literals/reads-text? type))))

(defn coerce
  "e as a value of type, by widening; else a mismatch that says what the function expects."
  [site e type]
  (cancel/check site)
  (cond
    (or (types/widens? (:type e) type) (number-fits? e type)) (cast-to e type)
    (and (text-constant? e) (literals/reads-text? type)) (read-text site e type)
    :else (mismatch site e "expects a " (types/text type) ", got " (shown e)
                    (when (types/castable? (:type e) type)
                      (str "; write (cast " (problem/brief (form-of e)) " " type ")")))))

(defn settle "An untyped null becomes a null of type." [e type]
  (if (= :null (:type e)) (cast-to e type) e))

(defn- integer-literal? [e]
  (and (tree/literal? e) (types/integer? (:type e)) (some? (:value e))))

(defn- integer-constant? [e]
  (and (tree/constant? e) (types/integer? (:type e)) (some? (:value (tree/sample e)))))

(defn own-type
  "The type that a value brings to a common type beside decimals: an integer literal has its own
  number of digits."
  [e]
  (if (integer-literal? e) (types/digits (:value e)) (:type e)))

(defn- common-of [types] (reduce (fn [a b] (or (types/common a b) (reduced nil))) :null types))

(defn- common-values
  "The common type of values, nil if none; string literals do not count beside a date and the like."
  [es]
  (let [typed (remove text-constant? es)
        without (common-of (map :type typed))
        es (if (and (seq typed) without (literals/reads-text? without)) typed es)
        plain (common-of (map :type es))]
    (if (and plain (types/decimal? plain)) (common-of (map own-type es)) plain)))

(defn- no-common-type [site es what]
  (let [[a b] (or (first (for [a es, b es :when (nil? (types/common (:type a) (:type b)))] [a b])) es)
        [text other] (if (= :varchar (:type a)) [a b] [b a])]
    (mismatch site a what " of one type, got " (shown a) " and " (shown b)
              (cond
                (not (types/castable? (:type text) (:type other))) nil
                :else (str "; write (cast " (problem/brief (form-of text)) " " (:type other) ")")))))

(defn- to-type [site es type]
  (mapv (fn [e]
          (cancel/check site)
          (if (and (text-constant? e) (not= :varchar type)) (read-text site e type) (cast-to e type)))
        es))

(defn unify
  "[type es]: values cast to their common type (results of case, coalesce, ...)."
  [site es]
  (if-let [type (common-values es)]
    (let [type (if (= :null type) :int32 type)]
      [type (to-type site es type)])
    (no-common-type site es "expects values")))

(defn- adapts?
  "May an integer literal take the type of the column beside it?"
  [e type]
  (and (integer-constant? e) (types/numeric? type) (some? (converted e type))))

(defn unify-compared
  "[type es]: as unify, but integer literals take the type of what is beside them if they fit."
  [site es]
  (let [others (remove integer-constant? es)
        type (when (seq others) (common-values others))]
    (if (and type (types/numeric? type))
      (unify site (mapv (fn [e] (cancel/check site) (if (adapts? e type) (cast-to e type) e)) es))
      (if (common-values es) (unify site es) (no-common-type site es "compares values")))))

(defn result
  "The typed call that stands for a site; strict: null if an argument may be null."
  ([f args type] (result f args type (boolean (some :nullable args))))
  ([f args type nullable] (tree/call f args type nullable)))

(defn by-params
  "An :infer of a function whose :params are the types of its arguments (the last ones optional) and
  whose :result is a type. :nullable may be :always or :never; else null in, null out."
  [{:keys [name params result nullable]}]
  (fn [site args]
    (let [args (mapv #(coerce site %1 %2) args params)]
      (tree/call name args result
                 (case nullable
                   :always true
                   :never false
                   (some :nullable args))))))

(defn types-text
  "The argument types and the result of an entry with :params; optional ones stand in brackets."
  [{:keys [params result args]}]
  (when result
    (str "(" (str/join ", " (map-indexed #(if (< (long %1) (long (first args))) (types/text %2) (str "[" (types/text %2) "]")) params))
         ") -> " (types/text result))))

(defn entry
  "An entry for by-params; required and optional are parameter types."
  [f signature required optional result doc & {:as more}]
  (merge {:name f :signature signature :doc doc :result result :params (into required optional)
          :args [(count required) (count (into required optional))]}
         more))

(defn literal-text
  "The string of an argument that must be a string literal."
  [site e what]
  (if (and (text-literal? e) (:value e))
    (:value e)
    (mismatch site e "expects " what " as a string literal, got " (shown e))))

(defn one-of
  "The string of a literal argument that must be one of known."
  [site e what known]
  (let [s (str/lower-case (literal-text site e what))]
    (if (contains? known s)
      s
      (problem/fail :bad-literal
                    (str (:fn site) " expects " what " (one of " (str/join ", " (sort known)) "), got "
                         (problem/brief (form-of e)) (problem/did-you-mean s known))
                    (form-of e) (:form site)))))
