package dev.penstock.sql.differential;

import java.io.PrintStream;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs random queries on Penstock and on DuckDB and compares the answers. The long mode is {@code
 * benchmarks/run differential --queries N --seed S}; {@code --only N} runs one query of the seed,
 * {@code --from N} those from one on, {@code --show} prints each. The exit code is 1 if there was a
 * difference.
 */
public final class Differential implements AutoCloseable {
  private static final int QUERIES_OF_TABLES = 20;
  private static final int QUERIES_OF_PROGRESS = 1000;

  /** So many differences of a sort are made smaller. */
  private static final int MOST_OF_A_SORT = 4;

  private final PrintStream out;
  private final Watch watch = new Watch();
  private final DuckDb duck = new DuckDb();
  private final List<Penstock> engines =
      List.of(new Penstock(1, 2048), new Penstock(2, 3), new Penstock(2, 64));
  private final Tally tally = new Tally();
  private final Slowest slowest = new Slowest();
  private final Map<String, Integer> reported = new HashMap<>();
  private List<Table> tables = List.of();
  private int differences;

  Differential(PrintStream out) throws SQLException {
    this.out = out;
  }

  public static void main(String[] args) throws SQLException {
    int queries = 20_000;
    long seed = System.nanoTime();
    int from = 0;
    boolean show = false;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--queries" -> queries = Integer.parseInt(args[++i]);
        case "--seed" -> seed = Long.parseLong(args[++i]);
        case "--from" -> from = Integer.parseInt(args[++i]);
        case "--only" -> {
          from = Integer.parseInt(args[++i]);
          queries = from + 1;
        }
        case "--show" -> show = true;
        default ->
            throw new IllegalArgumentException(
                "unknown option "
                    + args[i]
                    + "; expected --queries, --seed, --from, --only or --show");
      }
    }
    try (Differential d = new Differential(System.out)) {
      int found = d.run(seed, from, queries, show);
      System.exit(found == 0 ? 0 : 1);
    }
  }

  /** Runs queries of a seed; returns how many gave different answers. */
  int run(long seed, int from, int to, boolean show) throws SQLException {
    out.println("seed " + seed + ", queries " + from + " to " + (to - 1));
    int loaded = -1;
    for (int i = from; i < to; i++) {
      int set = i / QUERIES_OF_TABLES;
      if (set != loaded) {
        load(new TableMaker(new Dice(seed * 1_000_003 + set)).tables());
        loaded = set;
      }
      Query q = new QueryMaker(new Dice(seed * 7_000_003 + i), tables).make();
      if (show) {
        out.println("-- " + i + "\n" + q.sql().written());
      }
      one("seed " + seed + " query " + i, engines.get(i % engines.size()), q);
      if ((i + 1) % QUERIES_OF_PROGRESS == 0) {
        out.println(tally.progress() + ", differences " + differences);
      }
    }
    tally.print(out);
    slowest.print(out);
    out.println("differences: " + differences);
    return differences;
  }

  /** Queries that both engines answered. */
  int compared() {
    return tally.compared();
  }

  /** Queries that were run by a plan that was made for other constants. */
  long shared() {
    return engines.stream().mapToLong(Penstock::shared).sum();
  }

  private void load(List<Table> some) throws SQLException {
    tables = some;
    duck.load(some);
    engines.forEach(e -> e.load(some));
  }

  private void one(String name, Penstock engine, Query q) throws SQLException {
    Written query = q.sql().written();
    Answer theirs = duck.run(query, watch);
    Answer ours = engine.run(query, watch);
    slowest.add(name, query, engine.planNanos());
    String what = difference(ours, theirs, q.ordered());
    String known = what == null ? null : Known.reason(what);
    count(query, ours, theirs, known);
    if (what != null && known == null) {
      differences++;
      report(name, q, engine, what);
    }
    if (engine.heldBytes() != 0) {
      differences++;
      out.println(name + " holds " + engine.heldBytes() + " bytes\n" + query);
    }
  }

  private void count(Written query, Answer ours, Answer theirs, @Nullable String known) {
    if (known != null) {
      tally.without(known, "");
    } else if (ours instanceof Answer.Slow || theirs instanceof Answer.Slow) {
      tally.without("slow", ours instanceof Answer.Slow ? "here" : "DuckDB");
    } else if (theirs instanceof Answer.Failure t && t.refused()) {
      tally.without("refused by DuckDB", t.message());
    } else if (ours instanceof Answer.Failure o && o.refused()) {
      tally.without("unsupported here", o.message());
    } else if (ours instanceof Answer.Failure o && theirs instanceof Answer.Failure) {
      tally.without("errors in both", o.message());
    } else {
      tally.compared(query.sql(), theirs instanceof Answer.Rows r ? r.rows().size() : 0);
    }
  }

  /** What is different, that should not be; null if nothing is. */
  private static @Nullable String difference(Answer ours, Answer theirs, boolean ordered) {
    if (ours instanceof Answer.Rows a && theirs instanceof Answer.Rows b) {
      return Comparison.difference(a.rows(), b.rows(), ordered);
    } else if (ours instanceof Answer.Failure f && !f.refused() && theirs instanceof Answer.Rows) {
      return "we fail: " + f.message();
    } else if (theirs instanceof Answer.Failure f && !f.refused() && ours instanceof Answer.Rows) {
      return "DuckDB fails: " + f.message();
    }
    return null;
  }

  private void report(String name, Query q, Penstock engine, String what) throws SQLException {
    out.println("\n== " + name + ": " + what);
    List<Table> all = tables;
    String sort = sort(what);
    if (reported.merge(sort, 1, Integer::sum) > MOST_OF_A_SORT) {
      return;
    }
    // without its order a smaller query has no order
    boolean ordered = q.ordered() && again(all, q.sql().written(), false, engine) == null;
    Shrinker shrinker =
        new Shrinker(
            all,
            (some, query) -> {
              String now = again(some, query, ordered, engine);
              return now != null && sort(now).equals(sort);
            });
    Written small = shrinker.shrink(q.sql());
    out.println("-- smaller: " + again(shrinker.tables(), small, ordered, engine));
    for (Table t : shrinker.tables()) {
      if (small.sql().contains(t.name())) {
        out.println(t.ddl() + ";" + (t.rows().isEmpty() ? "" : "\n" + t.insert() + ";"));
      }
    }
    out.println(small + ";");
    load(all);
  }

  private @Nullable String again(
      List<Table> some, Written query, boolean ordered, Penstock engine) {
    try {
      duck.load(some);
    } catch (SQLException e) {
      return null;
    }
    engine.load(some);
    return difference(
        engine.run(query, watch),
        duck.run(query, watch),
        ordered && query.sql().contains("ORDER BY"));
  }

  /** Differences that are likely of one cause. */
  private static String sort(String what) {
    return what.startsWith("we fail")
        ? what.replaceAll("line \\d+, column \\d+", "").replaceAll("['\\d].*", "")
        : what.startsWith("DuckDB fails") ? what.substring(0, 30) : "rows";
  }

  @Override
  public void close() throws SQLException {
    engines.forEach(Penstock::close);
    duck.close();
    watch.close();
  }
}
