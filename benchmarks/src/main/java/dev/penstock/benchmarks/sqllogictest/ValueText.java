package dev.penstock.benchmarks.sqllogictest;

import dev.penstock.batch.Interval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Values as the files write them. */
final class ValueText {
  static final String NULL = "NULL";
  static final String EMPTY = "(empty)";

  private ValueText() {}

  /**
   * @param type I, R or T: the letter of the column, which SQLite's dialect writes values by
   */
  static String of(Dialect dialect, char type, @Nullable Object value) {
    if (value == null) {
      return NULL;
    }
    String text = dialect == Dialect.SQLITE ? sqlite(type, value) : duckdb(value);
    return text.isEmpty() ? EMPTY : text;
  }

  private static String sqlite(char type, Object value) {
    Object v = value instanceof Boolean b ? (Object) (b ? 1L : 0L) : value;
    return switch (type) {
      case 'I' -> whole(v);
      case 'R' -> real3(v);
      default -> printable(text(v));
    };
  }

  /** As {@code %.3f}: the exact value of the double, not its shortest text, is rounded. */
  private static String real3(Object v) {
    if (v instanceof BigDecimal d) {
      return d.setScale(3, RoundingMode.HALF_UP).toPlainString();
    }
    double d = v instanceof Number n ? n.doubleValue() : leading(v.toString());
    if (Double.isNaN(d) || Double.isInfinite(d)) {
      return real(d);
    }
    String text = new BigDecimal(d).setScale(3, RoundingMode.HALF_UP).toPlainString();
    boolean minus = Double.doubleToRawLongBits(d) < 0 && !text.startsWith("-");
    return minus ? "-" + text : text;
  }

  /** As SQLite writes a number as a text: fifteen digits. */
  private static String real15(double d) {
    if (d == 0 || Double.isNaN(d) || Double.isInfinite(d)) {
      return real(d);
    }
    BigDecimal b = new BigDecimal(d).round(new MathContext(15)).stripTrailingZeros();
    int exponent = b.precision() - b.scale() - 1;
    if (exponent >= -5 && exponent < 15) {
      String text = b.toPlainString();
      return text.indexOf('.') < 0 ? text + ".0" : text;
    }
    BigDecimal digits = b.movePointLeft(exponent);
    String text = digits.toPlainString();
    return (text.indexOf('.') < 0 ? text + ".0" : text)
        + String.format(Locale.ROOT, "e%c%02d", exponent < 0 ? '-' : '+', Math.abs(exponent));
  }

  private static String whole(Object v) {
    if (v instanceof Double d) {
      return String.valueOf(d.longValue());
    }
    if (v instanceof BigDecimal d) {
      return d.toBigInteger().toString();
    }
    return v instanceof Number ? v.toString() : String.valueOf((long) leading(v.toString()));
  }

  /** The number that a text begins with, as C reads it; 0 if there is none. */
  private static double leading(String text) {
    int end = 0;
    while (end < text.length() && "+-.0123456789".indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    try {
      return Double.parseDouble(text.substring(0, end));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static String text(Object v) {
    if (v instanceof Double d) {
      return real15(d);
    }
    return v instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : duckdb(v);
  }

  private static String printable(String text) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      out.append(b < 0x20 || b > 0x7e ? '@' : (char) b);
    }
    return out.toString();
  }

  private static String duckdb(Object value) {
    if (value instanceof Double d) {
      return real(d);
    }
    if (value instanceof BigDecimal d) {
      return d.toPlainString();
    }
    if (value instanceof LocalDateTime t) {
      return timestamp(t);
    }
    if (value instanceof Instant t) {
      return timestamp(LocalDateTime.ofInstant(t, ZoneOffset.UTC)) + "+00";
    }
    if (value instanceof LocalTime t) {
      return time(t);
    }
    if (value instanceof Interval i) {
      return interval(i);
    }
    if (value instanceof byte[] bytes) {
      return blob(bytes);
    }
    if (value instanceof List<?> list) {
      StringJoiner out = new StringJoiner(", ", "[", "]");
      list.forEach(v -> out.add(v == null ? NULL : duckdb(v)));
      return out.toString();
    }
    if (value instanceof Map<?, ?> map) {
      StringJoiner out = new StringJoiner(", ", "{", "}");
      map.forEach((k, v) -> out.add("'" + k + "': " + (v == null ? NULL : duckdb(v))));
      return out.toString();
    }
    return value.toString().replace("\0", "\\0");
  }

  private static String real(double d) {
    if (Double.isNaN(d)) {
      return "nan";
    }
    if (Double.isInfinite(d)) {
      return d > 0 ? "inf" : "-inf";
    }
    return Math.abs(d) < 1e15 && (d == 0 || Math.abs(d) >= 1e-4)
        ? plain(d)
        : Double.toString(d).replace(".0E", "E").replace("E-", "e-").replace("E", "e+");
  }

  private static String plain(double d) {
    String text = new BigDecimal(Double.toString(d)).toPlainString();
    return text.indexOf('.') < 0 ? text + ".0" : text;
  }

  private static String timestamp(LocalDateTime t) {
    return t.toLocalDate() + " " + time(t.toLocalTime());
  }

  private static String time(LocalTime t) {
    return clock(t.toNanoOfDay() / 1000);
  }

  private static String clock(long micros) {
    long seconds = micros / 1_000_000;
    String text =
        String.format(
            Locale.ROOT, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    long rest = micros % 1_000_000;
    return rest == 0
        ? text
        : text + String.format(Locale.ROOT, ".%06d", rest).replaceFirst("0+$", "");
  }

  private static String interval(Interval i) {
    StringJoiner out = new StringJoiner(" ");
    part(out, i.months() / 12, "year");
    part(out, i.months() % 12, "month");
    part(out, i.days(), "day");
    if (i.micros() != 0 || out.length() == 0) {
      out.add((i.micros() < 0 ? "-" : "") + clock(Math.abs(i.micros())));
    }
    return out.toString();
  }

  private static void part(StringJoiner out, int n, String unit) {
    if (n != 0) {
      out.add(n + " " + unit + (n == 1 || n == -1 ? "" : "s"));
    }
  }

  private static String blob(byte[] bytes) {
    StringBuilder out = new StringBuilder();
    for (byte b : bytes) {
      if (b >= 0x20 && b < 0x7f && b != '\\' && b != '\'' && b != '"') {
        out.append((char) b);
      } else {
        out.append(String.format(Locale.ROOT, "\\x%02X", b & 0xff));
      }
    }
    return out.toString();
  }
}
