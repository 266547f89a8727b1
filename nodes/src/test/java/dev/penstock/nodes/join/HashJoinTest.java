package dev.penstock.nodes.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.kernel.Hashes;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HashJoinTest {
  private static final JoinKind[] KINDS = {
    JoinKind.INNER, JoinKind.LEFT, JoinKind.RIGHT, JoinKind.FULL,
    JoinKind.SEMI, JoinKind.ANTI, JoinKind.NULL_ANTI, JoinKind.MARK
  };

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final TestBatches data = new TestBatches(seed);
  private final Random random = data.random();

  /**
   * Both sides draw keys from one pool, so that some match. Columns: keys, one int64 for residuals,
   * one payload.
   */
  private Batch side(int rows, Column[] pools, double nulls, int most) {
    Column[] out = new Column[pools.length + 2];
    for (int k = 0; k < pools.length; k++) {
      int[] ids = new int[rows];
      for (int i = 0; i < rows; i++) {
        ids[i] =
            random.nextDouble() < nulls ? -1 : random.nextInt(Math.min(most, pools[k].length()));
      }
      out[k] = pools[k].gather(ids, rows);
    }
    out[pools.length] = data.column(DataType.INT64, rows, new Shape(nulls / 2, 7, false, false));
    out[pools.length + 1] = data.column(DataType.VARCHAR, rows, new Shape(nulls, 0, false, false));
    return Batch.of(rows, out);
  }

  private JoinCase joinOf(
      int leftRows, int rightRows, double nulls, int distinct, DataType... types) {
    Column[] pools = new Column[types.length];
    int[] keys = new int[types.length];
    for (int k = 0; k < types.length; k++) {
      pools[k] = data.column(types[k], distinct, new Shape(0, 0, false, random.nextBoolean()));
      keys[k] = k;
    }
    JoinCase join =
        new JoinCase(
            side(leftRows, pools, nulls, distinct), side(rightRows, pools, nulls, distinct));
    join.leftKeys = keys;
    join.rightKeys = keys.clone();
    join.nullSafe = new boolean[types.length];
    return join;
  }

  @Test
  void everyKindWithEitherBuildSide() {
    System.out.println("HashJoinTest seed " + seed);
    for (JoinKind kind : KINDS) {
      for (boolean buildIsRight : new boolean[] {true, false}) {
        JoinCase join = joinOf(120, 90, random.nextInt(2) * 0.1, 40, DataType.INT64);
        join.kind = kind;
        join.buildIsRight = buildIsRight;
        run(join);
      }
    }
  }

  @Test
  void everyKindWithResiduals() {
    for (JoinKind kind : KINDS) {
      for (boolean buildIsRight : new boolean[] {true, false}) {
        JoinCase join =
            random.nextBoolean()
                ? joinOf(100, 80, 0.1, 15, DataType.INT32)
                : joinOf(100, 80, 0.1, 15, DataType.VARCHAR);
        join.kind = kind;
        join.buildIsRight = buildIsRight;
        join.residual = new int[] {1, 1};
        join.residualHidesInputs = random.nextBoolean();
        run(join);
      }
    }
  }

  @Test
  void severalKeysAndNullSafeKeys() {
    DataType[][] types = {
      {DataType.INT32, DataType.DATE},
      {DataType.INT64, DataType.INT64},
      {DataType.VARCHAR, DataType.INT32},
      {DataType.decimal(38, 6), DataType.BOOLEAN},
      {DataType.INT32},
      {DataType.VARCHAR}
    };
    for (JoinKind kind : KINDS) {
      DataType[] t = types[random.nextInt(types.length)];
      JoinCase join = joinOf(90, 90, 0.2, 6, t);
      if (kind != JoinKind.NULL_ANTI || t.length == 1) {
        join.kind = kind;
      }
      join.nullSafe[0] = random.nextBoolean();
      join.buildIsRight = random.nextBoolean();
      join.residual = random.nextBoolean() ? new int[] {t.length, t.length} : null;
      run(join);
    }
  }

  private void run(JoinCase join) {
    try {
      join.harness(seed);
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ", " + join + ": " + e.getMessage(), e);
    }
  }

  /** Many shapes, one run each. */
  @Test
  void everyTypeOfKey() {
    for (DataType type : TestBatches.TYPES) {
      for (JoinKind kind : KINDS) {
        JoinCase join =
            joinOf(
                random.nextInt(300),
                random.nextInt(300),
                random.nextInt(2) * 0.1,
                1 + random.nextInt(60),
                type);
        join.kind = kind;
        join.buildIsRight = random.nextBoolean();
        join.nullSafe[0] = random.nextInt(4) == 0;
        join.residual = random.nextInt(3) == 0 ? new int[] {1, 1} : null;
        once(join, 64);
      }
    }
  }

  @Test
  void everySizeAroundTheSizeOfABatch() {
    int[] sizes = {0, 1, 2047, 2048, 2049};
    int turn = random.nextInt(KINDS.length);
    for (int probe : sizes) {
      for (int build : sizes) {
        for (int k = 0; k < (Math.max(probe, build) > 1 ? 2 : KINDS.length); k++) {
          JoinCase join = joinOf(probe, build, 0.01, 3000, DataType.INT32);
          join.kind = KINDS[turn++ % KINDS.length];
          join.buildIsRight = random.nextBoolean();
          once(join, 2048);
        }
      }
    }
  }

  @Test
  void keysFromEndToEndOfTheirType() {
    Object[] values = {
      Long.MIN_VALUE,
      Long.MIN_VALUE + 1,
      -1L,
      0L,
      1L,
      Long.MAX_VALUE - 1,
      Long.MAX_VALUE,
      null,
      0x5DEE_CE66_D1CE_4E5BL
    };
    Column column = TestBatches.columnOf(DataType.INT64, values);
    Batch left = Batch.of(values.length, column, column);
    Batch right =
        Batch.of(
            values.length,
            column,
            column.gather(new int[] {8, 0, 1, 2, 3, 4, 5, 6, 7}, values.length));
    for (int keys = 1; keys <= 2; keys++) {
      for (int safe = 0; safe < 4; safe++) {
        for (JoinKind kind : KINDS) {
          if (kind == JoinKind.NULL_ANTI && keys == 2) {
            continue;
          }
          JoinCase join = new JoinCase(left, right);
          join.kind = kind;
          join.leftKeys = keys == 1 ? new int[] {0} : new int[] {0, 1};
          join.rightKeys = join.leftKeys;
          join.nullSafe =
              keys == 1
                  ? new boolean[] {(safe & 1) != 0}
                  : new boolean[] {(safe & 1) != 0, (safe & 2) != 0};
          join.buildIsRight = random.nextBoolean();
          once(join, 3);
        }
      }
    }
  }

  private static long inverse(long odd) {
    long x = odd;
    for (int i = 0; i < 6; i++) {
      x *= 2 - odd * x;
    }
    return x;
  }

  /** The value whose {@link Hashes#of} this is. */
  private static long unhashed(long hash) {
    long h = hash ^ hash >>> 29 ^ hash >>> 58;
    h *= inverse(0xD6E8_FEB8_6659_FD93L);
    h = (h ^ h >>> 32) * inverse(0x9E37_79B9_7F4A_7C15L);
    return h;
  }

  /** Different keys with one hash: what the words find is a candidate, no more. */
  @Test
  void keysThatCollideAreTold() {
    long rotated = Long.rotateLeft(Hashes.of(11), 27) ^ Hashes.of(22);
    UUID a = new UUID(11, 22);
    UUID b = new UUID(33, unhashed(rotated ^ Long.rotateLeft(Hashes.of(33), 27)));
    UUID c = new UUID(44, unhashed(rotated ^ Long.rotateLeft(Hashes.of(44), 27)));
    long[] hashes = new long[3];
    Hashes.hash(TestBatches.columnOf(DataType.UUID, a, b, c), null, 3, hashes);
    assertEquals(hashes[0], hashes[1]);
    assertEquals(hashes[0], hashes[2]);
    Object[][] builds = {{a}, {b, a}, {a, b, b, a}, {c, c}, {null, b}};
    Column numbers = TestBatches.columnOf(DataType.INT64, 1L, 2L, 4L, 5L, null);
    Batch left = Batch.of(5, TestBatches.columnOf(DataType.UUID, a, b, c, a, null), numbers);
    for (Object[] build : builds) {
      int n = build.length;
      Batch right =
          Batch.of(
              n,
              TestBatches.columnOf(DataType.UUID, build),
              numbers.gather(new int[] {0, 1, 2, 3}, n));
      for (JoinKind kind : KINDS) {
        for (int variant = 0; variant < 4; variant++) {
          JoinCase join = new JoinCase(left, right);
          join.kind = kind;
          join.leftKeys = new int[] {0};
          join.rightKeys = new int[] {0};
          join.nullSafe = new boolean[1];
          join.residual = (variant & 1) == 0 ? null : new int[] {1, 1};
          join.buildIsRight = (variant & 2) == 0;
          once(join, 3);
        }
      }
    }
  }

  /**
   * Packed words: what lies just outside the range of the build side must not look like null or
   * like another key.
   */
  @Test
  void keysJustOutsideTheRange() {
    Column build = TestBatches.columnOf(DataType.INT64, null, 5L, 12L, null);
    Column probe =
        TestBatches.columnOf(DataType.INT64, 4L, 5L, null, 13L, 12L, Long.MIN_VALUE, 21L);
    JoinCase join = new JoinCase(Batch.of(7, probe, probe), Batch.of(4, build, build));
    for (int keys = 1; keys <= 2; keys++) {
      for (int safe = 0; safe < 4; safe++) {
        join.leftKeys = keys == 1 ? new int[] {0} : new int[] {0, 1};
        join.rightKeys = join.leftKeys;
        join.nullSafe =
            keys == 1
                ? new boolean[] {(safe & 1) != 0}
                : new boolean[] {(safe & 1) != 0, (safe & 2) != 0};
        once(join, 10);
      }
    }
  }

  @Test
  void chosenColumnsOnly() {
    JoinCase join = joinOf(50, 50, 0.1, 10, DataType.INT64, DataType.VARCHAR);
    for (int[] output : new int[][] {{}, {7}, {0}, {5, 1, 5}, {3, 2}}) {
      for (JoinKind kind : new JoinKind[] {JoinKind.INNER, JoinKind.LEFT, JoinKind.FULL}) {
        join.kind = kind;
        join.output = output;
        join.buildIsRight = random.nextBoolean();
        once(join, 16);
      }
    }
  }

  /** One run with three lanes; the rows as a bag. */
  private void once(JoinCase join, int batchRows) {
    try {
      NodeHarness.rig((query, lanes) -> new JoinCase.JoinRig(query, join.spec(), lanes))
          .seed(seed)
          .batchRows(batchRows)
          .input(join.build())
          .input(join.probe())
          .types(join.outputTypes())
          .once(3, join.expected());
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ", " + join + ": " + e.getMessage(), e);
    }
  }

  private static Batch longs(LongStream values) {
    @Nullable Object[] boxed = values.boxed().toArray();
    return Batch.of(boxed.length, TestBatches.columnOf(DataType.INT64, boxed));
  }

  @Test
  void oneProbeRowWithVeryManyMatchesComesInPieces() {
    JoinCase join =
        new JoinCase(
            longs(LongStream.of(5, 7, 5)),
            longs(LongStream.range(0, 60_000).map(i -> 7 - 2 * (i & 1))));
    join.leftKeys = new int[] {0};
    join.rightKeys = new int[] {0};
    join.nullSafe = new boolean[1];
    Budget budget = Budget.root("test", 1L << 30);
    QueryContext query = new QueryContext(new CancellationToken(), budget, 2048);
    try (JoinCase.JoinRig rig = new JoinCase.JoinRig(query, join.spec(), 1)) {
      List<Batch> out = Drive.join(rig, List.of(join.build()), List.of(join.probe()));
      assertEquals(90_000, out.stream().mapToInt(Batch::count).sum());
      assertTrue(out.stream().allMatch(b -> b.count() <= 2048));
    }
    assertEquals(0, budget.usedBytes());
  }

  /** Not rows x rows: a chain whose rows are all matched is not walked again. */
  @Test
  @Timeout(20)
  void oneKeyOnBothSidesOfASemiJoin() {
    int n = 60_000;
    Column one = new ConstantColumn(TestBatches.columnOf(DataType.VARCHAR, "x"), n);
    JoinCase join = new JoinCase(Batch.of(n, one), Batch.of(n, one));
    join.kind = JoinKind.SEMI;
    join.leftKeys = new int[] {0};
    join.rightKeys = new int[] {0};
    join.nullSafe = new boolean[1];
    join.buildIsRight = false;
    QueryContext query =
        new QueryContext(new CancellationToken(), Budget.root("test", 1L << 30), 2048);
    try (JoinCase.JoinRig rig = new JoinCase.JoinRig(query, join.spec(), 1)) {
      List<Batch> out = Drive.join(rig, List.of(join.build()), List.of(join.probe()));
      assertEquals(n, out.stream().mapToInt(Batch::count).sum());
    }
  }

  @Test
  void factsForRuntimeFilters() {
    JoinCase join = new JoinCase(longs(LongStream.of(1)), longs(LongStream.of(30, -4, 12, 12)));
    join.leftKeys = new int[] {0};
    join.rightKeys = new int[] {0};
    join.nullSafe = new boolean[1];
    QueryContext query =
        new QueryContext(new CancellationToken(), Budget.root("test", 1L << 20), 2048);
    try (JoinBuild build = Drive.build(query, join.spec(), join.build())) {
      JoinTable table = build.table();
      assertEquals(new JoinTable.KeyRange(-4, 30), table.keyRange());
      assertEquals(4, table.rows());
      assertFalse(table.hasUniqueKeys());
    }
    try (JoinBuild build = Drive.build(query, join.spec(), longs(LongStream.of(3, 1)))) {
      assertTrue(build.table().hasUniqueKeys());
    }
    try (JoinBuild build = Drive.build(query, join.spec(), longs(LongStream.empty()))) {
      assertNull(build.table().keyRange());
    }
  }

  /** Two threads insert into one table, in every mode; each key is found with all its rows. */
  @Test
  void insertingInParallelLosesNothing() {
    List<long[]> keys = new ArrayList<>();
    int n = 200_000;
    keys.add(LongStream.range(0, n).map(i -> i / 3).toArray());
    keys.add(LongStream.range(0, n).map(i -> (i / 2) * 1_000_003L).toArray());
    keys.add(LongStream.range(0, n).map(i -> (i / 2) * 41L - 70_000).toArray());
    keys.add(LongStream.range(0, n).map(i -> i % 5).toArray());
    for (long[] k : keys) {
      List<Batch> batches = new ArrayList<>();
      for (int from = 0; from < n; from += 50_000) {
        batches.add(longs(LongStream.of(k).skip(from).limit(50_000)));
      }
      JoinCase join = new JoinCase(longs(LongStream.empty()), longs(LongStream.empty()));
      join.leftKeys = new int[] {0};
      join.rightKeys = new int[] {0};
      join.nullSafe = new boolean[1];
      Budget budget = Budget.root("test", 1L << 30);
      QueryContext query = new QueryContext(new CancellationToken(), budget, 2048);
      try (JoinBuild build = Drive.buildInThreads(query, join.spec(), batches)) {
        JoinTable table = build.table();
        long[] distinct = LongStream.of(k).distinct().toArray();
        int[] heads = new int[distinct.length];
        table.table().find(distinct, distinct.length, heads);
        long rows = 0;
        for (int i = 0; i < heads.length; i++) {
          for (int id = heads[i]; id >= 0; ) {
            Column key = table.store.gather(0, new int[] {id}, 1);
            assertEquals(distinct[i], key.value(0));
            rows++;
            id = table.table().links()[id >>> 12][id & 4095] - 1;
          }
        }
        assertEquals(n, rows);
        int[] none = new int[1];
        for (long outside :
            new long[] {-77, Long.MIN_VALUE, Long.MAX_VALUE, 1_000_002, -70_001, -69_999}) {
          table.table().find(new long[] {outside}, 1, none);
          assertEquals(LongStream.of(k).anyMatch(v -> v == outside), none[0] >= 0, "" + outside);
        }
      }
      assertEquals(0, budget.usedBytes());
    }
  }

  @Test
  void keysOfTwoTypesAreADefectOfTheCaller() {
    JoinCase join =
        new JoinCase(longs(LongStream.of(1)), Batch.of(1, TestBatches.columnOf(DataType.INT32, 1)));
    join.leftKeys = new int[] {0};
    join.rightKeys = new int[] {0};
    join.nullSafe = new boolean[1];
    assertEquals(
        "key 0 of a join is int64 on the probe side and int32 on the build side; cast them to one type",
        assertThrows(IllegalArgumentException.class, join::spec).getMessage());
  }
}
