package dev.penstock.benchmarks.cancel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param data a folder with the tables, or where they are to be made
 * @param sql a folder of qNN.sql
 * @param hostile statements that take long to plan (see Hostile) in the place of TPC-H
 * @param memoryBytes the cap; 0: the default
 */
record CancelOptions(
    Path data,
    double scale,
    Path sql,
    List<Integer> queries,
    boolean hostile,
    int cancellations,
    int workers,
    long memoryBytes,
    long seed) {

  static CancelOptions read(String[] args) {
    Path data = Path.of("benchmarks/target/tpch");
    double scale = 1;
    Path sql = Path.of("../shared/tpch");
    List<Integer> queries = new ArrayList<>();
    boolean hostile = false;
    int cancellations = 1000;
    int workers = 2;
    long memory = 0;
    long seed = System.nanoTime();
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " expects a value");
      }
      String value = args[i + 1];
      switch (args[i]) {
        case "--data" -> data = Path.of(value);
        case "--sf" -> scale = Double.parseDouble(value);
        case "--sql" -> sql = Path.of(value);
        case "--hostile" -> hostile = Boolean.parseBoolean(value);
        case "--cancellations" -> cancellations = Integer.parseInt(value);
        case "--workers" -> workers = Integer.parseInt(value);
        case "--memory" -> memory = Long.parseLong(value) << 20;
        case "--seed" -> seed = Long.parseLong(value);
        case "--queries" -> {
          for (String q : value.split(",", -1)) {
            queries.add(Integer.parseInt(q.strip()));
          }
        }
        default ->
            throw new IllegalArgumentException(
                "unknown option "
                    + args[i]
                    + "; expected --data, --sf, --sql, --queries, --hostile (true), --cancellations,"
                    + " --workers, --memory (MB), --seed");
      }
    }
    if (queries.isEmpty()) {
      for (int q = hostile ? 0 : 1; q < (hostile ? Hostile.count() : 23); q++) {
        queries.add(q);
      }
    }
    return new CancelOptions(
        data, scale, sql, queries, hostile, cancellations, workers, memory, seed);
  }
}
