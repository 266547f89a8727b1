package dev.penstock.sql.statement;

import dev.penstock.batch.DataType;
import dev.penstock.compiler.Result;
import dev.penstock.sql.text.Token;
import java.util.List;

/** {@code SHOW TABLES}: tables and views by name. */
record ShowTables() implements Command {
  /** {@code SHOW ALL TABLES}: with their schemas and columns. */
  static Command all(Token place) {
    return new Composed(
        new Snippet(place)
            .text(
                "SELECT table_catalog AS \"database\", table_schema AS \"schema\","
                    + " table_name AS \"name\","
                    + " list(column_name ORDER BY ordinal_position) AS column_names,"
                    + " list(data_type ORDER BY ordinal_position) AS column_types,"
                    + " false AS \"temporary\" FROM information_schema.columns"
                    + " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3")
            .query());
  }

  @Override
  public Result run(Work work) {
    return work.rows(
        List.of("name"),
        List.of(DataType.VARCHAR),
        work.catalog().names().stream().map(List::of).toList());
  }
}
