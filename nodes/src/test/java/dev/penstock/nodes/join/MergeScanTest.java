package dev.penstock.nodes.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MergeScanTest {
  private static final JoinKind[] KINDS = {
    JoinKind.INNER, JoinKind.LEFT, JoinKind.SEMI, JoinKind.ANTI
  };

  private final long seed = System.nanoTime();
  private final TestBatches data = new TestBatches(seed);
  private final Random random = data.random();

  /** Keys below a bound, the least ones often. */
  private long[] keys(int rows, int bound, boolean sorted) {
    long[] out = new long[rows];
    for (int i = 0; i < rows; i++) {
      out[i] = random.nextInt(1 + random.nextInt(bound));
    }
    if (sorted) {
      Arrays.sort(out);
    }
    return out;
  }

  /** A key, which may be null, a text, a number. */
  private Batch probe(long[] keys, double nulls) {
    Batch row =
        data.batch(
            keys.length, new Shape(nulls, 5, false, false), DataType.VARCHAR, DataType.INT64);
    long[] bits = ((LongColumn) row.column(1)).nulls();
    return Batch.of(
        keys.length,
        new LongColumn(DataType.INT64, keys, bits, keys.length),
        row.column(0),
        row.column(1));
  }

  private JoinCase join(JoinKind kind, Batch probe, long[][] columns) {
    LongColumn[] source = new LongColumn[columns.length];
    for (int i = 0; i < source.length; i++) {
      source[i] = new LongColumn(DataType.INT64, columns[i], null, columns[i].length);
    }
    Batch found = Batch.of(columns[0].length, source);
    boolean right = kind != JoinKind.INNER || random.nextBoolean();
    JoinCase join = right ? new JoinCase(probe, found) : new JoinCase(found, probe);
    join.kind = kind;
    join.buildIsRight = right;
    join.leftKeys = new int[] {0};
    join.rightKeys = new int[] {0};
    join.nullSafe = new boolean[] {random.nextBoolean()};
    return join;
  }

  private NodeHarness harness(JoinCase join, long[][] columns) {
    SortedRows source = new SortedRows(columns);
    int[] ordinals = new int[columns.length];
    Arrays.setAll(ordinals, i -> i);
    return NodeHarness.parallelStep(query -> new MergeScan(query, join.spec(), source, ordinals))
        .seed(seed)
        .input(join.probe())
        .types(join.outputTypes());
  }

  private void check(JoinKind kind, int probes, int found, int bound, boolean whole) {
    Batch probe = probe(keys(probes, bound, random.nextBoolean()), random.nextInt(2) * 0.1);
    long[][] columns = {keys(found, bound, true), keys(found, 50, false), keys(found, 9, false)};
    JoinCase join = join(kind, probe, columns);
    int first = join.buildIsRight ? 3 : 0;
    join.output =
        kind == JoinKind.SEMI || kind == JoinKind.ANTI
            ? null
            : switch (random.nextInt(3)) {
              case 0 -> null;
              case 1 -> new int[] {3 - first, 5 - first};
              default -> new int[] {first, first + 2, 5 - first};
            };
    String what = "seed " + seed + ", " + join + ": ";
    try {
      if (whole) {
        harness(join, columns).expect(join.expected());
      } else {
        harness(join, columns).once(2, join.expected());
      }
    } catch (AssertionError e) {
      throw new AssertionError(what + e.getMessage(), e);
    }
  }

  @Test
  void everyKind() {
    System.out.println("MergeScanTest seed " + seed);
    for (JoinKind kind : KINDS) {
      check(kind, 1 + random.nextInt(900), 1 + random.nextInt(700), 200, true);
    }
  }

  @Test
  void everySize() {
    int[] sizes = {0, 1, 2, 99, 100, 101, 2047, 2048, 2049};
    for (JoinKind kind : KINDS) {
      for (int probes : sizes) {
        int found = sizes[random.nextInt(sizes.length)];
        check(kind, probes, found, 3000, false);
        check(kind, found, probes, 3000, false);
      }
    }
  }

  /** A row with more matches than a batch has rows, and a key that many rows have. */
  @Test
  void oneKey() {
    for (JoinKind kind : KINDS) {
      check(kind, 1, 2049, 1, true);
      check(kind, 70, 251, 1, false);
      check(kind, 2049, 1, 1, false);
    }
  }

  /** Each row meets one: its columns are handed on as they are. */
  @Test
  void oneMatchCopiesNothing() {
    long[] keys = new long[300];
    Arrays.setAll(keys, i -> i);
    long[] squares = new long[300];
    Arrays.setAll(squares, i -> (long) i * i);
    Batch probe = probe(keys, 0);
    JoinCase join = join(JoinKind.LEFT, probe, new long[][] {keys, squares});
    join.output = new int[] {0, 1, 4};
    QueryContext query =
        new QueryContext(new CancellationToken(), Budget.root("test", 1 << 20), 2048);
    try (MergeScan step =
        new MergeScan(query, join.spec(), new SortedRows(keys, squares), new int[] {0, 1})) {
      List<Batch> out = Drive.step(step, List.of(probe));
      assertEquals(1, out.size());
      assertEquals(probe.column(1), out.get(0).column(1));
      assertEquals(join.expected(), TestBatches.rows(out));
    }
    assertEquals(0, query.budget().usedBytes());
  }

  @Test
  void othersAreRefused() {
    long[] keys = {1};
    Batch probe = probe(keys, 0);
    QueryContext query =
        new QueryContext(new CancellationToken(), Budget.root("test", 1 << 20), 2048);
    JoinCase join = join(JoinKind.SEMI, probe, new long[][] {keys});
    join.kind = JoinKind.FULL;
    PenstockException e =
        assertThrows(
            PenstockException.class,
            () -> new MergeScan(query, join.spec(), new SortedRows(keys), new int[] {0}));
    assertEquals(
        "a merge join with a sorted source is inner, left, semi or anti (the source its right side"
            + " unless it is inner), on one column and nothing else; a FULL join with 1 keys came;"
            + " use a hash join",
        e.getMessage());
    assertEquals(0, query.budget().usedBytes());
  }
}
