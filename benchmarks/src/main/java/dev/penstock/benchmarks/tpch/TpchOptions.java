package dev.penstock.benchmarks.tpch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param data a folder with the tables, or where they are to be made
 * @param answers a folder of qNN.csv
 * @param warmup times that each peer runs all queries before anything is measured, the comparison
 *     of answers apart
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
    boolean analyze = false;
    for (int i = 0; i < args.length; i++) {
      String option = args[i];
      switch (option) {
        case "--spark" -> spark = true;
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
                    + " --workers, --spark, --analyze");
      }
    }
    if (queries.isEmpty()) {
      for (int q = 1; q <= 22; q++) {
        queries.add(q);
      }
    }
    return new TpchOptions(
        data, scale, sql, answers, queries, warmup, rounds, workers, spark, analyze);
  }

  private static String value(String[] args, int i) {
    if (i == args.length) {
      throw new IllegalArgumentException(args[i - 1] + " expects a value");
    }
    return args[i];
  }
}
