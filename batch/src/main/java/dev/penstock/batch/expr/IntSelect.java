package dev.penstock.batch.expr;

import org.jspecify.annotations.Nullable;

/**
 * Comparisons of ints that write selection vectors without a branch; see {@link Selections} for the
 * arguments. {@code flip} is 0, or 1 for the opposite.
 */
final class IntSelect {
  private IntSelect() {}

  static int constant(
      Comparison op, int[] a, int value, int @Nullable [] sel, int count, int[] out) {
    long c = value;
    return switch (op) {
      case EQUAL -> equalConstant(a, c, 0, sel, count, out);
      case NOT_EQUAL -> equalConstant(a, c, 1, sel, count, out);
      case LESS -> lessConstant(a, c, 0, sel, count, out);
      case AT_LEAST -> lessConstant(a, c, 1, sel, count, out);
      case AT_MOST -> lessConstant(a, c + 1, 0, sel, count, out);
      case GREATER -> lessConstant(a, c + 1, 1, sel, count, out);
    };
  }

  static int columns(Comparison op, int[] a, int[] b, int @Nullable [] sel, int count, int[] out) {
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
      int[] a, long c, int flip, int @Nullable [] sel, int count, int[] out) {
    int n = 0;
    if (sel == null) {
      for (int i = 0; i < count; i++) {
        out[n] = i;
        n += (int) ((a[i] - c) >>> 63) ^ flip;
      }
    } else {
      for (int i = 0; i < count; i++) {
        int p = sel[i];
        out[n] = p;
        n += (int) ((a[p] - c) >>> 63) ^ flip;
      }
    }
    return n;
  }

  private static int equalConstant(
      int[] a, long c, int flip, int @Nullable [] sel, int count, int[] out) {
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
      int[] a, int[] b, int flip, int @Nullable [] sel, int count, int[] out) {
    int n = 0;
    if (sel == null) {
      for (int i = 0; i < count; i++) {
        out[n] = i;
        n += (int) (((long) a[i] - b[i]) >>> 63) ^ flip;
      }
    } else {
      for (int i = 0; i < count; i++) {
        int p = sel[i];
        out[n] = p;
        n += (int) (((long) a[p] - b[p]) >>> 63) ^ flip;
      }
    }
    return n;
  }

  private static int equalColumns(
      int[] a, int[] b, int flip, int @Nullable [] sel, int count, int[] out) {
    int n = 0;
    if (sel == null) {
      for (int i = 0; i < count; i++) {
        long d = (long) a[i] ^ b[i];
        out[n] = i;
        n += (int) (~(d | -d) >>> 63) ^ flip;
      }
    } else {
      for (int i = 0; i < count; i++) {
        int p = sel[i];
        long d = (long) a[p] ^ b[p];
        out[n] = p;
        n += (int) (~(d | -d) >>> 63) ^ flip;
      }
    }
    return n;
  }
}
