(ns dev.penstock.benchmarks.async.pipeline
  "Filter, map and sum through three channels of core.async, a go block a stage."
  (:require [clojure.core.async :as a]))

(defn run-items
  "Sum of (x + 1) of the even x below n, item by item."
  [n]
  (let [c1 (a/chan 1024), c2 (a/chan 1024), c3 (a/chan 1024)]
    (a/go (loop [i 0] (when (< i n) (a/>! c1 i) (recur (inc i)))) (a/close! c1))
    (a/go (loop [] (when-some [x (a/<! c1)] (when (even? x) (a/>! c2 x)) (recur))) (a/close! c2))
    (a/go (loop [] (when-some [x (a/<! c2)] (a/>! c3 (inc x)) (recur))) (a/close! c3))
    (a/<!! (a/go (loop [sum 0] (if-some [x (a/<! c3)] (recur (+ sum x)) sum))))))

(defn run-batches
  "The same in batches (long arrays) of 1024."
  [n]
  (let [c1 (a/chan 16), c2 (a/chan 16), c3 (a/chan 16)]
    (a/go (loop [i 0]
            (when (< i n)
              (a/>! c1 (let [b (long-array 1024)] (dotimes [k 1024] (aset b k (+ (long i) k))) b))
              (recur (+ (long i) 1024))))
          (a/close! c1))
    (a/go (loop []
            (when-some [b (a/<! c1)]
              (a/>! c2 (let [^longs in b, out (long-array 1024)]
                         (loop [k 0, m 0]
                           (if (< k 1024)
                             (let [x (aget in k)]
                               (if (even? x) (do (aset out m x) (recur (inc k) (inc m))) (recur (inc k) m)))
                             (java.util.Arrays/copyOf out m)))))
              (recur)))
          (a/close! c2))
    (a/go (loop []
            (when-some [b (a/<! c2)]
              (a/>! c3 (let [^longs in b, out (long-array (alength in))]
                         (dotimes [k (alength in)] (aset out k (inc (aget in k))))
                         out))
              (recur)))
          (a/close! c3))
    (a/<!! (a/go (loop [sum 0]
                   (if-some [b (a/<! c3)]
                     (recur (+ (long sum) (let [^longs in b] (areduce in k s 0 (+ s (aget in k))))))
                     sum))))))
