package dev.penstock.sparql.eval;

import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.sparql.term.Terms;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.jena.graph.Node;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.engine.binding.Binding;
import org.apache.jena.sparql.engine.binding.BindingBase;
import org.apache.jena.sparql.engine.binding.BindingBuilder;
import org.jspecify.annotations.Nullable;

/** One row of a batch as Jena sees solutions; terms are decoded when they are asked for. */
final class RowBinding extends BindingBase {
  private final Terms terms;
  private final Var[] vars;
  private final FlatColumn[] columns;
  private int position;

  RowBinding(Terms terms, Var[] vars, FlatColumn[] columns) {
    super(null);
    this.terms = terms;
    this.vars = vars;
    this.columns = columns;
  }

  void at(int newPosition) {
    position = newPosition;
  }

  /** The row by itself, for whoever keeps it. */
  Binding copy() {
    BindingBuilder out = Binding.builder();
    for (int k = 0; k < vars.length; k++) {
      Node term = term(k);
      if (term != null) {
        out.add(vars[k], term);
      }
    }
    return out.build();
  }

  private @Nullable Node term(int k) {
    FlatColumn column = columns[k];
    return column.isNull(position) ? null : terms.decode(((LongColumn) column).values()[position]);
  }

  @Override
  protected Iterator<Var> vars1() {
    List<Var> bound = new ArrayList<>(vars.length);
    for (int k = 0; k < vars.length; k++) {
      if (!columns[k].isNull(position)) {
        bound.add(vars[k]);
      }
    }
    return bound.iterator();
  }

  @Override
  protected int size1() {
    int n = 0;
    for (FlatColumn column : columns) {
      n += column.isNull(position) ? 0 : 1;
    }
    return n;
  }

  @Override
  protected boolean isEmpty1() {
    return size1() == 0;
  }

  @Override
  protected boolean contains1(Var var) {
    for (int k = 0; k < vars.length; k++) {
      if (vars[k].equals(var)) {
        return !columns[k].isNull(position);
      }
    }
    return false;
  }

  @Override
  protected @Nullable Node get1(Var var) {
    for (int k = 0; k < vars.length; k++) {
      if (vars[k].equals(var)) {
        return term(k);
      }
    }
    return null;
  }

  @Override
  protected Binding detachWithNewParent(Binding parent) {
    return copy();
  }
}
