package dev.penstock.buffer.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.pipes.PipeEnds;
import dev.penstock.pipes.PipeLaws;
import dev.penstock.pipes.Subscription;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The laws of pipes on composite pipes, whatever lies where; and what is their own. */
final class CompositePipeTest {
  private static final CancellationToken TOKEN = new CancellationToken();

  static Batch batch(int number) {
    return Batch.of(1, new LongColumn(DataType.INT64, new long[] {number}, null, 1));
  }

  static int numberOf(Batch batch) {
    return (int) ((LongColumn) batch.column(0)).values()[0];
  }

  /** The laws, on pipes of one way of overflowing. */
  abstract static class Laws extends PipeLaws<Batch> {
    @TempDir Path parent;
    private DirectorySpill space;
    private final List<CompositePipe> opened = new ArrayList<>();

    abstract long heapBytes(long capacity);

    SegmentKind kind(DirectorySpill room) {
      return Segments.disk(room, TOKEN);
    }

    void closeKind() {}

    CompositePipe pipe(long capacity, SegmentKind kind) {
      return new CompositePipe("law", heapBytes(capacity), capacity, kind, tight());
    }

    abstract BooleanSupplier tight();

    @Override
    public PipeEnds<Batch> open(int capacityItems) {
      if (space == null) {
        space = new DirectorySpill(parent, 1L << 30);
      }
      long capacity = capacityItems * weight();
      CompositePipe pipe = pipe(capacity, kind(space));
      opened.add(pipe);
      return PipeEnds.of(pipe);
    }

    @Override
    public Batch item(int number) {
      return batch(number);
    }

    @Override
    public int number(Batch item) {
      return numberOf(item);
    }

    @Override
    public long weight() {
      return batch(0).sizeBytes();
    }

    @AfterEach
    void whatIsDoneHoldsNothing() throws IOException {
      for (CompositePipe pipe : opened) {
        pipe.stop();
        assertTrue(pipe.isDone());
        assertEquals(0, pipe.residentBytes());
        assertEquals(0, pipe.overflowBytes());
      }
      closeKind();
      if (space != null) {
        assertEquals(0, space.heldBytes());
        space.close();
      }
      try (Stream<Path> left = Files.list(parent)) {
        assertEquals(List.of(), left.toList());
      }
    }
  }

  @Nested
  final class AllOnTheHeap extends Laws {
    @Override
    long heapBytes(long capacity) {
      return Long.MAX_VALUE;
    }

    @Override
    BooleanSupplier tight() {
      return () -> false;
    }
  }

  @Nested
  final class AllOnDisk extends Laws {
    @Override
    long heapBytes(long capacity) {
      return 0;
    }

    @Override
    BooleanSupplier tight() {
      return () -> true;
    }
  }

  @Nested
  final class AllMapped extends Laws {
    private MappedKind kind;

    @Override
    long heapBytes(long capacity) {
      return 0;
    }

    @Override
    BooleanSupplier tight() {
      return () -> true;
    }

    @Override
    SegmentKind kind(DirectorySpill room) {
      if (kind == null) {
        kind = Segments.mapped(room);
      }
      return kind;
    }

    @Override
    void closeKind() {
      if (kind != null) {
        assertEquals(0, kind.pagesInUse());
        kind.close();
      }
    }
  }

  @Nested
  final class HalfOnTheHeap extends Laws {
    @Override
    long heapBytes(long capacity) {
      return capacity / 2;
    }

    @Override
    BooleanSupplier tight() {
      return () -> false;
    }
  }

  /** Pipes that would go ahead if others minded. */
  abstract static class CouldGoAhead extends Laws {
    @Override
    long heapBytes(long capacity) {
      return capacity;
    }

    @Override
    CompositePipe pipe(long capacity, SegmentKind kind) {
      return CompositePipe.ahead("law", capacity, kind, tight(), 1L << 30, () -> false);
    }
  }

  @Nested
  final class CouldGoAheadAndNobodyMinds extends CouldGoAhead {
    @Override
    BooleanSupplier tight() {
      return () -> false;
    }
  }

