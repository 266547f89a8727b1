package dev.penstock.sql.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.FunctionRegistry;
import dev.penstock.compiler.FunctionRegistry.Documented;
import dev.penstock.compiler.FunctionRegistry.Example;
import dev.penstock.compiler.FunctionRegistry.Family;
import dev.penstock.compiler.FunctionRegistry.Kind;
import dev.penstock.compiler.Plan;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.SqlSession;
import dev.penstock.sql.calcite.Operators;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * docs/sql.md is what {@link #document} says ({@code -Dgolden.write=true} writes it), and each
 * example of a scalar function gives in SQL what it gives in a plan.
 */
class SqlDocumentTest {
  private static final Path FILE = Path.of("../docs/sql.md");

  /** Functions of plans that SQL writes in another way, or has no need of. */
  private static final Set<String> NOT_IN_SQL =
      Set.of("random", "random-uuid", "concat-ws", "mod", "regexp-replace");

  @Test
  void theDocumentIsThatOfTheRegistry() throws IOException {
    String text = document();
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(FILE, text);
    }
    assertEquals(Files.readString(FILE), text, "docs/sql.md; -Dgolden.write=true writes it");
  }

  @Test
  void examplesGiveInSqlWhatTheyGiveInPlans() {
    List<String> wrong = new ArrayList<>();
    try (Engine engine = Engine.create()) {
      SqlSession sql = new SqlSession(engine);
      for (Family family : FunctionRegistry.families()) {
        for (Documented f : family.functions()) {
          for (Example e : family.kind() == Kind.SCALAR ? f.examples() : List.<Example>of()) {
            if (!NOT_IN_SQL.contains(f.name())) {
              check(engine, sql, e, wrong);
            }
          }
        }
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  private static void check(Engine engine, SqlSession sql, Example e, List<String> wrong) {
    String text = SqlText.of(e.call());
    Plan plan = Plan.values(List.of("x"), List.of(List.of(1L))).project(Plan.as("v", e.call()));
    try (Result expected = engine.run(plan);
        Result result = sql.execute("SELECT " + text)) {
      String want = Arrays.deepToString(expected.rows().get(0));
      String got = Arrays.deepToString(result.rows().get(0));
      if (!want.equals(got)) {
        wrong.add(text + " gives " + got + ", the plan " + e.call() + " gives " + want);
      }
    } catch (PenstockException problem) {
      wrong.add(text + ": " + problem.getMessage());
    }
  }

  private static String document() {
    StringBuilder out = new StringBuilder(SqlIntroduction.TEXT);
    Map<String, Set<String>> names = new TreeMap<>();
    Operators.TABLE
        .planNames()
        .forEach((sql, plan) -> names.computeIfAbsent(plan, p -> new TreeSet<>()).add(sql));
    for (Family family : FunctionRegistry.families()) {
      out.append("\n### ").append(family.title()).append("\n\n");
      out.append("| function | types | meaning | example |\n|---|---|---|---|\n");
      for (Documented f : family.functions()) {
        if (!NOT_IN_SQL.contains(f.name())) {
          row(out, f, names.getOrDefault(f.name(), Set.of()));
        }
      }
    }
    return out.toString();
  }

  private static void row(StringBuilder out, Documented f, Set<String> names) {
    String own = Operators.sqlName(f.name());
    List<String> all = new ArrayList<>();
    all.add(own);
    names.stream().filter(n -> !n.equals(own)).forEach(all::add);
    String example =
        f.examples().isEmpty()
            ? ""
            : "`"
                + SqlText.of(f.examples().get(0).call())
                + "` = `"
                + SqlText.literal(f.examples().get(0).value())
                + "`";
    out.append("| `")
        .append(String.join("` `", all).toLowerCase(Locale.ROOT))
        .append("` | ")
        .append(cell(f.types()))
        .append(" | ")
        .append(cell(f.doc()))
        .append(" | ")
        .append(cell(example))
        .append(" |\n");
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replaceAll("\\s+", " ");
  }
}
