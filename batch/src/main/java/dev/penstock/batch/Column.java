package dev.penstock.batch;

import org.jspecify.annotations.Nullable;

/**
 * A vector of values of one type. Immutable once handed on: the arrays that accessors give are
 * shared, nobody writes to them.
 *
 * <p>Positions run from 0 to {@code length - 1}. Arrays may be longer than the column. Nulls are a
 * bitmap, one bit a position (bit set = null), absent ({@code null}) when there are none; the value
 * at a null position is unspecified but valid to read. A column made by an expression over a
 * selection holds values at the selected positions only; the others are unspecified.
 */
public abstract sealed class Column permits FlatColumn, DictionaryColumn, ConstantColumn {
  private final DataType type;
  private final int length;

  Column(DataType type, int length) {
    this.type = type;
    this.length = length;
  }

  public final DataType type() {
    return type;
  }

  public final int length() {
    return length;
  }

  /** False is a promise that no position is null. */
  public abstract boolean mayHaveNulls();

  public abstract boolean isNull(int position);

  /**
   * The value as a host object (see docs/plan-language.md, section 1), null for null: for edges and
   * tests, not for loops over rows.
   */
  public abstract @Nullable Object value(int position);

  /** Bytes that this column keeps alive, at capacity. */
  public abstract long sizeBytes();

  /**
   * The same values in a flat column, at the same positions.
   *
   * @param selection the positions that matter (the first {@code count} entries), or null for 0
   *     until count
   */
  public abstract FlatColumn flat(int @Nullable [] selection, int count);

  /**
   * A new column of {@code count} values: position i of it is position {@code positions[i]} of
   * this. A negative position gives a null. Dictionary and constant columns stay such.
   */
  public abstract Column gather(int[] positions, int count);
}
