package dev.penstock.server.result;

import dev.penstock.server.Refusal;

/** Counts the rows of one result, up to a bound. */
final class RowLimit {
  private final long most;
  private long rows;

  RowLimit(long most) {
    this.most = most;
  }

  /** More rows; refuses them beyond the bound. */
  void count(int more) {
    rows += more;
    if (rows > most) {
      throw Refusal.limit(
          422,
          "result-rows",
          "the result has more than " + most + " rows; ask for fewer (LIMIT), or for totals");
    }
  }

  long rows() {
    return rows;
  }
}
