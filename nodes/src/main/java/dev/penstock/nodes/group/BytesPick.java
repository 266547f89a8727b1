package dev.penstock.nodes.group;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The least or greatest of byte strings, by unsigned bytes. */
final class BytesPick extends ColumnAccumulator {
  private final boolean min;
  private final GroupBytes picked;

  BytesPick(boolean min, Reservation reservation) {
    this.min = min;
    this.picked = new GroupBytes(reservation);
  }

  @Override
  void ensure(int n) {
    picked.ensure(n);
  }

  @Override
  long growth(int groups, long rows, long bytes) {
    return picked.growth(groups, bytes);
  }

  @Override
  long rowBytes(FlatColumn[] values, int[][] at, int count) {
    return RowBytes.bound(values[0], at[0], count);
  }

  @Override
  long stateBytes(int[] groups, int count) {
    return picked.bytes(groups, count);
  }

  @Override
  FlatColumn[] save(int[] groups, int count) {
    return new FlatColumn[] {picked.save(groups, count)};
  }

  @Override
  int savedColumns() {
    return 1;
  }

  @Override
  void load(FlatColumn[] columns, int count) {
    picked.load((BytesColumn) columns[0], count);
  }

  @Override
  void add(FlatColumn values, int[] at, int @Nullable [] groups, int count) {
    BytesColumn c = (BytesColumn) values;
    byte[] slab = c.slab();
    int[] offsets = c.offsets();
    for (int i = 0; i < count; i++) {
      int start = offsets[at[i]];
      take(groups == null ? 0 : groups[i], slab, start, offsets[at[i] + 1] - start);
    }
    picked.compact();
  }

  private void take(int g, byte[] slab, int start, int size) {
    int old = picked.size(g);
    if (old >= 0) {
      int from = picked.start(g);
      int c = Arrays.compareUnsigned(slab, start, start + size, picked.slab(g), from, from + old);
      if (min ? c >= 0 : c <= 0) {
        return;
      }
    }
    picked.set(g, slab, start, size);
  }

  @Override
  void merge(Accumulator other, int[] from, int[] to, int count) {
    GroupBytes in = ((BytesPick) other).picked;
    for (int i = 0; i < count; i++) {
      int size = in.size(from[i]);
      if (size >= 0) {
        take(to[i], in.slab(from[i]), in.start(from[i]), size);
      }
    }
    picked.compact();
  }

  @Override
  FlatColumn result(GroupPlan.Output output, int[] groups, long[] valueCounts, int count) {
    DataType type = output.type();
    int[] offsets = new int[count + 1];
    long total = 0;
    for (int i = 0; i < count; i++) {
      total += Math.max(0, picked.size(groups[i]));
      if (total > Integer.MAX_VALUE - 16) {
        throw PenstockException.limit(
            "batch-too-wide", "strings of one batch hold more than 2 GiB");
      }
      offsets[i + 1] = (int) total;
    }
    byte[] out = new byte[(int) total];
    for (int i = 0; i < count; i++) {
      int size = offsets[i + 1] - offsets[i];
      if (size > 0) {
        int g = groups[i];
        System.arraycopy(picked.slab(g), picked.start(g), out, offsets[i], size);
      }
    }
    return new BytesColumn(type, out, offsets, nullsOf(valueCounts, 1, count), count);
  }
}
