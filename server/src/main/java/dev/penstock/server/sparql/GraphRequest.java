package dev.penstock.server.sparql;

import dev.penstock.server.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which graph a request of the Graph Store Protocol names.
 *
 * @param name null: the default graph
 * @param format instead of Accept
 */
public record GraphRequest(@Nullable String name, @Nullable String format) {
  private static final String EXPECTED =
      "expected either ?default, or ?graph=IRI, or a path below that is a graph's name";

  /**
   * @param parameters the query part of the address, as it came
   * @param path the whole address when it goes on behind that of the graphs; else null
   */
  public static GraphRequest of(@Nullable String parameters, @Nullable String path) {
    List<FormText.Entry> entries =
        parameters == null
            ? List.of()
            : FormText.entries(parameters.getBytes(StandardCharsets.UTF_8));
    boolean isDefault = false;
    String name = path;
    String format = null;
    for (FormText.Entry e : entries) {
      switch (e.name()) {
        case "default" -> isDefault = true;
        case "format" -> format = e.value();
        case "graph" -> {
          if (name != null) {
            throw Refusal.of(400, "graph", EXPECTED);
          }
          name = e.value();
        }
        default -> {} // parameters that are not ours are no harm here
      }
    }
    if (isDefault == (name != null)) {
      throw Refusal.of(400, "graph", EXPECTED);
    }
    if (name != null && !name.matches("[A-Za-z][A-Za-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]*")) {
      throw Refusal.of(400, "graph", "graph: expected an absolute IRI, got '" + name + "'");
    }
    return new GraphRequest(name, format);
  }
}
