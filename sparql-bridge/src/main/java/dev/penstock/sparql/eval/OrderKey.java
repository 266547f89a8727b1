package dev.penstock.sparql.eval;

import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.sparql.term.TermId;
import dev.penstock.sparql.term.Terms;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import javax.xml.datatype.XMLGregorianCalendar;
import org.apache.jena.datatypes.xsd.XSDDatatype;
import org.apache.jena.graph.Node;
import org.apache.jena.sparql.expr.NodeValue;
import org.jspecify.annotations.Nullable;

/**
 * Ids to bytes that are in the order of ORDER BY: blank nodes, IRIs, literals; among these numbers
 * by value, texts by code point, truths, times. Unbound stays null. Terms that SPARQL does not
 * order come in some order that is always the same.
 *
 * <pre>
 * bytes  = kind, rest
 * number = 0 NaN | 1 -INF | 2 (exponent digits 0) turned | 3 zero | 4 exponent digits 0 | 5 INF
 *          the number is 0.digits times ten to the exponent
 * </pre>
 */
public final class OrderKey extends IdFunction {
  private static final int BLANK = 1;
  private static final int IRI = 2;
  private static final int NUMBER = 3;
  private static final int TEXT = 4;
  private static final int TRUTH = 5;
  private static final int DATE_TIME = 6;
  private static final int DATE = 7;
  private static final int OTHER = 8;
  private static final int TRIPLE = 9;

  /** The calendar repeats itself. */
  private static final long CYCLE_YEARS = 400;

  private static final long CYCLE_DAYS = 146_097;
  private static final long FARTHEST_YEAR = 200_000_000_000L;

  /** In seconds. */
  private static final long DAY = 86_400;

  private static final long OUR_ERA = DAY * LocalDate.of(1, 1, 1).toEpochDay();

  private final Terms terms;

  public OrderKey(Terms terms) {
    super(DataType.VARBINARY);
    this.terms = terms;
  }

  @Override
  void append(ColumnBuilder out, long id) {
    byte[] key = of(id);
    out.appendBytes(key, 0, key.length);
  }

  byte[] of(long id) {
    byte[] inline = ofInline(id);
    return inline == null ? of(terms.decode(id)) : inline;
  }

  /** Of a term whose value is in its id; null: that is not known without the term. */
  static byte @Nullable [] ofInline(long id) {
    return switch (TermId.tag(id)) {
      case TermId.INTEGER -> number(TermId.integer(id), 0);
      case TermId.DECIMAL -> number(TermId.unscaled(id), TermId.scale(id));
      case TermId.DOUBLE -> number(TermId.number(id));
      case TermId.DATE -> isOfOurEra(id) ? time(DATE, TermId.epochSecond(id) + DAY, 0) : null;
      case TermId.DATE_TIME ->
          isOfOurEra(id) ? time(DATE_TIME, TermId.epochSecond(id) + DAY, 0) : null;
      default -> null;
    };
  }

  /** Jena does not know the year 0. */
  private static boolean isOfOurEra(long id) {
    return TermId.epochSecond(id) >= OUR_ERA;
  }

  /** The bytes of a term. */
  public static byte[] of(Node term) {
    if (term.isBlank()) {
      return text(BLANK, term.getBlankNodeLabel());
    }
    if (term.isURI()) {
      return text(IRI, term.getURI());
    }
    if (!term.isLiteral()) {
      return text(TRIPLE, term.toString());
    }
    return XSDDatatype.XSDstring.equals(term.getLiteralDatatype())
        ? text(TEXT, term.getLiteralLexicalForm(), "")
        : literal(NodeValue.makeNode(term));
  }

  static byte[] text(int kind, String... parts) {
    byte[][] texts = new byte[parts.length][];
    int length = 1;
    for (int k = 0; k < parts.length; k++) {
      texts[k] = parts[k].getBytes(StandardCharsets.UTF_8);
      length += texts[k].length + 2;
      for (byte b : texts[k]) {
        length += b == 0 ? 1 : 0;
      }
    }
    byte[] out = new byte[length];
    out[0] = (byte) kind;
    int n = 1;
    for (byte[] text : texts) {
      for (byte b : text) {
        out[n++] = b;
        if (b == 0) {
          out[n++] = 1; // longer texts come behind those that end here
        }
      }
      n += 2;
    }
    return out;
  }

