package dev.penstock.nodes.sort;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.rows.RowStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The last merge of a sort that spilled: the order cut into ranges where blocks begin, each range a
 * morsel. Blocks that two ranges share are read once, so that ranges may be much smaller than the
 * blocks of all runs together. Where memory is short there is one range.
 *
 * <p>Concurrency: built by one thread; decoders share {@link SharedBlocks}, which is thread-safe,
 * and count the ranges.
 */
final class SpillMerge {
  /** A range that waits for the one before it keeps its batches; see the node's reorder. */
  private static final long RANGE_BYTES = 2 << 20;

  private static final int SPARE = 6;

  private final QueryContext query;
  private final SortLayout layout;
  private final List<SortLane> lanes;
  private final List<SpilledRun> runs = new ArrayList<>();
  private final int cutBy;
  private final int spare;
  private final long[] reserved;
  private final int[][] cuts;
  private final Column @Nullable [] cutKeys;
  private final SharedBlocks blocks;
  private final List<SharedBlocks.Range> ranges = new ArrayList<>();
  private final AtomicInteger left;

  /**
   * Writes what the lanes still hold, and reduces the runs to what can be read at once.
   *
   * @param cutBy rows that are equal in so many first keys are in one range; all keys: need not be
   * @param index where the ranges are reserved, in {@code indexBudget}
   */
  SpillMerge(
      QueryContext query,
      SortLayout layout,
      List<SortLane> lanes,
      Budget indexBudget,
      Reservation index,
      int cutBy,
      long skip,
      long take) {
    this.cutBy = cutBy;
    this.query = query;
    this.layout = layout;
    this.lanes = lanes;
    for (SortLane lane : lanes) {
      lane.spill();
      lane.newFile();
    }
    // The arrays of all decoders are the first lane's.
    for (int l = 0; l < lanes.size(); l++) {
      long arrays = l > 0 ? 0 : query.lanes() * arrays(count());
      new RunLevels(lanes.get(l), layout).reduce(arrays);
    }
    lanes.forEach(lane -> runs.addAll(lane.spilled));
    boolean all = skip == 0 && take == Long.MAX_VALUE && cutBy > 0;
    int perRange = all && query.lanes() > 1 ? blocksPerRange() : 0;
    Cuts made = perRange > 0 && fits(perRange) ? cut(indexBudget, index, perRange) : null;
    lanes.forEach(lane -> lane.index().close());
    int[] last = RunLevels.lastBlocks(runs);
    this.spare = made == null ? 1 : SPARE;
    this.reserved = reserve(made != null, perRange);
    this.cuts = made == null ? new int[][] {new int[runs.size()], last} : made.blocks;
    this.cutKeys = made == null ? null : made.keys;
    this.blocks = new SharedBlocks(runs, layout, query.token(), cuts);
    for (int n = 0; n + 1 < cuts.length && !runs.isEmpty(); n++) {
      ranges.add(new SharedBlocks.Range(n, skip, take));
    }
    this.left = new AtomicInteger(ranges.size());
    lanes.forEach(lane -> lane.workspace.settled());
  }

  private int count() {
    int n = 0;
    for (SortLane lane : lanes) {
      n += lane.spilled.size();
    }
    return n;
  }

  private long arrays(int count) {
    return BlockMerge.bytes(count, SPARE, layout.types.length, query.batchRows());
  }

  private int blocksPerRange() {
    long blockBytes = 0;
    for (SpilledRun run : runs) {
      blockBytes = Math.max(blockBytes, run.heldBytes());
    }
    return (int) Math.max(1, Math.min(RANGE_BYTES / Math.max(1, blockBytes), runs.size() / 4));
  }

  /**
   * Whether ranges can be merged at once. Of each run two blocks may be held (the one at hand, and
   * one that another range has still to read), and those that lie within a range of each lane.
   */
  private boolean fits(int perRange) {
    for (int l = 0; l < lanes.size(); l++) {
      SortLane lane = lanes.get(l);
      if (!lane.index().isComplete() || !lane.workspace.fitsAtLast(parallelBytes(l, perRange))) {
        return false;
      }
    }
    return true;
  }

  private long parallelBytes(int l, int perRange) {
    // The arrays of all decoders are the first lane's.
    long bytes = l > 0 ? 0 : query.lanes() * arrays(runs.size());
    long widest = 0;
    for (SpilledRun run : lanes.get(l).spilled) {
      bytes += 2 * run.heldBytes();
      widest = Math.max(widest, run.heldBytes());
    }
    return bytes + query.lanes() * (2L * perRange + SPARE) * widest;
  }

  /** Reserved once for all blocks: what is given back in between could be taken by others. */
  private long[] reserve(boolean parallel, int perRange) {
    long[] bytes = new long[lanes.size()];
    for (int l = 0; l < bytes.length; l++) {
      bytes[l] =
          parallel
              ? parallelBytes(l, perRange)
              : RunLevels.bytesToMerge(lanes.get(l).spilled, 1)
                  + (l > 0 ? 0 : query.lanes() * arrays(runs.size()));
      lanes.get(l).memory.grow(bytes[l]);
    }
    return bytes;
  }

