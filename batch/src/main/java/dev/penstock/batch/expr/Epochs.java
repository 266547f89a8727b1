package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code epoch-ms epoch-us epoch-ns} of a timestamp, since 1970; milliseconds round half away from
 * zero.
 */
final class Epochs {
  static final List<String> NAMES = List.of("epoch-ms", "epoch-us", "epoch-ns");

  private Epochs() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    if (args.size() != 1
        || !DateArithmetic.isTimestamp(args.get(0).type())
        || result.kind() != Kind.INT64) {
      return null;
    }
    return switch (fn) {
      case "epoch-ms" ->
          new CallExpr(result, x -> Gather.longs(x, result, p -> millis(x.longs(0)[p])), args);
      case "epoch-us" ->
          new CallExpr(result, x -> Gather.longs(x, result, p -> x.longs(0)[p]), args);
      default ->
          new CallExpr(
              result,
              x ->
                  Gather.longs(
                      x,
                      result,
                      p -> {
                        long v = x.longs(0)[p];
                        if (v > Long.MAX_VALUE / 1000 || v < Long.MIN_VALUE / 1000) {
                          throw Errors.overflow("epoch-ns of " + x.value(0, p), result);
                        }
                        return v * 1000;
                      }),
              args);
    };
  }

  private static long millis(long micros) {
    long rest = micros % 1000;
    return micros / 1000 + (rest >= 500 ? 1 : rest <= -500 ? -1 : 0);
  }
}
