package dev.penstock.sql.text;

/** What a parenthesis of a query holds, as far as it has been read. */
final class Frame {
  /** Is it that of a cast? */
  final boolean cast;

  /** What is written where it closes. */
  final String closing;

  boolean query;
  boolean from;
  boolean inFrom;

  /** Is it around a join in a FROM clause? */
  boolean join;

  Frame(boolean cast, String closing) {
    this.cast = cast;
    this.closing = closing;
  }

  void joins() {
    join = true;
    query = true;
    from = true;
    inFrom = true;
  }
}
