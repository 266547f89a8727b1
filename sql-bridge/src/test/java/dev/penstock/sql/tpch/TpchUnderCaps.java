package dev.penstock.sql.tpch;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.sql.DataFolder;
import dev.penstock.sql.SqlSession;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process with a small heap: {@code TpchUnderCaps DATA SF CAP_MB SPILL_DIR} runs all queries
 * under the cap, then each under the least memory that it needs. A line a query: {@code DIGEST
 * tight|minimum number digest}, then {@code SPILLED tight|minimum bytes}.
 */
final class TpchUnderCaps {
  private static final String LEAST = "penstock.test.least-memory-times";

  private TpchUnderCaps() {}

  public static void main(String[] args) {
    Path data = Path.of(args[0]);
    double scale = Double.parseDouble(args[1]);
    EngineOptions options =
        EngineOptions.defaults()
            .withWorkers(2)
            .withMemoryBytes(Long.parseLong(args[2]) << 20)
            .withSpillTo(new EngineOptions.SpillTo(Path.of(args[3]), Long.MAX_VALUE));
    print("tight", options, data, scale);
    System.setProperty(LEAST, "1");
    print("minimum", options, data, scale);
  }

  private static void print(String name, EngineOptions options, Path data, double scale) {
    long[] spilled = new long[1];
    List<Integer> digests = digests(options, data, scale, spilled);
    for (int q = 1; q <= digests.size(); q++) {
      System.out.println("DIGEST " + name + " " + q + " " + digests.get(q - 1));
    }
    System.out.println("SPILLED " + name + " " + spilled[0]);
  }

  /** Of the rows of each query, in their order; doubles to nine digits, for their sums depend. */
  static List<Integer> digests(EngineOptions options, Path data, double scale, long[] spilled) {
    List<Integer> digests = new ArrayList<>();
    try (Engine engine = Engine.create(options)) {
      DataFolder.addTo(engine, data);
      SqlSession sql = new SqlSession(engine);
      for (int q = 1; q <= 22; q++) {
        int digest = 1;
        try (Result result = sql.execute(TpchFiles.query(q, scale))) {
          for (@Nullable Object[] row : result.rows()) {
            for (Object value : row) {
              digest = 31 * digest + rounded(value).hashCode();
            }
          }
          spilled[0] += result.profile().spilledBytes();
        }
        digests.add(digest);
      }
    }
    return digests;
  }

  private static String rounded(@Nullable Object value) {
    return value instanceof Double d && Double.isFinite(d)
        ? BigDecimal.valueOf(d).round(new MathContext(9)).stripTrailingZeros().toPlainString()
        : String.valueOf(value);
  }
}
