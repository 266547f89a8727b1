(ns dev.penstock.plan.naive.stream
  "Stream operators by definition. Items of a relation are maps from keyword to value, others are values."
  (:require [dev.penstock.plan.fuse :as fuse]
            [dev.penstock.plan.tree :as tree]))

(defn items "The items of rows of a schema." [schema rows]
  (if (tree/rows? schema)
    (map #(update-keys % (comp keyword str)) rows)
    (map #(get % 'it) rows)))

(defn rows "Rows of a schema out of items." [schema items]
  (if (tree/rows? schema)
    (map (fn [item] (into {} (map (fn [{:keys [name]}] [name (get item (keyword (str name)))])) schema)) items)
    (map (fn [item] {'it item}) items)))

(defn- function [lets {:keys [fn args]}]
  (let [f (fuse/as-fn fn)
        args (map #(if (contains? % :let) (get lets (:let %)) (:constant %)) args)]
    (if (seq args) (apply partial f args) f)))

(defn item-rows "The rows of an :item node." [lets {:keys [item-kind f chunk schema] [input] :inputs} in]
  (let [f (function lets f)
        items (items (:schema input) in)]
    (rows schema
          (cond
            chunk (f (vec items))
            :else (case item-kind
                    :map (map f items)
                    :mapcat (mapcat f items)
                    :filter (filter f items))))))

(defn reduced-item "The one item of a :reduce node." [{:keys [chunk] [input] :inputs reducer :reduce} in]
  (let [{:keys [init step finish]} (update-vals reducer fuse/as-fn)
        items (items (:schema input) in)
        all (if chunk
              (if (seq items) (step (init) (vec items)) (init))
              (reduce step (init) items))]
    (if finish (finish all) all)))