  @Nested
  final class CouldGoAheadWhileTight extends CouldGoAhead {
    private final AtomicLong asked = new AtomicLong();

    @Override
    BooleanSupplier tight() {
      return () -> asked.incrementAndGet() % 2 == 0;
    }
  }

  @TempDir Path parent;

  @Test
  void aPipeGoesAheadWhenOthersMind() {
    AtomicBoolean minded = new AtomicBoolean();
    AtomicLong told = new AtomicLong();
    try (DirectorySpill space = new DirectorySpill(parent, 1L << 30)) {
      CompositePipe pipe =
          CompositePipe.ahead(
              "rows", 2L << 20, Segments.disk(space, TOKEN), () -> false, 8L << 20, minded::get);
      Subscription wanted = pipe.addCreditCallback(told::incrementAndGet);
      int in = 0;
      while (pipe.credit() > 0) {
        pipe.enqueue(wide(in++));
      }
      pipe.enqueue(wide(in++)); // a second producer
      assertEquals(0, pipe.overflowedBytes(), "full is full, on the heap");
      assertTrue(pipe.residentBytes() < 3 << 20, "" + pipe.residentBytes());
      minded.set(true);
      pipe.goAhead();
      assertEquals(1, told.get());
      while (pipe.credit() > 0) {
        pipe.enqueue(wide(in++));
      }
      long ahead = pipe.overflowBytes();
      assertTrue(ahead >= 8 << 20 && ahead < 11 << 20, "" + ahead);
      wanted.cancel();
      pipe.goAhead();
      assertEquals(1, told.get());
      minded.set(false);
      for (int out = 0; out < in; out++) {
        assertEquals(out, numberOf(pipe.dequeue()));
      }
      assertEquals(2L << 20, pipe.credit());
      pipe.enqueue(wide(in));
      assertEquals(ahead, pipe.overflowedBytes(), "on the heap again");
      pipe.stop();
      assertEquals(0, space.heldBytes());
    }
  }

  @Test
  void aPipeThatFindsNoRoomPausesItsProducers() {
    try (DirectorySpill space = new DirectorySpill(parent, 1L << 20)) {
      CompositePipe pipe =
          CompositePipe.ahead(
              "rows", 2L << 20, Segments.disk(space, TOKEN), () -> true, 1L << 30, () -> true);
      int in = 0;
      while (pipe.credit() > 0) {
        pipe.enqueue(wide(in++));
      }
      assertTrue(pipe.residentBytes() <= 3 << 20, "" + pipe.residentBytes());
      assertTrue(pipe.overflowBytes() > 0);
      for (int out = 0; out < in; out++) {
        assertEquals(out, numberOf(pipe.dequeue()));
      }
      assertTrue(pipe.credit() > 0);
      pipe.stop();
      assertEquals(0, space.heldBytes());
    }
  }

  @Test
  void whatIsBeyondTheQuotaGoesToTheOtherKind() {
    try (DirectorySpill near = new DirectorySpill(parent.resolve("near"), 1L << 20);
        DirectorySpill far = new DirectorySpill(parent.resolve("far"), 1L << 30)) {
      SegmentKind both = Segments.orBeyond(Segments.disk(near, TOKEN), Segments.disk(far, TOKEN));
      CompositePipe pipe = new CompositePipe("rows", 0, 1L << 30, both, () -> true);
      for (int i = 0; i < 40; i++) {
        pipe.enqueue(wide(i));
      }
      assertTrue(near.heldBytes() > 0 && far.heldBytes() > 3 << 20, "" + far.heldBytes());
      for (int i = 0; i < 30; i++) {
        assertEquals(i, numberOf(pipe.dequeue()));
      }
      pipe.stop();
      assertEquals(0, near.heldBytes());
      assertEquals(0, far.heldBytes());
    }
  }

