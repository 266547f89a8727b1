package dev.penstock.server.access;

import dev.penstock.monitor.PenstockException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sites whose pages may ask the SPARQL endpoint from a browser (CORS): {@code
 * https://yasgui.example}, or {@code *} for all. None by default: then a page of another site is
 * refused, as everywhere.
 *
 * @param names scheme, host and port, as browsers send them
 */
public record Origins(Set<String> names) {
  public static final Origins NONE = new Origins(Set.of());

  private static final String ALL = "*";

  public Origins {
    names = Set.copyOf(names);
    for (String name : names) {
      if (!name.equals(ALL) && !name.matches("https?://[\\w.\\-\\[\\]:]+")) {
        throw PenstockException.incorrect(
            "server-cors",
            "expected the origin of pages, such as https://yasgui.example, or *, got '"
                + name
                + "'");
      }
    }
  }

  /** Are these all sites there are? */
  public boolean isAll() {
    return names.contains(ALL);
  }

  /** May pages of this origin ask? */
  public boolean hold(@Nullable String origin) {
    return origin != null && (isAll() || names.contains(origin));
  }
}
