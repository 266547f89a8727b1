package dev.penstock.sources.parquet;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arrays of row groups that have been decoded, to be read into again. Their bytes stay reserved
 * where they were. No more than row groups were in work at once: who finds none that fits lets the
 * oldest one go.
 *
 * <p>Concurrency: under a monitor of the owner's.
 */
final class SpareReads {
  /** An array of up to so many times what is wanted is taken. */
  private static final int MUCH = 2;

  private final List<byte[]> arrays = new ArrayList<>();
  private long bytes;

  /** Bytes that lie here. */
  long bytes() {
    return bytes;
  }

  /** One of at least that size, the smallest; null when there is none. */
  byte @Nullable [] take(int size) {
    byte[] best = null;
    for (byte[] array : arrays) {
      if (array.length >= size
          && array.length / MUCH <= size
          && (best == null || array.length < best.length)) {
        best = array;
      }
    }
    if (best != null) {
      byte[] taken = best;
      arrays.removeIf(a -> a == taken);
      bytes -= taken.length;
    }
    return best;
  }

  void give(byte[] array) {
    arrays.add(array);
    bytes += array.length;
  }

  /** Lets the oldest one go; its bytes, 0 when there is none. */
  long drop() {
    if (arrays.isEmpty()) {
      return 0;
    }
    int size = arrays.remove(0).length;
    bytes -= size;
    return size;
  }

  /** Lets all go; their bytes. */
  long clear() {
    long all = bytes;
    arrays.clear();
    bytes = 0;
    return all;
  }
}
