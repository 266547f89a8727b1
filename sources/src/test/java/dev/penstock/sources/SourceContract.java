package dev.penstock.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Schema;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.Predicate;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Source.Decoder;
import dev.penstock.nodes.Source.Morsel;
import dev.penstock.nodes.Source.Request;
import dev.penstock.nodes.Source.Scan;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every source promises. A source's test extends this and gives a source of some thousand rows
 * in several morsels.
 */
public abstract class SourceContract {
  /** A source whose data does not change; a new object at each call. */
  protected abstract Source source();

  /**
   * A source whose input is damaged or gone, so that a full scan must fail; null if there is no
   * such thing.
   */
  protected abstract @Nullable Source damaged();

  /**
   * Does {@link Scan#next} end with null when another thread closes the scan; false is a defect
   * that waits.
   */
  protected boolean endsWhenClosedByAnother() {
    return true;
  }

  /** How many morsels a full scan of {@link #source} has at least. */
  protected int morselsAtLeast() {
    return 2;
  }

  @Test
  void theSchemaIsStable() {
    Source s = source();
    assertEquals(s.schema(), s.schema());
    assertEquals(s.schema(), source().schema());
    assertTrue(s.schema().size() > 0);
  }

  @Test
  void aSecondScanGivesTheSameRows() {
    Source s = source();
    List<List<@Nullable Object>> first = Scans.rows(s);
    assertFalse(first.isEmpty());
    assertEquals(first, Scans.rows(s));
    assertEquals(first, Scans.rows(source()));
  }

  @Test
  void theRowCountIsTrueWhenItIsKnown() {
    Source s = source();
    long known = s.rowCount();
    if (known >= 0) {
      assertEquals(Scans.rows(s).size(), known);
    }
  }

  @Test
  void theStatisticsAreTrueWhereTheySaySo() {
    Source s = source();
    StatisticsCheck.check(s, Scans.rows(s));
  }

  @Test
  void columnsComeInTheOrderOfTheRequest() {
    Source s = source();
    List<List<@Nullable Object>> all = Scans.rows(s);
    int n = s.schema().size();
    int[] reversed = new int[n];
    for (int i = 0; i < n; i++) {
      reversed[i] = n - 1 - i;
    }
    for (int[] columns : List.of(reversed, new int[] {n - 1}, new int[] {0})) {
      assertEquals(
          all.stream().map(r -> pick(r, columns)).toList(),
          Scans.rows(s, new Request(columns, null, -1)));
    }
  }

  @Test
  void noColumnsMeansCountOnly() {
    Source s = source();
    long[] count = new long[1];
    Scans.forEach(s, new Request(new int[0], null, -1), Scans.query(), b -> count[0] += b.count());
    assertEquals(Scans.rows(s).size(), count[0]);
  }

  @Test
  void aPushedFilterEqualsAFilterAfterwards() {
    Source s = source();
    Request all = Request.all(s.schema());
    List<List<@Nullable Object>> rows = Scans.rows(s);
    for (int keep : new int[] {0, 1, 2, 8}) {
      List<List<@Nullable Object>> expected = rows.stream().filter(r -> kept(r, keep)).toList();
      for (Expr filter : List.of(new KeepExpr(keep), new KeepPredicate(keep))) {
        assertEquals(expected, Scans.rows(s, new Request(all.columns(), filter, -1)));
      }
    }
  }

  @Test
  void aLimitGivesTheFirstRowsAndMayGiveMore() {
    Source s = source();
    int[] columns = Request.all(s.schema()).columns();
    List<List<@Nullable Object>> rows = Scans.rows(s);
    for (int limit : new int[] {0, 1, 7, 2049, rows.size(), rows.size() + 5}) {
      List<List<@Nullable Object>> got = Scans.rows(s, new Request(columns, null, limit));
      int n = Math.min(limit, rows.size());
      assertTrue(got.size() >= n, got.size() + " rows for a limit of " + limit);
      assertEquals(rows.subList(0, n), got.subList(0, n));
      List<List<@Nullable Object>> passing = rows.stream().filter(r -> kept(r, 2)).toList();
      List<List<@Nullable Object>> filtered =
          Scans.rows(s, new Request(columns, new KeepPredicate(2), limit));
      int m = Math.min(limit, passing.size());
      assertTrue(filtered.size() >= m);
      assertEquals(passing.subList(0, m), filtered.subList(0, m));
    }
  }

