package dev.penstock.batch.expr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Regular expressions that would never end. */
class BoundedTextTest {
  private static final Pattern HOSTILE = Pattern.compile("(.*a){20}b");
  private static final String TEXT = "a".repeat(200);

  @Test
  void looksAreUsedUp() {
    assertThrows(BoundedText.UsedUp.class, () -> HOSTILE.matcher(new BoundedText(TEXT)).find());
  }

  @Test
  void aCancelledQueryStopsLooking() {
    CancellationToken token = new CancellationToken();
    token.cancel(Reason.PERSON, "cancelled by ann");
    CancellationToken.work(token);
    try {
      PenstockException e =
          assertThrows(
              PenstockException.class, () -> HOSTILE.matcher(new BoundedText(TEXT)).find());
      assertEquals("cancelled by ann", e.getMessage());
    } finally {
      CancellationToken.work(null);
    }
  }
}
