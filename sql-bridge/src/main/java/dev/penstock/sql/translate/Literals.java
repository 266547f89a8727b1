package dev.penstock.sql.translate;

import dev.penstock.batch.DataType;
import dev.penstock.sql.calcite.SqlTypes;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.UUID;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimeString;
import org.apache.calcite.util.TimestampString;
import org.jspecify.annotations.Nullable;

/** Calcite's literals as plan data. */
final class Literals {
  private Literals() {}

  /** A literal as an expression; a typed null is a cast. */
  static @Nullable Object form(RexLiteral literal) {
    DataType type = SqlTypes.data(literal.getType());
    if (literal.isNull()) {
      return type == null ? null : Form.call("cast", null, Form.type(type));
    }
    return value(literal, type == null ? DataType.VARCHAR : type);
  }

  /** A literal where its type matters: a decimal of more digits than are written is a cast. */
  static @Nullable Object typed(RexLiteral literal) {
    DataType type = SqlTypes.data(literal.getType());
    if (type == null || !type.isDecimal() || literal.isNull()) {
      return form(literal);
    }
    BigDecimal number = decimal(number(literal), type);
    return SqlTypes.isTypeOf(number, type) ? number : Form.call("cast", number, Form.type(type));
  }

  /** A literal as a value of values+. */
  static @Nullable Object cell(RexLiteral literal, DataType type) {
    return literal.isNull() ? null : value(literal, type);
  }

  private static Object value(RexLiteral literal, DataType type) {
    return switch (type.kind()) {
      case BOOLEAN -> literal.getValueAs(Boolean.class);
      case INT32, INT64 -> number(literal).longValueExact();
      case FLOAT64 -> literal.getValueAs(Double.class);
      case DECIMAL -> decimal(number(literal), type);
      case VARBINARY -> literal.getValueAs(ByteString.class).getBytes();
      case DATE -> LocalDate.parse(literal.getValueAs(DateString.class).toString());
      case TIME -> LocalTime.parse(literal.getValueAs(TimeString.class).toString());
      case TIMESTAMP, TIMESTAMPTZ ->
          LocalDateTime.parse(
              literal.getValueAs(TimestampString.class).toString().replace(' ', 'T'));
      case UUID -> literal.getValueAs(UUID.class);
      default -> literal.getValueAs(String.class);
    };
  }

  private static BigDecimal number(RexLiteral literal) {
    return literal.getValueAs(BigDecimal.class);
  }

  private static BigDecimal decimal(BigDecimal value, DataType type) {
    return value.scale() < type.scale() ? value.setScale(type.scale()) : value;
  }
}
