package dev.penstock.benchmarks;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Result;
import dev.penstock.sources.tpch.TpchSource;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.Locale;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * The TPC-H tables as Parquet files: generated once, written by DuckDB (snappy, row groups of
 * 122,880 rows), so that all peers read the same files.
 */
public final class TpchFiles {
  private TpchFiles() {}

  /** The folder with {@code lineitem.parquet} and the others; made if it is not there. */
  public static Path at(Path root, double scale) throws Exception {
    Path folder = root.resolve("sf" + (scale == Math.rint(scale) ? "" + (long) scale : "" + scale));
    Files.createDirectories(folder);
    for (String table : TpchSource.tables()) {
      Path file = folder.resolve(table + ".parquet");
      if (!Files.exists(file)) {
        System.err.println("generating " + file);
        write(table, scale, file);
      }
    }
    return folder;
  }

  /** The folder given, if it holds the tables; else one in it, where they are made. */
  public static Path in(Path data, double scale) throws Exception {
    Path root = data.toAbsolutePath().normalize();
    boolean there =
        Files.exists(root.resolve("lineitem.parquet")) || Files.exists(root.resolve("lineitem"));
    return there ? root : at(root, scale);
  }

  /** Query 1 to 22 of a folder of qNN.sql; {@code @FRACTION@} in it depends on the scale. */
  public static String query(Path folder, int query, double scale) throws IOException {
    Path file = folder.resolve(name(query) + ".sql");
    if (!Files.isReadable(file)) {
      System.err.println("no query " + file + ": give the folder of q01.sql to q22.sql by --sql");
      System.exit(2);
    }
    BigDecimal fraction =
        new BigDecimal("0.0001").divide(BigDecimal.valueOf(scale), MathContext.DECIMAL64);
    return Files.readString(file).replace("@FRACTION@", fraction.toPlainString());
  }

  /** The name of a query: q01. */
  public static String name(int query) {
    return String.format(Locale.ROOT, "q%02d", query);
  }

  private static void write(String table, double scale, Path file) throws Exception {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try (Engine engine = Engine.create();
        Result result = engine.run("(table+ tpch/" + table + " {:sf " + scale + "})");
        DuckDBConnection duck = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duck.createStatement()) {
      sql.execute("create table " + table + " (" + columns(result.schema()) + ")");
      try (DuckDBAppender to = duck.createAppender(DuckDBConnection.DEFAULT_SCHEMA, table)) {
        for (Batch batch = result.next(); batch != null; batch = result.next()) {
          for (int i = 0; i < batch.count(); i++) {
            to.beginRow();
            for (Object value : batch.row(i)) {
              append(to, value);
            }
            to.endRow();
          }
        }
      }
      sql.execute(
          "copy "
              + table
              + " to '"
              + partial.toString().replace("'", "''")
              + "' (format parquet, compression snappy, row_group_size 122880)");
    }
    Files.move(partial, file);
  }

  private static void append(DuckDBAppender to, Object value) throws SQLException {
    if (value instanceof Long v) {
      to.append(v);
    } else if (value instanceof Integer v) {
      to.append(v);
    } else if (value instanceof BigDecimal v) {
      to.append(v);
    } else if (value instanceof LocalDate v) {
      to.append(v);
    } else {
      to.append((String) value);
    }
  }

  private static String columns(Schema schema) {
    return schema.fields().stream()
        .map(f -> f.name() + " " + duckType(f))
        .collect(Collectors.joining(", "));
  }

  private static String duckType(Field f) {
    return switch (f.type().kind()) {
      case INT32 -> "integer";
      case INT64 -> "bigint";
      case DATE -> "date";
      case DECIMAL -> f.type().toString();
      default -> "varchar";
    };
  }
}
