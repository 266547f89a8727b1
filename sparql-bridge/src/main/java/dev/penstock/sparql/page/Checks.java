package dev.penstock.sparql.page;

import dev.penstock.monitor.PenstockException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Which pages of a mapped file were compared with their checksums.
 *
 * <p>Concurrency: a mark is set after its page was found right. Threads may lose each other's marks
 * (a plain write of a word): the page is checked once more then.
 */
final class Checks {
  static final int PAGE_SHIFT = 16;
  static final int PAGE = 1 << PAGE_SHIFT;

  private final Path file;
  private final ByteBuffer[] windows;
  private final int windowShift;
  private final long dataBytes;
  private final int[] sums;
  private final long[] marks;

  /**
   * @param sums of the pages, in order; the last one may be short
   */
  Checks(Path file, ByteBuffer[] windows, int windowShift, long dataBytes, int[] sums) {
    this.file = file;
    this.windows = windows;
    this.windowShift = windowShift;
    this.dataBytes = dataBytes;
    this.sums = sums;
    this.marks = new long[(sums.length + 63) >>> 6];
  }

  void check(long at, int bytes) {
    int first = (int) (at >>> PAGE_SHIFT);
    int last = (int) ((at + Math.max(bytes, 1) - 1) >>> PAGE_SHIFT);
    for (int page = first; page <= last; page++) {
      if (page < 0 || page >= sums.length) {
        throw corrupt(file, "a place in it leads to byte " + at + ", beyond its end");
      }
      if ((marks[page >>> 6] & (1L << page)) == 0) {
        verify(page);
      }
    }
  }

  private void verify(int page) {
    long from = (long) page << PAGE_SHIFT;
    int n = (int) Math.min(PAGE, dataBytes - from);
    ByteBuffer window = windows[(int) (from >>> windowShift)];
    int place = (int) (from & ((1L << windowShift) - 1));
    CRC32C sum = new CRC32C();
    sum.update(window.slice(place, n).order(ByteOrder.LITTLE_ENDIAN));
    if ((int) sum.getValue() != sums[page]) {
      throw corrupt(file, "bytes " + from + " to " + (from + n) + " are not what was written");
    }
    marks[page >>> 6] |= 1L << page;
  }

  static PenstockException corrupt(Path file, String why) {
    return new PenstockException(
        PenstockException.Category.IO,
        "store-corrupt",
        file + " is corrupt: " + why + "; take the store from a copy, or load its data again");
  }
}