  @Test
  void underPressureTheHeadStaysOnTheHeapAndTheRestGoesToDisk() {
    AtomicBoolean tight = new AtomicBoolean();
    try (DirectorySpill space = new DirectorySpill(parent, 1L << 30)) {
      CompositePipe pipe =
          new CompositePipe("rows", 32L << 20, 1L << 30, Segments.disk(space, TOKEN), tight::get);
      long seed = new Random().nextLong();
      System.out.println("seed " + seed);
      Random random = new Random(seed);
      int in = 0;
      int out = 0;
      for (int round = 0; round < 60; round++) {
        tight.set(random.nextBoolean());
        for (int n = random.nextInt(40); n > 0; n--) {
          pipe.enqueue(wide(in++));
        }
        for (int n = random.nextInt(40); n > 0 && out < in; n--) {
          assertEquals(out, numberOf(pipe.dequeue()));
          out++;
        }
      }
      tight.set(true);
      long before = pipe.residentBytes();
      for (int i = 0; i < 50; i++) {
        pipe.enqueue(wide(in++));
      }
      assertTrue(pipe.residentBytes() <= Math.max(before, 1 << 20), "" + pipe.residentBytes());
      assertTrue(pipe.overflowBytes() > 0);
      assertTrue(space.heldBytes() > 0);
      assertEquals(pipe.meter().bytesWaiting(), pipe.residentBytes() + pipe.overflowBytes());
      pipe.close();
      while (out < in) {
        assertEquals(out++, numberOf(pipe.dequeue()));
      }
      assertNull(pipe.dequeue());
      assertTrue(pipe.isDone());
      assertEquals(0, space.heldBytes());
      assertTrue(pipe.overflowedBytes() > 0);
    }
  }

  private static Batch wide(int number) {
    long[] values = new long[16_384];
    values[0] = number;
    return Batch.of(values.length, new LongColumn(DataType.INT64, values, null, values.length));
  }

  @Test
  void whatWasReadIsFreeOnDiskBeforeTheEnd() {
    try (DirectorySpill space = new DirectorySpill(parent, 1L << 30)) {
      CompositePipe pipe =
          new CompositePipe("rows", 0, 1L << 30, Segments.disk(space, TOKEN), () -> true);
      for (int i = 0; i < 1100; i++) {
        pipe.enqueue(wide(i));
      }
      assertEquals(
          List.of("disk 3"),
          pipe.overflowPlaces().stream().map(p -> p.kind() + " " + p.opened()).toList());
      assertEquals(1100L * wide(0).count(), pipe.meter().rowsWaiting());
      long all = space.heldBytes();
      for (int i = 0; i < 600; i++) {
        pipe.dequeue();
      }
      assertTrue(space.heldBytes() <= all - (64L << 20), all + " " + space.heldBytes());
      pipe.stop();
      assertEquals(0, space.heldBytes());
    }
  }

  @Test
  void aFullQuotaFailsThePipe() {
    try (DirectorySpill space = new DirectorySpill(parent, 1L << 20)) {
      CompositePipe pipe =
          new CompositePipe("rows", 0, 1L << 30, Segments.disk(space, TOKEN), () -> true);
      for (int i = 0; i < 10; i++) {
        pipe.enqueue(wide(i));
      }
      assertTrue(pipe.isStopped());
      PenstockException e = (PenstockException) pipe.error();
      assertEquals(PenstockException.Category.LIMIT, e.category());
      assertEquals("spill-quota", e.code());
      assertEquals(0, space.heldBytes());
      assertNull(pipe.dequeue());
    }
  }

  @Test
  void aBlockThatCannotBeReadIsThrownAtTheOneWhoTakesIt() throws IOException {
    try (DirectorySpill space = new DirectorySpill(parent, 1L << 30)) {
      CompositePipe pipe =
          new CompositePipe("rows", 0, 1L << 30, Segments.disk(space, TOKEN), () -> true);
      for (int i = 0; i < 20; i++) {
        pipe.enqueue(wide(i));
      }
      pipe.close();
      try (Stream<Path> files = Files.walk(parent)) {
        Path file = files.filter(p -> p.endsWith("rows-1")).findFirst().orElseThrow();
        try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
          f.seek(100);
          f.write(77);
        }
      }
      PenstockException e = assertThrows(PenstockException.class, pipe::dequeue);
      assertEquals("spill-corrupt", e.code());
      assertEquals(e, pipe.error());
      assertEquals(0, space.heldBytes());
    }
  }
}
