package dev.penstock.pipes;

/**
 * The read-only counters of a pipe. Each figure is exact when nobody uses the pipe; read under way,
 * each lies between its value at the start and at the end of the call, and figures of two calls
 * belong to two moments. Bytes are weights as the pipe's weigher gave them, at least 1 per item.
 * Rows are negative where nobody said how many an item has.
 */
public interface PipeMeter {
  /** Items accepted so far. */
  long itemsIn();

  /** Bytes accepted so far. */
  long bytesIn();

  /** Rows of the items accepted so far. */
  long rowsIn();

  /** Items dequeued so far. */
  long itemsOut();

  /** Bytes dequeued so far. */
  long bytesOut();

  /** Rows of the items dequeued so far. */
  long rowsOut();

  /** Items that waited when the pipe failed or was stopped, and were dropped. */
  long itemsDropped();

  /** Bytes of the items that were dropped. */
  long bytesDropped();

  /** Items in the pipe now. */
  long itemsWaiting();

  /** Bytes in the pipe now. */
  long bytesWaiting();

  /** Rows of the items in the pipe now. */
  long rowsWaiting();

  /** The bound of the pipe, which is full when {@link #bytesWaiting()} reaches it. */
  long capacityBytes();
}
