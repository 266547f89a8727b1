package dev.penstock.batch.expr;

import static dev.penstock.batch.expr.Calls.of;
import static dev.penstock.batch.expr.Calls.row;

import dev.penstock.batch.DataType;
import org.junit.jupiter.api.Test;

/** Encodings, edits and distances of texts; JSON. */
class TextCodesTest {
  private static final DataType T = DataType.VARCHAR;
  private static final DataType LONG = DataType.INT64;
  private static final DataType JSON = DataType.JSON;

  @Test
  void encodings() {
    of("to-base64", T, T).gives(row("abc", "YWJj"), row("é", "w6k="), row("", ""), row(null, null));
    of("from-base64", DataType.VARBINARY, T)
        .gives(row("YWJj", new byte[] {97, 98, 99}), row("", new byte[0]), row(null, null))
        .fails(
            "bad-argument",
            "(from-base64 'YWJ'): expected base64, padded to groups of four",
            "YWJ");
    of("to-hex", T, LONG).gives(row(255L, "FF"), row(-1L, "FFFFFFFFFFFFFFFF"), row(0L, "0"));
    of("to-binary", T, LONG).gives(row(5L, "101"), row(0L, "0"), row(null, null));
    of("url-encode", T, T).gives(row("a b&é~", "a%20b%26%C3%A9~"), row("", ""), row(null, null));
    of("url-decode", T, T)
        .gives(row("a%20%C3%A9+", "a é+"), row("%zz%4", "%zz%4"), row(null, null))
        .fails("bad-argument", "(url-decode '%C3'): expected a text whose %XX are UTF-8", "%C3");
    of("unicode", LONG, T).gives(row("😀a", 128512L), row("", -1L), row(null, null));
    of("bit-length", LONG, T).gives(row("é", 16L), row("", 0L), row(null, null));
    of("sha1", T, T).gives(row("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"));
  }

  @Test
  void edits() {
    of("translate", T, T, T, T)
        .gives(row("a😀b", "😀a", "x", "xb"), row("", "a", "b", ""), row(null, "a", "b", null));
    of("initcap", T, T).gives(row("o'neil élan x2y", "O'Neil Élan X2y"), row("", ""));
    of("overlay", T, T, T, LONG)
        .gives(
            row("😀bcd", "é", 2L, "😀écd"),
            row("ab", "xyz", Long.MIN_VALUE, "xyzab"),
            row("ab", "xyz", Long.MAX_VALUE, "abxyz"),
            row(null, "x", 1L, null));
    of("overlay", T, T, T, LONG, LONG)
        .fails(
            "bad-argument", "(overlay 'a' 'b' 1 -1): expected a length from 0", "a", "b", 1L, -1L);
    of("strip-accents", T, T).gives(row("Éñ ø", "En ø"), row("", ""), row(null, null));
    of("split", JSON, T, T)
        .gives(
            row("a,b,", ",", "[\"a\",\"b\",\"\"]"),
            row("", ",", "[\"\"]"),
            row("😀x", "", "[\"😀\",\"x\"]"),
            row(null, ",", null));
  }

  @Test
  void distances() {
    of("levenshtein", LONG, T, T).gives(row("é", "e", 1L), row("", "😀", 1L), row(null, "", null));
    of("damerau-levenshtein", LONG, T, T).gives(row("ca", "abc", 2L), row("ab", "ba", 1L));
    of("hamming", LONG, T, T)
        .gives(row("é", "e", 1L), row("", "", 0L))
        .fails("bad-argument", "(hamming 'a' 'ab'): expected texts of the same length", "a", "ab");
    of("jaccard", DataType.FLOAT64, T, T)
        .gives(row("aab", "b", 0.5), row(null, "b", null))
        .fails("bad-argument", "(jaccard '' 'a'): expected texts that are not empty", "", "a");
    of("jaro-similarity", DataType.FLOAT64, T, T).gives(row("", "", 0.0), row("é", "é", 1.0));
  }

  @Test
  void patterns() {
    DataType b = DataType.BOOLEAN;
    of("similar-to", b, T, T)
        .gives(
            row("abc", "a(b|x)%", true),
            row("a.c", "a.c", true),
            row("abc", "a.c", false),
            row("😀", "_", true),
            row("b1", "[[:alpha:]][[:digit:]]", true),
            row("%", "\\%", true),
            row(null, "a", null))
        .fails(
            "bad-argument",
            "(similar-to 'a' 'a\\'): expected a pattern that does not end with its escape",
            "a",
            "a\\");
    of("regexp-like", b, T, T, T)
        .gives(row("A", "a", "i", true), row("a.c", ".", "l", true), row(null, "a", "", null))
        .fails(
            "bad-argument",
            "regexp-like: expected options out of the letters c i l m n p s, got 'g'",
            "a",
            "a",
            "g");
    of("regexp-replace", T, T, T, T, T)
        .gives(
            row("aXa", "a", "<\\0>", "", "<a>Xa"),
            row("aXa", "A", "\\\\", "gi", "\\X\\"),
            row("😀", "", "-", "g", "-😀-"))
        .fails(
            "bad-argument",
            "(regexp-replace 'a' 'a' '\\1' ''): expected a replacement with \\0 to \\0 (groups of"
                + " the pattern) or \\\\",
            "a",
            "a",
            "\\1",
            "");
    of("regexp-extract-all", JSON, T, T).gives(row("a1b", "\\d", "[\"1\"]"), row("", "x", "[]"));
    of("regexp-count", LONG, T, T).gives(row("abab", "a", 2L), row("", "", 1L), row("😀", "", 2L));
  }

  @Test
  void json() {
    of("json-array", JSON, LONG, T)
        .gives(row(1L, null, "[1,null]"), row(null, "é\"", "[null,\"é\\\"\"]"));
    of("json-object", JSON, T, LONG).gives(row("a", 1L, "{\"a\":1}"), row("", null, "{\"\":null}"));
    of("json-valid", DataType.BOOLEAN, T).gives(row("[1]", true), row("", false), row(null, null));
    of("json-type", T, JSON).gives(row("-1", "BIGINT"), row("1.0", "DOUBLE"), row(null, null));
    of("json-get", JSON, JSON, T)
        .gives(
            row("{\"a\":[1,2]}", "$.a[-1]", "2"),
            row("{\"a\":[1,2]}", "a.0", "1"),
            row("[1]", "$[1]", null),
            row("[1]", "$", "[1]"),
            row(null, "$", null))
        .fails(
            "bad-argument",
            "(json-get '[1]' '$x'): expected a path like $.a[0], or keys like a.b",
            "[1]",
            "$x");
    of("json-get-text", T, JSON, T)
        .gives(row("{\"a\":\"x\\n\"}", "a", "x\n"), row("{\"a\":null}", "a", null));
    of("json-contains", DataType.BOOLEAN, JSON, JSON)
        .gives(row("[1,[2]]", "[2]", true), row("{\"a\":1}", "\"a\"", false), row(null, "1", null));
  }
}
