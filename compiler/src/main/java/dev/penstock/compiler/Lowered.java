package dev.penstock.compiler;

import clojure.lang.IDeref;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map of the lowered plan, read with types (docs/plan-language.md, section 7). A missing or
 * ill-typed key is a defect of the planner.
 */
record Lowered(Map<String, Object> map) {

  @SuppressWarnings("unchecked") // checked by the casts of the readers below
  static Lowered of(@Nullable Object map) {
    if (!(map instanceof Map)) {
      throw PenstockException.fault("the lowered plan holds " + map + " where a map is due", null);
    }
    return new Lowered((Map<String, Object>) map);
  }

  boolean has(String key) {
    return map.get(key) != null;
  }

  @Nullable Object get(String key) {
    return map.get(key);
  }

  private <T> T get(String key, Class<T> type) {
    Object value = map.get(key);
    if (!type.isInstance(value)) {
      throw PenstockException.fault(
          "the lowered plan has "
              + key
              + " = "
              + value
              + " where a "
              + type.getSimpleName()
              + " is due",
          null);
    }
    return type.cast(value);
  }

  /** A text; one that is made when it is first read is made now. */
  String text(String key) {
    return map.get(key) instanceof IDeref late
        ? String.valueOf(late.deref())
        : get(key, String.class);
  }

  int integer(String key) {
    return Math.toIntExact(get(key, Number.class).longValue());
  }

  /** -1 when the key is absent or nil. */
  long longOr(String key, long otherwise) {
    return map.get(key) == null ? otherwise : get(key, Number.class).longValue();
  }

  boolean flag(String key) {
    return Boolean.TRUE.equals(map.get(key));
  }

  List<?> list(String key) {
    Object value = map.get(key);
    return value == null ? List.of() : get(key, List.class);
  }

  Lowered child(String key) {
    return of(map.get(key));
  }

  List<Lowered> children(String key) {
    List<Lowered> out = new ArrayList<>();
    for (Object o : list(key)) {
      out.add(of(o));
    }
    return out;
  }

  int[] ints(String key) {
    return list(key).stream().mapToInt(o -> ((Number) o).intValue()).toArray();
  }

  String op() {
    return text("op");
  }

  List<Lowered> inputs() {
    return children("inputs");
  }

  Lowered input() {
    return inputs().get(0);
  }

  Schema schema() {
    List<Field> fields = new ArrayList<>();
    for (Lowered f : children("schema")) {
      fields.add(
          new Field(
              f.text("name"),
              DataType.parse(f.text("type")),
              !Boolean.FALSE.equals(f.get("nullable"))));
    }
    return new Schema(fields);
  }
}
