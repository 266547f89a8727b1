package dev.penstock.nodes.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.buffer.spill.SpillSpace;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.sort.SortKey;
import dev.penstock.nodes.spill.Relief;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values of a frame that do not fit go to disk, and give what they give in memory. */
class ListedFramesTest {
  /** A number of the row, which of four quarters it is in, a number, a text, one row in 64. */
  private static final DataType[] TYPES = {
    DataType.INT64, DataType.INT64, DataType.INT64, DataType.VARCHAR, DataType.BOOLEAN
  };

  private static final int ROWS = 16_000;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private List<Batch> in = batches();
  private long filesOfFrames;
  private long mostBatchBytes;

  @TempDir Path directory;

  @AfterEach
  void nothingIsLeft() throws IOException {
    try (var left = Files.list(directory)) {
      assertEquals(0, left.count());
    }
  }

  private static Expr col(int c) {
    return new ColumnExpr(c, TYPES[c]);
  }

  private List<Batch> batches() {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<Batch> out = new ArrayList<>();
    for (int from = 0; from < ROWS; from += 1000) {
      Object[][] v = new Object[TYPES.length][1000];
      for (int i = 0; i < 1000; i++) {
        boolean none = random.nextInt(20) == 0;
        v[0][i] = (long) (from + i);
        v[1][i] = (long) (from + i) / (ROWS / 4);
        v[2][i] = none ? null : (Object) (long) random.nextInt(20_000);
        v[3][i] = none ? null : "a text that takes its room " + random.nextInt(20_000);
        v[4][i] = (from + i) % 64 == 0;
      }
      Column[] columns = new Column[TYPES.length];
      for (int c = 0; c < columns.length; c++) {
        columns[c] = TestBatches.columnOf(TYPES[c], v[c]);
      }
      out.add(Batch.of(1000, columns));
    }
    return out;
  }

  private Inlet<Batch> input() {
    Queue<Batch> batches = new ArrayDeque<>(in);
    return new Inlet<>() {
      @Override
      public @Nullable Batch poll() {
        return batches.poll();
      }

      @Override
      public boolean isDone() {
        return batches.isEmpty();
      }
    };
  }

  /** Counts the files of frames: those of the workspace, and of sorted lists. */
  private final class Counting implements SpillSpace {
    private final SpillSpace space = new DirectorySpill(directory, 1L << 40);

    @Override
    public SpillFile create(String what, CancellationToken token) {
      filesOfFrames += what.equals("window frames") || what.equals("group (lists)") ? 1 : 0;
      return space.create(what, token);
    }

    @Override
    public long writtenRawBytes() {
      return space.writtenRawBytes();
    }

    @Override
    public long writtenBytes() {
      return space.writtenBytes();
    }

    @Override
    public long heldBytes() {
      return space.heldBytes();
    }

    @Override
    public void close() {
      space.close();
    }
  }

  private Map<Long, List<@Nullable Object>> run(
      List<SortKey> order,
      List<WindowFunction> functions,
      long capBytes,
      CancellationToken token,
      int enough) {
    Map<Long, List<@Nullable Object>> out = new TreeMap<>();
    Budget budget = Budget.root("test", capBytes);
    filesOfFrames = 0;
    mostBatchBytes = 0;
    try (SpillSpace spill = new Counting()) {
      QueryContext query = new QueryContext(token, budget, 2048, spill, new Relief(), 1);
      try (Window window = new Window(query, TYPES, List.of(), order, functions)) {
        var sink = window.sink(0);
        Inlet<Batch> input = input();
        while (sink.step(input, b -> true) != Progress.DONE) {}
        List<? extends Source.Morsel> ranges = window.finish();
        try (Source.Decoder decoder = window.decoder()) {
          for (Source.Morsel range : ranges) {
            decoder.begin(range);
            for (Batch b = decoder.next(); b != null; b = decoder.next()) {
              for (int i = 0; i < b.count(); i++) {
                List<@Nullable Object> row = Arrays.asList(b.row(i));
                out.put((Long) row.get(0), row.subList(TYPES.length, row.size()));
              }
              for (int c = TYPES.length; c < b.columns().length; c++) {
                mostBatchBytes = Math.max(mostBatchBytes, b.column(c).sizeBytes());
              }
              if (out.size() >= enough) {
                token.cancel(CancellationToken.Reason.CALLER, "enough");
              }
            }
          }
        }
      }
      assertEquals(0, spill.heldBytes());
    } finally {
      assertEquals(0, budget.usedBytes());
    }
    return out;
  }

  /** The smallest cap that is admitted. */
  private long least(List<SortKey> order, List<WindowFunction> functions) {
    long no = 0;
    long yes = 64L << 20;
    while (yes - no > 1024) {
      long cap = (no + yes) / 2;
      Budget budget = Budget.root("test", cap);
      try (SpillSpace spill = new Counting();
          Window window =
              new Window(
                  new QueryContext(new CancellationToken(), budget, 2048, spill, new Relief(), 1),
                  TYPES,
                  List.of(),
                  order,
                  functions)) {
        Objects.requireNonNull(window);
        yes = cap;
      } catch (PenstockException e) {
        no = cap;
      }
    }
    return yes;
  }

