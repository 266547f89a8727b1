package dev.penstock.nodes.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
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
import dev.penstock.nodes.Step;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.sort.SortKey;
import dev.penstock.nodes.spill.Relief;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups whose values are more than there is memory for. */
class LongListTest {
  private static final DataType D38 = DataType.decimal(38, 6);
  private static final DataType[] TYPES = {
    DataType.INT32, DataType.INT64, DataType.FLOAT64, DataType.VARCHAR, D38, DataType.INT64
  };
  private static final int ROWS = 80_000;
  private static final long TIGHT = 1_900_000;

  /** All rows have different values there. */
  private static final int UNIQUE = 5;

  @TempDir Path directory;
  private int lanes = 1;

  private static Expr column(int i) {
    return new ColumnExpr(i, TYPES[i]);
  }

  private static Aggregate of(
      String function, List<Object> parameters, DataType type, boolean ordered, int... arguments) {
    List<Expr> exprs = new ArrayList<>();
    for (int a : arguments) {
      exprs.add(column(a));
    }
    List<SortKey> order =
        ordered ? List.of(new SortKey(column(UNIQUE), true, false)) : List.<SortKey>of();
    return new Aggregate(function, exprs, parameters, false, null, order, type);
  }

  private static List<Batch> batches(int groups, long seed) {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<Batch> out = new ArrayList<>();
    for (int from = 0; from < ROWS; from += 4000) {
      Object[][] v = new Object[TYPES.length][4000];
      for (int i = 0; i < 4000; i++) {
        boolean none = random.nextInt(20) == 0;
        v[0][i] = random.nextInt(4) > 0 ? 0 : random.nextInt(groups);
        v[1][i] = none ? null : (Object) (long) random.nextInt(30_000);
        v[2][i] = none ? null : (Object) random.nextGaussian();
        v[3][i] = none ? null : "value " + random.nextInt(50_000);
        v[4][i] = java.math.BigDecimal.valueOf(random.nextInt(40_000), 6);
        v[5][i] = (from + i) * 0x9E3779B97F4A7C15L;
      }
      var columns = new dev.penstock.batch.Column[TYPES.length];
      for (int c = 0; c < columns.length; c++) {
        columns[c] = TestBatches.columnOf(TYPES[c], v[c]);
      }
      out.add(Batch.of(4000, columns));
    }
    return out;
  }

