package dev.penstock.sql;

import dev.penstock.compiler.queries.QueryOptions;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Priority;
import dev.penstock.sql.text.Amounts;
import dev.penstock.sql.text.Nearest;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What SET changes in a session. */
public final class Settings {
  /**
   * One of them.
   *
   * @param change with null: to the default; else as written
   */
  private record Setting(
      String name,
      boolean ofPlans,
      String meaning,
      Function<Settings, String> value,
      BiConsumer<Settings, @Nullable String> change) {}

  private static final List<Setting> ALL =
      List.of(
          new Setting(
              "default_null_order",
              true,
              "where nulls stand when ORDER BY does not say",
              s -> written(s.nullOrder),
              (s, v) -> s.nullOrder = v == null ? NullOrder.LAST : order(v)),
          new Setting(
              "idle_timeout",
              false,
              "so long a result may lie unread between two calls of its reader",
              s -> Amounts.written(s.options.idleTimeout()),
              (s, v) ->
                  s.options =
                      s.options.withIdleTimeout(
                          v == null ? s.given.idleTimeout() : Amounts.time("idle_timeout", v))),
          new Setting(
              "integer_division",
              true,
              "whole numbers divide to whole numbers, and by zero to null",
              s -> String.valueOf(s.integerDivision),
              (s, v) -> s.integerDivision = v != null && flag(v, "integer_division")),
          new Setting(
              "memory_limit",
              false,
              "so much a statement may hold; the rest is spilled",
              s -> Amounts.written(s.options.memoryBytes()),
              (s, v) ->
                  s.options =
                      s.options.withMemoryBytes(
                          v == null ? s.given.memoryBytes() : Amounts.bytes("memory_limit", v))),
          new Setting(
              "priority",
              false,
              "low, normal or high: how often a statement gets its turn",
              s -> s.options.priority().name().toLowerCase(Locale.ROOT),
              (s, v) ->
                  s.options = s.options.withPriority(v == null ? s.given.priority() : priority(v))),
          new Setting(
              "queue_timeout",
              false,
              "so long a statement may wait for memory",
              s -> Amounts.written(s.options.queueTimeout()),
              (s, v) ->
                  s.options =
                      s.options.withQueueTimeout(
                          v == null ? s.given.queueTimeout() : Amounts.time("queue_timeout", v))),
          new Setting(
              "set_operations_left_to_right",
              true,
              "UNION, EXCEPT and INTERSECT bind alike, from left to right",
              s -> String.valueOf(s.setOrder),
              (s, v) -> s.setOrder = v != null && flag(v, "set_operations_left_to_right")),
          new Setting(
              "statement_timeout",
              false,
              "so long a statement may take until its last row is read",
              s -> Amounts.written(s.options.timeout()),
              (s, v) ->
                  s.options =
                      s.options.withTimeout(
                          v == null ? s.given.timeout() : Amounts.time("statement_timeout", v))));

  /** The names of all settings. */
  public static final List<String> NAMES = ALL.stream().map(Setting::name).toList();

  private boolean integerDivision;
  private boolean setOrder;
  private NullOrder nullOrder = NullOrder.LAST;
  private QueryOptions given = QueryOptions.defaults();
  private QueryOptions options = given;

  /**
   * Do whole numbers divide to whole numbers, and anything by zero to null? By default {@code /}
   * gives DOUBLE, and a zero divisor is an error.
   */
  public boolean integerDivision() {
    return integerDivision;
  }

  public void integerDivision(boolean on) {
    integerDivision = on;
  }

  /**
   * Do UNION, EXCEPT and INTERSECT bind alike, from left to right? By default INTERSECT binds
   * tighter.
   */
  public boolean setOrder() {
    return setOrder;
  }

  public void setOrder(boolean leftToRight) {
    setOrder = leftToRight;
  }

  /** Where nulls stand when ORDER BY does not say; by default last. */
  public NullOrder nullOrder() {
    return nullOrder;
  }

  public void nullOrder(NullOrder order) {
    nullOrder = order;
  }

  /** What holds for the statements to come: owner, timeouts, memory, priority. */
  public QueryOptions options() {
    return options;
  }

  /** Sets {@link #options}; these are the defaults from now on. */
  public void options(QueryOptions ofStatements) {
    given = ofStatements;
    options = ofStatements;
  }

  /**
   * Sets by name.
   *
   * @param value as written; null: the default
   */
  public void set(String name, @Nullable String value) {
    known(name).change.accept(this, value);
  }

  /** All are what they are by default. */
  public void reset() {
    ALL.forEach(s -> s.change.accept(this, null));
  }

  /** The value of a setting. */
  public String get(String name) {
    return known(name).value.apply(this);
  }

  /** What a setting says, for people. */
  public static String meaning(String name) {
    return known(name).meaning;
  }

  /** The values of those that the meaning of a query depends on. */
  List<String> ofPlans() {
    return ALL.stream().filter(Setting::ofPlans).map(s -> s.value.apply(this)).toList();
  }

  private static Setting known(String name) {
    return ALL.stream()
        .filter(s -> s.name.equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() -> unknown(name));
  }

  /** The error for a name that no setting has. */
  public static PenstockException unknown(String name) {
    return PenstockException.incorrect(
        "sql-setting",
        "no setting '"
            + name
            + "'"
            + Nearest.hint(name, NAMES)
            + " (there is "
            + String.join(", ", NAMES)
            + ")");
  }

  private static boolean flag(String value, String name) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "on", "1", "yes" -> true;
      case "false", "off", "0", "no" -> false;
      default ->
          throw PenstockException.incorrect(
              "sql-setting", name + " is true or false, got '" + value + "'");
    };
  }

  private static Priority priority(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "low" -> Priority.LOW;
      case "normal" -> Priority.NORMAL;
      case "high" -> Priority.HIGH;
      default ->
          throw PenstockException.incorrect(
              "sql-setting", "priority is low, normal or high, got '" + value + "'");
    };
  }

  private static String written(NullOrder order) {
    return switch (order) {
      case FIRST -> "nulls_first";
      case LAST -> "nulls_last";
      case LOWEST -> "nulls_first_on_asc_last_on_desc";
      case HIGHEST -> "nulls_last_on_asc_first_on_desc";
    };
  }

  private static NullOrder order(String value) {
    return switch (value.toLowerCase(Locale.ROOT).replace(' ', '_')) {
      case "nulls_first", "first" -> NullOrder.FIRST;
      case "nulls_last", "last" -> NullOrder.LAST;
      case "nulls_first_on_asc_last_on_desc", "sqlite", "mysql" -> NullOrder.LOWEST;
      case "nulls_last_on_asc_first_on_desc", "postgres" -> NullOrder.HIGHEST;
      default ->
          throw PenstockException.incorrect(
              "sql-setting",
              "default_null_order is nulls_first, nulls_last, nulls_first_on_asc_last_on_desc or"
                  + " nulls_last_on_asc_first_on_desc, got '"
                  + value
                  + "'");
    };
  }
}