  @Test
  void batchesAreNotLargerThanTheQueryAims() {
    Source s = source();
    for (int rows : new int[] {1, 100}) {
      Scans.forEach(
          s,
          new Request(new int[] {0}, null, 500),
          Scans.query(rows),
          b -> assertTrue(b.count() <= Math.max(rows, Batch.ROWS), b.count() + " rows"));
    }
  }

  @Test
  void thereAreSeveralMorsels() {
    int morsels = 0;
    try (Scan scan = source().open(Request.all(source().schema()), Scans.query());
        Decoder d = scan.decoder()) {
      for (Morsel m = scan.next(); m != null; m = scan.next()) {
        morsels++;
        assertTrue(m.sizeBytes() >= 0);
        assertTrue(scan.progress() <= 1);
        drain(d, m);
      }
      assertNull(scan.next());
    }
    assertTrue(morsels >= morselsAtLeast(), morsels + " morsels");
  }

  @Test
  void decodersWorkInParallel() throws Exception {
    Source s = source();
    List<List<@Nullable Object>> rows = Scans.rows(s);
    QueryContext query = Scans.query();
    ExecutorService pool = Executors.newFixedThreadPool(3);
    List<List<@Nullable Object>> got = new ArrayList<>();
    try (Scan scan = s.open(Request.all(s.schema()), query)) {
      List<Future<List<List<@Nullable Object>>>> lanes = new ArrayList<>();
      Object turn = new Object();
      for (int lane = 0; lane < 3; lane++) {
        lanes.add(
            pool.submit(
                () -> {
                  List<List<@Nullable Object>> mine = new ArrayList<>();
                  try (Decoder d = scan.decoder()) {
                    for (; ; ) {
                      Morsel m;
                      synchronized (turn) {
                        m = scan.next();
                      }
                      if (m == null) {
                        return mine;
                      }
                      d.begin(m);
                      for (Batch b = d.next(); b != null; b = d.next()) {
                        Scans.addRows(b, mine);
                      }
                    }
                  }
                }));
      }
      for (Future<List<List<@Nullable Object>>> lane : lanes) {
        got.addAll(lane.get(60, TimeUnit.SECONDS));
      }
    } finally {
      pool.shutdownNow();
    }
    assertEquals(bag(rows), bag(got));
    assertEquals(0, query.budget().usedBytes());
  }

  @Test
  void aCancelledTokenStopsTheScan() {
    QueryContext query = Scans.query();
    try (Scan scan = source().open(Request.all(source().schema()), query);
        Decoder d = scan.decoder()) {
      Morsel m = scan.next();
      assertNotNull(m);
      d.begin(m);
      assertNotNull(d.next());
      query.token().cancel(Reason.PERSON, "stopped by a test");
      PenstockException inNext = assertThrows(PenstockException.class, scan::next);
      assertEquals("stopped by a test", inNext.getMessage());
      PenstockException inDecoder = assertThrows(PenstockException.class, () -> drainRest(d));
      assertEquals("stopped by a test", inDecoder.getMessage());
    }
    assertEquals(0, query.budget().usedBytes());
  }

  @Test
  void closingInTheMiddleLeavesNothing() {
    middleClosed(); // classes and jars that a first run opens stay open
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    long files = openFiles();
    for (int i = 0; i < 5; i++) {
      middleClosed();
    }
    assertTrue(openFiles() < files + 5, files + " open files became " + openFiles());
    Set<Thread> more = new HashSet<>(Thread.getAllStackTraces().keySet());
    more.removeAll(threads);
    assertTrue(more.stream().noneMatch(t -> t.getName().contains("penstock")), more.toString());
  }

  private void middleClosed() {
    QueryContext query = Scans.query();
    Scan scan = source().open(Request.all(source().schema()), query);
    Decoder d = scan.decoder();
    Morsel first = scan.next();
    assertNotNull(first);
    d.begin(first);
    assertNotNull(d.next());
    scan.close();
    assertNull(scan.next());
    scan.close();
    d.close();
    d.close();
    assertEquals(0, query.budget().usedBytes());
  }

