package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an engine does while its heap is called tight, or while queries wait for memory. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class PressureTest {
  private static final String LONG_RESULT =
      "(bind+ [[b (* a 3)] [c (concat \"row \" (cast a :varchar))]] (series+ a 1 600000))";

  @TempDir Path directory;

  private EngineOptions options(long memoryBytes, long quotaBytes) {
    return EngineOptions.defaults()
        .withWorkers(2)
        .withMemoryBytes(memoryBytes)
        .withSpillTo(new EngineOptions.SpillTo(directory, quotaBytes));
  }

  private Engine engine(long quotaBytes, BooleanSupplier tight) {
    return Engine.create(options(256L << 20, quotaBytes), 0, tight);
  }

  @AfterEach
  void nothingIsLeftOnDisk() throws IOException {
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(p -> Files.isRegularFile(p) && !p.toString().endsWith(".lock")).toList();
    }
  }

  /** Reads what is left of {@link #LONG_RESULT} when so many rows were read. */
  private static void readOn(Result result, long read) {
    long row = read;
    for (Batch batch = result.next(); batch != null; batch = result.next()) {
      for (int i = 0; i < batch.count(); i++) {
        @Nullable Object[] values = batch.row(i);
        row++;
        assertEquals(row, values[0]);
        assertEquals(3 * row, values[1]);
        assertEquals("row " + row, Objects.toString(values[2]));
      }
    }
    assertEquals(600_000, row);
  }

  private static void awaitEnd(Result result) throws Exception {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    result.whenEnded(() -> ended.complete(null));
    ended.get(60, TimeUnit.SECONDS);
  }

  @Test
  void withoutPressureASlowReaderPausesTheQuery() {
    try (Engine engine = engine(1L << 32, () -> false);
        Result result = engine.run(LONG_RESULT)) {
      long read = Objects.requireNonNull(result.next()).count();
      readOn(result, read);
      assertEquals(0, result.profile().pressure().outOfHeapBytes());
      assertFalse(result.profile().text().contains("segments"), result.profile().text());
    }
  }

  /** The host's heap becomes tight while the client sleeps. */
  @Test
  void whenTheHeapIsTightTheQueryEndsBeforeItsReader() throws Exception {
    AtomicBoolean tight = new AtomicBoolean();
    try (Engine engine = engine(1L << 32, tight::get)) {
      Result result = engine.run(LONG_RESULT);
      long read = Objects.requireNonNull(result.next()).count();
      tight.set(true);
      engine.pressure().begins();
      awaitEnd(result);
      long held = result.profile().pressure().outOfHeapBytes();
      assertTrue(held > 10 << 20, "" + held);
      assertTrue(result.memoryBytes() <= 2L << 20, "only the pipe: " + result.memoryBytes());
      tight.set(false);
      readOn(result, read);
      assertTrue(
          result.profile().text().contains(" MiB into chronicle segments"),
          result.profile().text());
      result.close();
      assertEquals(0, engine.budget().usedBytes());
      try (Result next = engine.run(LONG_RESULT)) {
        readOn(next, 0);
        assertEquals(0, next.profile().pressure().outOfHeapBytes(), "on the heap again");
      }
    }
  }

  @Test
  void aResultThatIsClosedEarlyLeavesNothing() throws Exception {
    try (Engine engine = engine(1L << 32, () -> true)) {
      Result result = engine.run(LONG_RESULT);
      awaitEnd(result);
      result.next();
      result.close();
      assertEquals(0, engine.budget().usedBytes());
      assertEquals(List.of(), files());
    }
  }

  /** Without room on disk the query pauses, as it does without pressure. */
  @Test
  void aQuotaThatIsReachedPausesTheQuery() {
    try (Engine engine = engine(4L << 20, () -> true);
        Result result = engine.run(LONG_RESULT)) {
      readOn(result, 0);
      long out = result.profile().pressure().outOfHeapBytes();
      assertTrue(out > 0, "some of it went out of the heap");
    }
  }

  /** The first holds its sorted rows until it has given them all away. */
  // two queries under one cap, which is of its own
  @Tag("ample")
  @Test
  void aQueryThatWaitsForMemoryMakesTheOtherGoAhead() throws Exception {
    String sorted = "(sort+ [[b :desc]] " + LONG_RESULT + ")";
    long least;
    try (Engine engine = Engine.create(options(1L << 30, 1L << 32))) {
      least = engine.leastMemoryBytes(engine.prepare(sorted));
    }
    try (Engine engine = Engine.create(options(least + least / 2, 1L << 32))) {
      Result slow = engine.run(sorted);
      assertEquals(1_800_000L, Objects.requireNonNull(slow.next()).row(0)[1]);
      CompletableFuture<Long> second =
          CompletableFuture.supplyAsync(
              () -> {
                try (Result result = engine.run(sorted)) {
                  return result.drain();
                }
              });
      assertEquals(600_000L, second.get(60, TimeUnit.SECONDS), "it did not wait for the reader");
      assertTrue(slow.profile().pressure().outOfHeapBytes() > 10 << 20);
      assertTrue(slow.drain() > 500_000);
      slow.close();
      assertEquals(0, engine.budget().usedBytes());
    }
  }

  private static final String ROWS =
      "(bind+ [[K (mod (* N 7919) 40009)] [T (concat \"text of row \" (cast N :varchar))]]"
          + " (series+ N 1 150000))";

  /** Operators that could hold all of it go to disk, in pieces of a good size. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(sort+ [K N] " + ROWS + ")",
        "(sort+ [T] (group+ [T] [[S (sum N)] [C (count)]] " + ROWS + "))",
        "(sort+ [K] (group+ [K] [[S (sum N)] [D (count T {:distinct true})]] " + ROWS + "))",
        "(sort+ [T] (distinct+ (project+ [T K] " + ROWS + ")))",
        "(sort+ [N M] (join+ [[N J]] " + ROWS + " (project+ [[J N] [U T] [M K]] " + ROWS + ")))",
        "(sort+ [N] (window+ [[R (row-number) {:partition [K] :order [N]}]] " + ROWS + "))",
        "(sort+ [T] (minus+ (project+ [T K] "
            + ROWS
            + ") (filter+ (= (mod K 3) 0) (project+ [T K] "
            + ROWS
            + "))))",
        "(sort+ [N] (with+ [x " + ROWS + "] (union+ x x)))"
      })
  void operatorsSpillWhileTheHeapIsTight(String plan) {
    List<List<@Nullable Object>> expected;
    try (Engine engine = Engine.create(options(1L << 30, 1L << 34), 0, () -> false)) {
      expected = rows(engine, plan);
    }
    AtomicLong asked = new AtomicLong();
    for (BooleanSupplier tight :
        List.<BooleanSupplier>of(() -> true, () -> asked.incrementAndGet() % 3 == 0)) {
      try (Engine engine = Engine.create(options(1L << 30, 1L << 34), 0, tight);
          Result result = engine.runTimed(engine.prepare(plan))) {
        assertEquals(expected, rows(result));
        Profile profile = result.profile();
        assertTrue(profile.spilledBytes() > 1 << 20, profile.text());
      }
    }
  }

  private static List<List<@Nullable Object>> rows(Engine engine, String plan) {
    try (Result result = engine.run(plan)) {
      return rows(result);
    }
  }

  private static List<List<@Nullable Object>> rows(Result result) {
    List<List<@Nullable Object>> out = new ArrayList<>();
    for (@Nullable Object[] row : result.rows()) {
      out.add(Arrays.asList(row));
    }
    return out;
  }
}
