(ns dev.penstock.plan.fuse
  "Compile or eval: a chain of item functions becomes one function, compiled to bytecode.

  steps: [{\"kind\" \"map\"|\"mapcat\"|\"filter\", \"f\" function, \"args\" [constants given before the item]} ...]
  The merged function takes an item and a java.util.List and adds its results to the list. Code is made for the
  kinds of a chain alone (functions and arguments are passed in), once per shape, and never from text of a plan."
  (:import (java.util Collection List)
           (java.util.function BiFunction Function Predicate Supplier)))

(defn as-fn
  "A Clojure function for f: itself, or an adapter of a Java functional interface."
  [f]
  (cond
    (nil? f) nil
    (ifn? f) f
    (instance? Function f) (fn [x] (.apply ^Function f x))
    (instance? Predicate f) (fn [x] (.test ^Predicate f x))
    (instance? BiFunction f) (fn [a b] (.apply ^BiFunction f a b))
    (instance? Supplier f) (fn [] (.get ^Supplier f))
    :else (throw (ex-info (str "expected a function, got " (.getName (class f)))
                          {:category :incorrect :code :bad-function}))))

(defn- body
  "The code for the steps from i on, applied to the expression x."
  [kinds i x]
  (if (= i (count kinds))
    `(.add ~'out ~x)
    (let [f (symbol (str "f" i))
          y (symbol (str "x" i))]
      (case (nth kinds i)
        "map" `(let [~y (~f ~x)] ~(body kinds (inc i) y))
        "filter" `(when (~f ~x) ~(body kinds (inc i) x))
        "mapcat" `(doseq [~y (~f ~x)] ~(body kinds (inc i) y))))))

(defn shape-code
  "The code of the maker of merged functions for a vector of kinds."
  [kinds]
  (let [fs (mapv #(symbol (str "f" %)) (range (count kinds)))]
    `(fn ~fs
       (fn [~'item ~(with-meta 'out {:tag 'java.util.List})]
         ~(body kinds 0 'item)
         nil))))

(def ^:private shapes (atom {}))

(defn- maker [kinds]
  (or (@shapes kinds)
      (let [made (binding [*ns* (the-ns 'clojure.core)] (eval (shape-code kinds)))]
        (swap! shapes #(if (< (count %) 1000) (assoc % kinds made) %))
        made)))

(defn item-fn
  "The merged function of a chain of steps."
  [^Collection steps]
  (let [kinds (mapv #(get % "kind") steps)
        fs (map (fn [step]
                  (let [f (as-fn (get step "f"))
                        ^List args (get step "args")]
                    (if (or (nil? args) (.isEmpty args)) f (apply partial f args))))
                steps)]
    (if (some #{"chunk"} kinds)
      (let [f (first fs)]
        (fn [item ^List out] (.addAll out ^Collection (f item)) nil))
      (apply (maker kinds) fs))))
