package dev.penstock.pipes;

/**
 * Carries items from many producers to many consumers, in order, bounded by bytes, without ever
 * blocking a thread. To a pipe, data is just data. The laws stand in {@code pipes/README.md}.
 *
 * <pre>{@code
 * Pipe<String> lines = QueuePipe.ofBytes("lines", 1 << 20, String::length);
 * lines.addCallback(() -> scheduler.submit(task));
 * lines.enqueue("a line");
 * lines.close();
 * }</pre>
 *
 * @param <T> the items; never null
 */
public interface Pipe<T> extends Feed<T>, Tap<T> {
  /** The name that errors and the console show. */
  String name();

  /** Whether {@link #close()} has been called; items may still wait. */
  @Override
  boolean isClosed();

  /** What has passed and what waits. */
  PipeMeter meter();
}
