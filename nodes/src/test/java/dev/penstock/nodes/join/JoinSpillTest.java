package dev.penstock.nodes.join;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Joins with the smallest cap with which they finish at all. */
class JoinSpillTest {
  private static final JoinKind[] KINDS = {
    JoinKind.INNER, JoinKind.LEFT, JoinKind.RIGHT, JoinKind.FULL,
    JoinKind.SEMI, JoinKind.ANTI, JoinKind.NULL_ANTI, JoinKind.MARK
  };

  private static final Set<JoinKind> OF_PAIRS =
      EnumSet.of(JoinKind.INNER, JoinKind.LEFT, JoinKind.RIGHT, JoinKind.FULL);

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final TestBatches data = new TestBatches(seed);
  private final Random random = data.random();

  @TempDir Path directory;

  private Batch side(int rows, Column[] pools, double nulls) {
    Column[] out = new Column[pools.length + 2];
    for (int k = 0; k < pools.length; k++) {
      int[] ids = new int[rows];
      for (int i = 0; i < rows; i++) {
        ids[i] = random.nextDouble() < nulls ? -1 : random.nextInt(pools[k].length());
      }
      out[k] = pools[k].gather(ids, rows);
    }
    out[pools.length] = data.column(DataType.INT64, rows, new Shape(nulls / 2, 7, false, false));
    out[pools.length + 1] = data.column(DataType.VARCHAR, rows, new Shape(nulls, 0, false, false));
    return Batch.of(rows, out);
  }

  private JoinCase join(
      int leftRows, int rightRows, double nulls, int distinct, DataType... types) {
    Column[] pools = new Column[types.length];
    int[] keys = new int[types.length];
    for (int k = 0; k < types.length; k++) {
      pools[k] = data.column(types[k], distinct, new Shape(0, 0, false, random.nextBoolean()));
      keys[k] = k;
    }
    JoinCase join = new JoinCase(side(leftRows, pools, nulls), side(rightRows, pools, nulls));
    join.leftKeys = keys;
    join.rightKeys = keys.clone();
    join.nullSafe = new boolean[types.length];
    return join;
  }

