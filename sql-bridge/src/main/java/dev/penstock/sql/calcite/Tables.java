package dev.penstock.sql.calcite;

import dev.penstock.batch.Field;
import dev.penstock.sql.text.Token;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a query may name in FROM. Calls may block: they look at files. */
public interface Tables {
  /**
   * A table or a view.
   *
   * @param name for messages
   * @param ref what stands in {@code (table+ ref)}: a symbol, a string, or a whole plan
   * @param options of table+: plan data, or null
   * @param fields its columns, in order
   * @param view the text of a view's query, or null
   */
  record Found(
      String name,
      Object ref,
      @Nullable Object options,
      List<Field> fields,
      @Nullable String view) {}

  /** The table of a name (one part, or schema and name), or null if there is none. */
  @Nullable Found find(List<String> path);

  /** May a name stand before a table's, with a dot? */
  boolean isSchema(String name);

  /** The tokens of a query with what its macros stand for. */
  default List<Token> expanded(List<Token> tokens) {
    return tokens;
  }

  /** Names that find knows, for suggestions. */
  Set<String> names();
}
