(ns dev.penstock.plan.rules
  "The rewriter: ordered rules over the typed tree.")

(defn rewrite
  "{:tree rewritten :fired [{:rule name :before text :after text} ...]} of a typed tree."
  [tree _ctx]
  {:tree tree :fired []})
