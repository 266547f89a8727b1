package dev.penstock.nodes;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.PenstockException.Category;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The contract of every operator, as one test: the same rows must come out, whichever way they go
 * in.
 *
 * <pre>{@code
 * NodeHarness.step(query -> new Filter(query, predicate)).input(batch).types(INT64).ordered().expect(rows);
 * NodeHarness.breaker((query, lanes) -> new Sort(query, ...)).input(batches).expect(rows);
 * NodeHarness.rig((query, lanes) -> joinRig).input(build).input(probe).expect(rows);
 * }</pre>
 *
 * <p>Laws: rows are the same all at once, row by row, in odd batches, behind selections, in
 * dictionary and constant columns, with lanes 1 to 3 (in turn and in threads), with an outlet that
 * refuses every other offer and an inlet that is dry at every other poll; input batches are not
 * written to; a batch that was handed on does not change; cancelled before any call, the operator
 * throws the token's exception or finishes; with a budget that is too small it throws LIMIT or
 * finishes; and after close the budget holds nothing. Of the rows of an input only the first {@link
 * Batch#MAX_ROWS} may be joined in one batch, so keep inputs below that.
 */
public final class NodeHarness {
  /** Where the tests run again, a part of these runs is enough. */
  private static final int FEWER = Integer.getInteger("penstock.test.fewer", 1);

  private static final int CANCELLED_RUNS = 25 / FEWER;
  private static final int ROW_BY_ROW = 2500;
  private static final int LONG_RUN = 5000;

  /** Makes the operator under test. */
  public interface RigFactory {
    Rig create(QueryContext query, int lanes);
  }

  private final RigFactory factory;
  private final List<List<Batch>> inputs = new ArrayList<>();
  private List<List<List<@Nullable Object>>> inputRows = List.of();
  private int maxLanes;
  private boolean ordered;
  private double tolerance;
  private int batchRows = 100;
  private long[] laneCaps = {};
  private boolean mustSpill;
  private int[] refusals = {};
  private DataType @Nullable [] types;
  private Function<List<@Nullable Object>, List<@Nullable Object>> view = row -> row;
  private long seed = 4711;
  private @Nullable Path spillTo;

  private NodeHarness(RigFactory factory, int maxLanes) {
    this.factory = factory;
    this.maxLanes = maxLanes;
  }

  /** A step with one lane. */
  public static NodeHarness step(Function<QueryContext, Step<Batch>> factory) {
    return parallelStep(factory).lanes(1);
  }

  /** A step of which each lane (1 to 3 of them) has its own. */
  public static NodeHarness parallelStep(Function<QueryContext, Step<Batch>> factory) {
    return new NodeHarness((query, lanes) -> (input, lane) -> factory.apply(query), 3);
  }

  /** A breaker, run with 1 to 3 lanes. */
  public static NodeHarness breaker(
      java.util.function.BiFunction<QueryContext, Integer, Breaker> factory) {
    return new NodeHarness((query, lanes) -> Rig.of(factory.apply(query, lanes)), 3);
  }

  /** Anything, run with 1 to 3 lanes. */
  public static NodeHarness rig(RigFactory factory) {
    return new NodeHarness(factory, 3);
  }

  /** The next input: its batches. Empty batches are left out. */
  public NodeHarness input(List<Batch> batches) {
    inputs.add(batches.stream().filter(b -> !b.isEmpty()).toList());
    return this;
  }

  public NodeHarness input(Batch... batches) {
    return input(List.of(batches));
  }

  /** At most so many lanes. */
  public NodeHarness lanes(int most) {
    maxLanes = most;
    return this;
  }

  /** Rows must come in the expected order; else they are compared as a bag. */
  public NodeHarness ordered() {
    ordered = true;
    return this;
  }

  /** Doubles may differ by this share of their size. */
  public NodeHarness tolerance(double relative) {
    tolerance = relative;
    return this;
  }

  /**
   * The batch size of the query context; 100 unless set, so that little data makes many batches.
   */
  public NodeHarness batchRows(int rows) {
    batchRows = rows;
    return this;
  }

  /** Output columns must have exactly these types. */
  public NodeHarness types(DataType... expected) {
    types = expected;
    return this;
  }

  /** What of an output row is compared (drop or normalize a column). */
  public NodeHarness view(Function<List<@Nullable Object>, List<@Nullable Object>> of) {
    view = of;
    return this;
  }

  /**
   * Everything is run again with a place to spill to, and a budget of so many bytes for each lane:
   * the same rows must come out, nothing may be held or left on disk after close, and a
   * cancellation leaves nothing either.
   */
  public NodeHarness spilling(long... bytesOfLane) {
    laneCaps = bytesOfLane;
    return this;
  }

  /**
   * Everything is run again with a place to spill to, where every so many questions for memory are
   * answered with no: operators spill the little that they hold.
   */
  public NodeHarness refusing(int... every) {
    refusals = every;
    return this;
  }

  /** With the smallest of these budgets something must be spilled. */
  public NodeHarness mustSpill() {
    mustSpill = true;
    return this;
  }

  public NodeHarness seed(long s) {
    seed = s;
    return this;
  }

  /** There is a place to spill to; run it with {@link #tight}. */
  public NodeHarness spillTo(Path directory) {
    spillTo = directory;
    return this;
  }

  /**
   * Runs with caps that grow by {@code step} until one suffices: below that, LIMIT is the only
   * error that may come.
   *
   * @return bytes that were spilled with the least sufficient cap
   */
  public long tight(
      int lanes, long step, List<? extends List<? extends @Nullable Object>> expected) {
    ExpectedRows want = new ExpectedRows(expected, ordered, tolerance);
    List<List<Batch>> batches = dress(new TestBatches(seed), 0, true);
    for (long cap = step; ; cap += Math.max(step, cap / 8)) {
      RigRuns.Outcome outcome = runs().once(batches, lanes, true, -1, cap, false);
      if (outcome.failure == null) {
        want.compare(outcome.rows());
        long spilled = outcome.spilledBytes;
        RigRuns.Outcome threads = runs().once(batches, lanes, false, -1, 2 * cap, true);
        if (threads.failure == null) {
          want.compare(threads.rows());
        } else if (!isLimit(threads.failure)) {
          throw threads.failure;
        }
        for (long calls = outcome.calls; calls > 0; calls = calls / 4) {
          RigRuns.Outcome cancelled = runs().once(batches, lanes, true, calls, cap, false);
          // whom a lane asks to spill is not the same in each run, and the cap may be below the
          // least
          if (cancelled.failure instanceof PenstockException e
              && e.category() != Category.CANCELLED
              && !isLimit(e)) {
            throw new AssertionError("cancelled before call " + calls, e);
          }
        }
        return spilled;
      }
      if (!isLimit(outcome.failure)) {
        throw new AssertionError("with " + cap + " bytes: " + outcome.failure, outcome.failure);
      }
    }
  }

  private RigRuns runs() {
    return new RigRuns(factory, batchRows, types, view, spillTo);
  }

  private static boolean isLimit(@Nullable RuntimeException failure) {
    return failure instanceof PenstockException e && e.category() == Category.LIMIT;
  }

  /** Runs everything; rows as host values. */
  public void expect(List<? extends List<? extends @Nullable Object>> expected) {
    ExpectedRows want = new ExpectedRows(expected, ordered, tolerance);
    expectThat(want::compare);
  }

  /** Where the tests run again, the first of several. */
  private static int again(int count) {
    return FEWER > 1 ? Math.min(1, count) : count;
  }

  private int fewestLanes() {
    return FEWER > 1 ? maxLanes : 1;
  }

  /**
   * Runs everything; the check gets the rows of each complete run and throws an AssertionError if
   * they are wrong.
   */
  public void expectThat(Consumer<List<List<@Nullable Object>>> check) {
    TestBatches data = new TestBatches(seed);
    try {
      List<List<Batch>> asGiven = List.copyOf(inputs);
      for (int lanes = fewestLanes(); lanes <= maxLanes; lanes++) {
        ok("as given", check, asGiven, lanes, false, false);
        ok("outlet refuses", check, dress(data, 37, true), lanes, true, false);
        ok("row by row", check, dress(data, 1, false), lanes, true, false);
        ok("odd sizes", check, dress(data, 0, false), lanes, false, false);
        ok("odd sizes, encoded", check, dress(data, 0, true), lanes, false, false);
        ok("all at once", check, dress(data, Batch.MAX_ROWS, lanes == 2), lanes, true, false);
        if (lanes > 1) {
          ok("in threads", check, dress(data, 0, true), lanes, false, true);
        }
      }
      closedAtOnce();
      List<List<Batch>> chunks = dress(data, Math.max(1, totalRows() / 10), true);
      cancelled(check, chunks);
      tooSmall(check, chunks);
      for (int i = 0; i < again(laneCaps.length); i++) {
        spilled(check, data, laneCaps[i]);
      }
      for (int i = 0; i < again(refusals.length); i++) {
        refused(check, data, refusals[i]);
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("harness seed " + seed + ": " + e.getMessage(), e);
    }
  }

  /** One run only, outlet refusing, odd sizes, encoded: for tests that go through many cases. */
  public void once(int lanes, List<? extends List<? extends @Nullable Object>> expected) {
    ExpectedRows want = new ExpectedRows(expected, ordered, tolerance);
    ok("once", want::compare, dress(new TestBatches(seed), 0, true), lanes, true, false);
  }

  /** The rows of each input: however they are dressed, they are these. */
  private List<List<List<@Nullable Object>>> inputRows() {
    if (inputRows.size() != inputs.size()) {
      inputRows = inputs.stream().map(TestBatches::rows).toList();
    }
    return inputRows;
  }

  private int totalRows() {
    return inputs.stream().flatMap(List::stream).mapToInt(Batch::count).sum();
  }

  private List<List<Batch>> dress(TestBatches data, int size, boolean encode) {
    List<List<Batch>> out = new ArrayList<>();
    for (List<Batch> input : inputs) {
      if (input.isEmpty()) {
        out.add(List.of());
        continue;
      }
      DataType[] inputTypes = new DataType[input.get(0).columns().length];
      for (int c = 0; c < inputTypes.length; c++) {
        inputTypes[c] = input.get(0).column(c).type();
      }
      Batch all = TestBatches.concat(input, inputTypes);
      int step = size == 1 && all.count() > ROW_BY_ROW ? all.count() / ROW_BY_ROW + 1 : size;
      List<Batch> cut = new ArrayList<>();
      for (int from = 0; from < all.count(); ) {
        int n = step > 0 ? step : 1 + data.random().nextInt(data.random().nextBoolean() ? 5 : 700);
        int to = Math.min(all.count(), from + n);
        Batch piece = all.slice(from, to).compact();
        if (encode) {
          piece = data.encoded(piece);
          piece = data.random().nextInt(4) == 0 ? piece : data.selected(piece);
        }
        cut.add(piece);
        from = to;
      }
      out.add(cut);
    }
    return out;
  }

  private void ok(
      String name,
      Consumer<List<List<@Nullable Object>>> check,
      List<List<Batch>> batches,
      int lanes,
      boolean refusing,
      boolean threads) {
    try {
      List<List<List<@Nullable Object>>> before = inputRows();
      RigRuns.Outcome outcome = runs().once(batches, lanes, refusing, -1, Long.MAX_VALUE, threads);
      if (outcome.failure != null) {
        throw outcome.failure;
      }
      check.accept(outcome.rows());
      if (!before.equals(batches.stream().map(TestBatches::rows).toList())) {
        throw new AssertionError("an input batch was written to");
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(name + ", " + lanes + " lanes: " + e.getMessage(), e);
    }
  }

  private void closedAtOnce() {
    Budget budget = Budget.root("harness", Long.MAX_VALUE);
    factory.create(new QueryContext(new CancellationToken(), budget, batchRows), maxLanes).close();
    RigRuns.empty(budget, "closed without being run");
  }

  private void cancelled(Consumer<List<List<@Nullable Object>>> check, List<List<Batch>> batches) {
    int lanes = Math.min(2, maxLanes);
    long calls = runs().once(batches, lanes, false, -1, Long.MAX_VALUE, false).calls;
    TreeSet<Long> at = new TreeSet<>();
    int runs = totalRows() > LONG_RUN ? CANCELLED_RUNS / 3 : CANCELLED_RUNS;
    for (int i = 0; i < runs; i++) {
      at.add(i * calls / runs);
    }
    for (long k : at) {
      RigRuns.Outcome outcome = runs().once(batches, lanes, false, k, Long.MAX_VALUE, false);
      if (outcome.failure == null) {
        check.accept(outcome.rows());
      } else if (!(outcome.failure instanceof PenstockException e
          && e.category() == Category.CANCELLED)) {
        throw new AssertionError(
            "cancelled before call " + k + ": " + outcome.failure, outcome.failure);
      }
    }
  }

  private void tooSmall(Consumer<List<List<@Nullable Object>>> check, List<List<Batch>> batches) {
    int lanes = Math.min(2, maxLanes);
    long peak = runs().once(batches, lanes, false, -1, Long.MAX_VALUE, false).peakBytes;
    int runs = (totalRows() > LONG_RUN ? 6 : 16) / FEWER;
    for (int i = 0; i < runs; i++) {
      long cap = i == runs - 1 ? peak - 1 : peak * i / (runs - 1);
      if (cap < 0 || cap >= peak) {
        continue;
      }
      RigRuns.Outcome outcome = runs().once(batches, lanes, false, -1, cap, false);
      if (outcome.failure == null) {
        check.accept(outcome.rows());
      } else if (!(outcome.failure instanceof PenstockException e
          && e.category() == Category.LIMIT)) {
        throw new AssertionError(
            "with a budget of " + cap + " bytes: " + outcome.failure, outcome.failure);
      }
    }
  }

  private void spilled(
      Consumer<List<List<@Nullable Object>>> check, TestBatches data, long laneCap) {
    long written = 0;
    for (int lanes = fewestLanes(); lanes <= maxLanes; lanes++) {
      for (int size : new int[] {0, 37, Batch.MAX_ROWS}) {
        boolean encode = size == 0;
        List<List<Batch>> batches = dress(data, size, encode);
        String name =
            "spilling, " + laneCap + " bytes a lane, " + lanes + " lanes, batches " + size;
        try {
          RigRuns.SpillRun run =
              runs().spilling(batches, lanes, laneCap, -1, size == 0 && lanes > 1, 0);
          if (run.failure != null) {
            throw run.failure;
          }
          check.accept(run.rows);
          written += run.writtenBytes;
          if (size == 37) {
            for (int i = 0; i < CANCELLED_RUNS / 5; i++) {
              RigRuns.SpillRun cancelled =
                  runs().spilling(batches, lanes, laneCap, run.calls * i / 5, false, 0);
              if (cancelled.failure == null) {
                check.accept(cancelled.rows);
              } else if (cancelled.failure.category() != Category.CANCELLED) {
                throw cancelled.failure;
              }
            }
          }
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError(name + ": " + e.getMessage(), e);
        }
      }
    }
    if (mustSpill && laneCap == laneCaps[0] && written == 0) {
      throw new AssertionError("with " + laneCap + " bytes a lane nothing was spilled");
    }
  }

  private void refused(Consumer<List<List<@Nullable Object>>> check, TestBatches data, int every) {
    long written = 0;
    for (int lanes = 1; lanes <= Math.min(2, maxLanes); lanes++) {
      List<List<Batch>> batches = dress(data, 0, true);
      String name = "spilling, every " + every + ". question refused, " + lanes + " lanes";
      try {
        RigRuns.SpillRun run = runs().spilling(batches, lanes, 1L << 40, -1, lanes > 1, every);
        if (run.failure != null) {
          throw run.failure;
        }
        check.accept(run.rows);
        written += run.writtenBytes;
        for (int i = 1; lanes == 2 && i < 5; i++) {
          RigRuns.SpillRun cut =
              runs().spilling(batches, lanes, 1L << 40, run.calls * i / 5, false, every);
          if (cut.failure == null) {
            check.accept(cut.rows);
          } else if (cut.failure.category() != Category.CANCELLED) {
            throw cut.failure;
          }
        }
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(name + ": " + e.getMessage(), e);
      }
    }
    if (every == refusals[0] && totalRows() > 100 && written == 0) {
      throw new AssertionError("every " + every + ". question refused: nothing was spilled");
    }
  }
}
