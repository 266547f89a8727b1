package dev.penstock.sparql.term;

import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.sparql.page.Bytes;
import dev.penstock.sparql.page.ScratchLongs;
import dev.penstock.sparql.page.Sink;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Collects the terms of a new {@link TermSegment}. One thread. */
final class TermWriter implements AutoCloseable {
  private static final int MOST = Integer.MAX_VALUE / 2;
  private static final int FIRST_SLOTS = 1 << 12;

  private final Sink sink;
  private final Path scratch;
  private final Reservation memory;
  private final byte[][] open = new byte[TermSegment.BLOCK][];
  private final HashSlots slots;
  private ScratchLongs places;
  private long placeCount = FIRST_SLOTS / TermSegment.BLOCK;
  private int scratches;
  private int size;
  private long openBytes;

  /**
   * @param scratch what names of scratch files begin with
   */
  TermWriter(Sink sink, Path scratch, Reservation memory) {
    this.sink = sink;
    this.scratch = scratch;
    this.memory = memory;
    this.slots = new HashSlots(FIRST_SLOTS, this::longs, ScratchLongs::close);
    this.places = longs(placeCount);
  }

  private ScratchLongs longs(long count) {
    return new ScratchLongs(count, scratchFile(), memory);
  }

  private Path scratchFile() {
    return scratch.resolveSibling(scratch.getFileName() + "-" + scratches++ + ".tmp");
  }

  int size() {
    return size;
  }

  /** The number of the term with a key, or -1. */
  int find(byte[] key, long hash) {
    return slots.find(key, hash, this::get);
  }

  private byte[] get(int number) {
    int block = number >>> TermSegment.SHIFT;
    if (block == size >>> TermSegment.SHIFT) {
      return open[number & (TermSegment.BLOCK - 1)];
    }
    long from = places.get(block);
    byte[] bytes = new byte[(int) (end(block) - from)];
    sink.copy(from, bytes, bytes.length);
    return TermSegment.term(bytes, number & (TermSegment.BLOCK - 1));
  }

  private long end(int block) {
    return block + 1 == size >>> TermSegment.SHIFT ? sink.position() : places.get(block + 1);
  }

  /** Adds a term that is not there; gives its number. */
  int add(byte[] term, long hash) {
    if (size == MOST) {
      throw PenstockException.limit("too-many-terms", "a dictionary holds at most 2^30 terms");
    }
    slots.add(hash, size);
    memory.grow(term.length);
    openBytes += term.length;
    open[size & (TermSegment.BLOCK - 1)] = term;
    int number = size++;
    if ((size & (TermSegment.BLOCK - 1)) == 0) {
      flush(TermSegment.BLOCK);
    }
    return number;
  }

  private void flush(int terms) {
    int block = (size - 1) >>> TermSegment.SHIFT;
    if (block == placeCount) {
      ScratchLongs grown = longs(2 * placeCount);
      for (long i = 0; i < placeCount; i++) {
        grown.set(i, places.get(i));
      }
      places.close();
      places = grown;
      placeCount *= 2;
    }
    places.set(block, sink.position());
    ByteArrayOutputStream out = new ByteArrayOutputStream((int) openBytes + 8 * terms);
    byte[] before = new byte[0];
    for (int i = 0; i < terms; i++) {
      byte[] term = open[i];
      int shared = Arrays.mismatch(before, term);
      if (shared < 0) {
        shared = term.length;
      }
      varint(out, shared);
      varint(out, term.length - shared);
      out.write(term, shared, term.length - shared);
      before = term;
    }
    byte[] all = out.toByteArray();
    sink.write(all, 0, all.length);
    memory.shrink(openBytes);
    openBytes = 0;
  }

  private static void varint(ByteArrayOutputStream out, int v) {
    int left = v;
    for (; left > 127; left >>>= 7) {
      out.write(left | 128);
    }
    out.write(left);
  }

  /** The segment's bytes. */
  Bytes finish() {
    int terms = size & (TermSegment.BLOCK - 1);
    if (terms > 0) {
      flush(terms);
    }
    long end = sink.position();
    sink.align();
    long placesAt = sink.position();
    int blocks = (size + TermSegment.BLOCK - 1) >>> TermSegment.SHIFT;
    for (int i = 0; i < blocks; i++) {
      sink.writeLong(places.get(i));
    }
    sink.writeLong(end);
    long slotsAt = sink.position();
    for (long i = 0; i < slots.count(); i++) {
      sink.writeLong(slots.get(i));
    }
    return sink.finish(size, placesAt, slotsAt, slots.count());
  }

  /** Adds all terms of a segment, which are not there. */
  void addAll(TermSegment segment) {
    TermSegment.Terms terms = new TermSegment.Terms(segment);
    for (byte @Nullable [] term = terms.next(); term != null; term = terms.next()) {
      add(term, TermBytes.hash(TermBytes.key(term)));
    }
  }

  @Override
  public void close() {
    memory.shrink(openBytes);
    openBytes = 0;
    slots.free();
    places.close();
    sink.close();
  }
}
