package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.nodes.rows.RowStore;
import org.jspecify.annotations.Nullable;

/**
 * Makes the batches of a join from pairs, from probe rows, from build rows. Immutable; payload
 * columns are gathered here, late.
 */
final class PairColumns {
  private final JoinShape shape;
  private final RowStore store;
  private final ConstantColumn[] probeNulls;
  private final ConstantColumn[] buildNulls;

  PairColumns(JoinShape shape, RowStore store) {
    this.shape = shape;
    this.store = store;
    this.probeNulls = nulls(shape.spec.probeTypes());
    this.buildNulls = nulls(shape.storeTypes);
  }

  private static ConstantColumn[] nulls(DataType[] types) {
    ConstantColumn[] out = new ConstantColumn[types.length];
    for (int i = 0; i < out.length; i++) {
      ColumnBuilder builder = ColumnBuilder.of(types[i], 1);
      builder.appendNull();
      out[i] = new ConstantColumn(builder.build(), 1);
    }
    return out;
  }

  /** One row for each pair. */
  Batch pairs(Batch probe, int[] at, int[] ids, int count) {
    int[] output = shape.output;
    Column[] out = new Column[output.length];
    for (int i = 0; i < out.length; i++) {
      int o = output[i];
      out[i] = o >= 0 ? probe.column(o).gather(at, count) : store.gather(~o, ids, count);
    }
    return Batch.of(count, out);
  }

  /**
   * The probe batch with the build columns beside it, by physical position.
   *
   * @param ids for each physical position of the batch a build row id, negative for nulls; where no
   *     row is selected any valid one
   */
  Batch beside(Batch probe, int[] ids) {
    int[] output = shape.output;
    Column[] out = new Column[output.length];
    for (int i = 0; i < out.length; i++) {
      int o = output[i];
      out[i] = o >= 0 ? probe.column(o) : store.gather(~o, ids, probe.length());
    }
    return probe.withColumns(out);
  }

  /** The probe batch with one build row at every position. */
  Batch besideOne(Batch probe, Column[] buildRow) {
    int[] output = shape.output;
    Column[] out = new Column[output.length];
    for (int i = 0; i < out.length; i++) {
      int o = output[i];
      out[i] = o >= 0 ? probe.column(o) : spread(buildRow[~o], probe.length());
    }
    return probe.withColumns(out);
  }

  /** Probe rows alone; build columns are null. */
  Batch probeRows(Batch probe, int @Nullable [] selection, int count, @Nullable Column mark) {
    int[] output = shape.output;
    Column[] out = new Column[output.length];
    for (int i = 0; i < out.length; i++) {
      int o = output[i];
      if (o == JoinShape.MARK) {
        out[i] = java.util.Objects.requireNonNull(mark);
      } else {
        out[i] = o >= 0 ? probe.column(o) : buildNulls[~o].withLength(probe.length());
      }
    }
    return probe.withColumns(out).withSelection(selection, count);
  }

  /** The probe rows that come out because of their verdicts; perhaps none. */
  Batch concluded(Batch batch, byte[] verdicts) {
    int[] positions = batch.positions();
    int count = batch.count();
    if (shape.kind == JoinKind.MARK) {
      return probeRows(
          batch, batch.selection(), count, mark(verdicts, positions, count, batch.length()));
    }
    int[] selection = new int[count];
    int n = 0;
    if (shape.kind == JoinKind.NULL_ANTI) {
      for (int i = 0; i < count; i++) {
        int p = positions[i];
        selection[n] = p;
        n += verdicts[p] == Verdict.FALSE ? 1 : 0;
      }
    } else {
      // Without three values a verdict is 0 or 1.
      int flip = shape.kind == JoinKind.SEMI ? 0 : 1;
      for (int i = 0; i < count; i++) {
        int p = positions[i];
        selection[n] = p;
        n += verdicts[p] ^ flip;
      }
    }
    if (n == 0) {
      return ProbeStep.NOTHING;
    }
    return probeRows(batch, n == count ? batch.selection() : selection, n, null);
  }

