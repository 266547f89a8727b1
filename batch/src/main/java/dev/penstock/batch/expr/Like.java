package dev.penstock.batch.expr;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.PenstockException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code like ilike}: patterns with {@code %} (any text) and {@code _} (one code point); no escape
 * character unless one is given.
 */
final class Like {
  private Like() {}

  static Expr of(List<Expr> args, boolean anyCase) {
    if (args.get(1) instanceof LiteralExpr pattern
        && pattern.value() instanceof String text
        && (args.size() == 2 || args.get(2) instanceof LiteralExpr l && l.value() != null)) {
      String escape = args.size() == 2 ? null : (String) ((LiteralExpr) args.get(2)).value();
      try {
        return new ColumnPredicate(args.get(0), test(compile(text, escape, anyCase), anyCase));
      } catch (PenstockException e) {
        // A pattern that no row may come to: each row says so below.
        return new CallExpr(DataType.BOOLEAN, x -> eachRow(x, anyCase), args);
      }
    }
    return new CallExpr(DataType.BOOLEAN, x -> eachRow(x, anyCase), args);
  }

  private static LikePattern compile(String pattern, @Nullable String escape, boolean anyCase) {
    int point = LikePattern.escape(escape);
    if (!anyCase) {
      return LikePattern.of(pattern, point);
    }
    // An escape that changes by folding would be lost: fold everything else only.
    StringBuilder folded = new StringBuilder();
    pattern
        .codePoints()
        .forEach(
            c ->
                folded.append(
                    c == point ? Character.toString(c) : Utf8.fold(Character.toString(c))));
    return LikePattern.of(folded.toString(), point);
  }

  private static ColumnPredicate.Test test(LikePattern pattern, boolean anyCase) {
    if (anyCase) {
      return ColumnPredicate.eachValue((c, p) -> matchesFolded(pattern, (BytesColumn) c, p));
    }
    return new Exact(pattern);
  }

  /** A pattern that is matched on the bytes as they are. */
  private record Exact(LikePattern pattern) implements ColumnPredicate.Test {
    @Override
    public int select(FlatColumn c, int @Nullable [] sel, int count, int[] out) {
      BytesColumn b = (BytesColumn) c;
      byte[] slab = b.slab();
      int[] offsets = b.offsets();
      int n = 0;
      for (int i = 0; i < count; i++) {
        int p = sel == null ? i : sel[i];
        out[n] = p;
        n += pattern.matches(slab, offsets[p], offsets[p + 1]) ? 1 : 0;
      }
      return n;
    }

    @Override
    public Shape shape(ColumnExpr column) {
      byte[] prefix = pattern.prefix();
      return prefix.length == 0 ? Shape.OTHER : new Shape.Prefix(column, prefix);
    }
  }

  private static boolean matchesFolded(LikePattern pattern, BytesColumn c, int p) {
    byte[] folded;
    if (Utf8.isAscii(c.slab(), c.start(p), c.start(p + 1))) {
      int start = c.start(p);
      folded = new byte[c.size(p)];
      for (int i = 0; i < folded.length; i++) {
        byte b = c.slab()[start + i];
        folded[i] = (byte) (b >= 'A' && b <= 'Z' ? b + 32 : b);
      }
    } else {
      folded = Utf8.bytes(Utf8.fold(c.string(p)));
    }
    return pattern.matches(folded, 0, folded.length);
  }

  private static FlatColumn eachRow(Args x, boolean anyCase) {
    long[] words = new long[Bits.words(x.length())];
    BytesColumn texts = x.bytes(0);
    int[] rows = x.rows();
    String last = null;
    LikePattern pattern = null;
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      int q = p & x.mask(0);
      String text = x.bytes(1).string(p & x.mask(1));
      String escape = x.size() == 2 ? null : x.bytes(2).string(p & x.mask(2));
      String key = escape == null ? text : text + '\0' + escape;
      if (pattern == null || !key.equals(last)) {
        pattern = compile(text, escape, anyCase);
        last = key;
      }
      boolean hit =
          anyCase
              ? matchesFolded(pattern, texts, q)
              : pattern.matches(texts.slab(), texts.start(q), texts.start(q + 1));
      if (hit) {
        Bits.set(words, p);
      }
    }
    return new BitColumn(DataType.BOOLEAN, words, x.nulls(), x.length());
  }
}
