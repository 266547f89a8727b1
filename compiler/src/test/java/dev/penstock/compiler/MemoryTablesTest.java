package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.PenstockException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MemoryTablesTest {
  private final Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2));

  @AfterEach
  void everythingIsGivenBack() {
    for (String name : engine.catalog().names()) {
      engine.dropTable(name);
    }
    assertEquals(0, engine.budget().usedBytes());
    engine.close();
  }

  private List<List<@Nullable Object>> rows(String plan) {
    try (Result result = engine.run(plan)) {
      return result.rows().stream().map(Arrays::asList).collect(Collectors.toList());
    }
  }

  private long count(String table) {
    return (Long)
        java.util.Objects.requireNonNull(
            rows("(group+ [] [[n (count)]] (table+ " + table + "))").get(0).get(0));
  }

  private static final String NUMBERS = "(series+ n 0 14999)";

  private static String code(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(PenstockException.class, call).code();
  }

  @Test
  void aTableOfAResultIsScannedAndAddedTo() {
    assertEquals(15_000, engine.createTable("t", engine.run(NUMBERS), false));
    assertTrue(engine.budget().usedBytes() > 15_000 * 8);
    assertEquals(15_000, count("t"));
    assertEquals(
        List.of(List.of(7L), List.of(8L)),
        rows("(sort+ [n] (filter+ (between n 7 8) (table+ t)))"));
    assertEquals(2, engine.insert("t", engine.run("(values+ [x] [[-1] [-2]])")));
    assertEquals(15_002, count("t"));
    assertEquals(List.of(List.of(-2L)), rows("(top+ 1 [n] (table+ t))"));
    // a table may be filled out of itself
    assertEquals(15_002, engine.insert("t", engine.run("(table+ t)")));
    assertEquals(30_004, count("t"));
    assertTrue(engine.dropTable("t"));
    assertFalse(engine.dropTable("t"));
    assertEquals("unknown-table", code(() -> rows("(table+ t)")));
  }

  @Test
  void anEmptyTableTakesRowsOfItsTypes() {
    engine.createTable(
        "t",
        Schema.of(new Field("a", DataType.INT64, false), new Field("b", DataType.VARCHAR)),
        false);
    assertEquals(0, count("t"));
    assertEquals(1, engine.insert("t", engine.run("(values+ [x y] [[1 \"one\"]])")));
    assertEquals(
        "null-value",
        code(
            () ->
                engine.insert(
                    "t", engine.run("(values+ [[x :int64] y] [[2 \"b\"] [nil \"c\"]])"))));
    assertEquals(
        "type-mismatch", code(() -> engine.insert("t", engine.run("(values+ [x y] [[2 3]])"))));
    assertEquals("column-count", code(() -> engine.insert("t", engine.run("(values+ [x] [[2]])"))));
    assertEquals(List.of(List.of(1L, "one")), rows("(table+ t)"));
  }

  @Test
  void aNameIsGivenOnce() {
    engine.createTable("t", engine.run("(values+ [a] [[1]])"), false);
    PenstockException e =
        assertThrows(
            PenstockException.class,
            () -> engine.createTable("t", engine.run("(values+ [a] [[2]])"), false));
    assertEquals("there is a table t already; drop it first", e.getMessage());
    assertEquals(List.of(List.of(1L)), rows("(table+ t)"));
    engine.createTable("t", engine.run("(values+ [b] [[2] [3]])"), true);
    assertEquals(List.of(List.of(2L), List.of(3L)), rows("(sort+ [b] (table+ t))"));
  }

  @Test
  void aFailureInTheMiddleLeavesNothing() {
    String failing = "(project+ [[x (quot 1 (- n 9000))]] " + NUMBERS + ")";
    assertEquals(
        "division-by-zero", code(() -> engine.createTable("t", engine.run(failing), false)));
    assertEquals(List.of(), engine.catalog().names());
    assertEquals(0, engine.budget().usedBytes());
    engine.createTable("t", engine.run("(values+ [a] [[1]])"), false);
    long before = engine.budget().usedBytes();
    assertEquals("division-by-zero", code(() -> engine.insert("t", engine.run(failing))));
    assertEquals(before, engine.budget().usedBytes());
    assertEquals(1, count("t"));
    assertEquals(
        "division-by-zero", code(() -> engine.createTable("t", engine.run(failing), true)));
    assertEquals(1, count("t"));
  }

  @Test
  void aRunningQuerySeesOneStateAndMayOutliveTheTable() throws Exception {
    engine.createTable("t", engine.run(NUMBERS), false);
    String pairs = "(join+ :cross (table+ t) (group+ [] [[c (count)]] (project+ [] (table+ t))))";
    Prepared prepared = engine.prepare(pairs);
    AtomicReference<Throwable> failed = new AtomicReference<>();
    Thread writer =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < 30; i++) {
                  engine.insert("t", engine.run("(values+ [a] [[1] [2] [3]])"));
                }
              } catch (Throwable e) {
                failed.set(e);
              }
            });
    writer.start();
    for (int i = 0; i < 20; i++) {
      try (Result result = engine.run(prepared)) {
        List<Object[]> rows = result.rows();
        assertEquals((long) rows.size(), rows.get(0)[1]);
      }
    }
    writer.join();
    assertEquals(null, failed.get());
    assertEquals(15_090, count("t"));
    try (Result result = engine.run("(table+ t)")) {
      assertNotNull(result.next());
      engine.dropTable("t");
      long rest = result.drain();
      assertTrue(rest > 10_000, rest + " rows");
    }
  }

  @Test
  void theProfileTellsWhatWasPassedOver() {
    engine.createTable("t", engine.run(NUMBERS), false);
    try (Result result = engine.run("(filter+ (< n 2500) (table+ t))")) {
      assertEquals(2500, result.drain());
      Profile.Operator scan = result.profile().operators().get(0);
      assertEquals("scan", scan.op());
      assertNotNull(scan.scan());
      assertEquals("chunks", scan.scan().pieces());
      assertTrue(scan.scan().skippedPieces() >= 5, scan.scan().toString());
    }
  }
}
