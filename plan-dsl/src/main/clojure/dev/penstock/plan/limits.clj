(ns dev.penstock.plan.limits
  "How large a plan may be, as text and as data: section 6 of the plan language."
  (:require [dev.penstock.plan.problem :as problem])
  (:import (java.util ArrayDeque)))

(def max-characters "Of a text." (* 1024 1024))
(def max-depth "Levels of lists, vectors and maps." 512)
(def max-forms "Forms of any kind, the nested ones included." 100000)
(def max-digits "Characters of one number." 400)

(defn limit [code message & forms] (throw (apply problem/problem :limit code message forms)))

(defn too-deep [& forms]
  (apply limit :too-deep (str "the plan is nested more than " max-depth " levels deep") forms))

(defn too-many-forms [& forms]
  (apply limit :too-many-forms (str "the plan has more than " max-forms " forms") forms))

(defn check-size
  "Fails when a plan is nested too deep or has too many forms; else gives its depth. It walks without
  recursion."
  [plan]
  (let [stack (ArrayDeque.)]
    (.push stack [plan 1])
    (loop [n 1, deepest 0]
      (if-let [[form depth] (.poll stack)]
        (do
          (when (> n max-forms) (too-many-forms plan))
          (if (coll? form)
            (do (when (> depth max-depth) (too-deep form plan))
                (recur (long (reduce (fn [n x] (.push stack [x (inc depth)]) (inc n))
                                     n
                                     (if (map? form) (mapcat identity form) form)))
                       (long (max deepest depth))))
            (recur n deepest)))
        deepest))))

(def ^:private shallow "Levels that any thread's stack takes." 50)
(def ^:private deep-stack-bytes (* 256 1024 1024))

(defn on-stack-for
  "(f), on a thread of its own with a large stack if a plan of so many levels asks for one: the walks over
  a plan recurse by its levels."
  [depth f]
  (if (<= depth shallow)
    (f)
    (let [outcome (promise)
          run #(deliver outcome (try [(f) nil] (catch Throwable t [nil t])))
          thread (Thread. nil run "penstock-deep-plan" deep-stack-bytes)]
      (.setDaemon thread true)
      (.start thread)
      (let [[value error] @outcome]
        (if error (throw error) value)))))
