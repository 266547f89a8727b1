package dev.penstock.sources.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.penstock.batch.Schema;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files give a named error or the right rows: never other rows, another exception or a
 * hang.
 */
class ParquetDamageTest {
  @TempDir static Path dir;
  static Duck duck;

  @BeforeAll
  static void open() {
    duck = new Duck();
  }

  @AfterAll
  static void close() {
    duck.close();
  }

  private static Path small(String name, String options) {
    return duck.copy(
        "SELECT i AS a, CASE WHEN i % 7 = 1 THEN NULL ELSE 'text ' || (i % 5) END AS b, (i * 1.5)::DECIMAL(12,2) AS c, "
            + "i % 2 = 0 AS d, DATE '2000-01-01' + (i % 9)::INTEGER AS e FROM range(60) r(i)",
        dir.resolve(name), options);
  }

  /** Our writer gives each page a checksum, so no flip in a page stays unseen. */
  private static Path withChecksums(ParquetSink.Compression compression) {
    ParquetSource from = ParquetSource.open(small("plain.parquet", ""));
    Path to = dir.resolve("sums" + compression + ".parquet");
    try (Budget budget = Budget.root("test", 1L << 30)) {
      QueryContext query = new QueryContext(new CancellationToken(), budget, 2048);
      try (Source.Scan scan = from.open(Source.Request.all(from.schema()), query);
          Source.Decoder decoder = scan.decoder();
          ParquetSink sink = ParquetSink.create(to, from.schema(), compression, 25, budget)) {
        for (Source.Morsel m = scan.next(); m != null; m = scan.next()) {
          decoder.begin(m);
          for (var b = decoder.next(); b != null; b = decoder.next()) {
            sink.write(b);
          }
        }
        sink.finish();
      }
    }
    return to;
  }

  /** What reading gives: rows, or the message of the one exception that is allowed. */
  private static Object read(Path file) {
    try {
      ParquetSource source = ParquetSource.open(file);
      return List.of(source.schema(), Scans.all(source));
    } catch (PenstockException e) {
      String message = String.valueOf(e.getMessage());
      assertTrue(message.contains(file.toString()) || e.code().equals("memory-cap"), message);
      assertFalse(message.contains("\n"), message);
      return message;
    }
  }

  private static int footerStart(byte[] bytes) {
    return bytes.length - 8 - LittleEndian.getInt(bytes, bytes.length - 8);
  }

  @Test
  void aFlippedBitOfTheDataIsSeenOrHarmless() throws IOException {
    long seed = System.nanoTime();
    System.out.println("ParquetDamageTest seed " + seed);
    Random random = new Random(seed);
    for (ParquetSink.Compression compression : ParquetSink.Compression.values()) {
      Path file = withChecksums(compression);
      byte[] good = Files.readAllBytes(file);
      Object expected = read(file);
      assertTrue(expected instanceof List, String.valueOf(expected));
      Path damaged = dir.resolve("damaged.parquet");
      int end = firstIndex(file);
      int seen = 0;
      int tried = 0;
      for (int bit = 32 + random.nextInt(50); bit < end * 8; bit += 1 + random.nextInt(50)) {
        tried++;
        byte[] bad = good.clone();
        bad[bit >> 3] ^= (byte) (1 << (bit & 7));
        Files.write(damaged, bad);
        Object got = read(damaged);
        if (got instanceof List && !got.equals(expected)) {
          fail(
              "seed "
                  + seed
                  + ", "
                  + compression
                  + ": bit "
                  + bit
                  + " of "
                  + (end * 8)
                  + " was flipped and other rows came: "
                  + got);
        }
        seen += got instanceof String ? 1 : 0;
      }
      assertTrue(seen > tried / 2, seen + " of " + tried + " flips were seen");
    }
  }

  /** Where the pages end and the page indexes begin. */
  private static int firstIndex(Path file) {
    return (int) ParquetFile.open(file).rowGroup(0).getColumns().get(0).getColumn_index_offset();
  }

