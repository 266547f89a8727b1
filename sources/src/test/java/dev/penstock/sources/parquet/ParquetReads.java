package dev.penstock.sources.parquet;

import dev.penstock.batch.expr.Expr;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import org.jspecify.annotations.Nullable;

/** How much of a file a scan reads. */
final class ParquetReads {
  private ParquetReads() {}

  static long bytes(Source source, int[] columns) {
    long sum = 0;
    try (Budget budget = Budget.root("test", 1L << 30);
        Source.Scan scan =
            source.open(
                new Source.Request(columns, null, -1),
                new QueryContext(new CancellationToken(), budget, 2048))) {
      for (Source.Morsel m = scan.next(); m != null; m = scan.next()) {
        sum += m.sizeBytes();
      }
    }
    return sum;
  }

  /** Row groups that the statistics do not exclude. */
  static int morsels(Source source, int[] columns, @Nullable Expr filter) {
    int n = 0;
    try (Budget budget = Budget.root("test", 1L << 30);
        Source.Scan scan =
            source.open(
                new Source.Request(columns, filter, -1),
                new QueryContext(new CancellationToken(), budget, 2048))) {
      while (scan.next() != null) {
        n++;
      }
    }
    return n;
  }

  /** Rows that neither bounds of row groups nor those of pages exclude. */
  static long rows(Source source, int[] columns, @Nullable Expr filter) {
    long n = 0;
    try (Budget budget = Budget.root("test", 1L << 30);
        Source.Scan scan =
            source.open(
                new Source.Request(columns, filter, -1),
                new QueryContext(new CancellationToken(), budget, 2048))) {
      for (Source.Morsel m = scan.next(); m != null; m = scan.next()) {
        n += ((ParquetMorsel) m).rows().rows();
      }
    }
    return n;
  }
}
