package dev.penstock.batch.expr;

import static dev.penstock.batch.expr.LongSelect.less;
import static dev.penstock.batch.kernel.Ordering.doubleKey;

import dev.penstock.batch.kernel.Ordering;
import org.jspecify.annotations.Nullable;

/**
 * Comparisons of floats, in the order of {@link Ordering}, that write selection vectors without a
 * branch; see {@link Selections} for the arguments. {@code flip} is 0, or 1 for the opposite.
 */
final class DoubleSelect {
  private DoubleSelect() {}

  static int constant(
      Comparison op, double[] a, double value, int @Nullable [] sel, int count, int[] out) {
    long c = doubleKey(value);
    return switch (op) {
      case EQUAL -> equalConstant(a, c, 0, sel, count, out);
      case NOT_EQUAL -> equalConstant(a, c, 1, sel, count, out);
      case LESS -> lessConstant(a, c, 0, sel, count, out);
      case AT_LEAST -> lessConstant(a, c, 1, sel, count, out);
      case AT_MOST -> lessConstant(a, c + 1, 0, sel, count, out);
      case GREATER -> lessConstant(a, c + 1, 1, sel, count, out);
    };
  }

  static int columns(
      Comparison op, double[] a, double[] b, int @Nullable [] sel, int count, int[] out) {
    return switch (op) {
      case EQUAL -> equalColumns(a, b, 0, sel, count, out);
      case NOT_EQUAL -> equalColumns(a, b, 1, sel, count, out);
      case LESS -> lessColumns(a, b, 0, sel, count, out);
      case AT_LEAST -> lessColumns(a, b, 1, sel, count, out);
      case GREATER -> lessColumns(b, a, 0, sel, count, out);
      case AT_MOST -> lessColumns(b, a, 1, sel, count, out);
    };
  }

  private static int lessConstant(
      double[] a, long c, int flip, int @Nullable [] sel, int count, int[] out) {
    int n = 0;
    if (sel == null) {
      for (int i = 0; i < count; i++) {
        out[n] = i;
        n += less(doubleKey(a[i]), c) ^ flip;
      }
    } else {
      for (int i = 0; i < count; i++) {
        int p = sel[i];
        out[n] = p;
        n += less(doubleKey(a[p]), c) ^ flip;
      }
    }
    return n;
  }

  private static int equalConstant(
      double[] a, long c, int flip, int @Nullable [] sel, int count, int[] out) {
    int n = 0;
    if (sel == null) {
      for (int i = 0; i < count; i++) {
        long d = doubleKey(a[i]) ^ c;
        out[n] = i;
        n += (int) (~(d | -d) >>> 63) ^ flip;
      }
    } else {
      for (int i = 0; i < count; i++) {
        int p = sel[i];
        long d = doubleKey(a[p]) ^ c;
        out[n] = p;
        n += (int) (~(d | -d) >>> 63) ^ flip;
      }
    }
    return n;
  }

  private static int lessColumns(
      double[] a, double[] b, int flip, int @Nullable [] sel, int count, int[] out) {
    int n = 0;
    if (sel == null) {
      for (int i = 0; i < count; i++) {
        out[n] = i;
        n += less(doubleKey(a[i]), doubleKey(b[i])) ^ flip;
      }
    } else {
      for (int i = 0; i < count; i++) {
        int p = sel[i];
        out[n] = p;
        n += less(doubleKey(a[p]), doubleKey(b[p])) ^ flip;
      }
    }
    return n;
  }

  private static int equalColumns(
      double[] a, double[] b, int flip, int @Nullable [] sel, int count, int[] out) {
    int n = 0;
    if (sel == null) {
      for (int i = 0; i < count; i++) {
        long d = doubleKey(a[i]) ^ doubleKey(b[i]);
        out[n] = i;
        n += (int) (~(d | -d) >>> 63) ^ flip;
      }
    } else {
      for (int i = 0; i < count; i++) {
        int p = sel[i];
        long d = doubleKey(a[p]) ^ doubleKey(b[p]);
        out[n] = p;
        n += (int) (~(d | -d) >>> 63) ^ flip;
      }
    }
    return n;
  }
}
