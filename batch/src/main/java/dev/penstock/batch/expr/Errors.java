package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.monitor.PenstockException;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The errors that values raise; each message names the operation, the values and what to do. */
final class Errors {
  private static final int SHOWN = 60;

  private Errors() {}

  static PenstockException overflow(String what, DataType type) {
    return PenstockException.incorrect(
        "overflow", what + " does not fit " + type + "; cast an argument to a wider type");
  }

  /** An infix operation on the arguments at a position overflowed. */
  static PenstockException overflow(String operator, Args x, int position, DataType type) {
    String a = show(x.value(0, position));
    String what =
        x.size() == 1
            ? operator + "(" + a + ")"
            : a + " " + operator + " " + show(x.value(1, position));
    return overflow(what, type);
  }

  static PenstockException zeroDivisor(String function, Args x, int position) {
    return PenstockException.incorrect(
        "division-by-zero",
        "("
            + function
            + " "
            + show(x.value(0, position))
            + " "
            + show(x.value(1, position))
            + "): division by zero; make the divisor null where it is 0, as in (nullif y 0)");
  }

  static PenstockException badCast(@Nullable Object value, DataType from, DataType to) {
    return PenstockException.incorrect(
        "bad-cast",
        "cannot cast "
            + show(value)
            + " ("
            + from
            + ") to "
            + to
            + "; try-cast gives null instead");
  }

  /** A function does not take the values at a position. */
  static PenstockException badArgument(String function, Args x, int position, String expected) {
    StringJoiner call = new StringJoiner(" ", "(" + function + " ", ")");
    for (int k = 0; k < x.size(); k++) {
      call.add(show(x.value(k, position)));
    }
    return PenstockException.incorrect("bad-argument", call + ": expected " + expected);
  }

  /** No kernel for these types: the plan's inference should have said so before. */
  static PenstockException unsupported(String function, Iterable<Expr> args, DataType result) {
    StringJoiner types = new StringJoiner(" ");
    for (Expr e : args) {
      types.add(e.type().toString());
    }
    return PenstockException.unsupported(
        "no-kernel",
        "function " + function + " of (" + types + ") giving " + result + " is not built");
  }

  /** A value for a message: texts quoted, long ones cut. */
  static String show(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return bytes.length + " bytes";
    }
    String text = String.valueOf(value);
    if (text.length() > SHOWN) {
      text = text.substring(0, text.offsetByCodePoints(0, SHOWN / 2)) + "...";
    }
    return value instanceof String ? "'" + text + "'" : text;
  }
}