  private static byte[] literal(NodeValue v) {
    Node term = v.asNode();
    if (v.isNumber()) {
      return number(v);
    }
    if (v.isString() || v.isLangString()) {
      return text(TEXT, term.getLiteralLexicalForm(), term.getLiteralLanguage());
    }
    if (v.isBoolean()) {
      return new byte[] {TRUTH, (byte) (v.getBoolean() ? 1 : 0)};
    }
    if (v.isDateTime()) {
      return time(DATE_TIME, v.getDateTime());
    }
    if (v.isDate()) {
      return time(DATE, v.getDateTime());
    }
    return text(
        OTHER,
        term.getLiteralDatatypeURI(),
        term.getLiteralLexicalForm(),
        term.getLiteralLanguage());
  }

  private static byte[] time(int kind, XMLGregorianCalendar t) {
    XMLGregorianCalendar utc = kind == DATE ? t : t.normalize();
    long day = day(utc);
    long second =
        kind == DATE
            ? 60L * (t.getTimezone() == Integer.MIN_VALUE ? 0 : -t.getTimezone())
            : 3600L * utc.getHour() + 60L * utc.getMinute() + utc.getSecond();
    BigDecimal part = kind == DATE ? null : utc.getFractionalSecond();
    int nanos = part == null ? 0 : part.movePointRight(9).intValue();
    return time(kind, DAY * day + second, nanos);
  }

  private static byte[] time(int kind, long second, int nanos) {
    return ByteBuffer.allocate(13)
        .put((byte) kind)
        .putLong(second ^ Long.MIN_VALUE)
        .putInt(nanos)
        .array();
  }

  /** The day of any year, so that a second of it fits a long; still farther years are one. */
  private static long day(XMLGregorianCalendar t) {
    BigInteger farthest = BigInteger.valueOf(FARTHEST_YEAR);
    long year = t.getEonAndYear().min(farthest).max(farthest.negate()).longValueExact();
    return Math.floorDiv(year, CYCLE_YEARS) * CYCLE_DAYS
        + LocalDate.of((int) Math.floorMod(year, CYCLE_YEARS), t.getMonth(), 1).toEpochDay()
        + t.getDay();
  }

  private static byte[] number(NodeValue v) {
    if (v.isDecimal() || v.isInteger()) {
      return number(v.getDecimal());
    }
    return number(v.getDouble());
  }

  private static byte[] number(double d) {
    if (Double.isNaN(d) || Double.isInfinite(d)) {
      return new byte[] {NUMBER, (byte) (Double.isNaN(d) ? 0 : d < 0 ? 1 : 5)};
    }
    return number(new BigDecimal(d));
  }

  private static byte[] number(long unscaled, int scale) {
    long left = Math.abs(unscaled);
    int places = scale;
    while (left != 0 && left % 10 == 0) {
      left /= 10;
      places--;
    }
    return number(Long.signum(unscaled), Long.toString(left), places);
  }

  private static byte[] number(BigDecimal n) {
    BigDecimal plain = n.stripTrailingZeros();
    return number(n.signum(), plain.unscaledValue().abs().toString(), plain.scale());
  }

  /**
   * @param text digits, the last of which is not 0
   */
  private static byte[] number(int sign, String text, int scale) {
    if (sign == 0) {
      return new byte[] {NUMBER, 3};
    }
    byte[] digits = text.getBytes(StandardCharsets.US_ASCII);
    int exponent = digits.length - scale;
    byte[] out =
        ByteBuffer.allocate(7 + digits.length)
            .put((byte) NUMBER)
            .put((byte) (sign < 0 ? 2 : 4))
            .putInt(exponent ^ Integer.MIN_VALUE)
            .put(digits)
            .array();
    if (sign < 0) {
      for (int i = 2; i < out.length; i++) {
        out[i] = (byte) ~out[i];
      }
    }
    return out;
  }
}
