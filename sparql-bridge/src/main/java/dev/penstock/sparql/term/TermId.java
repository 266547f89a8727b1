package dev.penstock.sparql.term;

import java.math.BigDecimal;

/**
 * Ids of RDF terms. Equal id, same term; unbound is null in the column.
 *
 * <pre>
 *  63  60 59                                                       0
 * +------+----------------------------------------------------------+
 * | tag  | IRI BLANK LITERAL TRIPLE: bit 59 the query's own, index   |
 * |      | INTEGER: value + 2^59   DECIMAL: unscaled + 2^53, scale (6)|
 * |      | DOUBLE: the upper 60 bits, in order                       |
 * |      | BOOLEAN: 0, 1           DATE: day + 2^40                   |
 * |      | DATE_TIME: (second + 2^50), bit 0: 1 with the zone Z       |
 * +------+----------------------------------------------------------+
 * </pre>
 *
 * <p>A term has exactly one id in a query: inline if it can be, else that of the store's dictionary
 * if it is there, else that of the query's own. Within INTEGER, DOUBLE, DATE and DATE_TIME ids are
 * in the order of the values.
 */
public final class TermId {
  static final int TAG_SHIFT = 60;
  static final long PAYLOAD = (1L << TAG_SHIFT) - 1;

  public static final int IRI = 1;
  public static final int BLANK = 2;
  public static final int LITERAL = 3;
  public static final int TRIPLE = 4;
  public static final int BOOLEAN = 5;
  public static final int DATE = 6;
  public static final int DATE_TIME = 7;
  public static final int INTEGER = 8;
  public static final int DECIMAL = 9;
  public static final int DOUBLE = 10;

  /** Set in the ids of the query's own dictionary. */
  static final long OWN = 1L << 59;

  private TermId() {}

  public static int tag(long id) {
    return (int) (id >>> TAG_SHIFT);
  }

  static long of(int tag, long payload) {
    return (long) tag << TAG_SHIFT | payload;
  }

  static long payload(long id) {
    return id & PAYLOAD;
  }

  /** Is the term in a dictionary? */
  static boolean isIndexed(long id) {
    int tag = tag(id);
    return tag >= IRI && tag <= TRIPLE;
  }

  /** Is it in the query's own dictionary? */
  static boolean isOwn(long id) {
    return isIndexed(id) && (id & OWN) != 0;
  }

  static int index(long id) {
    return (int) (id & (OWN - 1));
  }

  /** Is the term a literal in a dictionary? */
  public static boolean isLiteral(long id) {
    return tag(id) == LITERAL;
  }

  /** Is the value of the term in the id? */
  public static boolean isInline(long id) {
    return tag(id) >= BOOLEAN;
  }

  /** Is the value in the id a date, or one with time? */
  public static boolean isTime(long id) {
    return tag(id) == DATE || tag(id) == DATE_TIME;
  }

  /** Is the value in the id a date, or one with time, without a zone? */
  public static boolean isZoneless(long id) {
    return tag(id) == DATE || (tag(id) == DATE_TIME && (id & 1) == 0);
  }

  /** Is the term a number whose value is in the id? */
  public static boolean isNumber(long id) {
    int tag = tag(id);
    return tag >= INTEGER && tag <= DOUBLE;
  }

  /**
   * Are both dates, or both dates with time, with a zone or both without? Then their values are in
   * the order of their ids.
   */
  public static boolean isSameTimeLine(long a, long b) {
    int tag = tag(a);
    return tag == tag(b) && (tag == DATE || (tag == DATE_TIME && ((a ^ b) & 1) == 0));
  }

  /** The id of an xsd:boolean. */
  public static long ofBoolean(boolean value) {
    return of(BOOLEAN, value ? 1 : 0);
  }

  /** The id of an xsd:integer, or 0 when its value is not in an id. */
  public static long ofInteger(long value) {
    return Inline.ofInteger(value);
  }

  /** The value of an id with the tag INTEGER; below 2^59 in size. */
  public static long integer(long id) {
    return Inline.integerValue(id);
  }

  /** The value of an id with the tag INTEGER or DECIMAL. */
  public static BigDecimal decimal(long id) {
    return tag(id) == INTEGER
        ? BigDecimal.valueOf(Inline.integerValue(id))
        : Inline.decimalValue(id);
  }

  /** Digits behind the point of an id with the tag DECIMAL. */
  public static int scale(long id) {
    return Inline.scale(id);
  }

  /** The value of an id with the tag DECIMAL, without its point; below 2^53 in size. */
  public static long unscaled(long id) {
    return Inline.unscaled(id);
  }

  /** The value of a number's id as a double; of a decimal the nearest. */
  public static double number(long id) {
    return switch (tag(id)) {
      case INTEGER -> Inline.integerValue(id);
      case DOUBLE -> Inline.doubleValue(id);
      default -> Inline.nearest(id);
    };
  }

  /** The second of an id with the tag DATE_TIME, or the first one of an id with the tag DATE. */
  public static long epochSecond(long id) {
    return tag(id) == DATE ? 86_400 * Inline.day(id) : Inline.second(id);
  }

  /** The lexical form of a term whose value is in its id. */
  public static String text(long id) {
    return Inline.text(id);
  }

  /** The IRI of the type of a term whose value is in its id. */
  public static String type(long id) {
    return Inline.type(id).getURI();
  }
}
