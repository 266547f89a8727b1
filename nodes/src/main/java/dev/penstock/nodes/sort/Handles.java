package dev.penstock.nodes.sort;

import dev.penstock.monitor.Reservation;
import java.util.Arrays;

/** The handles of the blocks of a run, in order. Mostly they are numbers one after another. */
final class Handles {
  private static final long[] NONE = {};

  /** Bytes of the run that these belong to, handles that follow each other included. */
  private static final long RUN_BYTES = 160;

  private final Reservation memory;
  private long first;
  private int count;

  /** All of them, when they do not follow each other. */
  private long[] scattered = NONE;

  Handles(Reservation memory) {
    this.memory = memory;
    memory.grow(RUN_BYTES);
  }

  void add(long handle) {
    if (count == 0) {
      first = handle;
    } else if (scattered.length > 0 || handle != first + count) {
      scatter(handle);
    }
    count++;
  }

  private void scatter(long handle) {
    if (count >= scattered.length) {
      int old = scattered.length;
      memory.grow(16L * count + 64);
      long[] all = Arrays.copyOf(scattered, 2 * count + 8);
      for (int i = 0; old == 0 && i < count; i++) {
        all[i] = first + i;
      }
      scattered = all;
      memory.shrink(old == 0 ? 0 : 8L * old);
    }
    scattered[count] = handle;
  }

  long get(int block) {
    return scattered.length == 0 ? first + block : scattered[block];
  }

  int count() {
    return count;
  }

  /** Bytes reserved for them. */
  long sizeBytes() {
    return RUN_BYTES + 8L * scattered.length;
  }
}
