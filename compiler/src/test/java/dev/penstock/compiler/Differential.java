package dev.penstock.compiler;

import clojure.lang.IFn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.nodes.Source;
import dev.penstock.sources.memory.BatchSource;
import dev.penstock.sources.memory.CollectionSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Clojure side of the differential tests: {@code differential.clj} among the test resources.
 */
final class Differential {
  private Differential() {}

  static Object call(String function, @Nullable Object... args) {
    IFn f = PlanBridge.function("dev.penstock.compiler.differential", function);
    return f.applyTo(clojure.lang.ArraySeq.create(args));
  }

  static String text(String function, @Nullable Object... args) {
    return String.valueOf(call(function, args));
  }

  static List<?> list(String function, @Nullable Object... args) {
    return (List<?>) call(function, args);
  }

  /** Puts the tables of a seed into the catalog of an engine. */
  static void addTables(Engine engine, Object tables) {
    List<Field> fields = new ArrayList<>();
    for (Object column : list("table-columns")) {
      List<?> nameAndType = (List<?>) column;
      fields.add(
          new Field(
              (String) nameAndType.get(0), DataType.parse((String) nameAndType.get(1)), true));
    }
    Schema schema = new Schema(fields);
    ((Map<?, ?>) call("table-rows", tables))
        .forEach(
            (name, rows) -> engine.catalog().add((String) name, source(schema, (List<?>) rows)));
  }

  /** Kept batches or a collection: about half of the tables each. */
  private static Source source(Schema schema, List<?> rows) {
    List<List<@Nullable Object>> lists = new ArrayList<>();
    List<@Nullable Object[]> arrays = new ArrayList<>();
    for (Object row : rows) {
      List<@Nullable Object> list = new ArrayList<>((List<?>) row);
      lists.add(list);
      arrays.add(list.toArray());
    }
    return rows.size() % 2 == 0
        ? BatchSource.ofRows(schema, lists)
        : CollectionSource.ofArrays(schema, arrays);
  }
}
