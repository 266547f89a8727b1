package dev.penstock.server.result;

import dev.penstock.batch.Batch;
import dev.penstock.server.Problem;

/**
 * Writes one result to a stream. Calls block while the client does not read; one thread. What the
 * stream refuses is an error of category IO.
 */
interface RowWriter {
  void write(Batch batch);

  /** Hands on what is buffered. */
  void flush();

  /**
   * All rows were written.
   *
   * @param rows how many
   */
  void end(long rows);

  /**
   * The result ends early. Whatever this writes, the connection is cut afterwards, so that no
   * client takes the part for the whole.
   */
  void fail(Problem problem);
}
