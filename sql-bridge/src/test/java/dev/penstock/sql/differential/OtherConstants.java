package dev.penstock.sql.differential;

import dev.penstock.sql.text.Constants;
import dev.penstock.sql.text.Token;
import dev.penstock.sql.text.Tokenizer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/** A text of the same shape, with other constants in its conditions. */
final class OtherConstants {
  private OtherConstants() {}

  /** Null: the text shares its shape with no other one. */
  static @Nullable String of(String sql) {
    Constants constants = Constants.of(sql, Tokenizer.tokens(sql, ""));
    if (constants == null) {
      return null;
    }
    StringBuilder out = new StringBuilder();
    int from = 0;
    int i = 0;
    for (Token t : constants.tokens()) {
      if (t.isMark("?")) {
        out.append(sql, from, t.start()).append(literal(other(constants.values().get(i++))));
        from = t.end();
      }
    }
    return out.append(sql.substring(from)).toString();
  }

  private static Object other(Object value) {
    if (value instanceof Integer n) {
      return n == Integer.MAX_VALUE ? n - 1 : n + 1;
    } else if (value instanceof Long n) {
      return n > 0 ? n - 1 : n + 1;
    } else if (value instanceof Double d) {
      return d * 2;
    } else if (value instanceof BigDecimal d) {
      int last = d.unscaledValue().abs().mod(BigInteger.TEN).intValue();
      return new BigDecimal(
          d.unscaledValue().add(BigInteger.valueOf(last == 9 ^ d.signum() < 0 ? -1 : 1)),
          d.scale());
    } else if (value instanceof LocalDate d) {
      return d.plusDays(40);
    } else if (value instanceof LocalDateTime t) {
      return t.plusHours(7);
    }
    String text = (String) value;
    return text.chars().anyMatch(Character::isDigit) ? text : "b" + text;
  }

  private static String literal(Object value) {
    if (value instanceof LocalDate || value instanceof LocalDateTime || value instanceof String) {
      return Table.literal(value);
    }
    if (value instanceof Double d) {
      return d.toString().contains("E") ? d.toString() : d + "e0";
    }
    return value instanceof BigDecimal d ? d.toPlainString() : value.toString();
  }
}
