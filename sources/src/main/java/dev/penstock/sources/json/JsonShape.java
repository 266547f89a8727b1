package dev.penstock.sources.json;

import dev.penstock.batch.Schema;
import java.util.HashMap;
import java.util.Map;

/** The columns, and the ordinal of each key. Keys are interned, as the parser's are. */
record JsonShape(Schema schema, Map<String, Integer> ordinals) {
  static JsonShape of(Schema schema) {
    Map<String, Integer> ordinals = new HashMap<>();
    for (int i = 0; i < schema.size(); i++) {
      ordinals.put(schema.field(i).name(), i);
    }
    return new JsonShape(schema, ordinals);
  }
}
