package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Kind;
import dev.penstock.batch.PairColumn;
import dev.penstock.batch.kernel.Int128;
import dev.penstock.monitor.PenstockException;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code bit-and bit-or bit-xor bit-not shift-left shift-right bit-count gcd lcm factorial}. Bits
 * are those of two's complement in the width of the type; a shift to the left takes a number from 0
 * and loses no bit.
 */
final class IntegerFunctions {
  static final List<String> NAMES =
      List.of(
          "bit-and",
          "bit-or",
          "bit-xor",
          "bit-not",
          "shift-left",
          "shift-right",
          "bit-count",
          "gcd",
          "lcm",
          "factorial");

  private static final int MOST_FACTORIAL = 33;

  private IntegerFunctions() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    DataType type = args.get(0).type();
    for (Expr e : args) {
      if (!e.type().equals(type) || (type.kind() != Kind.INT32 && type.kind() != Kind.INT64)) {
        return null;
      }
    }
    boolean one = fn.equals("bit-not") || fn.equals("bit-count") || fn.equals("factorial");
    if (args.size() != (one ? 1 : 2)) {
      return null;
    }
    return switch (fn) {
      case "bit-count" ->
          result.kind() == Kind.INT32
              ? new CallExpr(result, IntegerFunctions::bitCount, args)
              : null;
      case "factorial" ->
          result.equals(DataType.decimal(DataType.MAX_PRECISION, 0))
              ? new CallExpr(result, x -> factorial(x, result), args)
              : null;
      default -> {
        if (!type.equals(result)) {
          yield null;
        }
        yield new CallExpr(result, one ? x -> not(x, result) : x -> binary(fn, x, result), args);
      }
    };
  }

  private static long value(Args x, int k, int position) {
    int p = position & x.mask(k);
    return x.column(k) instanceof IntColumn c ? c.values()[p] : x.longs(k)[p];
  }

  private static FlatColumn not(Args x, DataType type) {
    long[] out = new long[x.length()];
    for (int i = 0; i < out.length; i++) {
      out[i] = ~value(x, 0, i);
    }
    return Integers.column(type, out, x);
  }

  private static FlatColumn bitCount(Args x) {
    int[] out = new int[x.length()];
    boolean ints = x.type(0).kind() == Kind.INT32;
    for (int i = 0; i < out.length; i++) {
      long v = value(x, 0, i);
      out[i] = Long.bitCount(ints ? v & 0xFFFF_FFFFL : v);
    }
    return new IntColumn(DataType.INT32, out, x.nulls(), x.length());
  }

  private static FlatColumn binary(String fn, Args x, DataType type) {
    long[] out = new long[x.length()];
    int width = type.kind() == Kind.INT32 ? 32 : 64;
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      long a = value(x, 0, p);
      long b = value(x, 1, p);
      out[p] =
          switch (fn) {
            case "bit-and" -> a & b;
            case "bit-or" -> a | b;
            case "bit-xor" -> a ^ b;
            case "shift-right" -> b < 0 || b >= width ? 0 : a >> b;
            case "shift-left" -> shiftLeft(x, p, width, type);
            default -> {
              BigInteger r = fn.equals("gcd") ? BigInteger.valueOf(gcd(a, b)).abs() : lcm(a, b);
              if (r.bitLength() >= width) {
                throw overflow(fn, x, p, type);
              }
              yield r.longValue();
            }
          };
    }
    return Integers.column(type, out, x);
  }

  private static long shiftLeft(Args x, int position, int width, DataType type) {
    long a = value(x, 0, position);
    long b = value(x, 1, position);
    if (a < 0 || b < 0 || b >= width) {
      throw Errors.badArgument(
          "shift-left", x, position, "a number from 0 and a shift from 0 to " + (width - 1));
    }
    // The sign and all that is shifted out must be 0.
    if (a != 0 && width - 1 - b < 64 - Long.numberOfLeadingZeros(a)) {
      throw overflow("shift-left", x, position, type);
    }
    return a << b;
  }

  /** May be negative only for the least long. */
  private static long gcd(long a, long b) {
    while (b != 0) {
      long r = a % b;
      a = b;
      b = r;
    }
    return a < 0 ? -a : a;
  }

  private static BigInteger lcm(long a, long b) {
    if (a == 0 || b == 0) {
      return BigInteger.ZERO;
    }
    BigInteger over = BigInteger.valueOf(gcd(a, b));
    return BigInteger.valueOf(a).divide(over).multiply(BigInteger.valueOf(b)).abs();
  }

  private static FlatColumn factorial(Args x, DataType type) {
    long[] out = new long[2 * x.length()];
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      long a = value(x, 0, p);
      if (a < 0 || a > MOST_FACTORIAL) {
        throw Errors.badArgument("factorial", x, p, "a number from 0 to " + MOST_FACTORIAL);
      }
      BigInteger r = BigInteger.ONE;
      for (long k = 2; k <= a; k++) {
        r = r.multiply(BigInteger.valueOf(k));
      }
      Int128.set(r, out, 2 * p);
    }
    return new PairColumn(type, out, x.nulls(), x.length());
  }

  private static PenstockException overflow(String fn, Args x, int position, DataType type) {
    return Errors.overflow(
        "(" + fn + " " + x.value(0, position) + " " + x.value(1, position) + ")", type);
  }
}
