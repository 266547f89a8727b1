package dev.penstock.benchmarks.memory;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.sql.DataFolder;
import dev.penstock.sql.SqlSession;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The 22 TPC-H queries, one after the other, in a process of its own: {@code TpchChild CAP_MB
 * SPILL_DIR WORKERS DATA SQL_DIR FRACTION}; a cap of 0 is the default. A line a query: {@code QUERY
 * name seconds|spilled MB|digest of the rows} or {@code QUERY name failed message}; then {@code
 * RSS}.
 */
final class TpchChild {
  private TpchChild() {}

  public static void main(String[] args) throws Exception {
    long cap = Long.parseLong(args[0]) << 20;
    EngineOptions options =
        EngineOptions.defaults()
            .withWorkers(Integer.parseInt(args[2]))
            .withSpillTo(new EngineOptions.SpillTo(Path.of(args[1]), Long.MAX_VALUE));
    if (cap > 0) {
      options = options.withMemoryBytes(cap);
    }
    try (Engine engine = Engine.create(options)) {
      DataFolder.addTo(engine, Path.of(args[3]));
      SqlSession session = new SqlSession(engine);
      for (int q = 1; q <= 22; q++) {
        String name = String.format(Locale.ROOT, "q%02d", q);
        String sql =
            Files.readString(Path.of(args[4], name + ".sql")).replace("@FRACTION@", args[5]);
        System.out.println("QUERY " + name + " " + run(session, sql));
      }
    }
    System.out.println("RSS " + Processes.peakResidentKib());
  }

  private static String run(SqlSession session, String sql) {
    long start = System.nanoTime();
    try (Result result = session.execute(sql)) {
      long digest = 0; // of a bag: rows that are equal in the keys of ORDER BY come in any order
      for (Object[] row : result.rows()) {
        long hash = 1;
        for (Object value : row) {
          hash = 31 * hash + rounded(value).hashCode();
        }
        digest += (hash ^ hash >>> 29) * 0x9E3779B97F4A7C15L;
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return seconds + "|" + (result.profile().spilledBytes() >> 20) + "|" + digest;
    } catch (RuntimeException | OutOfMemoryError e) {
      return "failed " + String.valueOf(e.getMessage()).replace('\n', ' ');
    }
  }

  /** Doubles to nine digits: their sums depend on the order. */
  private static String rounded(Object value) {
    return value instanceof Double d && Double.isFinite(d)
        ? BigDecimal.valueOf(d).round(new MathContext(9)).stripTrailingZeros().toPlainString()
        : String.valueOf(value);
  }
}
