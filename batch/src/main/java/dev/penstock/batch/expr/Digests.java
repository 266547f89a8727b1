package dev.penstock.batch.expr;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Kind;
import dev.penstock.monitor.PenstockException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code md5 sha1 sha256 hex unhex} of the bytes of a varchar (UTF-8) or varbinary; digits are
 * lower-case.
 */
final class Digests {
  static final List<String> NAMES = List.of("md5", "sha1", "sha256", "hex", "unhex");

  private Digests() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    Kind kind = args.get(0).type().kind();
    if (args.size() != 1
        || (kind != Kind.VARCHAR && (kind != Kind.VARBINARY || fn.equals("unhex")))) {
      return null;
    }
    return switch (fn) {
      case "md5" -> new CallExpr(result, x -> digest("MD5", x), args);
      case "sha1" -> new CallExpr(result, x -> digest("SHA-1", x), args);
      case "sha256" -> new CallExpr(result, x -> digest("SHA-256", x), args);
      case "hex" -> new CallExpr(result, Digests::hex, args);
      default -> new CallExpr(result, Digests::unhex, args);
    };
  }

  private static FlatColumn digest(String algorithm, Args x) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw PenstockException.fault("this Java has no " + algorithm, e);
    }
    BytesColumn c = x.bytes(0);
    TextSlab out = new TextSlab(x);
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      digest.update(c.slab(), c.start(p), c.size(p));
      out.add(p, Utf8.bytes(HexFormat.of().formatHex(digest.digest())));
    }
    return out.column(DataType.VARCHAR);
  }

  private static FlatColumn hex(Args x) {
    BytesColumn c = x.bytes(0);
    TextSlab out = new TextSlab(x);
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      out.add(p, Utf8.bytes(HexFormat.of().formatHex(c.slab(), c.start(p), c.start(p + 1))));
    }
    return out.column(DataType.VARCHAR);
  }

  private static FlatColumn unhex(Args x) {
    BytesColumn c = x.bytes(0);
    TextSlab out = new TextSlab(x);
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      try {
        out.add(p, HexFormat.of().parseHex(c.string(p)));
      } catch (IllegalArgumentException e) {
        throw Errors.badArgument("unhex", x, p, "pairs of hexadecimal digits");
      }
    }
    return out.column(DataType.VARBINARY);
  }
}
