package dev.penstock.compiler;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The functions of the plan language, for front ends: which there are, and what a call gives.
 * Stateless.
 */
public final class FunctionRegistry {
  /** Where a function may stand. */
  public enum Kind {
    SCALAR,
    AGGREGATE,
    /** Window functions that are no aggregates. */
    WINDOW;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A function.
   *
   * @param minArgs the fewest arguments
   * @param maxArgs the most arguments, -1: any number
   * @param signatures calls as a plan writes them
   * @param example a call with its value, or null
   */
  public record Entry(
      String name,
      Kind kind,
      int minArgs,
      int maxArgs,
      List<String> signatures,
      String doc,
      @Nullable String example) {}

  /** Functions that belong together. */
  public record Family(String title, Kind kind, List<Documented> functions) {}

  /**
   * What a documentation says of a function.
   *
   * @param types arguments and result, as text
   * @param examples calls as plan data, and their values
   */
  public record Documented(String name, String types, String doc, List<Example> examples) {}

  /** A call and its value, as plan data. */
  public record Example(Object call, @Nullable Object value) {}

  private FunctionRegistry() {}

  /** All functions, family by family. */
  public static List<Family> families() {
    return PlanBridge.document().stream()
        .map(
            f ->
                new Family(
                    f.text("family"),
                    Kind.valueOf(f.text("kind").toUpperCase(Locale.ROOT)),
                    f.children("functions").stream().map(FunctionRegistry::documented).toList()))
        .toList();
  }

  private static Documented documented(Lowered f) {
    List<Example> examples = new ArrayList<>();
    for (Object pair : f.list("examples")) {
      List<?> e = (List<?>) pair;
      examples.add(new Example(Objects.requireNonNull(e.get(0)), e.get(1)));
    }
    return new Documented(f.text("name"), f.text("types"), f.text("doc"), examples);
  }

  /** All functions; scalar ones first, each kind sorted by name. */
  public static List<Entry> entries() {
    return PlanBridge.functions().stream()
        .map(
            e ->
                new Entry(
                    e.text("name"),
                    Kind.valueOf(e.text("kind").toUpperCase(Locale.ROOT)),
                    e.integer("min"),
                    (int) e.longOr("max", -1),
                    e.list("signature").stream().map(String::valueOf).toList(),
                    e.text("doc"),
                    e.has("example") ? e.text("example") : null))
        .toList();
  }

  /**
   * The type of a call over columns; name is empty. A wrong call is an error of category INCORRECT.
   *
   * @param form the call as plan data; its arguments name columns or are literals
   */
  public static Field typeOf(Kind kind, Object form, List<Field> columns) {
    Lowered type = PlanBridge.resultType(kind.text(), form, columns);
    return new Field("", DataType.parse(type.text("type")), type.flag("nullable"));
  }
}
