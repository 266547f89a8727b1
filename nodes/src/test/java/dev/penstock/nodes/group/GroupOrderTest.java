package dev.penstock.nodes.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.group.NaiveGroup.Agg;
import dev.penstock.nodes.spill.Relief;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Rows in the order of a key: lanes share the groups at the ends of what they met, and no others.
 */
class GroupOrderTest {
  private static final int ROWS = 500;
  private static final DataType[] TYPES = {DataType.INT64, DataType.INT32, DataType.INT64};

  private final Random random = new Random(77);

  /** Rows with these keys, a second key that depends on the first one, and a value. */
  private static Batch batch(long... keys) {
    int[] second = new int[keys.length];
    long[] values = new long[keys.length];
    for (int i = 0; i < keys.length; i++) {
      second[i] = (int) (keys[i] / 3);
      values[i] = i % 7 + 1L;
    }
    return Batch.of(
        keys.length,
        new LongColumn(DataType.INT64, keys, null, keys.length),
        new IntColumn(DataType.INT32, second, null, keys.length),
        new LongColumn(DataType.INT64, values, null, keys.length));
  }

  /** Batches with each key from {@code first} until {@code end} {@code times} times. */
  private static List<Batch> inOrder(long first, long end, int times) {
    List<Batch> out = new ArrayList<>();
    long[] keys = new long[(int) ((end - first) * times)];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = first + i / times;
    }
    for (int from = 0; from < keys.length; from += ROWS) {
      out.add(batch(Arrays.copyOfRange(keys, from, Math.min(keys.length, from + ROWS))));
    }
    return out;
  }

  /** What came out, and how. */
  private record Outcome(Map<List<Long>, Long> sums, boolean merged) {}

  private static QueryContext context(Budget budget, int lanes) {
    return new QueryContext(new CancellationToken(), budget, 1000, null, new Relief(), lanes);
  }

  /** Feeds each lane its batches; sums of values by keys. */
  private static Outcome run(int keyCount, List<List<Batch>> lanes) {
    List<Expr> keys = new ArrayList<>();
    for (int k = keyCount - 1; k >= 0; k--) {
      keys.add(new ColumnExpr(k, TYPES[k]));
    }
    List<Aggregate> sums =
        List.of(new Aggregate("sum", new ColumnExpr(2, TYPES[2]), DataType.INT64));
    Budget budget = Budget.root("test", 1L << 30);
    QueryContext query = context(budget, 4);
    Map<List<Long>, Long> out = new HashMap<>();
    boolean merged;
    try (Group group = new Group(query, keys, sums, null)) {
      List<Step<Batch>> sinks = new ArrayList<>();
      lanes.forEach(lane -> sinks.add(group.sink(sinks.size())));
      for (int i = 0; i < lanes.size(); i++) {
        Queue<Batch> waiting = new ArrayDeque<>(lanes.get(i));
        Inlet<Batch> inlet =
            new Inlet<>() {
              @Override
              public @Nullable Batch poll() {
                return waiting.poll();
              }

              @Override
              public boolean isDone() {
                return waiting.isEmpty();
              }
            };
        while (sinks.get(i).step(inlet, b -> true) != Progress.DONE) {}
      }
      List<? extends Source.Morsel> morsels = group.finish();
      merged = morsels.stream().anyMatch(Group.Part.class::isInstance);
      try (Source.Decoder a = group.decoder();
          Source.Decoder b = group.decoder()) {
        int n = 0;
        for (Source.Morsel morsel : morsels) {
          Source.Decoder decoder = n++ % 2 == 0 ? a : b;
          decoder.begin(morsel);
          for (Batch batch = decoder.next(); batch != null; batch = decoder.next()) {
            for (List<@Nullable Object> row : TestBatches.rows(batch)) {
              List<Long> key =
                  row.subList(0, keyCount).stream().map(v -> ((Number) v).longValue()).toList();
              assertEquals(null, out.put(key, (Long) row.get(keyCount)), "twice: " + key);
            }
          }
        }
      }
      sinks.forEach(Step::close);
    }
    assertEquals(0, budget.usedBytes());
    return new Outcome(out, merged);
  }

  private static Map<List<Long>, Long> sums(int keyCount, List<List<Batch>> lanes) {
    Map<List<Long>, Long> out = new HashMap<>();
    for (List<Batch> lane : lanes) {
      for (Batch batch : lane) {
        for (List<@Nullable Object> row : TestBatches.rows(batch)) {
          List<Long> key = new ArrayList<>();
          for (int k = keyCount - 1; k >= 0; k--) {
            key.add(((Number) row.get(k)).longValue());
          }
          out.merge(key, (Long) row.get(2), Long::sum);
        }
      }
    }
    return out;
  }

  /** Shares batches out in runs of so many. */
  private static List<List<Batch>> shared(List<Batch> batches, int lanes, int run) {
    List<List<Batch>> out = new ArrayList<>();
    for (int i = 0; i < lanes; i++) {
      out.add(new ArrayList<>());
    }
    for (int i = 0; i < batches.size(); i++) {
      out.get(i / run % lanes).add(batches.get(i));
    }
    return out;
  }

  private static void check(boolean merged, List<List<Batch>> lanes) {
    for (int keys = 1; keys <= 2; keys++) {
      Outcome got = run(keys, lanes);
      assertEquals(sums(keys, lanes), got.sums());
      assertEquals(merged, got.merged(), "merged, keys: " + keys);
    }
  }

  @Test
  void runsOfBatches() {
    for (int run : new int[] {1, 4, 13, 200}) {
      check(false, shared(inOrder(-3_000, 30_000, 3), 2, run));
      check(false, shared(inOrder(1_000_000, 1_030_000, 2), 3, run));
    }
  }

  /** One key for many batches, in all lanes. */
  @Test
  void aKeyThatAllLanesHave() {
    List<Batch> in = new ArrayList<>(inOrder(0, 12_000, 1));
    long[] same = new long[ROWS];
    Arrays.fill(same, 12_000);
    for (int i = 0; i < 9; i++) {
      in.add(batch(same));
    }
    in.addAll(inOrder(12_000, 24_000, 1));
    check(false, shared(in, 3, 2));
  }

  @Test
  void extremes() {
    List<Batch> in = new ArrayList<>(inOrder(Long.MIN_VALUE, Long.MIN_VALUE + 12_000, 1));
    in.addAll(inOrder(Long.MAX_VALUE - 12_000, Long.MAX_VALUE, 1));
    in.add(batch(Long.MAX_VALUE, Long.MAX_VALUE));
    List<List<Batch>> lanes = shared(in, 2, 3);
    assertEquals(sums(1, lanes), run(1, lanes).sums());
  }

  @Test
  void otherOrders() {
    List<Batch> in = inOrder(0, 30_000, 2);
    List<Batch> backwards = new ArrayList<>(in);
    Collections.reverse(backwards);
    check(false, shared(backwards, 2, 6));
    Collections.shuffle(backwards, random);
    check(false, shared(backwards, 2, 1));
    // each lane has all keys, in order
    check(true, List.of(in, in));
    // and in no order
    long[] keys = random.longs(24_000, 0, 12_000).toArray();
    List<Batch> mixed = new ArrayList<>();
    for (int from = 0; from < keys.length; from += ROWS) {
      mixed.add(batch(Arrays.copyOfRange(keys, from, from + ROWS)));
    }
    check(true, shared(mixed, 2, 1));
  }

  @Test
  void passesTheHarness() {
    List<Batch> in = inOrder(0, 10_000, 2);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    in.forEach(b -> rows.addAll(TestBatches.rows(b)));
    List<Agg> aggregates =
        List.of(
            new Agg("count", -1, false, null),
            new Agg("sum", 2, false, null),
            new Agg("max", 1, false, null));
    List<Expr> keys = List.of(new ColumnExpr(0, TYPES[0]));
    NodeHarness.breaker(
            (q, lanes) ->
                new Group(
                    q,
                    keys,
                    List.of(
                        Aggregate.countRows(),
                        new Aggregate("sum", new ColumnExpr(2, TYPES[2]), DataType.INT64),
                        new Aggregate("max", new ColumnExpr(1, TYPES[1]), DataType.INT32)),
                    null))
        .input(in)
        .refusing(29)
        .expect(NaiveGroup.group(rows, new int[] {0}, aggregates));
  }

  @Test
  void rangesOfRowsInNoOrderAreNotKept() {
    Budget budget = Budget.root("test", 1L << 30);
    QueryContext query = context(budget, 2);
    try (Group group = new Group(query, List.of(new ColumnExpr(0, TYPES[0])), List.of(), null)) {
      GroupLane lane = (GroupLane) group.sink(0);
      KeyRanges ranges = lane.ranges().get(0);
      for (int i = 0; i < 4; i++) {
        ranges.take(batch(i * 100L, i * 100L + 50));
      }
      assertTrue(ranges.isOrdered());
      assertEquals(4, ranges.count());
      for (int i = 0; i < 40; i++) {
        ranges.take(batch(random.nextInt(10), 400 - random.nextInt(10)));
      }
      assertFalse(ranges.isOrdered());
      Column nulls = TestBatches.columnOf(DataType.INT64, 1L, null);
      KeyRanges others = ((GroupLane) group.sink(1)).ranges().get(0);
      others.take(batch(1, 2, 3));
      assertTrue(others.isOrdered());
      others.take(Batch.of(2, nulls));
      assertFalse(others.isOrdered());
    }
  }
}
