(ns dev.penstock.plan.repl
  "The Clojure side of the REPL: forms are read and evaluated in the namespace penstock.user, where the
  operators are macros (dev.penstock.plan.dsl) and doc and explain are at hand. This is the one place
  that evaluates what a person wrote; the text of a plan never comes here.

  A session is an atom {:ns :recent (values, last first) :error :explain}."
  (:require [clojure.main :as main]
            [clojure.string :as str]
            [dev.penstock.plan.dsl]
            [dev.penstock.plan.functions :as functions]
            [dev.penstock.plan.operators :as operators]
            [dev.penstock.plan.print :as print]
            [dev.penstock.plan.problem :as problem])
  (:import (clojure.lang Compiler$CompilerException LineNumberingPushbackReader)
           (java.io StringReader)))

(defn plan?
  "Is a value a plan: an operator form?"
  [x]
  (and (seq? x) (contains? operators/registry (first x))))

;; ---- names of plans ---------------------------------------------------------------------------------

(def ^:private before-relations
  "How many arguments of an operator come before those that may be relations."
  (merge (zipmap '[table+ filter+ number+ reorder+ rechunk+ map+ mapcat+ pmap+ pmapcat+ pfilter+ pmap-chunk+
                   preduce+ preduce-chunk+]
                 (repeat 1))
         '{unnest+ 2, series+ 4}))

(def ^:private binding-operators '#{with+ let+ let-stream+})

(defn embed
  "A plan with the value of (plan-named symbol) in the place of each symbol that stands for a relation,
  unless with+, let+ or let-stream+ bound it."
  [plan-named bound form]
  (cond
    (symbol? form) (or (when-not (contains? bound form) (plan-named form)) form)
    (not (plan? form)) form
    (and (binding-operators (first form)) (vector? (second form)))
    (let [[pairs bound] (reduce (fn [[pairs bound] [n rel]]
                                  [(conj pairs n (embed plan-named bound rel)) (conj bound n)])
                                [[] bound]
                                (partition 2 (second form)))]
      (if (odd? (count (second form)))
        form
        (with-meta (list* (first form) pairs (map #(embed plan-named bound %) (nnext form)))
          (meta form))))
    :else
    (let [n (inc (before-relations (first form) 0))]
      (with-meta (list* (concat (take n form) (map #(embed plan-named bound %) (drop n form))))
        (meta form)))))

(defn- plan-in [ns sym]
  (let [v (ns-resolve ns sym)]
    (when (and (var? v) (bound? v) (plan? @v)) @v)))

(defn- embedded [{:keys [ns]} form]
  (embed #(plan-in ns %) #{} form))

;; ---- the session ------------------------------------------------------------------------------------

(defn show-doc
  "Prints the documentation of an operator, a function of plans, or a var of Clojure."
  [sym]
  (let [v (try (resolve sym) (catch Exception _ nil))]
    (println
     (cond
       (or (operators/registry sym) (functions/doc-text sym)) (operators/doc-text sym)
       (and (var? v) (:doc (meta v))) (str (symbol v) " " (:arglists (meta v)) "\n" (:doc (meta v)))
       :else (operators/doc-text sym)))
    ::nothing))

(defmacro doc
  "Prints the documentation of a name."
  [name]
  `(show-doc '~name))

(defn start
  "A new session; explain is a function from a plan to text."
  [explain]
  (let [user (create-ns 'penstock.user)
        session (atom {:ns user :recent () :error nil})]
    (binding [*ns* user]
      (refer-clojure)
      (require '[clojure.string :as str])
      (refer 'dev.penstock.plan.dsl)
      (refer 'dev.penstock.plan.repl :only '[doc])
      (doseq [[sym v] (ns-interns user)
              :when (plan? @v)]
        (ns-unmap user sym)))
    (intern user
            (with-meta 'explain {:doc "Prints what becomes of a plan." :arglists '([plan])})
            (fn [plan]
              (when-not (plan? plan)
                (throw (problem/problem :incorrect :explain
                                        (str "explain expects a plan, got " (problem/brief plan)))))
              (print (explain (embedded @session plan)))
              (flush)
              ::nothing))
    session))

(defn- evaluated
  "The value of a form. (def a plan) keeps the plan with all names replaced, so that it may use what a was
  before."
  [{:keys [ns]} form]
  (let [defined (when (and (seq? form) (= 'def (first form)) (symbol? (second form))) (second form))
        before (when defined (plan-in ns defined))
        value (eval form)]
    (when (and defined (var? value) (bound? value) (plan? @value))
      (alter-var-root value #(embed (fn [sym] (if (= sym defined) before (plan-in ns sym))) #{} %)))
    value))

(defn- value-text [value]
  (if (and (var? value) (bound? value) (plan? @value))
    (str (:name (meta value)) " = " (or (print/flat @value 2000) (problem/brief @value)))
    (pr-str value)))

(defn- answer [session value on-answer]
  (cond
    (= ::nothing value) nil
    (plan? value) (on-answer "plan" (embedded @session value))
    :else (on-answer "text" (value-text value))))

(defn evaluate
  "Evaluates the forms of a text one after the other and gives the answer of each to on-answer: (on-answer
  \"plan\" plan) for a plan that is to be run, (on-answer \"text\" text) for anything else. Printed output
  goes to out. Throws what the form throws."
  [session text on-answer out]
  (let [reader (LineNumberingPushbackReader. (StringReader. text))
        {:keys [ns recent error]} @session]
    (binding [*ns* ns *out* out *err* out *file* "repl"
              *1 (first recent) *2 (second recent) *3 (nth recent 2 nil) *e error
              *print-length* 100 *print-level* 12
              *warn-on-reflection* false *unchecked-math* false *data-readers* *data-readers*]
      (try
        (loop []
          (let [form (read {:eof ::end :read-cond :allow} reader)]
            (when-not (= ::end form)
              (let [value (evaluated @session form)]
                (swap! session #(assoc % :ns *ns* :recent (take 3 (cons value (:recent %)))))
                (set! *3 *2)
                (set! *2 *1)
                (set! *1 value)
                (answer session value on-answer)
                (recur)))))
        (catch Throwable t
          (swap! session assoc :error t :ns *ns*)
          (throw t))
        (finally (flush))))))

(defn- root [^Throwable t] (last (take-while some? (iterate ex-cause t))))

(defn problem-line
  "One line about an error of evaluate that is no error of the engine."
  [t]
  (let [cause (root t)
        message (str (ex-message cause))
        [_ unknown] (re-find #"Unable to resolve symbol: (\S+) in this context" message)]
    (cond
      (:category (ex-data cause)) message
      unknown (str "nothing is known about " unknown
                   (problem/did-you-mean unknown (keys operators/registry)))
      (instance? Compiler$CompilerException t)
      (str/replace (main/ex-str (main/ex-triage (Throwable->map t))) #"\s+" " ")
      :else (str (.getSimpleName (class cause)) (when (seq message) (str ": " message))))))

;; ---- completion -------------------------------------------------------------------------------------

(defn- usage [sym]
  (or (first (:usage (operators/registry sym)))
      (first (:signature (or (functions/scalars sym) (functions/windows sym) (functions/aggregates sym))))))

(defn known-names
  "[name group usage] of all that may be typed: operators and functions, names of this session."
  [session]
  (concat (for [n (operators/names)]
            [(str n) (if (operators/registry n) "operators" "functions") (str (usage n))])
          (for [[n v] (ns-interns (:ns @session))]
            [(str n) "this session" (if (plan? @v) (problem/brief @v) "")])
          [["doc" "this session" "(doc name)"] ["def" "this session" "(def name plan)"]]))

(defn plan-of
  "The plan that a name stands for in this session, or nil."
  [session name]
  (let [s @session]
    (some->> (plan-in (:ns s) (symbol name)) (embedded s))))
