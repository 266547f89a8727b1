package dev.penstock.sparql.eval;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.HostFunction;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.sparql.term.TermId;
import dev.penstock.sparql.term.Terms;
import org.apache.jena.datatypes.xsd.XSDDatatype;
import org.apache.jena.graph.Node;
import org.apache.jena.sparql.expr.NodeValue;

/**
 * The value of an xsd:double; null of all other terms, and of the negative zero, which a sum loses.
 */
public final class DoubleTerm implements HostFunction {
  /** The token is asked for each so many rows. */
  private static final int CHECK = 0xF;

  private final Terms terms;

  public DoubleTerm(Terms terms) {
    this.terms = terms;
  }

  @Override
  public Column eval(Batch batch, Column[] args) {
    FlatColumn ids = args[0].flat(batch.selection(), batch.count());
    long[] in = ((LongColumn) ids).values();
    double[] out = new double[batch.length()];
    long[] nulls = new long[Bits.words(out.length)];
    for (int i = 0; i < batch.count(); i++) {
      if ((i & CHECK) == 0) {
        CancellationToken.checkCurrent();
      }
      int p = batch.position(i);
      int tag = ids.isNull(p) ? 0 : TermId.tag(in[p]);
      if (tag == TermId.DOUBLE) {
        out[p] = TermId.number(in[p]);
      } else if (tag != TermId.LITERAL || !isDouble(terms.decode(in[p]))) {
        Bits.set(nulls, p);
      } else {
        out[p] = NodeValue.makeNode(terms.decode(in[p])).getDouble();
      }
      if (out[p] == 0 && 1 / out[p] < 0) {
        Bits.set(nulls, p);
      }
    }
    return new DoubleColumn(DataType.FLOAT64, out, nulls, out.length);
  }

  private static boolean isDouble(Node term) {
    return XSDDatatype.XSDdouble.equals(term.getLiteralDatatype())
        && NodeValue.makeNode(term).isDouble();
  }
}
