package dev.penstock.buffer.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.buffer.spill.RandomBatches;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MappedSegmentTest extends SegmentContract {
  @TempDir Path parent;
  private DirectorySpill space;
  private MappedKind kind;

  @BeforeEach
  void open() {
    space = new DirectorySpill(parent, 64L << 20);
    kind = Segments.mapped(space);
  }

  @AfterEach
  void close() {
    kind.close();
    assertEquals(0, space.heldBytes());
    space.close();
    assertEquals(0, parent.toFile().list().length);
  }

  @Override
  SegmentKind kind() {
    return kind;
  }

  @Override
  void assertNothingHeld() {
    assertEquals(0, kind.pagesInUse());
  }

  @Test
  void pagesAreUsedAgain() {
    Batch wide = wide();
    try (Segment segment = kind.open("law")) {
      for (int i = 0; i < 30; i++) {
        long handle = segment.append(wide);
        assertTrue(space.heldBytes() <= 16L << 20, "" + space.heldBytes());
        RandomBatches.assertSame(wide.slice(0, 9), segment.take(handle).slice(0, 9));
      }
    }
  }

  @Test
  void theQuota() {
    Batch wide = wide();
    try (Segment segment = kind.open("rows")) {
      PenstockException e =
          assertThrows(
              PenstockException.class,
              () -> {
                for (int i = 0; i < 30; i++) {
                  segment.append(wide);
                }
              });
      assertEquals(
          "rows needs 4194304 bytes more on disk, but 67108864 of at most 67108864 bytes are spilled;"
              + " raise the spill quota or the memory cap",
          e.getMessage());
      RandomBatches.assertSame(wide.slice(0, 9), segment.take(0).slice(0, 9));
    }
    assertNothingHeld();
  }

  @Test
  void aFlippedBitIsSeen() throws IOException {
    try (Segment segment = kind.open("rows")) {
      long handle = segment.append(new RandomBatches(5).next(300));
      long end = segment.bytes();
      Path file;
      try (Stream<Path> files = Files.walk(parent)) {
        file = files.filter(p -> p.endsWith("mapped-1")).findFirst().orElseThrow();
      }
      try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
        f.seek(end / 2);
        int b = f.read();
        f.seek(end / 2);
        f.write(b ^ 1);
      }
      PenstockException e = assertThrows(PenstockException.class, () -> segment.take(handle));
      assertEquals(PenstockException.Category.IO, e.category());
      assertEquals("spill-corrupt", e.code());
    }
  }
}
