package dev.penstock.sql.calcite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import java.util.List;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.util.Litmus;
import org.junit.jupiter.api.Test;

final class WatchedLiteralsTest {
  private static final SqlParserPos POS = new SqlParserPos(1, 7);

  @Test
  void whoVisitsOrWritesThemLooksAtTheToken() {
    for (SqlLiteral plain :
        List.of(
            SqlLiteral.createExactNumeric("-4.20", POS),
            SqlLiteral.createApproxNumeric("1e-3", POS),
            SqlLiteral.createCharString("it's", "UTF-8", POS))) {
      CancellationToken token = new CancellationToken();
      SqlLiteral watched = WatchedLiterals.of(plain, token);
      SqlLiteral copy = (SqlLiteral) watched.clone(POS);
      for (SqlLiteral one : List.of(watched, copy)) {
        assertTrue(one.equalsDeep(plain, Litmus.IGNORE));
        assertEquals(plain.toString(), one.toString());
        assertEquals(POS, one.getParserPosition());
        one.accept(new SqlBasicVisitor<Void>());
      }
      token.cancel(Reason.PERSON, "enough");
      for (SqlLiteral one : List.of(watched, copy)) {
        assertThrows(PenstockException.class, () -> one.accept(new SqlBasicVisitor<Void>()));
        assertThrows(PenstockException.class, one::toString);
      }
    }
  }

  @Test
  void othersStayWhatTheyAre() {
    SqlLiteral yes = SqlLiteral.createBoolean(true, POS);
    assertSame(yes, WatchedLiterals.of(yes, new CancellationToken()));
  }
}
