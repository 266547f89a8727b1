package dev.penstock.nodes.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NestedLoopJoinTest {
  private final long seed = System.nanoTime();
  private final TestBatches data = new TestBatches(seed);
  private final Random random = data.random();

  private Batch side(int rows, double nulls) {
    return Batch.of(
        rows,
        data.column(DataType.INT64, rows, new Shape(nulls, 9, false, false)),
        data.column(DataType.VARCHAR, rows, new Shape(nulls, 0, false, false)),
        data.column(DataType.decimal(30, 2), rows, new Shape(nulls, 20, true, false)));
  }

  private JoinCase joinOf(JoinKind kind, int left, int right, boolean residual) {
    double nulls = random.nextInt(2) * 0.1;
    JoinCase join = new JoinCase(side(left, nulls), side(right, nulls));
    join.kind = kind;
    join.residual = residual ? new int[] {0, 0} : null;
    join.residualHidesInputs = random.nextBoolean();
    join.buildIsRight = random.nextBoolean();
    return join;
  }

  @Test
  void everyKind() {
    System.out.println("NestedLoopJoinTest seed " + seed);
    for (JoinKind kind : JoinKind.values()) {
      JoinCase join =
          joinOf(kind, 1 + random.nextInt(70), 1 + random.nextInt(70), kind != JoinKind.CROSS);
      try {
        join.harness(seed);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ", " + join + ": " + e.getMessage(), e);
      }
    }
  }

  @Test
  void everySize() {
    int[][] sizes = {
      {0, 0},
      {0, 5},
      {5, 0},
      {1, 1},
      {1, 700},
      {700, 1},
      {2, 400},
      {400, 2},
      {300, 100},
      {1, 2049},
      {2049, 1}
    };
    for (int[] size : sizes) {
      for (JoinKind kind : JoinKind.values()) {
        for (int build = 0; build < 2; build++) {
          JoinCase join =
              joinOf(kind, size[0], size[1], kind != JoinKind.CROSS && random.nextBoolean());
          join.buildIsRight = build == 0;
          try {
            NodeHarness.rig((query, lanes) -> new JoinCase.JoinRig(query, join.spec(), lanes))
                .seed(seed)
                .input(join.build())
                .input(join.probe())
                .types(join.outputTypes())
                .once(2, join.expected());
          } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ", " + join + ": " + e.getMessage(), e);
          }
        }
      }
    }
  }

  /** A scalar subquery: one build row beside every probe row costs no copy. */
  @Test
  void oneBuildRowIsAConstantBesideTheProbeBatch() {
    JoinCase join = new JoinCase(side(500, 0), side(1, 0));
    join.kind = JoinKind.CROSS;
    QueryContext query =
        new QueryContext(new CancellationToken(), Budget.root("test", 1L << 20), 2048);
    try (JoinCase.JoinRig rig = new JoinCase.JoinRig(query, join.spec(), 1)) {
      List<Batch> out = Drive.join(rig, List.of(join.right), List.of(join.left));
      assertEquals(1, out.size());
      assertEquals(join.left.column(0), out.get(0).column(0));
      assertEquals(ConstantColumn.class, out.get(0).column(3).getClass());
    }
  }

  @Test
  void keysBelongIntoAHashJoin() {
    JoinCase join = joinOf(JoinKind.INNER, 1, 1, false);
    join.leftKeys = new int[] {0};
    join.rightKeys = new int[] {0};
    join.nullSafe = new boolean[1];
    QueryContext query =
        new QueryContext(new CancellationToken(), Budget.root("test", 1L << 20), 2048);
    try (JoinBuild build = Drive.build(query, join.spec(), join.build())) {
      JoinTable table = build.table();
      assertEquals(
          "a nested-loop join has no keys; 1 came",
          assertThrows(IllegalArgumentException.class, () -> new NestedLoopJoin(query, table))
              .getMessage());
    }
  }
}
