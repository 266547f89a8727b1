package dev.penstock.sources.csv;

import dev.penstock.sources.text.ByteInput;
import dev.penstock.sources.text.ByteOrderMark;
import dev.penstock.sources.text.TextFile;
import java.util.Arrays;
import java.util.List;

/**
 * Some bytes of a file.
 *
 * @param from the first record
 * @param whole the bytes go to the end of the file
 * @param begins the bytes are the begin of the file
 */
record CsvSample(byte[] bytes, int from, int to, boolean whole, boolean begins) {
  private static final int MAX_BYTES = 1 << 28;

  /** The begin of a file, without mark and lines to skip; longer than asked for if not one record ends in it. */
  static CsvSample begin(TextFile file, int bytes, CsvOptions options) {
    byte[] b = new byte[bytes];
    int have = 0;
    try (ByteInput in = file.open()) {
      for (; ; ) {
        have += in.read(b, have, b.length - have);
        boolean whole = have < b.length;
        int from =
            SampleRows.afterLines(b, ByteOrderMark.after(file, b, have), have, options.skip());
        boolean enough = false;
        for (int i = from; i < have && !enough; i++) {
          enough = b[i] == '\n' || b[i] == '\r';
        }
        if (whole || enough || b.length >= MAX_BYTES) {
          return new CsvSample(b, from, have, whole, true);
        }
        b = Arrays.copyOf(b, b.length * 4);
      }
    }
  }

  SampleRows read(Dialect d, int max) {
    return SampleRows.read(bytes, from, to, whole, d, max);
  }

  List<int[]> rows(Dialect d, int max) {
    return read(d, max).rows();
  }
}
