package dev.penstock.benchmarks.small;

import java.sql.SQLException;

/**
 * An engine with the table {@code t (id, g, v)} of {@link SmallBench} in memory. For one thread.
 *
 * <pre>
 * POINT      SELECT v FROM t WHERE id = ?                                          v
 * AGGREGATE  SELECT g, count(*), sum(v) FROM t WHERE id >= ? GROUP BY g            the sum of the sums
 * </pre>
 */
interface SmallEngine extends AutoCloseable {
  String POINT = "SELECT v FROM t WHERE id = ";
  String AGGREGATE = "SELECT g, count(*), sum(v) FROM t WHERE id >= ? GROUP BY g";

  String name();

  /** The prepared look-up. */
  long point(long id) throws Exception;

  /** The prepared aggregate over the rows from an id on. */
  long aggregate(long from) throws Exception;

  /** A text that stands for itself; the sum of the last column of its rows. */
  long text(String sql) throws Exception;

  /** Parses and plans a text, and does not run it. */
  void plan(String sql) throws Exception;

  @Override
  void close() throws SQLException;
}
