package dev.penstock.sparql.lookup;

/** The query is not small, or has something that only plans can do. */
final class Declined extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final Declined NOW = new Declined();

  private Declined() {
    super(null, null, false, false);
  }
}
