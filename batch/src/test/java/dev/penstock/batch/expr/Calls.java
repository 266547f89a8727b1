package dev.penstock.batch.expr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Kind;
import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Checks one function on rows of host values, in every shape that its arguments may come in. */
final class Calls {
  private final String fn;
  private final DataType result;
  private final DataType[] types;

  private Calls(String fn, DataType result, DataType[] types) {
    this.fn = fn;
    this.result = result;
    this.types = types;
  }

  /** A function by name, the type it gives, the types it takes. */
  static Calls of(String fn, DataType result, DataType... types) {
    return new Calls(fn, result, types);
  }

  static Object[] row(Object... values) {
    return values;
  }

  private Expr onColumns() {
    List<Expr> args = new ArrayList<>();
    for (int k = 0; k < types.length; k++) {
      args.add(new ColumnExpr(k, types[k]));
    }
    return Functions.call(fn, args, result);
  }

  static FlatColumn column(DataType type, List<Object[]> rows, int k) {
    ColumnBuilder builder = ColumnBuilder.of(type, rows.size());
    for (Object[] row : rows) {
      builder.appendValue(row[k]);
    }
    return builder.build();
  }

  private Batch batch(List<Object[]> rows) {
    Column[] columns = new Column[types.length];
    for (int k = 0; k < columns.length; k++) {
      columns[k] = column(types[k], rows, k);
    }
    return Batch.of(rows.size(), columns);
  }

  /** Each row: the arguments, then the expected value. */
  Calls gives(Object[]... rows) {
    List<Object[]> list = Arrays.asList(rows);
    check(list, "dense", onColumns(), batch(list), null);
    selected(list);
    dictionaries(list);
    for (Object[] row : rows) {
      alone(row);
    }
    return this;
  }

  /** The rows at every other position; between them stand rows that nobody asked for. */
  private void selected(List<Object[]> rows) {
    List<Object[]> spread = new ArrayList<>();
    int[] positions = new int[rows.size()];
    for (int i = 0; i < rows.size(); i++) {
      spread.add(rows.get((i * 7 + 3) % rows.size()));
      spread.add(rows.get((i * 5 + 1) % rows.size()));
      positions[i] = spread.size();
      spread.add(rows.get(i));
      spread.add(rows.get((i * 3 + 1) % rows.size()));
      spread.add(rows.get(rows.size() - 1 - i));
    }
    Batch batch = batch(spread).withSelection(positions, positions.length);
    check(rows, "selected", onColumns(), batch, positions);
  }

