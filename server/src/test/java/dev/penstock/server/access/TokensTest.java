package dev.penstock.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.monitor.PenstockException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TokensTest {
  @Test
  void aTokenIsWhoseItsHashSays() {
    Tokens tokens =
        Tokens.parse(
            "tokens",
            """
            # the SHA-256 of "abc", as in FIPS 180-2
            ann admin BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD

            """
                + Tokens.line("reports", Role.SUBMIT, "xyz")
                + "\n");
    assertEquals(new Caller("ann", Role.ADMIN), tokens.caller("abc"));
    assertEquals(new Caller("reports", Role.SUBMIT), tokens.caller("xyz"));
    assertNull(tokens.caller("abd"));
    assertNull(tokens.caller(""));
  }

  @Test
  void freshTokensDiffer() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      String token = Tokens.fresh();
      assertEquals(43, token.length());
      seen.add(token);
    }
    assertEquals(100, seen.size());
  }

  @Test
  void wrongLinesAreToldButNotShown() {
    String line = Tokens.line("ann", Role.READ, "abc");
    wrong(
        "tokens:2: expected 'name role hash' with a role of read, submit or admin and the SHA-256 of"
            + " the token as 64 hex digits",
        "\nann admin abc\n");
    wrong("tokens:2: the same token stands in a line before", line + "\n" + line);
    wrong("tokens: has no token", "# nobody\n");
    assertEquals(
        "expected a name of 1 to 64 letters, digits and . _ @ -, got 'a b'",
        assertThrows(PenstockException.class, () -> Tokens.line("a b", Role.READ, "abc"))
            .getMessage());
  }

  private static void wrong(String message, String text) {
    assertEquals(
        message,
        assertThrows(PenstockException.class, () -> Tokens.parse("tokens", text)).getMessage());
  }
}
