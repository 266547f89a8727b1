(ns dev.penstock.plan.rules.streams
  "From the relational level to the stream level: a hash join is literally

    (let+ [hashes (first+ (preduce+ (hash-tuples {:keys ks}) R))]
      (mapcat+ (tuple-matches hashes {:keys ks :kind k}) L))

  EXPLAIN shows a plan in this form, and a user may write it; both are lowered to the same vectorized nodes."
  (:require [dev.penstock.plan.schema :as schema]
            [dev.penstock.plan.tree :as tree]
            [dev.penstock.plan.unparse :as unparse]))

(def ^:private kinds
  "Kinds that tuple-matches knows: those that give nothing after the last left row."
  #{:inner :left :semi :anti :null-anti :mark})

(defn- taken-names [node]
  (into (set (:names node)) (mapcat taken-names) (:inputs node)))

(defn- fresh-name
  "hashes, or hashes-2 and so on when that is taken in the inputs."
  [inputs]
  (let [taken (into #{} (mapcat taken-names) inputs)]
    (first (remove taken (cons 'hashes (map #(symbol (str "hashes-" %)) (iterate inc 2)))))))

(defn- shown-keys
  "Does tuple-matches show the same columns as the join: pairs of one name once, and no other names shared?"
  [{:keys [keys using]}]
  (= (set using)
     (set (for [{:keys [left right]} keys
                :when (and (tree/column? left) (tree/column? right) (= (:name left) (:name right)))]
            (:name left)))))

(def ^:private item [{:name 'it :type :any :nullable true}])

(defn- key-forms [side keys] (mapv #(unparse/expr (side %)) keys))

(defn- match-options [{:keys [kind keys residual mark]}]
  (cond-> {:keys (key-forms :left keys) :kind kind}
    (some :null-safe keys) (assoc :null-safe (mapv (comp boolean :null-safe) keys))
    residual (assoc :on (unparse/expr residual))
    mark (assoc :mark mark)))

(defn turn-hash-join-into-let
  "A join on keys reduces its right side to a table of hashes, and maps the left side's rows to their matches."
  [{:keys [op kind keys using residual mark inputs schema] :as node} _ctx]
  (let [[left right] inputs]
    (when (and (= :join op) (kinds kind) (seq keys) (shown-keys node) (not= "left" (some-> (:build node) name)))
      (let [hashes (fresh-name inputs)
            of-keys {:keys (key-forms :right keys)}
            options (match-options node)]
        {:op :let
         :names [hashes]
         :schema schema
         :inputs
         [{:op :first :schema item
           :inputs [{:op :reduce :schema item :chunk false :inputs [right]
                     :key-exprs (mapv :right keys)
                     :f {:fn 'hash-tuples :args [{:constant of-keys}] :written (list 'hash-tuples of-keys)}}]}
          {:op :item :item-kind :mapcat :parallel false :chunk false :out true :schema schema :inputs [left]
           :f {:fn 'tuple-matches :args [{:let hashes} {:constant options}]
               :written (list 'tuple-matches hashes options)}
           :match {:kind kind :keys keys :using using :residual residual :mark mark}}]}))))

(defn streams
  "The tree with every join that tuple-matches covers written as streams. Schemas stay as they are."
  [node ctx]
  (tree/postwalk-nodes #(or (turn-hash-join-into-let (schema/refresh %) ctx) %) node))
