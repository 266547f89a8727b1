package dev.penstock.sources.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.spill.Relief;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scan with its least memory, beside somebody who wants all that there is. */
class ReadRoomTest {
  private static final long CAP = 200L << 20;
  private static final int ROWS = 40_000;

  @TempDir static Path dir;

  /** Ten row groups; the later ones have longer texts and larger dictionaries. */
  private static ParquetSource source;

  private final Budget root = Budget.root("test", CAP);
  private final Budget scanning = root.child("scan");
  private final Budget other = root.child("other");
  private long rows;

  @BeforeAll
  static void write() {
    try (Duck duck = new Duck()) {
      source =
          ParquetSource.open(
              duck.copy(
                  "SELECT i, hash(i) % (1 + i // 8) AS n, repeat('x', 1 + (i // 1000)::INT) || i % 99 AS s "
                      + "FROM range("
                      + ROWS
                      + ") r(i)",
                  dir.resolve("groups.parquet"),
                  "ROW_GROUP_SIZE 4096, COMPRESSION zstd"));
    }
  }

  @AfterEach
  void nothingIsHeld() {
    other.close();
    scanning.close();
    assertEquals(0, root.usedBytes());
  }

  private final class Reading implements AutoCloseable {
    final DirectorySpill spill = new DirectorySpill(dir.resolve("spill"), 1L << 30);
    final long least;
    final Source.Scan scan;
    final Source.Decoder decoder;

    Reading() {
      Source.Request request = Source.Request.all(source.schema());
      Source.Needs needs = source.needs(request, CAP);
      least = needs.scanBytes() + needs.laneBytes();
      scanning.keep(least, "the least to scan with");
      scan =
          source.open(
              request,
              new QueryContext(new CancellationToken(), scanning, 1000, spill, new Relief(), 1));
      decoder = scan.decoder();
    }

    Source.Morsel next() {
      return Objects.requireNonNull(scan.next());
    }

    void decode(Source.Morsel morsel, Runnable afterEachBatch) {
      decoder.begin(morsel);
      for (Batch b = decoder.next(); b != null; b = decoder.next()) {
        rows += b.count();
        afterEachBatch.run();
      }
      afterEachBatch.run();
    }

    @Override
    public void close() {
      decoder.close();
      scan.close();
      spill.close();
    }
  }

  private void takeAll() {
    for (long step = CAP; step > 0; step /= 2) {
      while (other.tryReserve(step)) {}
    }
  }

  @Test
  void arraysThatWaitAreGivenUpWhenSomebodyIsRefused() {
    try (Reading reading = new Reading()) {
      assertEquals(reading.least, root.usedBytes());
      Source.Morsel first = reading.next();
      assertEquals(reading.least, root.usedBytes(), "the first one has its room");
      Source.Morsel second = reading.next();
      long withSecond = root.usedBytes();
      assertTrue(withSecond > reading.least, "the second one is read ahead");
      reading.decode(first, () -> {});
      reading.decode(second, () -> {});
      assertTrue(root.usedBytes() > reading.least, "its arrays wait for the next one");
      assertTrue(other.tryReserve(CAP - reading.least), "what is beyond the least is free");
      for (Source.Morsel m = reading.scan.next(); m != null; m = reading.scan.next()) {
        reading.decode(m, () -> {});
      }
      assertEquals(ROWS, rows);
    }
  }

  @Test
  void decodersHaveWhatTheyNeedWhateverIsReadAhead() {
    try (Reading reading = new Reading()) {
      Source.Morsel first = reading.next();
      Source.Morsel second = reading.next();
      takeAll();
      reading.decode(first, this::takeAll);
      reading.decode(second, this::takeAll);
      for (Source.Morsel m = reading.scan.next(); m != null; m = reading.scan.next()) {
        reading.decode(m, this::takeAll);
      }
      assertEquals(ROWS, rows);
    }
  }

  @Test
  void withAmpleMemoryArraysAreFilledAgain() {
    try (Reading reading = new Reading()) {
      Source.Morsel before = reading.next();
      long most = 0;
      for (Source.Morsel m = reading.scan.next(); m != null; m = reading.scan.next()) {
        reading.decode(before, () -> {});
        before = m;
        most = Math.max(most, root.usedBytes());
      }
      reading.decode(before, () -> {});
      assertEquals(ROWS, rows);
      assertTrue(most < 4 * reading.least, "two row groups at a time: " + most);
      assertEquals(reading.least, root.usedBytes(), "nothing waits at the end");
      assertNull(reading.scan.next());
    }
  }
}
