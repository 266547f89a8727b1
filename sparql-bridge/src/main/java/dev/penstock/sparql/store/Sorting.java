package dev.penstock.sparql.store;

import clojure.lang.Keyword;
import clojure.lang.PersistentArrayMap;
import clojure.lang.PersistentList;
import clojure.lang.PersistentVector;
import clojure.lang.Symbol;
import dev.penstock.batch.Batch;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Plan;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.CancellationToken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Triples that are sorted by a plan of the engine. */
final class Sorting {
  private Sorting() {}

  /**
   * The rows of a source in the order of g, a, b, c. To be closed.
   *
   * @param table any table of the engine's catalog that takes the option {@code :source}
   */
  static SortedRows by(Engine engine, String table, LoadScan source, CancellationToken token) {
    Object columns = PersistentVector.create(sym("g"), sym("a"), sym("b"), sym("c"));
    Object scan =
        PersistentList.create(
            List.of(
                sym("table+"),
                sym(table),
                columns,
                PersistentArrayMap.createWithCheck(
                    new Object[] {Keyword.intern(null, "source"), source})));
    Object plan = PersistentList.create(List.of(sym("sort+"), columns, scan));
    Result result = engine.run(Plan.of(plan));
    return new SortedRows(result, result.token().follow(token));
  }

  private static Symbol sym(String name) {
    return Symbol.intern(null, name);
  }

  /** Batches of a sorted result, row by row. */
  static final class SortedRows extends Rows implements AutoCloseable {
    private final Result result;
    private final Runnable unfollow;
    private @Nullable Batch batch;
    private final long[][] columns = new long[4][];
    private int row;

    SortedRows(Result result, Runnable unfollow) {
      this.result = result;
      this.unfollow = unfollow;
    }

    @Override
    boolean next() {
      Batch now = batch;
      while (now == null || row == now.count()) {
        batch = now = result.next();
        if (now == null) {
          return false;
        }
        row = 0;
        for (int c = 0; c < columns.length; c++) {
          FlatColumn flat = now.column(c).flat(now.selection(), now.count());
          columns[c] = ((LongColumn) flat).values();
        }
      }
      int at = now.position(row++);
      g = columns[0][at];
      a = columns[1][at];
      b = columns[2][at];
      c = columns[3][at];
      return true;
    }

    @Override
    public void close() {
      unfollow.run();
      result.close();
    }
  }
}