  @Test
  void closingWhileAnotherThreadReadsEndsIt() throws Exception {
    assumeTrue(endsWhenClosedByAnother());
    ExecutorService io = Executors.newSingleThreadExecutor();
    try {
      for (int i = 0; i < 20; i++) {
        QueryContext query = Scans.query();
        Scan scan = source().open(Request.all(source().schema()), query);
        CountDownLatch began = new CountDownLatch(1);
        Future<Integer> reader =
            io.submit(
                () -> {
                  int morsels = 0;
                  while (scan.next() != null) {
                    morsels++;
                    began.countDown();
                  }
                  return morsels;
                });
        assertTrue(began.await(60, TimeUnit.SECONDS));
        scan.close();
        assertTrue(reader.get(60, TimeUnit.SECONDS) >= 1);
        assertEquals(0, query.budget().usedBytes());
      }
    } finally {
      io.shutdownNow();
    }
  }

  @Test
  void anUnreadableInputIsOneClearError() {
    Source s = damaged();
    if (s == null) {
      return;
    }
    PenstockException e = assertThrows(PenstockException.class, () -> Scans.rows(s));
    assertFalse(e.getMessage().isBlank());
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
    assertTrue(
        e.category() == PenstockException.Category.IO
            || e.category() == PenstockException.Category.INCORRECT,
        e.category() + ": " + e.getMessage());
  }

  private static void drain(Decoder d, Morsel m) {
    d.begin(m);
    drainRest(d);
  }

  private static void drainRest(Decoder d) {
    Batch b;
    do {
      b = d.next();
    } while (b != null);
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os
        ? os.getOpenFileDescriptorCount()
        : 0;
  }

  private static List<@Nullable Object> pick(List<@Nullable Object> row, int[] columns) {
    List<@Nullable Object> out = new ArrayList<>();
    for (int c : columns) {
      out.add(row.get(c));
    }
    return out;
  }

  /** The rows with how often each comes. */
  protected static Map<List<@Nullable Object>, Integer> bag(List<List<@Nullable Object>> rows) {
    Map<List<@Nullable Object>, Integer> out = new HashMap<>();
    rows.forEach(r -> out.merge(r, 1, Integer::sum));
    return out;
  }

  /**
   * About one row in {@code keep} passes; none for 0. Null (not true) for some of those that do not
   * pass.
   */
  private static boolean kept(List<@Nullable Object> row, int keep) {
    return keep > 0 && Math.floorMod(Objects.hash(row.toArray()), keep) == 0;
  }

  private record KeepExpr(int keep) implements Expr {
    @Override
    public DataType type() {
      return DataType.BOOLEAN;
    }

    @Override
    public Column eval(Batch batch) {
      long[] words = new long[Bits.words(batch.length())];
      long[] nulls = new long[words.length];
      for (int i = 0; i < batch.count(); i++) {
        if (kept(Arrays.asList(batch.row(i)), keep)) {
          Bits.set(words, batch.position(i));
        } else if (i % 3 == 0) {
          Bits.set(words, batch.position(i));
          Bits.set(nulls, batch.position(i));
        }
      }
      return new BitColumn(DataType.BOOLEAN, words, nulls, batch.length());
    }
  }

  private record KeepPredicate(int keep) implements Predicate {
    @Override
    public DataType type() {
      return DataType.BOOLEAN;
    }

    @Override
    public Column eval(Batch batch) {
      return new KeepExpr(keep).eval(batch);
    }

    @Override
    public int select(Batch batch, int[] out) {
      int n = 0;
      for (int i = 0; i < batch.count(); i++) {
        if (kept(Arrays.asList(batch.row(i)), keep)) {
          out[n++] = batch.position(i);
        }
      }
      return n;
    }
  }

  /** For subclasses: the schema as {@code name type, ...}. */
  protected static String text(Schema schema) {
    return String.join(", ", schema.fields().stream().map(f -> f.name() + " " + f.type()).toList());
  }
}
