package dev.penstock.sources.parquet;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.HexFormat;

/** Writes JSON text of host values to bytes. What JSON has no form for becomes a string. */
final class JsonText {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm:ss")
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .toFormatter(java.util.Locale.ROOT);
  private static final DateTimeFormatter DATE_TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral('T')
          .append(TIME)
          .toFormatter(java.util.Locale.ROOT);

  private final GrowingBytes out;

  JsonText(GrowingBytes out) {
    this.out = out;
  }

  void raw(String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      out.putByte(ascii.charAt(i));
    }
  }

  /** Text that is JSON already. */
  void utf8(GrowingBytes text) {
    out.put(text.bytes, 0, text.size);
  }

  void value(Object v) {
    if (v instanceof Boolean || v instanceof Integer || v instanceof Long) {
      raw(v.toString());
    } else if (v instanceof BigDecimal d) {
      raw(d.toPlainString());
    } else if (v instanceof Double d) {
      if (d.isNaN() || d.isInfinite()) {
        string(d.toString());
      } else {
        raw(d.toString());
      }
    } else {
      string(text(v));
    }
  }

  /** The text of a value, as a cast to varchar gives it. */
  static String text(Object v) {
    if (v instanceof LocalDateTime t) {
      return DATE_TIME.format(t);
    }
    if (v instanceof LocalTime t) {
      return TIME.format(t);
    }
    if (v instanceof byte[] b) {
      return HexFormat.of().formatHex(b);
    }
    return v instanceof BigDecimal d ? d.toPlainString() : v.toString();
  }

  void string(String s) {
    out.putByte('"');
    byte[] utf8 = s.getBytes(StandardCharsets.UTF_8);
    for (byte b : utf8) {
      switch (b) {
        case '"' -> raw("\\\"");
        case '\\' -> raw("\\\\");
        case '\n' -> raw("\\n");
        case '\r' -> raw("\\r");
        case '\t' -> raw("\\t");
        default -> {
          if (b >= 0 && b < 0x20) {
            raw(String.format("\\u%04x", b));
          } else {
            out.putByte(b);
          }
        }
      }
    }
    out.putByte('"');
  }
}