  private List<List<@Nullable Object>> run(
      List<Batch> in,
      List<Expr> keys,
      List<Aggregate> aggregates,
      long capBytes,
      int refuseEvery,
      CancellationToken token,
      boolean cancelled) {
    Budget budget = Budget.root("test", capBytes);
    List<Batch> out = new ArrayList<>();
    try (DirectorySpill spill = new DirectorySpill(directory, 1L << 40)) {
      QueryContext query =
          new QueryContext(token, budget, 1000, spill, new Relief(refuseEvery), lanes);
      try (Group group = new Group(query, keys, aggregates, null)) {
        List<Step<Batch>> sinks = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
          sinks.add(group.sink(lane));
        }
        for (int b = 0; b < in.size(); b++) {
          while (sinks.get(b % lanes).step(one(in.get(b)), x -> true) == Progress.STUCK) {}
        }
        for (Step<Batch> sink : sinks) {
          while (sink.step(one(null), x -> true) != Progress.DONE) {}
        }
        List<? extends Source.Morsel> morsels = group.finish();
        try (Source.Decoder decoder = group.decoder()) {
          for (Source.Morsel morsel : morsels) {
            if (cancelled) {
              token.cancel(CancellationToken.Reason.CALLER, "enough");
            }
            decoder.begin(morsel);
            for (Batch b = decoder.next(); b != null; b = decoder.next()) {
              out.add(b);
            }
          }
        }
      } finally {
        assertEquals(0, spill.heldBytes());
      }
      assertEquals(capBytes < Long.MAX_VALUE, spill.writtenRawBytes() > 0);
    } finally {
      assertEquals(0, budget.usedBytes());
    }
    List<List<@Nullable Object>> rows = new ArrayList<>(TestBatches.rows(out));
    rows.sort(Comparator.comparing(row -> String.valueOf(row.get(0))));
    return rows;
  }

  private static Inlet<Batch> one(@Nullable Batch batch) {
    return new Inlet<>() {
      private @Nullable Batch left = batch;

      @Override
      public @Nullable Batch poll() {
        Batch now = left;
        left = null;
        return now;
      }

      @Override
      public boolean isDone() {
        return left == null;
      }
    };
  }

  private void same(
      int groups, List<Expr> keys, List<Aggregate> aggregates, long cap, int refuseEvery) {
    List<Batch> in = batches(groups, 81 + groups);
    CancellationToken token = new CancellationToken();
    var expected = run(in, keys, aggregates, Long.MAX_VALUE, 0, token, false);
    var actual = run(in, keys, aggregates, cap, refuseEvery, token, false);
    assertEquals(expected, actual);
  }

  private static List<Aggregate> picks() {
    DataType f64 = DataType.FLOAT64;
    DataType i64 = DataType.INT64;
    return List.of(
        of("count", List.of(), i64, false, 1),
        of("percentile-disc", List.of(0.5), i64, false, 1),
        of("percentile-disc", List.of(0.25, true), i64, false, 1),
        of("percentile-cont", List.of(0.9), f64, false, 1),
        of("percentile-cont", List.of(0.5), f64, false, 2),
        of("mode", List.of(), i64, false, 1),
        of("mode", List.of(), f64, false, 2),
        of("percentile-disc", List.of(0.7), DataType.VARCHAR, false, 3),
        of("mode", List.of(), DataType.VARCHAR, false, 3),
        of("percentile-disc", List.of(0.1), D38, false, 4),
        of("sum", List.of(), i64, false, 1));
  }

  @Test
  void percentilesOfOneGroup() {
    same(1, List.of(), picks(), TIGHT, 0);
  }

  @Test
  void percentilesOfOneLongGroupAmongOthers() {
    same(50, List.of(column(0)), picks(), TIGHT, 0);
  }

  @Test
  void listsGoToDiskThoughThereIsMemory() {
    same(3, List.of(column(0)), picks(), 1L << 30, 2);
  }

  @Test
  void textsOfOneGroup() {
    // The texts have 1.5 MB and 1.2 MB; their values take many times as much.
    List<Aggregate> texts =
        List.of(
            of("string-agg", List.of(", "), DataType.VARCHAR, true, 3),
            of("collect", List.of(), DataType.JSON, true, 1));
    same(1, List.of(), texts, 5_500_000, 0);
  }

  @Test
  void differentValuesOfOneGroup() {
    List<Aggregate> aggregates =
        List.of(
            of("count", List.of(), DataType.INT64, false, 3).ofDistinct(),
            of("percentile-disc", List.of(0.5), DataType.VARCHAR, false, 3).ofDistinct(),
            of("percentile-cont", List.of(0.5), DataType.FLOAT64, false, 1).ofDistinct(),
            of("percentile-cont", List.of(0.5), DataType.FLOAT64, false, 2));
    same(1, List.of(), aggregates, TIGHT + 200_000, 0);
    same(9, List.of(column(0)), aggregates, TIGHT + 200_000, 0);
  }

  /** Each lane has room for its values, but what they are merged to has not. */
  @Test
  void listsOfLanesAreMergedOnDisk() {
    lanes = 2;
    List<Aggregate> aggregates =
        List.of(
            of("string-agg", List.of(", "), DataType.VARCHAR, true, 3),
            of("percentile-disc", List.of(0.5), DataType.INT64, false, 1));
    same(1, List.of(), aggregates, 14_000_000, 0);
  }

  @Test
  void aTextThatDoesNotFitIsTold() {
    List<Aggregate> text = List.of(of("string-agg", List.of(", "), DataType.VARCHAR, true, 3));
    CancellationToken token = new CancellationToken();
    PenstockException e =
        assertThrows(
            PenstockException.class,
            () -> run(batches(1, 5), List.of(), text, TIGHT, 0, token, false));
    assertEquals(PenstockException.Category.LIMIT, e.category());
    assertTrue(
        e.getMessage()
            .matches(
                "string-agg makes a text of \\d+ bytes of one group, which must fit in memory at"
                    + " once; the memory cap is 1900000 bytes, of which \\d+ are free; raise the"
                    + " cap or aggregate less"),
        e.getMessage());
  }

  @Test
  void cancelledInTheMiddleNothingIsLeft() {
    CancellationToken token = new CancellationToken();
    assertThrows(
        PenstockException.class,
        () -> run(batches(1, 6), List.of(), picks(), TIGHT, 0, token, true));
  }
}
