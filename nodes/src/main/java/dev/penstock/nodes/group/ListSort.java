package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.sort.SortKey;
import dev.penstock.nodes.sort.SortLane;
import dev.penstock.nodes.sort.SortLayout;
import dev.penstock.nodes.sort.SortRows;
import dev.penstock.nodes.table.Longs;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values of groups that are too many for memory, although there is but one group: they are sorted
 * on disk by list (an accumulator of an input), group, and their order in it, and read once.
 *
 * <pre>
 * row   list &lt;&lt; 32 | group,  word,  key,  number,  value
 *       word    of values that fit one: the value; else what the key begins with
 *       number  in the order of coming, which decides between equal keys
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class ListSort implements AutoCloseable {
  /** With so much it works, beside what others hold. */
  static final long LEAST_BYTES = 576 << 10;

  private static final int STRIDE = 1024;
  private static final long BLOCK_BYTES = 1 << 15;
  private static final DataType[] TYPES = {
    DataType.INT64, DataType.INT64, DataType.VARBINARY, DataType.INT64, DataType.VARBINARY
  };

  private final QueryContext query;
  private final Reservation memory;
  private final SortRows sort;
  private final SortLane lane;

  /** Bytes of the values of each group, by list. */
  private final List<Longs> sizes = new ArrayList<>();

  private long taken;
  private boolean closed;

  ListSort(QueryContext lane) {
    this.query =
        new QueryContext(lane.token(), lane.budget(), STRIDE, lane.spill(), lane.relief(), 1);
    this.memory = lane.budget().open("group (lists)");
    List<SortKey> keys = new ArrayList<>();
    for (int c = 0; c < 4; c++) {
      keys.add(new SortKey(new ColumnExpr(c, TYPES[c]), false, false));
    }
    this.sort = new SortRows(query, new SortLayout(TYPES, keys), "group (lists)");
    this.lane = sort.lane(0);
  }

  /** Whether nothing came. */
  boolean isEmpty() {
    return taken == 0;
  }

  /** Writes what is in memory; false if nothing was. */
  boolean makeRoom() {
    return lane.makeRoom();
  }

  /** Takes all values of a list; they may be cleared there. */
  void take(int list, Listed from, int groups) {
    while (sizes.size() <= list) {
      sizes.add(new Longs(memory));
    }
    Longs bytesOf = sizes.get(list);
    bytesOf.ensure(groups);
    int[] items = new int[STRIDE];
    long[] at = new long[STRIDE];
    int n = 0;
    long bytes = 0;
    for (int g = 0; g < groups; g++) {
      for (int item = from.first(g); item >= 0; item = from.next(item)) {
        long size = from.valueBytes(item);
        if (n == STRIDE || (n > 0 && bytes + size > BLOCK_BYTES)) {
          add(from, items, at, n);
          n = 0;
          bytes = 0;
        }
        at[n] = (long) list << 32 | g;
        items[n++] = item;
        bytes += size;
        bytesOf.set(g, bytesOf.get(g) + size);
      }
    }
    if (n > 0) {
      add(from, items, at, n);
    }
  }

  private void add(Listed from, int[] items, long[] at, int n) {
    query.token().check();
    long[] numbers = new long[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = taken++;
    }
    Column[] columns = new Column[TYPES.length];
    columns[0] = new LongColumn(DataType.INT64, at.clone(), null, n);
    columns[3] = new LongColumn(DataType.INT64, numbers, null, n);
    FlatColumn[] parts = from.sortItems(items, numbers, n);
    columns[1] = parts[0];
    columns[2] = parts[1];
    columns[4] = parts[2];
    lane.add(Batch.of(n, columns));
  }

  /** A column of n empty strings. */
  static BytesColumn empty(int n) {
    return new BytesColumn(DataType.VARBINARY, new byte[0], new int[n + 1], null, n);
  }

  /** How many values a group has in a list. */
  interface Counts {
    long of(int list, int group);
  }

  /**
   * All values are there: gives them to the results of their lists, and is empty.
   *
   * @param lists by their numbers; null where there is none of the number
   */
  void finish(@Nullable ListResults[] lists, Counts counts) {
    List<? extends Source.Morsel> ranges = sort.finishSpilled(0);
    long current = -1;
    ListResults to = null;
    try (Source.Decoder decoder = sort.decoder()) {
      for (Source.Morsel range : ranges) {
        decoder.begin(range);
        for (Batch b = decoder.next(); b != null; b = decoder.next()) {
          long[] at = ((LongColumn) b.column(0).flat(null, b.count())).values();
          long[] words = ((LongColumn) b.column(1).flat(null, b.count())).values();
          BytesColumn values = (BytesColumn) b.column(4).flat(null, b.count());
          for (int i = 0; i < b.count(); i++) {
            if (at[i] != current || to == null) {
              current = at[i];
              int list = (int) (current >>> 32);
              int group = (int) current;
              to = lists[list];
              if (to == null) {
                throw new IllegalStateException("no list " + list);
              }
              to.begin(group, counts.of(list, group), sizes.get(list).get(group));
            }
            to.take(words[i], values, i);
          }
        }
      }
    }
    close();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    sort.close();
    sizes.forEach(Longs::clear);
    sizes.clear();
    memory.close();
  }
}
