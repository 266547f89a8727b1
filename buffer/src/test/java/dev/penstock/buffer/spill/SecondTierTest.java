package dev.penstock.buffer.spill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.block.Codec;
import dev.penstock.buffer.object.ObjectStore;
import dev.penstock.buffer.object.S3Server;
import dev.penstock.buffer.segment.CompositePipe;
import dev.penstock.buffer.segment.Segments;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks go to an object store when the quota of the disk is reached. */
final class SecondTierTest {
  private static S3Server server;

  @TempDir Path parent;
  private final CancellationToken token = new CancellationToken();

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void aPipeTellsWhatLiesThere() {
    RandomBatches batches = new RandomBatches(8);
    try (DirectorySpill near = new DirectorySpill(parent.resolve("near"), 1L << 20);
        DirectorySpill space = new DirectorySpill(parent, 2L << 20, Codec.NONE, server.store())) {
      CompositePipe pipe =
          new CompositePipe(
              "rows",
              0,
              1L << 40,
              Segments.orBeyond(Segments.disk(near, token), Segments.disk(space, token)),
              () -> true);
      int count = 90;
      for (int i = 0; i < count; i++) {
        pipe.enqueue(batches.next(6000));
      }
      List<CompositePipe.Place> places = pipe.overflowPlaces();
      assertEquals(
          List.of("disk", "object"), places.stream().map(CompositePipe.Place::kind).toList());
      assertTrue(places.get(1).bytesWaiting() > 0, places.toString());
      assertEquals(places.get(1).bytesWaiting(), places.get(1).bytesSoFar());
      for (int i = 0; i < count; i++) {
        assertTrue(pipe.dequeue() != null);
      }
      for (CompositePipe.Place place : pipe.overflowPlaces()) {
        assertEquals(0, place.bytesWaiting(), place.toString());
      }
      pipe.close();
    }
  }

  @Test
  void beyondTheQuota() {
    ObjectStore store = server.store();
    RandomBatches batches = new RandomBatches(8);
    try (DirectorySpill space = new DirectorySpill(parent, 2L << 20, Codec.NONE, store)) {
      SpillFile file = space.create("sort", token);
      List<Batch> written = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        Batch batch = batches.next(6000);
        written.add(batch);
        assertEquals(i, file.write(batch));
      }
      file.seal();
      assertTrue(space.heldBytes() <= 2L << 20);
      assertTrue(space.overflowedBytes() > 0);
      assertTrue(server.count() > 5, "" + server.count());
      for (int i = 0; i < written.size(); i++) {
        RandomBatches.assertSame(written.get(i), file.read(i));
        assertTrue(file.readBytes(i) > 0);
      }
      SpillFile second = space.create("join", token);
      second.write(written.get(20));
      RandomBatches.assertSame(written.get(20), second.read(0));
      second.close();
      file.close();
      assertEquals(0, server.count());
      assertEquals(0, space.heldBytes());
      SpillFile third = space.create("join", token);
      third.write(written.get(20));
      assertEquals(0, server.count(), "there is room on the disk again");
      third.close();
    }
    assertEquals(0, parent.toFile().list().length);
  }

  @Test
  void aFlippedBit() {
    ObjectStore store = server.store();
    try (DirectorySpill space = new DirectorySpill(parent, 0, Codec.NONE, store)) {
      SpillFile file = space.create("sort", token);
      file.write(new RandomBatches(5).next(500));
      String key = store.list("").get(0);
      byte[] object = store.get(key, token);
      for (int at = 0; at < object.length; at += 13) {
        object[at] ^= 16;
        store.put(key, ByteBuffer.wrap(object), token);
        object[at] ^= 16;
        PenstockException e = assertThrows(PenstockException.class, () -> file.read(0));
        assertEquals("spill-corrupt", e.code());
        assertEquals(PenstockException.Category.IO, e.category());
        assertTrue(
            e.getMessage().startsWith(store.where(key) + " is not what was written ("),
            e.getMessage());
      }
      store.put(key, ByteBuffer.wrap(object), token);
      RandomBatches.assertSame(new RandomBatches(5).next(500), file.read(0));
    }
    assertEquals(0, server.count());
  }

  @Test
  void whatADeadProcessLeftInTheStore() throws Exception {
    ObjectStore store = server.store();
    String dead = "penstock-spill-1-2-abc";
    store.put(dead + "/sort-1/0", ByteBuffer.allocate(8), token);
    store.put("penstock-spill-7-8-of another machine/sort-1/0", ByteBuffer.allocate(8), token);
    Files.createFile(parent.resolve(dead + ".lock"));
    new DirectorySpill(parent, 0, Codec.NONE, store).close();
    assertEquals(List.of("penstock-spill-7-8-of another machine/sort-1/0"), store.list(""));
    store.delete(store.list(""));
    assertEquals(0, parent.toFile().list().length);
  }
}
