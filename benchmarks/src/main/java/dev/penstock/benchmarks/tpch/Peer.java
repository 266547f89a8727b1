package dev.penstock.benchmarks.tpch;

/** An engine that answers a query over the tables of a folder. Blocking, for one thread. */
interface Peer extends AutoCloseable {
  String name();

  /** All rows, as texts. */
  Answer answer(String sql) throws Exception;

  /** Milliseconds from the text of a query to its last row fetched. */
  double millis(String sql) throws Exception;

  @Override
  void close() throws Exception;
}
