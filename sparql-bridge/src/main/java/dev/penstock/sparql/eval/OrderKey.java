package dev.penstock.sparql.eval;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.HostFunction;
import dev.penstock.sparql.term.Terms;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.xml.datatype.XMLGregorianCalendar;
import org.apache.jena.graph.Node;
import org.apache.jena.sparql.expr.NodeValue;

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
public final class OrderKey implements HostFunction {
  private static final int BLANK = 1;
  private static final int IRI = 2;
  private static final int NUMBER = 3;
  private static final int TEXT = 4;
  private static final int TRUTH = 5;
  private static final int DATE_TIME = 6;
  private static final int DATE = 7;
  private static final int OTHER = 8;
  private static final int TRIPLE = 9;

  private final Terms terms;

  public OrderKey(Terms terms) {
    this.terms = terms;
  }

  @Override
  public Column eval(Batch batch, Column[] args) {
    FlatColumn ids = args[0].flat(batch.selection(), batch.count());
    long[] values = ((LongColumn) ids).values();
    ColumnBuilder out = ColumnBuilder.of(DataType.VARBINARY, batch.length());
    int next = 0;
    for (int i = 0; i < batch.count(); i++) {
      int p = batch.position(i);
      for (; next < p; next++) {
        out.appendNull();
      }
      if (ids.isNull(p)) {
        out.appendNull();
      } else {
        byte[] key = of(terms.decode(values[p]));
        out.appendBytes(key, 0, key.length);
      }
      next = p + 1;
    }
    for (; next < batch.length(); next++) {
      out.appendNull();
    }
    return out.build();
  }

  /** The bytes of a term. */
  public static byte[] of(Node term) {
    if (term.isBlank()) {
      return text(BLANK, term.getBlankNodeLabel());
    }
    if (term.isURI()) {
      return text(IRI, term.getURI());
    }
    return term.isLiteral() ? literal(NodeValue.makeNode(term)) : text(TRIPLE, term.toString());
  }

  private static byte[] text(int kind, String... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(kind);
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      for (byte b : bytes) {
        out.write(b);
        if (b == 0) {
          out.write(1); // longer texts come behind those that end here
        }
      }
      out.write(0);
      out.write(0);
    }
    return out.toByteArray();
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
    long day =
        java.time.LocalDate.of(
                Math.toIntExact(utc.getEonAndYear().longValueExact()), utc.getMonth(), utc.getDay())
            .toEpochDay();
    long second =
        kind == DATE
            ? 60L * (t.getTimezone() == Integer.MIN_VALUE ? 0 : -t.getTimezone())
            : 3600L * utc.getHour() + 60L * utc.getMinute() + utc.getSecond();
    BigDecimal part = kind == DATE ? null : utc.getFractionalSecond();
    int nanos = part == null ? 0 : part.movePointRight(9).intValue();
    return ByteBuffer.allocate(13)
        .put((byte) kind)
        .putLong((86_400L * day + second) ^ Long.MIN_VALUE)
        .putInt(nanos)
        .array();
  }

  private static byte[] number(NodeValue v) {
    if (v.isDecimal() || v.isInteger()) {
      return number(v.getDecimal());
    }
    double d = v.getDouble();
    if (Double.isNaN(d) || Double.isInfinite(d)) {
      return new byte[] {NUMBER, (byte) (Double.isNaN(d) ? 0 : d < 0 ? 1 : 5)};
    }
    return number(new BigDecimal(d));
  }

  private static byte[] number(BigDecimal n) {
    if (n.signum() == 0) {
      return new byte[] {NUMBER, 3};
    }
    BigDecimal plain = n.stripTrailingZeros();
    byte[] digits = plain.unscaledValue().abs().toString().getBytes(StandardCharsets.US_ASCII);
    int exponent = digits.length - plain.scale();
    byte[] out =
        ByteBuffer.allocate(7 + digits.length)
            .put((byte) NUMBER)
            .put((byte) (n.signum() < 0 ? 2 : 4))
            .putInt(exponent ^ Integer.MIN_VALUE)
            .put(digits)
            .array();
    if (n.signum() < 0) {
      for (int i = 2; i < out.length; i++) {
        out[i] = (byte) ~out[i];
      }
    }
    return out;
  }
}