  private void same(List<SortKey> order, List<WindowFunction> functions, long moreBytes) {
    var expected = run(order, functions, 1L << 30, new CancellationToken(), Integer.MAX_VALUE);
    assertEquals(0, filesOfFrames, "ample");
    long cap = least(order, functions) + moreBytes;
    assertTrue(cap < 3 << 20, "the least: " + cap);
    var actual = run(order, functions, cap, new CancellationToken(), Integer.MAX_VALUE);
    assertTrue(filesOfFrames > 0, "values of frames went to disk");
    assertEquals(ROWS, expected.size());
    assertEquals(expected, actual);
  }

  private static WindowFunction of(
      String name,
      @Nullable Frame frame,
      DataType type,
      List<Object> parameters,
      boolean distinct,
      @Nullable Expr filter,
      List<SortKey> order,
      Expr... args) {
    return new WindowFunction(
        name,
        List.of(args),
        frame,
        type,
        new WindowFunction.Options(parameters, distinct, filter, order, false));
  }

  private static final List<SortKey> BY_NUMBER = List.of(new SortKey(col(0), false, false));
  private static final List<SortKey> BY_QUARTER = List.of(new SortKey(col(1), false, false));

  private static List<WindowFunction> functions(Frame frame) {
    DataType text = DataType.VARCHAR;
    return List.of(
        of(
            "percentile-cont",
            frame,
            DataType.FLOAT64,
            List.of(0.25),
            false,
            null,
            List.of(),
            col(2)),
        of("percentile-disc", frame, text, List.of(0.7), false, null, List.of(), col(3)),
        of("mode", frame, DataType.INT64, List.of(), false, null, List.of(), col(2)),
        of("count", frame, DataType.INT64, List.of(), true, null, List.of(), col(3)),
        of("sum", frame, DataType.INT64, List.of(), true, null, List.of(), col(2)),
        of("first", frame, text, List.of(), false, col(4), List.of(), col(3)),
        of("string-agg", frame, text, List.of("|"), false, col(4), BY_NUMBER, col(3)),
        of("collect", frame, DataType.JSON, List.of(), true, col(4), BY_NUMBER, col(0)));
  }

  @Test
  void wholePartitions() {
    List<WindowFunction> all = functions(Frame.WHOLE_PARTITION);
    same(BY_NUMBER, List.of(all.get(1)), 0);
    same(BY_NUMBER, List.of(all.get(3)), 0);
  }

  @Test
  void severalFunctionsInTheLeastMemory() {
    same(BY_QUARTER, functions(Frame.TO_CURRENT_PEERS), 0);
  }

  @Test
  void framesWithHoles() {
    Frame others =
        new Frame(
            Frame.Mode.RANGE,
            Bound.UNBOUNDED_PRECEDING,
            Bound.UNBOUNDED_FOLLOWING,
            Frame.Exclude.GROUP);
    same(BY_QUARTER, functions(others).subList(2, 7), 100 << 10);
  }

  @Test
  void batchesOfLongTextsHaveFewRows() {
    in = in.subList(0, 3);
    int rowCount = 3000;
    Frame last = WindowCases.rows(Bound.preceding(400L), Bound.CURRENT_ROW);
    WindowFunction texts =
        of("string-agg", last, DataType.VARCHAR, List.of(","), false, null, BY_NUMBER, col(3));
    WindowFunction lists =
        of("collect", last, DataType.JSON, List.of(), false, null, List.of(), col(3));
    for (WindowFunction f : List.of(texts, lists)) {
      long cap = least(BY_NUMBER, List.of(f));
      var rows = run(BY_NUMBER, List.of(f), cap, new CancellationToken(), Integer.MAX_VALUE);
      assertEquals(rowCount, rows.size());
      assertTrue(String.valueOf(rows.get(rowCount - 1L).get(0)).length() > 401 * 28);
      assertTrue(mostBatchBytes < 1 << 20, mostBatchBytes + " bytes in a batch");
    }
  }

  @Test
  void aTextThatDoesNotFitIsTold() {
    in.addAll(List.copyOf(in));
    in.addAll(List.copyOf(in));
    for (String name : List.of("string-agg", "collect")) {
      WindowFunction f =
          of(
              name,
              Frame.WHOLE_PARTITION,
              name.equals("collect") ? DataType.JSON : DataType.VARCHAR,
              name.equals("collect") ? List.of() : List.of(","),
              false,
              null,
              List.of(),
              col(3));
      long cap = least(BY_NUMBER, List.of(f)) + (1 << 16);
      PenstockException e =
          assertThrows(
              PenstockException.class,
              () -> run(BY_NUMBER, List.of(f), cap, new CancellationToken(), Integer.MAX_VALUE));
      assertEquals("memory-cap", e.code());
      assertTrue(
          e.getMessage()
              .matches(
                  name
                      + " makes a text of (more than )?\\d+ bytes of one (group|frame), which must fit in"
                      + " memory at once; the memory cap is "
                      + cap
                      + " bytes.*"),
          e.getMessage());
    }
  }

  @Test
  void cancelledInTheMiddleNothingIsLeft() {
    List<WindowFunction> functions = functions(Frame.TO_CURRENT_PEERS);
    long cap = least(BY_QUARTER, functions);
    assertThrows(
        PenstockException.class,
        () -> run(BY_QUARTER, functions, cap, new CancellationToken(), ROWS / 2));
    assertTrue(filesOfFrames > 0);
  }
}
