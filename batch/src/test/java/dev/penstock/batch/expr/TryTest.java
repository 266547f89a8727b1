package dev.penstock.batch.expr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TryTest {
  private static final DataType LONG = DataType.INT64;

  private static Batch batch(long... values) {
    return Batch.of(values.length, new LongColumn(LONG, values, null, values.length));
  }

  /** (try (quot 12 a)) */
  private static Expr attempt() {
    Expr a = new ColumnExpr(0, LONG);
    Expr quotient = Functions.call("quot", List.of(new LiteralExpr(LONG, 12L), a), LONG);
    return Functions.call("try", List.of(quotient), LONG);
  }

  private static List<Object> values(Expr e, Batch batch) {
    Column column = e.eval(batch);
    List<Object> out = new ArrayList<>();
    for (int i = 0; i < batch.count(); i++) {
      out.add(column.value(batch.positions()[i]));
    }
    return out;
  }

  @Test
  void badRowsAreNullAndTheOthersKeepTheirValues() {
    assertEquals(List.of(12L, 6L), values(attempt(), batch(1, 2)));
    assertEquals(Arrays.asList(null, 12L, null, 6L, null), values(attempt(), batch(0, 1, 0, 2, 0)));
    assertEquals(Arrays.asList((Object) null), values(attempt(), batch(0)));
    assertEquals(List.of(), values(attempt(), batch()));
  }

  @Test
  void rowsThatAreNotSelectedDoNotCount() {
    Batch some = batch(0, 3, 0, 0, 4, 0).withSelection(new int[] {1, 3, 4}, 3);
    assertEquals(Arrays.asList(4L, null, 3L), values(attempt(), some));
  }

  @Test
  void aLimitIsNotCaught() {
    Expr huge =
        Functions.call(
            "repeat",
            List.of(
                new LiteralExpr(DataType.VARCHAR, "x".repeat(1 << 12)), new ColumnExpr(0, LONG)),
            DataType.VARCHAR);
    Expr attempt = Functions.call("try", List.of(huge), DataType.VARCHAR);
    long[] times = new long[17];
    Arrays.fill(times, 1 << 12);
    PenstockException e = assertThrows(PenstockException.class, () -> attempt.eval(batch(times)));
    assertEquals("batch-too-wide", e.code());
  }
}
