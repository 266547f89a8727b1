package dev.penstock.sparql.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Which numbers the terms of a chunk have, by the bytes that they are written with. One thread.
 *
 * <pre>
 * slot  = 0 or entry + 1, by the hash of the bytes
 * entry = hash, place and length of the bytes, number
 * </pre>
 */
final class Tokens {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int FIRST = 1 << 10;

  private int[] slots = new int[4 * FIRST];
  private int[] hashes = new int[FIRST];
  private int[] places = new int[FIRST];
  private int[] lengths = new int[FIRST];
  private int[] numbers = new int[FIRST];
  private int size;

  /** Forgets all. */
  void clear() {
    if (size > 0) {
      Arrays.fill(slots, 0);
      size = 0;
    }
  }

  static int hash(byte[] in, int from, int to) {
    long h = (long) to - from;
    int i = from;
    for (; i + 8 <= to; i += 8) {
      h = mix(h ^ (long) LONG.get(in, i));
    }
    long rest = 0;
    for (int k = 0; i < to; i++, k += 8) {
      rest |= (in[i] & 0xFFL) << k;
    }
    return (int) (mix(h ^ rest) >>> 32);
  }

  private static long mix(long v) {
    long h = v * 0x9E3779B97F4A7C15L;
    return h ^ (h >>> 29);
  }

  /** The number of the term that is written so, or -1. */
  int find(byte[] in, int from, int to, int hash) {
    int mask = slots.length - 1;
    for (int slot = hash & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
      int e = slots[slot] - 1;
      if (hashes[e] == hash && Arrays.equals(in, from, to, in, places[e], places[e] + lengths[e])) {
        return numbers[e];
      }
    }
    return -1;
  }

  /** Adds a term that is not there; its bytes stay where they are. */
  void add(int from, int to, int hash, int number) {
    if (size == numbers.length) {
      grow();
    }
    int e = size++;
    hashes[e] = hash;
    places[e] = from;
    lengths[e] = to - from;
    numbers[e] = number;
    insert(e);
  }

  private void insert(int e) {
    int mask = slots.length - 1;
    int slot = hashes[e] & mask;
    while (slots[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = e + 1;
  }

  private void grow() {
    int more = 2 * size;
    hashes = Arrays.copyOf(hashes, more);
    places = Arrays.copyOf(places, more);
    lengths = Arrays.copyOf(lengths, more);
    numbers = Arrays.copyOf(numbers, more);
    slots = new int[4 * more];
    for (int e = 0; e < size; e++) {
      insert(e);
    }
  }
}
