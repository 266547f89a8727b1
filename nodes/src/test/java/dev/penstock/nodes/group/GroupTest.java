package dev.penstock.nodes.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Kind;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.LiteralExpr;
import dev.penstock.batch.expr.Predicate;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import dev.penstock.nodes.group.NaiveGroup.Agg;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupTest {
  private static final DataType D15 = DataType.decimal(15, 2);
  private static final DataType D38 = DataType.decimal(38, 6);

  /** What is spilled at every third question is read and written for minutes. */
  private static final int SELDOM = 7;

  /** Rows where an int32 column is not null and positive. */
  private record Positive(int column) implements Predicate {
    @Override
    public DataType type() {
      return DataType.BOOLEAN;
    }

    @Override
    public Column eval(Batch batch) {
      int[] out = new int[batch.count()];
      long[] words = new long[Bits.words(batch.length())];
      int n = select(batch, out);
      for (int i = 0; i < n; i++) {
        Bits.set(words, out[i]);
      }
      return new BitColumn(DataType.BOOLEAN, words, null, batch.length());
    }

    @Override
    public int select(Batch batch, int[] out) {
      int n = 0;
      for (int i = 0; i < batch.count(); i++) {
        int p = batch.position(i);
        Object v = batch.column(column).value(p);
        if (v != null && (Integer) v > 0) {
          out[n++] = p;
        }
      }
      return n;
    }
  }

  private static DataType resultType(String function, DataType argument) {
    return switch (function) {
      case "count" -> DataType.INT64;
      case "sum" ->
          argument.isDecimal()
              ? DataType.decimal(38, argument.scale())
              : argument.kind() == Kind.FLOAT64 ? DataType.FLOAT64 : DataType.INT64;
      case "min", "max", "any", "bool-and", "bool-or" -> argument;
      case "collect" -> DataType.JSON;
      default -> DataType.FLOAT64;
    };
  }

  private static List<Expr> columns(DataType[] types, int... ordinals) {
    return Arrays.stream(ordinals).<Expr>mapToObj(i -> new ColumnExpr(i, types[i])).toList();
  }

  /** Runs aggregates of every argument and compares with {@link NaiveGroup}. */
  private static void check(
      Batch in, DataType[] types, int[] keys, List<Agg> aggregates, boolean[] filtered) {
    check(in, types, keys, aggregates, filtered, 3);
  }

  private static void check(
      Batch in,
      DataType[] types,
      int[] keys,
      List<Agg> aggregates,
      boolean[] filtered,
      int refusedEvery) {
    List<Aggregate> real = new ArrayList<>();
    for (int i = 0; i < aggregates.size(); i++) {
      Agg a = aggregates.get(i);
      Aggregate made =
          a.column() < 0
              ? Aggregate.countRows()
              : new Aggregate(
                  a.function(),
                  new ColumnExpr(a.column(), types[a.column()]),
                  resultType(a.function(), types[a.column()]));
      made = a.distinct() ? made.ofDistinct() : made;
      real.add(filtered[i] ? made.where(new Positive(FILTER)) : made);
    }
    List<List<@Nullable Object>> want = NaiveGroup.group(TestBatches.rows(in), keys, aggregates);
    NodeHarness.breaker((q, lanes) -> new Group(q, columns(types, keys), real, null))
        .input(in)
        .refusing(refusedEvery)
        .tolerance(1e-9)
        .view(row -> sortCollected(row, keys.length, aggregates))
        .expect(want);
  }

  private static List<@Nullable Object> sortCollected(
      List<@Nullable Object> row, int keys, List<Agg> aggregates) {
    List<@Nullable Object> out = new ArrayList<>(row);
    for (int i = 0; i < aggregates.size(); i++) {
      if (aggregates.get(i).function().equals("collect") && row.get(keys + i) != null) {
        String text = (String) row.get(keys + i);
        String[] parts = text.substring(1, text.length() - 1).split(",");
        Arrays.sort(parts);
        out.set(keys + i, Arrays.toString(parts));
      }
    }
    return out;
  }

  /** Column of the filter in {@link #TYPES}. */
  private static final int FILTER = 1;

  private static final DataType[] TYPES = TestBatches.TYPES.toArray(new DataType[0]);

  private static List<Agg> allAggregates(boolean distinct) {
    List<Agg> out = new ArrayList<>();
    out.add(new Agg("count", -1, false, null));
    for (int c = 0; c < TYPES.length; c++) {
      for (String f : new String[] {"count", "min", "max", "any"}) {
        out.add(new Agg(f, c, distinct, null));
      }
      if (TYPES[c].isNumeric()) {
        for (String f :
            new String[] {"sum", "avg", "stddev", "stddev-pop", "variance", "variance-pop"}) {
          out.add(new Agg(f, c, distinct, null));
        }
      }
    }
    out.add(new Agg("bool-and", 0, distinct, null));
    out.add(new Agg("bool-or", 0, distinct, null));
    out.add(new Agg("collect", 1, distinct, null));
    out.add(new Agg("collect", 13, distinct, null));
    return out;
  }

  private static final int[][] KEYS = {{}, {0}, {1}, {6}, {3}, {5, 8}, {0, 2, 6}};

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 300})
  void everyAggregateOfEveryType(int rows) {
    for (int[] keys : KEYS) {
      Batch in =
          new TestBatches(21).batch(rows, Shape.PLAIN.withNulls(0.15).withDistinct(6), TYPES);
      List<Agg> aggregates = allAggregates(false);
      check(in, TYPES, keys, aggregates, new boolean[aggregates.size()]);
    }
  }

  @Test
  void withoutNulls() {
    Batch in = new TestBatches(22).batch(2049, Shape.PLAIN.withDistinct(40).withSkew(), TYPES);
    List<Agg> aggregates = allAggregates(false);
    check(in, TYPES, new int[] {1, 6}, aggregates, new boolean[aggregates.size()], SELDOM);
    check(in, TYPES, new int[] {}, aggregates, new boolean[aggregates.size()]);
  }

  @Test
  void distinctAndFiltered() {
    for (int[] keys : new int[][] {{}, {6}, {1}}) {
      Batch in = new TestBatches(23).batch(400, Shape.PLAIN.withNulls(0.1).withDistinct(9), TYPES);
      List<Agg> aggregates = new ArrayList<>();
      List<Boolean> filtered = new ArrayList<>();
      for (Agg a : allAggregates(true)) {
        aggregates.add(a);
        filtered.add(false);
        aggregates.add(
            new Agg(
                a.function(),
                a.column(),
                a.distinct(),
                row -> row.get(FILTER) != null && (Integer) row.get(FILTER) > 0));
        filtered.add(true);
      }
      boolean[] f = new boolean[filtered.size()];
      for (int i = 0; i < f.length; i++) {
        f[i] = filtered.get(i);
      }
      check(in, TYPES, keys, aggregates, f, SELDOM);
    }
  }

  /** More groups than fit the small path, so that partitions are merged. */
  @Test
  void manyGroups() {
    DataType[] types = {DataType.INT64, DataType.INT32, D15, DataType.VARCHAR, D38};
    Batch in = new TestBatches(24).batch(8_600, Shape.PLAIN.withNulls(0.05), types);
    List<Agg> aggregates =
        List.of(
            new Agg("count", -1, false, null),
            new Agg("sum", 2, false, null),
            new Agg("avg", 4, false, null),
            new Agg("min", 3, false, null),
            new Agg("count", 1, true, null),
            new Agg("sum", 2, true, null),
            new Agg("collect", 1, false, null));
    for (int[] keys : new int[][] {{0}, {0, 1, 3}}) {
      check(in, types, keys, aggregates, new boolean[aggregates.size()], 29);
    }
  }

  @Test
  void groupingSets() {
    DataType[] types = {DataType.INT32, DataType.VARCHAR, DataType.BOOLEAN, DataType.INT64};
    int[][] sets = {{0, 1}, {0}, {2, 1}, {}, {0}};
    for (int rows : new int[] {0, 1, 700}) {
      Batch in = new TestBatches(25).batch(rows, Shape.PLAIN.withNulls(0.1).withDistinct(5), types);
      List<List<@Nullable Object>> want = new ArrayList<>();
      for (int[] set : sets) {
        List<Agg> aggregates =
            List.of(new Agg("count", -1, false, null), new Agg("sum", 3, false, null));
        for (List<@Nullable Object> row : NaiveGroup.group(TestBatches.rows(in), set, aggregates)) {
          @Nullable Object[] out = {null, null, null, null, null, 1L, 1L, 3L};
          for (int k = 0; k < set.length; k++) {
            out[set[k]] = row.get(k);
            if (set[k] < 2) {
              out[5 + set[k]] = 0L;
            }
            if (set[k] != 1) {
              out[7] = (Long) out[7] - (set[k] == 0 ? 2 : 1);
            }
          }
          out[3] = row.get(set.length);
          out[4] = row.get(set.length + 1);
          want.add(Arrays.asList(out));
        }
      }
      NodeHarness.breaker(
              (q, lanes) ->
                  new Group(
                      q,
                      columns(types, 0, 1, 2),
                      List.of(
                          Aggregate.countRows(),
                          new Aggregate("sum", new ColumnExpr(3, DataType.INT64), DataType.INT64),
                          Aggregate.grouping(0),
                          Aggregate.grouping(1),
                          Aggregate.grouping(0, 2)),
                      List.of(sets)))
          .input(in)
          .refusing(3)
          .refusing(3)
          .types(
              DataType.INT32,
              DataType.VARCHAR,
              DataType.BOOLEAN,
              DataType.INT64,
              DataType.INT64,
              DataType.INT64,
              DataType.INT64,
              DataType.INT64)
          .expect(want);
    }
  }

  @Test
  void constantArguments() {
    DataType[] types = {DataType.INT32};
    Batch in = new TestBatches(26).batch(500, Shape.PLAIN.withDistinct(3), types);
    NodeHarness.breaker(
            (q, lanes) ->
                new Group(
                    q,
                    List.of(),
                    List.of(
                        new Aggregate("sum", new LiteralExpr(DataType.INT64, 7L), DataType.INT64),
                        new Aggregate(
                            "count", new LiteralExpr(DataType.INT64, null), DataType.INT64)),
                    null))
        .input(in)
        .refusing(3)
        .expect(List.of(List.of(3500L, 0L)));
  }

  /** Sums overflow only if the final sum does, whatever the order. */
  @Test
  void exactSums() {
    Long[] longs = {Long.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE, 5L};
    BigDecimal most = new BigDecimal("9".repeat(38)).movePointLeft(6);
    Object[] wide = {most, most, most.negate(), most, most.negate()};
    Batch in =
        Batch.of(
            5,
            TestBatches.columnOf(DataType.INT64, (Object[]) longs),
            TestBatches.columnOf(D38, wide));
    List<Aggregate> sums =
        List.of(
            new Aggregate("sum", new ColumnExpr(0, DataType.INT64), DataType.INT64),
            new Aggregate("avg", new ColumnExpr(0, DataType.INT64), DataType.FLOAT64),
            new Aggregate("sum", new ColumnExpr(1, D38), D38),
            new Aggregate("avg", new ColumnExpr(1, D38), DataType.FLOAT64));
    NodeHarness.breaker((q, lanes) -> new Group(q, List.of(), sums, null))
        .input(in)
        .refusing(3)
        .expect(List.of(List.of(3L, 0.6, most, 2.0e31)));
  }

  @Test
  void aSumThatDoesNotFitIsAnError() {
    Batch longs = Batch.of(2, TestBatches.columnOf(DataType.INT64, Long.MAX_VALUE, 1L));
    assertEquals(
        "sum gives 9223372036854775808, which does not fit int64; cast the argument to"
            + " decimal(38,0) or float64",
        failure(longs, DataType.INT64, DataType.INT64));
    BigDecimal most = new BigDecimal("9".repeat(38)).movePointLeft(6);
    Batch wide = Batch.of(3, TestBatches.columnOf(D38, most, most, most));
    assertEquals(
        "sum gives 299999999999999999999999999999999.999997, which does not fit decimal(38,6);"
            + " cast the argument to float64",
        failure(wide, D38, D38));
  }

  private static String failure(Batch in, DataType type, DataType result) {
    AssertionError e =
        assertThrows(
            AssertionError.class,
            () ->
                NodeHarness.breaker(
                        (q, lanes) ->
                            new Group(
                                q,
                                List.of(),
                                List.of(new Aggregate("sum", new ColumnExpr(0, type), result)),
                                null))
                    .input(in)
                    .refusing(3)
                    .refusing(3)
                    .expect(List.of()));
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    assertEquals(PenstockException.Category.INCORRECT, ((PenstockException) cause).category());
    assertEquals("overflow", ((PenstockException) cause).code());
    return cause.getMessage();
  }

  @Test
  void extremes() {
    DataType[] types = {DataType.INT32, DataType.FLOAT64, DataType.INT64, DataType.DATE, D15, D38};
    Batch in = new TestBatches(27).batch(900, Shape.PLAIN.withNulls(0.1).withExtremes(), types);
    List<Agg> aggregates = new ArrayList<>();
    for (int c = 0; c < types.length; c++) {
      aggregates.add(new Agg("min", c, false, null));
      aggregates.add(new Agg("max", c, false, null));
      aggregates.add(new Agg("count", c, true, null));
    }
    check(in, types, new int[] {1}, aggregates, new boolean[aggregates.size()], SELDOM);
    check(in, types, new int[] {}, aggregates, new boolean[aggregates.size()], SELDOM);
  }

  /** Strings that replace each other by the thousand: holes are given back. */
  @Test
  void minOfStringsKeepsItsMemory() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 9999; i >= 0; i--) {
      rows.add(TestBatches.row(i % 3, "%06d".formatted(i) + "x".repeat(50)));
    }
    Batch in = TestBatches.batchOf(List.of(DataType.INT32, DataType.VARCHAR), rows);
    check(
        in,
        new DataType[] {DataType.INT32, DataType.VARCHAR},
        new int[] {0},
        List.of(new Agg("min", 1, false, null), new Agg("max", 1, false, null)),
        new boolean[2]);
  }
}
