package dev.penstock.batch;

import dev.penstock.monitor.PenstockException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A type: a kind, and for decimals a precision (1..38 digits) and a scale (0..precision). The text
 * form is the one of the lowered plan: {@code int32}, {@code decimal(15,2)}.
 */
public record DataType(Kind kind, int precision, int scale) {
  public static final int MAX_PRECISION = 38;

  /** Decimals up to this precision are scaled longs. */
  public static final int MAX_LONG_PRECISION = 18;

  public static final DataType BOOLEAN = new DataType(Kind.BOOLEAN, 0, 0);
  public static final DataType INT32 = new DataType(Kind.INT32, 0, 0);
  public static final DataType INT64 = new DataType(Kind.INT64, 0, 0);
  public static final DataType FLOAT64 = new DataType(Kind.FLOAT64, 0, 0);
  public static final DataType VARCHAR = new DataType(Kind.VARCHAR, 0, 0);
  public static final DataType VARBINARY = new DataType(Kind.VARBINARY, 0, 0);
  public static final DataType DATE = new DataType(Kind.DATE, 0, 0);
  public static final DataType TIME = new DataType(Kind.TIME, 0, 0);
  public static final DataType TIMESTAMP = new DataType(Kind.TIMESTAMP, 0, 0);
  public static final DataType TIMESTAMPTZ = new DataType(Kind.TIMESTAMPTZ, 0, 0);
  public static final DataType INTERVAL = new DataType(Kind.INTERVAL, 0, 0);
  public static final DataType UUID = new DataType(Kind.UUID, 0, 0);
  public static final DataType JSON = new DataType(Kind.JSON, 0, 0);
  public static final DataType ANY = new DataType(Kind.ANY, 0, 0);

  private static final Pattern DECIMAL_TEXT =
      Pattern.compile("decimal\\s*\\(\\s*(\\d{1,3})\\s*,\\s*(\\d{1,3})\\s*\\)");

  public DataType {
    if (kind == Kind.DECIMAL) {
      if (precision < 1 || precision > MAX_PRECISION || scale < 0 || scale > precision) {
        throw PenstockException.incorrect(
            "bad-decimal-type",
            "decimal("
                + precision
                + ","
                + scale
                + "): expected 1 <= precision <= 38 and 0 <= scale <= precision");
      }
    } else if (precision != 0 || scale != 0) {
      throw new IllegalArgumentException(kind + " has no precision or scale");
    }
  }

  public static DataType decimal(int precision, int scale) {
    return new DataType(Kind.DECIMAL, precision, scale);
  }

  /** Reads the text form; an unknown text is an INCORRECT error. */
  public static DataType parse(String text) {
    String t = text.trim().toLowerCase(Locale.ROOT);
    Matcher m = DECIMAL_TEXT.matcher(t);
    if (m.matches()) {
      return decimal(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)));
    }
    for (Kind k : Kind.values()) {
      if (k != Kind.DECIMAL && k.text().equals(t)) {
        return new DataType(k, 0, 0);
      }
    }
    throw PenstockException.incorrect(
        "unknown-type",
        "unknown type '" + text + "'; expected one such as int64, varchar, decimal(15,2)");
  }

  public Layout layout() {
    return kind == Kind.DECIMAL && precision > MAX_LONG_PRECISION ? Layout.PAIRS : kind.layout();
  }

  public boolean isDecimal() {
    return kind == Kind.DECIMAL;
  }

  public boolean isNumeric() {
    return switch (kind) {
      case INT32, INT64, FLOAT64, DECIMAL -> true;
      default -> false;
    };
  }

  @Override
  public String toString() {
    return kind == Kind.DECIMAL ? "decimal(" + precision + "," + scale + ")" : kind.text();
  }
}
