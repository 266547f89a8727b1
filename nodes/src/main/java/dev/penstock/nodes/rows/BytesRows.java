package dev.penstock.nodes.rows;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.rows.RowStore.Held;
import dev.penstock.nodes.rows.RowStore.Values;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Strings in chunks of {@value #CHUNK_BYTES} bytes (a longer one has a chunk of its own), which no
 * growth ever copies, and a word a row that says where:
 *
 * <pre>
 * bits 63..44  chunk, counted from the first chunk of the store that the segment was made in
 * bits 43..26  start in the chunk
 * bits 25..0   size; all ones: the whole chunk
 * </pre>
 */
final class BytesRows extends StoredColumn {
  static final int CHUNK_BYTES = 1 << 18;
  private static final int FIRST_CHUNK_BYTES = 1 << 10;
  private static final int MAX_CHUNKS = 1 << 20;
  private static final int WHOLE = (1 << 26) - 1;
  private static final int SHORT = 16;

  private long[][] segments = new long[8][];
  private int[] firstChunks = new int[8];
  private byte[][] chunks = new byte[8][];
  private int chunkCount;
  private int open = -1;
  private int used;

  BytesRows(DataType type, Held memory) {
    super(type, memory);
  }

  @Override
  long fixedBytes(int capacity) {
    return 16 + 8L * capacity;
  }

  @Override
  int spareKind() {
    return SpareArrays.LONGS;
  }

  @Override
  void growValues(int segment, int capacity, @Nullable Object again) {
    if (segment >= segments.length) {
      segments = Arrays.copyOf(segments, segment * 2);
      firstChunks = Arrays.copyOf(firstChunks, segment * 2);
    }
    segments[segment] = grown(segments[segment], capacity, again);
  }

  @Override
  void giveSpare(int count) {
    for (int s = 0; s < count; s++) {
      if (segments[s].length == RowStore.SEGMENT_ROWS) {
        memory.give(SpareArrays.LONGS, segments[s], fixedBytes(RowStore.SEGMENT_ROWS));
      }
    }
    for (int c = 0; c < chunkCount; c++) {
      if (chunks[c].length == CHUNK_BYTES) {
        memory.give(SpareArrays.CHUNKS, chunks[c], 16L + CHUNK_BYTES);
      }
    }
  }

  @Override
  long valueGrowth(
      Column column,
      int[] positions,
      int count,
      int[] segmentRows,
      int rows,
      int @Nullable [] spare) {
    Values v = values(column, positions, count);
    int[] offsets = ((BytesColumn) v.column()).offsets();
    int[] at = v.at();
    long total = 0;
    int most = 0;
    for (int i = 0; i < count; i++) {
      int p = at[i];
      int size = p < 0 ? 0 : offsets[p + 1] - offsets[p];
      total += size;
      most = Math.max(most, size);
    }
    byte[] before = open < 0 ? null : chunks[open];
    if (before != null && total <= before.length - used) {
      return 0;
    }
    long fresh = chunkBytes(total, most, before == null ? 0 : before.length);
    if (spare == null || spare[SpareArrays.CHUNKS] == 0) {
      return fresh;
    }
    if (most > CHUNK_BYTES / 2) {
      return Math.max(fresh, 2 * total); // two chunks that follow each other hold one's bytes
    }
    int filled = CHUNK_BYTES - most;
    int chunksFor = (int) Math.min(MAX_CHUNKS, (total + filled - 1) / filled);
    int again = Math.min(chunksFor, spare[SpareArrays.CHUNKS]);
    spare[SpareArrays.CHUNKS] -= again;
    return again == chunksFor ? 0 : Math.max(fresh, (chunksFor - again) * (16L + CHUNK_BYTES));
  }

  /**
   * Bytes of the chunks for so many bytes of strings. A chunk is filled but for less than the
   * longest string; and two chunks that follow each other are half full at least.
   */
  static long chunkBytes(long total, int longest, int chunkBefore) {
    long sum = 0;
    int size = chunkBefore;
    for (long left = total; left > 0; ) {
      size = Math.max(longest, size == 0 ? FIRST_CHUNK_BYTES : Math.min(size * 2, CHUNK_BYTES));
      sum += 16L + size;
      left -= Math.max(size - longest, size / 2);
    }
    return sum;
  }

  @Override
  void appendValues(Values v, int from, int n, int segment, int at) {
    BytesColumn column = (BytesColumn) v.column();
    byte[] slab = column.slab();
    int[] offsets = column.offsets();
    int[] positions = v.at();
    long[] nulls = v.mayHaveNulls() ? column.nulls() : null;
    long[] out = segments[segment];
    for (int i = 0; i < n; i++) {
      int p = positions[from + i];
      if (p < 0 || (nulls != null && (nulls[p >> 6] >>> p & 1) != 0)) {
        out[at + i] = 0;
        continue;
      }
      int start = offsets[p];
      int size = offsets[p + 1] - start;
      if (size == 0) {
        out[at + i] = 0;
        continue;
      }
      if (size > CHUNK_BYTES) {
        byte[] own = newChunk(size);
        System.arraycopy(slab, start, own, 0, size);
        out[at + i] = (long) (chunkCount - 1) << 44 | Math.min(size, WHOLE);
        continue;
      }
      if (open < 0 || chunks[open].length - used < size) {
        byte[] before = open < 0 ? null : chunks[open];
        newChunk(nextSize(before, size));
        open = chunkCount - 1;
        used = 0;
      }
      copy(slab, start, chunks[open], used, size);
      out[at + i] = (long) open << 44 | (long) used << 26 | size;
      used += size;
    }
  }

  /** Chunks double up to their full size, so that small stores are small. */
  private int nextSize(byte @Nullable [] before, int size) {
    if (memory.hasChunks()) {
      return CHUNK_BYTES;
    }
    int wanted = before == null ? FIRST_CHUNK_BYTES : Math.min(before.length * 2, CHUNK_BYTES);
    return Math.max(wanted, size);
  }

  private byte[] newChunk(int size) {
    if (chunkCount == MAX_CHUNKS) {
      throw PenstockException.limit(
          "too-many-bytes", "an operator can keep at most 256 GiB of strings in one column");
    }
    if (chunkCount == chunks.length) {
      chunks = Arrays.copyOf(chunks, chunkCount * 2);
    }
    byte[] chunk = null;
    if (size == CHUNK_BYTES) {
      chunk = (byte[]) memory.again(SpareArrays.CHUNKS, 16L + size);
    }
    if (chunk == null) {
      memory.grow(16L + size);
      chunk = new byte[size];
    }
    chunks[chunkCount++] = chunk;
    return chunk;
  }

  private static void copy(byte[] from, int at, byte[] to, int start, int size) {
    if (size <= SHORT) {
      for (int k = 0; k < size; k++) {
        to[start + k] = from[at + k];
      }
    } else {
      System.arraycopy(from, at, to, start, size);
    }
  }

  @Override
  BytesColumn gather(int[] ids, int count) {
    int[] offsets = new int[count + 1];
    long[] where = new long[count];
    int total = locate(ids, count, where, offsets);
    return gather(ids, count, where, offsets, new byte[total]);
  }

  @Override
  Column gather(int[] ids, int count, GatherScratch scratch, int slot) {
    int[] offsets = scratch.offsets(slot, count + 1);
    long[] where = scratch.words(count);
    int total = locate(ids, count, where, offsets);
    return gather(ids, count, where, offsets, scratch.slab(slot, total));
  }

  /** Where the values lie, and their offsets as they will lie; all their bytes. */
  private int locate(int[] ids, int count, long[] where, int[] offsets) {
    long total = 0;
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      if (id >= 0) {
        int s = id >>> RowStore.SEGMENT_BITS;
        long word = segments[s][id & RowStore.MASK] + ((long) firstChunks[s] << 44);
        where[i] = word;
        int size = (int) word & WHOLE;
        total += size == WHOLE ? chunks[(int) (word >>> 44)].length : size;
      }
      offsets[i + 1] = (int) Math.min(total, Integer.MAX_VALUE);
    }
    offsets[0] = 0;
    if (total > Integer.MAX_VALUE - 16) {
      throw PenstockException.limit(
          "batch-too-wide", "strings of one batch hold " + total + " bytes; at most 2 GiB fit");
    }
    return (int) total;
  }

  private BytesColumn gather(int[] ids, int count, long[] where, int[] offsets, byte[] slab) {
    for (int i = 0; i < count; i++) {
      int start = offsets[i];
      int size = offsets[i + 1] - start;
      if (size > 0) {
        long word = where[i];
        int at = (int) (word >>> 26) & CHUNK_BYTES - 1;
        copy(chunks[(int) (word >>> 44)], at, slab, start, size);
      }
    }
    return new BytesColumn(type, slab, offsets, gatherNulls(ids, count), count);
  }

  @Override
  long rowBytes(int[] ids, int count) {
    long sum = super.rowBytes(ids, count);
    for (int i = 0; i < count; i++) {
      int s = ids[i] >>> RowStore.SEGMENT_BITS;
      long word = segments[s][ids[i] & RowStore.MASK];
      int size = (int) word & WHOLE;
      sum += size == WHOLE ? chunks[(int) (word >>> 44) + firstChunks[s]].length : size;
    }
    return sum;
  }

  @Override
  Column segment(int segment, int rows) {
    return copyOfSegment(segment, rows);
  }

  @Override
  void joinValues(StoredColumn column, int own, int others) {
    BytesRows other = (BytesRows) column;
    if (chunkCount + other.chunkCount > MAX_CHUNKS) {
      throw PenstockException.limit(
          "too-many-bytes", "an operator can keep at most 256 GiB of strings in one column");
    }
    segments = Arrays.copyOf(segments, own + others);
    System.arraycopy(other.segments, 0, segments, own, others);
    firstChunks = Arrays.copyOf(firstChunks, own + others);
    for (int s = 0; s < others; s++) {
      firstChunks[own + s] = other.firstChunks[s] + chunkCount;
    }
    chunks = Arrays.copyOf(chunks, Math.max(8, chunkCount + other.chunkCount));
    System.arraycopy(other.chunks, 0, chunks, chunkCount, other.chunkCount);
    chunkCount += other.chunkCount;
  }
}
