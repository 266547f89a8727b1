package dev.penstock.sql.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random queries in forms that {@link QueryMaker} does not write: stars with what is said of them,
 * COLUMNS, UNION BY NAME, lambdas, positional joins, deep nestings of comparisons.
 */
@Timeout(60)
final class FormsTest {
  private static final long SEED = 20261121;
  private static final int QUERIES = 120;

  private static final String TABLES =
      """
      create table t as select * from (values (1,'a',10,1.5),(2,'b',20,null),(3,null,30,-2.25),
        (3,'c',null,0),(null,'a',5,7)) as v(i,s,n,d);
      create table u as select * from (values (1,'x',5),(3,'y',6),(5,null,7),(3,'b',null)) as v(i,w,n);
      """;

  private static final List<String> NUMBERS = List.of("i", "n");
  private static final List<String> COLUMNS = List.of("i", "s", "n", "d");

  private final Random random = new Random(SEED);

  private String of(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private List<String> some(List<String> of) {
    List<String> out = new ArrayList<>(of);
    while (out.size() > 1 && random.nextInt(3) > 0) {
      out.remove(random.nextInt(out.size()));
    }
    return out;
  }

  private String number(int depth) {
    if (depth == 0) {
      return of("i", "n", "i + n", "3", "coalesce(n, i)");
    }
    String x = number(depth - 1);
    return switch (random.nextInt(6)) {
      case 0 -> "case " + x + " when 1 then n when " + number(0) + " then 2 else i end";
      case 1 -> "cast(" + x + of(" between ", " not between ") + number(0) + " and 5 as int)";
      case 2 -> "cast((" + x + ")" + of(" in ", " not in ") + "(1, 2, " + number(0) + ") as int)";
      case 3 ->
          "cast((" + x + ")" + of(" is distinct from ", " is not distinct from ") + "1 as int)";
      case 4 -> "nullif(" + x + ", 2)";
      default -> "(" + x + of(" + ", " - ", " * ") + "1)";
    };
  }

  private String star() {
    String out = "*";
    List<String> left = new ArrayList<>(COLUMNS);
    if (random.nextBoolean()) {
      List<String> gone = some(COLUMNS.subList(1, 4));
      left.removeAll(gone);
      out += " exclude (" + String.join(", ", gone) + ")";
    }
    if (random.nextBoolean()) {
      String c = left.get(random.nextInt(left.size()));
      left.remove(c);
      out += " replace (" + number(random.nextInt(2)) + " as " + c + ")";
    }
    if (!left.isEmpty() && random.nextBoolean()) {
      out += " rename (" + left.get(random.nextInt(left.size())) + " as z)";
    }
    return out;
  }

  private String columns() {
    return switch (random.nextInt(4)) {
      case 0 -> "columns('" + of("i|n", "[in]", "^.$", "n") + "')";
      case 1 -> "columns(['" + String.join("', '", some(NUMBERS)) + "'])";
      case 2 -> "columns(lambda c: c" + of(" like", " not like") + " 'i%')";
      default -> "columns(* exclude (s, d))";
    };
  }

  private String query() {
    String where = of("", "", " where i > 1", " where n is not null");
    return switch (random.nextInt(8)) {
      case 0 -> "select " + star() + " from t" + where;
      case 1 -> "select count(" + columns() + "), max(" + columns() + ") from u" + where;
      case 2 -> "select " + columns() + of("", " as \"c_\\0\"", ", i as own") + " from t" + where;
      case 3 ->
          "select "
              + star()
              + " from t"
              + where
              + of(" union by name ", " union all by name ")
              + of("select * from u", "select w, n from u", "select n, i, 7 as q from u");
      case 4 ->
          "select i, "
              + of("list_transform", "list_filter", "list_transform")
                  .concat("([1, i, 7, null], lambda x: ")
              + of("x > 1", "x = i", "x is null", "x between n and 9")
              + ") from t"
              + where;
      case 5 -> "select a.i, a.n, b.* from t a positional join (select * from u" + where + ") b";
      case 6 -> "select " + number(random.nextInt(12)) + " as r from t" + where;
      default ->
          "select a." + star() + ", b.w from t a join u b on a.i = b.i" + of("", " and b.n > 5");
    };
  }

  @Test
  void randomFormsGiveTheRowsOfDuckDb() throws Exception {
    StringBuilder script = new StringBuilder(TABLES);
    for (int i = 0; i < QUERIES; i++) {
      script.append(query()).append(" order by all;\n");
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (WrittenQueries w =
        new WrittenQueries(new PrintStream(text, true, StandardCharsets.UTF_8))) {
      int bad = w.run(script.toString(), "seed " + SEED);
      assertEquals(0, bad, () -> "seed " + SEED + "\n" + text.toString(StandardCharsets.UTF_8));
      assertTrue(w.compared() - w.refused() > QUERIES * 9 / 10, () -> "refused: " + w.refused());
    }
  }
}
