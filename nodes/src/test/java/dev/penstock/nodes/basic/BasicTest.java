package dev.penstock.nodes.basic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.LiteralExpr;
import dev.penstock.batch.expr.Predicate;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BasicTest {
  private static final DataType[] TYPES = TestBatches.TYPES.toArray(new DataType[0]);
  private static final Shape SHAPE = Shape.PLAIN.withNulls(0.1).withExtremes();

  /** True where the int32 column 1 is at least a bound. */
  private record AtLeast(int bound) implements Predicate {
    @Override
    public DataType type() {
      return DataType.BOOLEAN;
    }

    @Override
    public Column eval(Batch batch) {
      long[] words = new long[Bits.words(batch.length())];
      int[] out = new int[batch.count()];
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
        Object v = batch.column(1).value(p);
        if (v != null && ((Integer) v) >= bound) {
          out[n++] = p;
        }
      }
      return n;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2047, 2048, 2049})
  void filterKeepsRowsThatAreTrue(int rows) {
    for (int bound : new int[] {Integer.MIN_VALUE, 0, 900, Integer.MAX_VALUE}) {
      Batch in = new TestBatches(11).batch(rows, SHAPE, TYPES);
      List<List<@Nullable Object>> want = new ArrayList<>();
      for (List<@Nullable Object> row : TestBatches.rows(in)) {
        if (row.get(1) != null && (Integer) row.get(1) >= bound) {
          want.add(row);
        }
      }
      NodeHarness.step(q -> new Filter(q, new AtLeast(bound)))
          .input(in)
          .types(TYPES)
          .ordered()
          .expect(want);
      NodeHarness.parallelStep(q -> new Filter(q, new AtLeast(bound))).input(in).expect(want);
    }
  }

  @Test
  void filterCopiesWhenLessThanAQuarterIsLeft() {
    Batch in = new TestBatches(12).batch(1000, SHAPE, TYPES);
    QueryContext query = query();
    Batch few = new Filter(query, new AtLeast(900)).apply(in);
    assertEquals(few.count(), few.length());
    Batch many = new Filter(query, new AtLeast(-900)).apply(in);
    assertEquals(1000, many.length());
  }

  @Test
  void projectGivesOneColumnForEachExpression() {
    Batch in = new TestBatches(13).batch(333, SHAPE, TYPES);
    List<List<@Nullable Object>> want =
        TestBatches.rows(in).stream()
            .map(r -> TestBatches.row(r.get(6), 7L, r.get(0), r.get(6)))
            .toList();
    NodeHarness.parallelStep(
            q ->
                new Project(
                    q,
                    List.of(
                        new ColumnExpr(6, TYPES[6]),
                        new LiteralExpr(DataType.INT64, 7L),
                        new ColumnExpr(0, TYPES[0]),
                        new ColumnExpr(6, TYPES[6]))))
        .input(in)
        .types(TYPES[6], DataType.INT64, TYPES[0], TYPES[6])
        .expect(want);
    NodeHarness.step(q -> new Project(q, List.of()))
        .input(in)
        .expect(java.util.Collections.nCopies(333, List.of()));
  }

  @Test
  void sliceGivesTheRowsBetween() {
    Batch in = new TestBatches(14).batch(500, SHAPE, TYPES);
    List<List<@Nullable Object>> rows = TestBatches.rows(in);
    long[][] cases = {
      {0, -1},
      {0, 0},
      {0, 1},
      {3, 7},
      {499, 10},
      {500, 10},
      {501, -1},
      {0, 500},
      {10, -1},
      {0, Long.MAX_VALUE},
      {7, Long.MAX_VALUE}
    };
    for (long[] c : cases) {
      int from = (int) Math.min(500, c[0]);
      int to = c[1] < 0 ? 500 : (int) Math.min(500, from + Math.min(500, c[1]));
      NodeHarness.step(q -> new Slice(q, c[0], c[1]))
          .input(in)
          .types(TYPES)
          .ordered()
          .expect(rows.subList(from, to));
    }
    NodeHarness.step(q -> new Slice(q, 0, 5)).input(List.of()).ordered().expect(List.of());
  }

  @Test
  void sliceIsDoneWithItsLastRow() {
    Slice slice = new Slice(query(), 0, 2);
    ArrayDeque<Batch> batches = new ArrayDeque<>();
    batches.add(new TestBatches(15).batch(10, SHAPE, TYPES));
    batches.add(new TestBatches(16).batch(10, SHAPE, TYPES));
    Inlet<Batch> inlet =
        new Inlet<>() {
          @Override
          public @Nullable Batch poll() {
            return batches.poll();
          }

          @Override
          public boolean isDone() {
            return batches.isEmpty();
          }
        };
    assertEquals(Progress.DONE, slice.step(inlet, b -> true));
    assertEquals(1, batches.size());
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new Slice(query(), -1, 2));
    assertEquals("an offset is not negative: -1", e.getMessage());
  }

  @Test
  void numberCountsFromZero() {
    Batch in = new TestBatches(17).batch(777, SHAPE, DataType.INT32, DataType.VARCHAR);
    List<List<@Nullable Object>> want = new ArrayList<>();
    for (List<@Nullable Object> row : TestBatches.rows(in)) {
      want.add(TestBatches.row(row.get(0), row.get(1), (long) want.size()));
    }
    NodeHarness.step(Number::new)
        .input(in)
        .types(DataType.INT32, DataType.VARCHAR, DataType.INT64)
        .ordered()
        .expect(want);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100, 1000, 65536})
  void rechunkKeepsRowsAndMakesExactBatches(int size) {
    Batch in = new TestBatches(18).batch(1001, SHAPE, TYPES);
    NodeHarness.step(q -> new Exact(new Rechunk(q, TYPES, size), size))
        .input(in)
        .types(TYPES)
        .ordered()
        .expect(TestBatches.rows(in));
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 700, 65536})
  void whatRechunkKeepsGoesToDisk(int size) {
    Batch in = new TestBatches(19).batch(1001, SHAPE, TYPES);
    NodeHarness.step(q -> new Exact(new Rechunk(q, TYPES, size), size))
        .input(in)
        .types(TYPES)
        .ordered()
        .spilling(640 << 10)
        .refusing(1, 2, 3)
        .expect(TestBatches.rows(in));
  }

  /** Fails when a batch other than the last has not exactly so many rows. */
  private static final class Exact implements Step<Batch> {
    private final Step<Batch> inner;
    private final int size;
    private boolean last;

    Exact(Step<Batch> inner, int size) {
      this.inner = inner;
      this.size = size;
    }

    @Override
    public Progress step(Inlet<? extends Batch> in, dev.penstock.nodes.Outlet out) {
      return inner.step(
          in,
          b -> {
            boolean taken = out.offer(b);
            if (taken) {
              assertEquals(false, last, "a short batch was not the last one");
              last = b.count() != size;
            }
            return taken;
          });
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  private static QueryContext query() {
    return new QueryContext(
        new CancellationToken(), Budget.root("test", Long.MAX_VALUE), Batch.ROWS);
  }
}
