package dev.penstock.batch.expr;

import static dev.penstock.batch.Kind.JSON;
import static dev.penstock.batch.Kind.VARCHAR;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.PenstockException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code json-valid json-type json-keys json-contains}: what is asked of JSON text. */
final class JsonTests {
  static final Map<String, Plain> FUNCTIONS =
      Map.of(
          "json-valid", Plain.of(DataType.BOOLEAN, JsonTests::valid, VARCHAR),
          "json-type", Plain.of(DataType.VARCHAR, JsonTests::type, JSON),
          "json-keys", Plain.of(DataType.JSON, JsonTests::keys, JSON),
          "json-contains", Plain.of(DataType.BOOLEAN, JsonTests::contains, JSON, JSON));

  private static final BigInteger MOST_UNSIGNED = BigInteger.ONE.shiftLeft(64);

  private JsonTests() {}

  private static FlatColumn valid(Args x) {
    BytesColumn c = x.bytes(0);
    return Gather.bits(x, p -> JsonText.isJson(c.slab(), c.start(p), c.start(p + 1)));
  }

  private static PenstockException notJson(String fn, Args x, int position) {
    return Errors.badArgument(fn, x, position, "JSON text");
  }

  /** The names that DuckDB has for them. */
  private static FlatColumn type(Args x) {
    BytesColumn c = x.bytes(0);
    return Gather.texts(
        x,
        DataType.VARCHAR,
        p -> {
          int at = JsonText.skipSpace(c.slab(), c.start(p), c.start(p + 1));
          if (!JsonText.isJson(c.slab(), at, c.start(p + 1))) {
            throw notJson("json-type", x, p);
          }
          return switch (c.slab()[at]) {
            case '{' -> "OBJECT";
            case '[' -> "ARRAY";
            case '"' -> "VARCHAR";
            case 't', 'f' -> "BOOLEAN";
            case 'n' -> "NULL";
            default -> numberType(Utf8.string(c.slab(), at, c.start(p + 1)).strip());
          };
        });
  }

  private static String numberType(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (".eE".indexOf(text.charAt(i)) >= 0) {
        return "DOUBLE";
      }
    }
    BigInteger v = new BigInteger(text);
    if (text.startsWith("-")) {
      return v.bitLength() <= 63 ? "BIGINT" : "DOUBLE";
    }
    return v.compareTo(MOST_UNSIGNED) < 0 ? "UBIGINT" : "DOUBLE";
  }

  /** An array of the keys as they stand; of anything but an object it is empty. */
  private static FlatColumn keys(Args x) {
    BytesColumn c = x.bytes(0);
    return Gather.texts(
        x,
        DataType.JSON,
        p -> {
          int to = c.start(p + 1);
          int at = JsonText.skipSpace(c.slab(), c.start(p), to);
          if (!JsonText.isJson(c.slab(), at, to)) {
            throw notJson("json-keys", x, p);
          }
          StringBuilder out = new StringBuilder("[");
          JsonMembers members = JsonMembers.at(c.slab(), at, to);
          while (members != null && !members.ofArray() && members.next()) {
            out.append(out.length() > 1 ? "," : "").append(JsonText.quote(members.key()));
          }
          return out.append(']').toString();
        });
  }

  /**
   * Is the second value, or one that has all that it has, anywhere in the first? An array has the
   * elements, an object the keys with values that contain those of the other.
   */
  private static FlatColumn contains(Args x) {
    Object needle = x.constant(1) && x.rowCount() > 0 ? parse(x, 1, x.rows()[0]) : null;
    return Gather.bits(x, p -> contains(parse(x, 0, p), needle != null ? needle : parse(x, 1, p)));
  }

  private static Object parse(Args x, int k, int position) {
    BytesColumn c = x.bytes(k);
    int q = position & x.mask(k);
    int to = c.start(q + 1);
    int at = JsonText.skipSpace(c.slab(), c.start(q), to);
    if (!JsonText.isJson(c.slab(), at, to)) {
      throw notJson("json-contains", x, position);
    }
    return tree(c.slab(), at, to);
  }

  /** Objects are maps, arrays lists, everything else is its text; strings are quoted anew. */
  private static Object tree(byte[] a, int at, int to) {
    JsonMembers members = JsonMembers.at(a, at, to);
    if (members == null) {
      int end = JsonText.skipValue(a, at, to, 0);
      return a[at] == '"'
          ? JsonText.quote(JsonText.decode(Utf8.string(a, at + 1, end - 1)))
          : Utf8.string(a, at, end);
    }
    List<Object> list = new ArrayList<>();
    Map<String, Object> map = new LinkedHashMap<>();
    while (members.next()) {
      Object value = tree(a, members.value(), to);
      if (members.ofArray()) {
        list.add(value);
      } else {
        map.put(members.key(), value);
      }
    }
    return members.ofArray() ? list : map;
  }

  private static boolean contains(Object whole, @Nullable Object needle) {
    if (covers(whole, needle)) {
      return true;
    }
    if (whole instanceof List<?> list) {
      return list.stream().anyMatch(e -> contains(e, needle));
    }
    return whole instanceof Map<?, ?> map
        && map.values().stream().anyMatch(e -> contains(e, needle));
  }

  private static boolean covers(@Nullable Object whole, @Nullable Object needle) {
    if (whole instanceof List<?> all && needle instanceof List<?> some) {
      return some.stream().allMatch(e -> all.stream().anyMatch(a -> covers(a, e)));
    }
    if (whole instanceof Map<?, ?> all && needle instanceof Map<?, ?> some) {
      return some.entrySet().stream()
          .allMatch(e -> all.containsKey(e.getKey()) && covers(all.get(e.getKey()), e.getValue()));
    }
    return Objects.equals(whole, needle);
  }
}
