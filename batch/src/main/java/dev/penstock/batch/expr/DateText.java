package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code (strftime t format)} and {@code (strptime s format)}; formats are {@link DateFormat}s. */
final class DateText {
  static final List<String> NAMES = List.of("strftime", "strptime");

  /**
   * The format compiled last, of one call.
   *
   * <p>Concurrency: one volatile reference to an immutable pair; a lost write costs a second
   * compilation.
   */
  private static final class Formats {
    private record Pair(String text, DateFormat format) {}

    private final String fn;
    private volatile @Nullable Pair last;

    Formats(String fn) {
      this.fn = fn;
    }

    DateFormat of(Args x, int p) {
      Pair pair = last;
      String text = x.text(1, p);
      if (pair == null || !pair.text.equals(text)) {
        DateFormat format = DateFormat.parse(text);
        if (format == null) {
          throw Errors.badArgument(fn, x, p, "a format of the specifiers %Y %m %d %H %M %S ...");
        }
        pair = new Pair(text, format);
        last = pair;
      }
      return pair.format;
    }
  }

  private DateText() {}

  /** The call, or null if these types have no kernel: dates are timestamps here. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    if (args.size() != 2 || args.get(1).type().kind() != Kind.VARCHAR) {
      return null;
    }
    DataType first = args.get(0).type();
    Formats formats = new Formats(fn);
    if (fn.equals("strptime")) {
      return first.kind() == Kind.VARCHAR && DateArithmetic.isTimestamp(result)
          ? new CallExpr(result, x -> parse(x, formats, result), args)
          : null;
    }
    String zone = first.kind() == Kind.TIMESTAMPTZ ? "UTC" : "";
    return DateArithmetic.isTimestamp(first) && result.kind() == Kind.VARCHAR
        ? new CallExpr(
            result,
            x -> Gather.texts(x, result, p -> formats.of(x, p).format(x.number(0, p), zone)),
            args)
        : null;
  }

  private static FlatColumn parse(Args x, Formats formats, DataType result) {
    return Gather.longs(
        x,
        result,
        p -> {
          Long micros = DateParser.parse(x.text(0, p), formats.of(x, p));
          if (micros == null) {
            throw Errors.badArgument(
                "strptime", x, p, "a text of the format; (try ...) gives null instead");
          }
          return micros;
        });
  }
}
