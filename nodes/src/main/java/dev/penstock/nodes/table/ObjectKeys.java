package dev.penstock.nodes.table;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.ObjectBytes;
import dev.penstock.batch.ObjectColumn;
import dev.penstock.monitor.Reservation;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Objects of the stream level, by their own equals. They count as {@link ObjectBytes} sees them.
 */
final class ObjectKeys extends KeyColumn {
  private final Reservation reservation;
  private @Nullable Object[] objects = {};

  ObjectKeys(DataType type, Reservation reservation) {
    super(type, reservation);
    this.reservation = reservation;
  }

  @Override
  void write(Located in, int[] rows, int count, int from) {
    if (objects.length < from + count) {
      int wanted = Math.max(16, Math.max(from + count, objects.length * 2));
      reservation.grow(8L * wanted);
      long before = 8L * objects.length;
      objects = Arrays.copyOf(objects, wanted);
      reservation.shrink(before);
    }
    @Nullable Object[] values = ((ObjectColumn) in.values()).values();
    int[] at = in.at();
    for (int i = 0; i < count; i++) {
      int p = at[rows[i]];
      Object object = p < 0 ? null : values[p];
      reservation.grow(ObjectBytes.of(object));
      objects[from + i] = object;
    }
  }

  @Override
  long writeGrowth(Located in, int n, int count) {
    @Nullable Object[] values = ((ObjectColumn) in.values()).values();
    return (n <= objects.length ? 0 : 8L * Math.max(16, Math.max(n, objects.length * 2)))
        + ObjectBytes.of(values, in.at(), 0, Math.min(count, in.at().length));
  }

  @Override
  int compare(Located in, int[] entries, int[] rows, int count, int[] out) {
    int n = 0;
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      if (same(in, in.at()[row], entries[row])) {
        out[n++] = row;
      }
    }
    return n;
  }

  @Override
  boolean same(Located in, int place, int entry) {
    return Objects.equals(((ObjectColumn) in.values()).values()[place], objects[entry]);
  }

  @Override
  FlatColumn read(int[] entries, int count, long @Nullable [] nulls) {
    @Nullable Object[] out = new Object[count];
    for (int i = 0; i < count; i++) {
      out[i] = entries[i] < 0 ? null : objects[entries[i]];
    }
    return new ObjectColumn(type, out, nulls, count);
  }
}
