package dev.penstock.nodes.window;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.Positions;
import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.group.AggregateStates;
import dev.penstock.nodes.spill.Workspace;
import dev.penstock.nodes.table.Longs;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * States on disk, in pages; the pages that were used last are in memory while there is room.
 *
 * <pre>
 * rows -> page of level 0, full -> disk, and its states merged into the page of level 1, full -> ...
 * </pre>
 */
final class DiskTree extends StateTree {
  /**
   * States of a page of level 0: those of 4096 rows. Above there are fewer, and they are larger.
   */
  private static final int FIRST_BITS = 8;

  private static final int PAGE_BITS = 5;

  /** What is kept free beside pages. */
  private static final long FREE_BYTES = 64 << 10;

  /** Pages are kept until the next batch when so much is free. */
  private static final long REST_BYTES = 512 << 10;

  private record Page(int number, Batch states, long bytes) {}

  private final Workspace workspace;
  private final Reservation memory;
  private final Supplier<AggregateStates> fresh;
  private final SpillFile file;
  private final Longs handles;

  /** The number of the first page of each level. */
  private final int[] firstPages;

  private final @Nullable AggregateStates[] open;

  /** The one that was used last first. */
  private final Deque<Page> pages = new ArrayDeque<>();

  DiskTree(
      ArgumentRows rows,
      int start,
      int end,
      Workspace workspace,
      Reservation memory,
      Supplier<AggregateStates> fresh) {
    super(start, end);
    this.workspace = workspace;
    this.memory = memory;
    this.fresh = fresh;
    this.firstPages = new int[depth() + 1];
    for (int level = 0; level < depth(); level++) {
      firstPages[level + 1] = firstPages[level] + (size(level) - 1 >> bits(level)) + 1;
    }
    this.handles = new Longs(memory);
    handles.ensure(firstPages[depth()]);
    this.open = new AggregateStates[depth()];
    this.file = workspace.newFile();
    try {
      build(rows);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static int bits(int level) {
    return level == 0 ? FIRST_BITS : PAGE_BITS;
  }

  private void build(ArgumentRows rows) {
    int[] of = new int[SortedRows.READ_ROWS];
    int[] to = new int[SortedRows.READ_ROWS];
    int whole = size(0) << FANOUT_BITS;
    for (int from = 0; from < whole; from += SortedRows.READ_ROWS) {
      int n = Math.min(SortedRows.READ_ROWS, whole - from);
      for (int i = 0; i < n; i++) {
        of[i] = start + from + i;
        to[i] = from + i >> FANOUT_BITS & (1 << FIRST_BITS) - 1;
      }
      page(0).add(rows.at(of, n), to, n);
      added(0, from + n >> FANOUT_BITS);
    }
    file.seal();
  }

  private AggregateStates page(int level) {
    AggregateStates page = open[level];
    if (page == null) {
      page = fresh.get();
      page.ensure(1 << bits(level));
      open[level] = page;
    }
    return page;
  }

  /** So many states of a level are whole: writes the page if it ends here. */
  private void added(int level, int states) {
    int all = size(level);
    boolean ends = states == all || (states & (1 << bits(level)) - 1) == 0;
    AggregateStates page = open[level];
    if (!ends || page == null) {
      return;
    }
    int number = states - 1 >> bits(level);
    int first = number << bits(level);
    Batch saved = page.save(states - first);
    page.close();
    open[level] = null;
    handles.set(firstPages[level] + number, file.write(saved));
    int parents = level + 1 < depth() ? size(level + 1) : 0;
    int step = FANOUT << (level + 1 < depth() ? bits(level + 1) : 0);
    for (int from = first; from < states; ) {
      // Up to where the page of the parents ends; states at the end may have none.
      int upTo = Math.min(states, (from / step + 1) * step);
      int n = Math.min(upTo, parents << FANOUT_BITS) - from;
      if (n > 0) {
        int[] to = new int[n];
        for (int i = 0; i < n; i++) {
          to[i] = from + i >> FANOUT_BITS & (1 << bits(level + 1)) - 1;
        }
        page(level + 1).mergeSaved(part(saved, from - first, n), to);
        added(level + 1, from + n >> FANOUT_BITS);
      }
      from = upTo;
    }
  }

  private static Batch part(Batch saved, int from, int n) {
    if (n == saved.count()) {
      return saved;
    }
    int[] at = new int[n];
    Arrays.setAll(at, i -> from + i);
    Column[] out = new Column[saved.columns().length];
    for (int c = 0; c < out.length; c++) {
      out[c] = saved.column(c).gather(at, n);
    }
    return Batch.of(n, out);
  }

  @Override
  void merge(AggregateStates results, int[] numbers, int[] to, int count) {
    long[] keys = new long[count];
    int[] places = new int[count];
    for (int i = 0; i < count; i++) {
      int level = 0;
      while (numbers[i] >= levels[level + 1]) {
        level++;
      }
      int at = numbers[i] - levels[level];
      keys[i] = (long) (firstPages[level] + (at >> bits(level))) << 32 | i;
      places[i] = at & (1 << bits(level)) - 1;
    }
    Arrays.sort(keys);
    for (int from = 0; from < count; ) {
      int page = (int) (keys[from] >>> 32);
      int end = from;
      while (end < count && (int) (keys[end] >>> 32) == page) {
        end++;
      }
      int n = end - from;
      int[] at = new int[n];
      int[] of = new int[n];
      for (int i = 0; i < n; i++) {
        at[i] = places[(int) keys[from + i]];
        of[i] = to[(int) keys[from + i]];
      }
      Batch saved = read(page);
      try (AggregateStates states = fresh.get()) {
        states.ensure(saved.count());
        states.mergeSaved(saved, Positions.identity(saved.count()));
        results.merge(states, at, of, n);
      }
      from = end;
    }
    if (!workspace.fits(REST_BYTES)) {
      // Other functions need it as well.
      pages.forEach(page -> memory.shrink(page.bytes()));
      pages.clear();
    }
  }

  private Batch read(int number) {
    Page found = null;
    for (Page page : pages) {
      found = page.number() == number ? page : found;
    }
    if (found != null) {
      pages.remove(found);
    } else {
      long handle = handles.get(number);
      long bytes = file.readBytes(handle);
      while (!pages.isEmpty() && !workspace.fits(bytes + FREE_BYTES)) {
        memory.shrink(pages.removeLast().bytes());
      }
      workspace.require(bytes, "states of a window function");
      memory.grow(bytes);
      found = new Page(number, file.read(handle), bytes);
    }
    pages.push(found);
    return found.states();
  }

  @Override
  public void close() {
    for (AggregateStates page : open) {
      if (page != null) {
        page.close();
      }
    }
    pages.forEach(page -> memory.shrink(page.bytes()));
    pages.clear();
    handles.clear();
    file.close();
  }
}
