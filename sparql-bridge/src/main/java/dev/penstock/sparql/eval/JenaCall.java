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
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.term.Terms;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.jena.graph.Node;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.engine.binding.Binding;
import org.apache.jena.sparql.engine.binding.BindingFactory;
import org.apache.jena.sparql.expr.Expr;
import org.apache.jena.sparql.expr.ExprException;
import org.apache.jena.sparql.expr.NodeValue;
import org.apache.jena.sparql.expr.nodevalue.XSDFuncOp;
import org.apache.jena.sparql.function.FunctionEnv;

/**
 * An expression that Jena computes, row by row. An error is null.
 *
 * <p>Concurrency: any thread; an {@link Expr} of Jena has state, so each call takes a copy of its
 * own from the spares.
 */
public final class JenaCall implements HostFunction {
  /** Results of one argument are remembered by so many of its last bits. */
  private static final int REMEMBERED = 1024;

  private final QueryEnv env;
  private final Expr expr;
  private final Var[] vars;
  private final List<Long> activeGraphs;
  private final boolean graphColumn;
  private final boolean predicate;
  private final boolean hasPattern;
  private final ConcurrentLinkedQueue<Expr> spares = new ConcurrentLinkedQueue<>();

  /**
   * @param vars what the arguments are
   * @param activeGraphs the active graph
   * @param graphColumn whether one more argument, the last, is the id of the active graph instead
   * @param predicate whether the effective boolean value is wanted (a column of type boolean), else
   *     the term (ids)
   * @param hasPattern whether there is an EXISTS in the expression
   */
  public JenaCall(
      QueryEnv env,
      Expr expr,
      List<Var> vars,
      List<Long> activeGraphs,
      boolean graphColumn,
      boolean predicate,
      boolean hasPattern) {
    this.env = env;
    this.expr = OwnFunctions.in(expr);
    this.vars = vars.toArray(new Var[0]);
    this.activeGraphs = activeGraphs;
    this.graphColumn = graphColumn;
    this.predicate = predicate;
    this.hasPattern = hasPattern;
  }

  @Override
  public Column eval(Batch batch, Column[] args) {
    FlatColumn[] flat = new FlatColumn[args.length];
    for (int k = 0; k < args.length; k++) {
      flat[k] = args[k].flat(batch.selection(), batch.count());
    }
    Expr spare = spares.poll();
    Expr mine = spare == null ? copy() : spare;
    Rows rows = new Rows(mine, flat);
    FlatColumn out = predicate ? rows.truths(batch) : rows.terms(batch);
    spares.add(mine);
    return out;
  }

  private Expr copy() {
    // of a pattern Jena makes no deep copy; it makes one itself for each solution
    return hasPattern ? expr.copySubstitute(BindingFactory.empty()) : expr.deepCopy();
  }

  /** One call. */
  private final class Rows {
    private final Expr mine;
    private final FlatColumn[] flat;
    private final RowBinding row;
    private final Terms terms = env.terms();
    private final FunctionEnv everywhere = env.active(activeGraphs);

    Rows(Expr mine, FlatColumn[] flat) {
      this.mine = mine;
      this.flat = flat;
      this.row = new RowBinding(env.terms(), vars, flat);
    }

    private NodeValue value(int position) {
      CancellationToken.checkCurrent();
      row.at(position);
      FunctionEnv active =
          graphColumn
              ? env.active(List.of(((LongColumn) flat[flat.length - 1]).values()[position]))
              : everywhere;
      Binding binding = hasPattern ? row.copy() : row;
      try {
        return mine.eval(binding, active);
      } catch (StackOverflowError e) {
        throw PenstockException.limit(
            "sparql-depth",
            "an expression, or a path in its EXISTS, is too deep for the stack of a thread; "
                + "write the path as a pattern of its own");
      }
    }

    FlatColumn truths(Batch batch) {
      int n = batch.length();
      long[] words = new long[Bits.words(n)];
      long[] nulls = new long[Bits.words(n)];
      Memory memory = flat.length == 1 ? new Memory(flat[0]) : null;
      for (int i = 0; i < batch.count(); i++) {
        int p = batch.position(i);
        int from = memory == null ? -1 : memory.same(p);
        int truth;
        if (from >= 0) {
          truth = Bits.get(nulls, from) ? -1 : Bits.get(words, from) ? 1 : 0;
        } else {
          truth = truth(p);
        }
        if (truth < 0) {
          Bits.set(nulls, p);
        } else if (truth > 0) {
          Bits.set(words, p);
        }
      }
      return new BitColumn(DataType.BOOLEAN, words, nulls, n);
    }

    private int truth(int position) {
      try {
        return XSDFuncOp.effectiveBooleanValue(value(position)) ? 1 : 0;
      } catch (ExprException e) {
        return -1; // an error is neither true nor false
      }
    }

    FlatColumn terms(Batch batch) {
      int n = batch.length();
      long[] ids = new long[n];
      long[] nulls = new long[Bits.words(n)];
      Memory memory = flat.length == 1 ? new Memory(flat[0]) : null;
      for (int i = 0; i < batch.count(); i++) {
        int p = batch.position(i);
        int from = memory == null ? -1 : memory.same(p);
        if (from >= 0) {
          ids[p] = ids[from];
          if (Bits.get(nulls, from)) {
            Bits.set(nulls, p);
          }
          continue;
        }
        try {
          Node term = value(p).asNode();
          ids[p] = terms.encode(term);
        } catch (ExprException e) {
          Bits.set(nulls, p); // an error leaves the variable unbound
        }
      }
      return new LongColumn(DataType.INT64, ids, nulls, n);
    }
  }

  /** Where in this batch the same argument stood before. */
  private static final class Memory {
    private final FlatColumn column;
    private final long[] values;
    private final int[] positions = new int[REMEMBERED];

    Memory(FlatColumn column) {
      this.column = column;
      this.values = ((LongColumn) column).values();
      java.util.Arrays.fill(positions, -1);
    }

    int same(int position) {
      if (column.isNull(position)) {
        return -1;
      }
      int slot = Long.hashCode(values[position] * 0x9E3779B97F4A7C15L) & (REMEMBERED - 1);
      int before = positions[slot];
      positions[slot] = position;
      return before >= 0 && values[before] == values[position] ? before : -1;
    }
  }
}
