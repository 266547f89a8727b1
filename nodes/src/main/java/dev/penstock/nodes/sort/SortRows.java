package dev.penstock.nodes.sort;

import dev.penstock.batch.Batch;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.rows.RowStore;
import dev.penstock.nodes.spill.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of a sort, and what is made of them: runs in memory that are merged there, or, when any
 * lane had to spill, runs on disk.
 *
 * <p>Concurrency: each lane is used by one thread; the list of lanes is under the monitor of this;
 * {@link #finish} happens after all lanes ended, and before the decoders.
 */
public final class SortRows implements AutoCloseable {
  private final QueryContext query;
  private final SortLayout layout;
  private final SpillSizes sizes;
  private final String name;
  private final Budget indexBudget;
  private final Reservation index;
  private final List<SortLane> lanes = new ArrayList<>();
  private List<SortedRun> runs = List.of();
  private @Nullable SpillMerge merge;

  /** Opens the workspaces of all lanes that the query may have. */
  public SortRows(QueryContext query, SortLayout layout, String name) {
    this(query, layout, SpillSizes.USUAL, name);
  }

  SortRows(QueryContext query, SortLayout layout, SpillSizes sizes, String name) {
    this.sizes = sizes;
    this.query = query;
    this.layout = layout;
    this.name = name;
    this.indexBudget = query.budget().child(name + " index");
    this.index = indexBudget.open(name + " index");
    try {
      for (int l = 0; l < query.lanes(); l++) {
        lanes.add(open());
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private SortLane open() {
    Workspace workspace = Workspace.open(query, name, sizes.minimumBytes());
    return new SortLane(workspace, layout, sizes, new BlockIndex(layout, query.budget()));
  }

  public synchronized SortLane lane(int number) {
    while (lanes.size() <= number) {
      lanes.add(open());
    }
    return lanes.get(number);
  }

  /**
   * Ends the input: the runs when all of them are in memory; null when they are on disk, then there
   * is a {@link #merge}.
   */
  @Nullable List<SortedRun> finish(long skip, long take) {
    if (isInMemory()) {
      List<SortedRun> all = new ArrayList<>();
      lanes.forEach(lane -> all.addAll(lane.runs));
      SortedRun.join(all);
      runs = all;
      lanes.forEach(lane -> lane.workspace.settled());
      return all;
    }
    spill(layout.keys.length, skip, take);
    return null;
  }

  /** Ends the input with everything on disk: ranges in order. */
  public List<? extends Source.Morsel> finishSpilled(int cutBy) {
    return spill(cutBy, 0, Long.MAX_VALUE).ranges();
  }

  private SpillMerge spill(int cutBy, long skip, long take) {
    SpillMerge made = new SpillMerge(query, layout, lanes, indexBudget, index, cutBy, skip, take);
    merge = made;
    return made;
  }

  private boolean isInMemory() {
    List<RowStore> stores = new ArrayList<>();
    SortLane first = null;
    for (SortLane lane : lanes) {
      if (!lane.spilled.isEmpty()) {
        return false;
      }
      lane.runs.forEach(run -> stores.add(run.store()));
      first = first == null && !lane.runs.isEmpty() ? lane : first;
    }
    if (first == null || query.spill() == null) {
      return true;
    }
    // Stores are put together in the first one.
    long joining = stores.size() < 2 ? 0 : RowStore.absorbing(stores);
    for (SortLane lane : lanes) {
      if (!lane.staysInMemory(lane == first ? joining : 0)) {
        return false;
      }
    }
    return true;
  }

  SpillMerge merge() {
    return Objects.requireNonNull(merge);
  }

  /** A decoder of the ranges: batches of the stored columns that go out. */
  public Source.Decoder decoder() {
    return new Decoder();
  }

  /** Decides with the first range, where the rows are. */
  private final class Decoder implements Source.Decoder {
    private Source.@Nullable Decoder chosen;

    @Override
    public void begin(Source.Morsel morsel) {
      Source.Decoder decoder = chosen;
      if (decoder == null) {
        decoder = merge != null ? merge.decoder() : new Merger(query, runs, layout);
        chosen = decoder;
      }
      decoder.begin(morsel);
    }

    @Override
    public @Nullable Batch next() {
      return chosen == null ? null : chosen.next();
    }

    @Override
    public void close() {}
  }

  @Override
  public synchronized void close() {
    lanes.forEach(SortLane::close);
    index.close();
    indexBudget.close();
  }
}
