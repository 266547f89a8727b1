package dev.penstock.sources.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is read without the parser is what the parser reads. */
class PlainObjectTest {
  private static final String[] KEYS = {"id", "name", "price", "é", "a key of some length", "x"};
  private static final String[] VALUES = {
    "1",
    "-0",
    "0.5",
    "-12.25e3",
    "1E+9",
    "01",
    "1.",
    ".5",
    "-",
    "+1",
    "1e",
    "NaN",
    "true",
    "false",
    "null",
    "tru",
    "nullx",
    "\"\"",
    "\"a\"",
    "\"eight by\"",
    "\"more than eight bytes, ü€😀\"",
    "\"an \\\" escape\"",
    "\"\\u0041\"",
    "\"tab\tin it\"",
    "[1]",
    "{\"a\":1}",
    "\"open",
    "'a'",
    "\"\u007f\u0080\"",
    "\"a}\"",
    "\"a,\\\\\"",
    "123456789012345678901234567890"
  };

  private final Schema schema =
      new Schema(Arrays.stream(KEYS).map(k -> new Field(k, DataType.VARCHAR)).toList());
  private final PlainObject plain = new PlainObject(schema, new int[] {0, 1, 2, 3, 4, -1}, 5);
  private int taken;

  @Test
  void isWhatTheParserReads() throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] line = object(random).getBytes(StandardCharsets.UTF_8);
      check(line, seed);
      line[random.nextInt(line.length)] = (byte) random.nextInt(128);
      check(line, seed);
    }
    assertTrue(taken > 5_000, () -> "only " + taken + " objects were plain");
  }

  @Test
  void takesTheUsual() throws IOException {
    assertTrue(read("{}") > 0);
    assertTrue(read("{\"x\":null, \"id\" : 7,\"name\":\"b\"}") > 0);
    assertEquals("7", text(0));
    assertEquals("b", text(1));
    assertEquals(PlainObject.NULL, plain.kinds[2]);
    assertEquals(-1, read("{\"id\":1,\"id\":2}"));
    assertEquals(-1, read("{\"other\":1}"));
    assertEquals(-1, read("{\"id\":1,}"));
    assertEquals(-1, read("{\"id\":" + "1".repeat(1001) + "}"));
    assertTrue(read("{\"id\":" + "1".repeat(1000) + "}") > 0);
  }

  private static String object(Random random) {
    List<String> keys = new ArrayList<>(List.of(KEYS));
    if (random.nextInt(4) == 0) {
      Collections.shuffle(keys, random);
    }
    StringBuilder out = new StringBuilder("{");
    int usual = random.nextInt(3);
    for (String key : keys) {
      if (random.nextInt(5) == 0) {
        continue;
      }
      String value = VALUES[random.nextInt(VALUES.length)];
      if (usual > 0 && random.nextInt(20) > 0) {
        value = random.nextBoolean() ? "\"" + random.nextInt(1 << random.nextInt(20)) + "\"" : "17";
      }
      out.append(out.length() == 1 ? "" : usual == 1 ? ", " : ",").append('"').append(key);
      out.append(usual == 1 ? "\": " : "\":").append(value);
    }
    return out.append('}').toString();
  }

  private byte[] bytes = new byte[0];

  private int read(String text) {
    byte[] b = text.getBytes(StandardCharsets.UTF_8);
    bytes = Arrays.copyOf(b, b.length + 1 + 40);
    bytes[b.length] = '\n';
    return plain.read(bytes, 0);
  }

  private String text(int slot) {
    return new String(
        bytes, plain.starts[slot], plain.ends[slot] - plain.starts[slot], StandardCharsets.UTF_8);
  }

  private void check(byte[] line, long seed) throws IOException {
    if (line[0] != '{') {
      return;
    }
    String shown = new String(line, StandardCharsets.UTF_8) + " of seed " + seed;
    int end = read(new String(line, StandardCharsets.UTF_8));
    if (end < 0) {
      return;
    }
    taken++;
    Map<String, String> values = new HashMap<>();
    Map<String, JsonToken> tokens = new HashMap<>();
    try (JsonParser parser = JsonText.parser(bytes, 0, end)) {
      assertEquals(JsonToken.START_OBJECT, parser.nextToken(), shown);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        assertEquals(null, tokens.put(key, parser.nextToken()), shown);
        values.put(key, parser.getText());
      }
      assertEquals(JsonToken.END_OBJECT, parser.currentToken(), shown);
      assertEquals(end, parser.currentLocation().getByteOffset(), shown);
    }
    for (int s = 0; s < 5; s++) {
      JsonToken token = tokens.remove(KEYS[s]);
      byte kind =
          token == null || token == JsonToken.VALUE_NULL
              ? PlainObject.NULL
              : token == JsonToken.VALUE_STRING
                  ? PlainObject.TEXT
                  : token.isNumeric() ? PlainObject.NUMBER : PlainObject.TRUTH;
      assertEquals(kind, plain.kinds[s], shown);
      if (kind != PlainObject.NULL) {
        assertEquals(values.get(KEYS[s]), text(s), shown);
      }
    }
    tokens.remove("x");
    assertTrue(tokens.isEmpty(), shown);
  }
}
