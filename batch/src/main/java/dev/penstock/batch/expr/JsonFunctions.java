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

/** {@code to-json json-get json-length}: JSON text is looked into without a tree. */
final class JsonFunctions {
  static final List<String> NAMES = List.of("to-json", "json-get", "json-length");

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
            ? new CallExpr(result, JsonFunctions::get, List.of(args.get(0), path))
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

  private static FlatColumn get(Args x) {
    BytesColumn c = x.bytes(0);
    boolean byIndex = x.type(1).kind() == Kind.INT64;
    TextSlab out = new TextSlab(x);
    long[] none = new long[Bits.words(x.length())];
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      int q = p & x.mask(0);
      byte[] a = c.slab();
      int to = c.start(q + 1);
      int at = JsonText.skipSpace(a, c.start(q), to);
      if (byIndex) {
        at = member(x, p, a, at, to, Long.toString(x.longs(1)[p & x.mask(1)]), false);
      } else {
        for (String key : x.bytes(1).string(p & x.mask(1)).split("\\.", -1)) {
          at = at < 0 ? -1 : member(x, p, a, at, to, key, true);
        }
      }
      if (at < 0) {
        Bits.set(none, p);
      } else {
        out.add(p, a, at, JsonText.skipValue(a, at, to, 0));
      }
    }
    return FlatColumns.withNulls(out.column(DataType.JSON), Bits.or(x.nulls(), none, x.length()));
  }

  /**
   * Where a member's value begins, or -1: of an array by its number, of an object by its (last)
   * key.
   */
  private static int member(Args x, int row, byte[] a, int at, int to, String key, boolean keys) {
    JsonMembers members = JsonMembers.at(a, at, to);
    int found = -1;
    long k = 0;
    while (members != null && members.next()) {
      boolean hit;
      if (members.ofArray()) {
        hit = key.equals(Long.toString(k));
      } else {
        hit = keys && key.equals(members.key());
      }
      found = hit ? members.value() : found;
      k++;
    }
    if (members == null ? JsonText.skipValue(a, at, to, 0) < 0 : members.broken()) {
      throw Errors.badArgument("json-get", x, row, "JSON text");
    }
    return found;
  }
}
