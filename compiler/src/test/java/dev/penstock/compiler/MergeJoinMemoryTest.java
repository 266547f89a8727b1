package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Merge joins whose right rows of one key are fifty times the least memory of the join. */
class MergeJoinMemoryTest {
  private static final int ROWS = 250_000;

  /** Key 0 has ROWS - 1 rows of more than 150 bytes, key 1 has one. */
  private static final String RIGHT =
      "(sort+ [B] (bind+ [[B (quot N "
          + ROWS
          + ")] [T (concat \""
          + "x".repeat(140)
          + "\" (cast N :varchar))]] (series+ N 1 "
          + ROWS
          + ")))";

  private static final String LEFT =
      "(sort+ [A] (values+ [A M] [[0 0] [0 1] [0 249998] [1 0] [1 250000] [2 0] [nil 0]]))";

  @TempDir Path directory;

  /** Joins of the kind where the right row's number is greater than M. */
  private static String join(String kind) {
    return "(join+ " + kind + " [[A B]] " + LEFT + " " + RIGHT + " {:on (> N M)})";
  }

  private Engine engine(String plan, int workers) {
    EngineOptions options =
        EngineOptions.defaults()
            .withWorkers(workers)
            .withSpillTo(new EngineOptions.SpillTo(directory, 1L << 32));
    long least;
    try (Engine ample = Engine.create(options)) {
      least = ample.leastMemoryBytes(ample.prepare(plan));
    }
    return Engine.create(options.withMemoryBytes(least * 5 / 4));
  }

  @AfterEach
  void nothingIsLeftOnDisk() throws IOException {
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @ParameterizedTest
  @CsvSource({
    // rows, the greatest right number
    ":inner, 499999, 250000",
    ":left,  500002, 250000",
    ":semi,  4, ",
    ":anti,  3, ",
  })
  void everyKind(String kind, long rows, Long greatest) throws Exception {
    String greatestOf = greatest == null ? "" : " [G (max N)] [L (max (length T))]";
    String plan = "(group+ [] [[C (count)]" + greatestOf + "] " + join(kind) + ")";
    try (Engine engine = engine(plan, 2)) {
      assertTrue(engine.explain(plan, "plan").contains("merge-inputs-that-are-sorted"));
      try (Result result = engine.runTimed(engine.prepare(plan))) {
        assertEquals(
            greatest == null ? List.of(rows) : List.of(rows, greatest, 146L),
            Arrays.asList(result.rows().get(0)));
        long spilled =
            result.profile().operators().stream()
                .filter(o -> o.op().equals("join"))
                .mapToLong(Profile.Operator::spilledBytes)
                .sum();
        // of semi and anti joins the window has N only
        assertTrue(spilled > (greatest == null ? ROWS * 8L : 50L * (768 << 10)), "" + spilled);
      }
      assertEquals(0, engine.budget().usedBytes());
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 10", "3, 1", "3, 100000", "2, 300000"})
  void endedInTheMiddle(int workers, int after) {
    String plan = join(":inner");
    try (Engine engine = engine(plan, workers)) {
      try (Result result = engine.run(plan)) {
        for (long seen = 0; seen < after; ) {
          seen += result.next().count();
        }
      }
      assertEquals(0, engine.budget().usedBytes());
    }
  }
}
