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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.jena.datatypes.xsd.XSDDatatype;
import org.apache.jena.graph.Node;
import org.apache.jena.sparql.expr.E_OneOfBase;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprEvalException;
import org.apache.jena.sparql.expr.NodeValue;

/**
 * IN with a list of constants: IRIs, strings, texts with a language, and numbers and times that are
 * in their ids. These and their like are looked up; any other term is compared with one after the
 * other. An error is null.
 *
 * <p>Concurrency: any thread; what one learns of texts with a language is the same for all.
 */
public final class Membership implements HostFunction {
  /** The token is asked for each so many rows. */
  private static final int CHECK = 0xF;

  private final Terms terms;
  private final Set<Long> ids = new HashSet<>();
  private final Map<Double, List<Long>> numbers = new HashMap<>();
  private final List<Long> times = new ArrayList<>();
  private final List<NodeValue> all = new ArrayList<>();

  /** What any text with a language is that is not in the list; not yet known: 1. */
  private volatile int otherTagged = 1;

  /**
   * @param in of a kind that {@link #takes} takes
   */
  public Membership(Terms terms, E_OneOfBase in) {
    this.terms = terms;
    for (Expr e : in.getRHS()) {
      long id = terms.encode(e.getConstant().asNode());
      if (ids.add(id)) {
        all.add(e.getConstant());
        if (TermId.isNumber(id)) {
          numbers.computeIfAbsent(TermId.number(id) + 0.0, n -> new ArrayList<>(1)).add(id);
        } else if (TermId.isTime(id)) {
          if (times.stream().noneMatch(t -> TermId.isSameTimeLine(t, id))) {
            times.add(id);
          }
        }
      }
    }
  }

  /** Is an expression an IN, or a NOT IN, with such a list? */
  public static boolean takes(Expr e) {
    return e instanceof E_OneOfBase in && in.getRHS().getList().stream().allMatch(Membership::fits);
  }

  private static boolean fits(Expr e) {
    if (!e.isConstant()) {
      return false;
    }
    Node term = e.getConstant().asNode();
    long inline = Terms.inline(term);
    return term.isURI()
        || isPlain(term)
        || isTagged(term)
        || TermId.isNumber(inline)
        || TermId.isTime(inline);
  }

  private static boolean isTagged(Node term) {
    return term.isLiteral() && !term.getLiteralLanguage().isEmpty();
  }

  private static boolean isPlain(Node term) {
    return term.isLiteral() && XSDDatatype.XSDstring.equals(term.getLiteralDatatype());
  }

  @Override
  public Column eval(Batch batch, Column[] args) {
    FlatColumn of = args[0].flat(batch.selection(), batch.count());
    long[] values = ((LongColumn) of).values();
    long[] words = new long[Bits.words(batch.length())];
    long[] nulls = new long[words.length];
    for (int i = 0; i < batch.count(); i++) {
      if ((i & CHECK) == 0) {
        CancellationToken.checkCurrent();
      }
      int p = batch.position(i);
      int truth = of.isNull(p) ? -1 : truth(values[p]);
      if (truth < 0) {
        Bits.set(nulls, p);
      } else if (truth > 0) {
        Bits.set(words, p);
      }
    }
    return new BitColumn(DataType.BOOLEAN, words, nulls, batch.length());
  }

  private int truth(long id) {
    if (ids.contains(id)) {
      return 1;
    }
    if (TermId.isNumber(id)) {
      for (long other : numbers.getOrDefault(TermId.number(id) + 0.0, List.of())) {
        if (Comparing.order(id, other) == 0) {
          return 1;
        }
      }
      return 0;
    }
    boolean isCompared =
        TermId.isTime(id)
            ? times.stream().anyMatch(t -> !TermId.isSameTimeLine(t, id))
            : TermId.isLiteral(id);
    if (!isCompared) {
      return 0;
    }
    Node term = terms.decode(id);
    if (isTagged(term)) {
      return otherTagged(term); // equal ones have one id: Jena writes all languages alike
    }
    return isPlain(term) ? 0 : compared(NodeValue.makeNode(term));
  }

  private int otherTagged(Node term) {
    int known = otherTagged;
    if (known > 0) {
      otherTagged = known = compared(NodeValue.makeNode(term));
    }
    return known;
  }

  private int compared(NodeValue value) {
    int out = 0;
    for (NodeValue each : all) {
      CancellationToken.checkCurrent();
      try {
        if (NodeValue.sameValueAs(value, each)) {
          return 1;
        }
      } catch (ExprEvalException e) {
        out = -1; // an error, if none is the same
      }
    }
    return out;
  }
}
