package dev.penstock.sources;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DuckDB as the oracle: rows of a query as the host values of Penstock. */
final class DuckDbText {
  private DuckDbText() {}

  static List<List<@Nullable Object>> rows(String sql) throws SQLException {
    List<List<@Nullable Object>> out = new ArrayList<>();
    try (Connection c = DriverManager.getConnection("jdbc:duckdb:");
        Statement s = c.createStatement();
        ResultSet r = s.executeQuery(sql)) {
      int n = r.getMetaData().getColumnCount();
      while (r.next()) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int i = 1; i <= n; i++) {
          row.add(host(r.getObject(i)));
        }
        out.add(row);
      }
    }
    return out;
  }

  private static @Nullable Object host(@Nullable Object v) {
    if (v == null
        || v instanceof Boolean
        || v instanceof Long
        || v instanceof Double
        || v instanceof String
        || v instanceof BigDecimal
        || v instanceof LocalDate
        || v instanceof LocalDateTime) {
      return v;
    } else if (v instanceof Date d) {
      return d.toLocalDate();
    } else if (v instanceof Timestamp t) {
      return t.toLocalDateTime();
    }
    return v.toString();
  }
}