  private void dictionaries(List<Object[]> rows) {
    int n = rows.size();
    int[] back = new int[n];
    List<Object[]> reversed = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      back[i] = n - 1 - i;
      reversed.add(rows.get(n - 1 - i));
    }
    Column[] columns = new Column[types.length];
    for (int k = 0; k < columns.length; k++) {
      int[] ids = back.clone();
      for (int i = 0; i < n; i++) {
        // A null by id, beside those that the dictionary has.
        ids[i] = rows.get(i)[k] == null && i % 2 == 0 ? -1 : ids[i];
      }
      columns[k] = new DictionaryColumn(column(types[k], reversed, k), ids, n);
    }
    Batch batch = Batch.of(n, columns);
    check(rows, "dictionary", onColumns(), batch, null);
    check(rows, "dictionary again", onColumns(), batch, null);
    for (int k = 0; k < types.length; k++) {
      Column[] mixed = batch(rows).columns().clone();
      mixed[k] = columns[k];
      check(rows, "dictionary " + k, onColumns(), Batch.of(n, mixed), null);
    }
  }

  /** One row: its arguments as constants and as literals, in every mixture. */
  private void alone(Object[] row) {
    List<Object[]> three = List.of(row, row, row);
    int[] some = {1};
    for (int mask = 0; mask < 1 << types.length; mask++) {
      Column[] columns = new Column[types.length];
      List<Expr> literals = new ArrayList<>();
      List<Expr> dictionaryLiterals = new ArrayList<>();
      for (int k = 0; k < types.length; k++) {
        boolean constant = (mask >> k & 1) != 0;
        columns[k] = constant ? ConstantColumn.of(types[k], row[k], 3) : column(types[k], three, k);
        Expr column = new ColumnExpr(k, types[k]);
        literals.add(constant ? new LiteralExpr(types[k], row[k]) : column);
        dictionaryLiterals.add(literals.get(k));
      }
      Batch batch = Batch.of(3, columns);
      String what = "constants " + Integer.toBinaryString(mask);
      check(three, what, onColumns(), batch, null);
      check(
          List.<Object[]>of(row),
          what + ", selected",
          onColumns(),
          batch.withSelection(some, 1),
          some);
      check(three, "literal " + what, Functions.call(fn, literals, result), batch, null);
      Column[] ids = new Column[types.length];
      for (int k = 0; k < types.length; k++) {
        ids[k] =
            new DictionaryColumn(column(types[k], List.of(row, row), k), new int[] {1, 0, 1}, 3);
      }
      Expr bound = Functions.call(fn, dictionaryLiterals, result);
      check(three, "literals beside dictionaries " + what, bound, Batch.of(3, ids), null);
      check(three, "a cached dictionary " + what, bound, Batch.of(3, ids), null);
    }
  }

  private void check(List<Object[]> rows, String shape, Expr expr, Batch batch, int[] positions) {
    assertEquals(result, expr.type());
    Column out = expr.eval(batch);
    assertEquals(batch.length(), out.length(), shape + " length");
    assertEquals(result, out.type(), shape + " type");
    for (int i = 0; i < rows.size(); i++) {
      Object[] row = rows.get(i);
      Object actual = out.value(positions == null ? i : positions[i]);
      Object expected = row[types.length];
      String what =
          "(" + fn + " " + Arrays.deepToString(Arrays.copyOf(row, types.length)) + ") " + shape;
      if (expected instanceof byte[] bytes) {
        assertArrayEquals(bytes, (byte[]) actual, what);
      } else {
        assertEquals(expected, actual, what);
      }
    }
    if (result.kind() == Kind.BOOLEAN) {
      checkSelect(rows, shape, expr, batch, positions);
    }
  }

  private void checkSelect(
      List<Object[]> rows, String shape, Expr expr, Batch batch, int[] positions) {
    Expr not = Functions.call("not", List.of(expr), DataType.BOOLEAN);
    Expr notNot = Functions.call("not", List.of(not), DataType.BOOLEAN);
    for (Expr e : List.of(expr, not, notNot)) {
      List<Integer> expected = new ArrayList<>();
      Column column = e.eval(batch);
      for (int i = 0; i < rows.size(); i++) {
        int p = positions == null ? i : positions[i];
        Object value = rows.get(i)[types.length];
        Object wanted = value == null || e != not ? value : (Object) !(Boolean) value;
        assertEquals(wanted, column.value(p), fn + " " + shape);
        if (Boolean.TRUE.equals(wanted)) {
          expected.add(p);
        }
      }
      int[] out = new int[batch.count()];
      int n = Functions.predicate(e).select(batch, out);
      List<Integer> actual = Arrays.stream(out, 0, n).boxed().toList();
      assertEquals(expected, actual, fn + " selects, " + shape);
      int[] own = Arrays.copyOf(batch.positions(), batch.count());
      n = Functions.predicate(e).select(batch.withSelection(own, own.length), own);
      assertEquals(expected, Arrays.stream(own, 0, n).boxed().toList(), "into its own selection");
    }
  }

  /** The arguments are an error with this code and message; not when the row is not selected. */
  Calls fails(String code, String message, Object... args) {
    List<Object[]> rows = List.of(args, args, args);
    Expr expr = onColumns();
    Batch batch = batch(rows);
    List<Batch> bad = new ArrayList<>(List.of(batch, batch.withSelection(new int[] {1}, 1)));
    Column[] constants = new Column[types.length];
    Column[] dictionaries = new Column[types.length];
    for (int k = 0; k < types.length; k++) {
      constants[k] = ConstantColumn.of(types[k], args[k], 3);
      dictionaries[k] = new DictionaryColumn(column(types[k], rows, k), new int[] {2, 1, 0}, 3);
    }
    bad.add(Batch.of(3, constants));
    bad.add(Batch.of(3, dictionaries));
    for (Batch b : bad) {
      PenstockException e = assertThrows(PenstockException.class, () -> expr.eval(b), fn);
      assertEquals(message, e.getMessage());
      assertEquals(code, e.code());
      assertEquals(PenstockException.Category.INCORRECT, e.category());
      Column none = expr.eval(b.withSelection(new int[0], 0));
      assertEquals(3, none.length());
    }
    List<Expr> literals = new ArrayList<>();
    for (int k = 0; k < types.length; k++) {
      literals.add(new LiteralExpr(types[k], args[k]));
    }
    Expr folded = Functions.call(fn, literals, result);
    assertFalse(folded instanceof LiteralExpr);
    PenstockException e = assertThrows(PenstockException.class, () -> folded.eval(Batch.of(2)));
    assertEquals(message, e.getMessage());
    for (int k = 0; k < types.length; k++) {
      Object[] withNull = args.clone();
      withNull[k] = null;
      expr.eval(batch(List.of(withNull, withNull)));
    }
    return this;
  }

  private static final int[] SIZES = {0, 1, 63, 64, 65, 2047, 2048, 2049};

  /**
   * Generated rows agree with a computation of one row; a row for which that throws an
   * ArithmeticException must be an error when it is selected, and is left out of the selection
   * here.
   */
  Calls agrees(
      long seed, Function<Random, Object[]> generate, Function<Object[], Object> expected) {
    for (int size : SIZES) {
      Random random = new Random(seed + size);
      List<Object[]> rows = new ArrayList<>();
      List<Object[]> good = new ArrayList<>();
      int[] positions = new int[size];
      for (int i = 0; i < size; i++) {
        Object[] row = Arrays.copyOf(generate.apply(random), types.length + 1);
        boolean anyNull = Arrays.asList(row).subList(0, types.length).contains(null);
        try {
          row[types.length] = anyNull ? null : expected.apply(row);
          positions[good.size()] = i;
          good.add(row);
        } catch (ArithmeticException e) {
          if (i % 100 == 0) {
            assertThrows(
                PenstockException.class,
                () -> onColumns().eval(batch(List.<Object[]>of(row))),
                "seed " + seed + ": " + fn + " of " + Arrays.toString(row));
          }
        }
        rows.add(row);
      }
      String shape = "seed " + seed + ", " + size + " rows";
      check(good, shape, onColumns(), batch(rows).withSelection(positions, good.size()), positions);
      if (!good.isEmpty()) {
        check(good, shape + " dense", onColumns(), batch(good), null);
        int few = Math.min(good.size(), size / 8 + 1);
        check(
            good.subList(0, few),
            shape + " few",
            onColumns(),
            batch(rows).withSelection(positions, few),
            positions);
        beside(shape, good);
      }
    }
    return this;
  }

  /** The last argument is one literal for all rows. */
  private void beside(String shape, List<Object[]> good) {
    if (types.length != 2) {
      return;
    }
    for (int k = 0; k < 2; k++) {
      Object literal = good.get(good.size() / 2)[k];
      List<Object[]> same = new ArrayList<>();
      for (Object[] row : good) {
        if (literal == null ? row[k] == null : literal.equals(row[k])) {
          same.add(row);
        }
      }
      List<Expr> args =
          new ArrayList<>(List.of(new ColumnExpr(0, types[0]), new ColumnExpr(1, types[1])));
      args.set(k, new LiteralExpr(types[k], literal));
      check(same, shape + " literal " + k, Functions.call(fn, args, result), batch(same), null);
    }
  }

  /** A binary reference over non-null values. */
  static Function<Object[], Object> two(BiFunction<Object, Object, Object> f) {
    return row -> f.apply(row[0], row[1]);
  }
}
