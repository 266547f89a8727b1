package dev.penstock.sources;

import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.ColumnStatistics;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Statistics;
import dev.penstock.sources.text.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A source whose unique keys were declared. The declaration is believed: plans are rewritten by it,
 * so that a false one gives wrong results. Immutable.
 */
public final class KeyedSource implements Source {
  private final Source source;
  private final List<List<String>> keys;
  private final Statistics statistics;

  private KeyedSource(Source source, List<List<String>> keys) {
    this.source = source;
    this.keys = keys;
    this.statistics = new Keyed();
  }

  /**
   * Declares keys, each a list of columns whose values together are unique.
   *
   * @param where the table, for messages
   * @param declared a list of lists of column names, as a plan's option {@code :keys} has them
   */
  public static KeyedSource of(String where, Source source, Object declared) {
    Schema schema = source.schema();
    List<List<String>> keys = new ArrayList<>();
    for (Object key : list(where, declared)) {
      Set<String> names = new LinkedHashSet<>();
      for (Object name : list(where, key)) {
        names.add(column(where, schema, name));
      }
      if (names.isEmpty()) {
        throw wrong(where, declared);
      }
      keys.add(List.copyOf(names));
    }
    return new KeyedSource(source, List.copyOf(keys));
  }

  private static List<?> list(String where, @Nullable Object value) {
    if (value instanceof List<?> l) {
      return l;
    }
    throw wrong(where, value);
  }

  private static PenstockException wrong(String where, @Nullable Object got) {
    return PenstockException.incorrect(
        "bad-option",
        where + ": option :keys: expected lists of columns such as [[id] [name day]], got " + got);
  }

  private static String column(String where, Schema schema, @Nullable Object name) {
    if (!(name instanceof String text)) {
      throw wrong(where, name);
    }
    if (schema.indexOf(text) < 0) {
      List<String> known = schema.fields().stream().map(Field::name).toList();
      throw PenstockException.incorrect(
          "unknown-column",
          where
              + ": option :keys: unknown column "
              + text
              + Nearest.hint(text, known)
              + " (known: "
              + String.join(" ", known)
              + ")");
    }
    return text;
  }

  @Override
  public Needs needs(Request request, long capBytes) {
    return source.needs(request, capBytes);
  }

  @Override
  public Schema schema() {
    return source.schema();
  }

  @Override
  public long rowCount() {
    return source.rowCount();
  }

  @Override
  public Statistics statistics() {
    return statistics;
  }

  @Override
  public boolean appliesRuntimeFilters() {
    return source.appliesRuntimeFilters();
  }

  @Override
  public Scan open(Request request, QueryContext query) {
    return source.open(request, query);
  }

  private final class Keyed implements Statistics {
    @Override
    public long rows() {
      return source.statistics().rows();
    }

    @Override
    public boolean rowsExact() {
      return source.statistics().rowsExact();
    }

    @Override
    public ColumnStatistics column(int ordinal) {
      ColumnStatistics of = source.statistics().column(ordinal);
      boolean unique = keys.contains(List.of(schema().field(ordinal).name()));
      return unique && rows() >= 0
          ? of.withDistinct(Math.round(rows() * (1 - Math.max(0, of.nullShare()))))
          : of;
    }

    @Override
    public List<List<String>> keys() {
      List<List<String>> all = new ArrayList<>(source.statistics().keys());
      all.addAll(keys);
      return List.copyOf(all);
    }
  }
}
