package dev.penstock.sql.calcite;

import dev.penstock.batch.DataType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.UUID;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.jspecify.annotations.Nullable;

/**
 * A question mark whose value may change from run to run of a plan: an operator without operands.
 */
public final class Parameter extends SqlSpecialOperator {
  private final int index;
  private final transient Object value;

  private Parameter(int index, Object value, DataType type) {
    super(
        "?" + index,
        SqlKind.OTHER,
        40,
        true,
        call -> SqlTypes.calcite(call.getTypeFactory(), asWritten(value, type), false),
        null,
        OperandTypes.VARIADIC);
    this.index = index;
    this.value = value;
  }

  /** A whole number is an INTEGER beside columns, as it would be in a text. */
  private static DataType asWritten(Object value, DataType type) {
    return value instanceof Long n && n == n.intValue() ? DataType.INT32 : type;
  }

  /** Its number, from 0. */
  public int index() {
    return index;
  }

  /** Its first value, of the class that plans have for its type. */
  public Object value() {
    return value;
  }

  /** A parameter of a value; null if such a value has to be a literal. */
  static @Nullable Parameter of(int index, @Nullable Object value) {
    Object plain = plain(value);
    DataType type = plain == null ? null : type(plain);
    return plain == null || type == null ? null : new Parameter(index, plain, type);
  }

  /** The value as plans have it; null if it has to be a literal. */
  public static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Float f) {
      return Double.parseDouble(f.toString());
    }
    return value != null && type(value) != null ? value : null;
  }

  private static @Nullable DataType type(Object value) {
    if (value instanceof Long) {
      return DataType.INT64;
    }
    if (value instanceof Double d) {
      return Double.isFinite(d) ? DataType.FLOAT64 : null;
    }
    if (value instanceof BigDecimal d) {
      int digits = Math.max(d.precision(), d.scale());
      return d.scale() < 0 || digits > DataType.MAX_PRECISION
          ? null
          : DataType.decimal(digits, d.scale());
    }
    return value instanceof String
        ? DataType.VARCHAR
        : value instanceof LocalDate
            ? DataType.DATE
            : value instanceof LocalTime
                ? DataType.TIME
                : value instanceof LocalDateTime
                    ? DataType.TIMESTAMP
                    : value instanceof Instant
                        ? DataType.TIMESTAMPTZ
                        : value instanceof UUID ? DataType.UUID : null;
  }

  /** What values that may take turns in one plan have in common. */
  public record KindOfValue(Class<?> type, int precision, int scale) {}

  /** The kind of a value; null of what has to be a literal. */
  public static @Nullable KindOfValue kind(@Nullable Object value) {
    Object plain = plain(value);
    DataType type = plain == null ? null : type(plain);
    return type == null || value == null
        ? null
        : new KindOfValue(value.getClass(), type.precision(), type.scale());
  }

  @Override
  public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    return validateOperands(validator, scope, call);
  }

  @Override
  public SqlSyntax getSyntax() {
    return SqlSyntax.FUNCTION;
  }
}
