package dev.penstock.batch.expr;

import static dev.penstock.batch.expr.Calls.of;
import static dev.penstock.batch.expr.Calls.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DrawsTest {
  private static final DataType LONG = DataType.INT64;
  private static final DataType DOUBLE = DataType.FLOAT64;

  private static Column draws(String fn, DataType type, int rows) {
    long[] numbers = new long[rows];
    for (int i = 0; i < rows; i++) {
      numbers[i] = i;
    }
    Batch batch = Batch.of(rows, new LongColumn(LONG, numbers, null, rows));
    List<Expr> args = List.of(new LiteralExpr(LONG, 42L), new ColumnExpr(0, LONG));
    return Functions.call(fn, args, type).eval(batch);
  }

  @Test
  void drawsAreEvenlySpreadAndDiffer() {
    int rows = 10_000;
    Column numbers = draws("random", DOUBLE, rows);
    int[] tenths = new int[10];
    Set<Object> seen = new HashSet<>();
    for (int i = 0; i < rows; i++) {
      double v = (Double) numbers.value(i);
      assertTrue(v >= 0 && v < 1, "draw " + v);
      tenths[(int) (v * 10)]++;
      seen.add(v);
    }
    assertEquals(rows, seen.size());
    for (int n : tenths) {
      assertTrue(n > 850 && n < 1150, "a tenth of the draws are " + n);
    }
  }

  @Test
  void uuidsAreOfVersionFour() {
    Column ids = draws("random-uuid", DataType.UUID, 1000);
    Set<Object> seen = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      UUID id = (UUID) ids.value(i);
      assertEquals(4, id.version());
      assertEquals(2, id.variant());
      seen.add(id);
    }
    assertEquals(1000, seen.size());
  }

  @Test
  void buckets() {
    of("width-bucket", LONG, DOUBLE, DOUBLE, DOUBLE, LONG)
        .gives(
            row(5.35, 0.024, 10.06, 5L, 3L),
            row(-1.0, 0.0, 10.0, 5L, 0L),
            row(10.0, 0.0, 10.0, 5L, 6L),
            row(9.0, 10.0, 0.0, 5L, 1L),
            row(0.0, 10.0, 0.0, 5L, 6L),
            row(0.0, -Double.MAX_VALUE, Double.MAX_VALUE, 2L, 2L),
            row(null, 0.0, 1.0, 5L, null))
        .fails(
            "bad-argument",
            "(width-bucket 1.0 2.0 2.0 5): expected a number, two finite bounds that differ, a count"
                + " above 0",
            1.0,
            2.0,
            2.0,
            5L);
  }
}
