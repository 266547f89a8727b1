package dev.penstock.batch.expr;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Kind;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code starts-with ends-with contains position length octet-length ascii}: what is asked of a
 * text, on its bytes.
 */
final class TextSearch {
  static final List<String> NAMES =
      List.of(
          "starts-with", "ends-with", "contains", "position", "length", "octet-length", "ascii");

  /** A test of a value's bytes against another's. */
  private interface Matcher {
    boolean test(byte[] a, int from, int to, byte[] b, int start, int end);
  }

  private TextSearch() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    if (fn.equals("octet-length")) {
      Kind kind = args.get(0).type().kind();
      return kind == Kind.VARCHAR || kind == Kind.VARBINARY || kind == Kind.JSON
          ? new CallExpr(result, x -> octets(x, result), args)
          : null;
    }
    if (!Functions.texts(args)) {
      return null;
    }
    return switch (fn) {
      case "length" -> new CallExpr(result, x -> length(x, result), args);
      case "ascii" -> new CallExpr(result, x -> ascii(x, result), args);
      case "position" ->
          args.size() == 2 ? new CallExpr(result, x -> position(x, result), args) : null;
      default -> {
        Matcher matcher =
            switch (fn) {
              case "starts-with" -> TextSearch::starts;
              case "ends-with" -> TextSearch::ends;
              default ->
                  (a, from, to, b, start, end) -> Utf8.indexOf(a, from, to, b, start, end) >= 0;
            };
        yield args.size() == 2 ? test(matcher, args) : null;
      }
    };
  }

  private static boolean starts(byte[] a, int from, int to, byte[] b, int start, int end) {
    int size = end - start;
    return to - from >= size && Arrays.equals(a, from, from + size, b, start, end);
  }

  private static boolean ends(byte[] a, int from, int to, byte[] b, int start, int end) {
    int size = end - start;
    return to - from >= size && Arrays.equals(a, to - size, to, b, start, end);
  }

  private static Expr test(Matcher matcher, List<Expr> args) {
    if (args.get(1) instanceof LiteralExpr l && l.value() instanceof String text) {
      byte[] b = Utf8.bytes(text);
      return new ColumnPredicate(
          args.get(0),
          (c, sel, count, out) -> {
            byte[] slab = ((BytesColumn) c).slab();
            int[] offsets = ((BytesColumn) c).offsets();
            int n = 0;
            for (int i = 0; i < count; i++) {
              int p = sel == null ? i : sel[i];
              out[n] = p;
              n += matcher.test(slab, offsets[p], offsets[p + 1], b, 0, b.length) ? 1 : 0;
            }
            return n;
          });
    }
    return new CallExpr(DataType.BOOLEAN, x -> test(matcher, x), args);
  }

  private static FlatColumn test(Matcher matcher, Args x) {
    long[] words = new long[Bits.words(x.length())];
    BytesColumn a = x.bytes(0);
    BytesColumn b = x.bytes(1);
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      int u = p & x.mask(0);
      int v = p & x.mask(1);
      if (matcher.test(
          a.slab(), a.start(u), a.start(u + 1), b.slab(), b.start(v), b.start(v + 1))) {
        Bits.set(words, p);
      }
    }
    return new BitColumn(DataType.BOOLEAN, words, x.nulls(), x.length());
  }

  private static FlatColumn position(Args x, DataType result) {
    BytesColumn needle = x.bytes(0);
    BytesColumn text = x.bytes(1);
    long[] out = new long[x.length()];
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      int u = p & x.mask(0);
      int v = p & x.mask(1);
      int from = text.start(v);
      int at =
          Utf8.indexOf(
              text.slab(),
              from,
              text.start(v + 1),
              needle.slab(),
              needle.start(u),
              needle.start(u + 1));
      out[p] = at < 0 ? 0 : Utf8.count(text.slab(), from, at) + 1;
    }
    return Integers.column(result, out, x);
  }

  private static FlatColumn length(Args x, DataType result) {
    byte[] slab = x.bytes(0).slab();
    int[] offsets = x.bytes(0).offsets();
    long[] out = new long[x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      out[p] = Utf8.count(slab, offsets[p], offsets[p + 1]);
    }
    return Integers.column(result, out, x);
  }

  private static FlatColumn octets(Args x, DataType result) {
    int[] offsets = x.bytes(0).offsets();
    long[] out = new long[x.length()];
    for (int i = 0; i < out.length; i++) {
      out[i] = (long) offsets[i + 1] - offsets[i];
    }
    return Integers.column(result, out, x);
  }

  private static FlatColumn ascii(Args x, DataType result) {
    BytesColumn a = x.bytes(0);
    long[] out = new long[x.length()];
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      if (a.size(p) > 0) {
        int end = Utf8.next(a.slab(), a.start(p), a.start(p + 1));
        out[p] = Utf8.string(a.slab(), a.start(p), end).codePointAt(0);
      }
    }
    return Integers.column(result, out, x);
  }
}
