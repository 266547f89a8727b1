package dev.penstock.nodes.group;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Kind;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.table.ByteSlabs;
import dev.penstock.nodes.table.Ints;
import dev.penstock.nodes.table.Longs;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * All values as JSON array text. Numbers and booleans as such (but NaN and infinities as strings),
 * JSON as it is, binaries as hex, the rest as strings of their ISO text; nulls are kept.
 *
 * <pre>
 * group -> first entry -> next entry -> ... ; an entry is a text in the slabs
 * </pre>
 */
final class Collect extends Accumulator {
  private static final byte[] NULL = "null".getBytes(StandardCharsets.UTF_8);

  private final Kind kind;
  private final Ints first;
  private final Ints last;
  private final Ints next;
  private final Longs places;
  private final Ints sizes;
  private final ByteSlabs slabs;
  private int entries;

  Collect(DataType input, Reservation reservation) {
    this.kind = input.kind();
    this.first = new Ints(reservation, -1);
    this.last = new Ints(reservation, -1);
    this.next = new Ints(reservation, -1);
    this.places = new Longs(reservation);
    this.sizes = new Ints(reservation);
    this.slabs = new ByteSlabs(reservation);
  }

  @Override
  void ensure(int n) {
    first.ensure(n);
    last.ensure(n);
  }

  @Override
  void add(FlatColumn values, int[] at, int @Nullable [] groups, int count) {
    for (int i = 0; i < count; i++) {
      byte[] text = at[i] < 0 ? NULL : text(values, at[i]);
      append(groups == null ? 0 : groups[i], text, 0, text.length);
    }
  }

  private void append(int g, byte[] text, int start, int size) {
    int e = entries;
    if (e == Integer.MAX_VALUE) {
      throw PenstockException.limit("too-many-values", "collect has more than 2^31 values");
    }
    next.ensure(e + 1);
    places.ensure(e + 1);
    sizes.ensure(e + 1);
    places.set(e, slabs.add(text, start, size));
    sizes.set(e, size);
    entries++;
    int tail = last.get(g);
    if (tail < 0) {
      first.set(g, e);
    } else {
      next.set(tail, e);
    }
    last.set(g, e);
  }

  private byte[] text(FlatColumn values, int place) {
    Object v = values.value(place);
    String text;
    switch (kind) {
      case JSON, BOOLEAN, INT32, INT64 -> text = String.valueOf(v);
      case DECIMAL -> text = ((BigDecimal) v).toPlainString();
      case FLOAT64 -> text = Double.isFinite((Double) v) ? v.toString() : quoted(v.toString());
      case VARBINARY -> text = quoted(HexFormat.of().formatHex((byte[]) v));
      default -> text = quoted(String.valueOf(v));
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String quoted(String s) {
    StringBuilder out = new StringBuilder(s.length() + 2).append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }

  @Override
  void merge(Accumulator other, int[] from, int[] to, int count) {
    Collect in = (Collect) other;
    for (int i = 0; i < count; i++) {
      for (int e = in.first.get(from[i]); e >= 0; e = in.next.get(e)) {
        long place = in.places.get(e);
        append(to[i], in.slabs.slab(place), (int) place, in.sizes.get(e));
      }
    }
  }

  @Override
  FlatColumn result(String function, DataType type, int[] groups, long[] valueCounts, int count) {
    int[] offsets = new int[count + 1];
    long total = 0;
    for (int i = 0; i < count; i++) {
      int e = first.get(groups[i]);
      total += e < 0 ? 0 : 1;
      for (; e >= 0; e = next.get(e)) {
        total += sizes.get(e) + 1;
      }
      if (total > Integer.MAX_VALUE - 16) {
        throw PenstockException.limit(
            "batch-too-wide", "collect makes more than 2 GiB of text in one batch");
      }
      offsets[i + 1] = (int) total;
    }
    byte[] out = new byte[(int) total];
    int at = 0;
    long[] without = new long[count];
    for (int i = 0; i < count; i++) {
      int e = first.get(groups[i]);
      without[i] = e < 0 ? 0 : 1;
      for (byte before = '['; e >= 0; e = next.get(e), before = ',') {
        out[at++] = before;
        long place = places.get(e);
        System.arraycopy(slabs.slab(place), (int) place, out, at, sizes.get(e));
        at += sizes.get(e);
      }
      if (without[i] > 0) {
        out[at++] = ']';
      }
    }
    return new BytesColumn(type, out, offsets, nullsOf(without, 1, count), count);
  }
}
