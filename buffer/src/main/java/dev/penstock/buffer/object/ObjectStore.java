package dev.penstock.buffer.object;

import dev.penstock.monitor.CancellationToken;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;

/**
 * Objects by name. All calls block; what fails for a while is tried again.
 *
 * <p>Errors: IO {@code store-failed} when it goes on to fail, {@code store-refused} when the store
 * says no (rights, no such object).
 *
 * <p>Concurrency: thread-safe.
 */
public interface ObjectStore {
  /** Puts the remaining bytes of a buffer, which it leaves as it was. */
  void put(String key, ByteBuffer body, CancellationToken token);

  byte[] get(String key, CancellationToken token);

  /** Deletes objects; those that are not there are fine. */
  void delete(Collection<String> keys);

  /** The keys that begin so, in order. */
  List<String> list(String prefix);

  /** The full name of an object, for messages. */
  String where(String key);
}
