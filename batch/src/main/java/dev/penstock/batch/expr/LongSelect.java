package dev.penstock.batch.expr;

import org.jspecify.annotations.Nullable;

/**
 * Comparisons of longs that write selection vectors without a branch; see {@link Selections} for
 * the arguments. {@code flip} is 0, or 1 for the opposite.
 */
final class LongSelect {
  private LongSelect() {}

  /** 1 if x is less than y, else 0, whatever their difference (Hacker's Delight, 2-12). */
  static int less(long x, long y) {
    return (int) (((x & ~y) | (~(x ^ y) & (x - y))) >>> 63);
  }

  static int constant(
      Comparison op, long[] a, long value, int @Nullable [] sel, int count, int[] out) {
    long c = value;
    if (c == Long.MAX_VALUE && (op == Comparison.AT_MOST || op == Comparison.GREATER)) {
      return op == Comparison.AT_MOST ? Selections.all(sel, count, out) : 0;
    }
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
      Comparison op, long[] a, long[] b, int @Nullable [] sel, int count, int[] out) {
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
      long[] a, long c, int flip, int @Nullable [] sel, int count, int[] out) {
    int n = 0;
    if (sel == null) {
      for (int i = 0; i < count; i++) {
        out[n] = i;
        n += less(a[i], c) ^ flip;
      }
    } else {
      for (int i = 0; i < count; i++) {
        int p = sel[i];
        out[n] = p;
        n += less(a[p], c) ^ flip;
      }
    }
    return n;
  }

  private static int equalConstant(
      long[] a, long c, int flip, int @Nullable [] sel, int count, int[] out) {
    int n = 0;
    if (sel == null) {
      for (int i = 0; i < count; i++) {
        long d = a[i] ^ c;
        out[n] = i;
        n += (int) (~(d | -d) >>> 63) ^ flip;
      }
    } else {
      for (int i = 0; i < count; i++) {
        int p = sel[i];
        long d = a[p] ^ c;
        out[n] = p;
        n += (int) (~(d | -d) >>> 63) ^ flip;
      }
    }
    return n;
  }

  private static int lessColumns(
      long[] a, long[] b, int flip, int @Nullable [] sel, int count, int[] out) {
    int n = 0;
    if (sel == null) {
      for (int i = 0; i < count; i++) {
        out[n] = i;
        n += less(a[i], b[i]) ^ flip;
      }
    } else {
      for (int i = 0; i < count; i++) {
        int p = sel[i];
        out[n] = p;
        n += less(a[p], b[p]) ^ flip;
      }
    }
    return n;
  }

  private static int equalColumns(
      long[] a, long[] b, int flip, int @Nullable [] sel, int count, int[] out) {
    int n = 0;
    if (sel == null) {
      for (int i = 0; i < count; i++) {
        long d = a[i] ^ b[i];
        out[n] = i;
        n += (int) (~(d | -d) >>> 63) ^ flip;
      }
    } else {
      for (int i = 0; i < count; i++) {
        int p = sel[i];
        long d = a[p] ^ b[p];
        out[n] = p;
        n += (int) (~(d | -d) >>> 63) ^ flip;
      }
    }
    return n;
  }
}
