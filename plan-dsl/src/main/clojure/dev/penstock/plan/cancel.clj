(ns dev.penstock.plan.cancel
  "Planning ends when its query is cancelled: ctx has a function :check-token for that, which throws the cause.")

(defn check
  "Ends planning when the query was cancelled. To be called in whatever may take long: it costs nanoseconds."
  [{:keys [check-token]}]
  (when check-token (check-token)))
