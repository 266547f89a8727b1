package dev.penstock.batch.expr;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code substring left right trim ltrim rtrim split-part}: texts that are a piece of their first
 * argument, cut on its bytes.
 */
final class TextParts {
  static final List<String> NAMES =
      List.of("substring", "left", "right", "trim", "ltrim", "rtrim", "split-part");

  private TextParts() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    return switch (fn) {
      case "substring" -> {
        List<Expr> fitted = textThenLongs(args, 1);
        yield fitted == null || args.size() > 3
            ? null
            : new CallExpr(result, TextParts::substring, fitted);
      }
      case "left", "right" -> {
        List<Expr> fitted = textThenLongs(args, 1);
        boolean left = fn.equals("left");
        yield fitted == null || args.size() != 2
            ? null
            : new CallExpr(result, x -> end(x, left), fitted);
      }
      case "split-part" -> {
        List<Expr> fitted = textThenLongs(args, 2);
        yield fitted == null || args.size() != 3
            ? null
            : new CallExpr(result, TextParts::splitPart, fitted);
      }
      default ->
          Functions.texts(args) && args.size() <= 2
              ? new CallExpr(result, x -> trim(x, !fn.equals("rtrim"), !fn.equals("ltrim")), args)
              : null;
    };
  }

  /** So many texts, then integers, which become int64; or null. */
  static @Nullable List<Expr> textThenLongs(List<Expr> args, int texts) {
    List<Expr> out = new ArrayList<>(args);
    for (int k = 0; k < args.size(); k++) {
      switch (args.get(k).type().kind()) {
        case VARCHAR -> {
          if (k >= texts) {
            return null;
          }
        }
        case INT32, INT64 -> {
          if (k < texts) {
            return null;
          }
          out.set(k, Casts.to(args.get(k), DataType.INT64, false));
        }
        default -> {
          return null;
        }
      }
    }
    return out;
  }

  /**
   * As DuckDB has it: a negative position counts from the end, position 0 is one before the first,
   * a negative length counts backwards; where there is no text, a length counts all the same.
   */
  private static FlatColumn substring(Args x) {
    BytesColumn c = x.bytes(0);
    byte[] a = c.slab();
    TextSlab out = new TextSlab(x);
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      int q = p & x.mask(0);
      // No text has more code points than an int counts, and the least long has no opposite.
      long from = Math.max(x.longs(1)[p & x.mask(1)], -Integer.MAX_VALUE);
      long size =
          x.size() == 3
              ? Math.max(x.longs(2)[p & x.mask(2)], -Integer.MAX_VALUE)
              : Integer.MAX_VALUE;
      int start = c.start(q);
      int end = c.start(q + 1);
      int begin =
          from > 0
              ? Utf8.offset(a, start, end, from - 1)
              : from < 0 ? Utf8.offsetBack(a, start, end, -from) : start;
      if (begin == start && from <= 0) {
        long missing = from == 0 ? 1 : -from - Utf8.count(a, start, end);
        size = missing == 0 || x.size() == 2 ? size : Math.max(0, size - missing);
      } else if (size < 0 && begin == end) {
        size = Math.min(0, size + Math.max(0, from - 1 - Utf8.count(a, start, end)));
      }
      if (size >= 0) {
        end = Utf8.offset(a, begin, end, size);
      } else {
        end = begin;
        begin = Utf8.offsetBack(a, start, end, -size);
      }
      out.add(p, a, begin, end);
    }
    return out.column(DataType.VARCHAR);
  }

  private static FlatColumn end(Args x, boolean left) {
    BytesColumn c = x.bytes(0);
    byte[] a = c.slab();
    TextSlab out = new TextSlab(x);
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      int q = p & x.mask(0);
      // No text has more code points than an int counts, and the least long has no opposite.
      long size = Math.max(x.longs(1)[p & x.mask(1)], -Integer.MAX_VALUE);
      int start = c.start(q);
      int end = c.start(q + 1);
      // A negative number leaves so many code points away at the other end.
      if (left) {
        int to =
            size >= 0 ? Utf8.offset(a, start, end, size) : Utf8.offsetBack(a, start, end, -size);
        out.add(p, a, start, to);
      } else {
        int from =
            size >= 0 ? Utf8.offsetBack(a, start, end, size) : Utf8.offset(a, start, end, -size);
        out.add(p, a, from, end);
      }
    }
    return out.column(DataType.VARCHAR);
  }

  private static FlatColumn trim(Args x, boolean leading, boolean trailing) {
    BytesColumn c = x.bytes(0);
    byte[] a = c.slab();
    TextSlab out = new TextSlab(x);
    int[] rows = x.rows();
    int n = x.rowCount();
    byte[] space = {' '};
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      int q = p & x.mask(0);
      int from = c.start(q);
      int to = c.start(q + 1);
      byte[] set = space;
      int start = 0;
      int end = 1;
      if (x.size() == 2) {
        int v = p & x.mask(1);
        set = x.bytes(1).slab();
        start = x.bytes(1).start(v);
        end = x.bytes(1).start(v + 1);
      }
      while (leading && from < to) {
        int next = Utf8.next(a, from, to);
        if (!contains(set, start, end, a, from, next)) {
          break;
        }
        from = next;
      }
      while (trailing && from < to) {
        int last = Utf8.previous(a, to, from);
        if (!contains(set, start, end, a, last, to)) {
          break;
        }
        to = last;
      }
      out.add(p, a, from, to);
    }
    return out.column(DataType.VARCHAR);
  }

  /**
   * Is the one code point in a range among those of a set? In UTF-8 its bytes begin nowhere else.
   */
  private static boolean contains(byte[] set, int start, int end, byte[] a, int from, int to) {
    return Utf8.indexOf(set, start, end, a, from, to) >= 0;
  }

  private static FlatColumn splitPart(Args x) {
    BytesColumn c = x.bytes(0);
    BytesColumn separators = x.bytes(1);
    byte[] a = c.slab();
    TextSlab out = new TextSlab(x);
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      int q = p & x.mask(0);
      int v = p & x.mask(1);
      long part = x.longs(2)[p & x.mask(2)];
      if (part == 0) {
        throw Errors.badArgument("split-part", x, p, "a part number, which is not 0");
      }
      int start = separators.start(v);
      int end = separators.start(v + 1);
      byte[] b = separators.slab();
      if (part < 0) {
        // From the end: -1 is the last of all.
        part += parts(a, c.start(q), c.start(q + 1), b, start, end) + 1;
      }
      int from = c.start(q);
      int to = c.start(q + 1);
      // An empty separator parts nothing.
      int at = start == end ? -1 : Utf8.indexOf(a, from, to, b, start, end);
      long k = 1;
      while (k < part && at >= 0) {
        from = at + end - start;
        at = Utf8.indexOf(a, from, to, b, start, end);
        k++;
      }
      out.add(p, a, k == part ? from : to, at < 0 || k != part ? to : at);
    }
    return out.column(DataType.VARCHAR);
  }

  private static int parts(byte[] a, int from, int to, byte[] b, int start, int end) {
    int n = 1;
    int at = start == end ? -1 : Utf8.indexOf(a, from, to, b, start, end);
    while (at >= 0) {
      n++;
      at = Utf8.indexOf(a, at + end - start, to, b, start, end);
    }
    return n;
  }
}
