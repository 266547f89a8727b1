package dev.penstock.batch.expr;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code to-base64 from-base64 url-encode url-decode to-hex to-binary bit-length unicode}: values
 * in other writings. Bytes are those of a varbinary, or of a varchar in UTF-8.
 */
final class TextCodes {
  private static final Map<String, Plain> PLAIN =
      Map.of(
          "from-base64", Plain.of(DataType.VARBINARY, TextCodes::fromBase64, Kind.VARCHAR),
          "url-encode", Plain.of(DataType.VARCHAR, TextCodes::urlEncode, Kind.VARCHAR),
          "url-decode", Plain.of(DataType.VARCHAR, TextCodes::urlDecode, Kind.VARCHAR),
          "to-hex", digits(v -> Long.toHexString(v).toUpperCase(Locale.ROOT)),
          "to-binary", digits(Long::toBinaryString),
          "unicode", Plain.of(DataType.INT64, TextCodes::unicode, Kind.VARCHAR));

  static final Set<String> NAMES =
      Set.of(
          "to-base64",
          "from-base64",
          "url-encode",
          "url-decode",
          "to-hex",
          "to-binary",
          "bit-length",
          "unicode");

  private interface Digits {
    String of(long value);
  }

  private TextCodes() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    Plain plain = PLAIN.get(fn);
    if (plain != null) {
      return plain.bind(fn, args, result);
    }
    Kind kind = args.get(0).type().kind();
    if (args.size() != 1 || (kind != Kind.VARCHAR && kind != Kind.VARBINARY)) {
      return null;
    }
    return fn.equals("bit-length")
        ? new CallExpr(
            result, x -> Gather.longs(x, DataType.INT64, p -> 8L * x.bytes(0).size(p)), args)
        : new CallExpr(result, TextCodes::toBase64, args);
  }

  private static Plain digits(Digits digits) {
    return Plain.of(
        DataType.VARCHAR,
        x -> Gather.texts(x, DataType.VARCHAR, p -> digits.of(x.number(0, p))),
        Kind.INT64);
  }

  private static FlatColumn unicode(Args x) {
    return Gather.longs(
        x,
        DataType.INT64,
        p -> {
          String s = x.text(0, p);
          return s.isEmpty() ? -1 : s.codePointAt(0);
        });
  }

  private static FlatColumn toBase64(Args x) {
    BytesColumn c = x.bytes(0);
    TextSlab out = new TextSlab(x);
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      ByteBuffer bytes = ByteBuffer.wrap(c.slab(), c.start(p), c.size(p));
      ByteBuffer text = Base64.getEncoder().encode(bytes);
      byte[] digits = new byte[text.remaining()];
      text.get(digits);
      out.add(p, digits, 0, digits.length);
    }
    return out.column(DataType.VARCHAR);
  }

  private static FlatColumn fromBase64(Args x) {
    TextSlab out = new TextSlab(x);
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      String text = x.text(0, p);
      if (text.length() % 4 != 0) {
        throw notBase64(x, p);
      }
      try {
        out.add(p, Base64.getDecoder().decode(text));
      } catch (IllegalArgumentException e) {
        throw notBase64(x, p);
      }
    }
    return out.column(DataType.VARBINARY);
  }

  private static RuntimeException notBase64(Args x, int position) {
    return Errors.badArgument("from-base64", x, position, "base64, padded to groups of four");
  }

  /** All bytes but letters, digits and {@code -_.~} become {@code %XX} (RFC 3986). */
  private static FlatColumn urlEncode(Args x) {
    BytesColumn c = x.bytes(0);
    TextSlab out = new TextSlab(x);
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      out.begin(p);
      for (int k = c.start(p); k < c.start(p + 1); k++) {
        byte b = c.slab()[k];
        boolean plain =
            (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '-'
                || b == '_'
                || b == '.'
                || b == '~';
        if (plain) {
          out.append(b);
        } else {
          out.append((byte) '%');
          out.append((byte) Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16)));
          out.append((byte) Character.toUpperCase(Character.forDigit(b & 15, 16)));
        }
      }
    }
    return out.column(DataType.VARCHAR);
  }

  /** A {@code %} without two digits after it is left as it is, and so is a {@code +}. */
  private static FlatColumn urlDecode(Args x) {
    BytesColumn c = x.bytes(0);
    TextSlab out = new TextSlab(x);
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      byte[] bytes = new byte[c.size(p)];
      int n = 0;
      int to = c.start(p + 1);
      for (int k = c.start(p); k < to; k++) {
        byte b = c.slab()[k];
        int high = b == '%' && k + 2 < to ? Character.digit(c.slab()[k + 1], 16) : -1;
        int low = high >= 0 ? Character.digit(c.slab()[k + 2], 16) : -1;
        if (low >= 0) {
          bytes[n++] = (byte) (high << 4 | low);
          k += 2;
        } else {
          bytes[n++] = b;
        }
      }
      if (!isUtf8(bytes, n)) {
        throw Errors.badArgument("url-decode", x, p, "a text whose %XX are UTF-8");
      }
      out.add(p, bytes, 0, n);
    }
    return out.column(DataType.VARCHAR);
  }

  private static boolean isUtf8(byte[] bytes, int n) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, n));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
