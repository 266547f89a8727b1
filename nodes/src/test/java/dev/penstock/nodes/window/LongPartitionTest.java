package dev.penstock.nodes.window;

import static dev.penstock.nodes.window.WindowCases.TYPES;
import static dev.penstock.nodes.window.WindowCases.asc;
import static dev.penstock.nodes.window.WindowCases.col;
import static dev.penstock.nodes.window.WindowCases.literal;
import static dev.penstock.nodes.window.WindowCases.over;
import static dev.penstock.nodes.window.WindowCases.overFrame;
import static dev.penstock.nodes.window.WindowCases.range;
import static dev.penstock.nodes.window.WindowCases.rows;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.sort.SortKey;
import dev.penstock.nodes.spill.Relief;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Partitions that do not fit memory give what they give when they do. */
class LongPartitionTest {
  private static final int ROWS = 5000;
  private static final long TIGHT = 1400 << 10;
  private static final int TOGETHER = 8;

  private static final List<Frame> FRAMES =
      List.of(
          Frame.TO_CURRENT_PEERS,
          Frame.WHOLE_PARTITION,
          rows(Bound.preceding(2200L), Bound.following(2L)),
          rows(Bound.following(1L), Bound.UNBOUNDED_FOLLOWING),
          range(Bound.CURRENT_ROW, Bound.UNBOUNDED_FOLLOWING),
          rows(Bound.preceding(70L), Bound.preceding(4L)),
          new Frame(Frame.Mode.GROUPS, Bound.preceding(2L), Bound.following(700L)));

  @TempDir Path directory;