  @Test
  void everyTruncationIsSeen() throws IOException {
    Path file = small("whole.parquet", "");
    byte[] good = Files.readAllBytes(file);
    Path damaged = dir.resolve("short.parquet");
    for (int n = 0; n < good.length; n += n < 40 || n > good.length - 40 ? 1 : 3) {
      Files.write(damaged, Arrays.copyOf(good, n));
      Object got = read(damaged);
      assertTrue(got instanceof String, "cut to " + n + " bytes: " + got);
    }
  }

  @Test
  void randomDamageOfAnyKindEndsInANamedError() throws IOException {
    long seed = System.nanoTime();
    System.out.println("ParquetDamageTest seed " + seed);
    Random random = new Random(seed);
    for (String options :
        List.of(
            "",
            "PARQUET_VERSION V2, COMPRESSION zstd",
            "COMPRESSION uncompressed",
            "COMPRESSION gzip")) {
      Path file = small("random.parquet", options);
      byte[] good = Files.readAllBytes(file);
      int footer = footerStart(good);
      Path damaged = dir.resolve("randomdamaged.parquet");
      for (int round = 0; round < 600; round++) {
        byte[] bad = good.clone();
        int flips = 1 + random.nextInt(3);
        for (int k = 0; k < flips; k++) {
          int at =
              random.nextInt(3) == 0
                  ? footer + random.nextInt(bad.length - footer)
                  : random.nextInt(bad.length);
          bad[at] = (byte) random.nextInt(256);
        }
        Files.write(damaged, bad);
        read(damaged);
      }
    }
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    Path text = dir.resolve("text.parquet");
    Files.writeString(text, "this is no Parquet file at all");
    assertMessage(
        text, text + ": expected the bytes PAR1 at its end; it is no Parquet file or cut off");
    Path tiny = dir.resolve("tiny.parquet");
    Files.writeString(tiny, "PAR1");
    assertMessage(tiny, tiny + ": a Parquet file has at least 12 bytes, this one has 4");
    Path none = dir.resolve("none.parquet");
    PenstockException e = assertThrows(PenstockException.class, () -> ParquetSource.open(none));
    assertEquals(none + ": there is no such file", e.getMessage());
    assertEquals(PenstockException.Category.IO, e.category());

    Path file = withChecksums(ParquetSink.Compression.NONE);
    byte[] bad = Files.readAllBytes(file);
    int at = new String(bad, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("text 3");
    bad[at] = 'T';
    Files.write(file, bad);
    ParquetSource source = ParquetSource.open(file);
    PenstockException sum = assertThrows(PenstockException.class, () -> Scans.all(source));
    long start = ParquetFile.chunkStart(source.files().get(0).rowGroup(0).getColumns().get(1));
    assertEquals(
        file
            + ": column b, row group 0, offset "
            + start
            + ": the checksum of a page does not match its bytes; the file is damaged, write it again",
        sum.getMessage());
  }

  private static void assertMessage(Path file, String message) {
    PenstockException e = assertThrows(PenstockException.class, () -> ParquetSource.open(file));
    assertEquals(message, e.getMessage());
    assertEquals(PenstockException.Category.INCORRECT, e.category());
  }

  @Test
  void aDeclaredSizeIsNotBelievedBeyondTheBudget() throws IOException {
    Path file = small("sized.parquet", "");
    ParquetFile open = ParquetFile.open(file);
    Schema schema = open.schema();
    try (Budget budget = Budget.root("small", 100)) {
      Source source = ParquetSource.of(List.of(open));
      QueryContext query = new QueryContext(new CancellationToken(), budget, 2048);
      try (Source.Scan scan = source.open(Source.Request.all(schema), query)) {
        PenstockException e = assertThrows(PenstockException.class, scan::next);
        assertEquals("memory-cap", e.code());
      }
      assertEquals(0, budget.usedBytes());
    }
  }

  @Test
  void aFileThatChangedIsRefused() throws IOException {
    Path file = small("changed.parquet", "");
    ParquetSource source = ParquetSource.open(file);
    long before = Files.size(file);
    byte[] longer = Arrays.copyOf(Files.readAllBytes(file), (int) before + 1);
    Files.write(file, longer);
    PenstockException e = assertThrows(PenstockException.class, () -> Scans.all(source));
    assertEquals(
        file
            + ": it had "
            + before
            + " bytes when it was opened and has "
            + (before + 1)
            + " now; open it again",
        e.getMessage());
  }
}
