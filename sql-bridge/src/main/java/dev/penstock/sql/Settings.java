package dev.penstock.sql;

/** What SET changes in a session. */
public final class Settings {
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
}
