(ns dev.penstock.plan.lower.recursion
  "What of the step of a recursion is the same in all rounds.

  walk gives [node names]: the names are what the node reads and what is not bound in it, the names of
  recursions (text) and of let+ ([:let text]). A node without names stays the same.")

(def ^:private in-memory "Leaves that need not be kept: they are at hand." #{"values" "shared" "recursion"})

(declare walk)

(defn- kept
  "A node that stays the same as shared."
  [make {:strs [op schema] :as node}]
  (if (in-memory op)
    node
    (assoc (make "shared" [] [node] {"name" "what stays the same"}) "schema" schema)))

(defn- keep-inputs
  "The nodes of [[node names] ...]; if one of them changes, those that do not are kept."
  [make walked]
  (if (every? (comp empty? second) walked)
    (mapv first walked)
    (mapv (fn [[node names]] (if (empty? names) (kept make node) node)) walked)))

(defn- names-of [walked] (into #{} (mapcat second) walked))

(defn- built-on-what-stays
  "An inner hash join of which one side stays the same is built on that side."
  [{:strs [op kind strategy] [left right] "inputs" :as node}]
  (let [stays? #(contains? #{"shared" "values"} (get % "op"))
        choose (and (= ["join" "inner" "hash"] [op kind strategy]) (not= (stays? left) (stays? right)))]
    (cond-> node choose (assoc "build" (if (stays? left) "left" "right")))))

(defn- walk-recursive [make done {:strs [name] [seed step] "inputs" :as node}]
  (let [[seed seed-names] (walk make done seed)
        [step step-names] (walk make done step)
        names (into seed-names (disj step-names name))]
    [(assoc node "inputs" [(if (and (empty? seed-names) (seq names)) (kept make seed) seed) step])
     names]))

(defn- walk-let [make done {:strs [bindings inputs] :as node}]
  (let [bound (mapv #(walk make done (get % "node")) bindings)
        bodies (mapv #(walk make done %) inputs)
        own (map #(vector :let (get % "name")) bindings)]
    [(assoc node "inputs" (mapv first bodies)
            "bindings" (mapv #(assoc %1 "node" (first %2)) bindings bound))
     (reduce disj (names-of (into bound bodies)) own)]))

(defn- lets [{:strs [steps]}]
  (for [{:strs [args]} steps, arg args
        :when (and (map? arg) (string? (get arg "let")))]
    [:let (get arg "let")]))

(defn- walk [make done {:strs [op id name inputs] :as node}]
  (or (get @done id)
      (let [out (case op
                  "recursion" [node #{name}]
                  "recursive" (walk-recursive make done node)
                  "let" (walk-let make done node)
                  (let [walked (mapv #(walk make done %) inputs)]
                    [(built-on-what-stays (assoc node "inputs" (keep-inputs make walked)))
                     (into (names-of walked) (lets node))]))]
        (when (= "shared" op) (vswap! done assoc id out))
        out)))

(defn keep-what-stays
  "The lowered step with a shared node over each largest part that reads no rows of a round: such a part runs
  once. make is (fn [op schema inputs more] node)."
  [make step]
  (first (walk make (volatile! {}) step)))
