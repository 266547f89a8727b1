package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;
import dev.penstock.batch.FlatColumn;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * What a kernel gave for whole dictionaries, for the few dictionaries seen last: the batches of a
 * row group share one.
 *
 * <p>Concurrency: one volatile array of immutable entries, replaced as a whole. Two tasks that add
 * at once may lose one entry, which costs a second computation and nothing else. Keys are weak.
 */
final class DictionaryCache<V> {
  private static final int ENTRIES = 4;

  private record Entry<V>(WeakReference<FlatColumn> dictionary, V value) {}

  private volatile Entry<V>[] entries = array(0);

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static <V> Entry<V>[] array(int n) {
    return (Entry<V>[]) new Entry[n];
  }

  @Nullable V get(FlatColumn dictionary) {
    for (Entry<V> e : entries) {
      if (e.dictionary.refersTo(dictionary)) {
        return e.value;
      }
    }
    return null;
  }

  void put(FlatColumn dictionary, V value) {
    Entry<V>[] old = entries;
    int n = Math.min(ENTRIES, old.length + 1);
    Entry<V>[] fresh = array(n);
    fresh[0] = new Entry<>(new WeakReference<>(dictionary), value);
    System.arraycopy(old, 0, fresh, 1, n - 1);
    entries = fresh;
  }

  /** Is computing the whole dictionary worth it for so many rows? Batches to come will share it. */
  static boolean worthwhile(FlatColumn dictionary, int rows) {
    return dictionary.length() <= Math.min(8L * rows, Batch.MAX_ROWS);
  }
}
