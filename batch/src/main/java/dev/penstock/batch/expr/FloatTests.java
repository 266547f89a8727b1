package dev.penstock.batch.expr;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Kind;
import java.util.List;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/** {@code is-nan is-finite is-infinite}. */
final class FloatTests {
  static final List<String> NAMES = List.of("is-nan", "is-finite", "is-infinite");

  private FloatTests() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    if (args.size() != 1 || args.get(0).type().kind() != Kind.FLOAT64) {
      return null;
    }
    DoublePredicate test =
        switch (fn) {
          case "is-nan" -> Double::isNaN;
          case "is-finite" -> Double::isFinite;
          default -> Double::isInfinite;
        };
    return new CallExpr(result, x -> test(test, x), args);
  }

  private static FlatColumn test(DoublePredicate test, Args x) {
    double[] a = x.doubles(0);
    long[] words = new long[Bits.words(x.length())];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      if (test.test(a[rows[i]])) {
        Bits.set(words, rows[i]);
      }
    }
    return new BitColumn(DataType.BOOLEAN, words, x.nulls(), x.length());
  }
}
