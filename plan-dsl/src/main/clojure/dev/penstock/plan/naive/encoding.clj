(ns dev.penstock.plan.naive.encoding
  "Bytes, digests and other writings in the naive evaluator."
  (:require [clojure.string :as str]
            [dev.penstock.plan.naive.number :as number]
            [dev.penstock.plan.naive.text :as text])
  (:import (java.nio ByteBuffer)
           (java.nio.charset CharacterCodingException StandardCharsets)
           (java.text Normalizer Normalizer$Form)
           (java.util Base64 HexFormat)))

(defn- bytes-of ^bytes [v] (if (string? v) (.getBytes ^String v StandardCharsets/UTF_8) v))

(defn- from-base64 [^String s]
  (try
    (when-not (zero? (rem (count s) 4)) (throw (IllegalArgumentException. "length")))
    (.decode (Base64/getDecoder) s)
    (catch IllegalArgumentException _ (number/fail :bad-argument "not base64: " s))))

(defn- url-encode [s]
  (apply str (map (fn [b]
                    (let [c (char (bit-and 255 (int b)))]
                      (if (re-matches #"[A-Za-z0-9._~-]" (str c)) c (format "%%%02X" (int c)))))
                  (bytes-of s))))

(defn- url-decode [s]
  (let [bytes (mapcat (fn [[whole hex]]
                        (cond hex [(unchecked-byte (Integer/parseInt hex 16))]
                              :else (bytes-of whole)))
                      (re-seq #"(?s)%([0-9a-fA-F]{2})|[^%]|%" s))]
    (try
      ;; surrogate pairs are matched as one code point
      (str (.decode (.newDecoder StandardCharsets/UTF_8) (ByteBuffer/wrap (byte-array bytes))))
      (catch CharacterCodingException _ (number/fail :bad-argument "not UTF-8: " s)))))

(defn- translate [s from to]
  (let [from (text/points from), to (text/points to)
        by (into {} (reverse (map-indexed (fn [i c] [c (nth to i nil)]) from)))]
    (text/of-points (keep #(if (contains? by %) (by %) %) (text/points s)))))

(defn- initcap [s]
  (first (reduce (fn [[out in-word] c]
                   (let [c (int c)]
                     [(str out (text/of-points [(if in-word (Character/toLowerCase c) (Character/toUpperCase c))]))
                      (Character/isLetterOrDigit c)]))
                 ["" false] (text/points s))))

(defn- overlay [s by from length]
  (let [ps (text/points s), from (bigint from)
        length (bigint (or length (count (text/points by))))]
    (when (neg? length) (number/fail :bad-argument "a negative length"))
    (str (text/of-points (take (long (min (count ps) (max 0 (dec from)))) ps))
         by
         (text/of-points (drop (long (min (count ps) (max 0 (dec (+ from length))))) ps)))))

(def functions
  {'octet-length (fn [_ [v]] (long (alength (bytes-of v))))
   'bit-length (fn [_ [v]] (* 8 (alength (bytes-of v))))
   'md5 (fn [_ [v]] (text/digest "MD5" v))
   'sha1 (fn [_ [v]] (text/digest "SHA-1" v))
   'sha256 (fn [_ [v]] (text/digest "SHA-256" v))
   'hex (fn [_ [v]] (.formatHex (HexFormat/of) (bytes-of v)))
   'unhex (fn [_ [s]] (try (.parseHex (HexFormat/of) ^String s)
                           (catch IllegalArgumentException _ (number/fail :bad-argument "not hex digits: " s))))
   'to-base64 (fn [_ [v]] (.encodeToString (Base64/getEncoder) (bytes-of v)))
   'from-base64 (fn [_ [s]] (from-base64 s))
   'to-hex (fn [_ [n]] (format "%X" n))
   'to-binary (fn [_ [n]] (str/replace (apply str (map #(if (.testBit (biginteger n) (int %)) 1 0) (range 63 -1 -1)))
                                       #"^0+(?=.)" ""))
   'url-encode (fn [_ [s]] (url-encode s))
   'url-decode (fn [_ [s]] (url-decode s))
   'unicode (fn [_ [s]] (long (or (first (text/points s)) -1)))
   'translate (fn [_ [s from to]] (translate s from to))
   'initcap (fn [_ [s]] (initcap s))
   'overlay (fn [_ [s by from length]] (overlay s by from length))
   'strip-accents (fn [_ [s]]
                    (-> (Normalizer/normalize ^String s Normalizer$Form/NFD)
                        (str/replace #"\p{Mn}" "")
                        (Normalizer/normalize Normalizer$Form/NFC)))})
