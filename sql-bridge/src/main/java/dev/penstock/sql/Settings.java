package dev.penstock.sql;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.text.Nearest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What SET changes in a session. */
public final class Settings {
  private static final String INTEGER_DIVISION = "integer_division";

  /** The names of all settings. */
  public static final List<String> NAMES = List.of(INTEGER_DIVISION);

  private boolean integerDivision;

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
   * Sets by name.
   *
   * @param value as written; null: the default
   */
  public void set(String name, @Nullable String value) {
    check(name);
    integerDivision(value != null && flag(value));
  }

  /** The value of a setting. */
  public String get(String name) {
    check(name);
    return String.valueOf(integerDivision);
  }

  private static void check(String name) {
    if (!name.equalsIgnoreCase(INTEGER_DIVISION)) {
      throw PenstockException.incorrect(
          "sql-setting",
          "no setting '"
              + name
              + "'"
              + Nearest.hint(name, NAMES)
              + " (there is "
              + String.join(", ", NAMES)
              + ")");
    }
  }

  private static boolean flag(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "on", "1", "yes" -> true;
      case "false", "off", "0", "no" -> false;
      default ->
          throw PenstockException.incorrect(
              "sql-setting", INTEGER_DIVISION + " is true or false, got '" + value + "'");
    };
  }
}
