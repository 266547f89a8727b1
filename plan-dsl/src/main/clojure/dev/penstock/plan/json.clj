(ns dev.penstock.plan.json
  "Is a text JSON? RFC 8259, without recursion: no text is too deep.")

(def ^:private token
  #"[ \t\r\n]*(?:([\[\]{},:])|(\"(?:[^\"\\\x00-\x1f]|\\(?:[\"\\/bfnrt]|u[0-9a-fA-F]{4}))*+\")|(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?|true|false|null))[ \t\r\n]*")

;; What may come next: :value, :value-or-end (after [), :key-or-end (after {), :key, :colon, :more (after a
;; value: a comma or the end of what it is in). The stack holds the open brackets.

(defn- after-value [stack] [stack (if (seq stack) :more :done)])

(defn- open [stack bracket] [(conj stack bracket) (if (= "[" bracket) :value-or-end :key-or-end)])

(defn- close [stack bracket]
  (when (= (peek stack) (if (= "]" bracket) "[" "{")) (after-value (pop stack))))

(defn- punctuation [[stack state] p]
  (case p
    ("[" "{") (when (#{:value :value-or-end} state) (open stack p))
    "]" (when (#{:value-or-end :more} state) (close stack p))
    "}" (when (#{:key-or-end :more} state) (close stack p))
    "," (when (= :more state) [stack (if (= "[" (peek stack)) :value :key)])
    ":" (when (= :colon state) [stack :value])))

(defn- step
  "The next [stack state], nil if the token may not stand here."
  [[stack state :as at] [_ p string scalar]]
  (cond
    p (punctuation at p)
    (and string (#{:key :key-or-end} state)) [stack :colon]
    (and (or string scalar) (#{:value :value-or-end} state)) (after-value stack)))

(defn valid? "Is s one JSON value?" [^String s]
  (let [m (re-matcher token s)]
    (loop [at [[] :value], from 0]
      (cond
        (= from (.length s)) (= [[] :done] at)
        (do (.region m from (.length s)) (.lookingAt m))
        (if-let [next (step at (re-groups m))]
          (recur next (.end m))
          false)
        :else false))))
