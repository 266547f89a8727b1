package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.buffer.spill.Failpoints;
import dev.penstock.buffer.spill.Failpoints.Place;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Queries on a disk that fails or lies: an error of category IO or the right rows, nothing left.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class DiskFaultsTest {
  private static final int FEWER = Integer.getInteger("penstock.test.fewer", 2);

  private static final String ROWS =
      "(bind+ [[K (mod (* N 7919) 10007)] [T (concat \"text of row \" (cast N :varchar))]]"
          + " (series+ N 1 30000))";
  private static final Map<String, String> PLANS =
      Map.of(
          "sort", "(sort+ [T] " + ROWS + ")",
          "group", "(sort+ [K] (group+ [K] [[S (sum N)] [M (max T)]] " + ROWS + "))",
          "join", "(sort+ [N] (join+ [[N J]] " + ROWS + " (project+ [[J N] [U T]] " + ROWS + ")))",
          "window",
              "(sort+ [N] (window+ [[R (row-number) {:partition [K] :order [N]}]] " + ROWS + "))",
          "recursion",
              "(group+ [] [[C (count)] [S (sum N)] [M (max T)]] (recur+ [r "
                  + ROWS
                  + "] (project+ [[N (+ N 30000)] K T] (filter+ (< N 20000) r))))",
          "set operation",
              "(group+ [] [[C (count)] [S (sum N)] [M (max T)]] (intersect+ "
                  + ROWS
                  + " (filter+ (> N 999) "
                  + ROWS
                  + ")))",
          "distinct",
              "(group+ [] [[C (count)] [S (sum K)] [M (max T)]] (distinct+ (project+ [K T] "
                  + ROWS
                  + ")))",
          "percentile", "(group+ [] [[Q (percentile-disc N 0.5)] [M (mode T)]] " + ROWS + ")",
          "merge join",
              "(group+ [] [[C (count)] [M (max U)]] (join+ [[A B]]"
                  + " (sort+ [A] (values+ [A] [[0] [0] [1]]))"
                  + " (sort+ [B] (project+ [[B (quot N 100000)] [U T]] "
                  + ROWS
                  + "))))");

  @TempDir Path directory;

  private EngineOptions options(long memoryBytes) {
    return EngineOptions.defaults()
        .withWorkers(2)
        .withMemoryBytes(memoryBytes)
        .withSpillTo(new EngineOptions.SpillTo(directory, 1L << 32));
  }

  @AfterEach
  void nothingIsLeftOnDisk() throws IOException {
    assertEquals(List.of(), files());
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(p -> Files.isRegularFile(p) && !p.toString().endsWith(".lock")).toList();
    }
  }

  private static List<List<@Nullable Object>> rows(Engine engine, String plan) {
    try (Result result = engine.run(plan)) {
      return result.rows().stream().map(Arrays::asList).collect(Collectors.toList());
    } finally {
      assertEquals(0, engine.budget().usedBytes());
    }
  }

  private List<List<@Nullable Object>> expected(String plan) {
    try (Engine engine = Engine.create(options(1L << 30))) {
      return rows(engine, plan);
    }
  }

  private long leastBytes(String plan) {
    try (Engine engine = Engine.create(options(1L << 30))) {
      return engine.leastMemoryBytes(engine.prepare(plan));
    }
  }

  /** Engines that were closed leave no thread: those that are ending get ten seconds in all. */
  private static List<String> threads() {
    List<String> left = new ArrayList<>();
    long deadline = System.nanoTime() + 10_000_000_000L;
    for (Thread t : Thread.getAllStackTraces().keySet()) {
      if (t.getName().startsWith("penstock")) {
        try {
          t.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
        if (t.isAlive()) {
          left.add(t.getName());
        }
      }
    }
    return left;
  }

  /** Throws once, at the n-th call of a place. */
  private static final class FailOnce implements Failpoints {
    private final Place place;
    private final int call;
    private int calls;

    FailOnce(Place place, int call) {
      this.place = place;
      this.call = call;
    }

    @Override
    public synchronized void reach(Place at, Path path, ByteBuffer bytes) throws IOException {
      if (at == place && ++calls == call) {
        throw new IOException("No space left on device");
      }
    }

    synchronized boolean failed() {
      return calls >= call;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sort", "group", "join", "window"})
  void aCallThatFails(String operator) throws IOException {
    String plan = PLANS.get(operator);
    List<List<@Nullable Object>> expected = expected(plan);
    long cap = leastBytes(plan) * 5 / 4;
    for (Place place : Place.values()) {
      for (int call = 1; ; call = call < 4 ? call + 1 : call * 4 * FEWER) {
        FailOnce fail = new FailOnce(place, call);
        try (Engine engine = Engine.create(options(cap), fail)) {
          PenstockException failure = null;
          try {
            assertEquals(expected, rows(engine, plan));
          } catch (PenstockException e) {
            failure = e;
          }
          if (!fail.failed()) {
            assertNull(failure);
            assertTrue(call > 1, place + " is reached " + call);
            break;
          }
          if (place != Place.DELETE) {
            assertEquals(List.of(), files(), place + " " + call);
          }
          check(place, failure);
          assertEquals(expected, rows(engine, plan), "the next query of the engine");
        }
      }
    }
    assertEquals(List.of(), threads());
  }

  private void check(Place place, @Nullable PenstockException failure) {
    if (failure == null) {
      assertEquals(Place.DELETE, place, "the failure came through");
      return;
    }
    if (failure.category() != PenstockException.Category.IO) {
      throw new AssertionError("expected an error of " + place + ", came " + failure, failure);
    }
    String verb = place == Place.READ ? "read" : place == Place.DELETE ? "delete" : "write";
    assertEquals("spill-" + verb, failure.code());
    String message = failure.getMessage();
    assertTrue(message.startsWith("cannot " + verb + " "), message);
    assertTrue(
        message.contains("spilled rows of ") && message.contains(" at " + directory), message);
    assertTrue(
        message.endsWith(
            ": No space left on device; see that the directory is writable and its disk is not"
                + " full, or spill to another"),
        message);
  }

  /** Fails at the n-th call of a place, and at every later one until it is mended. */
  private static final class FailFrom implements Failpoints {
    private final Place place;
    private final int call;
    private int calls;
    private boolean mended;

    FailFrom(Place place, int call) {
      this.place = place;
      this.call = call;
    }

    @Override
    public synchronized void reach(Place at, Path path, ByteBuffer bytes) throws IOException {
      if (at == place && !mended && ++calls >= call) {
        throw new IOException("No space left on device");
      }
    }

    synchronized boolean mend() {
      mended = true;
      return calls >= call;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sort",
        "group",
        "join",
        "window",
        "recursion",
        "set operation",
        "distinct",
        "percentile",
        "merge join"
      })
  void aDiskThatStaysFull(String operator) throws IOException {
    String plan = PLANS.get(operator);
    List<List<@Nullable Object>> expected = expected(plan);
    long cap = leastBytes(plan) * 5 / 4;
    for (Place place : List.of(Place.OPEN, Place.WRITE, Place.READ)) {
      for (int call = 1; ; call = call < 2 ? call + 1 : call * 4 * FEWER) {
        FailFrom fail = new FailFrom(place, call);
        try (Engine engine = Engine.create(options(cap), fail)) {
          PenstockException failure = null;
          try {
            assertEquals(expected, rows(engine, plan));
          } catch (PenstockException e) {
            failure = e;
          }
          assertEquals(List.of(), files(), place + " " + call);
          if (!fail.mend()) {
            assertNull(failure);
            assertTrue(call > 1, place + " is reached " + call);
            break;
          }
          check(place, failure);
          assertEquals(expected, rows(engine, plan), "the next query of the engine");
        }
      }
    }
    assertEquals(List.of(), threads());
  }

  @ParameterizedTest
  @ValueSource(strings = {"sort", "group", "join", "window"})
  void aBitThatIsFlippedInAFile(String operator) {
    String plan = PLANS.get(operator);
    List<List<@Nullable Object>> expected = expected(plan);
    long cap = leastBytes(plan) * 5 / 4;
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int[] all = {0};
    Failpoints count =
        (place, path, bytes) -> {
          synchronized (all) {
            all[0] += place == Place.WRITE ? 1 : 0;
          }
        };
    try (Engine engine = Engine.create(options(cap), count)) {
      assertEquals(expected, rows(engine, plan));
    }
    int seen = 0;
    for (int i = 0; i < 12; i++) {
      int pass = random.nextInt(Math.min(6, all[0]));
      double where = random.nextDouble();
      int bit = random.nextInt(8);
      int[] writes = {0};
      Failpoints flip =
          (place, path, bytes) -> {
            synchronized (writes) {
              if (place == Place.WRITE && writes[0]++ == pass) {
                int at = bytes.position() + (int) (where * bytes.remaining());
                bytes.put(at, (byte) (bytes.get(at) ^ 1 << bit));
              }
            }
          };
      try (Engine engine = Engine.create(options(cap), flip)) {
        try {
          assertEquals(expected, rows(engine, plan)); // the bit was of the zeros after a block
        } catch (PenstockException e) {
          assertEquals(PenstockException.Category.IO, e.category());
          assertEquals("spill-corrupt", e.code());
          assertTrue(
              e.getMessage()
                  .matches(
                      "block \\d+ of .* is not what was written \\(.*\\); check the disk, or spill"
                          + " to another one"),
              e.getMessage());
          seen++;
        }
      }
    }
    assertTrue(seen > 3, "seen " + seen + " of 12, " + all[0] + " writes");
  }
}
