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
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Casts from varchar to any type (its literal text, trimmed) and from any type to varchar (ISO
 * text).
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
          case INT32 -> builder.appendInt(Integer.parseInt(whole(text)));
          case INT64 -> builder.appendLong(Long.parseLong(whole(text)));
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

  private static String whole(String text) {
    if (!WHOLE.matcher(text).matches()) {
      throw new NumberFormatException(text);
    }
    return text;
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
      case DATE -> LocalDate.parse(text);
      case TIME -> LocalTime.parse(text);
      case TIMESTAMP -> parseTimestamp(text);
      case TIMESTAMPTZ -> parseInstant(text);
      case INTERVAL -> IntervalText.parse(text);
      case UUID -> parseUuid(text);
      case VARBINARY -> HexFormat.of().parseHex(text);
      case JSON -> JsonText.checked(text);
      default -> text;
    };
  }

  private static boolean parseBoolean(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
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

  private static LocalDateTime parseTimestamp(String text) {
    int space = text.indexOf(' ');
    String iso =
        space < 0 ? text : text.substring(0, space) + 'T' + text.substring(space + 1).strip();
    return iso.indexOf('T') < 0 && iso.indexOf('t') < 0
        ? LocalDate.parse(iso).atStartOfDay()
        : LocalDateTime.parse(iso);
  }

  /** With an offset or Z; without, the time is one of UTC. */
  private static Instant parseInstant(String text) {
    int space = text.indexOf(' ');
    String iso =
        space < 0 ? text : text.substring(0, space) + 'T' + text.substring(space + 1).strip();
    int time = Math.max(iso.indexOf('T'), iso.indexOf('t'));
    boolean zoned =
        time >= 0
            && (iso.endsWith("Z")
                || iso.endsWith("z")
                || iso.indexOf('+', time) >= 0
                || iso.indexOf('-', time) >= 0);
    return zoned
        ? OffsetDateTime.parse(iso).toInstant()
        : parseTimestamp(iso).toInstant(ZoneOffset.UTC);
  }

  private static UUID parseUuid(String text) {
    if (text.length() != 36) {
      throw new IllegalArgumentException(text);
    }
    return UUID.fromString(text);
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
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
  }
}
