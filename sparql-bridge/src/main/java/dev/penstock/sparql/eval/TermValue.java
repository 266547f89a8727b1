package dev.penstock.sparql.eval;

import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Kind;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.term.TermId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.apache.jena.graph.Node;
import org.apache.jena.sparql.expr.NodeValue;
import org.jspecify.annotations.Nullable;

/**
 * Ids to values of a column's type, as SQL takes them: see {@link ValueKinds} for the types.
 * Unbound is null; a term that is no value of the type is an error.
 */
public final class TermValue extends IdFunction {
  private static final String ZONED = ".*(Z|[+-]\\d\\d:\\d\\d)";

  private final QueryEnv env;
  private final String variable;
  private final DataType type;

  /**
   * @param variable for messages
   */
  public TermValue(QueryEnv env, String variable, DataType type) {
    super(type);
    this.env = env;
    this.variable = variable;
    this.type = type;
  }

  @Override
  void append(ColumnBuilder out, long id) {
    if (type.kind() == Kind.INT64 && TermId.tag(id) == TermId.INTEGER) {
      out.appendLong(TermId.integer(id));
    } else if (type.kind() == Kind.FLOAT64 && TermId.isNumber(id)) {
      out.appendDouble(TermId.number(id));
    } else {
      out.appendValue(value(env.terms().decode(id)));
    }
  }

  private @Nullable Object value(Node term) {
    try {
      return switch (type.kind()) {
        case VARCHAR -> text(term);
        case BOOLEAN -> NodeValue.makeNode(term).getBoolean();
        case INT64 -> integer(NodeValue.makeNode(term).getInteger());
        case FLOAT64 -> NodeValue.makeNode(term).getDouble();
        case DECIMAL -> decimal(NodeValue.makeNode(term));
        case DATE -> LocalDate.parse(term.getLiteralLexicalForm());
        case TIMESTAMP -> timestamp(term.getLiteralLexicalForm());
        default -> throw new IllegalStateException("no column of SPARQL has the type " + type);
      };
    } catch (DateTimeException | ArithmeticException | UnsupportedOperationException e) {
      throw wrong(term, e);
    } catch (RuntimeException e) {
      // Jena says in many ways that a term is no number
      if (e instanceof PenstockException || e instanceof IllegalStateException) {
        throw e;
      }
      throw wrong(term, e);
    }
  }

  private PenstockException wrong(Node term, RuntimeException e) {
    return new PenstockException(
        PenstockException.Category.INCORRECT,
        "sparql-value",
        "?"
            + variable
            + " is a column of type "
            + type
            + ", and "
            + term
            + " is no value of it; make it a text, as in (STR(?"
            + variable
            + ") AS ?text)",
        e);
  }

  private static String text(Node term) {
    return term.isURI()
        ? term.getURI()
        : term.isBlank()
            ? "_:" + term.getBlankNodeLabel()
            : term.isLiteral() ? term.getLiteralLexicalForm() : term.toString();
  }

  private static long integer(BigInteger value) {
    return value.longValueExact();
  }

  private BigDecimal decimal(NodeValue value) {
    BigDecimal exact = value.getDecimal();
    return exact.scale() > type.scale()
        ? exact.setScale(type.scale(), RoundingMode.HALF_UP)
        : exact;
  }

  private static LocalDateTime timestamp(String text) {
    return text.matches(ZONED)
        ? OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()
        : LocalDateTime.parse(text);
  }
}
