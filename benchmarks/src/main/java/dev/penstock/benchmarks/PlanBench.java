package dev.penstock.benchmarks;

import dev.penstock.batch.Batch;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Prepared;
import dev.penstock.compiler.Result;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * TPC-H queries written as plans, beside DuckDB on the same Parquet files in the same run.
 *
 * <pre>
 * args: --sf 1 --data FOLDER --threads 2 --rounds 7 [q01 q03 ...]
 * each round: penstock, duckdb alternating, per query; one round of warm-up; planning is part of the time of both
 * </pre>
 */
public final class PlanBench {
  private static final List<String> ALL = List.of("q01", "q03", "q06", "q18");

  private PlanBench() {}

  public static void main(String[] args) throws Exception {
    double sf = 1;
    Path data = Path.of("benchmarks/target/tpch");
    int threads = 2;
    int rounds = 7;
    List<String> queries = new ArrayList<>();
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--sf" -> sf = Double.parseDouble(args[++i]);
        case "--data" -> data = Path.of(args[++i]);
        case "--threads" -> threads = Integer.parseInt(args[++i]);
        case "--rounds" -> rounds = Integer.parseInt(args[++i]);
        default -> queries.add(args[i]);
      }
    }
    Path folder = TpchFiles.at(data, sf);
    try (Engine engine =
            Engine.create(
                EngineOptions.defaults().withWorkers(threads).withBaseDirectory(folder, false));
        Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
      try (Statement sql = duck.createStatement()) {
        sql.execute("set threads = " + threads);
      }
      System.out.printf(
          Locale.ROOT,
          "TPC-H SF %s, %d threads, JDK %s, %d rounds after 2 of warm-up, %s%n%n",
          sf,
          threads,
          Runtime.version(),
          rounds,
          folder);
      System.out.println("| query | penstock ms [min-max] | duckdb ms [min-max] | ratio |");
      System.out.println("|---|---|---|---|");
      double product = 1;
      List<String> names = queries.isEmpty() ? ALL : queries;
      for (String q : names) {
        product *= compare(engine, duck, folder, q, rounds);
      }
      System.out.printf(
          Locale.ROOT, "| geomean | | | %.2f |%n", Math.pow(product, 1.0 / names.size()));
    }
  }

  private static double compare(Engine engine, Connection duck, Path folder, String q, int rounds)
      throws Exception {
    String plan = resource("/tpch/" + q + ".edn");
    String sql = resource("/tpch/" + q + ".sql");
    for (String table : List.of("lineitem", "orders", "customer")) {
      sql = sql.replaceAll("\\b" + table + "\\b", "'" + folder.resolve(table + ".parquet") + "'");
    }
    sameAnswer(q, runPenstock(engine, plan), runDuck(duck, sql));
    runPenstock(engine, plan);
    runDuck(duck, sql);
    double[] ours = new double[rounds];
    double[] theirs = new double[rounds];
    for (int r = 0; r < rounds; r++) {
      long t0 = System.nanoTime();
      runPenstock(engine, plan);
      long t1 = System.nanoTime();
      runDuck(duck, sql);
      ours[r] = (t1 - t0) / 1e6;
      theirs[r] = (System.nanoTime() - t1) / 1e6;
    }
    Arrays.sort(ours);
    Arrays.sort(theirs);
    double ratio = ours[rounds / 2] / theirs[rounds / 2];
    System.out.printf(
        Locale.ROOT,
        "| %s | %.0f [%.0f-%.0f] | %.0f [%.0f-%.0f] | %.2f |%n",
        q,
        ours[rounds / 2],
        ours[0],
        ours[rounds - 1],
        theirs[rounds / 2],
        theirs[0],
        theirs[rounds - 1],
        ratio);
    return ratio;
  }

  private static List<List<Object>> runPenstock(Engine engine, String plan) {
    Prepared prepared = engine.prepare(plan);
    List<List<Object>> rows = new ArrayList<>();
    try (Result result = engine.run(prepared)) {
      for (Batch batch = result.next(); batch != null; batch = result.next()) {
        for (int i = 0; i < batch.count(); i++) {
          rows.add(Arrays.asList(batch.row(i)));
        }
      }
    }
    return rows;
  }

  private static List<List<Object>> runDuck(Connection duck, String sql) throws SQLException {
    List<List<Object>> rows = new ArrayList<>();
    try (Statement statement = duck.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int n = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<Object> row = new ArrayList<>();
        for (int c = 1; c <= n; c++) {
          row.add(result.getObject(c));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static void sameAnswer(String q, List<List<Object>> ours, List<List<Object>> theirs) {
    if (ours.size() != theirs.size()) {
      throw new IllegalStateException(
          q + ": " + ours.size() + " rows, DuckDB has " + theirs.size());
    }
    for (int i = 0; i < ours.size(); i++) {
      for (int c = 0; c < ours.get(i).size(); c++) {
        Object a = ours.get(i).get(c);
        Object b = theirs.get(i).get(c);
        if (!same(a, b)) {
          throw new IllegalStateException(
              q + ", row " + i + ", column " + c + ": " + a + ", DuckDB has " + b);
        }
      }
    }
  }

  private static boolean same(Object a, Object b) {
    if (a instanceof Double x && b instanceof Double y) {
      return Math.abs(x - y) <= 1e-9 * Math.max(Math.abs(x), Math.abs(y));
    }
    if (a instanceof Number && b instanceof Number) {
      return new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString())) == 0;
    }
    return String.valueOf(a).equals(String.valueOf(b));
  }

  private static String resource(String name) throws IOException {
    try (var in = PlanBench.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no query " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
