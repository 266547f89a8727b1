package dev.penstock.sources.csv;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sources.text.ByteInput;
import dev.penstock.sources.text.ByteOrderMark;
import dev.penstock.sources.text.ByteScan;
import dev.penstock.sources.text.Compression;
import dev.penstock.sources.text.TextFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
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

  /**
   * The begin of a file, without mark and lines to skip; longer than asked for if not two records
   * end in it.
   */
  static CsvSample begin(TextFile file, int bytes, CsvOptions options) {
    byte[] b = new byte[bytes];
    int have = 0;
    int delimiter = options.delimiter() < 0 ? ',' : options.delimiter();
    Dialect guessed = new Dialect(delimiter, options.quote(), options.escape(), options.comment());
    try (ByteInput in = file.open()) {
      for (; ; ) {
        have += in.read(b, have, b.length - have);
        boolean whole = have < b.length;
        int from =
            SampleRows.afterLines(b, ByteOrderMark.after(file, b, have), have, options.skip());
        boolean enough = SampleRows.read(b, from, have, whole, guessed, 2).rows().size() == 2;
        if (whole || enough || b.length >= MAX_BYTES) {
          return new CsvSample(b, from, have, whole, true);
        }
        b = Arrays.copyOf(b, b.length * 4);
      }
    }
  }

  /**
   * Some bytes at other places of a plain file, each from behind a line end; none of a file that is
   * packed or small. Whether a record begins there is for the reader to judge.
   */
  static List<CsvSample> inside(TextFile file, int places, int bytes) {
    List<CsvSample> out = new ArrayList<>();
    if (file.compression() != Compression.NONE || !file.charset().equals(StandardCharsets.UTF_8)) {
      return out;
    }
    try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < (places + 2L) * bytes * 4) {
        return out;
      }
      for (int i = 1; i <= places; i++) {
        byte[] b = new byte[bytes];
        int n = Math.max(0, channel.read(ByteBuffer.wrap(b), size / places * i - 2L * bytes));
        int from = ByteScan.find(b, 0, n, (byte) '\n') + 1;
        if (from < n) {
          out.add(new CsvSample(b, from, n, false, false));
        }
      }
      return out;
    } catch (IOException e) {
      throw PenstockException.io(
          "unreadable", file.name() + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Has a field of these rows a line end, so that a line need not begin a record. */
  boolean hasLineEnds(List<int[]> rows) {
    for (int[] row : rows) {
      for (int i = 0; i < row.length; i += 2) {
        int start = row[i] & CsvTokenizer.OFFSET;
        if (row[i] < 0 && ByteScan.find(bytes, start, row[i + 1], (byte) '\n') < row[i + 1]) {
          return true;
        }
      }
    }
    return false;
  }

  SampleRows read(Dialect d, int max) {
    return SampleRows.read(bytes, from, to, whole, d, max);
  }

  List<int[]> rows(Dialect d, int max) {
    return read(d, max).rows();
  }
}
