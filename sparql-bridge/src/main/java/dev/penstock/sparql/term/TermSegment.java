package dev.penstock.sparql.term;

import dev.penstock.sparql.page.Bytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Terms that one load added, by number, and found by hash.
 *
 * <pre>
 * bytes  = blocks (of 16 terms), places of blocks and of their end (8 each), slots (8 each)
 * block  = term...           term = bytes shared with the one before (varint), length of the rest
 *                                   (varint), rest
 * slot   = upper half of the hash (32), number + 1 (32); 0: free. A term is in the first free slot
 *          from that of the uppermost bits of its hash on
 * fields = terms, places, slots, number of slots
 * </pre>
 *
 * <p>Immutable.
 */
final class TermSegment {
  static final int SHIFT = 4;
  static final int BLOCK = 1 << SHIFT;
  static final int TERMS = 0;
  static final int PLACES = 1;
  static final int SLOTS_AT = 2;
  static final int SLOTS = 3;

  /** The kind of its file. */
  static final int KIND = 4;

  private final Bytes bytes;
  private final int size;
  private final long places;
  private final long slotsAt;
  private final long slots;

  TermSegment(Bytes bytes) {
    this.bytes = bytes;
    this.size = (int) bytes.field(TERMS);
    this.places = bytes.field(PLACES);
    this.slotsAt = bytes.field(SLOTS_AT);
    this.slots = bytes.field(SLOTS);
  }

  int size() {
    return size;
  }

  /** The bytes of a term. */
  byte[] get(int number) {
    long place = places + 8L * (number >>> SHIFT);
    long from = bytes.getLong(place);
    byte[] block = new byte[(int) (bytes.getLong(place + 8) - from)];
    bytes.copy(from, block, block.length);
    return term(block, number & (BLOCK - 1));
  }

  /** The k-th term of a block. */
  static byte[] term(byte[] block, int k) {
    byte[] term = new byte[64];
    int length = 0;
    int at = 0;
    for (int i = 0; i <= k; i++) {
      int shared = 0;
      int rest = 0;
      for (int shift = 0; ; shift += 7) {
        byte b = block[at++];
        shared |= (b & 127) << shift;
        if (b >= 0) {
          break;
        }
      }
      for (int shift = 0; ; shift += 7) {
        byte b = block[at++];
        rest |= (b & 127) << shift;
        if (b >= 0) {
          break;
        }
      }
      length = shared + rest;
      if (length > term.length) {
        term = Arrays.copyOf(term, Math.max(length, 2 * term.length));
      }
      System.arraycopy(block, at, term, shared, rest);
      at += rest;
    }
    return Arrays.copyOf(term, length);
  }

  /** The number of the term with a key, or -1. */
  int find(byte[] key, long hash) {
    if (slots == 0) {
      return -1;
    }
    long check = hash >>> 32;
    for (long slot = slot(hash, slots); ; slot = slot + 1 == slots ? 0 : slot + 1) {
      long entry = bytes.getLong(slotsAt + 8 * slot);
      if (entry == 0) {
        return -1;
      }
      if (entry >>> 32 == check) {
        int number = (int) entry - 1;
        if (Arrays.equals(TermBytes.key(get(number)), key)) {
          return number;
        }
      }
    }
  }

  /** The slot where looking for a hash begins: only the upper half counts, which slots keep. */
  static long slot(long hash, long slots) {
    return ((hash >>> 32) * slots) >>> 32;
  }

  /** All terms in order. One thread. */
  static final class Terms {
    private final TermSegment of;
    private int number;
    private byte @Nullable [] block;

    Terms(TermSegment of) {
      this.of = of;
    }

    byte @Nullable [] next() {
      if (number == of.size) {
        return null;
      }
      byte[] now = block;
      if (now == null || (number & (BLOCK - 1)) == 0) {
        long place = of.places + 8L * (number >>> SHIFT);
        long from = of.bytes.getLong(place);
        now = new byte[(int) (of.bytes.getLong(place + 8) - from)];
        of.bytes.copy(from, now, now.length);
        block = now;
      }
      return term(now, number++ & (BLOCK - 1));
    }
  }
}
