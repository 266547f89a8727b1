package dev.penstock.buffer.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.buffer.spill.RandomBatches;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every kind of segment does. */
abstract class SegmentContract {
  /** A kind on room of its own. */
  abstract SegmentKind kind();

  /** Nothing is held any more by any segment of the kind. */
  abstract void assertNothingHeld() throws Exception;

  private record Waiting(long handle, Batch batch) {}

  @Test
  void whatIsAppendedIsTaken() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    RandomBatches batches = new RandomBatches(seed);
    try (Segment segment = kind().open("law")) {
      ArrayDeque<Waiting> waiting = new ArrayDeque<>();
      for (int i = 0; i < 300; i++) {
        Batch batch = batches.next(random.nextInt(20) == 0 ? 40_000 : 1500);
        waiting.add(new Waiting(segment.append(batch), batch));
        while (random.nextBoolean() && !waiting.isEmpty()) {
          Waiting next = random.nextInt(5) == 0 ? waiting.pollLast() : waiting.poll();
          if (random.nextInt(10) == 0) {
            segment.drop(next.handle());
          } else {
            RandomBatches.assertSame(next.batch(), segment.take(next.handle()));
          }
        }
      }
      for (Waiting next : waiting) {
        RandomBatches.assertSame(next.batch(), segment.take(next.handle()));
      }
    }
    assertNothingHeld();
  }

  static Batch wide() {
    Random random = new Random(4);
    Column[] columns = new Column[20];
    Arrays.setAll(
        columns, c -> new LongColumn(DataType.INT64, random.longs(65_536).toArray(), null, 65_536));
    return Batch.of(65_536, columns);
  }

  @Test
  void aBatchOfTenMegabytes() throws Exception {
    try (Segment segment = kind().open("law")) {
      Batch wide = wide();
      long first = segment.append(wide);
      long second = segment.append(wide.slice(0, 5));
      RandomBatches.assertSame(
          wide.slice(65_000, 65_536), segment.take(first).slice(65_000, 65_536));
      RandomBatches.assertSame(wide.slice(0, 5), segment.take(second));
    }
    assertNothingHeld();
  }

  @Test
  void bytesAreHeldUntilTheClose() throws Exception {
    Segment segment = kind().open("law");
    assertEquals(0, segment.bytes());
    segment.append(new RandomBatches(3).next(500));
    long handle = segment.append(new RandomBatches(3).next(500));
    assertTrue(segment.bytes() > 0);
    segment.close();
    segment.close();
    assertEquals(0, segment.bytes());
    assertThrows(IllegalStateException.class, () -> segment.take(handle));
    assertThrows(IllegalStateException.class, () -> segment.append(new RandomBatches(3).next(500)));
    assertNothingHeld();
  }

  @Test
  void aBatchIsTakenOnce() {
    try (Segment segment = kind().open("law")) {
      long handle = segment.append(new RandomBatches(3).next(500));
      segment.append(new RandomBatches(3).next(500));
      segment.take(handle);
      IllegalStateException e =
          assertThrows(IllegalStateException.class, () -> segment.take(handle));
      assertEquals("batch " + handle + " is not here", e.getMessage());
    }
  }

  @Test
  void takersBesideAnAppender() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try (Segment segment = kind().open("law")) {
      List<Future<?>> takes = new ArrayList<>();
      RandomBatches batches = new RandomBatches(9);
      for (int i = 0; i < 200; i++) {
        Batch batch = batches.next(1000);
        long handle = segment.append(batch);
        takes.add(pool.submit(() -> RandomBatches.assertSame(batch, segment.take(handle))));
      }
      for (Future<?> take : takes) {
        take.get();
      }
    } finally {
      pool.shutdownNow();
    }
    assertNothingHeld();
  }
}
