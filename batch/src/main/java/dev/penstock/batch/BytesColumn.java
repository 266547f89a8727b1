package dev.penstock.batch;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Strings (UTF-8), binaries and JSON text: one slab of bytes; value i is {@code slab[offsets[i]
 * until offsets[i + 1]]}. Offsets never fall; a null has an empty or unspecified range within the
 * slab.
 */
public final class BytesColumn extends FlatColumn {
  private final byte[] slab;
  private final int[] offsets;

  public BytesColumn(
      DataType type, byte[] slab, int[] offsets, long @Nullable [] nulls, int length) {
    super(type, length, nulls);
    assert type.layout() == Layout.BYTES : type;
    assert offsets.length > length : offsets.length + " offsets for " + length + " values";
    this.slab = slab;
    this.offsets = offsets;
  }

  /** The shared slab. */
  public byte[] slab() {
    return slab;
  }

  /** The shared offsets, at least {@code length + 1} long; the first need not be 0. */
  public int[] offsets() {
    return offsets;
  }

  public int start(int position) {
    return offsets[position];
  }

  public int size(int position) {
    return offsets[position + 1] - offsets[position];
  }

  /** The value decoded; for edges, not for loops. */
  public String string(int position) {
    return new String(slab, offsets[position], size(position), StandardCharsets.UTF_8);
  }

  @Override
  public @Nullable Object value(int position) {
    if (isNull(position)) {
      return null;
    }
    return type().kind() == Kind.VARBINARY
        ? Arrays.copyOfRange(slab, offsets[position], offsets[position + 1])
        : string(position);
  }

  @Override
  public long sizeBytes() {
    return 64 + slab.length + 4L * offsets.length + nullBytes();
  }

  @Override
  public BytesColumn gather(int[] positions, int count) {
    int[] in = offsets;
    int[] out = new int[count + 1];
    long total = 0;
    for (int i = 0; i < count; i++) {
      int p = positions[i];
      total += p < 0 ? 0 : in[p + 1] - in[p];
      out[i + 1] = (int) total;
    }
    if (total > Integer.MAX_VALUE - 16) {
      throw dev.penstock.monitor.PenstockException.limit(
          "batch-too-wide", "strings of one batch hold " + total + " bytes; at most 2 GiB fit");
    }
    byte[] from = slab;
    byte[] bytes = new byte[(int) total];
    for (int i = 0; i < count; i++) {
      int p = positions[i];
      int start = out[i];
      int n = out[i + 1] - start;
      if (n > 0) {
        int at = in[p];
        if (n <= 16) {
          for (int k = 0; k < n; k++) {
            bytes[start + k] = from[at + k];
          }
        } else {
          System.arraycopy(from, at, bytes, start, n);
        }
      }
    }
    return new BytesColumn(type(), bytes, out, gatherNulls(positions, count), count);
  }
}
