package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code upper lower concat concat-ws replace lpad rpad reverse repeat chr}: texts made from texts.
 */
final class TextFunctions {
  static final List<String> NAMES =
      List.of(
          "upper",
          "lower",
          "concat",
          "concat-ws",
          "replace",
          "lpad",
          "rpad",
          "reverse",
          "repeat",
          "chr");

  /** What repeat, lpad and rpad make at most of one value. */
  private static final int MAX_BYTES = 1 << 24;

  private static final String SIZE = "a text of at most " + MAX_BYTES + " bytes";

  private TextFunctions() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    switch (fn) {
      case "concat":
        return new CallExpr(result, TextFunctions::concat, asTexts(args));
      case "concat-ws":
        return new ConcatWs(asTexts(args).toArray(new Expr[0]));
      case "chr":
        List<Expr> number = TextParts.textThenLongs(args, 0);
        return number == null ? null : new CallExpr(result, TextFunctions::chr, number);
      case "lpad", "rpad":
        return bindPad(fn, args, result);
      case "repeat":
        List<Expr> fitted = TextParts.textThenLongs(args, 1);
        return fitted == null || args.size() != 2
            ? null
            : new CallExpr(result, TextFunctions::repeat, fitted);
      default:
        break;
    }
    if (!Functions.texts(args) || args.size() != (fn.equals("replace") ? 3 : 1)) {
      return null;
    }
    return switch (fn) {
      case "upper" -> new CallExpr(result, x -> changeCase(x, true), args);
      case "lower" -> new CallExpr(result, x -> changeCase(x, false), args);
      case "replace" -> new CallExpr(result, TextFunctions::replace, args);
      default -> new CallExpr(result, TextFunctions::reverse, args);
    };
  }

  private static List<Expr> asTexts(List<Expr> args) {
    List<Expr> out = new ArrayList<>();
    for (Expr e : args) {
      out.add(Casts.to(e, DataType.VARCHAR, false));
    }
    return out;
  }

  private static @Nullable Expr bindPad(String fn, List<Expr> args, DataType result) {
    List<Expr> fitted = TextParts.textThenLongs(args.subList(0, 2), 1);
    if (fitted == null
        || args.size() > 3
        || (args.size() == 3 && args.get(2).type().kind() != Kind.VARCHAR)) {
      return null;
    }
    List<Expr> all = new ArrayList<>(fitted);
    all.add(args.size() == 3 ? args.get(2) : new LiteralExpr(DataType.VARCHAR, " "));
    return new CallExpr(result, x -> pad(fn, x), all);
  }

  private static FlatColumn changeCase(Args x, boolean upper) {
    BytesColumn c = x.bytes(0);
    byte[] a = c.slab();
    byte first = (byte) (upper ? 'a' : 'A');
    TextSlab out = new TextSlab(x);
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      int from = c.start(p);
      int to = c.start(p + 1);
      if (Utf8.isAscii(a, from, to)) {
        byte[] changed = new byte[to - from];
        for (int k = 0; k < changed.length; k++) {
          int b = a[from + k];
          // The case is bit 5 of a letter.
          changed[k] = (byte) (b >= first && b < first + 26 ? b ^ 0x20 : b);
        }
        out.add(p, changed);
      } else {
        String s = Utf8.string(a, from, to);
        out.add(p, Utf8.bytes(upper ? s.toUpperCase(Locale.ROOT) : s.toLowerCase(Locale.ROOT)));
      }
    }
    return out.column(DataType.VARCHAR);
  }

  private static FlatColumn concat(Args x) {
    TextSlab out = new TextSlab(x);
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      out.begin(p);
      for (int k = 0; k < x.size(); k++) {
        BytesColumn c = x.bytes(k);
        int q = p & x.mask(k);
        out.append(c.slab(), c.start(q), c.start(q + 1));
      }
    }
    return out.column(DataType.VARCHAR);
  }

  /** Null only where the separator is; other nulls are left out. */
  private record ConcatWs(Expr[] args) implements Expr {
    @Override
    public DataType type() {
      return DataType.VARCHAR;
    }

    @Override
    public List<Expr> inputs() {
      return List.of(args);
    }

    @Override
    public Column eval(Batch batch) {
      Column separator = args[0].eval(batch);
      if (separator instanceof ConstantColumn && separator.isNull(0)) {
        return ConstantColumn.of(DataType.VARCHAR, null, batch.length());
      }
      Args x = Args.of(batch, separator);
      FlatColumn[] texts = new FlatColumn[args.length];
      for (int k = 1; k < args.length; k++) {
        texts[k] = args[k].eval(batch).flat(batch.selection(), batch.count());
      }
      TextSlab out = new TextSlab(x);
      int[] rows = x.rows();
      for (int i = 0; i < x.rowCount(); i++) {
        int p = rows[i];
        int q = p & x.mask(0);
        out.begin(p);
        boolean first = true;
        for (int k = 1; k < texts.length; k++) {
          if (texts[k].isNull(p)) {
            continue;
          }
          if (!first) {
            out.append(x.bytes(0).slab(), x.bytes(0).start(q), x.bytes(0).start(q + 1));
          }
          BytesColumn c = (BytesColumn) texts[k];
          out.append(c.slab(), c.start(p), c.start(p + 1));
          first = false;
        }
      }
      return out.column(DataType.VARCHAR);
    }
  }

  private static FlatColumn replace(Args x) {
    TextSlab out = new TextSlab(x);
    int[] rows = x.rows();
    BytesColumn c = x.bytes(0);
    BytesColumn olds = x.bytes(1);
    BytesColumn news = x.bytes(2);
    byte[] a = c.slab();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      int q = p & x.mask(0);
      int u = p & x.mask(1);
      int v = p & x.mask(2);
      int from = c.start(q);
      int to = c.start(q + 1);
      int size = olds.size(u);
      out.begin(p);
      int at =
          size == 0 ? -1 : Utf8.indexOf(a, from, to, olds.slab(), olds.start(u), olds.start(u + 1));
      while (at >= 0) {
        out.append(a, from, at);
        out.append(news.slab(), news.start(v), news.start(v + 1));
        from = at + size;
        at = Utf8.indexOf(a, from, to, olds.slab(), olds.start(u), olds.start(u + 1));
      }
      out.append(a, from, to);
    }
    return out.column(DataType.VARCHAR);
  }

  /**
   * Cut to n code points from the left, or filled up to them with the third argument, which may be
   * empty.
   */
  private static FlatColumn pad(String fn, Args x) {
    boolean left = fn.equals("lpad");
    BytesColumn c = x.bytes(0);
    BytesColumn fills = x.bytes(2);
    byte[] a = c.slab();
    TextSlab out = new TextSlab(x);
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      int q = p & x.mask(0);
      int v = p & x.mask(2);
      long wanted = x.longs(1)[p & x.mask(1)];
      int from = c.start(q);
      int to = Utf8.offset(a, from, c.start(q + 1), wanted);
      long missing = wanted - Utf8.count(a, from, to);
      if (wanted > MAX_BYTES) {
        throw Errors.badArgument(fn, x, p, SIZE);
      }
      out.begin(p);
      if (!left) {
        out.append(a, from, to);
      }
      int start = fills.start(v);
      int end = fills.start(v + 1);
      int at = start;
      for (long k = 0; k < missing && start < end; k++) {
        int next = Utf8.next(fills.slab(), at, end);
        out.append(fills.slab(), at, next);
        at = next == end ? start : next;
      }
      if (left) {
        out.append(a, from, to);
      }
    }
    return out.column(DataType.VARCHAR);
  }

  private static FlatColumn reverse(Args x) {
    BytesColumn c = x.bytes(0);
    byte[] a = c.slab();
    TextSlab out = new TextSlab(x);
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      out.begin(p);
      int at = c.start(p + 1);
      while (at > c.start(p)) {
        int begin = Utf8.previous(a, at, c.start(p));
        out.append(a, begin, at);
        at = begin;
      }
    }
    return out.column(DataType.VARCHAR);
  }

  private static FlatColumn repeat(Args x) {
    BytesColumn c = x.bytes(0);
    TextSlab out = new TextSlab(x);
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      int q = p & x.mask(0);
      long times = x.longs(1)[p & x.mask(1)];
      int size = c.size(q);
      if (size > 0 && times > MAX_BYTES / size) {
        throw Errors.badArgument("repeat", x, p, SIZE);
      }
      out.begin(p);
      for (long k = 0; k < times && size > 0; k++) {
        out.append(c.slab(), c.start(q), c.start(q + 1));
      }
    }
    return out.column(DataType.VARCHAR);
  }

  private static FlatColumn chr(Args x) {
    TextSlab out = new TextSlab(x);
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      long point = x.longs(0)[p];
      if (point < 0
          || point > Character.MAX_CODE_POINT
          || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)) {
        throw Errors.badArgument(
            "chr", x, p, "a code point from 0 to 1114111 that is no surrogate");
      }
      out.add(p, Utf8.bytes(Character.toString((int) point)));
    }
    return out.column(DataType.VARCHAR);
  }
}
