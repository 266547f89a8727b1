package dev.penstock.sql.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.SqlSession;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ChainsTest {
  private static String chain(int n, String operator, IntFunction<String> condition) {
    return IntStream.range(0, n).mapToObj(condition).collect(Collectors.joining(operator));
  }

  private static String grouped(String sql) {
    return Chains.of(Tokenizer.tokens(sql, "sql")).stream()
        .map(Token::text)
        .collect(Collectors.joining(" "));
  }

  /** As it stands, but for white space. */
  private static String plain(String sql) {
    return Tokenizer.tokens(sql, "sql").stream().map(Token::text).collect(Collectors.joining(" "));
  }

  @Test
  void aLongChainIsInGroups() {
    String sql = "SELECT a FROM t WHERE " + chain(140, " OR ", i -> "a" + i);
    assertEquals(
        "SELECT a FROM t WHERE a0 OR ( "
            + chain(64, " OR ", i -> "a" + (i + 1))
            + " ) OR ( "
            + chain(64, " OR ", i -> "a" + (i + 65))
            + " ) OR "
            + chain(11, " OR ", i -> "a" + (i + 129)),
        grouped(sql));
  }

  @Test
  void theAndOfBetweenIsNone() {
    String sql = "WHERE " + chain(130, " AND ", i -> "a BETWEEN 1 AND " + i);
    assertEquals(
        "WHERE a BETWEEN 1 AND 0 AND ( "
            + chain(64, " AND ", i -> "a BETWEEN 1 AND " + (i + 1))
            + " ) AND ( "
            + chain(64, " AND ", i -> "a BETWEEN 1 AND " + (i + 65))
            + " ) AND a BETWEEN 1 AND 129",
        grouped(sql));
  }

  @Test
  void whatIsNoChainStays() {
    for (String sql :
        List.of(
            "SELECT a OR b",
            "SELECT " + chain(140, ", ", i -> "a OR b OR c"),
            chain(140, " UNION ALL ", i -> "SELECT a FROM t WHERE a OR b"),
            "SELECT CASE " + chain(140, " ", i -> "WHEN a OR b THEN c OR d") + " END",
            "SELECT a FROM t WHERE " + chain(140, " OR ", i -> "(a AND b)").replace("OR", "+"),
            "SELECT a FROM t " + chain(140, " ", i -> "JOIN t ON a OR b"))) {
      assertEquals(plain(sql), grouped(sql));
    }
  }

  @Test
  void tooManyOperatorsInARowAreRefused() {
    assertEquals(4000, Chains.of(Tokenizer.tokens("SELECT a" + " + a".repeat(1999), "sql")).size());
    for (String sql :
        List.of("SELECT a" + " + a".repeat(4001), "SELECT " + "NOT ".repeat(4001) + "a")) {
      assertEquals(
          "an expression has more than 4000 operators in a row; cut it with parentheses, or with"
              + " WITH",
          assertThrows(PenstockException.class, () -> Chains.of(Tokenizer.tokens(sql, "sql")))
              .getMessage());
    }
    String apart = "SELECT " + chain(5000, " OR ", i -> "a + " + i) + ", (b + 1)".repeat(5000);
    assertTrue(Chains.of(Tokenizer.tokens(apart, "sql")).size() > 20_000);
  }

  @Test
  void groupsMeanWhatTheChainMeant() {
    String odd = chain(300, " OR ", i -> "n BETWEEN " + 2 * i + " + 1 AND " + (2 * i + 1));
    String few = chain(300, " OR ", i -> "NOT n <> " + i + " AND n <> 7 OR n = 999");
    String most = chain(300, " AND ", i -> "n <> " + i + " OR n BETWEEN 5 AND 5");
    String each = chain(300, " AND ", i -> "(n <> " + i + " OR n BETWEEN 5 AND 5)");
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2))) {
      for (String[] one :
          new String[][] {
            {odd, "[300]"},
            {few, "[300]"},
            {most, "[999]"},
            {"NOT (" + odd + ")", "[700]"},
            {each, "[701]"},
          }) {
        try (Result r =
            new SqlSession(engine)
                .execute("SELECT count(*) FROM range(1000) AS r(n) WHERE " + one[0])) {
          assertEquals(one[1], java.util.Arrays.toString(r.rows().get(0)));
        }
      }
      try (Result r =
          new SqlSession(engine).execute("EXPLAIN SELECT n FROM range(9) AS r(n) WHERE " + odd)) {
        assertTrue(r.rows().toString().length() > 0);
      }
    }
  }
}
