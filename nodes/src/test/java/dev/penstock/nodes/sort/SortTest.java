package dev.penstock.nodes.sort;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.kernel.Ordering;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SortTest {
  private static final DataType[] TYPES = TestBatches.TYPES.toArray(new DataType[0]);
  private static final SpillSizes SMALL = new SpillSizes(40 << 10, 1 << 10, 4 << 10);

  /** Bytes a lane: the least, and some more. */
  private static final long[] CAPS = {SMALL.minimumBytes(), 2 * SMALL.minimumBytes()};

  private static final Shape SHAPE =
      Shape.PLAIN.withNulls(0.1).withDistinct(40).withSkew().withExtremes();

  private static List<SortKey> keys(int seed, DataType... types) {
    List<SortKey> out = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      int c = (i + seed) % types.length;
      out.add(new SortKey(new ColumnExpr(c, types[c]), (seed + i) % 2 == 0, (seed + i) % 3 == 0));
    }
    return out;
  }

  /** Row numbers of one batch in order, by plain comparison. */
  private static List<Integer> sorted(Batch batch, List<SortKey> keys) {
    List<Integer> rows = new ArrayList<>();
    for (int i = 0; i < batch.count(); i++) {
      rows.add(i);
    }
    List<Comparator<Integer>> all = new ArrayList<>();
    for (SortKey key : keys) {
      Column c = key.expr().eval(batch);
      Ordering o = Ordering.of(key.expr().type());
      Comparator<Integer> values =
          (a, b) -> {
            int x = o.compare(c, a, c, b);
            return key.descending() ? -x : x;
          };
      all.add(
          (a, b) -> {
            if (c.isNull(a) || c.isNull(b)) {
              int nulls = Boolean.compare(c.isNull(a), c.isNull(b));
              return key.nullsFirst() ? -nulls : nulls;
            }
            return values.compare(a, b);
          });
    }
    rows.sort(all.stream().reduce(Comparator::thenComparing).orElseThrow());
    return rows;
  }

  static List<List<@Nullable Object>> expected(Batch batch, List<SortKey> keys) {
    List<List<@Nullable Object>> out = new ArrayList<>();
    for (int row : sorted(batch, keys)) {
      out.add(TestBatches.row(batch.row(row)));
    }
    return out;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 5, 11})
  void sortsByAllColumns(int seed) {
    TestBatches data = new TestBatches(seed);
    Batch batch = data.batch(700, SHAPE, TYPES);
    List<SortKey> keys = keys(seed, TYPES);
    NodeHarness.breaker((query, lanes) -> new Sort(query, TYPES, keys, SMALL))
        .input(List.of(batch))
        .types(TYPES)
        .ordered()
        .refusing(3)
        .spilling(CAPS)
        .expect(expected(batch, keys));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2047, 2048, 2049})
  void sortsEveryTypeAlone(int rows) {
    for (int t = 0; t < TYPES.length; t++) {
      TestBatches data = new TestBatches(rows + t);
      Batch batch = data.batch(Math.min(rows, rows < 10 ? rows : 300), SHAPE, TYPES[t]);
      List<SortKey> keys =
          List.of(new SortKey(new ColumnExpr(0, TYPES[t]), t % 2 == 1, t % 3 == 0));
      NodeHarness.breaker((query, lanes) -> new Sort(query, types(keys), keys, SMALL))
          .input(List.of(batch))
          .types(types(keys))
          .ordered()
          .refusing(3)
          .spilling(CAPS)
          .expect(expected(batch, keys));
    }
  }

  private static DataType[] types(List<SortKey> keys) {
    return new DataType[] {keys.get(0).expr().type()};
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 50, 349, 350, 5000})
  void topIsTheBeginningOfTheSort(int limit) {
    for (int offset : new int[] {0, 1, 90}) {
      TestBatches data = new TestBatches(limit);
      Batch batch = data.batch(350, SHAPE, TYPES);
      List<SortKey> keys = keys(limit, TYPES);
      List<List<@Nullable Object>> all = expected(batch, keys);
      List<List<@Nullable Object>> wanted =
          all.subList(Math.min(offset, all.size()), Math.min(offset + limit, all.size()));
      int from = offset;
      NodeHarness.breaker((query, lanes) -> new Top(query, TYPES, keys, from, limit, SMALL))
          .input(List.of(batch))
          .types(TYPES)
          .ordered()
          .refusing(limit == 0 ? new int[0] : new int[] {3})
          .spilling(CAPS)
          .expect(wanted);
    }
  }

  @Test
  void topKeepsTheBestOfManyRows() {
    DataType[] types = {DataType.INT64, DataType.VARCHAR};
    List<Batch> batches = new ArrayList<>();
    TestBatches data = new TestBatches(7);
    for (int i = 0; i < 12; i++) {
      batches.add(data.batch(4000, Shape.PLAIN.withNulls(0.01), types));
    }
    Batch all = TestBatches.concat(batches, types);
    List<SortKey> keys = keys(1, types);
    NodeHarness.breaker((query, lanes) -> new Top(query, types, keys, 2, 10, SMALL))
        .input(batches)
        .types(types)
        .ordered()
        .refusing(3)
        .spilling(CAPS)
        .expect(expected(all, keys).subList(2, 12));
  }

  /**
   * Long groups of equal keys, strings that differ late or not at all, and integers that have no
   * exact prefix.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5})
  void manyRowsAreEqualInTheFirstKeys(int seed) {
    DataType[] types = {
      DataType.BOOLEAN,
      DataType.VARCHAR,
      DataType.INT64,
      DataType.decimal(15, 2),
      DataType.DATE,
      DataType.FLOAT64,
      DataType.decimal(38, 6)
    };
    TestBatches data = new TestBatches(seed);
    int rows = 1500;
    Column[] columns = new Column[types.length];
    Shape few = Shape.PLAIN.withNulls(0.1).withDistinct(3 + seed).withSkew();
    for (int c = 0; c < columns.length; c++) {
      columns[c] = data.column(types[c], rows, seed % 3 == 1 ? few.withExtremes() : few);
    }
    @Nullable Object[] texts = new Object[rows];
    for (int i = 0; i < rows; i++) {
      int kind = data.random().nextInt(4);
      texts[i] =
          kind == 0
              ? null
              : "the same " + "beginning".substring(0, 3 * kind) + data.random().nextInt(6);
    }
    columns[1] = TestBatches.columnOf(DataType.VARCHAR, texts);
    Batch batch = Batch.of(rows, columns);
    List<SortKey> keys = keys(seed, types);
    NodeHarness.breaker((query, lanes) -> new Sort(query, types, keys, SMALL))
        .input(List.of(batch))
        .types(types)
        .ordered()
        .refusing(3)
        .spilling(CAPS)
        .expect(expected(batch, keys));
  }

  @Test
  void keysMayBeComputed() {
    DataType[] types = {DataType.INT32, DataType.VARCHAR};
    Batch batch = new TestBatches(3).batch(200, Shape.PLAIN, types);
    Expr second =
        new Expr() {
          @Override
          public DataType type() {
            return DataType.VARCHAR;
          }

          @Override
          public Column eval(Batch b) {
            return b.column(1);
          }
        };
    List<SortKey> keys =
        List.of(
            new SortKey(second, true, false),
            new SortKey(new ColumnExpr(0, DataType.INT32), false, false));
    NodeHarness.breaker((query, lanes) -> new Sort(query, types, keys, SMALL))
        .input(List.of(batch))
        .types(types)
        .ordered()
        .refusing(3)
        .spilling(CAPS)
        .expect(expected(batch, keys));
  }

  @Test
  void rangesCoverEveryRowOnce() {
    // More rows than one range: the decoders run over several morsels.
    DataType[] types = {DataType.INT64};
    List<Batch> batches = new ArrayList<>();
    TestBatches data = new TestBatches(11);
    for (int i = 0; i < 50; i++) {
      batches.add(data.batch(4000, Shape.PLAIN.withDistinct(1000), types));
    }
    var query =
        new dev.penstock.nodes.QueryContext(
            new dev.penstock.monitor.CancellationToken(),
            dev.penstock.monitor.Budget.root("test", 1L << 30),
            1000);
    long[] got = new long[200_000];
    int n = 0;
    int morsels = 0;
    try (Sort sort = new Sort(query, types, keys(1, types))) {
      for (int lane = 0; lane < 2; lane++) {
        var sink = sort.sink(lane);
        var mine = batches.subList(lane * 25, lane * 25 + 25).iterator();
        var inlet =
            new dev.penstock.nodes.Inlet<Batch>() {
              @Override
              public @Nullable Batch poll() {
                return mine.hasNext() ? mine.next() : null;
              }

              @Override
              public boolean isDone() {
                return !mine.hasNext();
              }
            };
        while (sink.step(inlet, b -> true) != dev.penstock.nodes.Progress.DONE) {}
      }
      var decoder = sort.decoder();
      for (dev.penstock.nodes.Source.Morsel range : sort.finish()) {
        morsels++;
        decoder.begin(range);
        for (Batch b = decoder.next(); b != null; b = decoder.next()) {
          for (int i = 0; i < b.count(); i++) {
            got[n++] = (Long) b.column(0).value(b.position(i));
          }
        }
      }
    }
    assertEquals(200_000, n);
    assertEquals(3, morsels);
    long[] wanted =
        batches.stream()
            .flatMap(b -> TestBatches.rows(b).stream())
            .mapToLong(r -> (Long) r.get(0))
            .sorted()
            .toArray();
    org.junit.jupiter.api.Assertions.assertArrayEquals(wanted, got);
    assertEquals(0, query.budget().usedBytes());
  }
}
