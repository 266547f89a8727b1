package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of joins in a recursion that do not fit: rounds of few rows, and of many. */
@Tag("ample") // it has caps of its own
class KeptTablesTest {
  @TempDir Path directory;

  /** Two rows a key; some keys are null. */
  private static final String TABLE =
      "(project+ [[k (nullif (mod (* n 7) 20011) 13)] [v (mod (* n 31) 40000)]"
          + " [s (concat \"a text of the row \" (cast n :varchar))]] (series+ n 1 40000))";

  /** Each row of a round brings two for the next one, until there are some thousand. */
  private static final String PLAN =
      "(group+ [] [[c (count)] [a (sum a)] [t (max t)]] (recur+ [r (values+ [a d t]"
          + " [[1 0 \"x\"] [13 0 \"y\"] [nil 0 \"z\"] [500 0 \"\"]])]"
          + " (project+ [[a (mod (+ (* v 17) d) 20011)] [d (+ d 1)] [t s]] %s)))";

  @AfterEach
  void nothingIsLeftOnDisk() throws IOException {
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
  }

  private Engine engine(long memoryBytes) {
    return Engine.create(
        EngineOptions.defaults()
            .withWorkers(2)
            .withMemoryBytes(memoryBytes)
            .withSpillTo(new EngineOptions.SpillTo(directory, Long.MAX_VALUE)));
  }

  private static List<List<@Nullable Object>> rows(Result result) {
    return result.rows().stream().map(Arrays::asList).collect(Collectors.toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(filter+ (< d 11) (join+ [[a k]] r %s))",
        "(filter+ (< d 11) (join+ [[k a]] %s r))",
        "(filter+ (< d 12) (join+ [[a k]] r %s {:on (< (mod v 7) 5)}))",
        "(project+ [d s [v (coalesce v (+ d 5))]] (filter+ (< d 11) (join+ :left [[a k]] r %s)))",
        "(bind+ [[v (+ a 1)] [s t]] (filter+ (< d 400) (join+ :semi [[a k]] r %s)))",
        "(bind+ [[v (+ a 1)] [s t]] (filter+ (< d 400) (join+ :anti [[a k]] r (filter+ (> v 20000) %s))))",
      })
  void givesWhatItGivesInMemory(String join) {
    String plan = PLAN.formatted(join.formatted(TABLE));
    List<List<@Nullable Object>> expected;
    long least;
    try (Engine engine = engine(1L << 30);
        Result result = engine.run(plan)) {
      least = engine.leastMemoryBytes(engine.prepare(plan));
      expected = rows(result);
      assertEquals(0, result.profile().spilledBytes());
    }
    for (long cap : new long[] {least, 2 * least}) {
      try (Engine engine = engine(cap)) {
        try (Result result = engine.run(plan)) {
          assertEquals(expected, rows(result), "under " + cap);
          boolean small = join.contains(":anti"); // half of the keys
          assertTrue(small || cap > least || result.profile().spilledBytes() > 30_000 * 16);
        }
        assertEquals(0, engine.budget().usedBytes());
      }
    }
  }
}
