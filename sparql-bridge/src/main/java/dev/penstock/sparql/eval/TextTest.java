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
import dev.penstock.sparql.term.TermId;
import dev.penstock.sparql.term.Terms;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.jena.datatypes.xsd.XSDDatatype;
import org.apache.jena.graph.Node;
import org.apache.jena.sparql.expr.E_Regex;
import org.apache.jena.sparql.expr.E_Str;
import org.apache.jena.sparql.expr.E_StrContains;
import org.apache.jena.sparql.expr.E_StrEndsWith;
import org.apache.jena.sparql.expr.E_StrLowerCase;
import org.apache.jena.sparql.expr.E_StrStartsWith;
import org.apache.jena.sparql.expr.E_StrUpperCase;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprException;
import org.apache.jena.sparql.expr.ExprFunction1;
import org.apache.jena.sparql.expr.ExprFunction2;
import org.apache.jena.sparql.expr.RegexEngine;
import org.jspecify.annotations.Nullable;

/**
 * CONTAINS, STRSTARTS, STRENDS and REGEX of a variable, or its STR, in letters of one case or as it
 * is, and plain strings that are written in the query. An error is null: of what is no string, of
 * STR of a blank node.
 */
public final class TextTest implements HostFunction {
  /** The token is asked for each so many rows. */
  private static final int CHECK = 0xF;

  /** What is tested: a variable, and what is done with it before. */
  private record Tested(Expr variable, boolean ofStr, boolean lower, boolean upper) {
    static @Nullable Tested of(Expr e) {
      boolean lower = e instanceof E_StrLowerCase;
      boolean upper = e instanceof E_StrUpperCase;
      Expr inner = lower || upper ? ((ExprFunction1) e).getArg() : e;
      Expr variable = inner instanceof E_Str str ? str.getArg() : inner;
      return variable.isVariable()
          ? new Tested(variable, inner instanceof E_Str, lower, upper)
          : null;
    }

    String cased(String text) {
      return lower ? text.toLowerCase(Locale.ROOT) : upper ? text.toUpperCase(Locale.ROOT) : text;
    }
  }

  private final Terms terms;
  private final Tested tested;
  private final Predicate<String> test;

  /**
   * @param test of a kind that {@link #takes} takes
   */
  public TextTest(Terms terms, Expr test) {
    this.terms = terms;
    this.tested = Objects.requireNonNull(Tested.of(tested(test)));
    this.test = Objects.requireNonNull(test(test));
  }

  /** Is an expression one of these tests? */
  public static boolean takes(Expr e) {
    Expr tested = tested(e);
    return tested != null && Tested.of(tested) != null && test(e) != null;
  }

  /** The variable that is tested. */
  public static Expr variable(Expr test) {
    return Objects.requireNonNull(Tested.of(tested(test))).variable();
  }

  /** The first argument of a test; null: it is another function. */
  private static @Nullable Expr tested(Expr e) {
    if (e instanceof E_Regex regex) {
      return regex.getArg(1);
    }
    return e instanceof E_StrContains || e instanceof E_StrStartsWith || e instanceof E_StrEndsWith
        ? ((ExprFunction2) e).getArg1()
        : null;
  }

  /** What is asked of a text; null: it depends on the row, or is an error for all. */
  private static @Nullable Predicate<String> test(Expr e) {
    if (e instanceof E_Regex regex) {
      return regex(regex);
    }
    String sought = plain(((ExprFunction2) e).getArg2());
    if (sought == null) {
      return null;
    }
    if (e instanceof E_StrContains) {
      return text -> text.contains(sought);
    }
    return e instanceof E_StrStartsWith
        ? text -> text.startsWith(sought)
        : text -> text.endsWith(sought);
  }

  private static @Nullable Predicate<String> regex(E_Regex regex) {
    String text = plain(regex.getArg(2));
    Expr flags = regex.getArg(3);
    String given = flags == null ? null : plain(flags);
    if (text == null || (flags != null && given == null)) {
      return null;
    }
    try {
      Pattern pattern = RegexEngine.makePattern("REGEX", text, given);
      return in -> Regexes.finds(pattern, in);
    } catch (ExprException e) {
      return null;
    }
  }

  private static @Nullable String plain(Expr e) {
    Node term = e.isConstant() ? e.getConstant().asNode() : null;
    return term != null
            && term.isLiteral()
            && XSDDatatype.XSDstring.equals(term.getLiteralDatatype())
        ? term.getLiteralLexicalForm()
        : null;
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
      String text = ids.isNull(p) ? null : text(values[p]);
      if (text == null) {
        Bits.set(nulls, p);
      } else if (test.test(tested.cased(text))) {
        Bits.set(words, p);
      }
    }
    return new BitColumn(DataType.BOOLEAN, words, nulls, n);
  }

  private @Nullable String text(long id) {
    if (TermId.isInline(id)) {
      return tested.ofStr() ? TermId.text(id) : null;
    }
    Node term = terms.decode(id);
    if (term.isLiteral()) {
      boolean isText =
          XSDDatatype.XSDstring.equals(term.getLiteralDatatype())
              || !term.getLiteralLanguage().isEmpty();
      return isText || tested.ofStr() ? term.getLiteralLexicalForm() : null;
    }
    return tested.ofStr() && term.isURI() ? term.getURI() : null;
  }
}
