package dev.penstock.batch.expr;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.FlatColumns;
import dev.penstock.batch.Kind;
import dev.penstock.monitor.PenstockException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Casts from varchar to any type (trimmed; see {@link TimeTexts} and {@link IntervalText}) and from
 * any type to varchar.
 */
final class TextCasts {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,9})?");
  private static final Pattern WHOLE = Pattern.compile("[+-]?\\d+");

  private TextCasts() {}

  /** The kernel of a cast from varchar or json, or null if there is none. */
  static CallExpr.@Nullable Kernel parse(DataType from, DataType to, boolean lenient) {
    if (from.kind() == Kind.JSON && to.kind() == Kind.VARCHAR) {
      return x -> FlatColumns.as(x.column(0), to);
    }
    if (from.kind() != Kind.VARCHAR || to.kind() == Kind.ANY) {
      return null;
    }
    return x -> parseRows(x, to, new Failures(x, to, lenient));
  }

  private static FlatColumn parseRows(Args x, DataType to, Failures failures) {
    ColumnBuilder builder = ColumnBuilder.of(to, x.length());
    BytesColumn texts = x.bytes(0);
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      while (builder.length() < p) {
        builder.appendNull();
      }
      try {
        String text = texts.string(p).strip();
        switch (to.kind()) {
          case INT32 -> builder.appendInt(Math.toIntExact(whole(text)));
          case INT64 -> builder.appendLong(whole(text));
          case FLOAT64 -> builder.appendDouble(parseFloat(text));
          case DECIMAL -> builder.appendValue(parseDecimal(text, to));
          default -> builder.appendValue(parseValue(text, to));
        }
      } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
        failures.at(p);
        builder.appendNull();
      } catch (PenstockException e) {
        if (!e.code().equals("bad-value")) {
          throw e;
        }
        failures.at(p); // a date beyond the days of an int
        builder.appendNull();
      }
    }
    while (builder.length() < x.length()) {
      builder.appendNull();
    }
    return FlatColumns.withNulls(builder.build(), failures.nulls());
  }

  /** Also of 12.5 (rounded half away from zero) and 1e3. */
  private static long whole(String text) {
    if (WHOLE.matcher(text).matches()) {
      return Long.parseLong(text);
    }
    return parseDecimal(text, DataType.decimal(DataType.MAX_PRECISION, 0)).longValueExact();
  }

  private static double parseFloat(String text) {
    if (NUMBER.matcher(text).matches()) {
      double v = Double.parseDouble(text);
      if (Double.isInfinite(v)) {
        throw new ArithmeticException(text);
      }
      return v;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan", "##nan" -> Double.NaN;
      case "infinity", "+infinity", "inf", "##inf" -> Double.POSITIVE_INFINITY;
      case "-infinity", "-inf", "##-inf" -> Double.NEGATIVE_INFINITY;
      default -> throw new NumberFormatException(text);
    };
  }

  /**
   * The host value that a text stands for; a bad text is one of the exceptions of {@link
   * #parseRows}.
   */
  private static Object parseValue(String text, DataType to) {
    return switch (to.kind()) {
      case BOOLEAN -> parseBoolean(text);
      case DATE -> TimeTexts.date(text);
      case TIME -> TimeTexts.time(text);
      case TIMESTAMP -> TimeTexts.timestamp(text);
      case TIMESTAMPTZ -> TimeTexts.instant(text);
      case INTERVAL -> IntervalText.parse(text);
      case UUID -> parseUuid(text);
      case VARBINARY -> HexFormat.of().parseHex(text);
      case JSON -> JsonText.checked(text);
      default -> text;
    };
  }

  private static boolean parseBoolean(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "t", "yes", "y", "1" -> true;
      case "false", "f", "no", "n", "0" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static BigDecimal parseDecimal(String text, DataType to) {
    if (!NUMBER.matcher(text).matches()) {
      throw new NumberFormatException(text);
    }
    BigDecimal v = new BigDecimal(text);
    // 1e999999999 must not be written out.
    if ((long) v.precision() - v.scale() > DataType.MAX_PRECISION && v.signum() != 0) {
      throw new ArithmeticException(text);
    }
    if (v.signum() == 0 || (long) v.precision() - v.scale() < -DataType.MAX_PRECISION - 1) {
      return BigDecimal.ZERO;
    }
    BigDecimal rounded = v.setScale(to.scale(), RoundingMode.HALF_UP);
    if (rounded.precision() > to.precision()) {
      throw new ArithmeticException(text);
    }
    return rounded;
  }

  private static UUID parseUuid(String text) {
    boolean braces = text.startsWith("{") && text.endsWith("}");
    String inner = braces ? text.substring(1, text.length() - 1) : text;
    if (inner.length() == 32 && inner.indexOf('-') < 0) {
      inner = inner.replaceFirst("(.{8})(.{4})(.{4})(.{4})", "$1-$2-$3-$4-");
    }
    if (inner.length() != 36) {
      throw new IllegalArgumentException(text);
    }
    return UUID.fromString(inner);
  }

  /** The kernel of a cast to varchar or json, or null if there is none. */
  static CallExpr.@Nullable Kernel print(DataType from, DataType to) {
    if (from.kind() == Kind.ANY || to.kind() != Kind.VARCHAR) {
      return null;
    }
    return x -> printRows(x, to);
  }

  private static FlatColumn printRows(Args x, DataType to) {
    TextSlab out = new TextSlab(x);
    FlatColumn c = x.column(0);
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      Object value = c.value(rows[i]);
      out.add(rows[i], text(value).getBytes(StandardCharsets.UTF_8));
    }
    return out.column(to);
  }

  /** The text of a host value as a cast to varchar gives it. */
  static String text(@Nullable Object value) {
    if (value instanceof BigDecimal d) {
      return d.toPlainString();
    }
    if (value instanceof Double v) {
      return FloatText.of(v);
    } else if (value instanceof LocalDateTime t) {
      return TimeTexts.text(t);
    } else if (value instanceof Instant t) {
      return TimeTexts.text(t);
    } else if (value instanceof LocalTime t) {
      return TimeTexts.text(t);
    }
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
  }
}
