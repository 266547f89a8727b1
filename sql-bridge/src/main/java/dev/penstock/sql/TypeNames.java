package dev.penstock.sql;

import dev.penstock.batch.DataType;
import dev.penstock.monitor.PenstockException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SQL's names of types. */
public final class TypeNames {
  /** Lists, structures and maps are JSON. */
  private static final Pattern LIST =
      Pattern.compile(".*\\[ ?\\d* ?\\]|(STRUCT|MAP) ?\\(.*|.* ARRAY", Pattern.DOTALL);

  private static final Pattern SIZED =
      Pattern.compile(
          "([A-Z0-9 ]+?)\\s*\\(\\s*(\\d{1,9})\\s*(?:,\\s*(\\d{1,9})\\s*)?\\)(.*)", Pattern.DOTALL);
  private static final Map<String, DataType> NAMES =
      Map.ofEntries(
          Map.entry("BOOLEAN", DataType.BOOLEAN),
          Map.entry("BOOL", DataType.BOOLEAN),
          Map.entry("TINYINT", DataType.INT32),
          Map.entry("SMALLINT", DataType.INT32),
          Map.entry("INTEGER", DataType.INT32),
          Map.entry("INT", DataType.INT32),
          Map.entry("INT2", DataType.INT32),
          Map.entry("INT4", DataType.INT32),
          Map.entry("UTINYINT", DataType.INT32),
          Map.entry("USMALLINT", DataType.INT32),
          Map.entry("MEDIUMINT", DataType.INT32),
          Map.entry("BIGINT", DataType.INT64),
          Map.entry("INT8", DataType.INT64),
          Map.entry("LONG", DataType.INT64),
          Map.entry("UINTEGER", DataType.INT64),
          Map.entry("HUGEINT", DataType.decimal(38, 0)),
          Map.entry("UBIGINT", DataType.decimal(20, 0)),
          Map.entry("REAL", DataType.FLOAT64),
          Map.entry("FLOAT", DataType.FLOAT64),
          Map.entry("FLOAT4", DataType.FLOAT64),
          Map.entry("FLOAT8", DataType.FLOAT64),
          Map.entry("DOUBLE", DataType.FLOAT64),
          Map.entry("DOUBLE PRECISION", DataType.FLOAT64),
          Map.entry("DECIMAL", DataType.decimal(18, 3)),
          Map.entry("NUMERIC", DataType.decimal(18, 3)),
          Map.entry("VARCHAR", DataType.VARCHAR),
          Map.entry("CHAR", DataType.VARCHAR),
          Map.entry("CHARACTER", DataType.VARCHAR),
          Map.entry("CHARACTER VARYING", DataType.VARCHAR),
          Map.entry("TEXT", DataType.VARCHAR),
          Map.entry("STRING", DataType.VARCHAR),
          Map.entry("BLOB", DataType.VARBINARY),
          Map.entry("BYTEA", DataType.VARBINARY),
          Map.entry("BINARY", DataType.VARBINARY),
          Map.entry("VARBINARY", DataType.VARBINARY),
          Map.entry("DATE", DataType.DATE),
          Map.entry("TIME", DataType.TIME),
          Map.entry("TIMESTAMP", DataType.TIMESTAMP),
          Map.entry("DATETIME", DataType.TIMESTAMP),
          Map.entry("TIMESTAMPTZ", DataType.TIMESTAMPTZ),
          Map.entry("TIMESTAMP WITH TIME ZONE", DataType.TIMESTAMPTZ),
          Map.entry("INTERVAL", DataType.INTERVAL),
          Map.entry("UUID", DataType.UUID),
          Map.entry("JSON", DataType.JSON));

  private TypeNames() {}

  /** The type of a SQL name, as {@code VARCHAR(20)} or {@code decimal(15, 2)}. */
  public static DataType parse(String name) {
    String text = name.strip().toUpperCase(Locale.ROOT).replaceAll("\\s+", " ");
    if (LIST.matcher(text).matches()) {
      return DataType.JSON;
    }
    Matcher m = SIZED.matcher(text);
    if (m.matches()) {
      String base = m.group(1).strip();
      if (base.equals("DECIMAL") || base.equals("NUMERIC")) {
        return DataType.decimal(
            Integer.parseInt(m.group(2)), m.group(3) == null ? 0 : Integer.parseInt(m.group(3)));
      }
      text = (base + m.group(4)).strip();
    }
    DataType type = NAMES.get(text);
    if (type == null) {
      throw PenstockException.incorrect(
          "sql-type",
          "unknown type "
              + name
              + "; known ones are INTEGER, BIGINT, DOUBLE, DECIMAL(p, s), VARCHAR, DATE, TIMESTAMP ...");
    }
    return type;
  }

  /** SQL's name of a type. */
  public static String of(DataType type) {
    return switch (type.kind()) {
      case BOOLEAN -> "BOOLEAN";
      case INT32 -> "INTEGER";
      case INT64 -> "BIGINT";
      case FLOAT64 -> "DOUBLE";
      case DECIMAL -> "DECIMAL(" + type.precision() + "," + type.scale() + ")";
      case VARCHAR -> "VARCHAR";
      case VARBINARY -> "BLOB";
      case DATE -> "DATE";
      case TIME -> "TIME";
      case TIMESTAMP -> "TIMESTAMP";
      case TIMESTAMPTZ -> "TIMESTAMP WITH TIME ZONE";
      case INTERVAL -> "INTERVAL";
      case UUID -> "UUID";
      case JSON, ANY -> "JSON";
    };
  }
}
