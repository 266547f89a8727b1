package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.monitor.PenstockException;
import java.util.List;

/** A call of a function of the host program. */
public final class HostExpr implements Expr {
  private final HostFunction function;
  private final Expr[] args;
  private final DataType type;

  HostExpr(HostFunction function, List<Expr> args, DataType type) {
    this.function = function;
    this.args = args.toArray(new Expr[0]);
    this.type = type;
  }

  /** What is called; a source of the host program may know more of it. */
  public HostFunction function() {
    return function;
  }

  @Override
  public DataType type() {
    return type;
  }

  @Override
  public List<Expr> inputs() {
    return List.of(args);
  }

  @Override
  public Column eval(Batch batch) {
    if (batch.isEmpty()) {
      return ConstantColumn.of(type, null, batch.length());
    }
    Column[] columns = new Column[args.length];
    for (int k = 0; k < columns.length; k++) {
      columns[k] = args[k].eval(batch);
    }
    Column out;
    try {
      out = function.eval(batch, columns);
    } catch (PenstockException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new PenstockException(
          PenstockException.Category.INCORRECT,
          "function-failed",
          "a function of the host program failed: " + e,
          e);
    }
    if (!out.type().equals(type) || out.length() != batch.length()) {
      throw PenstockException.fault(
          "expected a function of the host program to give "
              + batch.length()
              + " values of type "
              + type
              + ", got "
              + out.length()
              + " of type "
              + out.type(),
          null);
    }
    return out;
  }
}
