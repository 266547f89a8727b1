package dev.penstock.batch.expr;

import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.FlatColumns;
import dev.penstock.batch.Kind;
import dev.penstock.batch.LongColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code to-json json-get json-get-text json-length}: JSON text is looked into without a tree. */
final class JsonFunctions {
  static final List<String> NAMES = List.of("to-json", "json-get", "json-get-text", "json-length");

  private JsonFunctions() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    Kind kind = args.get(0).type().kind();
    return switch (fn) {
      case "to-json" ->
          kind == Kind.ANY || args.size() != 1
              ? null
              : new CallExpr(result, JsonFunctions::toJson, args);
      case "json-length" ->
          kind == Kind.JSON && result.kind() == Kind.INT64
              ? new CallExpr(result, JsonFunctions::length, args)
              : null;
      default -> {
        if (kind != Kind.JSON || args.size() != 2) {
          yield null;
        }
        Expr path = args.get(1);
        if (path.type().kind() == Kind.INT32) {
          path = Casts.to(path, DataType.INT64, false);
        }
        yield path.type().kind() == Kind.INT64 || path.type().kind() == Kind.VARCHAR
            ? new CallExpr(
                result,
                fn.equals("json-get") ? JsonFunctions::get : JsonFunctions::getText,
                List.of(args.get(0), path))
            : null;
      }
    };
  }

  private static FlatColumn toJson(Args x) {
    FlatColumn c = x.column(0);
    TextSlab out = new TextSlab(x);
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      out.add(p, Utf8.bytes(JsonText.of(x.type(0), c.value(p))));
    }
    return out.column(DataType.JSON);
  }

  private static FlatColumn length(Args x) {
    BytesColumn c = x.bytes(0);
    long[] out = new long[x.length()];
    long[] none = new long[Bits.words(x.length())];
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      byte[] a = c.slab();
      int to = c.start(p + 1);
      int at = JsonText.skipSpace(a, c.start(p), to);
      JsonMembers members = JsonMembers.at(a, at, to);
      if (members == null) {
        Bits.set(none, p);
        continue;
      }
      while (members.next()) {
        out[p]++;
      }
      if (members.broken()) {
        throw Errors.badArgument("json-length", x, p, "JSON text");
      }
    }
    return new LongColumn(DataType.INT64, out, Bits.or(x.nulls(), none, x.length()), x.length());
  }

  /** Finds the value at the path of a row; most rows have the same path. */
  private static final class Finder {
    private final Args x;
    private final String fn;
    private @Nullable String text;
    private @Nullable JsonPath path;

    Finder(String fn, Args x) {
      this.fn = fn;
      this.x = x;
    }

    /** Where the value begins, or -1. */
    int find(int p) {
      int q = p & x.mask(0);
      byte[] a = x.bytes(0).slab();
      int to = x.bytes(0).start(q + 1);
      int at = JsonText.skipSpace(a, x.bytes(0).start(q), to);
      int found = path(p).find(a, at, to);
      if (found < -1) {
        throw Errors.badArgument(fn, x, p, "JSON text");
      }
      return found;
    }

    int end(int at, int p) {
      int q = p & x.mask(0);
      return JsonText.skipValue(x.bytes(0).slab(), at, x.bytes(0).start(q + 1), 0);
    }

    private JsonPath path(int p) {
      JsonPath known = path;
      if (known != null && x.constant(1)) {
        return known;
      }
      if (x.type(1).kind() == Kind.INT64) {
        known = JsonPath.ofIndex(x.number(1, p));
      } else {
        String wanted = x.text(1, p);
        if (known == null || !wanted.equals(text)) {
          known = JsonPath.parse(wanted);
          text = wanted;
        }
      }
      if (known == null) {
        throw Errors.badArgument(fn, x, p, "a path like $.a[0], or keys like a.b");
      }
      path = known;
      return known;
    }
  }

  private static FlatColumn get(Args x) {
    Finder finder = new Finder("json-get", x);
    TextSlab out = new TextSlab(x);
    long[] none = new long[Bits.words(x.length())];
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      int at = finder.find(p);
      if (at < 0) {
        Bits.set(none, p);
      } else {
        out.add(p, x.bytes(0).slab(), at, finder.end(at, p));
      }
    }
    return FlatColumns.withNulls(out.column(DataType.JSON), Bits.or(x.nulls(), none, x.length()));
  }

  /** A string without its quotes, JSON's null as null, everything else as its text. */
  private static FlatColumn getText(Args x) {
    Finder finder = new Finder("json-get-text", x);
    byte[] a = x.bytes(0).slab();
    return Gather.texts(
        x,
        DataType.VARCHAR,
        p -> {
          int at = finder.find(p);
          if (at < 0 || a[at] == 'n') {
            return null;
          }
          int end = finder.end(at, p);
          return a[at] == '"'
              ? JsonText.decode(Utf8.string(a, at + 1, end - 1))
              : Utf8.string(a, at, end);
        });
  }
}
