package dev.penstock.batch.expr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.monitor.PenstockException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequireTest {
  private static Expr require(Object condition) {
    return Functions.call(
        "require",
        List.of(
            new LiteralExpr(DataType.BOOLEAN, condition),
            new LiteralExpr(DataType.INT64, 7L),
            new LiteralExpr(DataType.VARCHAR, "there is no such thing")),
        DataType.INT64);
  }

  @Test
  void givesTheValueWhereTheConditionIsTrue() {
    assertEquals(7L, require(true).eval(Batch.of(3)).value(2));
  }

  @Test
  void aRowWithoutItIsAnError() {
    for (Object condition : new Object[] {false, null}) {
      Expr e = require(condition);
      PenstockException error = assertThrows(PenstockException.class, () -> e.eval(Batch.of(2)));
      assertEquals("there is no such thing", error.getMessage());
    }
  }
}
