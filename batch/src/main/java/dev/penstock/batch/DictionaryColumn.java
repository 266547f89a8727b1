package dev.penstock.batch;

import org.jspecify.annotations.Nullable;

/**
 * Values by reference: position i is {@code dictionary[ids[i]]}. A null is a null of the
 * dictionary, or an id of -1. The dictionary is shared by many columns (equal object = equal ids
 * mean equal values); its values need not be distinct unless its maker says so.
 */
public final class DictionaryColumn extends Column {
  private final int[] ids;
  private final FlatColumn dictionary;
  private final boolean mayHaveNulls;

  public DictionaryColumn(FlatColumn dictionary, int[] ids, int length) {
    this(dictionary, ids, length, true);
  }

  /**
   * @param negativeIds false promises that no id is negative
   */
  public DictionaryColumn(FlatColumn dictionary, int[] ids, int length, boolean negativeIds) {
    super(dictionary.type(), length);
    this.ids = ids;
    this.dictionary = dictionary;
    this.mayHaveNulls = negativeIds || dictionary.mayHaveNulls();
  }

  /** The shared ids; at least {@code length} long. */
  public int[] ids() {
    return ids;
  }

  public FlatColumn dictionary() {
    return dictionary;
  }

  @Override
  public boolean mayHaveNulls() {
    return mayHaveNulls;
  }

  @Override
  public boolean isNull(int position) {
    return ids[position] < 0 || dictionary.isNull(ids[position]);
  }

  @Override
  public @Nullable Object value(int position) {
    return ids[position] < 0 ? null : dictionary.value(ids[position]);
  }

  @Override
  public long sizeBytes() {
    return 48 + 4L * ids.length + dictionary.sizeBytes();
  }

  @Override
  public FlatColumn flat(int @Nullable [] selection, int count) {
    if (selection == null) {
      return (FlatColumn) dictionary.gather(ids, count);
    }
    // Positions that are not selected become null: cheap, and nobody reads them.
    int[] spread = new int[length()];
    java.util.Arrays.fill(spread, -1);
    for (int i = 0; i < count; i++) {
      spread[selection[i]] = ids[selection[i]];
    }
    FlatColumn flat = (FlatColumn) dictionary.gather(spread, length());
    return mayHaveNulls ? flat : FlatColumns.withoutNulls(flat);
  }

  @Override
  public DictionaryColumn gather(int[] positions, int count) {
    int[] in = ids;
    int[] out = new int[count];
    int all = 0;
    for (int i = 0; i < count; i++) {
      int p = positions[i];
      int id = p < 0 ? -1 : in[p];
      out[i] = id;
      all |= id;
    }
    return new DictionaryColumn(dictionary, out, count, all < 0);
  }
}
