package dev.penstock.sql.differential;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.sources.memory.BatchSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table with its rows.
 *
 * @param columns each with its type, and its bound
 */
record Table(String name, List<Column> columns, List<List<@Nullable Object>> rows) {

  /** A column. */
  record Column(String name, Type type, DataType data, double bound) {
    Term term(String qualifier) {
      Term t = Term.of(type, qualifier + quoted()).bound(bound);
      t.column = true;
      if (type == Type.DECIMAL) {
        t.decimal(data.precision(), data.scale());
      }
      return t;
    }

    /** The name as SQL writes it. */
    String quoted() {
      return name.matches("[a-z][a-z0-9_]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
    }

    String sqlType() {
      return type == Type.DECIMAL
          ? "DECIMAL(" + data.precision() + "," + data.scale() + ")"
          : type.sql;
    }
  }

  Table withRows(List<List<@Nullable Object>> some) {
    return new Table(name, columns, some);
  }

  String ddl() {
    return "CREATE OR REPLACE TABLE "
        + name
        + " ("
        + columns.stream()
            .map(c -> c.quoted() + " " + c.sqlType())
            .collect(Collectors.joining(", "))
        + ")";
  }

  /** An INSERT of all rows; empty if there are none. */
  String insert() {
    if (rows.isEmpty()) {
      return "";
    }
    List<String> lines = new ArrayList<>();
    for (List<@Nullable Object> row : rows) {
      List<String> values = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        values.add(literal(row.get(i)));
      }
      lines.add("(" + String.join(", ", values) + ")");
    }
    return "INSERT INTO " + name + " VALUES " + String.join(", ", lines);
  }

  static String literal(@Nullable Object value) {
    if (value == null) {
      return "NULL";
    } else if (value instanceof String s) {
      return "'" + s.replace("'", "''") + "'";
    } else if (value instanceof Double d) {
      return "CAST('" + d + "' AS DOUBLE)";
    } else if (value instanceof java.time.LocalDate d) {
      return "DATE '" + d + "'";
    } else if (value instanceof java.time.LocalDateTime t) {
      return "TIMESTAMP '"
          + t.toString().replace('T', ' ')
          + (t.getSecond() == 0 && t.getNano() == 0 ? ":00'" : "'");
    } else if (value instanceof java.time.LocalTime t) {
      return "TIME '" + t + (t.getSecond() == 0 && t.getNano() == 0 ? ":00'" : "'");
    } else if (value instanceof Long n && n == Long.MIN_VALUE) {
      return "(-9223372036854775807 - 1)";
    }
    return value.toString();
  }

  BatchSource source() {
    return BatchSource.ofRows(
        new Schema(columns.stream().map(c -> new Field(c.name, c.data, true)).toList()), rows);
  }
}
