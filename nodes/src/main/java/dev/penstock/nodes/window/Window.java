package dev.penstock.nodes.window;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.Expr;
import dev.penstock.nodes.Breaker;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.rows.RowStore;
import dev.penstock.nodes.sort.SortKey;
import dev.penstock.nodes.sort.SortRows;
import dev.penstock.nodes.spill.Workspace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Window functions that share their partition and order: all columns of the input, then a column
 * for each function.
 *
 * <pre>
 * lane 0: hash of the partition keys -> [store 0] ... [store 15]  \
 * lane 1: hash of the partition keys -> [store 0] ... [store 15]   }-> morsel p = store p of all lanes -> sort, compute
 * </pre>
 *
 * <p>Without partition keys there is one store a lane and one morsel. The rows of a window
 * partition come out together and in its order; rows that are equal in the order come in any order,
 * and row-number and frames of rows tell them apart by it. With neither keys nor order and one
 * lane, the order of the input is kept.
 *
 * <p>Memory: the rows; for a morsel that is being computed 4 bytes a row for the order (while it is
 * sorted up to 24, and 20 for each row of the run at hand), and the state of frames that slide: up
 * to 24 bytes a row of the frame. What does not fit is sorted on disk by partition keys and order,
 * and evaluated from there, some whole partitions at a time. A partition that does not fit is
 * evaluated from disk ({@link DiskRows}). Values of a frame that are kept go to disk where they do
 * not fit ({@link ListedFrames}); a text must fit as a whole.
 */
public final class Window implements Breaker {
  /** With which a decoder evaluates small partitions. */
  private static final long MINIMUM_BYTES = 512 << 10;

  /** What merging the states of frames takes more. */
  private static final long MERGING_BYTES = 256 << 10;

  private final QueryContext query;
  private final WindowLayout layout;
  private final StateBytes states;
  private final SortRows sorted;
  private final List<WindowLane> lanes = new ArrayList<>();
  private final List<Workspace> evaluations = new ArrayList<>();
  private final List<Workspace> listings = new ArrayList<>();
  private int decoders;
  private boolean spilled;

  /**
   * @param types the types of the input's columns, which go out unchanged
   * @param partition keys; none = all rows are one partition
   * @param order none = all rows of a partition are equal
   */
  public Window(
      QueryContext query,
      DataType[] types,
      List<Expr> partition,
      List<SortKey> order,
      List<WindowFunction> functions) {
    this.query = query;
    this.layout = new WindowLayout(types, partition, order, functions);
    Evaluator.check(layout);
    this.states = StateBytes.of(layout);
    this.sorted = new SortRows(query, layout.sort, "window");
    try {
      for (int l = 0; l < query.lanes(); l++) {
        lane(l);
        evaluation(l);
        listing(l);
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private synchronized WindowLane lane(int number) {
    while (lanes.size() <= number) {
      lanes.add(new WindowLane(layout, sorted.lane(lanes.size())));
    }
    return lanes.get(number);
  }

  private synchronized Workspace evaluation(int number) {
    long least = MINIMUM_BYTES + (states.merges() ? MERGING_BYTES : 0);
    while (evaluations.size() <= number) {
      evaluations.add(Workspace.open(query, "window partition", least));
    }
    return evaluations.get(number);
  }

  /** For values of one frame; that of the evaluation where there are no such. */
  private synchronized Workspace listing(int number) {
    if (states.listed() == 0) {
      return evaluation(number);
    }
    while (listings.size() <= number) {
      listings.add(Workspace.open(query, "window frames", states.listed()));
    }
    return listings.get(number);
  }

  @Override
  public Step<Batch> sink(int lane) {
    return new Sink(lane(lane));
  }

  /** One lane: rows in. */
  private final class Sink implements Step<Batch> {
    private final WindowLane lane;

    Sink(WindowLane lane) {
      this.lane = lane;
    }

    @Override
    public Progress step(Inlet<? extends Batch> in, Outlet out) {
      query.token().check();
      Batch batch = in.poll();
      if (batch == null) {
        return in.isDone() ? Progress.DONE : Progress.STUCK;
      }
      if (!batch.isEmpty()) {
        lane.add(layout.stored(batch));
      }
      return Progress.MOVED;
    }
  }

  /** The rows of one hash partition: the stores of the lanes. */
  record Partition(List<RowStore> stores, long rows, long sizeBytes) implements Source.Morsel {}

  @Override
  public List<? extends Source.Morsel> finish() {
    List<Partition> out = partitions();
    if (staysInMemory(out)) {
      return out;
    }
    spilled = true;
    lanes.forEach(WindowLane::spill);
    return sorted.finishSpilled(layout.partition.length);
  }

  private List<Partition> partitions() {
    List<Partition> out = new ArrayList<>();
    int n = layout.partition.length == 0 ? 1 : WindowLane.PARTITIONS;
    for (int p = 0; p < n; p++) {
      List<RowStore> stores = new ArrayList<>();
      for (WindowLane lane : lanes) {
        lane.stores(p).stream().filter(s -> s.rows() > 0).forEach(stores::add);
      }
      if (!stores.isEmpty()) {
        long rows = stores.stream().mapToLong(RowStore::rows).sum();
        out.add(new Partition(stores, rows, stores.stream().mapToLong(RowStore::sizeBytes).sum()));
      }
    }
    // The longest first, so that no lane ends long after the others.
    out.sort(Comparator.comparingLong(Partition::rows).reversed());
    return out;
  }

  /** Whether nothing was spilled, and the longest partitions can be evaluated at once. */
  private boolean staysInMemory(List<Partition> partitions) {
    if (query.spill() == null) {
      return true;
    }
    for (WindowLane lane : lanes) {
      if (lane.sorts()) {
        return false;
      }
    }
    if (partitions.isEmpty()) {
      return true;
    }
    // Stores of a partition are put together in the first lane's memory.
    long joining = 0;
    for (Partition p : partitions) {
      joining += p.stores().size() > 1 ? RowStore.absorbing(p.stores()) : 0;
    }
    for (int l = 0; l < lanes.size(); l++) {
      if (joining > 0 && !lanes.get(l).fits(joining)) {
        return false;
      }
    }
    Partition longest = partitions.get(0);
    long bytes =
        states.ofRow() * longest.rows()
            + (layout.hasStringKeys() ? longest.sizeBytes() : 0)
            + states.fixed();
    for (int l = 0; l < query.lanes(); l++) {
      if (!evaluation(l).fits(bytes)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public synchronized Source.Decoder decoder() {
    Workspace workspace = evaluation(decoders);
    Workspace listing = listing(decoders++);
    return new WindowDecoder(
        query, layout, workspace, listing, () -> spilled ? sorted.decoder() : null);
  }

  @Override
  public synchronized void close() {
    lanes.forEach(WindowLane::close);
    sorted.close();
    evaluations.forEach(Workspace::close);
    listings.forEach(Workspace::close);
  }
}
