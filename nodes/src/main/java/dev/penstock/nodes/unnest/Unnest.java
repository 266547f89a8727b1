package dev.penstock.nodes.unnest;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.Expr;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Offer;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Step;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One row an element of a JSON array: all columns of the input, then the element, then if asked for
 * its number (int64, from 1). In order; keeps its place within an array from one output batch to
 * the next.
 *
 * <p>A null, a JSON null and an empty array have no elements: they give no row, or with {@code
 * outer} one row with nulls.
 */
public final class Unnest implements Step<Batch> {
  private final QueryContext query;
  private final Expr expr;
  private final boolean outer;
  private final boolean ordinality;
  private final JsonArray array = new JsonArray();
  private final Elements elements;
  private final int[] positions;
  private final long[] numbers;
  private final boolean[] numberNulls;
  private final Offer offer = new Offer();
  private @Nullable Batch open;
  private @Nullable BytesColumn texts;
  private int row;
  private boolean inArray;
  private long number;

  /**
   * @param expr JSON array text, of type json or varchar
   * @param elementType the type of the new column
   * @param outer keep rows without elements
   * @param ordinality append the number of the element
   */
  public Unnest(
      QueryContext query, Expr expr, DataType elementType, boolean outer, boolean ordinality) {
    this.query = query;
    this.expr = expr;
    this.outer = outer;
    this.ordinality = ordinality;
    int capacity = query.batchRows();
    this.elements = new Elements(elementType, capacity);
    this.positions = new int[capacity];
    this.numbers = new long[capacity];
    this.numberNulls = new boolean[capacity];
  }

  @Override
  public Progress step(Inlet<? extends Batch> in, Outlet out) {
    query.token().check();
    Progress refused = offer.again(out);
    if (refused != null) {
      return refused;
    }
    Batch batch = open;
    if (batch == null) {
      batch = in.poll();
      if (batch == null) {
        return in.isDone() ? Progress.DONE : Progress.STUCK;
      }
      open = batch;
      texts = (BytesColumn) expr.eval(batch).flat(batch.selection(), batch.count());
      row = 0;
    }
    return offer.give(fill(batch), out);
  }

  /** Takes rows until a batch is full or the input batch is at its end. */
  private @Nullable Batch fill(Batch batch) {
    BytesColumn column = Objects.requireNonNull(texts);
    int n = 0;
    while (n < positions.length && row < batch.count()) {
      int p = batch.position(row);
      if (!inArray) {
        number = 0;
        inArray =
            !column.isNull(p)
                && array.begin(column.slab(), column.start(p), column.start(p) + column.size(p));
      }
      if (inArray && array.next()) {
        elements.add(column.slab(), array.elementStart, array.elementEnd);
        numberNulls[n] = false;
        numbers[n] = ++number;
        positions[n++] = p;
        continue;
      }
      inArray = false;
      row++;
      if (outer && number == 0) {
        elements.addNull();
        numberNulls[n] = true;
        positions[n++] = p;
      }
    }
    if (row == batch.count()) {
      open = null;
      texts = null;
    }
    return n == 0 ? null : batch(batch, n);
  }

  private Batch batch(Batch batch, int n) {
    Column[] in = batch.columns();
    Column[] out = Arrays.copyOf(in, in.length + (ordinality ? 2 : 1));
    for (int c = 0; c < in.length; c++) {
      out[c] = in[c].gather(positions, n);
    }
    out[in.length] = elements.take();
    if (ordinality) {
      long[] nulls = null;
      for (int i = 0; i < n; i++) {
        if (numberNulls[i]) {
          nulls = nulls == null ? new long[Bits.words(n)] : nulls;
          Bits.set(nulls, i);
        }
      }
      out[in.length + 1] = new LongColumn(DataType.INT64, Arrays.copyOf(numbers, n), nulls, n);
    }
    return Batch.of(n, out);
  }
}
