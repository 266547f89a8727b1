package dev.penstock.cli;

import dev.penstock.compiler.Engine;
import dev.penstock.sources.tpch.TpchSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The commands of the REPL that are no Clojure. */
final class ReplCommands {
  static final List<String> NAMES =
      List.of(
          ":help",
          ":sql",
          ":sparql",
          ":plan",
          ":tables",
          ":start",
          ":queries",
          ":cancel",
          ":error",
          ":quit");

  private static final Pattern DATA_FILE =
      Pattern.compile("(?i).*\\.(csv|tsv|json|jsonl|ndjson|parquet)(\\.gz|\\.zst)?");
  private static final int DEPTH = 3;
  private static final int MAX_FILES = 100;

  static final String HELP =
      """
      A plan is run and its rows are shown:
        (filter+ (> Age 20) (table+ "people.csv"))
        (def adults (filter+ (> Age 20) (table+ "people.csv")))   names a plan: adults
        (explain adults)    what becomes of a plan
        (doc filter+)       about an operator or a function
      Anything else is Clojure: ~x puts the value of x into a plan, and stream operators take functions:
        (map+ (fn [row] (:Age row)) adults)
      :sql goes over to SQL, :sparql to SPARQL, :plan comes back.
      :start PLAN runs a plan, on one line, while you type on; :queries lists queries that run and the last that
      ended, :cancel ID stops one.
      :tables lists tables and data files, :error shows where the last error came from, :quit (or Ctrl-D) ends.
      Tab completes operators, functions, columns, and files in a string. Ctrl-C cancels a query.
      """;

  static final String SQL_HELP =
      """
      Statements end with ; and may take many lines:
        SELECT Name, count(*) FROM 'people.csv' GROUP BY Name;
        CREATE TABLE t AS SELECT ...;   CREATE VIEW v AS ...;   COPY (SELECT ...) TO 'x.parquet';
        EXPLAIN [ANALYZE] SELECT ...;   DESCRIBE t;   SUMMARIZE t;   SHOW TABLES;
      :plan goes over to plans and Clojure, :sparql to SPARQL, :sql comes back.
      :start STATEMENT runs a statement, on one line, while you type on; :queries lists queries that run and the
      last that ended, :cancel ID stops one.
      :tables lists tables and data files, :error shows where the last error came from, :quit (or Ctrl-D) ends.
      Tab completes keywords, functions, tables, columns, and files in a string. Ctrl-C cancels a query.
      """;

  static final String SPARQL_HELP =
      """
      Queries over the files of RDF in --data; a query ends with the line on which its braces are closed, without braces with an empty line:
        SELECT ?s ?age { ?s :age ?age FILTER (?age > 20) }
      SELECT shows values: numbers, texts, dates; IRIs as texts. ASK, CONSTRUCT and DESCRIBE show answers and terms, as penstock sparql does.
      :plan goes over to plans and Clojure, :sql to SQL, :sparql comes back.
      :queries lists queries that run and the last that ended, :cancel ID stops one.
      :tables lists tables and data files, :error shows where the last error came from, :quit (or Ctrl-D) ends.
      Ctrl-C cancels a query.
      """;

  private ReplCommands() {}

  /** Names of the catalog, of the built-in tables, and of the files below the data folder. */
  static void tables(Engine engine, PrintWriter out) {
    for (String name : engine.catalog().names()) {
      out.println("(table+ " + name + ")");
    }
    Path base = engine.options().baseDirectory();
    try (Stream<Path> files = Files.walk(base, DEPTH, new FileVisitOption[0])) {
      List<String> names =
          files
              .filter(f -> DATA_FILE.matcher(String.valueOf(f.getFileName())).matches())
              .filter(f -> !base.relativize(f).toString().startsWith("."))
              .map(f -> base.relativize(f).toString().replace('\\', '/'))
              .limit(MAX_FILES + 1L)
              .sorted()
              .toList();
      names.stream().limit(MAX_FILES).forEach(n -> out.println("(table+ \"" + n + "\")"));
      if (names.size() > MAX_FILES) {
        out.println("... and more files below " + base);
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      out.println("the files below " + base + " cannot be listed: " + e.getMessage());
    }
    out.println("(table+ tpch/NAME {:sf 0.01}), NAME of " + String.join(", ", TpchSource.tables()));
  }
}
