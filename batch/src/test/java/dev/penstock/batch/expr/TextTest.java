package dev.penstock.batch.expr;

import static dev.penstock.batch.DataType.BOOLEAN;
import static dev.penstock.batch.DataType.DATE;
import static dev.penstock.batch.DataType.INT32;
import static dev.penstock.batch.DataType.INT64;
import static dev.penstock.batch.DataType.JSON;
import static dev.penstock.batch.DataType.VARBINARY;
import static dev.penstock.batch.DataType.VARCHAR;
import static dev.penstock.batch.expr.Calls.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.monitor.PenstockException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TextTest {
  private static final String SMILE = "\ud83d\ude00";

  @Test
  void like() {
    Calls.of("like", BOOLEAN, VARCHAR, VARCHAR)
        .gives(
            row("", "", true),
            row("", "%", true),
            row("", "_", false),
            row("abc", "abc", true),
            row("abc", "ab", false),
            row("abc", "a%", true),
            row("abc", "%c", true),
            row("abc", "%b%", true),
            row("abc", "a%c", true),
            row("ac", "a%c", true),
            row("a", "a%a", false),
            row("abc", "_b_", true),
            row("a" + SMILE + "c", "a_c", true),
            row("a\u00e4" + SMILE, "a__", true),
            row("\u00e4" + SMILE + "z", "%__", true),
            row("abcabd", "%ab_", true),
            row("aXbcXXc", "a%X_X%", false),
            row("xaXbXc", "%a_b_c", true),
            row("special packages requests", "%special%requests%", true),
            row("specialrequest", "%special%requests%", false),
            row("aab", "%ab", true),
            row("mississippi", "%iss%ip%", true),
            row("a\nb", "a%b", true),
            row("100%", "100\\%", false),
            row("ABC", "abc", false),
            row(null, "%", null),
            row("a", null, null));
    Calls.of("like", BOOLEAN, VARCHAR, VARCHAR, VARCHAR)
        .gives(
            row("100%", "100!%", "!", true),
            row("1000", "100!%", "!", false),
            row("a_b", "a!_b", "!", true),
            row("axb", "a!_b", "!", false),
            row("a!b", "a!!b", "!", true),
            row("a%b", "a%b", "", true),
            row("a", "a", null, null))
        .fails("bad-argument", "like escape '!!': expected one character", "a", "b", "!!")
        .fails(
            "bad-argument",
            "like pattern 'a!' ends with its escape character; expected one more",
            "a",
            "a!",
            "!");
    Calls.of("ilike", BOOLEAN, VARCHAR, VARCHAR)
        .gives(
            row("ABC", "a%", true),
            row("\u00c4RGER", "\u00e4%", true),
            row("\u00e4rger", "%\u00c4R%", true),
            row("\u03a3", "\u03c2", true),
            row("abd", "A_C", false),
            row(null, "a", null));
  }

  private static String text(Random r, int most) {
    StringBuilder s = new StringBuilder();
    for (int n = r.nextInt(most); n > 0; n--) {
      s.append(new String[] {"a", "b", "\u00e4", SMILE, "a"}[r.nextInt(5)]);
    }
    return s.toString();
  }

  private static String pattern(Random r) {
    StringBuilder s = new StringBuilder();
    for (int n = r.nextInt(6); n > 0; n--) {
      s.append(new String[] {"a", "b", "\u00e4", "%", "_", "%"}[r.nextInt(6)]);
    }
    return s.toString();
  }

  @Test
  void generatedPatternsAgreeWithRegularExpressions() {
    Calls.of("like", BOOLEAN, VARCHAR, VARCHAR)
        .agrees(
            31,
            r -> row(r.nextInt(9) == 0 ? null : text(r, 8), pattern(r)),
            x -> {
              StringBuilder regex = new StringBuilder();
              for (char c : ((String) x[1]).toCharArray()) {
                regex.append(c == '%' ? ".*" : c == '_' ? "." : String.valueOf(c));
              }
              return Pattern.compile(regex.toString(), Pattern.DOTALL)
                  .matcher((String) x[0])
                  .matches();
            });
  }

  @Test
  void searches() {
    Calls.of("starts-with", BOOLEAN, VARCHAR, VARCHAR)
        .gives(
            row("abc", "ab", true),
            row("abc", "", true),
            row("a", "ab", false),
            row(null, "a", null));
    Calls.of("ends-with", BOOLEAN, VARCHAR, VARCHAR)
        .gives(row("abc", "bc", true), row("abc", "ab", false), row("a", null, null));
    Calls.of("contains", BOOLEAN, VARCHAR, VARCHAR)
        .gives(row("abc", "b", true), row("abc", "", true), row("abc", "d", false));
    Calls.of("position", INT64, VARCHAR, VARCHAR)
        .gives(
            row("c", "\u00e4" + SMILE + "c", 3L),
            row("x", "abc", 0L),
            row("", "abc", 1L),
            row(null, "", null));
    Calls.of("length", INT64, VARCHAR)
        .gives(row("", 0L), row("a\u00e4" + SMILE, 3L), row(null, null));
    Calls.of("octet-length", INT64, VARCHAR).gives(row("a\u00e4" + SMILE, 7L), row(null, null));
    Calls.of("octet-length", INT64, VARBINARY).gives(row(new byte[3], 3L));
    Calls.of("ascii", INT64, VARCHAR).gives(row("A", 65L), row("", 0L), row(SMILE + "x", 0x1F600L));
  }

  @Test
  void pieces() {
    Calls.of("substring", VARCHAR, VARCHAR, INT64, INT64)
        .gives(
            row("hello", 2L, 3L, "ell"),
            row("hello", 0L, 3L, "he"),
            row("hello", -5L, 2L, "he"),
            row("hello", -2L, 1L, "l"),
            row("hello", -7L, 3L, "h"),
            row("hello", -9L, 3L, ""),
            row("hello", -5L, -3L, ""),
            row("hello", 7L, -3L, "lo"),
            row("hello", 9L, -3L, ""),
            row("hello", 4L, -2L, "el"),
            row("hello", 2L, -9L, "h"),
            row("hello", 0L, -2L, ""),
            row("hello", -2L, -2L, "el"),
            row("hello", Long.MIN_VALUE, Long.MIN_VALUE, ""),
            row("hello", 3L, 0L, ""),
            row("hello", 4L, 99L, "lo"),
            row("hello", 9L, 1L, ""),
            row("hello", 2L, Long.MAX_VALUE, "ello"),
            row("\u00e4" + SMILE + "z", 2L, 1L, SMILE),
            row(null, 1L, 1L, null),
            row("a", null, 1L, null));
    Calls.of("substring", VARCHAR, VARCHAR, INT32)
        .gives(row("hello", 3, "llo"), row("hello", -3, "llo"));
    Calls.of("left", VARCHAR, VARCHAR, INT64)
        .gives(
            row("\u00e4bc", 2L, "\u00e4b"),
            row("abc", 9L, "abc"),
            row("abc", -1L, "ab"),
            row("abc", -4L, ""),
            row("abc", Long.MIN_VALUE, ""));
    Calls.of("right", VARCHAR, VARCHAR, INT64)
        .gives(
            row("ab\u00e4", 2L, "b\u00e4"),
            row("abc", 9L, "abc"),
            row("abc", 0L, ""),
            row("abc", -1L, "bc"),
            row("abc", Long.MIN_VALUE, ""));
    Calls.of("trim", VARCHAR, VARCHAR).gives(row("  a b ", "a b"), row("   ", ""), row(null, null));
    Calls.of("ltrim", VARCHAR, VARCHAR).gives(row("  a ", "a "));
    Calls.of("rtrim", VARCHAR, VARCHAR).gives(row("  a ", "  a"));
    Calls.of("trim", VARCHAR, VARCHAR, VARCHAR)
        .gives(
            row("xyxaxy", "xy", "a"),
            row("\u00e4a" + SMILE, SMILE + "\u00e4", "a"),
            row("a", "", "a"));
    Calls.of("ltrim", VARCHAR, VARCHAR, VARCHAR).gives(row("xxax", "x", "ax"));
    Calls.of("rtrim", VARCHAR, VARCHAR, VARCHAR)
        .gives(row("xaxx", "x", "xa"), row("x", null, null));
    Calls.of("split-part", VARCHAR, VARCHAR, VARCHAR, INT64)
        .gives(
            row("a,b,c", ",", 1L, "a"),
            row("a,b,c", ",", 3L, "c"),
            row("a,b,c", ",", 4L, ""),
            row("a::b", "::", 2L, "b"),
            row("a,", ",", 2L, ""),
            row("abc", "", 1L, "abc"),
            row("abc", "", 2L, ""),
            row("a,b,c", ",", -1L, "c"),
            row("a,b,c", ",", -3L, "a"),
            row("a,b,c", ",", -4L, ""),
            row("a,b,c", ",", Long.MIN_VALUE, ""),
            row("abc", "", -1L, "abc"))
        .fails(
            "bad-argument",
            "(split-part 'a,b' ',' 0): expected a part number, which is not 0",
            "a,b",
            ",",
            0L);
  }

  @Test
  void makings() {
    Calls.of("upper", VARCHAR, VARCHAR)
        .gives(row("aZ9{z", "AZ9{Z"), row("stra\u00dfe", "STRASSE"), row(null, null));
    Calls.of("lower", VARCHAR, VARCHAR).gives(row("aZ@[", "az@["), row("\u00c4A", "\u00e4a"));
    Calls.of("concat", VARCHAR, VARCHAR, INT64, DATE)
        .gives(
            row("a", 1L, java.time.LocalDate.EPOCH, "a11970-01-01"),
            row("a", null, java.time.LocalDate.EPOCH, null));
    Calls.of("concat-ws", VARCHAR, VARCHAR, VARCHAR, VARCHAR)
        .gives(
            row("-", "a", "b", "a-b"),
            row("-", null, "b", "b"),
            row("-", null, null, ""),
            row("-", "", "", "-"),
            row(null, "a", "b", null));
    Calls.of("replace", VARCHAR, VARCHAR, VARCHAR, VARCHAR)
        .gives(
            row("aXbX", "X", "--", "a--b--"),
            row("aaa", "aa", "b", "ba"),
            row("abc", "", "x", "abc"));
    Calls.of("lpad", VARCHAR, VARCHAR, INT64)
        .gives(row("a", 3L, "  a"), row("abc", 2L, "ab"), row("abc", -2L, ""))
        .fails(
            "bad-argument",
            "(lpad 'a' 16777217 ' '): expected a text of at most 16777216 bytes",
            "a",
            16_777_217L);
    Calls.of("lpad", VARCHAR, VARCHAR, INT64, VARCHAR)
        .gives(row("a", 6L, "x\u00e4", "x\u00e4x\u00e4xa"), row("a", 3L, "", "a"));
    Calls.of("rpad", VARCHAR, VARCHAR, INT64, VARCHAR).gives(row("a", 4L, "xy", "axyx"));
    Calls.of("reverse", VARCHAR, VARCHAR)
        .gives(row("a\u00e4" + SMILE, SMILE + "\u00e4a"), row("", ""));
    Calls.of("repeat", VARCHAR, VARCHAR, INT64)
        .gives(
            row("ab", 3L, "ababab"),
            row("ab", 0L, ""),
            row("ab", -1L, ""),
            row("", Long.MAX_VALUE, ""))
        .fails(
            "bad-argument",
            "(repeat 'ab' 9223372036854775807): expected a text of at most 16777216 bytes",
            "ab",
            Long.MAX_VALUE);
    Calls.of("chr", VARCHAR, INT64)
        .gives(row(65L, "A"), row(0x1F600L, SMILE))
        .fails(
            "bad-argument",
            "(chr 55296): expected a code point from 0 to 1114111 that is no surrogate",
            0xD800L);
  }

  @Test
  void generatedPiecesAgreeWithCodePoints() {
    Calls.of("substring", VARCHAR, VARCHAR, INT64, INT64)
        .agrees(
            41,
            r -> row(text(r, 9), (long) r.nextInt(12) - 3, (long) r.nextInt(8) - 1),
            x -> {
              long from = (long) x[1];
              long size = (long) x[2];
              int[] points = ((String) x[0]).codePoints().toArray();
              // Positions where there is no text count.
              long first = from < 0 ? points.length + 1 + from : from;
              long low = first < 1 ? first : Math.min(first, first + size);
              long high = first < 1 && size < 0 ? low : Math.max(first, first + size);
              StringBuilder s = new StringBuilder();
              for (long i = Math.max(low, 1); i < high && i <= points.length; i++) {
                s.appendCodePoint(points[(int) i - 1]);
              }
              return s.toString();
            });
    Calls.of("replace", VARCHAR, VARCHAR, VARCHAR, VARCHAR)
        .agrees(
            42,
            r -> row(text(r, 9), text(r, 3), text(r, 3)),
            x ->
                ((String) x[1]).isEmpty()
                    ? x[0]
                    : ((String) x[0]).replace((String) x[1], (String) x[2]));
    Calls.of("upper", VARCHAR, VARCHAR)
        .agrees(43, r -> row(text(r, 9)), x -> ((String) x[0]).toUpperCase(java.util.Locale.ROOT));
    Calls.of("length", INT64, VARCHAR)
        .agrees(44, r -> row(text(r, 9)), x -> ((String) x[0]).codePoints().count());
    Calls.of("concat", VARCHAR, VARCHAR, VARCHAR)
        .agrees(
            45,
            r -> row(text(r, 9), r.nextInt(5) == 0 ? null : text(r, 9)),
            x -> (String) x[0] + x[1]);
  }

  @Test
  void regularExpressions() {
    Calls.of("regexp-like", BOOLEAN, VARCHAR, VARCHAR)
        .gives(row("xaby", "a.y?", true), row("abc", "^b", false), row(null, "a", null))
        .fails("bad-argument", "regular expression '(' is wrong: Unclosed group", "a", "(");
    Calls.of("regexp-replace", VARCHAR, VARCHAR, VARCHAR, VARCHAR)
        .gives(row("a1b22", "([0-9])", "<$1>", "a<1>b<2><2>"), row("abc", "x", "y", "abc"))
        .fails(
            "bad-argument",
            "(regexp-replace 'a' 'a' '$1'): expected a replacement whose $n are groups of the pattern",
            "a",
            "a",
            "$1");
    Calls.of("regexp-extract", VARCHAR, VARCHAR, VARCHAR)
        .gives(row("a12b", "[0-9]+", "12"), row("abc", "[0-9]", null), row(null, "a", null));
    Calls.of("regexp-extract", VARCHAR, VARCHAR, VARCHAR, INT64)
        .gives(row("k=v", "(.)=(.)", 2L, "v"), row("a", "(x)?a", 1L, null))
        .fails(
            "bad-argument",
            "(regexp-extract 'a' 'a' 1): expected a group from 0 to 0 of the pattern",
            "a",
            "a",
            1L);
  }

  @Test
  void aPatternThatWouldNeverEndIsAnError() {
    String text = "a".repeat(40);
    Calls.of("regexp-like", BOOLEAN, VARCHAR, VARCHAR)
        .fails(
            "bad-argument",
            "(regexp-like '"
                + text
                + "' '(.*a){20}b'): expected a pattern that needs less backtracking",
            text,
            "(.*a){20}b");
    String deep = "ab".repeat(50_000);
    Calls.of("regexp-like", BOOLEAN, VARCHAR, VARCHAR).gives(row(deep, "b$", true));
  }

  @Test
  void textsOfOneBatchAreBounded() {
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 33; i++) {
      rows.add(row("12345678", 1L << 20));
    }
    Batch batch = Batch.of(33, Calls.column(VARCHAR, rows, 0), Calls.column(INT64, rows, 1));
    Expr repeat =
        Functions.call(
            "repeat", List.of(new ColumnExpr(0, VARCHAR), new ColumnExpr(1, INT64)), VARCHAR);
    PenstockException e = assertThrows(PenstockException.class, () -> repeat.eval(batch));
    assertEquals(
        "a function makes more than 268435456 bytes of one batch; use smaller batches (rechunk+)",
        e.getMessage());
    assertEquals(PenstockException.Category.LIMIT, e.category());
    assertEquals(8 << 20, ((String) repeat.eval(batch.slice(0, 1)).value(0)).length());
  }

  @Test
  void digests() {
    Calls.of("md5", VARCHAR, VARCHAR)
        .gives(row("abc", "900150983cd24fb0d6963f7d28e17f72"), row(null, null));
    Calls.of("sha256", VARCHAR, VARBINARY)
        .gives(
            row(new byte[0], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    Calls.of("hex", VARCHAR, VARBINARY).gives(row(new byte[] {(byte) 0xCA, (byte) 0xFE}, "cafe"));
    Calls.of("hex", VARCHAR, VARCHAR).gives(row("\u00e4", "c3a4"));
    Calls.of("unhex", VARBINARY, VARCHAR)
        .gives(row("CAfe", new byte[] {(byte) 0xCA, (byte) 0xFE}))
        .fails("bad-argument", "(unhex 'abc'): expected pairs of hexadecimal digits", "abc");
  }

  @Test
  void json() {
    Calls.of("json-get", JSON, JSON, VARCHAR)
        .gives(
            row("{\"a\": {\"b\": [1, 2]}}", "a.b", "[1, 2]"),
            row("{\"a\": {\"b\": [1, 2]}}", "a.b.1", "2"),
            row("{\"a\": 1, \"a\": \"x\"}", "a", "\"x\""),
            row("{\"\\u0061\\n\": null}", "a\n", "null"),
            row("{\"a\": 1}", "b", null),
            row("{\"a\": 1}", "a.b", null),
            row("[1]", "a", null),
            row(null, "a", null))
        .fails("bad-argument", "(json-get '{\"a\" 1}' 'a'): expected JSON text", "{\"a\" 1}", "a");
    Calls.of("json-get", JSON, JSON, INT64)
        .gives(
            row(" [1, {\"a\":2} ] ", 1L, "{\"a\":2}"),
            row("[1]", 1L, null),
            row("[1]", -1L, null),
            row("{\"0\":1}", 0L, null));
    Calls.of("json-length", INT64, JSON)
        .gives(
            row("[1, [2, 3], {}]", 3L),
            row("{}", 0L),
            row("{\"a\":1,\"b\":2}", 2L),
            row("1", null),
            row(null, null))
        .fails("bad-argument", "(json-length '[1,]'): expected JSON text", "[1,]");
    Calls.of("to-json", JSON, VARCHAR)
        .gives(row("a\"\\\n\u0001\u00e4", "\"a\\\"\\\\\\n\\u0001\u00e4\""), row(null, null));
    Calls.of("to-json", JSON, INT64).gives(row(-5L, "-5"));
    Calls.of("to-json", JSON, BOOLEAN).gives(row(true, "true"));
    Calls.of("to-json", JSON, DATE).gives(row(java.time.LocalDate.EPOCH, "\"1970-01-01\""));
    Calls.of("to-json", JSON, dev.penstock.batch.DataType.FLOAT64)
        .gives(row(1.5, "1.5"), row(Double.NaN, "\"NaN\""));
  }

  @Test
  void aPatternShowsWhatItsValuesBeginWith() {
    ColumnExpr text = new ColumnExpr(2, VARCHAR);
    for (String[] c :
        new String[][] {
          {"ab%", "ab"}, {"ab", "ab"}, {"a_b%", "a"}, {"%ab", null}, {"_ab", null}, {"", null}
        }) {
      LiteralExpr pattern = new LiteralExpr(VARCHAR, c[0]);
      Shape shape = Functions.call("like", List.of(text, pattern), BOOLEAN).shape();
      if (c[1] == null) {
        assertEquals(Shape.OTHER, shape);
      } else {
        Shape.Prefix prefix = assertInstanceOf(Shape.Prefix.class, shape);
        assertEquals(text, prefix.column());
        assertEquals(c[1], new String(prefix.bytes(), StandardCharsets.UTF_8));
      }
      assertEquals(Shape.OTHER, Functions.call("ilike", List.of(text, pattern), BOOLEAN).shape());
    }
  }
}