  private long tight(JoinCase join, int lanes) {
    try {
      return NodeHarness.rig((query, n) -> new JoinCase.JoinRig(query, join.spec(), n))
          .spillTo(directory)
          .seed(seed)
          .input(join.build())
          .input(join.probe())
          .types(join.outputTypes())
          .tight(lanes, 16 << 10, join.expected());
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + ", " + join + ": " + e.getMessage(), e);
    }
  }

  @Test
  void everyKindWithEitherBuildSide() {
    System.out.println("JoinSpillTest seed " + seed);
    for (JoinKind kind : KINDS) {
      for (boolean buildIsRight : new boolean[] {true, false}) {
        double nulls = random.nextInt(3) * 0.05;
        JoinCase join = join(1100, 1100, nulls, 700, DataType.INT64);
        join.kind = kind;
        join.buildIsRight = buildIsRight;
        assertTrue(tight(join, 1 + random.nextInt(3)) > 0, join + " did not spill");
      }
    }
  }

  @Test
  void residualsAndSeveralKeys() {
    DataType[][] types = {
      {DataType.INT32}, {DataType.VARCHAR}, {DataType.INT32, DataType.DATE}, {DataType.FLOAT64}
    };
    for (JoinKind kind : KINDS) {
      for (boolean buildIsRight : new boolean[] {true, false}) {
        DataType[] t = types[random.nextInt(types.length)];
        // keys and a number alone take little memory
        JoinCase join =
            OF_PAIRS.contains(kind)
                ? join(1400, 1400, 0.1, 200, t)
                : join(4200, 4200, 0.02, 2000, t);
        join.kind = kind == JoinKind.NULL_ANTI && t.length > 1 ? JoinKind.MARK : kind;
        join.buildIsRight = buildIsRight;
        join.nullSafe[0] = random.nextBoolean();
        join.residual = random.nextInt(4) == 0 ? null : new int[] {t.length, t.length};
        assertTrue(tight(join, 1 + random.nextInt(2)) > 0, join + " did not spill");
      }
    }
  }

  @Test
  void oneKeyAlone() {
    for (JoinKind kind : KINDS) {
      for (boolean buildIsRight : new boolean[] {true, false}) {
        JoinCase join =
            join(buildIsRight ? 60 : 2000, buildIsRight ? 2000 : 60, 0.05, 2, DataType.INT64);
        join.kind = kind;
        join.buildIsRight = buildIsRight;
        join.residual = new int[] {1, 1};
        assertTrue(tight(join, 1) > 0, join + " did not spill");
      }
    }
  }

  @Test
  void withoutKeys() {
    for (JoinKind kind : KINDS) {
      for (boolean buildIsRight : new boolean[] {true, false}) {
        JoinCase join =
            join(buildIsRight ? 50 : 2600, buildIsRight ? 2600 : 50, 0.05, 300, DataType.INT64);
        join.leftKeys = new int[0];
        join.rightKeys = new int[0];
        join.nullSafe = new boolean[0];
        join.kind = kind;
        join.buildIsRight = buildIsRight;
        join.residual = new int[] {1, 1};
        assertTrue(tight(join, 1 + random.nextInt(3)) > 0, join + " did not spill");
      }
    }
  }

  @Test
  void aSmallProbeSideBecomesTheTable() {
    DataType[][] types = {{DataType.INT32}, {DataType.VARCHAR, DataType.DATE}, {DataType.INT64}};
    for (JoinKind kind : KINDS) {
      for (boolean buildIsRight : new boolean[] {true, false}) {
        for (DataType[] t : types) {
          // of rows that are only looked for, the table has nothing but the keys
          int many = kind.isAboutLeftRows() ? 9000 : 2500;
          JoinCase join = join(buildIsRight ? 70 : many, buildIsRight ? many : 70, 0.05, 60, t);
          join.kind = kind == JoinKind.NULL_ANTI && t.length > 1 ? JoinKind.SEMI : kind;
          join.buildIsRight = buildIsRight;
          join.nullSafe[0] = random.nextInt(4) == 0;
          join.residual = random.nextBoolean() ? null : new int[] {t.length, t.length};
          if (!join.kind.isAboutLeftRows()) {
            // A key of either side, and what only one of them has.
            join.output = new int[] {t.length + 2, 0, 2 * t.length + 3, t.length + 1};
          }
          assertTrue(tight(join, 1 + random.nextInt(2)) > 0, join + " did not spill");
        }
      }
    }
  }

  /** Rows of which nothing is wanted but that they are there. */
  @Test
  void rowsWithoutColumns() {
    for (JoinKind kind : List.of(JoinKind.INNER, JoinKind.LEFT, JoinKind.CROSS)) {
      for (boolean buildIsRight : new boolean[] {true, false}) {
        JoinCase join =
            join(buildIsRight ? 60 : 150, buildIsRight ? 150 : 60, 0, 50, DataType.INT64);
        join.leftKeys = new int[0];
        join.rightKeys = new int[0];
        join.nullSafe = new boolean[0];
        join.kind = kind;
        join.buildIsRight = buildIsRight;
        join.output = buildIsRight ? new int[] {0, 1} : new int[] {3, 4};
        NodeHarness.rig((query, n) -> new JoinCase.JoinRig(query, join.spec(), n))
            .lanes(2)
            .seed(seed)
            .input(join.build())
            .input(join.probe())
            .types(join.outputTypes())
            .refusing(1, 3)
            .expect(join.expected());
      }
    }
  }

  /** With its sides as they are the build side would have to be divided, and written once more. */
  @Test
  void sidesAreSwappedBeforeTheyAreDivided() {
    JoinCase join = join(40, 20_000, 0, 20_000, DataType.INT64);
    long spilled =
        NodeHarness.rig((query, n) -> new JoinCase.JoinRig(query, join.spec(), n))
            .spillTo(directory)
            .seed(seed)
            .input(join.build())
            .input(join.probe())
            .types(join.outputTypes())
            .tight(1, 64 << 10, join.expected());
    long once = join.build().compact().sizeBytes() + join.probe().compact().sizeBytes();
    assertTrue(spilled < once * 3 / 2, spilled + " bytes were spilled of " + once);
  }
}
