package dev.penstock.sparql.term;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import org.apache.jena.datatypes.RDFDatatype;
import org.apache.jena.datatypes.xsd.XSDDatatype;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;

/**
 * Values that are their own id. Only a literal whose lexical form is the one that decoding gives is
 * encoded: {@code decode(encode(t)).equals(t)}.
 */
final class Inline {
  private static final long INTEGER_BIAS = 1L << 59;
  private static final long UNSCALED_BIAS = 1L << 53;
  private static final int SCALE_BITS = 6;

  /** Powers of ten that a double holds exactly. */
  private static final double[] TENS = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22
  };

  private static final long DATE_BIAS = 1L << 40;
  private static final long SECOND_BIAS = 1L << 50;
  private static final int DATE_LENGTH = 10;
  private static final int DATE_TIME_LENGTH = 19;

  private Inline() {}

  /** The id of a literal, or 0 when it has none of its own. */
  static long encode(Node literal) {
    RDFDatatype type = literal.getLiteralDatatype();
    String text = literal.getLiteralLexicalForm();
    if (type == XSDDatatype.XSDinteger) {
      return integer(text);
    }
    if (type == XSDDatatype.XSDdecimal) {
      return decimal(text);
    }
    if (type == XSDDatatype.XSDdouble) {
      return decimalDouble(text);
    }
    if (type == XSDDatatype.XSDboolean) {
      return text.equals("true")
          ? TermId.ofBoolean(true)
          : text.equals("false") ? TermId.ofBoolean(false) : 0;
    }
    if (type == XSDDatatype.XSDdate) {
      return date(text);
    }
    return type == XSDDatatype.XSDdateTime ? dateTime(text) : 0;
  }

  static Node decode(long id) {
    return NodeFactory.createLiteralDT(text(id), type(id));
  }

  /** The lexical form. */
  static String text(long id) {
    long payload = TermId.payload(id);
    return switch (TermId.tag(id)) {
      case TermId.INTEGER -> Long.toString(integerValue(id));
      case TermId.DECIMAL -> decimalValue(id).toPlainString();
      case TermId.DOUBLE -> text(doubleValue(id));
      case TermId.BOOLEAN -> payload == 1 ? "true" : "false";
      case TermId.DATE -> LocalDate.ofEpochDay(day(id)).toString();
      case TermId.DATE_TIME -> dateTimeText(payload);
      default -> throw new IllegalArgumentException("no inline term: " + Long.toHexString(id));
    };
  }

  static XSDDatatype type(long id) {
    return switch (TermId.tag(id)) {
      case TermId.INTEGER -> XSDDatatype.XSDinteger;
      case TermId.DECIMAL -> XSDDatatype.XSDdecimal;
      case TermId.DOUBLE -> XSDDatatype.XSDdouble;
      case TermId.BOOLEAN -> XSDDatatype.XSDboolean;
      case TermId.DATE -> XSDDatatype.XSDdate;
      case TermId.DATE_TIME -> XSDDatatype.XSDdateTime;
      default -> throw new IllegalArgumentException("no inline term: " + Long.toHexString(id));
    };
  }

  static long day(long id) {
    return TermId.payload(id) - DATE_BIAS;
  }

  static long second(long id) {
    return (TermId.payload(id) >>> 1) - SECOND_BIAS;
  }

  static long integerValue(long id) {
    return TermId.payload(id) - INTEGER_BIAS;
  }

  static BigDecimal decimalValue(long id) {
    return BigDecimal.valueOf(unscaled(id), scale(id));
  }

  /** The double that is nearest to a decimal. */
  static double nearest(long id) {
    int scale = scale(id);
    // both are exact, so that the quotient is rounded once
    return scale < TENS.length ? unscaled(id) / TENS[scale] : decimalValue(id).doubleValue();
  }

  static int scale(long id) {
    return (int) id & ((1 << SCALE_BITS) - 1);
  }

  static long unscaled(long id) {
    return (TermId.payload(id) >>> SCALE_BITS) - UNSCALED_BIAS;
  }

  static double doubleValue(long id) {
    long ordered = TermId.payload(id) << 4;
    // the sign bit is set for positive numbers, all bits are turned for negative ones
    return Double.longBitsToDouble(ordered < 0 ? ordered ^ Long.MIN_VALUE : ~(ordered | 15));
  }

  static long ofInteger(long v) {
    return v >= -INTEGER_BIAS && v < INTEGER_BIAS ? TermId.of(TermId.INTEGER, v + INTEGER_BIAS) : 0;
  }

  private static long integer(String s) {
    int n = s.length();
    int start = n > 0 && s.charAt(0) == '-' ? 1 : 0;
    if (n == start || n - start > 18 || (s.charAt(start) == '0' && n > 1)) {
      return 0;
    }
    long v = 0;
    for (int i = start; i < n; i++) {
      int digit = s.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return 0;
      }
      v = 10 * v + digit;
    }
    return ofInteger(start == 1 ? -v : v);
  }

  private static long decimal(String s) {
    int n = s.length();
    if (n == 0 || n > 18 || s.charAt(0) == '+') {
      return 0;
    }
    for (int i = 0; i < n; i++) {
      char c = s.charAt(i);
      if ((c < '0' || c > '9') && c != '.' && c != '-') {
        return 0;
      }
    }
    try {
      BigDecimal v = new BigDecimal(s);
      long unscaled = v.unscaledValue().longValueExact();
      if (Math.abs(unscaled) >= UNSCALED_BIAS || v.scale() < 0 || !v.toPlainString().equals(s)) {
        return 0;
      }
      return TermId.of(TermId.DECIMAL, (unscaled + UNSCALED_BIAS) << SCALE_BITS | v.scale());
    } catch (NumberFormatException e) {
      return 0; // not a number: ill-typed literals stay as they are
    }
  }

  private static long decimalDouble(String s) {
    double v;
    try {
      v = Double.parseDouble(s);
    } catch (NumberFormatException e) {
      return 0;
    }
    long bits = Double.doubleToRawLongBits(v);
    long ordered = bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
    if (Double.isNaN(v) || Double.isInfinite(v) || (bits & 15) != 0 || !text(v).equals(s)) {
      return 0;
    }
    return TermId.of(TermId.DOUBLE, ordered >>> 4);
  }

  /** The lexical form that Jena gives to a double that it computed. */
  private static String text(double v) {
    String s = Double.toString(v);
    return s.indexOf('E') >= 0 ? s.toLowerCase(Locale.ROOT) : s + "e0";
  }

  /** The id that a double has, or would have, in the order of ids of doubles. */
  static long boundOfDouble(double v) {
    long bits = Double.doubleToRawLongBits(v);
    long ordered = bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
    return TermId.of(TermId.DOUBLE, ordered >>> 4);
  }

  private static long date(String s) {
    if (s.length() != DATE_LENGTH || s.charAt(0) == '-' || s.charAt(0) == '+') {
      return 0;
    }
    try {
      return TermId.of(TermId.DATE, LocalDate.parse(s).toEpochDay() + DATE_BIAS);
    } catch (DateTimeException e) {
      return 0;
    }
  }

  private static long dateTime(String s) {
    int n = s.length();
    boolean zone = n == DATE_TIME_LENGTH + 1 && s.charAt(n - 1) == 'Z';
    if ((n != DATE_TIME_LENGTH && !zone) || s.charAt(0) == '-' || s.charAt(0) == '+') {
      return 0;
    }
    try {
      long second =
          LocalDateTime.parse(s.substring(0, DATE_TIME_LENGTH)).toEpochSecond(ZoneOffset.UTC);
      long payload = (second + SECOND_BIAS) << 1 | (zone ? 1 : 0);
      return dateTimeText(payload).equals(s) ? TermId.of(TermId.DATE_TIME, payload) : 0;
    } catch (DateTimeException e) {
      return 0;
    }
  }

  private static String dateTimeText(long payload) {
    LocalDateTime t = LocalDateTime.ofEpochSecond((payload >>> 1) - SECOND_BIAS, 0, ZoneOffset.UTC);
    String s = t.toString();
    return (s.length() < DATE_TIME_LENGTH ? s + ":00" : s) + ((payload & 1) == 1 ? "Z" : "");
  }
}
