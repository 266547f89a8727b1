package dev.penstock.nodes.window;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.kernel.Hashes;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.Breaker;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.rows.RowStore;
import dev.penstock.nodes.sort.Sort;
import dev.penstock.nodes.sort.SortKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
 * to 24 bytes a row of the frame.
 */
public final class Window implements Breaker {
  private static final int PARTITION_BITS = 4;
  private static final int PARTITIONS = 1 << PARTITION_BITS;

  private final QueryContext query;
  private final WindowLayout layout;
  private final Reservation memory;
  private final List<List<RowStore>> partitions = new ArrayList<>();

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
    int n = partition.isEmpty() ? 1 : PARTITIONS;
    for (int p = 0; p < n; p++) {
      partitions.add(new ArrayList<>());
    }
    this.memory = query.budget().open("window");
  }

  @Override
  public Step<Batch> sink(int lane) {
    return new Sink();
  }

  /** One lane: rows in, stores handed over at the end. */
  private final class Sink implements Step<Batch> {
    private final @Nullable RowStore[] stores = new RowStore[partitions.size()];

    @Override
    public Progress step(Inlet<? extends Batch> in, Outlet out) {
      query.token().check();
      Batch batch = in.poll();
      if (batch == null) {
        if (!in.isDone()) {
          return Progress.STUCK;
        }
        for (int p = 0; p < stores.length; p++) {
          handOver(p);
        }
        return Progress.DONE;
      }
      if (!batch.isEmpty()) {
        Batch stored = layout.stored(batch);
        if (stores.length == 1) {
          store(0).append(stored);
        } else {
          scatter(stored);
        }
      }
      return Progress.MOVED;
    }

    private RowStore store(int p) {
      RowStore store = stores[p];
      if (store != null && store.rows() >= Sort.RUN_ROWS) {
        handOver(p);
        store = null;
      }
      if (store == null) {
        store = new RowStore(layout.types, memory);
        stores[p] = store;
      }
      return store;
    }

    /** The rows of each partition in their order, as selections of the batch. */
    private void scatter(Batch stored) {
      int count = stored.count();
      int[] positions = stored.positions();
      Column[] keys = new Column[layout.partition.length];
      for (int k = 0; k < keys.length; k++) {
        keys[k] = stored.column(layout.partition[k]);
      }
      long[] hashes = new long[count];
      Hashes.hash(keys, positions, count, hashes);
      int[] ends = new int[PARTITIONS];
      for (int i = 0; i < count; i++) {
        ends[(int) (hashes[i] >>> (64 - PARTITION_BITS))]++;
      }
      int sum = 0;
      for (int p = 0; p < PARTITIONS; p++) {
        int n = ends[p];
        ends[p] = sum;
        sum += n;
      }
      int[] sorted = new int[count];
      for (int i = 0; i < count; i++) {
        sorted[ends[(int) (hashes[i] >>> (64 - PARTITION_BITS))]++] = positions[i];
      }
      int from = 0;
      for (int p = 0; p < PARTITIONS; p++) {
        int n = ends[p] - from;
        if (n > 0) {
          store(p).append(stored.withSelection(Arrays.copyOfRange(sorted, from, ends[p]), n));
        }
        from = ends[p];
      }
    }

    private void handOver(int p) {
      RowStore store = stores[p];
      if (store != null) {
        synchronized (partitions) {
          partitions.get(p).add(store);
        }
        stores[p] = null;
      }
    }
  }

  /** The rows of one hash partition: the stores of the lanes. */
  record Partition(List<RowStore> stores, long rows, long sizeBytes) implements Source.Morsel {}

  @Override
  public List<Partition> finish() {
    List<Partition> out = new ArrayList<>();
    for (List<RowStore> stores : partitions) {
      if (!stores.isEmpty()) {
        long rows = stores.stream().mapToLong(RowStore::rows).sum();
        out.add(new Partition(stores, rows, stores.stream().mapToLong(RowStore::sizeBytes).sum()));
      }
    }
    // The longest first, so that no lane ends long after the others.
    out.sort(Comparator.comparingLong(Partition::rows).reversed());
    return out;
  }

  @Override
  public Source.Decoder decoder() {
    return new WindowDecoder(query, layout, memory);
  }

  @Override
  public void close() {
    for (List<RowStore> stores : partitions) {
      stores.forEach(RowStore::close);
      stores.clear();
    }
    memory.close();
  }
}
