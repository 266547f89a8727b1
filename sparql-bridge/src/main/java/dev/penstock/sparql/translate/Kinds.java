package dev.penstock.sparql.translate;

import dev.penstock.batch.DataType;
import org.apache.jena.datatypes.RDFDatatype;
import org.apache.jena.datatypes.xsd.XSDDatatype;
import org.apache.jena.graph.Node;
import org.apache.jena.sparql.expr.NodeValue;

/**
 * A set of kinds of terms.
 *
 * @param bits of the constants below
 * @param scale digits behind the point that decimals have at most
 */
record Kinds(int bits, int scale) {
  static final int MOST_SCALE = 18;

  /** All digits of integers that have an id of their own, and these behind the point, fit. */
  private static final int PRECISION = 38;

  private static final int NAME = 1;
  private static final int TEXT = 2;
  private static final int INTEGER = 4;
  private static final int DECIMAL = 8;
  private static final int DOUBLE = 16;
  private static final int BOOLEAN = 32;
  private static final int DATE = 64;
  private static final int TIME = 128;

  static final Kinds NONE = new Kinds(0, 0);
  static final Kinds NAMES = new Kinds(NAME, 0);
  static final Kinds TEXTS = new Kinds(TEXT, 0);
  static final Kinds INTEGERS = new Kinds(INTEGER, 0);
  static final Kinds DOUBLES = new Kinds(DOUBLE, 0);
  static final Kinds BOOLEANS = new Kinds(BOOLEAN, 0);
  static final Kinds DATES = new Kinds(DATE, 0);
  static final Kinds TIMES = new Kinds(TIME, 0);
  static final Kinds ANY = new Kinds(255, MOST_SCALE);

  static Kinds decimals(int scale) {
    return new Kinds(DECIMAL, Math.min(scale, MOST_SCALE));
  }

  /** The kind of one term. */
  static Kinds of(Node term) {
    if (!term.isLiteral()) {
      return NAMES;
    }
    RDFDatatype type = term.getLiteralDatatype();
    if (!term.getLiteral().isWellFormed()) {
      return TEXTS;
    }
    NodeValue value = NodeValue.makeNode(term);
    if (value.isInteger()) {
      return INTEGERS;
    }
    if (value.isDecimal()) {
      return decimals(value.getDecimal().scale());
    }
    if (value.isDouble() || value.isFloat()) {
      return DOUBLES;
    }
    if (value.isBoolean()) {
      return BOOLEANS;
    }
    if (type == XSDDatatype.XSDdate) {
      return term.getLiteralLexicalForm().length() == 10 ? DATES : TEXTS;
    }
    return type == XSDDatatype.XSDdateTime ? TIMES : TEXTS;
  }

  Kinds or(Kinds other) {
    return new Kinds(bits | other.bits, Math.max(scale, other.scale));
  }

  Kinds and(Kinds other) {
    return new Kinds(bits & other.bits, Math.min(scale, other.scale));
  }

  boolean isAny() {
    return bits == ANY.bits;
  }

  /** Nothing that may be added makes it another type than a text. */
  boolean isText() {
    return (bits & (NAME | TEXT)) != 0;
  }

  /** Are they numbers, and nothing else? */
  boolean isNumbers() {
    return bits != 0 && (bits & ~(INTEGER | DECIMAL | DOUBLE)) == 0;
  }

  boolean hasDouble() {
    return (bits & DOUBLE) != 0;
  }

  boolean hasDecimal() {
    return (bits & DECIMAL) != 0;
  }

  /** The type of a column for them; without any a text, for no value comes. */
  DataType type() {
    if (isNumbers()) {
      return hasDouble()
          ? DataType.FLOAT64
          : hasDecimal() ? DataType.decimal(PRECISION, scale) : DataType.INT64;
    }
    return switch (bits) {
      case BOOLEAN -> DataType.BOOLEAN;
      case DATE -> DataType.DATE;
      case TIME -> DataType.TIMESTAMP;
      default -> DataType.VARCHAR;
    };
  }
}