  /** Build rows alone; probe columns are null. */
  Batch buildRows(int[] ids, int count, @Nullable Column mark) {
    int[] output = shape.output;
    Column[] out = new Column[output.length];
    for (int i = 0; i < out.length; i++) {
      int o = output[i];
      if (o == JoinShape.MARK) {
        out[i] = java.util.Objects.requireNonNull(mark);
      } else {
        out[i] = o >= 0 ? probeNulls[o].withLength(count) : store.gather(~o, ids, count);
      }
    }
    return Batch.of(count, out);
  }

  /**
   * What the residual sees for pairs: left ++ right; columns that it does not read are constant
   * nulls.
   */
  Batch residualInput(Batch probe, int[] at, int[] ids, int count) {
    Column[] out = new Column[shape.residualReads.length];
    for (int i = 0; i < out.length; i++) {
      int p = probeOrdinal(i);
      if (!shape.residualReads[i]) {
        out[i] = notRead(i, count);
      } else if (p >= 0) {
        out[i] = probe.column(p).gather(at, count);
      } else {
        out[i] = store.gather(shape.storeColumn(~p), ids, count);
      }
    }
    return Batch.of(count, out);
  }

  /** What the residual sees for all rows of a probe batch and one build row. */
  Batch residualInput(Batch probe, Column[] buildRow) {
    Column[] out = new Column[shape.residualReads.length];
    for (int i = 0; i < out.length; i++) {
      int p = probeOrdinal(i);
      if (!shape.residualReads[i]) {
        out[i] = notRead(i, probe.length());
      } else {
        out[i] = p >= 0 ? probe.column(p) : spread(buildRow[shape.storeColumn(~p)], probe.length());
      }
    }
    return probe.withColumns(out);
  }

  /** What the residual sees for one probe row and all rows of a segment. */
  Batch residualInput(Batch probe, int at, Column[] segment, int rows) {
    Column[] out = new Column[shape.residualReads.length];
    for (int i = 0; i < out.length; i++) {
      int p = probeOrdinal(i);
      if (!shape.residualReads[i]) {
        out[i] = notRead(i, rows);
      } else if (p >= 0) {
        out[i] = spread(probe.column(p).gather(new int[] {at}, 1), rows);
      } else {
        out[i] = segment[shape.storeColumn(~p)];
      }
    }
    return Batch.of(rows, out);
  }

  /** The probe ordinal of a column of left ++ right, or ~ the build ordinal. */
  private int probeOrdinal(int i) {
    int left = shape.spec.leftTypes().length;
    boolean isLeft = i < left;
    int ordinal = isLeft ? i : i - left;
    return isLeft == shape.spec.buildIsRight() ? ordinal : ~ordinal;
  }

  private Column notRead(int i, int length) {
    int p = probeOrdinal(i);
    if (p >= 0) {
      return probeNulls[p].withLength(length);
    }
    int stored = shape.storeColumn(~p);
    return stored >= 0
        ? buildNulls[stored].withLength(length)
        : ConstantColumn.of(shape.spec.buildTypes()[~p], null, length);
  }

  /** The stored columns of one build row, of length 1. */
  Column[] buildRow(int id) {
    Column[] out = new Column[shape.stored.length];
    int[] ids = {id};
    for (int i = 0; i < out.length; i++) {
      out[i] = store.gather(i, ids, 1);
    }
    return out;
  }

  private static Column spread(Column single, int length) {
    return single instanceof ConstantColumn c
        ? c.withLength(length)
        : new ConstantColumn(single.flat(null, 1), length);
  }

  /** The mark column: true where verdict is {@link Verdict#TRUE}, null where UNKNOWN. */
  static Column mark(byte[] verdicts, int[] positions, int count, int length) {
    long[] words = new long[Bits.words(length)];
    long[] nulls = null;
    for (int i = 0; i < count; i++) {
      int p = positions[i];
      if (verdicts[p] == Verdict.TRUE) {
        Bits.set(words, p);
      } else if (verdicts[p] == Verdict.UNKNOWN) {
        nulls = nulls == null ? new long[words.length] : nulls;
        Bits.set(nulls, p);
      }
    }
    return new BitColumn(DataType.BOOLEAN, words, nulls, length);
  }
}
