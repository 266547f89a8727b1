package dev.penstock.benchmarks.first;

import dev.penstock.benchmarks.TpchFiles;
import dev.penstock.benchmarks.beside.Answer;
import dev.penstock.benchmarks.beside.Arguments;
import dev.penstock.benchmarks.beside.Figures;
import dev.penstock.benchmarks.beside.Rounds;
import dev.penstock.sources.tpch.TpchSource;
import java.io.File;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The first query of a process, wall clock from its start to its end: {@code ./penstock sql} with
 * its archives, beside a JVM that asks DuckDB once by JDBC. {@code FirstBench [--data DIR] [--sf 1]
 * [--sql DIR] [--queries 1,6] [--rounds 5]}
 */
public final class FirstBench {
  private final Path folder;
  private final Path scratch;

  private FirstBench(Path folder, Path scratch) {
    this.folder = folder;
    this.scratch = scratch;
  }

  public static void main(String[] args) throws Exception {
    Arguments given =
        new Arguments(args, Set.of("--data", "--sf", "--sql", "--queries", "--rounds"), Set.of());
    double scale = given.decimal("--sf", 1);
    Path folder = TpchFiles.in(given.path("--data", "benchmarks/target/tpch"), scale);
    String about = "first queries of a process, TPC-H SF " + scale + ", JDK " + Runtime.version();
    System.out.println(about + "\n");
    Figures figures = new Figures("first", "ms", List.of("penstock", "duckdb"), 2, about);
    Path scratch = Files.createTempDirectory("penstock-first");
    FirstBench bench = new FirstBench(folder, scratch);
    for (int q : given.queries("--queries")) {
      String sql = TpchFiles.query(given.path("--sql", "../shared/tpch"), q, scale);
      Path text = Files.writeString(scratch.resolve("query.sql"), sql);
      List<String> ours = bench.penstock(text);
      List<String> theirs = bench.duckdb(text, sql);
      bench.compare(TpchFiles.name(q), ours, theirs);
      figures.put(
          TpchFiles.name(q),
          Rounds.take(
              List.of(() -> bench.run(ours), () -> bench.run(theirs)),
              0, // the comparison was the run that fills the page cache
              given.number("--rounds", 5)));
    }
    try (var left = Files.list(scratch)) {
      for (Path file : left.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(scratch);
    figures.publish();
  }

  private List<String> penstock(Path text) {
    return List.of(
        "./penstock", "sql", "--data", folder.toString(), "--format", "csv", "-f", text.toString());
  }

  /** Only what it needs is on its class path, and only the tables that the query names are made. */
  private List<String> duckdb(Path text, String sql) {
    StringJoiner path = new StringJoiner(File.pathSeparator);
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (entry.contains("duckdb_jdbc") || entry.contains("benchmarks/target")) {
        if (entry.contains("duckdb_jdbc") || !entry.contains("/lib/")) {
          path.add(entry);
        }
      }
    }
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(List.of("-cp", path.toString(), OneShot.class.getName()));
    command.add(folder.toString());
    command.add(text.toString());
    for (String table : TpchSource.tables()) {
      if (Pattern.compile("\\b" + table + "\\b").matcher(sql).find()) {
        command.add(table);
      }
    }
    return command;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Milliseconds of a process; its output stands in the scratch folder. */
  private double run(List<String> command) throws Exception {
    File out = scratch.resolve("out").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(out)
            .redirectError(scratch.resolve("err").toFile());
    builder.environment().put("PENSTOCK_JAVA_HOME", System.getProperty("java.home"));
    long start = System.nanoTime();
    int code = builder.start().waitFor();
    double millis = (System.nanoTime() - start) / 1e6;
    if (code != 0) {
      throw new IllegalStateException(
          command + " ended with " + code + ": " + Files.readString(scratch.resolve("err")));
    }
    return millis;
  }

  private void compare(String name, List<String> ours, List<String> theirs) throws Exception {
    run(ours);
    Answer mine = numbers(Answer.read(scratch.resolve("out")), 1);
    run(theirs);
    Rounds.checkSame(name, mine, Answer.read(scratch.resolve("out")), "duckdb", false);
  }

  /** The rows of a CSV file after so many of its head, numbers as such. */
  private static Answer numbers(Answer texts, int head) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (List<@Nullable Object> row : texts.rows().subList(head, texts.rows().size())) {
      @Nullable Object[] values = row.toArray();
      for (int c = 0; c < values.length; c++) {
        if (values[c] instanceof String s && s.matches("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?")) {
          values[c] = new BigDecimal(s);
        }
      }
      rows.add(Arrays.asList(values));
    }
    return new Answer(rows);
  }
}
