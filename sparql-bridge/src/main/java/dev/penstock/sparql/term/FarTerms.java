package dev.penstock.sparql.term;

import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.page.ScratchLongs;
import dev.penstock.sparql.page.ScratchSpace;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Terms by number, and numbers by hash, in mapped scratch files; nothing is taken from the memory
 * budget.
 *
 * <pre>
 * pieces = bytes of terms, one behind the other; each piece is larger than the one before
 * places = of a term by its number: piece (10), place in it (26), length (28)
 * slots  = see {@link HashSlots}
 * </pre>
 *
 * <p>Concurrency: one thread at a time finds and adds; any thread reads terms whose numbers it has
 * got from there. The arrays of pieces and places are replaced when one is added.
 */
final class FarTerms implements AutoCloseable {
  static final String WHAT = "terms of the query";

  private static final int MOST = 1 << 29;
  private static final int FIRST_SLOTS = 1 << 13;

  private static final int FIRST_PIECE = 1 << 18;
  private static final int PLACE_BITS = 26;
  private static final int MOST_PIECE = 1 << PLACE_BITS;
  private static final int LENGTH_BITS = 28;
  private static final int MOST_LENGTH = (1 << LENGTH_BITS) - 1;
  private static final int MOST_PIECES = 1 << 10;

  /** The k-th array of places holds 2^(k + 12) of them. */
  private static final int PLACES_SHIFT = 12;

  private final ScratchSpace space;
  private volatile ByteBuffer[] pieces = {};
  private volatile ScratchLongs[] places = {};
  private final HashSlots slots;
  private int filled;
  private volatile int size;

  FarTerms(DirectorySpill spill) {
    this.space = new ScratchSpace(spill, WHAT);
    this.slots = new HashSlots(FIRST_SLOTS, space::longs, space::give);
  }

  int size() {
    return size;
  }

  /** The bytes of a term. */
  byte[] get(int number) {
    long place = place(number);
    byte[] out = new byte[(int) place & MOST_LENGTH];
    int at = (int) (place >>> LENGTH_BITS) & (MOST_PIECE - 1);
    pieces[(int) (place >>> LENGTH_BITS + PLACE_BITS)].get(at, out);
    return out;
  }

  private long place(int number) {
    int k = array(number);
    return places[k].get(number - first(k));
  }

  private static int array(int number) {
    return 31 - Integer.numberOfLeadingZeros((number >>> PLACES_SHIFT) + 1);
  }

  private static int first(int k) {
    return ((1 << k) - 1) << PLACES_SHIFT;
  }

  /** The number of the term with a key, or -1. */
  int find(byte[] key, long hash) {
    return slots.find(key, hash, this::get);
  }

  /** Adds a term that is not there; gives its number. */
  int add(byte[] term, long hash) {
    int number = size;
    if (number == MOST) {
      throw PenstockException.limit("too-many-terms", "a query makes at most 2^29 terms");
    }
    long place = write(term);
    int k = array(number);
    if (k == places.length) {
      ScratchLongs[] more = Arrays.copyOf(places, k + 1);
      more[k] = space.longs(1L << (k + PLACES_SHIFT));
      places = more;
    }
    places[k].set(number - first(k), place);
    slots.add(hash, number);
    size = number + 1;
    return number;
  }

  private long write(byte[] term) {
    int last = pieces.length - 1;
    if (last < 0 || term.length > pieces[last].capacity() - filled) {
      if (term.length > MOST_LENGTH || last + 1 == MOST_PIECES) {
        throw PenstockException.limit(
            "large-terms",
            "a query makes terms of at most 2^28 bytes each, and of some 60 GB in all");
      }
      last++;
      int bytes = last == 0 ? FIRST_PIECE : Math.min(MOST_PIECE, 2 * pieces[last - 1].capacity());
      ByteBuffer[] more = Arrays.copyOf(pieces, last + 1);
      more[last] = space.bytes(Math.max(bytes, term.length));
      pieces = more;
      filled = 0;
    }
    int at = filled;
    pieces[last].put(at, term);
    filled = at + term.length;
    return (long) last << LENGTH_BITS + PLACE_BITS | (long) at << LENGTH_BITS | term.length;
  }

  @Override
  public void close() {
    space.close();
  }
}
