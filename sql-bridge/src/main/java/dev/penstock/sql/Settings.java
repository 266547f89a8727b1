package dev.penstock.sql;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.text.Nearest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What SET changes in a session. */
public final class Settings {
  private static final String INTEGER_DIVISION = "integer_division";
  private static final String SET_ORDER = "set_operations_left_to_right";
  private static final String NULL_ORDER = "default_null_order";

  /** The names of all settings. */
  public static final List<String> NAMES = List.of(NULL_ORDER, INTEGER_DIVISION, SET_ORDER);

  private boolean integerDivision;
  private boolean setOrder;
  private NullOrder nullOrder = NullOrder.LAST;

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

  /**
   * Sets by name.
   *
   * @param value as written; null: the default
   */
  public void set(String name, @Nullable String value) {
    if (known(name).equals(INTEGER_DIVISION)) {
      integerDivision = value != null && flag(value, INTEGER_DIVISION);
    } else if (known(name).equals(SET_ORDER)) {
      setOrder = value != null && flag(value, SET_ORDER);
    } else {
      nullOrder = value == null ? NullOrder.LAST : order(value);
    }
  }

  /** The value of a setting. */
  public String get(String name) {
    return known(name).equals(INTEGER_DIVISION)
        ? String.valueOf(integerDivision)
        : known(name).equals(SET_ORDER)
            ? String.valueOf(setOrder)
            : switch (nullOrder) {
              case FIRST -> "nulls_first";
              case LAST -> "nulls_last";
              case LOWEST -> "nulls_first_on_asc_last_on_desc";
              case HIGHEST -> "nulls_last_on_asc_first_on_desc";
            };
  }

  private static String known(String name) {
    return NAMES.stream()
        .filter(name::equalsIgnoreCase)
        .findFirst()
        .orElseThrow(
            () ->
                PenstockException.incorrect(
                    "sql-setting",
                    "no setting '"
                        + name
                        + "'"
                        + Nearest.hint(name, NAMES)
                        + " (there is "
                        + String.join(", ", NAMES)
                        + ")"));
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

  private static NullOrder order(String value) {
    return switch (value.toLowerCase(Locale.ROOT).replace(' ', '_')) {
      case "nulls_first", "first" -> NullOrder.FIRST;
      case "nulls_last", "last" -> NullOrder.LAST;
      case "nulls_first_on_asc_last_on_desc", "sqlite", "mysql" -> NullOrder.LOWEST;
      case "nulls_last_on_asc_first_on_desc", "postgres" -> NullOrder.HIGHEST;
      default ->
          throw PenstockException.incorrect(
              "sql-setting",
              NULL_ORDER
                  + " is nulls_first, nulls_last, nulls_first_on_asc_last_on_desc or"
                  + " nulls_last_on_asc_first_on_desc, got '"
                  + value
                  + "'");
    };
  }
}
