package dev.penstock.batch.expr;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.FlatColumns;
import dev.penstock.batch.Kind;
import dev.penstock.monitor.PenstockException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * {@code regexp-like regexp-replace regexp-extract}: Java's regular expressions, found anywhere in
 * a text.
 */
final class RegexFunctions {
  static final List<String> NAMES = List.of("regexp-like", "regexp-replace", "regexp-extract");

  private RegexFunctions() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    Compiled compiled = new Compiled();
    return switch (fn) {
      case "regexp-like" ->
          Functions.texts(args) && args.size() == 2
              ? new CallExpr(result, x -> like(compiled, x), args)
              : null;
      case "regexp-replace" ->
          Functions.texts(args) && args.size() == 3
              ? new CallExpr(result, x -> replace(compiled, x), args)
              : null;
      default -> {
        boolean texts = Functions.texts(args.subList(0, 2));
        if (!texts || args.size() > 3) {
          yield null;
        }
        if (args.size() == 3 && args.get(2).type().kind() == Kind.INT32) {
          Expr group = Casts.to(args.get(2), DataType.INT64, false);
          yield new CallExpr(
              result, x -> extract(compiled, x), List.of(args.get(0), args.get(1), group));
        }
        yield args.size() == 3 && args.get(2).type().kind() != Kind.INT64
            ? null
            : new CallExpr(result, x -> extract(compiled, x), args);
      }
    };
  }

  /**
   * The pattern compiled last.
   *
   * <p>Concurrency: one volatile reference to an immutable pair; a lost write costs a second
   * compilation.
   */
  private static final class Compiled {
    private record Pair(String text, Pattern pattern) {}

    private volatile @Nullable Pair last;

    Pattern of(String text) {
      Pair pair = last;
      if (pair == null || !pair.text.equals(text)) {
        try {
          pair = new Pair(text, Pattern.compile(text));
        } catch (PatternSyntaxException e) {
          throw PenstockException.incorrect(
              "bad-argument",
              "regular expression " + Errors.show(text) + " is wrong: " + e.getDescription());
        }
        last = pair;
      }
      return pair.pattern;
    }
  }

  private static String text(Args x, int k, int position) {
    return x.bytes(k).string(position & x.mask(k));
  }

  private static Matcher matcher(Compiled compiled, Args x, int position) {
    return compiled.of(text(x, 1, position)).matcher(new BoundedText(text(x, 0, position)));
  }

  /**
   * Much nesting over a long text needs more stack than there is, or more time than anybody has.
   */
  private static PenstockException tooHard(String fn, Args x, int position) {
    return Errors.badArgument(fn, x, position, "a pattern that needs less backtracking");
  }

  private static FlatColumn like(Compiled compiled, Args x) {
    long[] words = new long[Bits.words(x.length())];
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      try {
        if (matcher(compiled, x, p).find()) {
          Bits.set(words, p);
        }
      } catch (StackOverflowError | BoundedText.UsedUp e) {
        throw tooHard("regexp-like", x, p);
      }
    }
    return new BitColumn(DataType.BOOLEAN, words, x.nulls(), x.length());
  }

  private static FlatColumn replace(Compiled compiled, Args x) {
    TextSlab out = new TextSlab(x);
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      try {
        out.add(p, Utf8.bytes(matcher(compiled, x, p).replaceAll(text(x, 2, p))));
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw Errors.badArgument(
            "regexp-replace", x, p, "a replacement whose $n are groups of the pattern");
      } catch (StackOverflowError | BoundedText.UsedUp e) {
        throw tooHard("regexp-replace", x, p);
      }
    }
    return out.column(DataType.VARCHAR);
  }

  private static FlatColumn extract(Compiled compiled, Args x) {
    TextSlab out = new TextSlab(x);
    long[] missing = new long[Bits.words(x.length())];
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      Matcher m = matcher(compiled, x, p);
      long group = x.size() == 3 ? x.longs(2)[p & x.mask(2)] : 0;
      if (group < 0 || group > m.groupCount()) {
        throw Errors.badArgument(
            "regexp-extract", x, p, "a group from 0 to " + m.groupCount() + " of the pattern");
      }
      try {
        String found = m.find() ? m.group((int) group) : null;
        if (found == null) {
          Bits.set(missing, p);
        } else {
          out.add(p, Utf8.bytes(found));
        }
      } catch (StackOverflowError | BoundedText.UsedUp e) {
        throw tooHard("regexp-extract", x, p);
      }
    }
    return FlatColumns.withNulls(
        out.column(DataType.VARCHAR), Bits.or(x.nulls(), missing, x.length()));
  }
}
