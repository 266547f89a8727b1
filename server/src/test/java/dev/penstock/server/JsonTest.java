package dev.penstock.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Bodies that are no JSON: where, and nothing of the library's. */
final class JsonTest {
  private static String refused(String body) {
    Refusal e = assertThrows(Refusal.class, () -> Json.read(body.getBytes(UTF_8)));
    return String.valueOf(e.getMessage());
  }

  @Test
  void whereABodyIsNoJson() {
    assertEquals(
        "the body is no JSON: Unexpected end-of-input: expected close marker for Object"
            + " (begun at line: 1, column: 1) (line 1, column 10)",
        refused("{\"sql\": 1"));
    assertEquals("expected a JSON object, got array", refused("[1]"));
    assertEquals("expected a JSON object, got nothing", refused(""));
  }
}
