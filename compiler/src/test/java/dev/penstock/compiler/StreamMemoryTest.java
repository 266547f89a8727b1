package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clojure.java.api.Clojure;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects of functions under a cap: what can be divided spills, what cannot ends with LIMIT. */
@Tag("least")
class StreamMemoryTest {
  @TempDir Path directory;

  private Engine engine(long memoryBytes) {
    return Engine.create(
        EngineOptions.defaults()
            .withWorkers(2)
            .withMemoryBytes(memoryBytes)
            .withSpillTo(new EngineOptions.SpillTo(directory, Long.MAX_VALUE)));
  }

  private static Plan plan(String text) {
    return Plan.of(Clojure.var("clojure.core", "load-string").invoke(text));
  }

  /** The rows; something was spilled. */
  private static List<List<Object>> spilled(Engine engine, String text) {
    try (Result result = engine.run(plan(text))) {
      List<List<Object>> rows =
          result.rows().stream().map(Arrays::asList).collect(Collectors.toList());
      assertTrue(result.profile().spilledBytes() > 0, "nothing was spilled");
      return rows;
    } finally {
      assertEquals(0, engine.budget().usedBytes());
    }
  }

  private static String refused(Engine engine, String text) {
    PenstockException e =
        assertThrows(
            PenstockException.class,
            () -> {
              try (Result result = engine.run(plan(text))) {
                result.rows();
              }
            });
    assertEquals(0, engine.budget().usedBytes());
    assertEquals(PenstockException.Category.LIMIT, e.category());
    assertEquals("memory-cap", e.code());
    return e.getMessage();
  }

  @AfterEach
  void nothingIsLeftOnDisk() throws IOException {
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void anAccumulatorThatGrowsEndsWithLimit() {
    try (Engine engine = engine(16L << 20)) {
      String message =
          refused(
              engine,
              "(list 'preduce+ {:init (fn [] []) :step conj :merge into} '(series+ a 1 100000000))");
      assertTrue(
          message.startsWith(
              "the accumulator of a reduce (values of functions cannot be spilled) needs "),
          message);
    }
  }

  @Test
  void anAccumulatorThatStaysSmallTakesAnyStream() {
    try (Engine engine = engine(4L << 20);
        Result result =
            engine.run(
                plan(
                    "(list 'preduce+ {:init (fn [] 0) :step (fn [n row] (+ n (:a row))) :merge +}"
                        + " '(series+ a 1 2000000))"))) {
      assertEquals(2_000_001_000_000L, result.rows().get(0)[0]);
    }
  }

  @Test
  void aValueOfLetThatIsTooLargeEndsWithLimit() {
    try (Engine engine = engine(16L << 20)) {
      String message =
          refused(
              engine,
              "(list 'let+ ['x (list 'map+ (fn [row] (vec (range 1000000))) '(series+ a 1 1))]"
                  + " (list 'map+ (list (fn [x row] (count x)) 'x) '(series+ a 1 1)))");
      assertTrue(
          message.contains(" (with all spilled that can be) ")
              || message.contains("a value of let+ (values of functions cannot be spilled) needs "),
          message);
    }
  }

  @Test
  void aCallThatGivesTooMuchEndsWithLimit() {
    try (Engine engine = engine(16L << 20)) {
      String message =
          refused(engine, "(list 'mapcat+ (fn [row] (range 100000000)) '(series+ a 1 1))");
      assertTrue(message.startsWith("what one call of a function gives needs "), message);
    }
  }

  @Test
  void streamsThatAreReadTwiceGoToDisk() {
    try (Engine engine = engine(8L << 20)) {
      assertEquals(
          List.of(List.of(400_000L)),
          spilled(
              engine,
              "(list 'preduce+ {:init (fn [] 0) :step (fn [n x] (+ n (if (= 26 (count x)) 1 1000)))"
                  + " :merge +} (list 'let-stream+ ['s (list 'map+ (fn [row]"
                  + " (format \"%026d\" (:a row))) '(series+ a 1 200000))] '(mux+ s s)))"));
    }
  }

  @Test
  void objectsBesideKeysGoToDisk() {
    String rows =
        "(list 'map+ (fn [row] {:k (mod (* 7919 (:a row)) 150000) :x (format \"%040d\" (:a row))})"
            + " '[[k :int64] [x :any]] '(series+ a 1 150000))";
    String length =
        "(list 'preduce+ {:init (fn [] 0) :step (fn [n row] (+ n (count (:x row)))) :merge +} %s)";
    try (Engine engine = engine(12L << 20)) {
      List<List<Object>> all = List.of(List.of(40L * 150_000));
      assertEquals(all, spilled(engine, length.formatted("(list 'sort+ '[k] " + rows + ")")));
      assertEquals(all, spilled(engine, length.formatted("(list 'distinct+ " + rows + ")")));
      assertEquals(
          all,
          spilled(
              engine,
              length.formatted(
                  "(list 'join+ '[k] (list 'project+ '[k [y x]] " + rows + ") " + rows + ")")));
      assertEquals(all, spilled(engine, length.formatted("(list 'distinct+ '[k] " + rows + ")")));
    }
  }
}
