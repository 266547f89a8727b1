package dev.penstock.benchmarks.tpch;

import dev.penstock.benchmarks.TpchFiles;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param data a folder with the tables, or where they are to be made
 * @param answers a folder of qNN.csv
 * @param warmup times that each peer runs all queries before anything is measured, the comparison
 *     of answers apart
 * @param memory the tables are copied to memory first: CREATE TABLE t AS SELECT, DuckDB's own
 *     tables
 * @param planCache Penstock plans a text once; else each time, as DuckDB does
 * @param rounds measured rounds; with 0, answers are compared and nothing is measured
 */
record TpchOptions(
    Path data,
    double scale,
    Path sql,
    @Nullable Path answers,
    List<Integer> queries,
    int warmup,
    int rounds,
    int workers,
    boolean spark,
    boolean memory,
    boolean planCache,
    boolean analyze) {

  static TpchOptions read(String[] args) {
    Path data = Path.of("benchmarks/target/tpch");
    double scale = 1;
    Path sql = Path.of("../shared/tpch");
    Path answers = null;
    List<Integer> queries = new ArrayList<>();
    int warmup = 2;
    int rounds = 7;
    int workers = 2;
    boolean spark = false;
    boolean memory = false;
    boolean planCache = false;
    boolean analyze = false;
    for (int i = 0; i < args.length; i++) {
      String option = args[i];
      switch (option) {
        case "--spark" -> spark = true;
        case "--memory" -> memory = true;
        case "--plan-cache" -> planCache = true;
        case "--analyze" -> analyze = true;
        case "--data" -> data = Path.of(value(args, ++i));
        case "--sf" -> scale = Double.parseDouble(value(args, ++i));
        case "--sql" -> sql = Path.of(value(args, ++i));
        case "--check" -> answers = Path.of(value(args, ++i));
        case "--warmup" -> warmup = Integer.parseInt(value(args, ++i));
        case "--rounds" -> rounds = Integer.parseInt(value(args, ++i));
        case "--workers" -> workers = Integer.parseInt(value(args, ++i));
        case "--queries" -> {
          for (String q : value(args, ++i).split(",", -1)) {
            queries.add(Integer.parseInt(q.strip()));
          }
        }
        default ->
            throw new IllegalArgumentException(
                "unknown option "
                    + option
                    + "; expected --data, --sf, --sql, --check, --queries, --warmup, --rounds,"
                    + " --workers, --spark, --memory, --plan-cache, --analyze");
      }
    }
    if (queries.isEmpty()) {
      for (int q = 1; q <= 22; q++) {
        queries.add(q);
      }
    }
    return new TpchOptions(
        data, scale, sql, answers, queries, warmup, rounds, workers, spark, memory, planCache,
        analyze);
  }

  /** The folder given, if it holds the tables; else one in it, where they are made. */
  Path folder() throws Exception {
    return TpchFiles.in(data, scale);
  }

  /** The SQL of a query, for this scale. */
  String text(int query) throws IOException {
    return TpchFiles.query(sql, query, scale);
  }

  /** What is measured, in a line. */
  String about() {
    return String.format(
        Locale.ROOT,
        "TPC-H SF %s from %s, %d threads, JDK %s, %d rounds after %d of warm-up%s",
        BigDecimal.valueOf(scale).stripTrailingZeros().toPlainString(),
        memory ? "tables in memory" : "Parquet",
        workers,
        Runtime.version(),
        rounds,
        warmup + 1,
        planCache ? ", plans cached" : "");
  }

  private static String value(String[] args, int i) {
    if (i == args.length) {
      throw new IllegalArgumentException(args[i - 1] + " expects a value");
    }
    return args[i];
  }
}
