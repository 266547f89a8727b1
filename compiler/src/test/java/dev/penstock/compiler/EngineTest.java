package dev.penstock.compiler;

import static dev.penstock.compiler.Plan.as;
import static dev.penstock.compiler.Plan.call;
import static dev.penstock.compiler.Plan.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clojure.java.api.Clojure;
import dev.penstock.monitor.PenstockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("least")
@Timeout(60)
class EngineTest {
  @TempDir Path folder;
  private Engine engine;

  @BeforeEach
  void open() throws Exception {
    Files.writeString(
        folder.resolve("people.csv"),
        "Name,Age,DeptID\nAnn,31,1\nBob,19,2\nCid,45,1\nDan,,3\nEve,28,\n");
    Files.writeString(
        folder.resolve("dept.csv"), "DeptID,DeptName\n1,Sales\n2,Research\n4,Empty\n");
    engine =
        Engine.create(EngineOptions.defaults().withWorkers(2).withBaseDirectory(folder, false));
  }

  @AfterEach
  void close() {
    assertEquals(0, engine.budget().usedBytes());
    engine.close();
  }

  private List<List<Object>> rows(String plan) {
    try (Result result = engine.run(plan)) {
      return result.rows().stream().map(Arrays::asList).toList();
    }
  }

  @Test
  void scansFiltersAndProjectsInOrder() {
    assertEquals(
        List.of(List.of("Ann", 32L), List.of("Cid", 46L), List.of("Eve", 29L)),
        rows("(project+ [Name [Next (+ Age 1)]] (filter+ (> Age 20) (table+ \"people.csv\")))"));
  }

  @Test
  void valuesAndSlices() {
    assertEquals(
        List.of(List.of(2L), List.of(3L)), rows("(slice+ 1 2 (values+ [A] [[1] [2] [3] [4]]))"));
  }

  @Test
  void sortsAndTops() {
    assertEquals(
        List.of(List.of("Cid"), List.of("Ann")),
        rows("(project+ [Name] (top+ 2 [[Age :desc]] (table+ \"people.csv\")))"));
  }

  @Test
  void sharedSubplansRunOnce() {
    assertEquals(
        4, rows("(with+ [P (filter+ (> Age 30) (table+ \"people.csv\"))] (union+ P P))").size());
  }

  @Test
  void joinsAndGroups() {
    assertEquals(
        List.of(List.of("Research", 1L), List.of("Sales", 2L)),
        rows(
            "(sort+ [DeptName] (group+ [DeptName] [[n (count)]]"
                + " (join+ (table+ \"people.csv\") (table+ \"dept.csv\"))))"));
    assertEquals(6, rows("(join+ :full (table+ \"people.csv\") (table+ \"dept.csv\"))").size());
  }

  @Test
  void sortedInputsAreMerged() {
    String plan =
        "(join+ :left [DeptID] (sort+ [DeptID] (table+ \"people.csv\")) (sort+ [DeptID] (table+ \"dept.csv\")))";
    assertTrue(engine.explain(plan, "plan").contains("merge join [1 permit, ordered]"));
    assertEquals(
        List.of("Ann Sales", "Bob Research", "Cid Sales", "Dan null", "Eve null"),
        rows(plan).stream().map(r -> r.get(1) + " " + r.get(3)).sorted().toList());
  }

  @Test
  void windows() {
    assertEquals(
        List.of(List.of("Ann", 1L, 31L), List.of("Bob", 1L, 19L), List.of("Cid", 2L, 76L)),
        rows(
            "(sort+ [Name] (project+ [Name r s] (filter+ (< DeptID 3)"
                + " (window+ [[r (row-number) {:partition [DeptID] :order [Age]}]"
                + " [s (sum Age) {:partition [DeptID] :order [Age]}]] (table+ \"people.csv\")))))"));
  }

  @Test
  void distinctsSetsAndUnnests() {
    assertEquals(
        3,
        rows("(distinct+ (project+ [DeptID] (filter+ (is-not-null DeptID) (table+ \"people.csv\"))))")
            .size());
    assertEquals(
        List.of(List.of(1L), List.of(2L)),
        rows(
            "(sort+ [DeptID] (intersect+ (project+ [DeptID] (table+ \"people.csv\")) (project+ [DeptID] (table+ \"dept.csv\"))))"));
    assertEquals(
        List.of(List.of(3L), Arrays.asList((Object) null)),
        rows(
            "(sort+ [DeptID] (minus+ (project+ [DeptID] (table+ \"people.csv\")) (project+ [DeptID] (table+ \"dept.csv\"))))"));
    assertEquals(
        List.of(List.of(1L, 7L), List.of(1L, 8L), List.of(2L, 9L)),
        rows(
            "(project+ [a x] (unnest+ [x :int64] j (values+ [a [j :json]] [[1 #json \"[7,8]\"] [2 #json \"[9]\"]])))"));
  }

  @Test
  void aPlanOfTheHostMayHoldFunctions() {
    Function<Object, Object> shout =
        item ->
            ((String) ((java.util.Map<?, ?>) item).get(clojure.lang.Keyword.intern("Name"))) + "!";
    Plan plan = Plan.op("map+", shout, Plan.table("people.csv", "Name"));
    try (Result result = engine.run(plan)) {
      assertEquals(
          List.of("Ann!", "Bob!", "Cid!", "Dan!", "Eve!"),
          result.rows().stream().map(r -> (String) r[0]).toList());
    }
  }

  @Test
  void letNamesOfTwoPlacesAreTwoThings() {
    String each =
        "(list 'let+ ['h '(first+ (values+ [a] [[%d]]))]"
            + " (list 'map+ (list (fn [h row] {:x (+ (:a h) (:b row))}) 'h) '[[x :int64]]"
            + " '(values+ [b] [[1] [2]])))";
    Object form =
        Clojure.var("clojure.core", "load-string")
            .invoke("(list 'union+ " + each.formatted(10) + each.formatted(20) + ")");
    for (int i = 0; i < 20; i++) {
      try (Result result = engine.run(Plan.of(form))) {
        assertEquals(
            List.of(11L, 12L, 21L, 22L),
            result.rows().stream().map(r -> (Long) r[0]).sorted().toList());
      }
    }
  }

  @Test
  void aTextMayNotHoldFunctions() {
    PenstockException e =
        assertThrows(
            PenstockException.class, () -> rows("(map+ (fn [x] x) (table+ \"people.csv\"))"));
    assertEquals(PenstockException.Category.INCORRECT, e.category());
  }

  @Test
  void theBuilderGivesTheSamePlanAsText() {
    Plan built =
        Plan.table("people.csv")
            .filter(call(">", col("Age"), 20))
            .project("Name", as("B", call("+", col("Age"), 1)));
    assertEquals(
        engine
            .prepare("(project+ [Name [B (+ Age 1)]] (filter+ (> Age 20) (table+ \"people.csv\")))")
            .hash(),
        engine.prepare((Object) built).hash());
  }

  @Test
  void anUnknownColumnIsOneLine() {
    PenstockException e =
        assertThrows(
            PenstockException.class,
            () -> engine.prepare("(filter+ (> Agee 20) (table+ \"people.csv\"))", "p.edn"));
    assertEquals("p.edn:1:13: unknown column Agee; did you mean Age?", e.getMessage());
  }

  @Test
  void anErrorInTheMiddleIsTheErrorOfTheResult() {
    PenstockException e =
        assertThrows(
            PenstockException.class,
            () -> rows("(project+ [[X (/ 1 (- Age 19))]] (table+ \"people.csv\"))"));
    assertEquals("division-by-zero", e.code());
  }
}
