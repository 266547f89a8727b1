package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.PenstockException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of a strict function: null where an argument is null. Constants give a constant; a
 * function of one dictionary column and literals is computed once for each dictionary.
 */
final class CallExpr implements Expr {
  /** Computes all rows of a batch at once. */
  interface Kernel {
    /**
     * A column of {@code x.length()} whose rows are right; null where {@code x.nulls()} says so,
     * and elsewhere if it likes.
     */
    FlatColumn apply(Args x);
  }

  private final DataType type;
  private final Expr[] args;
  private final Kernel kernel;

  /** The one argument that is no literal, or -1. */
  private final int sole;

  private final DictionaryCache<FlatColumn> dictionaries = new DictionaryCache<>();

  /** Not null once {@link #share} was called, which happens before any task sees this. */
  private @Nullable LastColumn last;

  CallExpr(DataType type, Kernel kernel, List<Expr> args) {
    this.type = type;
    this.args = args.toArray(new Expr[0]);
    this.kernel = kernel;
    int found = -1;
    int varying = 0;
    for (int k = 0; k < this.args.length; k++) {
      if (!(this.args[k] instanceof LiteralExpr)) {
        found = k;
        varying++;
      }
    }
    this.sole = varying == 1 ? found : -1;
  }

  @Override
  public DataType type() {
    return type;
  }

  @Override
  public List<Expr> inputs() {
    return List.of(args);
  }

  /** Remembers the last column from now on; to be called while the tree is built. */
  void share() {
    if (last == null) {
      last = new LastColumn();
    }
  }

  @Override
  public Column eval(Batch batch) {
    LastColumn memory = last;
    if (memory == null) {
      return compute(batch);
    }
    Column column = memory.get(batch);
    if (column == null) {
      column = compute(batch);
      memory.set(batch, column);
    }
    return column;
  }

  private Column compute(Batch batch) {
    Column[] columns = new Column[args.length];
    boolean constant = true;
    for (int k = 0; k < columns.length; k++) {
      columns[k] = args[k].eval(batch);
      if (columns[k] instanceof ConstantColumn c) {
        if (c.isNull(0)) {
          return ConstantColumn.of(type, null, batch.length());
        }
      } else {
        constant = false;
      }
    }
    if (batch.isEmpty()) {
      return ConstantColumn.of(type, null, batch.length());
    }
    if (constant) {
      return new ConstantColumn(kernel.apply(Args.of(Batch.of(1), columns)), batch.length());
    }
    if (sole >= 0 && columns[sole] instanceof DictionaryColumn d) {
      FlatColumn mapped = mapped(d.dictionary(), columns, batch.count());
      if (mapped != null) {
        return new DictionaryColumn(mapped, d.ids(), d.length(), d.mayHaveNulls());
      }
    }
    return kernel.apply(Args.of(batch, columns));
  }

  private @Nullable FlatColumn mapped(FlatColumn dictionary, Column[] columns, int rows) {
    FlatColumn known = dictionaries.get(dictionary);
    if (known != null || !DictionaryCache.worthwhile(dictionary, rows)) {
      return known;
    }
    Column[] whole = columns.clone();
    whole[sole] = dictionary;
    try {
      // Constants are read through their single value, so their length does not matter.
      FlatColumn result = kernel.apply(Args.of(Batch.of(dictionary.length()), whole));
      dictionaries.put(dictionary, result);
      return result;
    } catch (PenstockException e) {
      // A value that no row of this batch may have: let the rows decide.
      return null;
    }
  }
}
