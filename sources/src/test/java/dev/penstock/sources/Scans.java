package dev.penstock.sources;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Source.Decoder;
import dev.penstock.nodes.Source.Morsel;
import dev.penstock.nodes.Source.Request;
import dev.penstock.nodes.Source.Scan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs scans in tests, without an engine. */
public final class Scans {
  private Scans() {}

  /** A query with a budget of 1 GiB. */
  public static QueryContext query() {
    return query(Batch.ROWS);
  }

  public static QueryContext query(int batchRows) {
    return new QueryContext(new CancellationToken(), Budget.root("query", 1L << 30), batchRows);
  }

  /**
   * All rows, in order, read by one thread; everything is closed, and the budget is empty,
   * afterwards.
   */
  public static List<List<@Nullable Object>> rows(Source source) {
    return rows(source, Request.all(source.schema()));
  }

  public static List<List<@Nullable Object>> rows(Source source, Request request) {
    QueryContext query = query();
    List<List<@Nullable Object>> out = new ArrayList<>();
    forEach(source, request, query, b -> addRows(b, out));
    if (query.budget().usedBytes() != 0) {
      throw new AssertionError(query.budget().usedBytes() + " bytes are still reserved");
    }
    return out;
  }

  /** Every batch of a scan, checked; on the calling thread. */
  public static void forEach(
      Source source, Request request, QueryContext query, Consumer<Batch> taker) {
    try (Scan scan = source.open(request, query);
        Decoder decoder = scan.decoder()) {
      for (Morsel m = scan.next(); m != null; m = scan.next()) {
        decoder.begin(m);
        for (Batch b = decoder.next(); b != null; b = decoder.next()) {
          check(b, source, request);
          taker.accept(b);
        }
      }
    }
  }

  public static void addRows(Batch batch, List<List<@Nullable Object>> out) {
    for (int i = 0; i < batch.count(); i++) {
      out.add(Arrays.asList(batch.row(i)));
    }
  }

  /** The laws of a batch that a scan gives. */
  public static void check(Batch b, Source source, Request request) {
    ensure(b.count() > 0, "an empty batch");
    ensure(b.length() <= Batch.MAX_ROWS, "a batch of " + b.length());
    ensure(
        b.columns().length == request.columns().length, b.columns().length + " columns in a batch");
    int before = -1;
    for (int i = 0; i < b.count(); i++) {
      ensure(b.position(i) > before && b.position(i) < b.length(), "a bad selection");
      before = b.position(i);
    }
    for (int c = 0; c < b.columns().length; c++) {
      Column column = b.column(c);
      DataType expected = source.schema().type(request.columns()[c]);
      ensure(column.type().equals(expected), column.type() + " where the schema says " + expected);
      ensure(column.length() == b.length(), "a column of another length");
      boolean nullable = source.schema().field(request.columns()[c]).nullable();
      for (int i = 0; i < b.count(); i++) {
        boolean isNull = column.isNull(b.position(i));
        ensure(
            !isNull || (nullable && column.mayHaveNulls()), "a null that was promised not to be");
      }
    }
  }

  private static void ensure(boolean law, String broken) {
    if (!law) {
      throw new AssertionError(broken);
    }
  }
}
