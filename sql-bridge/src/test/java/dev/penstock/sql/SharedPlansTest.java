package dev.penstock.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.Field;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Texts that differ in constants give what they give when each is planned by itself. */
class SharedPlansTest {
  private Engine engine;
  private SqlSession sql;

  @BeforeEach
  void open() {
    engine = Engine.create(EngineOptions.defaults().withWorkers(1));
    sql = new SqlSession(engine);
    sql.execute(
            "CREATE TABLE n AS SELECT CAST(x AS INTEGER) AS a, CAST(x % 7 AS BIGINT) AS b,"
                + " CAST(x * 1.25 AS DECIMAL(9, 2)) AS c, 'k' || (x % 5) AS d,"
                + " DATE '2020-01-01' + x AS e, x * 0.5e0 AS f, x % 2 = 0 AS g,"
                + " TIMESTAMP '2020-01-01 00:00:00' + to_hours(x) AS h,"
                + " TIME '00:00:00' + to_minutes(x) AS i"
                + " FROM generate_series(1, 40) AS s(x)")
        .close();
    sql.execute("CREATE TABLE m AS SELECT a * 2 AS a, d AS k FROM n WHERE b < 4").close();
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private record Rows(List<String> names, List<String> types, List<List<@Nullable Object>> rows) {}

  private static Rows read(Result result) {
    try (result) {
      List<Field> fields = result.schema().fields();
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (Object[] row : result.rows()) {
        rows.add(new ArrayList<>(Arrays.asList(row)));
      }
      return new Rows(
          fields.stream().map(Field::name).toList(),
          fields.stream().map(f -> f.type().toString()).toList(),
          rows);
    }
  }

  /** By a plan of its own. */
  private Rows alone(String text) {
    return read(engine.run(engine.prepare(sql.plan(SqlSession.statements(text, "").get(0)))));
  }

  /** How many plans some texts needed; each must give what it gives alone. */
  private int plans(String text, String... constants) {
    int before = sql.catalog().plans().size();
    for (String c : constants) {
      String one = text.replace("@", c);
      assertEquals(alone(one), read(sql.execute(one)), one);
    }
    return sql.catalog().plans().size() - before;
  }

  @Test
  void onePlanServesAllConstantsOfAKind() {
    assertEquals(1, plans("SELECT a, c FROM n WHERE a = @", "5", "-1", "7", "2147483647"));
    assertEquals(1, plans("SELECT a FROM n WHERE a > @ AND a <= 12", "5", "-7", "1"));
    assertEquals(1, plans("SELECT a FROM n WHERE c < @ ORDER BY a", "9.99", "1.25", "7.00"));
    assertEquals(1, plans("SELECT a FROM n WHERE f >= @ ORDER BY a", "1e1", "0.5e0", "-3E-1"));
    assertEquals(1, plans("SELECT a FROM n WHERE d <> '@' ORDER BY a", "k1", "", "it''s"));
    assertEquals(1, plans("SELECT a FROM n WHERE d LIKE '@' ORDER BY a", "k%", "_3", "%", "k1"));
    assertEquals(1, plans("SELECT a FROM n WHERE e = DATE '@'", "2020-01-05", "1999-12-31"));
    assertEquals(
        1,
        plans(
            "SELECT a FROM n WHERE h < TIMESTAMP '@' ORDER BY a",
            "2020-01-01 05:00:00",
            "2020-01-01 07:30:01"));
    assertEquals(
        1, plans("SELECT count(*) FROM n WHERE b BETWEEN @", "1 AND 3", "-4 AND 2", "5 AND 0"));
    assertEquals(
        1, plans("SELECT a FROM n WHERE b IN (@) ORDER BY a", "1, 2", "6, 6", "-1, 2000000000"));
    assertEquals(
        1, plans("SELECT d, sum(a) FROM n GROUP BY d HAVING sum(a) > @ ORDER BY d", "100", "164"));
    assertEquals(
        1,
        plans(
            "SELECT n.a, k FROM n JOIN m ON n.a = m.a AND m.k > '@' WHERE n.b < 6 ORDER BY 1",
            "k0",
            "k2"));
    assertEquals(
        1,
        plans(
            "WITH w AS (SELECT a FROM n WHERE b = @) SELECT sum(a) FROM w WHERE a IN"
                + " (SELECT a FROM m WHERE k <> 'k@') OR EXISTS"
                + " (SELECT 1 FROM m WHERE m.a = w.a + 1 AND m.k = 'k@')",
            "1",
            "3",
            "4"));
  }

  @Test
  void otherTypesAreOtherPlans() {
    assertEquals(
        5,
        plans("SELECT a FROM n WHERE a = @", "5", "5000000000", "5.0", "5.00", "'5'", "6", "'7'"));
    assertEquals(2, plans("SELECT a FROM n WHERE c > 1 AND a * c = @", "1.25", "11.25", "5.00"));
    assertEquals(2, plans("SELECT a FROM n WHERE b IN (@) ORDER BY a", "1, 2", "1, 2, 3"));
    assertEquals(3, plans("SELECT a FROM n WHERE a = @", "NULL", "1 + 2", "- 3 + 6"));
  }

  @Test
  void whatIsNoComparedConstantIsOfTheShape() {
    assertEquals(2, plans("SELECT a + @ FROM n WHERE b = 1 ORDER BY 1", "1", "2"));
    assertEquals(2, plans("SELECT a = @ FROM n WHERE b = 1 ORDER BY 1", "1", "2"));
    assertEquals(3, plans("SELECT a+@ FROM n WHERE b = 1 ORDER BY a", "1", " 1", "  1"));
    assertEquals(2, plans("SELECT b, a FROM n WHERE b < 4 ORDER BY @, 3 - @", "1", "2"));
    assertEquals(2, plans("SELECT b, count(*) FROM n WHERE b < 4 GROUP BY @ ORDER BY 2", "1", "b"));
    assertEquals(2, plans("SELECT a FROM n WHERE b = 1 ORDER BY a LIMIT @", "1", "2"));
    assertEquals(2, plans("SELECT a FROM n WHERE b = 1 ORDER BY a LIMIT 2 OFFSET @", "1", "2"));
    assertEquals(2, plans("SELECT round(c, @) FROM n WHERE b = 1 ORDER BY 1", "1", "0"));
    assertEquals(2, plans("SELECT a FROM n WHERE e < DATE '2020-01-01' + @ ORDER BY 1", "9", "3"));
    assertEquals(
        2,
        plans(
            "SELECT a FROM n WHERE e < DATE '2020-01-01' + INTERVAL '@' DAY ORDER BY a", "1", "9"));
    assertEquals(2, plans("SELECT a FROM n WHERE d LIKE 'k!1' ESCAPE '@'", "!", "k"));
    assertEquals(2, plans("SELECT sum(a) FILTER (WHERE b = @) FROM n WHERE c > 2", "1", "2"));
    assertEquals(
        2, plans("SELECT (SELECT max(a) FROM m WHERE k > 'k@') FROM n WHERE a = 1", "1", "9"));
    assertEquals(
        2, plans("SELECT a % @, count(*) FROM n WHERE b < 5 GROUP BY a % @ ORDER BY 1", "3", "4"));
    assertEquals(
        2,
        plans(
            "SELECT a > @, count(*) FROM n GROUP BY a > @ HAVING (a > @) = TRUE ORDER BY 1",
            "3",
            "4"));
    assertEquals(2, plans("SELECT a FROM n WHERE a < 4 AND 1 = @ ORDER BY a", "1", "0"));
  }

  @Test
  void columnsOfOtherTypesTakeConstantsAsTheyWould() {
    plans("SELECT a FROM n WHERE e >= '@' ORDER BY a", "2020-02-01", "2020-01-20");
    plans("SELECT a FROM n WHERE i < '@' ORDER BY a", "00:05:00", "00:07:00");
    plans("SELECT a FROM n WHERE h = '@' ORDER BY a", "2020-01-01 05:00:00", "2020-01-01");
    plans("SELECT a FROM n WHERE a = '@' OR c = '@' OR f > '@' ORDER BY a", "5", "35", "7.5");
    plans("SELECT a FROM n WHERE g = @ ORDER BY a", "'true'", "'f'", "TRUE");
    plans("SELECT a FROM n WHERE a + b = @ AND a * b <> @ ORDER BY a", "12", "4000000000");
    plans("SELECT a FROM n WHERE a = 3 AND b = @", "3", "2", "3");
    plans("SELECT a FROM n WHERE a = @ AND a = 3 AND b = @", "3", "2", "3");
    plans("SELECT a FROM n WHERE a > @ AND a > 10 AND a < 20 ORDER BY a", "3", "12", "30");
    plans("SELECT n.a FROM n JOIN m ON n.a = m.a WHERE n.a = @ OR m.a = 4", "2", "8", "4");
    plans(
        "SELECT CASE WHEN a = 3 THEN 1 END FROM n WHERE CASE WHEN a = @ THEN b ELSE 1 END = 1",
        "1");
  }

  @Test
  void aConstantThatFailsFailsAsItWould() {
    String text = "SELECT a FROM n WHERE e = '@'";
    plans(text, "2020-01-03", "2020-01-04");
    for (String wrong : List.of("soon", "2020-13-01")) {
      String one = text.replace("@", wrong);
      PenstockException alone = assertThrows(PenstockException.class, () -> alone(one));
      PenstockException shared =
          assertThrows(PenstockException.class, () -> read(sql.execute(one)));
      assertEquals(alone.getMessage(), shared.getMessage());
    }
    plans(text, "2020-01-03", "2020-01-05");
  }

  @Test
  void randomConditionsGiveWhatTheyGiveAlone() {
    long seed = Long.getLong("shared.seed", System.nanoTime());
    Random dice = new Random(seed);
    for (int i = 0; i < Integer.getInteger("shared.shapes", 25); i++) {
      String text =
          "SELECT n.a, k FROM n LEFT JOIN m ON m.a = n.a AND "
              + condition(dice, 0)
              + " WHERE "
              + condition(dice, 2)
              + (dice.nextInt(3) == 0 ? " AND EXISTS (SELECT 1 FROM m x WHERE x.a > @n)" : "")
              + " ORDER BY 1, 2";
      for (int n = 0; n < 4; n++) {
        String one = text;
        while (one.contains("@")) {
          String kind = one.substring(one.indexOf('@'), one.indexOf('@') + 2);
          one = one.replaceFirst(kind, constant(dice, kind));
        }
        String query = one;
        assertEquals(alone(one), read(sql.execute(one)), () -> "seed " + seed + ": " + query);
      }
    }
    assertTrue(sql.catalog().plans().hits() > 0, "no plan was found again");
  }

  private static String condition(Random dice, int depth) {
    if (depth > 0 && dice.nextInt(4) > 0) {
      String left = condition(dice, depth - 1);
      String right = condition(dice, depth - 1);
      return switch (dice.nextInt(3)) {
        case 0 -> left + " AND " + right;
        case 1 -> "(" + left + " OR " + right + ")";
        default -> "NOT (" + left + ")";
      };
    }
    String number =
        List.of("n.a", "n.b", "n.c", "n.f", "n.a + n.b", "abs(n.b - 3)").get(dice.nextInt(6));
    String sign = List.of("=", "<", ">", "<=", ">=", "<>").get(dice.nextInt(6));
    return switch (dice.nextInt(8)) {
      case 0 -> number + " BETWEEN @n AND @n";
      case 1 -> number + " IN (@n, @n, @n)";
      case 2 -> "n.d " + sign + " @s";
      case 3 -> "n.d LIKE @s";
      case 4 -> "n.e " + sign + " @d";
      case 5 -> "CASE WHEN n.g THEN n.b ELSE n.a END " + sign + " @n";
      default -> number + " " + sign + " @n";
    };
  }

  private static String constant(Random dice, String kind) {
    return switch (kind) {
      case "@s" -> "'" + List.of("k1", "k%", "_2", "", "k3x").get(dice.nextInt(5)) + "'";
      case "@d" ->
          (dice.nextBoolean() ? "DATE " : "")
              + "'2020-0"
              + (1 + dice.nextInt(3))
              + "-1"
              + dice.nextInt(9)
              + "'";
      default ->
          switch (dice.nextInt(6)) {
            case 0 -> (dice.nextInt(80) - 10) + "." + dice.nextInt(100);
            case 1 -> dice.nextInt(40) / 2.0 + "e0";
            case 2 -> String.valueOf(dice.nextLong() / 1000);
            default -> String.valueOf(dice.nextInt(45) - 2);
          };
    };
  }

  @Test
  void aParameterOfAMacroStandsWhereverTheMacroHasIt() {
    sql.execute("CREATE MACRO within(x, low, high) AS high > x AND x + x > low + low").close();
    String text = "SELECT a FROM n WHERE within(a, ?, ?) ORDER BY a";
    assertEquals(
        List.of(List.of(4), List.of(5)), read(sql.execute(text, 3, 6)).rows(), "bounds in order");
    assertEquals(1, plans("SELECT a FROM n WHERE within(a, 3, 6) AND b <> @ ORDER BY a", "4", "5"));
  }
}
