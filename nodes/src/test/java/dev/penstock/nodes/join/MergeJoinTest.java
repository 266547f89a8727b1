package dev.penstock.nodes.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.kernel.Ordering;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Rig;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeJoinTest {
  private static final JoinKind[] KINDS = {
    JoinKind.INNER, JoinKind.LEFT, JoinKind.SEMI, JoinKind.ANTI
  };

  private final long seed = System.nanoTime();
  private final TestBatches data = new TestBatches(seed);
  private final Random random = data.random();

  @TempDir Path directory;

  /** Two key columns, an int64, a varchar; sorted by the keys, nulls last. */
  private Batch side(int rows, Column[] pools, double nulls) {
    Column[] out = new Column[pools.length + 2];
    for (int k = 0; k < pools.length; k++) {
      int length = pools[k].length();
      out[k] =
          pools[k].gather(
              IntStream.range(0, rows)
                  .map(
                      i ->
                          random.nextDouble() < nulls
                              ? -1
                              : random.nextInt(random.nextBoolean() ? 1 : length))
                  .toArray(),
              rows);
    }
    out[pools.length] = data.column(DataType.INT64, rows, new Shape(nulls, 7, false, false));
    out[pools.length + 1] = data.column(DataType.VARCHAR, rows, new Shape(nulls, 0, false, false));
    int[] sorted =
        IntStream.range(0, rows)
            .boxed()
            .sorted((a, b) -> compare(out, pools.length, a, b))
            .mapToInt(i -> i)
            .toArray();
    for (int c = 0; c < out.length; c++) {
      out[c] = out[c].gather(sorted, rows);
    }
    return Batch.of(rows, out);
  }

  private static int compare(Column[] columns, int keys, int a, int b) {
    for (int k = 0; k < keys; k++) {
      Column key = columns[k];
      int order =
          key.isNull(a) || key.isNull(b)
              ? Boolean.compare(key.isNull(a), key.isNull(b))
              : Ordering.of(key.type()).compare(key, a, key, b);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private JoinCase joinOf(int left, int right, double nulls, int distinct, DataType... types) {
    Column[] pools = new Column[types.length];
    int[] keys = new int[types.length];
    for (int k = 0; k < types.length; k++) {
      pools[k] = data.column(types[k], distinct, Shape.PLAIN);
      keys[k] = k;
    }
    JoinCase join = new JoinCase(side(left, pools, nulls), side(right, pools, nulls));
    join.leftKeys = keys;
    join.rightKeys = keys;
    join.nullSafe = new boolean[types.length];
    return join;
  }

  private final class Feeder implements Inlet<Batch> {
    final ArrayDeque<Batch> left = new ArrayDeque<>();
    boolean excuse;

    Feeder(Batch batch, int most) {
      for (int from = 0; from < batch.count(); ) {
        int to = Math.min(batch.count(), from + 1 + random.nextInt(most));
        Batch piece = batch.slice(from, to).compact();
        piece = random.nextBoolean() ? piece : data.encoded(piece);
        left.add(random.nextBoolean() ? piece : data.selected(piece));
        from = to;
      }
    }

    @Override
    public @Nullable Batch poll() {
      if (!left.isEmpty() && random.nextInt(3) == 0) {
        excuse = true;
        return null;
      }
      Batch batch = left.poll();
      excuse |= batch == null;
      return batch;
    }

    @Override
    public boolean isDone() {
      return left.isEmpty();
    }
  }

  private List<Batch> run(JoinCase join, QueryContext query, int most, int cancelAt) {
    Feeder left = new Feeder(join.left, most);
    Feeder right = new Feeder(join.right, most);
    List<Batch> out = new ArrayList<>();
    boolean[] refused = {false};
    try (MergeJoin merge = new MergeJoin(query, join.spec())) {
      for (int call = 0; ; call++) {
        if (call == cancelAt) {
          query.token().cancel(CancellationToken.Reason.CALLER, "enough");
        }
        left.excuse = false;
        right.excuse = false;
        refused[0] = false;
        Progress p =
            merge.step(
                left,
                right,
                batch -> {
                  if (random.nextInt(3) == 0) {
                    refused[0] = true;
                    return false;
                  }
                  assertTrue(
                      batch.count() <= 64 || batch.selection() != null || batch.count() <= most);
                  return out.add(batch);
                });
        assertTrue(
            p != Progress.STUCK || left.excuse || right.excuse || refused[0],
            "stuck for no reason");
        if (p == Progress.DONE) {
          return out;
        }
      }
    }
  }

  private static List<String> sorted(List<List<@Nullable Object>> rows) {
    return rows.stream().map(Object::toString).sorted().toList();
  }

  private void check(JoinCase join, int most) {
    Budget budget = Budget.root("test", 1L << 30);
    List<Batch> out = run(join, new QueryContext(new CancellationToken(), budget, 64), most, -1);
    assertEquals(
        sorted(join.expected()), sorted(TestBatches.rows(out)), "seed " + seed + " " + join);
    assertEquals(0, budget.usedBytes());
  }

  /** Both inputs one after the other, as the harness gives them: the right one is kept first. */
  private static final class MergeRig implements Rig {
    private final List<Batch> kept = new ArrayList<>();
    private final MergeJoin merge;
    private int next;

    MergeRig(QueryContext query, JoinSpec spec) {
      merge = new MergeJoin(query, spec);
    }

    @Override
    public int inputs() {
      return 2;
    }

    @Override
    public Step<Batch> sink(int input, int lane) {
      return input == 0 ? this::keep : this::join;
    }

    private Progress keep(Inlet<? extends Batch> in, Outlet out) {
      Batch batch = in.poll();
      if (batch == null) {
        return in.isDone() ? Progress.DONE : Progress.STUCK;
      }
      kept.add(batch);
      return Progress.MOVED;
    }

    private Progress join(Inlet<? extends Batch> in, Outlet out) {
      Inlet<Batch> right =
          new Inlet<>() {
            @Override
            public @Nullable Batch poll() {
              return isDone() ? null : kept.get(next++);
            }

            @Override
            public boolean isDone() {
              return next == kept.size();
            }
          };
      return merge.step(in, right, out);
    }

    @Override
    public void close() {
      merge.close();
    }
  }

  @Test
  void passesTheHarness() {
    System.out.println("MergeJoinTest seed " + seed);
    for (JoinKind kind : KINDS) {
      JoinCase join = joinOf(150, 90, 0.1, 20, DataType.INT64);
      join.kind = kind;
      join.residual = new int[] {1, 1}; // so that every kind keeps right rows
      NodeHarness.rig((query, lanes) -> new MergeRig(query, join.spec()))
          .lanes(1)
          .input(join.build())
          .input(join.probe())
          .types(join.outputTypes())
          .spillTo(directory)
          .spilling(1 << 20, 800 << 10)
          .refusing(1, 2, 3)
          .expect(join.expected());
    }
  }

  /** Two rows of a key are too many when every question for memory is refused. */
  @Test
  void everyKindWhenMemoryIsRefused() {
    System.out.println("MergeJoinTest seed " + seed);
    DataType[][] types = {
      {DataType.INT64}, {DataType.VARCHAR}, {DataType.FLOAT64}, {DataType.INT32, DataType.VARCHAR}
    };
    for (int round = 0; round < 8; round++) {
      DataType[] t = types[random.nextInt(types.length)];
      JoinCase join =
          joinOf(
              50 + random.nextInt(150),
              100 + random.nextInt(300),
              random.nextInt(2) * 0.1,
              1 + round / t.length,
              t);
      join.kind = KINDS[round % 4];
      join.nullSafe[0] = random.nextInt(4) == 0;
      join.residual =
          needsResidual(join.kind) || random.nextBoolean() ? new int[] {t.length, t.length} : null;
      NodeHarness.rig((query, lanes) -> new MergeRig(query, join.spec()))
          .lanes(1)
          .seed(seed)
          .input(join.build())
          .input(join.probe())
          .types(join.outputTypes())
          .spillTo(directory)
          .refusing(1, 2, 5)
          .expect(join.expected());
    }
  }

  /** Whether right rows are kept for their residual only. */
  private static boolean needsResidual(JoinKind kind) {
    return kind == JoinKind.SEMI || kind == JoinKind.ANTI;
  }

  @Test
  void rowsOfOneKeyThatDoNotFit() {
    System.out.println("MergeJoinTest seed " + seed);
    for (JoinKind kind : KINDS) {
      int keys = 1 + random.nextInt(2);
      JoinCase join = joinOf(20, keys * 30_000, 0.02, keys, DataType.INT64);
      join.kind = kind;
      join.residual = new int[] {1, 1};
      long spilled =
          NodeHarness.rig((query, lanes) -> new MergeRig(query, join.spec()))
              .lanes(1)
              .seed(seed)
              .input(join.build())
              .input(join.probe())
              .types(join.outputTypes())
              .spillTo(directory)
              .tight(1, 400 << 10, join.expected());
      // Of semi and anti joins the window has the column of the residual only, which fits: rows of
      // those that do not are in MergeJoinMemoryTest of the compiler.
      assertTrue(spilled > 0 || needsResidual(kind), join + " did not spill, seed " + seed);
    }
  }

  @Test
  void everyKindOverGeneratedRows() {
    System.out.println("MergeJoinTest seed " + seed);
    DataType[][] types = {
      {DataType.INT64},
      {DataType.VARCHAR},
      {DataType.FLOAT64},
      {DataType.DATE, DataType.decimal(38, 6)},
      {DataType.INT32, DataType.VARCHAR}
    };
    for (int round = 0; round < 120; round++) {
      DataType[] t = types[random.nextInt(types.length)];
      int[] sizes = {0, 1, 30, 200, 400};
      JoinCase join =
          joinOf(
              sizes[random.nextInt(5)],
              sizes[random.nextInt(5)],
              random.nextInt(2) * 0.1,
              1 + random.nextInt(50),
              t);
      join.kind = KINDS[random.nextInt(4)];
      join.nullSafe[0] = random.nextInt(4) == 0;
      join.residual = random.nextInt(3) == 0 ? new int[] {t.length, t.length} : null;
      check(join, random.nextBoolean() ? 5 : 100);
    }
  }

  @Test
  void groupsLongerThanABatch() {
    for (JoinKind kind : KINDS) {
      JoinCase join = joinOf(60, 3000, 0.01, 2, DataType.INT64);
      join.kind = kind;
      check(join, 40);
    }
  }

  @Test
  void theWindowStaysSmall() {
    int n = 50_000;
    Object[] keys = IntStream.range(0, n).mapToObj(i -> (Object) (long) (i / 2)).toArray();
    Batch side = Batch.of(n, TestBatches.columnOf(DataType.INT64, keys));
    JoinCase join = new JoinCase(side, side);
    join.leftKeys = new int[] {0};
    join.rightKeys = new int[] {0};
    join.nullSafe = new boolean[1];
    Budget budget = Budget.root("test", 1L << 30);
    List<Batch> out = run(join, new QueryContext(new CancellationToken(), budget, 64), 101, -1);
    assertEquals(2 * n, out.stream().mapToInt(Batch::count).sum());
    assertTrue(budget.peakBytes() < 10_000, "peak " + budget.peakBytes());
  }

  @Test
  void cancelledOrTooSmallItLeavesNothing() {
    JoinCase join = joinOf(300, 300, 0.1, 20, DataType.VARCHAR);
    for (int at = 0; at < 60; at += 3) {
      Budget budget = Budget.root("test", 1L << 30);
      int call = at;
      QueryContext query = new QueryContext(new CancellationToken(), budget, 64);
      try {
        run(join, query, 50, call);
      } catch (PenstockException e) {
        assertEquals("cancelled", e.code());
      }
      assertEquals(0, budget.usedBytes());
    }
    Budget budget = Budget.root("test", 500);
    PenstockException e =
        assertThrows(
            PenstockException.class,
            () -> run(join, new QueryContext(new CancellationToken(), budget, 64), 50, -1));
    assertEquals("memory-cap", e.code());
    assertEquals(0, budget.usedBytes());
  }

  @Test
  void otherKindsAreRefused() {
    JoinCase join = joinOf(1, 1, 0, 1, DataType.INT64);
    join.kind = JoinKind.FULL;
    QueryContext query = new QueryContext(new CancellationToken(), Budget.root("test", 0), 64);
    assertEquals(
        "a merge join is inner, left, semi or anti, with keys, its build side the right; a FULL join with 1 keys"
            + " came; use a hash join",
        assertThrows(PenstockException.class, () -> new MergeJoin(query, join.spec()))
            .getMessage());
  }
}
