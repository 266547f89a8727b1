package dev.penstock.buffer.spill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.ObjectColumn;
import dev.penstock.buffer.block.Codec;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DirectorySpillTest {
  private static final long ROOMY = 1L << 40;

  @TempDir Path parent;
  private final CancellationToken token = new CancellationToken();

  private static Batch longs(int rows, long from) {
    long[] values = new long[rows];
    for (int i = 0; i < rows; i++) {
      values[i] = from + i;
    }
    return Batch.of(rows, new LongColumn(DataType.INT64, values, null, rows));
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.walk(parent)) {
      return files.filter(p -> !p.equals(parent)).toList();
    }
  }

  @ParameterizedTest
  @EnumSource(Codec.class)
  void whatIsWrittenIsRead(Codec codec) throws IOException {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    RandomBatches batches = new RandomBatches(seed);
    Random random = new Random(seed);
    try (DirectorySpill space = new DirectorySpill(parent, ROOMY, codec)) {
      SpillFile file = space.create("law", token);
      List<Batch> written = new ArrayList<>();
      List<Long> handles = new ArrayList<>();
      for (int i = 0; i < 120; i++) {
        Batch batch = batches.next(random.nextInt(10) == 0 ? 60_000 : 3000);
        written.add(batch);
        handles.add(file.write(batch));
        if (random.nextInt(8) == 0) {
          int k = random.nextInt(handles.size());
          RandomBatches.assertSame(written.get(k), file.read(handles.get(k)));
        }
      }
      file.seal();
      assertEquals(0, space.stagesInUse());
      for (int i = 0; i < written.size(); i++) {
        Batch back = file.read(handles.get(i));
        RandomBatches.assertSame(written.get(i), back);
        assertTrue(back.sizeBytes() <= file.readBytes(handles.get(i)), "" + i);
      }
      assertEquals(space.heldBytes(), file.sizeBytes());
      assertEquals(space.writtenBytes(), file.sizeBytes());
      assertEquals(space.writtenRawBytes(), file.rawBytes());
      assertEquals(file.sizeBytes(), Files.size(Path.of(file.where())));
      file.close();
      file.close();
      assertEquals(0, space.heldBytes());
      assertEquals(0, space.stagesInUse());
    }
    assertEquals(List.of(), left());
  }

  @Test
  void aBlockOfManyStages() {
    try (DirectorySpill space = new DirectorySpill(parent, ROOMY)) {
      SpillFile file = space.create("wide", token);
      Batch one = longs(65_536, 1);
      Batch wide =
          one.withColumns(
              one.column(0),
              one.column(0),
              one.column(0),
              one.column(0),
              one.column(0),
              one.column(0),
              one.column(0));
      long first = file.write(longs(3, 7));
      long second = file.write(wide);
      long third = file.write(longs(5, 9));
      RandomBatches.assertSame(wide, file.read(second));
      RandomBatches.assertSame(longs(3, 7), file.read(first));
      RandomBatches.assertSame(longs(5, 9), file.read(third));
    }
  }

  @Test
  void moreFilesThanStages() {
    try (DirectorySpill space = new DirectorySpill(parent, ROOMY)) {
      List<SpillFile> files = new ArrayList<>();
      for (int i = 0; i < 2 * Stages.MOST; i++) {
        files.add(space.create("many", token));
      }
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < files.size(); i++) {
          assertEquals(round, files.get(i).write(longs(100, 1000L * i + round)));
        }
      }
      assertTrue(space.stagesInUse() < Stages.MOST);
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < files.size(); i++) {
          RandomBatches.assertSame(longs(100, 1000L * i + round), files.get(i).read(round));
        }
      }
    }
  }

  @Test
  void nothingIsOnDiskBeforeAStageIsFull() throws IOException {
    try (DirectorySpill space = new DirectorySpill(parent, ROOMY)) {
      SpillFile file = space.create("small", token);
      file.write(longs(10, 0));
      assertNull(file.where());
      assertEquals(List.of(), left());
    }
  }

  @Test
  void smallBlocksReadAsTheyAreWritten() {
    try (DirectorySpill space = new DirectorySpill(parent, ROOMY)) {
      SpillFile file = space.create("small", token);
      for (int i = 0; i < 40_000; i++) {
        file.write(longs(1, i));
        if (i % 3 == 0) {
          RandomBatches.assertSame(longs(1, i), file.read(i));
          RandomBatches.assertSame(longs(1, i / 2), file.read(i / 2));
        }
        if (i % 18_724 > 18_700) { // blocks across the end of a stage
          RandomBatches.assertSame(longs(1, i), file.read(i));
        }
      }
    }
  }

  @Test
  void readersBesideTheWriter() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try (DirectorySpill space = new DirectorySpill(parent, ROOMY)) {
      SpillFile file = space.create("shared", token);
      List<Future<?>> reads = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        long handle = file.write(longs(4000, i));
        int k = i;
        reads.add(pool.submit(() -> RandomBatches.assertSame(longs(4000, k), file.read(handle))));
      }
      for (Future<?> read : reads) {
        read.get();
      }
      file.close();
      assertEquals(0, space.stagesInUse());
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void theQuota() {
    try (DirectorySpill space = new DirectorySpill(parent, 2000)) {
      SpillFile file = space.create("sort", token);
      file.write(longs(100, 0));
      PenstockException e = assertThrows(PenstockException.class, () -> file.write(longs(200, 0)));
      assertEquals(PenstockException.Category.LIMIT, e.category());
      assertEquals(
          "sort needs 1648 bytes more on disk, but 848 of at most 2000 bytes are spilled; raise the"
              + " spill quota or the memory cap",
          e.getMessage());
      RandomBatches.assertSame(longs(100, 0), file.read(0));
      assertEquals(1, file.write(longs(10, 0)), "what is smaller still fits");
      file.close();
      assertEquals(0, space.heldBytes());
    }
  }

  @Test
  void aCancelledQueryReadsAndWritesNothing() {
    try (DirectorySpill space = new DirectorySpill(parent, ROOMY)) {
      SpillFile file = space.create("sort", token);
      file.write(longs(100, 0));
      token.cancel(CancellationToken.Reason.PERSON, "enough");
      assertSame(
          token.cause(), assertThrows(PenstockException.class, () -> file.write(longs(1, 1))));
      assertSame(token.cause(), assertThrows(PenstockException.class, () -> file.read(0)));
    }
  }

  @Test
  void objectsOfUnknownClassesAreRefused() {
    try (DirectorySpill space = new DirectorySpill(parent, ROOMY)) {
      SpillFile file = space.create("sort", token);
      Batch batch =
          Batch.of(1, new ObjectColumn(DataType.ANY, new Object[] {new Object()}, null, 1));
      PenstockException e = assertThrows(PenstockException.class, () -> file.write(batch));
      assertEquals(PenstockException.Category.UNSUPPORTED, e.category());
      assertEquals(
          "a java.lang.Object cannot be spilled: Class is not registered: Object; allow its class,"
              + " or raise the memory cap",
          e.getMessage());
      assertEquals(0, space.heldBytes());
    }
  }

  @Test
  void largeFilesAreDeletedByTheWay() throws IOException {
    Batch wide = longs(65_536, 0);
    try (DirectorySpill space = new DirectorySpill(parent, 200L << 20)) {
      for (int round = 0; round < 3; round++) {
        SpillFile file = space.create("large", token);
        while (file.sizeBytes() < 150L << 20) { // the second finds room once the first is gone
          file.write(wide);
        }
        file.close();
      }
    }
    assertEquals(List.of(), left());
  }
}
