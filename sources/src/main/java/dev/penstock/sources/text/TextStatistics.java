package dev.penstock.sources.text;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.ColumnStatistics;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Statistics;
import dev.penstock.sources.ColumnSample;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Figures of text files: the rows at a few places are read, the rest is estimated. Nothing of it is
 * exact, not even for a small file: nobody sees it when the file changes.
 *
 * <p>Concurrency: the sample is taken once, under the monitor.
 */
public final class TextStatistics implements Statistics {
  private static final int PLACES = 4;
  private static final int BEGIN_BYTES = 256 << 10;
  private static final int PLACE_BYTES = 64 << 10;
  private static final int UNPACKED_BYTES = 1 << 20;
  private static final long BUDGET_BYTES = 64 << 20;

  /** Opens a scan of all columns, of one file or a part of it. */
  public interface Opener {
    /**
     * @param part as {@link TextFile#from} made it when inside is true: it begins behind a line end
     *     within a file
     */
    TextScan<?> open(TextFile part, boolean inside, int blockBytes, QueryContext query);
  }

  private record Sampled(long rows, List<ColumnStatistics> columns) {
    static final Sampled NOTHING = new Sampled(-1, List.of());
  }

  private final Supplier<Schema> schema;
  private final List<TextFile> files;
  private final Opener opener;
  private @Nullable Sampled sampled;

  /**
   * @param schema asked when the sample is taken
   */
  public TextStatistics(Supplier<Schema> schema, List<TextFile> files, Opener opener) {
    this.schema = schema;
    this.files = files;
    this.opener = opener;
  }

  @Override
  public long rows() {
    return sampled().rows();
  }

  @Override
  public boolean rowsExact() {
    return false;
  }

  @Override
  public ColumnStatistics column(int ordinal) {
    List<ColumnStatistics> columns = sampled().columns();
    return columns.isEmpty() ? ColumnStatistics.UNKNOWN : columns.get(ordinal);
  }

  private synchronized Sampled sampled() {
    Sampled known = sampled;
    if (known == null) {
      try {
        known = new Sample(schema.get()).take();
      } catch (PenstockException e) {
        known = Sampled.NOTHING; // what cannot be read is the scan's to report
      }
      sampled = known;
    }
    return known;
  }

  private final class Sample {
    private final Schema all;
    private final List<ColumnSample> columns = new ArrayList<>();
    private long rows;
    private long bytes;

    Sample(Schema all) {
      this.all = all;
      for (int c = 0; c < all.size(); c++) {
        columns.add(new ColumnSample(all.type(c)));
      }
    }

    Sampled take() {
      int n = Math.min(PLACES, files.size());
      boolean whole = files.size() <= PLACES;
      for (int i = 0; i < n; i++) {
        TextFile file = files.get((int) ((2L * i + 1) * files.size() / (2L * n)));
        if (!read(file, false, n == 1 ? BEGIN_BYTES : PLACE_BYTES)) {
          whole = false;
          inside(file, PLACES / n - 1);
        }
      }
      long total = whole ? rows : rows == 0 ? -1 : Math.round(totalBytes() * rows / bytes);
      return new Sampled(total, columns.stream().map(c -> c.statistics(total, false)).toList());
    }

    /** Reads a block; true when that was the whole of the part. */
    private boolean read(TextFile part, boolean inside, int blockBytes) {
      try (Budget budget = Budget.root("statistics of " + part.name(), BUDGET_BYTES)) {
        QueryContext query = new QueryContext(new CancellationToken(), budget, Batch.ROWS);
        try (TextScan<?> scan = opener.open(part, inside, blockBytes, query);
            Source.Decoder decoder = scan.decoder()) {
          TextBlock block = scan.next();
          if (block == null) {
            return true;
          }
          int taken = block.end() - block.from();
          decoder.begin(block);
          for (Batch b = decoder.next(); b != null; b = decoder.next()) {
            rows += b.count();
            // a place each, so that a single block tells values that come again from those that do
            // not
            columns.forEach(ColumnSample::nextPlace);
            for (int c = 0; c < all.size(); c++) {
              columns.get(c).add(b.column(c), b);
            }
          }
          bytes += taken;
          return scan.next() == null;
        }
      }
    }

    /** Reads at places within a plain file, as far as they can be told from each other. */
    private void inside(TextFile file, int places) {
      long size = file.path().toFile().length();
      if (!file.isPlain() || size < (places + 2L) * BEGIN_BYTES) {
        return;
      }
      for (int p = 1; p <= places; p++) {
        try {
          // the last one near the end: there lie the greatest values of what ascends
          long at = lineAfter(file, (size - 2L * PLACE_BYTES) / places * p);
          if (at >= 0) {
            read(file.from(at), true, PLACE_BYTES);
          }
        } catch (PenstockException e) {
          assert e != null; // no record begins there, or a bad one lies there
        }
      }
    }

    private double totalBytes() {
      double total = 0;
      for (TextFile f : files) {
        total += f.path().toFile().length();
      }
      return files.get(0).isPlain() ? total : total * unpacked(files.get(0));
    }
  }

  /** The offset behind the first line end at or behind this one; -1 when there is none near. */
  private static long lineAfter(TextFile file, long offset) {
    byte[] b = new byte[PLACE_BYTES];
    try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ)) {
      int n = Math.max(0, channel.read(ByteBuffer.wrap(b), offset));
      int at = ByteScan.find(b, 0, n, (byte) '\n');
      return at == n ? -1 : offset + at + 1;
    } catch (IOException e) {
      throw PenstockException.io(
          "unreadable", file.name() + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Bytes of UTF-8 text for each byte of the file, by its begin. */
  private static double unpacked(TextFile file) {
    byte[] b = new byte[UNPACKED_BYTES];
    try (ByteInput in = file.open()) {
      int n = in.read(b, 0, b.length);
      long raw = n < b.length ? in.rawSize() : in.rawPosition();
      return (double) n / Math.max(1, raw);
    }
  }
}
