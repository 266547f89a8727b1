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
  "Fails when a plan is nested too deep or has too many forms; it walks without recursion."
  [plan]
  (let [stack (ArrayDeque.)]
    (.push stack [plan 1])
    (loop [n 1]
      (when-let [[form depth] (.poll stack)]
        (when (> n max-forms) (too-many-forms plan))
        (if (coll? form)
          (do (when (> depth max-depth) (too-deep form plan))
              (recur (long (reduce (fn [n x] (.push stack [x (inc depth)]) (inc n))
                                   n
                                   (if (map? form) (mapcat identity form) form)))))
          (recur n))))))
