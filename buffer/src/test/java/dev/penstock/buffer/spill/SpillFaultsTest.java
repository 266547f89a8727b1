package dev.penstock.buffer.spill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.block.Codec;
import dev.penstock.buffer.spill.Failpoints.Place;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A disk that fails, at every place and every call; never a wrong row, nothing left behind. */
final class SpillFaultsTest {
  private static final long ROOMY = 1L << 40;

  @TempDir Path parent;
  private final CancellationToken token = new CancellationToken();

  private void assertNothingLeft(DirectorySpill space) throws IOException {
    assertEquals(0, space.heldBytes());
    assertEquals(0, space.stagesInUse());
    try (Stream<Path> files = Files.list(parent)) {
      assertEquals(List.of(), files.toList());
    }
  }

  /** Writes about 6 MB, reads all back in between and at the end. */
  private void spillAndRead(DirectorySpill space, long seed) {
    RandomBatches batches = new RandomBatches(seed);
    try (SpillFile file = space.create("sort", token)) {
      List<Batch> written = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        Batch batch = batches.next(8000);
        written.add(batch);
        file.write(batch);
        if (i % 13 == 12) {
          RandomBatches.assertSame(written.get(i / 2), file.read(i / 2));
        }
      }
      file.seal();
      for (int i = 0; i < written.size(); i++) {
        RandomBatches.assertSame(written.get(i), file.read(i));
      }
    }
  }

  /** Throws at the n-th call of a place. */
  private static final class FailAt implements Failpoints {
    private final Place place;
    private final int call;
    private final String why;
    private int calls;

    FailAt(Place place, int call, String why) {
      this.place = place;
      this.call = call;
      this.why = why;
    }

    @Override
    public synchronized void reach(Place at, Path path, ByteBuffer bytes) throws IOException {
      if (at == place && ++calls == call) {
        throw new IOException(why);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Place.class,
      names = {"OPEN", "WRITE", "READ"})
  void everyCallFailsOnce(Place place) throws IOException {
    int reached = 0;
    for (int call = 1; ; call++) {
      FailAt fail = new FailAt(place, call, "No space left on device");
      try (DirectorySpill space = new DirectorySpill(parent, ROOMY, Codec.NONE, null, fail)) {
        if (fail.calls == 0) {
          try {
            spillAndRead(space, 42);
          } catch (PenstockException e) {
            assertEquals(PenstockException.Category.IO, e.category());
            assertEquals(place == Place.READ ? "spill-read" : "spill-write", e.code());
            String verb = place == Place.READ ? "read" : "write";
            assertTrue(
                e.getMessage().startsWith("cannot " + verb + " spilled rows of sort at " + parent),
                e.getMessage());
            assertTrue(
                e.getMessage()
                    .endsWith(
                        ": No space left on device; see that the directory is writable and its disk"
                            + " is not full, or spill to another"),
                e.getMessage());
            reached++;
            spillAndRead(space, 43); // the next one does not feel it
          }
        }
        space.close();
        assertNothingLeft(space);
      }
      if (fail.calls < call) {
        assertEquals(call - 1, reached, "every failure came through");
        assertTrue(place == Place.OPEN || reached > 3, "reached " + reached);
        return;
      }
    }
  }

  @Test
  void whoComesAfterAFailureGetsTheSame() throws IOException {
    FailAt fail = new FailAt(Place.WRITE, 1, "No space left on device");
    try (DirectorySpill space = new DirectorySpill(parent, ROOMY, Codec.NONE, null, fail)) {
      RandomBatches batches = new RandomBatches(42);
      try (SpillFile file = space.create("join", token)) {
        long handle = file.write(batches.next(10)); // is in the stage
        PenstockException first = assertThrows(PenstockException.class, file::seal);
        Batch other = batches.next(10);
        for (PenstockException later :
            List.of(
                assertThrows(PenstockException.class, () -> file.read(handle)),
                assertThrows(PenstockException.class, () -> file.write(other)))) {
          assertEquals("spill-write", later.code());
          assertEquals(PenstockException.Category.IO, later.category());
          assertEquals(first.getMessage(), later.getMessage());
        }
      }
      space.close();
      assertNothingLeft(space);
    }
  }

  @Test
  void aFileThatCannotBeDeletedIsSaid() {
    FailAt fail = new FailAt(Place.DELETE, 1, "Permission denied");
    try (DirectorySpill space = new DirectorySpill(parent, ROOMY, Codec.NONE, null, fail)) {
      PenstockException e = assertThrows(PenstockException.class, () -> spillAndRead(space, 42));
      assertEquals("spill-delete", e.code());
      assertEquals(0, space.heldBytes());
    }
    assertEquals(0, parent.toFile().list().length, "the end of the space deletes it after all");
  }

  @Test
  void shortWritesAreContinued() throws IOException {
    Random random = new Random(7);
    Failpoints shorter =
        (place, path, bytes) -> {
          if (place == Place.WRITE && bytes.remaining() > 4096 && random.nextInt(3) == 0) {
            bytes.limit(bytes.position() + 4096 * (1 + random.nextInt(bytes.remaining() / 4096)));
          }
        };
    try (DirectorySpill space = new DirectorySpill(parent, ROOMY, Codec.NONE, null, shorter)) {
      spillAndRead(space, 42);
      space.close();
      assertNothingLeft(space);
    }
  }

  @Test
  void aBitFlippedOnTheWayToTheDiskIsSeen() {
    int fewer = Integer.getInteger("penstock.test.fewer", 1);
    Random random = new Random(10 + fewer);
    for (Codec codec : Codec.values()) {
      for (int i = 0; i < 25 / fewer; i++) {
        flip(codec, Place.WRITE, random);
        flip(codec, Place.READ, random);
      }
    }
  }

  private void flip(Codec codec, Place where, Random random) {
    int[] flipped = {0};
    int pass = random.nextInt(4);
    Failpoints flip =
        (place, path, bytes) -> {
          if (place == where && flipped[0]++ == pass) {
            int from = place == Place.WRITE ? bytes.position() : 0;
            int to = place == Place.WRITE ? bytes.limit() : bytes.position();
            int at = from + random.nextInt(to - from);
            bytes.put(at, (byte) (bytes.get(at) ^ 1 << random.nextInt(8)));
          }
        };
    try (DirectorySpill space = new DirectorySpill(parent, ROOMY, codec, null, flip)) {
      try {
        spillAndRead(space, random.nextLong());
      } catch (PenstockException e) {
        assertEquals("spill-corrupt", e.code(), e.getMessage());
        assertEquals(PenstockException.Category.IO, e.category());
      } // no error: the bit was of the padding, or of a neighbour block; the rows were compared
    }
  }

  @Test
  void aFlippedBitIsSeenInEveryByteOfABlock() throws IOException {
    for (Codec codec : Codec.values()) {
      try (DirectorySpill space = new DirectorySpill(parent, ROOMY, codec)) {
        SpillFile file = space.create("sort", token);
        file.write(new RandomBatches(5).next(100));
        long end = file.sizeBytes();
        file.seal();
        Path path = Path.of(file.where());
        for (int at = 0; at < end; at++) {
          flipOnDisk(path, at);
          PenstockException e = assertThrows(PenstockException.class, () -> file.read(0), "" + at);
          assertEquals("spill-corrupt", e.code());
          flipOnDisk(path, at);
        }
        file.read(0);
      }
    }
  }

  private static void flipOnDisk(Path path, int at) throws IOException {
    try (RandomAccessFile f = new RandomAccessFile(path.toFile(), "rw")) {
      f.seek(at);
      int b = f.read();
      f.seek(at);
      f.write(b ^ 4);
    }
  }

  @Test
  void theMessageOfATruncatedFile() throws IOException {
    try (DirectorySpill space = new DirectorySpill(parent, ROOMY)) {
      SpillFile file = space.create("sort", token);
      RandomBatches batches = new RandomBatches(5);
      for (int i = 0; i < 30; i++) {
        file.write(batches.next(8000));
      }
      file.seal();
      try (RandomAccessFile f = new RandomAccessFile(file.where(), "rw")) {
        f.setLength(4096);
      }
      PenstockException e = assertThrows(PenstockException.class, () -> file.read(29));
      assertEquals("spill-corrupt", e.code());
      assertTrue(
          e.getMessage()
              .matches(
                  "block 29 of .*/sort-1 is not what was written \\(the file has \\d+ bytes where the"
                      + " block needs \\d+\\); check the disk, or spill to another one"),
          e.getMessage());
    }
  }

  @Test
  void aDirectoryThatCannotBeMade() throws IOException {
    Path plain = Files.createFile(parent.resolve("plain"));
    try (DirectorySpill space = new DirectorySpill(plain.resolve("below"), ROOMY)) {
      SpillFile file = space.create("sort", token);
      file.write(new RandomBatches(5).next(100));
      PenstockException e = assertThrows(PenstockException.class, file::seal);
      assertEquals(PenstockException.Category.IO, e.category());
      assertEquals("spill-write", e.code());
      assertTrue(
          e.getMessage()
              .startsWith("cannot write spilled rows of sort at " + plain.resolve("below") + ": "),
          e.getMessage());
      file.close();
      assertEquals(0, space.heldBytes());
      assertEquals(0, space.stagesInUse());
    }
  }
}
