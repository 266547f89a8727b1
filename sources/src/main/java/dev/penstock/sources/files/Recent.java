package dev.penstock.sources.files;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was used last, up to a weight; what was not used for longest goes first.
 *
 * <p>Concurrency: all under the monitor; nothing is computed there.
 */
final class Recent<K, V> {
  private record Held<V>(V value, long weight) {}

  private final long maxWeight;
  private final LinkedHashMap<K, Held<V>> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long weight;

  Recent(long maxWeight) {
    this.maxWeight = maxWeight;
  }

  synchronized @Nullable V get(K key) {
    Held<V> held = entries.get(key);
    return held == null ? null : held.value();
  }

  /** Keeps a value, unless it is heavier than all that may be kept. */
  synchronized void put(K key, V value, long itsWeight) {
    Held<V> before = entries.remove(key);
    weight -= before == null ? 0 : before.weight();
    if (itsWeight > maxWeight) {
      return;
    }
    entries.put(key, new Held<>(value, itsWeight));
    weight += itsWeight;
    Iterator<Map.Entry<K, Held<V>>> oldest = entries.entrySet().iterator();
    while (weight > maxWeight) {
      weight -= oldest.next().getValue().weight();
      oldest.remove();
    }
  }

  synchronized int size() {
    return entries.size();
  }
}
