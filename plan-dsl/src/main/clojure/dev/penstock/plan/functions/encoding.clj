(ns dev.penstock.plan.functions.encoding
  "Bytes, digests and other writings of values. The bytes of a varchar are its UTF-8."
  (:require [dev.penstock.plan.functions.signature :as sig :refer [entry]]))

(def ^:private varchar :varchar)

(defn- infer-bytes [f result]
  (fn [site [x]]
    (let [x (if (= :varbinary (:type x)) x (sig/coerce site x varchar))]
      (sig/result f [x] result))))

(defn- of-bytes
  "A function of a varbinary or a varchar."
  [f result doc & {:as more}]
  (merge {:name f :args [1 1] :signature [(str "(" f " x)")] :doc doc :infer (infer-bytes f result)
          :types (str "(varchar or varbinary) -> " (name result))}
         more))

(def entries
  [(of-bytes 'octet-length :int64 "The number of bytes (of a varchar: in UTF-8).")
   (of-bytes 'bit-length :int64 "Eight times octet-length.")
   (of-bytes 'md5 varchar "The MD5 digest, as lower-case hex digits." :cost 50)
   (of-bytes 'sha1 varchar "The SHA-1 digest, as lower-case hex digits." :cost 50)
   (of-bytes 'sha256 varchar "The SHA-256 digest, as lower-case hex digits." :cost 50)
   (of-bytes 'hex varchar "The bytes as lower-case hex digits." :cost 10)
   (entry 'unhex ["(unhex s)"] [varchar] [] :varbinary "The bytes of hex digits." :cost 10 :fails true)
   (of-bytes 'to-base64 varchar "The bytes in base64." :cost 10)
   (entry 'from-base64 ["(from-base64 s)"] [varchar] [] :varbinary "The bytes of base64, padded to groups of four." :cost 10 :fails true)
   (entry 'to-hex ["(to-hex n)"] [:int64] [] varchar "The 64 bits of n as upper-case hex digits, without zeros before them." :cost 10)
   (entry 'to-binary ["(to-binary n)"] [:int64] [] varchar "The 64 bits of n as 0 and 1, without zeros before them." :cost 10)
   (entry 'url-encode ["(url-encode s)"] [varchar] [] varchar "All bytes but letters, digits and -_.~ as %XX." :cost 10)
   (entry 'url-decode ["(url-decode s)"] [varchar] [] varchar "The text whose bytes are written as %XX; a % without two digits stays." :cost 10 :fails true)])
