package dev.penstock.nodes.group;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.expr.JsonText;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.spill.Workspace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All values in one text: {@code string-agg} (with a separator between them), {@code collect} (a
 * JSON array, nulls kept) and {@code json-object-agg} (a JSON object), values as {@code to-json}
 * writes them.
 */
final class Texts extends EntryAccumulator {
  /** How values are written. */
  enum Style {
    PLAIN,
    ARRAY,
    OBJECT
  }

  private static final byte[] NULL = "null".getBytes(StandardCharsets.UTF_8);

  private final Style style;
  private final RowOrder order;
  private final Reservation reservation;
  private final RowBytes row = new RowBytes();
  private @Nullable ListResults fromDisk;

  Texts(Style style, GroupPlan.Input input, Reservation reservation) {
    super(reservation);
    this.style = style;
    this.order = input.order();
    this.reservation = reservation;
  }

  @Override
  long settleGrowth(int groups) {
    return order.keys() > 0 ? entries.sortGrowth(groups) : 0;
  }

  @Override
  public FlatColumn[] sortItems(int[] items, long[] numbers, int count) {
    return entries.sortColumns(items, order.keys() == 0 ? numbers : null, count);
  }

  @Override
  public ListResults sorted(List<GroupPlan.Output> outputs, int groups, Workspace workspace) {
    fromDisk = new TextResults(style, outputs, workspace, reservation);
    return fromDisk;
  }

  /** What stands between two values. */
  static byte[] separator(Style style, GroupPlan.Output output) {
    return style == Style.PLAIN
        ? String.valueOf(output.parameters().get(0)).getBytes(StandardCharsets.UTF_8)
        : new byte[] {','};
  }

  @Override
  long rowBytes(FlatColumn[] values, int[][] at, int count) {
    long sum = 48L * count;
    for (int c = 0; c < values.length; c++) {
      // A character of a JSON text takes six bytes at most.
      sum +=
          (c < order.first() && style != Style.PLAIN ? 3 : 1)
              * RowBytes.bound(values[c], at[c], count);
    }
    return sum;
  }

  @Override
  void add(FlatColumn[] values, int[][] at, int @Nullable [] groups, int count) {
    for (int i = 0; i < count; i++) {
      row.clear();
      order.write(values, at, i, row);
      int keySize = row.size();
      write(values, at, i);
      entries.append(groups == null ? 0 : groups[i], row.bytes(), 0, keySize, row.size());
    }
  }

  private void write(FlatColumn[] values, int[][] at, int i) {
    if (style == Style.PLAIN) {
      BytesColumn c = (BytesColumn) values[0];
      row.raw(c.slab(), c.start(at[0][i]), c.size(at[0][i]));
      return;
    }
    FlatColumn column = values[0];
    int place = at[0][i];
    if (style == Style.OBJECT) {
      byte[] key = json(column, place);
      row.raw(key, 0, key.length);
      row.oneByte(':');
      column = values[1];
      place = at[1][i];
    }
    byte[] text = place < 0 ? NULL : json(column, place);
    row.raw(text, 0, text.length);
  }

  private static byte[] json(FlatColumn values, int place) {
    return JsonText.of(values.type(), values.value(place)).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  void settle(int groups, CancellationToken token) {
    if (order.keys() > 0) {
      entries.sort(groups, token);
    }
  }

  @Override
  FlatColumn result(GroupPlan.Output output, int[] groups, long[] valueCounts, int count) {
    if (fromDisk != null) {
      return fromDisk.result(output, groups, count);
    }
    byte[] separator = separator(style, output);
    int around = style == Style.PLAIN ? 0 : 1;
    int[] offsets = new int[count + 1];
    long[] filled = new long[count];
    long total = 0;
    for (int i = 0; i < count; i++) {
      int e = entries.first(groups[i]);
      if (e >= 0) {
        filled[i] = 1;
        total += 2 * around - separator.length;
        for (; e >= 0; e = entries.next(e)) {
          total += entries.valueSize(e) + (long) separator.length;
        }
      }
      if (total > Integer.MAX_VALUE - 16) {
        throw PenstockException.limit(
            "batch-too-wide", output.function() + " makes more than 2 GiB of text in one batch");
      }
      offsets[i + 1] = (int) total;
    }
    byte[] out = new byte[(int) total];
    for (int i = 0; i < count; i++) {
      if (filled[i] > 0) {
        write(entries.first(groups[i]), separator, out, offsets[i], offsets[i + 1]);
      }
    }
    return new BytesColumn(output.type(), out, offsets, nullsOf(filled, 1, count), count);
  }

  /** Bytes of the text of a group. */
  long textBytes(GroupPlan.Output output, int group) {
    long separator = separator(style, output).length;
    long sum = 2;
    for (int e = entries.first(group); e >= 0; e = entries.next(e)) {
      sum += entries.valueSize(e) + separator;
    }
    return sum;
  }

  private void write(int firstEntry, byte[] separator, byte[] out, int from, int to) {
    int at = from;
    if (style != Style.PLAIN) {
      out[at++] = (byte) (style == Style.ARRAY ? '[' : '{');
      out[to - 1] = (byte) (style == Style.ARRAY ? ']' : '}');
    }
    for (int e = firstEntry; e >= 0; e = entries.next(e)) {
      if (e != firstEntry) {
        System.arraycopy(separator, 0, out, at, separator.length);
        at += separator.length;
      }
      int size = entries.valueSize(e);
      System.arraycopy(entries.slab(e), entries.valueStart(e), out, at, size);
      at += size;
    }
  }
}
