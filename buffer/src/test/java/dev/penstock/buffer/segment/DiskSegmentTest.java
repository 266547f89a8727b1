package dev.penstock.buffer.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.monitor.CancellationToken;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class DiskSegmentTest extends SegmentContract {
  @TempDir Path parent;
  private DirectorySpill space;

  @BeforeEach
  void open() {
    space = new DirectorySpill(parent, 1L << 30);
  }

  @AfterEach
  void close() {
    space.close();
    assertEquals(0, parent.toFile().list().length);
  }

  @Override
  SegmentKind kind() {
    return Segments.disk(space, new CancellationToken());
  }

  @Override
  void assertNothingHeld() {
    assertEquals(0, space.heldBytes());
  }
}
