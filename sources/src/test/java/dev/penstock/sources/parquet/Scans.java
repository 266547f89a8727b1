package dev.penstock.sources.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Schema;
import dev.penstock.batch.expr.Expr;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs scans to their end, on one thread, and checks that nothing stays reserved. */
final class Scans {
  private Scans() {}

  static List<List<@Nullable Object>> all(Source source) {
    return rows(source, Source.Request.all(source.schema()), 2048);
  }

  static List<List<@Nullable Object>> rows(Source source, @Nullable Expr filter, String... names) {
    return rows(source, new Source.Request(ordinals(source.schema(), names), filter, -1), 2048);
  }

  static int[] ordinals(Schema schema, String... names) {
    return Arrays.stream(names).mapToInt(schema::indexOf).toArray();
  }

  static List<List<@Nullable Object>> rows(Source source, Source.Request request, int batchRows) {
    try (Budget budget = Budget.root("test", 1L << 30)) {
      QueryContext query = new QueryContext(new CancellationToken(), budget, batchRows);
      List<List<@Nullable Object>> out = new ArrayList<>();
      try (Source.Scan scan = source.open(request, query);
          Source.Decoder decoder = scan.decoder()) {
        for (Source.Morsel m = scan.next(); m != null; m = scan.next()) {
          decoder.begin(m);
          for (Batch b = decoder.next(); b != null; b = decoder.next()) {
            add(b, out);
          }
        }
      }
      assertEquals(0, budget.usedBytes(), "bytes still reserved after the scan");
      return out;
    }
  }

  private static void add(Batch b, List<List<@Nullable Object>> out) {
    for (int r = 0; r < b.count(); r++) {
      @Nullable Object[] row = b.row(r);
      for (int i = 0; i < row.length; i++) {
        if (row[i] instanceof byte[] bytes) {
          row[i] = ByteBuffer.wrap(bytes);
        } else if (row[i] instanceof dev.penstock.batch.Interval interval) {
          row[i] = interval.toString();
        }
      }
      out.add(Arrays.asList(row));
    }
  }
}
