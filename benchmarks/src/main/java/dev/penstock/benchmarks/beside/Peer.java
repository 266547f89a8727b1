package dev.penstock.benchmarks.beside;

/** An engine that answers SQL. Blocking, for one thread. */
public interface Peer extends AutoCloseable {
  String name();

  /** All rows, as texts. */
  Answer answer(String sql) throws Exception;

  /** Milliseconds from the text of a query to its last row fetched. */
  default double millis(String sql) throws Exception {
    long start = System.nanoTime();
    answer(sql);
    return (System.nanoTime() - start) / 1e6;
  }

  @Override
  void close() throws Exception;
}
