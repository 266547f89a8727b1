package dev.penstock.sources.parquet;

import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The memory that row groups are read into, and arrays of those that were decoded, for the next
 * ones.
 *
 * <pre>
 * least   room for one row group, guaranteed (where there is a place to spill to): its arrays may
 *         stay, nobody else can have these bytes
 * ahead   for row groups that are read while others are decoded; taken beside what is guaranteed to
 *         the decoders. Arrays stay until somebody is refused memory
 * </pre>
 *
 * <p>Concurrency: {@link #take} is called by one thread at a time; it waits for decoders when there
 * is no memory, and they, {@link #wake} and {@link #close} end the waiting. Places are given back
 * by any thread. All fields are guarded by the monitor. Under it bytes are given back, and never
 * asked for: a refusal asks all scans for what they have to spare, on the thread that is refused.
 */
final class ReadRoom implements AutoCloseable {
  private final QueryContext query;
  private final boolean guaranteed;
  private final long leastBytes;

  /** So much is held at most by row groups that wait to be decoded, if there is another one. */
  private final long aheadBytes;

  private final Budget leastBudget;
  private final Part least;
  private final Part ahead;
  private final LongSupplier giveUp = this::giveUp;
  private boolean leastTaken;
  private int outstanding; // row groups that decoders have not ended
  private long changes;
  private boolean refused;
  private boolean atEnd;
  private boolean closed;

  /**
   * @param query its budget holds what the scan needs, if there is a place to spill to
   * @param leastBytes for any of the row groups
   */
  ReadRoom(QueryContext query, long leastBytes) {
    this.query = query;
    this.guaranteed = query.spill() != null;
    this.leastBytes = leastBytes;
    Budget budget = query.budget();
    // Those who can spill should not have to because somebody reads ahead.
    this.aheadBytes = guaranteed ? budget.pathCapBytes() / 8 : Long.MAX_VALUE;
    this.leastBudget = budget.child("parquet row groups");
    this.least = new Part(leastBudget, false);
    this.ahead = new Part(budget, true);
    if (guaranteed) {
      leastBudget.keep(leastBytes, "the least to read Parquet with");
    }
    budget.addSpare(giveUp);
  }

  /** Bytes of one kind: those that row groups hold, and those of arrays that wait for the next. */
  private static final class Part {
    private final Budget from;
    private final boolean beyond;
    private final SpareReads spare = new SpareReads();
    private long held;

    Part(Budget from, boolean beyond) {
      this.from = from;
      this.beyond = beyond;
    }

    /** Not under the monitor. */
    boolean tryReserve(long bytes) {
      return beyond ? from.tryReserveBeyond(bytes) : from.tryReserve(bytes);
    }

    void release(long bytes) {
      held -= bytes;
      if (beyond) {
        from.releaseBeyond(bytes);
      } else {
        from.release(bytes);
      }
    }

    /** Takes arrays that wait; gives what is to be reserved for the others. */
    long again(int[] sizes, byte[] @Nullable [] arrays) {
      long bytes = 0;
      for (int i = 0; i < sizes.length; i++) {
        arrays[i] = spare.take(sizes[i]);
        if (arrays[i] == null) {
          bytes += sizes[i];
          release(spare.drop());
        }
      }
      return bytes;
    }

    void forget(byte[] @Nullable [] arrays) {
      for (int i = 0; i < arrays.length; i++) {
        if (arrays[i] != null) {
          spare.give(arrays[i]);
          arrays[i] = null;
        }
      }
    }

    long clear() {
      long bytes = spare.clear();
      release(bytes);
      return bytes;
    }
  }

  /** Where one row group is. */
  final class Place {
    private final Part part;

    /** To be filled; null: to be made. */
    final byte[] @Nullable [] arrays;

    /** Bytes of all of the arrays. */
    final long bytes;

    /** Room for the pages that a decoder decompresses, until it reserves for itself. */
    final long workspaceBytes;

    Place(Part part, int[] sizes, byte[] @Nullable [] arrays, long workspaceBytes) {
      this.part = part;
      this.arrays = arrays;
      this.workspaceBytes = workspaceBytes;
      long sum = 0;
      for (int i = 0; i < sizes.length; i++) {
        byte[] array = arrays[i];
        sum += array == null ? sizes[i] : array.length;
      }
      this.bytes = sum;
    }

    void giveBack(long free) {
      synchronized (ReadRoom.this) {
        if (!closed) {
          part.release(free);
        }
        changed();
      }
    }

    /** Nobody reads the arrays any more. */
    void ended() {
      synchronized (ReadRoom.this) {
        if (!closed) {
          if (keeps(part)) {
            for (byte[] array : arrays) {
              if (array != null) {
                part.spare.give(array);
              }
            }
          } else {
            part.release(bytes);
          }
        }
        left(part);
      }
    }

    /** Nothing was read. */
    void abandon() {
      synchronized (ReadRoom.this) {
        if (!closed) {
          part.release(bytes + workspaceBytes);
        }
        left(part);
      }
    }
  }

  private boolean keeps(Part part) {
    boolean costs = !guaranteed || part == ahead;
    return !atEnd
        && !query.token().isCancelled()
        && !(costs && (refused || crowds(0)))
        && !query.relief().isTight();
  }

  /** Whether so many bytes more take from what is left for those who cannot spill. */
  private boolean crowds(long bytes) {
    long spare = query.relief().spareBytes();
    return spare > 0 && query.budget().rootAvailableBytes() < spare + bytes;
  }

  private void left(Part part) {
    outstanding--;
    if (part == least) {
      leastTaken = false;
    }
    changed();
  }

  private void changed() {
    changes++;
    notifyAll();
  }

  /**
   * Room for the arrays of a row group, and for the pages that its decoder will decompress. Waits
   * for decoders when there is no memory; when there is none to wait for, does without the room for
   * pages, or throws LIMIT. Null: this was closed.
   */
  @Nullable Place take(int[] sizes, long workspaceBytes) {
    for (; ; ) {
      query.token().check();
      long seen;
      synchronized (this) {
        if (closed) {
          return null;
        }
        seen = changes;
      }
      Place place = tryTake(sizes, workspaceBytes, true);
      if (place == null) {
        place = tryTake(sizes, workspaceBytes, false);
      }
      if (place != null) {
        return place;
      }
      synchronized (this) {
        if (outstanding == 0 && !closed) {
          break;
        }
        await(seen);
      }
    }
    Place place = new Place(least, sizes, new byte[sizes.length][], 0);
    leastBudget.reserve(place.bytes, "parquet row groups");
    return taken(place, place.bytes);
  }

  /**
   * @param again whether arrays that wait are taken; else they are let go
   */
  private @Nullable Place tryTake(int[] sizes, long workspaceBytes, boolean again) {
    byte[] @Nullable [] arrays = new byte[sizes.length][];
    Part part;
    Place place;
    long missing;
    synchronized (this) {
      if (closed) {
        return null;
      }
      part = leastTaken ? ahead : least;
      // in the guaranteed part: the decoders have theirs as well
      long workspace = guaranteed && part == least ? 0 : workspaceBytes;
      if (!again) {
        part.clear();
      }
      missing = workspace + part.again(sizes, arrays);
      boolean tooMuch =
          part == ahead
              ? least.held + ahead.held + missing > aheadBytes || crowds(missing)
              : again && guaranteed && least.held + missing > leastBytes;
      if (tooMuch) {
        part.forget(arrays);
        return null;
      }
      place = new Place(part, sizes, arrays, workspace);
    }
    if (part.tryReserve(missing)) {
      return taken(place, missing);
    }
    synchronized (this) {
      if (!closed) {
        part.forget(arrays);
      }
      return null;
    }
  }

  private synchronized Place taken(Place place, long reserved) {
    place.part.held += reserved;
    if (closed) {
      place.part.release(reserved);
    }
    if (place.part == least) {
      leastTaken = true;
    } else {
      refused = false;
    }
    outstanding++;
    return place;
  }

  private void await(long seen) {
    try {
      while (changes == seen && !closed && !query.token().isCancelled()) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PenstockException(
          PenstockException.Category.CANCELLED,
          "cancelled",
          "the thread that reads Parquet was interrupted",
          e);
    }
  }

  /** Who waits looks whether the query was cancelled. */
  synchronized void wake() {
    changed();
  }

  /** No more row groups will be read. */
  synchronized void noMore() {
    atEnd = true;
    if (!closed) {
      least.clear();
      ahead.clear();
    }
  }

  /** Somebody was refused: what lies here for later is his. */
  private synchronized long giveUp() {
    refused = true;
    return closed ? 0 : ahead.clear() + (guaranteed ? 0 : least.clear());
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      query.budget().removeSpare(giveUp);
      closed = true;
      least.spare.clear();
      ahead.spare.clear();
      least.release(least.held);
      ahead.release(ahead.held);
      leastBudget.close();
      changed();
    }
  }
}
