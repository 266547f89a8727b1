package dev.penstock.nodes.keyfilter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Interval;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.Positions;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.Cell;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.TestBatches.Shape;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyFilterTest {
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final TestBatches data = new TestBatches(seed);
  private final Random random = data.random();
  private final Budget budget = Budget.root("test", 64L << 20);

  private static final DataType INT64 = DataType.INT64;

  private KeyFilter filter(Column keys, boolean nullSafe) {
    return filter(keys, nullSafe, budget.open("filter"));
  }

  /** As a join makes it: in two pieces, the range known for integer-like keys. */
  private static KeyFilter filter(Column keys, boolean nullSafe, Reservation memory) {
    KeyFilterBuilder builder =
        new KeyFilterBuilder(keys.type(), keys.length(), range(keys), nullSafe, memory);
    int half = keys.length() / 2;
    builder.add(keys.gather(Positions.identity(half), half), half);
    int rest = keys.length() - half;
    builder.add(keys.gather(IntStream.range(half, keys.length()).toArray(), rest), rest);
    return builder.build();
  }

  private static KeyFilterBuilder.@Nullable Range range(Column keys) {
    FlatColumn flat = keys.flat(null, keys.length());
    if (!(flat instanceof IntColumn || flat instanceof LongColumn)) {
      return null;
    }
    int[] at = IntStream.range(0, flat.length()).filter(i -> !flat.isNull(i)).toArray();
    long[] words = new long[at.length];
    KeyFilterBuilder.words(flat, at, at.length, words);
    return new KeyFilterBuilder.Range(
        LongStream.of(words).min().orElse(Long.MAX_VALUE),
        LongStream.of(words).max().orElse(Long.MIN_VALUE));
  }

  private static LaneFilter lane(KeyFilter filter) {
    Cell<KeyFilter> cell = new Cell<>();
    cell.set(filter);
    return new LaneFilter(new RuntimeFilter(1, 0, cell));
  }

  private static int[] select(
      KeyFilter filter, Column column, int @Nullable [] selection, int count) {
    LaneFilter lane = lane(filter);
    assertTrue(lane.applies(count));
    int[] out = new int[count];
    return Arrays.copyOf(out, lane.select(column, selection, count, out));
  }

  private static LongColumn longs(long... values) {
    return new LongColumn(INT64, values, null, values.length);
  }

  /** Equal values of a type give equal objects. */
  private static Object normal(@Nullable Object value) {
    if (value instanceof byte[] b) {
      return HexFormat.of().formatHex(b);
    } else if (value instanceof Double d) {
      return d + 0.0;
    } else if (value instanceof Interval i) {
      return BigInteger.valueOf(i.months() * 30L + i.days())
          .multiply(BigInteger.valueOf(86_400_000_000L))
          .add(BigInteger.valueOf(i.micros()));
    }
    return java.util.Objects.requireNonNull(value);
  }

  @Test
  void everyTypeLetsItsMatchesThrough() {
    System.out.println("KeyFilterTest seed " + seed);
    for (DataType type : TestBatches.TYPES) {
      for (int rows : new int[] {0, 1, 40, 5000}) {
        for (boolean nullSafe : new boolean[] {false, true}) {
          Shape shape = new Shape(rows == 40 ? 0.2 : 0, rows < 5000 ? 0 : 300, false, rows == 40);
          FlatColumn keys = data.column(type, rows, shape);
          FlatColumn others = data.column(type, 200, new Shape(0.1, 0, false, true));
          int[] pick = new int[400];
          for (int i = 0; i < pick.length; i++) {
            pick[i] = rows == 0 || random.nextInt(10) == 0 ? -1 : random.nextInt(rows);
          }
          KeyFilter filter = filter(keys, nullSafe);
          check(keys, filter, nullSafe, others, 0.1);
          check(keys, filter, nullSafe, keys.gather(pick, pick.length), 0.1);
          check(keys, filter, nullSafe, new DictionaryColumn(others, picks(200, 300), 300), 0.1);
          check(keys, filter, nullSafe, ConstantColumn.of(type, null, 5), 0);
          check(keys, filter, nullSafe, new ConstantColumn(one(others), 5), 1);
        }
      }
    }
  }

  private FlatColumn one(FlatColumn column) {
    return (FlatColumn) column.gather(new int[] {random.nextInt(column.length())}, 1);
  }

  private int[] picks(int from, int count) {
    int[] out = new int[count];
    for (int i = 0; i < count; i++) {
      out[i] = random.nextInt(from + 20) - 20;
    }
    return Arrays.stream(out).map(i -> Math.max(-1, i)).toArray();
  }

  /** With and without a selection: all matches, nulls as told, and few of the others. */
  private void check(
      Column keys, KeyFilter filter, boolean nullSafe, Column column, double wrongShare) {
    Set<Object> known = new HashSet<>();
    for (int i = 0; i < keys.length(); i++) {
      if (!keys.isNull(i)) {
        known.add(normal(keys.value(i)));
      }
    }
    boolean nullKey = IntStream.range(0, keys.length()).anyMatch(keys::isNull);
    int[] odd = IntStream.range(0, column.length()).filter(i -> i % 2 == 1).toArray();
    for (int @Nullable [] selection : new int[][] {null, odd}) {
      int count = selection == null ? column.length() : selection.length;
      int[] got = select(filter, column, selection, count);
      Set<Integer> passed = new LinkedHashSet<>();
      Arrays.stream(got).forEach(passed::add);
      assertArrayEquals(passed.stream().mapToInt(i -> i).sorted().toArray(), got);
      int wrong = 0;
      for (int i = 0; i < count; i++) {
        int p = selection == null ? i : selection[i];
        if (column.isNull(p)) {
          assertEquals(nullSafe && nullKey, passed.contains(p), "null, " + filter);
        } else if (known.contains(normal(column.value(p)))) {
          assertTrue(passed.contains(p), keys.type() + " " + column.value(p) + ", " + filter);
        } else {
          wrong += passed.contains(p) ? 1 : 0;
        }
      }
      assertTrue(wrong <= count * wrongShare, wrong + " of " + count + ", " + filter);
    }
  }

  @Test
  void whatIsChosenAndThatItIsExact() {
    assertEquals("nothing passes", filter(longs(), false).toString());
    assertEquals("7 to 7, a bitmap of 1 bits", filter(longs(7, 7, 7), false).toString());
    assertEquals(
        "-9223372036854775808 to 9223372036854775807, a list of 2 keys",
        filter(longs(Long.MAX_VALUE, Long.MIN_VALUE), false).toString());
    long[] dense = LongStream.range(0, 6000).map(i -> 1_000_000 - 3 * i).toArray();
    KeyFilter bitmap = filter(longs(dense), false);
    assertEquals("982003 to 1000000, a bitmap of 17998 bits", bitmap.toString());
    exact(bitmap, dense, 982_000, 1_000_010);
    long[] few = LongStream.range(0, 1000).map(i -> i * i * i).toArray();
    KeyFilter list = filter(longs(few), false);
    assertEquals("0 to 997002999, a list of 1000 keys", list.toString());
    exact(list, few, -5, 40_000);
    long[] many = LongStream.range(0, 50_000).map(i -> i * 1_000_003).toArray();
    KeyFilter bloom = filter(longs(many), false);
    assertEquals("0 to 49999149997, a bloom filter of 524288 bits", bloom.toString());
    long[] near = LongStream.of(many).map(v -> v + 1).toArray();
    int wrong = select(bloom, longs(near), null, near.length).length;
    assertTrue(wrong < near.length / 20, wrong + " of " + near.length);
    assertEquals(many.length, select(bloom, longs(many), null, many.length).length);
  }

  private static void exact(KeyFilter filter, long[] keys, long from, long to) {
    long[] sorted = keys.clone();
    Arrays.sort(sorted);
    long[] probe = LongStream.rangeClosed(from, to).toArray();
    int[] expected =
        IntStream.range(0, probe.length)
            .filter(i -> Arrays.binarySearch(sorted, probe[i]) >= 0)
            .toArray();
    assertArrayEquals(expected, select(filter, longs(probe), null, probe.length));
  }

  @Test
  void rangesOfPages() {
    for (int rows : new int[] {1, 30, 5000}) {
      for (long spread : new long[] {1, 7, 1_000_003}) {
        long[] keys = new long[rows];
        for (int i = 0; i < rows; i++) {
          keys[i] = (random.nextInt(2 * rows) - rows) * spread;
        }
        KeyFilter filter = filter(longs(keys), false);
        for (int i = 0; i < 300; i++) {
          long from = keys[random.nextInt(rows)] + random.nextInt(11) - 5;
          long to = from + random.nextInt(random.nextBoolean() ? 5 : 200);
          boolean any = LongStream.of(keys).anyMatch(k -> k >= from && k <= to);
          boolean may = filter.mayPassBetween(from, to);
          assertTrue(may || !any, from + " to " + to + ": " + filter);
          if (!filter.toString().contains("bloom")) {
            assertEquals(any, may, from + " to " + to + ": " + filter);
          }
        }
        assertFalse(
            filter.mayPassBetween(Long.MIN_VALUE, LongStream.of(keys).min().getAsLong() - 1));
        assertTrue(filter.mayPassBetween(Long.MIN_VALUE, Long.MAX_VALUE));
      }
    }
    assertFalse(filter(longs(), false).mayPassBetween(0, 9));
    FlatColumn texts = data.column(DataType.VARCHAR, 3, Shape.PLAIN);
    assertTrue(filter(texts, false).mayPassBetween(0, 0), "nothing is known of texts' order");
  }

  @Test
  void withoutMemoryThereIsTheRangeAlone() {
    Budget small = Budget.root("small", 100);
    Reservation memory = small.open("filter");
    KeyFilter integers = filter(longs(5, 1_000_000, 9), false, memory);
    assertEquals("5 to 1000000", integers.toString());
    assertArrayEquals(new int[] {1, 2}, select(integers, longs(4, 5, 6, 1_000_001), null, 4));
    FlatColumn texts = data.column(DataType.VARCHAR, 100, Shape.PLAIN);
    KeyFilter none = filter(texts, false, memory);
    assertEquals("", none.toString());
    assertEquals(99, select(none, withNull(texts), null, 100).length);
    assertEquals(0, small.usedBytes());
  }

  private static Column withNull(FlatColumn column) {
    int[] at = IntStream.range(0, column.length()).toArray();
    at[3] = -1;
    return column.gather(at, at.length);
  }

  @Test
  void threadsAddSideBySide() throws InterruptedException {
    for (long spread : new long[] {1, 1_000_003}) {
      int n = 200_000;
      KeyFilterBuilder builder =
          new KeyFilterBuilder(
              INT64, n, new KeyFilterBuilder.Range(0, (n - 1) * spread), false, budget.open("f"));
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int lane = t;
        Thread thread =
            new Thread(
                () -> {
                  for (int from = lane * 1000; from < n; from += 4000) {
                    int first = from;
                    long[] keys =
                        LongStream.range(first, first + 1000).map(i -> i * spread).toArray();
                    builder.add(longs(keys), 1000);
                  }
                });
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      long[] all = LongStream.range(0, n).map(i -> i * spread).toArray();
      KeyFilter filter = builder.build();
      assertEquals(n, select(filter, longs(all), null, n).length, filter.toString());
    }
  }

  @Test
  void aUselessFilterRestsAndComesBack() {
    LaneFilter lane = lane(filter(longs(LongStream.range(0, 1000).toArray()), false));
    LongColumn all = longs(LongStream.range(0, 1000).toArray());
    int[] out = new int[1000];
    int tested = 0;
    while (lane.applies(1000)) {
      assertEquals(1000, lane.select(all, null, 1000, out));
      tested += 1000;
    }
    assertEquals(9000, tested);
    int passed = 0;
    while (!lane.applies(1000)) {
      passed += 1000;
    }
    assertEquals(LaneFilter.REST_ROWS / 1000 * 1000, passed);
    LongColumn few = longs(LongStream.range(900, 1900).toArray());
    for (int i = 0; i < 100; i++) {
      assertTrue(lane.applies(1000), "a filter that drops rows goes on");
      assertEquals(100, lane.select(few, null, 1000, out));
    }
  }

  @Test
  void itIsTakenUpWhenItIsThere() {
    Cell<KeyFilter> cell = new Cell<>();
    QueryContext query = new QueryContext(new CancellationToken(), budget, 2048);
    ApplyFilters step = new ApplyFilters(query, List.of(new RuntimeFilter(1, 1, cell)));
    Batch batch =
        Batch.of(4, longs(1, 2, 3, 4), longs(10, 20, 30, 40)).withSelection(new int[] {0, 2, 3}, 3);
    assertEquals(batch, step.apply(batch));
    cell.set(filter(longs(20, 30, 40), false));
    Batch narrowed = step.apply(batch);
    assertEquals(
        List.of(List.of(3L, 30L), List.of(4L, 40L)),
        TestBatches.rows(java.util.Objects.requireNonNull(narrowed)));
    cell = new Cell<>();
    cell.set(filter(longs(), false));
    step = new ApplyFilters(query, List.of(new RuntimeFilter(1, 0, cell)));
    Batch nothing = step.apply(batch);
    assertTrue(nothing == null || nothing.isEmpty());
  }

  @Test
  void aLargeDictionaryIsTestedWholeOnlyWhenItComesAgain() {
    FlatColumn words = data.column(DataType.VARCHAR, 1000, Shape.PLAIN);
    KeyFilter filter = filter(words.gather(new int[] {7, 500}, 2), false);
    LaneFilter lane = lane(filter);
    int[] ids = {7, 1, 500, -1, 7};
    DictionaryColumn column = new DictionaryColumn(words, ids, 5);
    for (int round = 0; round < 3; round++) {
      assertTrue(lane.applies(5));
      int[] out = new int[5];
      List<Integer> passed =
          Arrays.stream(Arrays.copyOf(out, lane.select(column, null, 5, out))).boxed().toList();
      for (int i : new int[] {0, 2, 4}) {
        assertTrue(Arrays.stream(out).anyMatch(p -> p == i), "round " + round + ": " + passed);
      }
    }
  }
}
