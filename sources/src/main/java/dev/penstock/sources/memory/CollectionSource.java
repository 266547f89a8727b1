package dev.penstock.sources.memory;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A collection of the host program, read anew by every scan: rows of any class and a function that
 * takes a value out of a row.
 *
 * <p>The list and its rows must not change while a scan is open; the function is called on compute
 * threads, by several at once. A value that is not of its column's type is an error that names row
 * and column.
 */
public final class CollectionSource<R> implements Source {
  private final Schema schema;
  private final List<R> rows;
  private final BiFunction<? super R, String, ? extends @Nullable Object> value;

  private CollectionSource(
      Schema schema,
      List<R> rows,
      BiFunction<? super R, String, ? extends @Nullable Object> value) {
    this.schema = schema;
    // a linked list would be walked from its begin for every morsel
    this.rows = rows instanceof RandomAccess ? rows : new ArrayList<>(rows);
    this.value = value;
  }

  /**
   * Rows of any class.
   *
   * @param value from a row and a column name to a host value (docs/plan-language.md, section 1) or
   *     null
   */
  public static <R> CollectionSource<R> of(
      Schema schema,
      List<R> rows,
      BiFunction<? super R, String, ? extends @Nullable Object> value) {
    return new CollectionSource<>(schema, rows, value);
  }

  /** Rows that are maps by column name; a missing key is null. */
  public static <M extends Map<String, ? extends @Nullable Object>> CollectionSource<M> ofMaps(
      Schema schema, List<M> rows) {
    return new CollectionSource<>(schema, rows, Map::get);
  }

  /** Rows that are arrays in the order of the schema. */
  public static CollectionSource<@Nullable Object[]> ofArrays(
      Schema schema, List<@Nullable Object[]> rows) {
    return new CollectionSource<>(schema, rows, (row, name) -> row[schema.indexOf(name)]);
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public long rowCount() {
    return rows.size();
  }

  /** Taken anew at each call: the host may have changed its rows. */
  @Override
  public Statistics statistics() {
    return new KeptStatistics<>(
        schema,
        pieces(),
        rows.size(),
        false,
        (from, ordinal) -> {
          boolean[] wanted = new boolean[schema.size()];
          wanted[ordinal] = true;
          return batch(from, wanted);
        });
  }

  private List<Integer> pieces() {
    List<Integer> pieces = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += Batch.ROWS) {
      pieces.add(from);
    }
    return pieces;
  }

  @Override
  public Scan open(Request request, QueryContext query) {
    boolean[] wanted = new boolean[schema.size()];
    for (int c : request.columns()) {
      wanted[c] = true;
    }
    return new KeptScan<>(pieces(), from -> batch(from, wanted), request, query);
  }

  private Batch batch(int from, boolean[] wanted) {
    int n = Math.min(Batch.ROWS, rows.size() - from);
    Column[] columns = new Column[schema.size()];
    Column unread = null;
    for (int c = 0; c < columns.length; c++) {
      if (wanted[c]) {
        columns[c] = column(c, from, n);
      } else {
        if (unread == null) {
          unread = ConstantColumn.of(schema.type(c), null, n);
        }
        columns[c] = unread;
      }
    }
    return Batch.of(n, columns);
  }

  private Column column(int c, int from, int n) {
    String name = schema.field(c).name();
    ColumnBuilder builder = ColumnBuilder.of(schema.type(c), n);
    for (int r = 0; r < n; r++) {
      Object v = value.apply(rows.get(from + r), name);
      if (v == null && !schema.field(c).nullable()) {
        throw wrong(from + r, name, "expected a value, got null", null);
      }
      try {
        builder.appendValue(v);
      } catch (PenstockException e) {
        throw wrong(from + r, name, e.getMessage(), e);
      }
    }
    return builder.build();
  }

  private static PenstockException wrong(
      int row, String column, String what, @Nullable Throwable cause) {
    return new PenstockException(
        PenstockException.Category.INCORRECT,
        "bad-value",
        "row " + row + " of the collection, column " + column + ": " + what,
        cause);
  }
}
