package dev.penstock.sources.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Source.Decoder;
import dev.penstock.nodes.Source.Request;
import dev.penstock.sources.Scans;
import dev.penstock.sources.SourceContract;
import dev.penstock.sources.text.TextScan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonSourceTest extends SourceContract {
  @TempDir Path folder;

  @Override
  protected Source source() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 9000; i++) {
      text.append("{\"id\":").append(i);
      if (i % 3 != 0) {
        text.append(", \"name\": \"n\\\"").append(i).append("é\"");
      }
      text.append(", \"tags\": [")
          .append(i)
          .append(", {\"x\": \"}\"}], \"score\":")
          .append(i * 0.5);
      text.append("}\n");
    }
    return json("contract.jsonl", text.toString(), Map.of("block-bytes", 30_000));
  }

  @Override
  protected Source damaged() {
    return json("cut.json", "[{\"a\":1},{\"a\":2},", Map.of());
  }

  private JsonSource json(
      String name, String text, Map<String, ? extends @Nullable Object> options) {
    return json(name, text.getBytes(StandardCharsets.UTF_8), options);
  }

  private JsonSource json(
      String name, byte[] text, Map<String, ? extends @Nullable Object> options) {
    try {
      Files.write(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    JsonOptions o = JsonOptions.parse(name, options);
    return new JsonSource(List.of(JsonSource.file(folder.resolve(name), name, o).named(name)), o);
  }

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }

  private static String message(Source s) {
    return assertThrows(PenstockException.class, () -> Scans.rows(s)).getMessage();
  }

  @Test
  void typesAndKeysAreGuessed() {
    Source s =
        json(
            "t.jsonl",
            """
            {"b":true,"i":1,"f":1.5,"big":12345678901234567890,"d":"1994-01-31","s":"1","mix":1,"n":null,"o":{"k": [1, 2]}}
            {"ts":"1994-01-31T12:00:00","tz":"1994-01-31T12:00:00Z","mix":"x","o":[],"f":2,"b":false}

            {"ts":"1994-01-31","o":"é\\"","mix":false,"extra":{}}
            """,
            Map.of());
    assertEquals(
        "b boolean, i int64, f float64, big decimal(38,0), d date, s varchar, mix varchar, n varchar,"
            + " o json, ts timestamp, tz timestamptz, extra json",
        text(s.schema()));
    assertEquals(
        List.of(
            row(
                true,
                1L,
                1.5,
                new BigDecimal("12345678901234567890"),
                LocalDate.of(1994, 1, 31),
                "1",
                "1",
                null,
                "{\"k\": [1, 2]}",
                null,
                null,
                null),
            row(
                false,
                null,
                2.0,
                null,
                null,
                null,
                "x",
                null,
                "[]",
                LocalDateTime.of(1994, 1, 31, 12, 0),
                Instant.parse("1994-01-31T12:00:00Z"),
                null),
            row(
                null,
                null,
                null,
                null,
                null,
                null,
                "false",
                null,
                "\"é\\\"\"",
                LocalDateTime.of(1994, 1, 31, 0, 0),
                null,
                "{}")),
        Scans.rows(s));
  }

  @Test
  void linesArraysAndObjectsInARowAreTheSameRows() {
    List<List<@Nullable Object>> expected = new ArrayList<>();
    StringBuilder lines = new StringBuilder();
    StringBuilder array = new StringBuilder(" \n[");
    StringBuilder objects = new StringBuilder();
    for (long i = 0; i < 300; i++) {
      expected.add(row(i, "a,]}[{\"\\" + i));
      String o = "{ \"Id\": " + i + ",\n  \"Text\": \"a,]}[{\\\"\\\\" + i + "\" }";
      lines.append(o.replace("\n", "")).append('\n');
      array.append(i == 0 ? "" : " ,\n").append(o);
      objects.append(o).append(i % 2 == 0 ? "" : "\n\n");
    }
    array.append("\n]\n");
    for (int block : new int[] {16, 64, 100, 1 << 20}) {
      Map<String, Object> options = Map.of("block-bytes", block);
      assertEquals(expected, Scans.rows(json("a.jsonl", lines.toString(), options)));
      assertEquals(expected, Scans.rows(json("a.json", array.toString(), options)));
      assertEquals(expected, Scans.rows(json("o.json", objects.toString(), options)));
    }
  }

  @Test
  void aValueOfAnotherTypeNamesLineAndColumn() {
    String text = "{\"a\":1}\n\n{\"a\":2}\n{\"a\":\"x\"}\n{\"a\":[1]}\n{\"a\":1.5}\n";
    Map<String, Object> types = Map.of("types", Map.of("a", "int64"));
    assertEquals(
        "v.jsonl:4: column a: expected int64, got 'x'; give :types {a :varchar} or :bad-rows :skip",
        message(json("v.jsonl", text, types)));
    Source skipping =
        json("v.jsonl", text, Map.of("types", Map.of("a", "int64"), "bad-rows", ":skip"));
    assertEquals(List.of(row(1L), row(2L)), Scans.rows(skipping));
    assertEquals(3, skipped(skipping, new int[0]));
  }

  @Test
  void malformedLinesFailOrAreSkipped() {
    String text =
        "{\"a\":1}\ngarbage\n{\"a\":2\n{\"a\":3}\n[4]\n{\"a\":5,,}\n{\"a\":6}{\"a\":7}\n{\"a\"";
    assertEquals(
        "m.jsonl:2: malformed JSON: Unrecognized token 'garbage': was expecting (JSON String, Number,"
            + " Array, Object or token 'null', 'true' or 'false'); correct the file or give"
            + " :bad-rows :skip",
        message(json("m.jsonl", text, Map.of())));
    Source skipping = json("m.jsonl", text, Map.of("bad-rows", ":skip"));
    assertEquals(List.of(row(1L), row(3L), row(6L), row(7L)), Scans.rows(skipping));
    assertEquals(5, skipped(skipping, new int[] {0}));
  }

  private static long skipped(Source s, int[] columns) {
    try (TextScan<?> scan = (TextScan<?>) s.open(new Request(columns, null, -1), Scans.query());
        Decoder d = scan.decoder()) {
      for (var m = scan.next(); m != null; m = scan.next()) {
        d.begin(m);
        for (Batch b = d.next(); b != null; b = d.next()) {
          assertEquals(columns.length, b.columns().length);
        }
      }
      return scan.skippedRows();
    }
  }

  @Test
  void aTruncatedArrayIsAnError() {
    assertEquals("cut.json: expected ']' before the end of the file", message(damaged()));
    assertEquals(
        "half.json: expected ']' before the end of the file",
        message(json("half.json", "[{\"a\":1},\n{\"a\":2", Map.of())));
    assertEquals(
        "bad.json:2: malformed JSON: Unexpected character (':' (code 58)): was expecting double-quote"
            + " to start field name; correct the file",
        message(json("bad.json", "[{\"a\":1},\n{:2}]", Map.of("bad-rows", "skip"))));
  }

  @Test
  void textThatIsNotJsonIsAnError() {
    assertEquals(
        "p.json: expected JSON objects or an array of them, got '<html>...'",
        message(json("p.json", "<html>\n", Map.of())));
    assertEquals(
        "e.json holds no objects with keys: name the columns by :types {...}",
        message(json("e.json", "[]", Map.of())));
    assertEquals(
        List.of(), Scans.rows(json("e.json", "[]", Map.of("types", Map.of("a", "int64")))));
  }

  @Test
  void invalidUtf8NamesTheLine() {
    byte[] bad = "{\"a\":\"x\"}\n{\"a\":\"?\"}\n{\"a\":\"y\"}\n".getBytes(StandardCharsets.UTF_8);
    bad[16] = (byte) 0xFF;
    assertEquals(
        "u.jsonl:2: expected UTF-8 text; give :encoding with the file's own, or :bad-rows :skip",
        message(json("u.jsonl", bad, Map.of())));
    assertEquals(
        List.of(row("x"), row("y")), Scans.rows(json("u.jsonl", bad, Map.of("bad-rows", "skip"))));
    assertEquals(
        List.of(row("x"), row("ÿ"), row("y")),
        Scans.rows(json("u.jsonl", bad, Map.of("encoding", "iso-8859-1"))));
  }

  @Test
  void aKeyThatComesTwiceIsABadRow() {
    assertEquals(
        "d.jsonl:2: key a comes twice in one object",
        message(json("d.jsonl", "{\"a\":1}\n{\"a\":1,\"a\":2}\n", Map.of())));
  }
}
