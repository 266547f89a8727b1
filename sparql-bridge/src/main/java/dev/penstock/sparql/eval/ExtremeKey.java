package dev.penstock.sparql.eval;

import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.sparql.term.TermId;
import dev.penstock.sparql.term.Terms;
import java.nio.ByteBuffer;
import java.util.Locale;
import javax.xml.datatype.DatatypeConstants;
import org.apache.jena.datatypes.xsd.XSDDatatype;
import org.apache.jena.graph.Node;
import org.apache.jena.sparql.expr.NodeValue;
import org.apache.jena.sparql.expr.ValueSpace;
import org.jspecify.annotations.Nullable;

/**
 * Ids to bytes that are in the order of MIN and MAX: Jena's, in which literals of one value have an
 * order too, that of their forms. Null of unbound, of what the plan compares as a number ({@link
 * SmallInteger}, {@link SmallDecimal}), and of terms among which that order is not one of bytes.
 *
 * <pre>
 * bytes = space (2), value, form
 * space = that of the value as Jena orders them: strings, texts with a language, numbers, ...
 * </pre>
 */
public final class ExtremeKey extends IdFunction {
  private static final byte NAN_LAST = 6;

  private final Terms terms;
  private final boolean zoneless;

  /**
   * @param zoneless whether of dates and times without a zone, which have an order among themselves
   *     only, or of all others
   */
  public ExtremeKey(Terms terms, boolean zoneless) {
    super(DataType.VARBINARY);
    this.terms = terms;
    this.zoneless = zoneless;
  }

  @Override
  void append(ColumnBuilder out, long id) {
    byte[] key = of(id);
    if (key == null) {
      out.appendNull();
    } else {
      out.appendBytes(key, 0, key.length);
    }
  }

  byte @Nullable [] of(long id) {
    if (TermId.isInline(id) && TermId.isZoneless(id) != zoneless
        || SmallInteger.takes(id)
        || SmallDecimal.takes(id)) {
      return null;
    }
    if (TermId.isTime(id)) {
      byte[] value = OrderKey.ofInline(id);
      if (value != null) {
        boolean isDate = TermId.tag(id) == TermId.DATE;
        return bytes(
            isDate ? ValueSpace.VSPACE_DATE : ValueSpace.VSPACE_DATETIME,
            value,
            OrderKey.text(0, TermId.text(id), "", TermId.type(id)));
      }
    }
    Node term = terms.decode(id);
    return zoneless && !isTimeOrDate(term) ? null : of(term);
  }

  private static boolean isTimeOrDate(Node term) {
    return term.isLiteral()
        && (XSDDatatype.XSDdateTime.equals(term.getLiteralDatatype())
            || XSDDatatype.XSDdate.equals(term.getLiteralDatatype()));
  }

  byte @Nullable [] of(Node term) {
    NodeValue v = NodeValue.makeNode(term);
    ValueSpace space = ValueSpace.valueSpace(v);
    boolean isTime = space == ValueSpace.VSPACE_DATETIME || space == ValueSpace.VSPACE_DATE;
    if (zoneless != (isTime && isZoneless(v))) {
      return null;
    }
    return switch (space) {
      case VSPACE_BLANKNODE, VSPACE_URI -> bytes(space, OrderKey.of(term), new byte[0]);
      case VSPACE_STRING, VSPACE_UNKNOWN -> bytes(space, new byte[0], form(term));
      case VSPACE_LANG -> {
        String language = term.getLiteralLanguage();
        yield bytes(space, OrderKey.text(0, language.toLowerCase(Locale.ROOT)), form(term));
      }
      case VSPACE_NUM -> {
        byte[] value = OrderKey.of(term);
        if (value[1] == 0) {
          value[1] = NAN_LAST;
        }
        yield bytes(space, value, form(term));
      }
      case VSPACE_BOOLEAN -> bytes(space, OrderKey.of(term), form(term));
      case VSPACE_DATETIME, VSPACE_DATE -> {
        // dates with a zone are Jena's: it has an order of its own for them
        boolean isOrdered = space == ValueSpace.VSPACE_DATETIME || zoneless;
        yield isOrdered && isTimeOrDate(term) ? bytes(space, OrderKey.of(term), form(term)) : null;
      }
      default -> null;
    };
  }

  private static boolean isZoneless(NodeValue time) {
    return time.getDateTime().getTimezone() == DatatypeConstants.FIELD_UNDEFINED;
  }

  private static byte[] form(Node literal) {
    return OrderKey.text(
        0,
        literal.getLiteralLexicalForm(),
        literal.getLiteralLanguage(),
        literal.getLiteralDatatypeURI());
  }

  private static byte[] bytes(ValueSpace space, byte[] value, byte[] form) {
    return ByteBuffer.allocate(2 + value.length + form.length)
        .putShort((short) space.comparisonOrder())
        .put(value)
        .put(form)
        .array();
  }
}
