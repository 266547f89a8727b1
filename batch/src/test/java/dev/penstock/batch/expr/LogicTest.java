package dev.penstock.batch.expr;

import static dev.penstock.batch.DataType.BOOLEAN;
import static dev.penstock.batch.DataType.DATE;
import static dev.penstock.batch.DataType.FLOAT64;
import static dev.penstock.batch.DataType.INT32;
import static dev.penstock.batch.DataType.INT64;
import static dev.penstock.batch.DataType.VARCHAR;
import static dev.penstock.batch.DataType.decimal;
import static dev.penstock.batch.expr.Calls.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogicTest {
  private static final Boolean[] THREE = {true, false, null};

  @Test
  void connectives() {
    List<Object[]> and = new ArrayList<>();
    List<Object[]> or = new ArrayList<>();
    for (Boolean a : THREE) {
      for (Boolean b : THREE) {
        for (Boolean c : THREE) {
          List<Boolean> all = Arrays.asList(a, b, c);
          and.add(
              row(
                  a,
                  b,
                  c,
                  all.contains(false) ? (Object) false : all.contains(null) ? null : true));
          or.add(
              row(a, b, c, all.contains(true) ? (Object) true : all.contains(null) ? null : false));
        }
      }
    }
    Calls.of("and", BOOLEAN, BOOLEAN, BOOLEAN, BOOLEAN).gives(and.toArray(new Object[0][]));
    Calls.of("or", BOOLEAN, BOOLEAN, BOOLEAN, BOOLEAN).gives(or.toArray(new Object[0][]));
  }

  @Test
  void tests() {
    Calls.of("not", BOOLEAN, BOOLEAN).gives(row(true, false), row(false, true), row(null, null));
    Calls.of("is-true", BOOLEAN, BOOLEAN)
        .gives(row(true, true), row(false, false), row(null, false));
    Calls.of("is-false", BOOLEAN, BOOLEAN)
        .gives(row(true, false), row(false, true), row(null, false));
    Calls.of("is-null", BOOLEAN, VARCHAR).gives(row("", false), row(null, true));
    Calls.of("is-not-null", BOOLEAN, INT64).gives(row(0L, true), row(null, false));
  }

  /** y = 0 or x / y > 1, where a division by zero would be an error. */
  @Test
  void whatIsDecidedIsNotEvaluated() {
    Expr x = new ColumnExpr(0, FLOAT64);
    Expr y = new ColumnExpr(1, FLOAT64);
    LiteralExpr zero = new LiteralExpr(FLOAT64, 0.0);
    LiteralExpr one = new LiteralExpr(FLOAT64, 1.0);
    Expr ratio = Functions.call("/", List.of(x, y), FLOAT64);
    Expr greater = Functions.call(">", List.of(ratio, one), BOOLEAN);
    Expr isZero = Functions.call("=", List.of(y, zero), BOOLEAN);
    Expr or = Functions.call("or", List.of(isZero, greater), BOOLEAN);
    Expr and =
        Functions.call(
            "and", List.of(Functions.call("not", List.of(isZero), BOOLEAN), greater), BOOLEAN);
    List<Object[]> rows = List.of(row(1.0, 0.0), row(4.0, 2.0), row(1.0, 2.0));
    Batch batch = Batch.of(3, Calls.column(FLOAT64, rows, 0), Calls.column(FLOAT64, rows, 1));
    int[] out = new int[3];
    assertEquals(2, Functions.predicate(or).select(batch, out));
    assertEquals(List.of(0, 1), List.of(out[0], out[1]));
    assertEquals(1, Functions.predicate(and).select(batch, out));
    assertEquals(1, out[0]);
    Column column = or.eval(batch);
    assertEquals(
        List.of(true, true, false), List.of(column.value(0), column.value(1), column.value(2)));
    Expr choice = Functions.call("case", List.of(isZero, zero, ratio), FLOAT64);
    column = choice.eval(batch);
    assertEquals(
        List.of(0.0, 2.0, 0.5), List.of(column.value(0), column.value(1), column.value(2)));
    Expr first =
        Functions.call(
            "coalesce", List.of(Functions.call("nullif", List.of(y, y), FLOAT64), ratio), FLOAT64);
    PenstockException e = assertThrows(PenstockException.class, () -> first.eval(batch));
    assertEquals("division-by-zero", e.code());
  }

  @Test
  void choices() {
    Calls.of("case", INT64, BOOLEAN, INT64, BOOLEAN, INT64, INT64)
        .gives(
            row(true, 1L, true, 2L, 3L, 1L),
            row(false, 1L, true, 2L, 3L, 2L),
            row(null, 1L, null, 2L, 3L, 3L),
            row(false, 1L, false, 2L, null, null),
            row(true, null, true, 2L, 3L, null));
    Calls.of("if", VARCHAR, BOOLEAN, VARCHAR, VARCHAR)
        .gives(
            row(true, "a", "bb", "a"),
            row(null, "a", "bb", "bb"),
            row(false, "", "\u00e4", "\u00e4"));
    Calls.of("case", BOOLEAN, BOOLEAN, BOOLEAN, BOOLEAN)
        .gives(
            row(true, false, true, false),
            row(false, false, null, null),
            row(null, null, true, true));
    Calls.of("case", decimal(38, 1), BOOLEAN, decimal(38, 1), decimal(38, 1))
        .gives(
            row(true, new BigDecimal("1.5"), new BigDecimal("-2.5"), new BigDecimal("1.5")),
            row(false, new BigDecimal("1.5"), new BigDecimal("-2.5"), new BigDecimal("-2.5")));
    Calls.of("case", FLOAT64, BOOLEAN, FLOAT64, FLOAT64)
        .gives(row(true, 1.5, 2.5, 1.5), row(false, 1.5, 2.5, 2.5));
    Calls.of("case", INT32, BOOLEAN, INT32, INT32).gives(row(true, 1, 2, 1), row(false, 1, 2, 2));
    Calls.of("coalesce", VARCHAR, VARCHAR, VARCHAR, VARCHAR)
        .gives(
            row("a", "b", "c", "a"),
            row(null, "b", "c", "b"),
            row(null, null, "c", "c"),
            row(null, null, null, null));
    Calls.of("nullif", INT64, INT64, INT64)
        .gives(row(1L, 1L, null), row(1L, 2L, 1L), row(null, 1L, null), row(1L, null, 1L));
    Calls.of("greatest", DATE, DATE, DATE)
        .gives(
            row(LocalDate.EPOCH, LocalDate.MAX.withYear(9999), LocalDate.of(9999, 12, 31)),
            row(null, LocalDate.EPOCH, LocalDate.EPOCH),
            row(null, null, null));
    Calls.of("least", VARCHAR, VARCHAR, VARCHAR, VARCHAR)
        .gives(row("b", "a", "c", "a"), row(null, "b", null, "b"));
    Calls.of("greatest", FLOAT64, FLOAT64, FLOAT64).gives(row(Double.NaN, 1.0, Double.NaN));
  }

  @Test
  void literalTextsOfACaseAreOneDictionary() {
    Expr c = new ColumnExpr(0, BOOLEAN);
    List<Expr> args = List.of(c, new LiteralExpr(VARCHAR, "yes"), new LiteralExpr(VARCHAR, null));
    Expr choice = Functions.call("case", args, VARCHAR);
    List<Object[]> rows = List.of(row(true), row(false), row((Object) null));
    Batch batch = Batch.of(3, Calls.column(BOOLEAN, rows, 0));
    DictionaryColumn first = assertInstanceOf(DictionaryColumn.class, choice.eval(batch));
    DictionaryColumn second = assertInstanceOf(DictionaryColumn.class, choice.eval(batch));
    assertEquals(
        Arrays.asList("yes", null, null),
        Arrays.asList(first.value(0), first.value(1), first.value(2)));
    assertEquals(
        System.identityHashCode(first.dictionary()), System.identityHashCode(second.dictionary()));
  }

  @Test
  void lists() {
    Calls.of("in", BOOLEAN, INT64, INT64, INT64)
        .gives(
            row(1L, 1L, 2L, true),
            row(3L, 1L, 2L, false),
            row(3L, 1L, null, null),
            row(1L, 1L, null, true),
            row(null, 1L, 2L, null));
    Calls.of("in", BOOLEAN, VARCHAR, VARCHAR, VARCHAR, VARCHAR)
        .gives(
            row("b", "c", "a", "b", true),
            row("ab", "a", "b", "", false),
            row(null, "a", "b", "c", null));
    Calls.of("in", BOOLEAN, FLOAT64, FLOAT64, FLOAT64)
        .gives(row(-0.0, 0.0, 1.0, true), row(Double.NaN, 0.0, Double.NaN, true));
    Calls.of("between", BOOLEAN, INT32, INT32, INT32)
        .gives(
            row(2, 1, 3, true), row(4, 1, 3, false), row(4, null, 3, false), row(2, null, 3, null));
  }

  @Test
  void switches() {
    Calls.of("switch", INT64, INT32, INT32, INT64, INT32, INT64, INT64)
        .gives(
            row(1, 1, 10L, 2, 20L, 30L, 10L),
            row(2, 1, 10L, 2, 20L, 30L, 20L),
            row(3, 1, 10L, 2, null, 30L, 30L),
            row(2, null, 10L, 2, null, 30L, null),
            row(null, null, 10L, 2, 20L, 30L, 30L));
  }

  /** One value for each of 40 levels: each of them would double all below it. */
  @Test
  void operandsThatAreComparedTwiceAreComputedOnce() {
    Expr between = new ColumnExpr(0, INT64);
    Expr chosen = between;
    for (int i = 0; i < 40; i++) {
      Expr low = new LiteralExpr(INT64, (long) i);
      Expr high = new LiteralExpr(INT64, i + 3L);
      Expr hit = Functions.call("between", List.of(between, low, high), BOOLEAN);
      between = Functions.call("if", List.of(hit, high, low), INT64);
      chosen = Functions.call("switch", List.of(chosen, low, high, high, low, between), INT64);
    }
    ColumnBuilder builder = ColumnBuilder.of(INT64, 3);
    builder.appendValue(0L);
    builder.appendValue(77L);
    builder.appendNull();
    Batch batch = Batch.of(3, builder.build());
    Column out = chosen.eval(batch);
    assertEquals(List.of(42L, 39L, 39L), List.of(out.value(0), out.value(1), out.value(2)));
  }

  /** Every pair of bounds from below, in and above the values, in both orders. */
  @Test
  void ranges() {
    for (DataType type : List.of(INT32, INT64, decimal(18, 0), decimal(38, 0), FLOAT64, DATE)) {
      Object[] values = new Object[7];
      for (int i = 0; i < 7; i++) {
        values[i] = number(type, i);
      }
      ColumnBuilder builder = ColumnBuilder.of(type, 8);
      builder.appendNull();
      for (Object v : values) {
        builder.appendValue(v);
      }
      Batch batch = Batch.of(8, builder.build());
      for (String lower : List.of(">", ">=")) {
        for (String upper : List.of("<", "<=")) {
          for (int low = 0; low < 7; low++) {
            for (int high = 0; high < 7; high++) {
              range(type, batch, lower, upper, low, high, values);
            }
          }
        }
      }
    }
  }

  /** The i-th of seven ascending values, the borders of the type among them. */
  private static Object number(DataType type, int i) {
    boolean wide = type.equals(INT64);
    long[] numbers = {
      wide ? Long.MIN_VALUE : Integer.MIN_VALUE,
      -7,
      -1,
      0,
      3,
      4,
      wide ? Long.MAX_VALUE : Integer.MAX_VALUE
    };
    long v = numbers[i];
    return switch (type.kind()) {
      case INT32 -> (Object) (int) v;
      case INT64 -> (Object) v;
      case FLOAT64 -> (Object) (double) v;
      case DATE -> LocalDate.ofEpochDay(v);
      default -> BigDecimal.valueOf(v);
    };
  }

  private static void range(
      DataType type, Batch batch, String lower, String upper, int low, int high, Object[] values) {
    Expr c = new ColumnExpr(0, type);
    Expr above = Functions.call(lower, List.of(c, new LiteralExpr(type, values[low])), BOOLEAN);
    Expr below = Functions.call(upper, List.of(c, new LiteralExpr(type, values[high])), BOOLEAN);
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      if ((lower.equals(">") ? i > low : i >= low) && (upper.equals("<") ? i < high : i <= high)) {
        expected.add(i + 1);
      }
    }
    for (List<Expr> parts : List.of(List.of(above, below), List.of(below, above))) {
      Expr and = Functions.call("and", parts, BOOLEAN);
      int[] out = new int[8];
      int n = Functions.predicate(and).select(batch, out);
      String what = type + " " + lower + values[low] + " " + upper + values[high];
      assertEquals(expected, Arrays.stream(out, 0, n).boxed().toList(), what);
      int[] odd = {1, 3, 5, 7};
      n = Functions.predicate(and).select(batch.withSelection(odd, 4), out);
      assertEquals(
          expected.stream().filter(p -> p % 2 == 1).toList(),
          Arrays.stream(out, 0, n).boxed().toList(),
          what);
      Column column = and.eval(batch);
      assertEquals(null, column.value(0));
      for (int p = 1; p < 8; p++) {
        assertEquals(expected.contains(p), column.value(p), what);
      }
      assertEquals(parts, ((Shape.And) and.shape()).parts());
    }
  }

  @Test
  void longLists() {
    long seed = 99;
    Random random = new Random(seed);
    for (DataType type : List.of(INT64, INT32, VARCHAR, decimal(30, 0))) {
      List<Expr> args = new ArrayList<>(List.of(new ColumnExpr(0, type)));
      List<Long> wanted = new ArrayList<>(List.of(Long.MIN_VALUE, Long.MIN_VALUE + 1));
      for (int i = 0; i < 50; i++) {
        wanted.add((long) random.nextInt(200));
      }
      for (long v : wanted) {
        if (!type.equals(INT32) || v == (int) v) {
          args.add(new LiteralExpr(type, host(type, v)));
        }
      }
      Expr in = Functions.call("in", args, BOOLEAN);
      ColumnBuilder builder = ColumnBuilder.of(type, 2049);
      List<Boolean> expected = new ArrayList<>();
      for (int i = 0; i < 2049; i++) {
        long v = i == 0 && !type.equals(INT32) ? Long.MIN_VALUE : random.nextInt(220);
        builder.appendValue(host(type, v));
        expected.add(wanted.contains(v));
      }
      Batch batch = Batch.of(2049, builder.build());
      Column column = in.eval(batch);
      for (int i = 0; i < 2049; i++) {
        assertEquals(expected.get(i), column.value(i), "seed " + seed + " " + type + " " + i);
      }
    }
  }

  private static Object host(DataType type, long v) {
    return type.equals(VARCHAR) ? "v" + v : type.isDecimal() ? BigDecimal.valueOf(v) : (Object) v;
  }

  @Test
  void listsHaveAShape() {
    ColumnExpr c = new ColumnExpr(0, INT64);
    Expr in =
        Functions.call(
            "in",
            List.of(
                c,
                new LiteralExpr(INT64, 5L),
                new LiteralExpr(INT64, 3L),
                new LiteralExpr(INT64, 5L)),
            BOOLEAN);
    Shape.In shape = assertInstanceOf(Shape.In.class, in.shape());
    assertEquals(c, shape.column());
    assertEquals(2, shape.values().length());
    assertEquals(List.of(3L, 5L), List.of(shape.values().value(0), shape.values().value(1)));
    assertEquals(Shape.OTHER, Functions.call("not", List.of(in), BOOLEAN).shape());
  }

  @Test
  void literalsAreComputedAtOnce() {
    Expr sum =
        Functions.call("+", List.of(new LiteralExpr(INT64, 1L), new LiteralExpr(INT64, 2L)), INT64);
    assertEquals(3L, assertInstanceOf(LiteralExpr.class, sum).value());
    Expr bad =
        Functions.call(
            "/", List.of(new LiteralExpr(FLOAT64, 1.0), new LiteralExpr(FLOAT64, 0.0)), FLOAT64);
    assertFalse(bad instanceof LiteralExpr);
  }

  /** A dictionary that is longer than any batch is not computed as one. */
  @Test
  void longDictionaries() {
    int size = Batch.MAX_ROWS + 1;
    ColumnBuilder builder = ColumnBuilder.of(INT64, size);
    int[] ids = new int[Batch.MAX_ROWS];
    for (int i = 0; i < size; i++) {
      builder.appendLong(i);
    }
    for (int i = 0; i < ids.length; i++) {
      ids[i] = ids.length - i;
    }
    Batch batch = Batch.of(ids.length, new DictionaryColumn(builder.build(), ids, ids.length));
    List<Expr> args = List.of(new ColumnExpr(0, INT64), new LiteralExpr(INT64, 65_530L));
    assertEquals(131_066L, Functions.call("+", args, INT64).eval(batch).value(0));
    int[] out = new int[ids.length];
    assertEquals(6, Functions.predicate(Functions.call(">", args, BOOLEAN)).select(batch, out));
  }

  @Test
  void whatIsNotBuiltIsSaid() {
    PenstockException e =
        assertThrows(PenstockException.class, () -> Functions.call("soundex", List.of(), VARCHAR));
    assertEquals(
        "function soundex is not built; see docs/plan-language.md, section 4", e.getMessage());
    assertEquals(PenstockException.Category.UNSUPPORTED, e.category());
    Expr text = new ColumnExpr(0, VARCHAR);
    e =
        assertThrows(
            PenstockException.class, () -> Functions.call("+", List.of(text, text), INT64));
    assertEquals("function + of (varchar varchar) giving int64 is not built", e.getMessage());
    e = assertThrows(PenstockException.class, () -> Functions.call("=", List.of(text), BOOLEAN));
    assertEquals("function = of (varchar) giving boolean is not built", e.getMessage());
    e = assertThrows(PenstockException.class, () -> Functions.predicate(text));
    assertEquals("expected a boolean expression, got one of type varchar", e.getMessage());
  }

  @Test
  void aLongChainLooksAtTheToken() {
    List<Object[]> rows = List.<Object[]>of(row((Object) true));
    Batch batch = Batch.of(1, Calls.column(BOOLEAN, rows, 0));
    CancellationToken token = new CancellationToken();
    token.cancel(CancellationToken.Reason.PERSON, "enough");
    for (String f : List.of("and", "or")) {
      Expr part = new ColumnExpr(0, BOOLEAN);
      Expr open = f.equals("and") ? part : Functions.call("not", List.of(part), BOOLEAN);
      Predicate many = (Predicate) Functions.call(f, Collections.nCopies(200, open), BOOLEAN);
      CancellationToken.work(token);
      try {
        assertThrows(PenstockException.class, () -> many.select(batch, new int[1]));
        assertThrows(PenstockException.class, () -> many.eval(batch));
      } finally {
        CancellationToken.work(null);
      }
      assertEquals(f.equals("and") ? 1 : 0, many.select(batch, new int[1]));
    }
  }
}
