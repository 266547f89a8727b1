(ns dev.penstock.benchmarks.async.pipeline
  "Filter, map and sum through three channels of core.async, a go block a stage. The work on batches stands in
  functions of its own: inside a go block loops are turned into a state machine, which would be unfair."
  (:require [clojure.core.async :as a]))

(set! *warn-on-reflection* true)
(set! *unchecked-math* true)

(defn run-items
  "Sum of (x + 1) of the even x below n, item by item."
  [n]
  (let [c1 (a/chan 1024), c2 (a/chan 1024), c3 (a/chan 1024)]
    (a/go (loop [i 0] (when (< i n) (a/>! c1 i) (recur (inc i)))) (a/close! c1))
    (a/go (loop [] (when-some [x (a/<! c1)] (when (even? x) (a/>! c2 x)) (recur))) (a/close! c2))
    (a/go (loop [] (when-some [x (a/<! c2)] (a/>! c3 (inc x)) (recur))) (a/close! c3))
    (a/<!! (a/go (loop [sum 0] (if-some [x (a/<! c3)] (recur (+ sum x)) sum))))))

(defn- numbers ^longs [^long from]
  (let [b (long-array 1024)]
    (dotimes [k 1024] (aset b k (+ from k)))
    b))

(defn- evens ^longs [^longs in]
  (let [out (long-array (alength in))]
    (loop [k 0, m 0]
      (if (< k (alength in))
        (let [x (aget in k)]
          (if (zero? (bit-and x 1)) (do (aset out m x) (recur (inc k) (inc m))) (recur (inc k) m)))
        (java.util.Arrays/copyOf out m)))))

(defn- plus-one ^longs [^longs in]
  (let [out (long-array (alength in))]
    (dotimes [k (alength in)] (aset out k (inc (aget in k))))
    out))

(defn- sum-of ^long [^longs in] (areduce in k s 0 (+ s (aget in k))))

(defn run-batches
  "The same in batches (long arrays) of 1024."
  [n]
  (let [c1 (a/chan 16), c2 (a/chan 16), c3 (a/chan 16)]
    (a/go (loop [i 0] (when (< i n) (a/>! c1 (numbers i)) (recur (+ i 1024)))) (a/close! c1))
    (a/go (loop [] (when-some [b (a/<! c1)] (a/>! c2 (evens b)) (recur))) (a/close! c2))
    (a/go (loop [] (when-some [b (a/<! c2)] (a/>! c3 (plus-one b)) (recur))) (a/close! c3))
    (a/<!! (a/go (loop [sum 0] (if-some [b (a/<! c3)] (recur (+ sum (sum-of b))) sum))))))
