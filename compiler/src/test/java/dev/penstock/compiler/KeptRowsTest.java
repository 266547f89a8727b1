package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are kept for several readers, larger than memory. */
class KeptRowsTest {
  @TempDir Path directory;

  private Engine engine(long memoryBytes, long quotaBytes) {
    return Engine.create(
        EngineOptions.defaults()
            .withWorkers(2)
            .withMemoryBytes(memoryBytes)
            .withSpillTo(new EngineOptions.SpillTo(directory, quotaBytes)));
  }

  private static List<List<Object>> rows(Engine engine, String plan) {
    try (Result result = engine.run(plan)) {
      return result.rows().stream().map(Arrays::asList).collect(Collectors.toList());
    } finally {
      assertEquals(0, engine.budget().usedBytes());
    }
  }

  @AfterEach
  void nothingIsLeftOnDisk() throws IOException {
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
  }

  /** Two million rows of 16 bytes, read twice. */
  @Test
  void sharedRows() {
    String plan =
        "(with+ [x (bind+ [[b (* a 3)]] (series+ a 1 2000000))]"
            + " (group+ [] [[c (count)] [s (sum a)] [t (sum b)]] (union+ x x)))";
    try (Engine engine = engine(8L << 20, Long.MAX_VALUE)) {
      assertEquals(
          List.of(List.of(4_000_000L, 4_000_002_000_000L, 12_000_006_000_000L)),
          rows(engine, plan));
    }
  }

  /** Twenty rounds, each with twice the rows of the one before. */
  @Test
  void workingTables() {
    String plan =
        "(group+ [] [[c (count)] [m (max a)]]"
            + " (recur+ [n (values+ [a] [[1]])]"
            + " (union+ (project+ [[a (* a 2)]] (filter+ (< a 524288) n))"
            + " (project+ [[a (+ (* a 2) 1)]] (filter+ (< a 524288) n))) {:all true}))";
    try (Engine engine = engine(8L << 20, Long.MAX_VALUE)) {
      assertEquals(List.of(List.of(1_048_575L, 1_048_575L)), rows(engine, plan));
    }
  }

  /** As {@link #workingTables}, each row coming twice, in its own round and in the one after. */
  @Test
  void rowsThatWereSeen() {
    String plan =
        "(group+ [] [[c (count)] [m (max a)] [s (sum b)]]"
            + " (recur+ [n (project+ [[a 1] [b 3.5]] (values+ [z] [[0]]))]"
            + " (union+ n (project+ [[a (* a 2)] b] (filter+ (< a 262144) n))"
            + " (project+ [[a (+ (* a 2) 1)] b] (filter+ (< a 262144) n))"
            + " (project+ [[a (+ (* a 2) 1)] b] (filter+ (< a 262144) n)))))";
    try (Engine engine = engine(6L << 20, Long.MAX_VALUE)) {
      try (Result result = engine.run(plan)) {
        assertEquals(
            List.of(List.of(524_287L, 524_287L, 1_835_004.5)),
            result.rows().stream().map(List::of).toList());
        // each row at least as seen; at most it waits as well, four times
        assertTrue(
            result.profile().spilledBytes() > 500_000L * 8,
            "spilled " + result.profile().spilledBytes());
      }
      assertEquals(0, engine.budget().usedBytes());
    }
  }

  /** Many short rounds over rows that do not fit. */
  @Test
  void manyRoundsOverRowsThatDoNotFit() {
    String plan =
        "(group+ [] [[c (count)] [m (max a)]]"
            + " (recur+ [n (series+ a 1 400000)]"
            + " (project+ [[a (+ a 1)]] (filter+ (and (>= a 399990) (< a 400100)) n))))";
    try (Engine engine = engine(6L << 20, Long.MAX_VALUE)) {
      assertEquals(List.of(List.of(400_100L, 400_100L)), rows(engine, plan));
    }
  }

  /** Its rounds join with a table that is the same in all of them, and too large to be kept. */
  private static final String JOINED =
      "(group+ [] [[c (count)] [m (max b)]] (with+ [e (bind+ [[x 50000]] (series+ k 1 200000))]"
          + " (recur+ [n (bind+ [[b (* a 7919)]] (series+ a 1 100000))] (project+ [[a (+ a x)] b]"
          + " (join+ [[a k]] (filter+ (< a 200000) n) e)))))";

  private static final List<List<Object>> JOINED_ROWS = List.of(List.of(449_998L, 791_900_000L));

  @Test
  void tablesOfRounds() {
    try (Engine engine = engine(1L << 30, Long.MAX_VALUE)) {
      assertEquals(JOINED_ROWS, rows(engine, JOINED));
    }
    try (Engine engine = engine(8L << 20, Long.MAX_VALUE)) {
      assertEquals(JOINED_ROWS, rows(engine, JOINED));
    }
  }

  /** What is admitted finishes: rounds find what their operators need whatever others hold. */
  @Test
  void theLeastMemoryIsEnoughForRounds() {
    long least;
    try (Engine engine = engine(1L << 30, Long.MAX_VALUE)) {
      least = engine.leastMemoryBytes(engine.prepare(JOINED));
    }
    try (Engine engine = engine(least, Long.MAX_VALUE)) {
      assertEquals(JOINED_ROWS, rows(engine, JOINED));
    }
  }

  @Test
  void theQuotaEndsARecursionThatGrows() {
    String plan =
        "(group+ [] [[s (sum a)]] (recur+ [n (values+ [a] [[1]])]"
            + " (union+ n (project+ [[a (+ a 1)]] n)) {:all true}))";
    try (Engine engine = engine(8L << 20, 16L << 20)) {
      PenstockException e = assertThrows(PenstockException.class, () -> rows(engine, plan));
      assertEquals(PenstockException.Category.LIMIT, e.category());
      assertTrue(e.getMessage().contains(" bytes more on disk, but "), e.getMessage());
    }
  }
}