  private static Inlet<Batch> input(Batch all) {
    Queue<Batch> batches = new ArrayDeque<>();
    for (int from = 0; from < all.count(); from += 500) {
      batches.add(all.slice(from, Math.min(all.count(), from + 500)).compact());
    }
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

  /** Runs in a lane; each batch of the result goes to a consumer. Bytes spilled. */
  private long run(
      DataType[] types,
      Batch in,
      List<Expr> partition,
      List<SortKey> order,
      List<WindowFunction> functions,
      long capBytes,
      CancellationToken token,
      Consumer<Batch> to) {
    Budget budget = Budget.root("test", capBytes);
    try (DirectorySpill spill = new DirectorySpill(directory, 1L << 40)) {
      QueryContext query = new QueryContext(token, budget, 1000, spill, new Relief(), 1);
      try (Window window = new Window(query, types, partition, order, functions)) {
        var sink = window.sink(0);
        Inlet<Batch> input = input(in);
        while (sink.step(input, b -> true) != Progress.DONE) {}
        List<? extends Source.Morsel> ranges = window.finish();
        try (Source.Decoder decoder = window.decoder()) {
          for (Source.Morsel range : ranges) {
            decoder.begin(range);
            for (Batch b = decoder.next(); b != null; b = decoder.next()) {
              to.accept(b);
            }
          }
        }
      }
      assertEquals(0, spill.heldBytes());
      return spill.writtenRawBytes();
    } finally {
      assertEquals(0, budget.usedBytes());
      assertEquals(0, filesLeft());
    }
  }

  private long filesLeft() {
    try (var left = Files.list(directory)) {
      return left.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<Long, List<@Nullable Object>> rowsOf(
      Batch in,
      List<Expr> partition,
      List<SortKey> order,
      List<WindowFunction> functions,
      long capBytes,
      boolean spills) {
    Map<Long, List<@Nullable Object>> out = new TreeMap<>();
    long spilled =
        run(
            TYPES,
            in,
            partition,
            order,
            functions,
            capBytes,
            new CancellationToken(),
            b -> {
              for (int i = 0; i < b.count(); i++) {
                out.put((Long) b.column(0).value(b.position(i)), Arrays.asList(b.row(i)));
              }
            });
    assertEquals(spills, spilled > 0);
    assertEquals(in.count(), out.size());
    return out;
  }

  private void same(
      Batch in, List<Expr> partition, List<SortKey> order, List<WindowFunction> functions) {
    same(in, partition, order, functions, TIGHT);
  }

  private void same(
      Batch in,
      List<Expr> partition,
      List<SortKey> order,
      List<WindowFunction> functions,
      long capBytes) {
    for (int f = 0; f < functions.size(); f += TOGETHER) {
      List<WindowFunction> some = functions.subList(f, Math.min(functions.size(), f + TOGETHER));
      var expected = rowsOf(in, partition, order, some, 1L << 30, false);
      var actual = rowsOf(in, partition, order, some, capBytes, true);
      for (Long row : expected.keySet()) {
        List<@Nullable Object> e = expected.get(row);
        List<@Nullable Object> a = actual.get(row);
        for (int c = 1; c < e.size(); c++) {
          if (!Objects.equals(e.get(c), a.get(c)) && !text(e.get(c)).equals(text(a.get(c)))) {
            fail(
                "row "
                    + row
                    + (c < TYPES.length ? ", column " + c : ": " + some.get(c - TYPES.length))
                    + ": expected "
                    + text(e.get(c))
                    + ", got "
                    + text(a.get(c)));
          }
        }
      }
    }
  }

  private static String text(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return Arrays.toString(bytes);
    }
    return value instanceof Double d && Double.isFinite(d) && d != 0
        ? String.format("%.9e", d)
        : String.valueOf(value);
  }

  private static final List<SortKey> TOTAL = List.of(new SortKey(col(3), true, false), asc(0));

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void framesOverRowsOnDisk(int seed) {
    System.out.println("seed " + seed);
    List<WindowFunction> functions = new ArrayList<>(overFrame(FRAMES.get(seed), true));
    functions.removeIf(f -> f.name().equals("collect"));
    // A third of the functions for each frame.
    List<WindowFunction> all = List.copyOf(functions);
    functions.removeIf(f -> (all.indexOf(f) + seed) % 3 != 0);
    same(WindowCases.data(seed, ROWS, 1), List.of(), TOTAL, functions);
  }

  @Test
  void severalPartitionsOfWhichSomeAreLong() {
    same(
        WindowCases.data(40, ROWS, 3),
        List.of(col(1)),
        TOTAL,
        List.of(
            new WindowFunction("row-number", List.of(), null, DataType.INT64),
            new WindowFunction("cume-dist", List.of(), null, DataType.FLOAT64),
            over("sum", Frame.WHOLE_PARTITION, col(5)),
            over("min", rows(Bound.preceding(300L), Bound.following(20L)), col(9))));
  }

  @Test
  void ranksAndShifts() {
    List<WindowFunction> functions = new ArrayList<>();
    for (String name : List.of("rank", "dense-rank", "row-number")) {
      functions.add(new WindowFunction(name, List.of(), null, DataType.INT64));
    }
    for (String name : List.of("percent-rank", "cume-dist")) {
      functions.add(new WindowFunction(name, List.of(), null, DataType.FLOAT64));
    }
    functions.add(
        new WindowFunction("ntile", List.of(literal(DataType.INT64, 7L)), null, DataType.INT64));
    var ignoring = new WindowFunction.Options(List.of(), false, null, List.of(), true);
    for (String name : List.of("lag", "lead")) {
      for (int c : new int[] {5, 9, 13}) {
        functions.add(new WindowFunction(name, List.of(col(c)), null, TYPES[c]));
        functions.add(
            new WindowFunction(
                name, List.of(col(c), literal(DataType.INT64, 1700L), col(c)), null, TYPES[c]));
        functions.add(
            new WindowFunction(
                name, List.of(col(c), literal(DataType.INT64, 1100L)), null, TYPES[c], ignoring));
        // The column of offsets sends each row elsewhere.
        functions.add(new WindowFunction(name, List.of(col(c), col(4)), null, TYPES[c]));
      }
    }
    Frame frame = rows(Bound.preceding(2600L), Bound.following(2200L));
    for (String name : List.of("first-value", "last-value")) {
      functions.add(new WindowFunction(name, List.of(col(9)), frame, TYPES[9], ignoring));
    }
    same(WindowCases.data(41, ROWS, 1), List.of(), TOTAL, functions);
  }

  @Test
  void mergedStatesLieOnDisk() {
    List<WindowFunction> functions = new ArrayList<>();
    Frame wide = rows(Bound.preceding(2600L), Bound.following(3L));
    Frame hole = new Frame(Frame.Mode.ROWS, wide.start(), wide.end(), Frame.Exclude.CURRENT_ROW);
    Frame noPeers =
        new Frame(
            Frame.Mode.RANGE,
            Bound.UNBOUNDED_PRECEDING,
            Bound.UNBOUNDED_FOLLOWING,
            Frame.Exclude.GROUP);
    var filtered = new WindowFunction.Options(List.of(), false, col(11), List.of(), false);
    var distinct = new WindowFunction.Options(List.of(), true, null, List.of(), false);
    for (Frame frame : List.of(wide, hole, noPeers)) {
      functions.add(new WindowFunction("sum", List.of(col(7)), frame, WindowCases.WIDE, filtered));
      functions.add(new WindowFunction("bit-or", List.of(col(5)), frame, DataType.INT64));
      functions.add(new WindowFunction("arg-max", List.of(col(9), col(0)), frame, TYPES[9]));
      functions.add(over("min", frame, col(9)));
      functions.add(new WindowFunction("max", List.of(col(10)), frame, TYPES[10], distinct));
      functions.add(over("count", frame, col(8)));
      functions.add(
          new WindowFunction(
              "approx-count-distinct", List.of(col(0)), frame, DataType.INT64, filtered));
    }
    same(WindowCases.data(42, ROWS, 1), List.of(), TOTAL, functions, TIGHT + (256 << 10));
  }

  @Test
  void cancelledInTheMiddleNothingIsLeft() {
    CancellationToken token = new CancellationToken();
    Batch in = WindowCases.data(43, ROWS, 1);
    List<WindowFunction> functions =
        List.of(
            over("sum", rows(Bound.preceding(2600L), Bound.following(3L)), col(6)),
            new WindowFunction(
                "bit-or",
                List.of(col(5)),
                rows(Bound.preceding(2600L), Bound.following(3L)),
                DataType.INT64));
    assertThrows(
        RuntimeException.class,
        () ->
            run(
                TYPES,
                in,
                List.of(),
                TOTAL,
                functions,
                TIGHT + (256 << 10),
                token,
                b -> token.cancel(CancellationToken.Reason.CALLER, "enough")));
  }

  @Test
  void aRowThatDoesNotFitIsTold() {
    byte[] text = new byte[4 << 20];
    Batch in =
        Batch.of(
            1,
            new LongColumn(DataType.INT64, new long[1], null, 1),
            new BytesColumn(DataType.VARCHAR, text, new int[] {0, text.length}, null, 1));
    DataType[] types = {DataType.INT64, DataType.VARCHAR};
    PenstockException e =
        assertThrows(
            PenstockException.class,
            () ->
                run(
                    types,
                    in,
                    List.of(),
                    List.of(new SortKey(new ColumnExpr(0, DataType.INT64), false, false)),
                    List.of(new WindowFunction("row-number", List.of(), null, DataType.INT64)),
                    TIGHT,
                    new CancellationToken(),
                    b -> {}));
    assertEquals(PenstockException.Category.LIMIT, e.category());
    assertTrue(e.getMessage().startsWith("a row"), e.getMessage());
  }
}
