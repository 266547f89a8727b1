package dev.penstock.sources.parquet;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Schema;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The oracle: an in-memory DuckDB. */
final class Duck implements AutoCloseable {
  private final Connection connection;

  Duck() {
    try {
      connection = DriverManager.getConnection("jdbc:duckdb:");
      run("SET TimeZone = 'UTC'");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void run(String sql) {
    try (Statement s = connection.createStatement()) {
      s.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Writes the result of a query as a Parquet file, with options such as "COMPRESSION zstd". */
  Path copy(String query, Path to, String options) {
    run(
        "COPY ("
            + query
            + ") TO '"
            + to
            + "' (FORMAT parquet"
            + (options.isEmpty() ? "" : ", " + options)
            + ")");
    return to;
  }

  /** The rows of a query as host values of the types of a schema. */
  List<List<@Nullable Object>> rows(String sql, Schema schema) {
    try (Statement s = connection.createStatement();
        ResultSet rs = s.executeQuery(sql)) {
      List<List<@Nullable Object>> out = new ArrayList<>();
      while (rs.next()) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int i = 0; i < schema.size(); i++) {
          row.add(value(rs, i + 1, schema.type(i)));
        }
        out.add(row);
      }
      return out;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static @Nullable Object value(ResultSet rs, int i, DataType type) throws SQLException {
    Object o = rs.getObject(i);
    if (o == null) {
      return null;
    }
    return switch (type.kind()) {
      case BOOLEAN -> rs.getBoolean(i);
      case INT32 -> rs.getInt(i);
      case INT64 -> rs.getLong(i);
      case FLOAT64 -> rs.getDouble(i);
      case DECIMAL -> new BigDecimal(o.toString()).setScale(type.scale());
      case VARCHAR, JSON -> rs.getString(i);
      case VARBINARY -> ByteBuffer.wrap(rs.getBytes(i));
      case DATE -> rs.getObject(i, LocalDate.class);
      case TIME -> rs.getObject(i, LocalTime.class);
      case TIMESTAMP -> rs.getObject(i, LocalDateTime.class);
      case TIMESTAMPTZ -> rs.getObject(i, OffsetDateTime.class).toInstant();
      case UUID -> o instanceof UUID u ? u : UUID.fromString(o.toString());
      case INTERVAL, ANY -> o.toString();
    };
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
