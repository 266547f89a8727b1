package dev.penstock.nodes.sort;

import dev.penstock.batch.Batch;
import dev.penstock.nodes.spill.Workspace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Merges the runs of a lane into fewer, longer ones while a block of each does not fit in its
 * memory: the shortest first, as many at once as fit.
 */
final class RunLevels {
  private static final int FEW = 16;

  /** The new run itself. */
  private static final long RUN_BYTES = 512;

  private final SortLane lane;
  private final SortLayout layout;

  RunLevels(SortLane lane, SortLayout layout) {
    this.lane = lane;
    this.layout = layout;
  }

  /** Bytes to read runs in one merge. */
  static long bytesToMerge(List<SpilledRun> runs, int spare) {
    long held = 0;
    long most = 0;
    for (SpilledRun run : runs) {
      held += run.heldBytes();
      most = Math.max(most, run.heldBytes());
    }
    return held + spare * most;
  }

  private long bytes(List<SpilledRun> runs, long blockBytes) {
    return bytesToMerge(runs, 1) + bytesBesideBlocks(runs, blockBytes) + RUN_BYTES;
  }

  private long bytesBesideBlocks(List<SpilledRun> runs, long blockBytes) {
    long widest = blockBytes;
    for (SpilledRun run : runs) {
      widest = Math.max(widest, run.heldBytes());
    }
    return RunWriter.bytesToWrite(widest)
        + BlockMerge.bytes(runs.size(), 1, layout.types.length, rows(runs));
  }

  /** Rows that are picked at once. */
  private static int rows(List<SpilledRun> runs) {
    int rows = 16;
    for (SpilledRun run : runs) {
      rows = Math.max(rows, run.blockRows());
    }
    return rows;
  }

  /** How many of the runs can be merged at once; two, if that is at least not refused. */
  private int most(List<SpilledRun> runs, long blockBytes) {
    int n = runs.size();
    while (n > 2 && !lane.workspace.fits(bytes(runs.subList(0, n), blockBytes))) {
      n = Math.max(2, Math.min(n - 1, n * 7 / 8));
    }
    return n;
  }

  /** Merges until all runs, and beside them so many bytes, fit. */
  void reduce(long besides) {
    List<SpilledRun> runs = lane.spilled;
    Workspace workspace = lane.workspace;
    while (!workspace.fitsAtLast(bytesToMerge(runs, 1) + besides)) {
      if (runs.size() < 2) {
        workspace.require(bytesToMerge(runs, 1) + besides, "reading the sorted rows back");
        return;
      }
      runs.sort(Comparator.comparingLong(SpilledRun::rows));
      long blockBytes = blockBytes(runs);
      int n = most(runs, blockBytes);
      if (!workspace.fits(bytes(runs.subList(0, n), blockBytes))) {
        blockBytes = lane.sizes.minBlockBytes();
        workspace.require(bytes(runs.subList(0, n), blockBytes), "merging two sorted runs");
      }
      replace(new ArrayList<>(runs.subList(0, n)), blockBytes);
    }
  }

  /**
   * Merges the runs of a level when their blocks have half of the bytes that the lane can hold: so
   * that the runs of all levels can be read at once in the end, and are not too many.
   */
  void tidy(long heldBytes) {
    for (int level = 0; ; level++) {
      List<SpilledRun> some = new ArrayList<>();
      boolean more = false;
      for (SpilledRun run : lane.spilled) {
        if (run.level() == level) {
          some.add(run);
        }
        more |= run.level() > level;
      }
      long blockBytes = some.isEmpty() ? 0 : blockBytes(some);
      if (some.size() >= FEW && 2 * bytesToMerge(some, 1) > heldBytes) {
        List<SpilledRun> part = some.subList(0, most(some, blockBytes));
        if (!lane.workspace.fits(bytes(part, blockBytes))) {
          return;
        }
        replace(part, blockBytes);
      } else if (!more) {
        return;
      }
    }
  }

  private long blockBytes(List<SpilledRun> runs) {
    return Math.min(lane.sizes.maxBlockBytes(), runs.get(0).heldBytes());
  }

  private void replace(List<SpilledRun> some, long blockBytes) {
    lane.newFile();
    SpilledRun merged = merge(some, blockBytes);
    lane.newFile();
    lane.spilled.removeAll(some);
    lane.spilled.add(merged);
    some.forEach(SpilledRun::release);
    lane.workspace.trim();
  }

  private SpilledRun merge(List<SpilledRun> runs, long blockBytes) {
    int[] begin = new int[runs.size()];
    int[] last = lastBlocks(runs);
    // Once: what is given back in between could be taken by others.
    long reserved = bytes(runs, blockBytes) - RUN_BYTES;
    lane.memory.grow(reserved);
    SharedBlocks blocks =
        new SharedBlocks(runs, layout, lane.workspace.query().token(), new int[][] {begin, last});
    BlockMerge merge = new BlockMerge(blocks, layout, 0, runs.size(), 1, rows(runs));
    int level = 0;
    for (SpilledRun run : runs) {
      level = Math.max(level, run.level() + 1);
    }
    RunWriter writer = new RunWriter(lane.file(), lane.memory, lane.index(), level);
    merge.begin(begin, last, null, -1, -1);
    int wanted = rows(runs);
    for (int n = merge.pick(wanted); n > 0; n = merge.pick(wanted)) {
      for (int from = 0; from < n; ) {
        int m = merge.fitting(from, n, blockBytes);
        Batch block = merge.gather(layout.types.length, from, from + m);
        writer.write(block);
        wanted = m < n - from ? m : Math.min(rows(runs), wanted + wanted / 4 + 1);
        from += m;
      }
    }
    lane.memory.shrink(reserved);
    return writer.end();
  }

  /** The number of the last block of each run. */
  static int[] lastBlocks(List<SpilledRun> runs) {
    int[] last = new int[runs.size()];
    for (int r = 0; r < last.length; r++) {
      last[r] = runs.get(r).blocks() - 1;
    }
    return last;
  }
}
