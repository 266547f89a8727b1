package dev.penstock.sql.statement;

import dev.penstock.batch.DataType;
import dev.penstock.compiler.Result;
import java.util.List;

/** {@code SHOW TABLES}: tables and views by name. */
record ShowTables() implements Command {
  @Override
  public Result run(Work work) {
    return work.rows(
        List.of("name"),
        List.of(DataType.VARCHAR),
        work.catalog().names().stream().map(List::of).toList());
  }
}
