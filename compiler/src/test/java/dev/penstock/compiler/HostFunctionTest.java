package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clojure.lang.Keyword;
import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.Schema;
import dev.penstock.batch.expr.HostFunction;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.sources.memory.CollectionSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Functions of the host program in plans, and sources of the catalog that take options. */
final class HostFunctionTest {
  private final Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2));

  @AfterEach
  void close() {
    engine.close();
  }

  /** Half of an even number; null of others, and -1 of null. */
  private static Column half(Batch batch, Column[] args) {
    long[] in = ((LongColumn) args[0].flat(batch.selection(), batch.count())).values();
    long[] out = new long[batch.length()];
    long[] nulls = new long[dev.penstock.batch.Bits.words(out.length)];
    for (int i = 0; i < batch.count(); i++) {
      int p = batch.position(i);
      out[p] = args[0].isNull(p) ? -1 : in[p] / 2;
      if (!args[0].isNull(p) && in[p] % 2 != 0) {
        dev.penstock.batch.Bits.set(nulls, p);
      }
    }
    return new LongColumn(DataType.INT64, out, nulls, out.length);
  }

  private static Object host(HostFunction f, Object... args) {
    List<Object> all = new ArrayList<>(List.of(f, Keyword.intern("int64")));
    all.addAll(List.of(args));
    return Plan.call("host", all.toArray());
  }

  private static Plan numbers() {
    List<List<@Nullable Long>> rows = new ArrayList<>();
    for (long i = 0; i < 6; i++) {
      rows.add(java.util.Arrays.asList(i, i == 5 ? null : (Long) i));
    }
    return Plan.values(List.of("N", "V"), rows);
  }

  @Test
  void areExpressionsAsOthers() {
    Object half = host(HostFunctionTest::half, Plan.col("V"));
    try (Result result =
        engine.run(
            numbers()
                .bind(Plan.as("H", half))
                .filter(Plan.call("is-not-null", half))
                .sort("N")
                .project("N", "H"))) {
      assertEquals("[[0, 0], [2, 1], [4, 2], [5, -1]]", shown(result));
    }
    String text = engine.explain(numbers().bind(Plan.as("H", half)));
    assertTrue(text.contains("(host #function"), text);
  }

  @Test
  void areConditionsOfJoins() {
    Object same = Plan.call("=", host(HostFunctionTest::half, Plan.col("V")), Plan.col("M"));
    Plan other = Plan.values(List.of("M"), List.of(List.of(1L), List.of(2L)));
    try (Result result =
        engine.run(numbers().join("inner", same, other).sort("N").project("N", "M"))) {
      assertEquals("[[2, 1], [4, 2]]", shown(result));
    }
  }

  @Test
  void whatTheyDoWrongIsSaid() {
    PenstockException failed =
        fails(
            (batch, args) -> {
              throw new IllegalStateException("no luck");
            });
    assertEquals(
        "a function of the host program failed: java.lang.IllegalStateException: no luck",
        failed.getMessage());
    PenstockException type =
        fails((batch, args) -> ConstantColumn.of(DataType.VARCHAR, "x", batch.length()));
    assertEquals(
        "expected a function of the host program to give 6 values of type int64, got 6 of type varchar",
        type.getMessage());
    assertEquals(
        "plan:1:21: host expects an object of the host program, the type that it gives, and arguments,"
            + " got (host f :int64 N); it cannot be written in a text",
        assertThrows(
                PenstockException.class,
                () ->
                    engine.prepare(
                        "(project+ [[X (cast (host f :int64 N) :int64)]] (values+ [N] [[1]]))"))
            .getMessage());
  }

  private PenstockException fails(HostFunction f) {
    return assertThrows(
        PenstockException.class,
        () -> {
          try (Result result =
              engine.run(numbers().project(Plan.as("H", host(f, Plan.col("V")))))) {
            result.drain();
          }
        });
  }

  private static String shown(Result result) {
    return result.rows().stream().map(java.util.Arrays::toString).toList().toString();
  }

  /** Numbers from 0 to below an option. */
  private record UpTo(long end) implements Source.WithOptions {
    private static final Schema SCHEMA = Schema.of(new Field("N", DataType.INT64, false));

    @Override
    public Schema schema() {
      return SCHEMA;
    }

    @Override
    public Source with(Map<String, Object> options) {
      return new UpTo((Long) options.get("end"));
    }

    @Override
    public Scan open(Request request, QueryContext query) {
      List<Object[]> rows = new ArrayList<>();
      for (long i = 0; i < end; i++) {
        rows.add(new Object[] {i});
      }
      return CollectionSource.ofArrays(SCHEMA, rows).open(request, query);
    }
  }

  @Test
  void aSourceOfTheCatalogMayTakeOptions() {
    engine.catalog().add("upto", new UpTo(1));
    try (Result plain = engine.run("(table+ upto)");
        Result three = engine.run("(table+ upto {:end 3})")) {
      assertEquals("[[0]]", shown(plain));
      assertEquals("[[0], [1], [2]]", shown(three));
    }
  }
}