  /** Where ranges begin: the blocks of each run, and the keys of the rows. */
  private record Cuts(int[][] blocks, Column[] keys) {}

  /** Cuts the order so that a range has about so many blocks; null when memory is short. */
  private @Nullable Cuts cut(Budget budget, Reservation memory, int perRange) {
    RowStore index = lanes.get(0).index().rows;
    int[] base = new int[lanes.size()];
    long keyBytes = 0;
    for (int l = 0; l < lanes.size(); l++) {
      RowStore part = lanes.get(l).index().rows;
      base[l] = l == 0 ? 0 : index.segments() << RowStore.SEGMENT_BITS;
      keyBytes += part.sizeBytes();
      if (l > 0) {
        index.absorb(part);
      }
    }
    long entries = index.rows();
    int most = (int) (entries / perRange) + 2;
    long work = 46 * entries + 4L * index.idLimit() + 2 * keyBytes + 4096;
    long kept = most * (4L * runs.size() + 24) + keyBytes / perRange + 1024;
    if (!budget.prepare(work + kept)) {
      return null;
    }
    memory.grow(4L * index.idLimit() + kept);
    int[] runOf = new int[index.idLimit()];
    Arrays.fill(runOf, -1);
    int r = 0;
    for (int l = 0; l < base.length; l++) {
      for (SpilledRun run : lanes.get(l).spilled) {
        int first = base[l] + run.firstEntry();
        Arrays.fill(runOf, first, first + run.blocks(), r++);
      }
    }
    SortedRun order = SortedRun.of(index, BlockIndex.layout(layout), memory, query.token());
    List<int[]> blocksAt = new ArrayList<>();
    blocksAt.add(new int[runs.size()]);
    int[] splitters = new int[most];
    int[] before = new int[runs.size()];
    int seen = 0;
    int cutAt = 0;
    for (int place = 0; place < order.rows; place++) {
      int id = order.ids[place];
      if (runOf[id] < 0) {
        continue;
      }
      if (seen - cutAt >= perRange && begins(index, order.ids[place - 1], id)) {
        cutAt = seen;
        int[] first = new int[before.length];
        for (int i = 0; i < first.length; i++) {
          first[i] = Math.max(0, before[i] - 1);
        }
        splitters[blocksAt.size() - 1] = id;
        blocksAt.add(first);
      }
      before[runOf[id]]++;
      seen++;
    }
    int n = blocksAt.size() - 1;
    blocksAt.add(RunLevels.lastBlocks(runs));
    Column[] keys = new Column[layout.keys.length];
    for (int k = 0; k < keys.length; k++) {
      keys[k] = index.gather(k, splitters, n);
    }
    order.release();
    memory.shrink(4L * index.idLimit());
    return new Cuts(blocksAt.toArray(new int[0][]), keys);
  }

  /** Whether a range may begin with an entry of the index. */
  private boolean begins(RowStore index, int idBefore, int id) {
    if (cutBy == layout.keys.length) {
      return true;
    }
    int[] ids = {idBefore, id};
    Column[] keys = new Column[cutBy];
    for (int k = 0; k < cutBy; k++) {
      keys[k] = index.gather(k, ids, 2);
    }
    return layout.order.compare(0, cutBy, keys, 0, keys, 1) != 0;
  }

  List<SharedBlocks.Range> ranges() {
    return ranges;
  }

  /** Files are not needed any more when every range was merged. */
  private void ended() {
    if (left.decrementAndGet() == 0) {
      for (int l = 0; l < reserved.length; l++) {
        lanes.get(l).releaseSpilled();
        lanes.get(l).memory.shrink(reserved[l]);
      }
    }
  }

  Source.Decoder decoder() {
    return new Decoder();
  }

  /** Merges ranges into batches. */
  private final class Decoder implements Source.Decoder {
    private @Nullable BlockMerge merge;
    private long taken;
    private boolean open;

    @Override
    public void begin(Source.Morsel morsel) {
      SharedBlocks.Range range = (SharedBlocks.Range) morsel;
      BlockMerge m = merge;
      if (m == null) {
        m = new BlockMerge(blocks, layout, cutBy, runs.size(), spare, query.batchRows());
        merge = m;
      }
      int n = range.number();
      boolean last = n + 2 == cuts.length;
      m.begin(cuts[n], cuts[n + 1], cutKeys, n - 1, last ? -1 : n);
      m.skip(range.skip());
      taken = range.take();
      open = true;
    }

    @Override
    public @Nullable Batch next() {
      query.token().check();
      BlockMerge m = merge;
      if (m == null || !open) {
        return null;
      }
      int n = m.pick((int) Math.min(taken, query.batchRows()));
      if (n == 0) {
        open = false;
        ended();
        return null;
      }
      taken -= n;
      return m.gather(layout.output.length, 0, n);
    }

    @Override
    public void close() {}
  }
}
