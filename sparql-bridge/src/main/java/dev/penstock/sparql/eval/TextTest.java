package dev.penstock.sparql.eval;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.HostFunction;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.sparql.term.Terms;
import org.apache.jena.datatypes.xsd.XSDDatatype;
import org.apache.jena.graph.Node;
import org.apache.jena.sparql.expr.E_Str;
import org.apache.jena.sparql.expr.E_StrContains;
import org.apache.jena.sparql.expr.E_StrEndsWith;
import org.apache.jena.sparql.expr.E_StrStartsWith;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprFunction2;
import org.jspecify.annotations.Nullable;

/**
 * CONTAINS, STRSTARTS and STRENDS of a variable, or its STR, and a plain string that is written in
 * the query. An error is null: of what is no string, of STR of a blank node.
 */
public final class TextTest implements HostFunction {
  private enum Kind {
    CONTAINS,
    STARTS,
    ENDS
  }

  /** The token is asked for each so many rows. */
  private static final int CHECK = 0xF;

  private final Terms terms;
  private final Kind kind;
  private final String sought;
  private final boolean ofStr;

  /**
   * @param test of a kind that {@link #takes} takes
   */
  public TextTest(Terms terms, Expr test) {
    ExprFunction2 f = (ExprFunction2) test;
    this.terms = terms;
    this.kind =
        f instanceof E_StrContains
            ? Kind.CONTAINS
            : f instanceof E_StrStartsWith ? Kind.STARTS : Kind.ENDS;
    this.sought = f.getArg2().getConstant().asNode().getLiteralLexicalForm();
    this.ofStr = f.getArg1() instanceof E_Str;
  }

  /** Is an expression one of these tests? */
  public static boolean takes(Expr e) {
    return (e instanceof E_StrContains
            || e instanceof E_StrStartsWith
            || e instanceof E_StrEndsWith)
        && isPlain(((ExprFunction2) e).getArg2())
        && variable(e) != null;
  }

  private static boolean isPlain(Expr e) {
    return e.isConstant()
        && e.getConstant().asNode().isLiteral()
        && XSDDatatype.XSDstring.equals(e.getConstant().asNode().getLiteralDatatype());
  }

  /** The variable that is tested; null: something else is. */
  public static @Nullable Expr variable(Expr test) {
    Expr of = ((ExprFunction2) test).getArg1();
    Expr inner = of instanceof E_Str str ? str.getArg() : of;
    return inner.isVariable() ? inner : null;
  }

  @Override
  public Column eval(Batch batch, Column[] args) {
    FlatColumn ids = args[0].flat(batch.selection(), batch.count());
    long[] values = ((LongColumn) ids).values();
    int n = batch.length();
    long[] words = new long[Bits.words(n)];
    long[] nulls = new long[Bits.words(n)];
    for (int i = 0; i < batch.count(); i++) {
      if ((i & CHECK) == 0) {
        CancellationToken.checkCurrent();
      }
      int p = batch.position(i);
      String text = ids.isNull(p) ? null : text(terms.decode(values[p]));
      if (text == null) {
        Bits.set(nulls, p);
      } else if (passes(text)) {
        Bits.set(words, p);
      }
    }
    return new BitColumn(DataType.BOOLEAN, words, nulls, n);
  }

  private @Nullable String text(Node term) {
    if (term.isLiteral()) {
      boolean isText =
          XSDDatatype.XSDstring.equals(term.getLiteralDatatype())
              || !term.getLiteralLanguage().isEmpty();
      return isText || ofStr ? term.getLiteralLexicalForm() : null;
    }
    return ofStr && term.isURI() ? term.getURI() : null;
  }

  private boolean passes(String text) {
    return switch (kind) {
      case CONTAINS -> text.contains(sought);
      case STARTS -> text.startsWith(sought);
      case ENDS -> text.endsWith(sought);
    };
  }
}
