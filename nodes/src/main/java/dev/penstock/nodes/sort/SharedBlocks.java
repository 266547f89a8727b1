package dev.penstock.nodes.sort;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.nodes.Source;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of spilled runs as merges read them: each is read once, held while a range that it
 * reaches into has still to read it, and freed.
 *
 * <pre>
 * run      [block 0 ][block 1 ][block 2 ][block 3 ]
 * ranges   0 0 0 0 1 1 1 1 1 1 1 1 2 2 2 3 3 3 3 3        block 0 has two takers, block 2 three
 * </pre>
 *
 * <p>Memory: reserved once by the maker, for all blocks that can be held at once.
 *
 * <p>Concurrency: the blocks of a run are found under its monitor, and read under their own.
 */
final class SharedBlocks {
  private final List<SpilledRun> runs;
  private final SortLayout layout;
  private final CancellationToken token;

  /** The block of each run in which a range begins; one row more than ranges: where all end. */
  private final int[][] cuts;

  private final List<Map<Integer, Held>> held;

  SharedBlocks(List<SpilledRun> runs, SortLayout layout, CancellationToken token, int[][] cuts) {
    this.runs = runs;
    this.layout = layout;
    this.token = token;
    this.cuts = cuts;
    this.held = new java.util.ArrayList<>();
    for (int r = 0; r < runs.size(); r++) {
      held.add(new HashMap<>());
    }
  }

  /** A block that is wanted. */
  private static final class Held {
    private int takers;
    private @Nullable RunBlock block;

    Held(int takers) {
      this.takers = takers;
    }
  }

  /** The block, read if it is not there. Every range takes each of its blocks once. */
  RunBlock take(int run, int number) {
    Map<Integer, Held> blocks = held.get(run);
    Held one;
    synchronized (blocks) {
      one = blocks.get(number);
      if (one == null) {
        one = new Held(takers(run, number));
        blocks.put(number, one);
      }
    }
    synchronized (one) {
      RunBlock block = one.block;
      if (block == null) {
        block = read(runs.get(run), number);
        one.block = block;
      }
      return block;
    }
  }

  private RunBlock read(SpilledRun run, int number) {
    token.check();
    return new RunBlock(run.file().file.read(run.handles().get(number)), layout);
  }

  /** The range that took it is done with it. */
  void give(int run, int number) {
    Map<Integer, Held> blocks = held.get(run);
    synchronized (blocks) {
      Held one = blocks.get(number);
      if (one != null && --one.takers == 0) {
        blocks.remove(number);
      }
    }
  }

  /** How many ranges reach into a block. */
  private int takers(int run, int number) {
    int n = 0;
    for (int i = firstRange(run, number); i + 1 < cuts.length && cuts[i][run] <= number; i++) {
      n++;
    }
    return n;
  }

  /** The first range that ends in that block or after it. */
  private int firstRange(int run, int number) {
    int low = 0;
    int high = cuts.length - 1;
    while (low < high) {
      int mid = (low + high) >>> 1;
      if (cuts[mid + 1][run] < number) {
        low = mid + 1;
      } else {
        high = mid;
      }
    }
    return low;
  }

  /**
   * A range of the sorted order: of each run from the cut of this number until the next.
   *
   * @param skip rows to leave out at the beginning
   * @param take rows to give at most
   */
  record Range(int number, long skip, long take) implements Source.Morsel {
    @Override
    public long sizeBytes() {
      return 64;
    }
  }
}
