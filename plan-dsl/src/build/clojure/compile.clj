;; Compiles every namespace under a source folder to classes, with direct linking.
;;   java -cp CLASSES:DEPENDENCIES clojure.main compile.clj SOURCES CLASSES STAMP
;; The build fails on a reflection warning anywhere, and on a boxed math warning in a namespace that asks for them with
;;   (set! *unchecked-math* :warn-on-boxed)
;; STAMP is written last: while it is newer than the sources, the build leaves this step out.
(ns compile
  (:require [clojure.java.io :as io]
            [clojure.string :as str])
  (:import (java.io File StringWriter)))

(defn- source-files [^File sources]
  (->> (file-seq sources)
       (filter #(re-find #"\.cljc?$" (.getName ^File %)))
       (sort-by str)))

(defn- namespace-of
  "The namespace that a file's place gives it: dev/penstock/plan/a_b.clj is dev.penstock.plan.a-b."
  [^File sources ^File file]
  (-> (str (.relativize (.toPath sources) (.toPath file)))
      (str/replace #"\.cljc?$" "")
      (str/replace File/separator ".")
      (str/replace "_" "-")
      symbol))

(defn- delete-outdated
  "Deletes every class (this module has no Java of its own) and each copy of a source that is gone."
  [^File sources ^File classes]
  (doseq [^File f (file-seq classes)
          :let [name (.getName f)
                path (str (.relativize (.toPath classes) (.toPath f)))]
          :when (or (str/ends-with? name ".class")
                    (and (re-find #"\.cljc?$" name)
                         (not (.exists (io/file sources path)))))]
    (.delete f)))

(defn- warnings [text]
  (filter #(re-find #"^(Reflection warning|Boxed math warning|WARNING)\b" %) (str/split-lines text)))

(defn- cause-line [^Throwable t]
  (->> (iterate ex-cause t) (take-while some?) (map ex-message) (str/join " <- ")))

(def ^:private documented
  "Namespaces whose vars a REPL shows. Those of others leave out what is for people: it is made anew in each start."
  '#{dev.penstock.plan.dsl dev.penstock.plan.repl})

(defn- options [n]
  (cond-> *compiler-options* (not (documented n)) (assoc :elide-meta [:doc :file :line :column :added])))

(defn- compile-all [nses]
  (let [err (StringWriter.)]
    (binding [*err* err]
      (with-bindings {#'*warn-on-reflection* true
                      #'*compile-files* true}
        (doseq [n (sort-by (comp some? documented) nses)]
          (try
            (binding [*compiler-options* (options n)] (require n))
            (catch Throwable t
              (throw (ex-info (str "cannot compile " n ": " (cause-line t)) {:ns n} t)))))))
    (str err)))

(let [[sources classes stamp] (map io/file *command-line-args*)
      files (source-files sources)
      nses (map #(namespace-of sources %) files)
      started (System/nanoTime)]
  (io/delete-file stamp true)
  (delete-outdated sources classes)
  (let [failed (try
                 (binding [*compile-path* (str classes)]
                   (let [text (compile-all nses)
                         bad (warnings text)]
                     (when-not (str/blank? text)
                       (.println System/err (str/trim-newline text)))
                     (when (seq bad)
                       (str (count bad) " warning(s) from the Clojure compiler: each is an error here"))))
                 (catch Throwable t
                   (.printStackTrace (or (ex-cause t) t))
                   (ex-message t)))]
    (shutdown-agents)
    (if failed
      (do (.println System/err (str "[clojure] " failed))
          (System/exit 1))
      (do (spit stamp (str (count nses) " namespaces\n"))
          (println (format "[clojure] %d namespaces compiled in %.1f s"
                           (count nses) (/ (- (System/nanoTime) started) 1e9)))))))
