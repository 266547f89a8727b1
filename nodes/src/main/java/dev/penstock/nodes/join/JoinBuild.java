package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.Positions;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.Breaker;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.keyfilter.KeyFilter;
import dev.penstock.nodes.keyfilter.KeyFilterBuilder;
import dev.penstock.nodes.rows.RowStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The build side of a hash join or (without keys) of a nested-loop join. The sinks collect rows;
 * {@link #finish} chooses and allocates the table; the decoders insert the rows and give no
 * batches; when all morsels are through, {@link #table} is there for the probe.
 *
 * <p>It holds the memory of the table: close it after the probe.
 *
 * <p>Concurrency: a sink is used by one task; finish and table run when nothing else does; decoders
 * run in parallel on disjoint ranges of rows, see {@link KeyTable}.
 */
public final class JoinBuild implements Breaker {
  private static final int MORSEL_SEGMENTS = 16;
  private static final int CHUNK = 1024;

  private final QueryContext query;
  private final JoinShape shape;
  private final int probeLanes;
  private final Reservation memory;
  private final List<BuildSink> sinks = new ArrayList<>();
  private final AtomicLong taken = new AtomicLong();
  private @Nullable RowStore store;
  private @Nullable KeyWords words;
  private @Nullable KeyTable keyTable;
  private @Nullable KeyRanges ranges;
  private @Nullable JoinTable table;
  private final int[] filteredKeys;
  private KeyFilterBuilder[] filters = {};

  /**
   * @param probeLanes how many probe steps there will be; the last of them to end gives the rest of
   *     the build side
   * @param filteredKeys ordinals of the keys of which {@link #keyFilter} is wanted
   */
  public JoinBuild(QueryContext query, JoinSpec spec, int probeLanes, int... filteredKeys) {
    this.query = query;
    this.shape = new JoinShape(spec);
    this.probeLanes = probeLanes;
    this.filteredKeys = filteredKeys.clone();
    this.memory = query.budget().open("the build side of a join");
  }

  @Override
  public Step<Batch> sink(int lane) {
    BuildSink sink = new BuildSink();
    synchronized (sinks) {
      sinks.add(sink);
    }
    return sink;
  }

  @Override
  public List<Rows> finish() {
    RowStore all = new RowStore(shape.storeTypes, memory);
    store = all;
    KeyRanges allRanges = shape.integerKeys ? new KeyRanges(shape.keys) : null;
    for (BuildSink sink : sinks) {
      all.absorb(sink.rows);
      if (allRanges != null) {
        allRanges.add(sink.ranges);
      }
    }
    ranges = allRanges;
    if (shape.keys == 0) {
      return List.of();
    }
    KeyWords w = KeyWords.choose(shape.spec.nullSafe(), allRanges);
    words = w;
    keyTable = newTable(all, w, allRanges);
    filters = newFilters(all, allRanges);
    List<Rows> morsels = new ArrayList<>();
    for (int s = 0; s < all.segments(); s += MORSEL_SEGMENTS) {
      morsels.add(new Rows(s, Math.min(all.segments(), s + MORSEL_SEGMENTS)));
    }
    return morsels;
  }

  private KeyTable newTable(RowStore all, KeyWords w, @Nullable KeyRanges r) {
    long rows = all.rows();
    int idLimit = all.idLimit();
    if (r != null && !w.areHashes()) {
      boolean any = !w.areKeys() || !r.isEmpty(0);
      long least = w.areKeys() ? r.least(0) : 0;
      long size = w.areKeys() ? r.greatest(0) - least + 1 : 1L << Math.min(62, w.bits());
      if (any && rows > 0 && DenseTable.fits(size, rows)) {
        return new DenseTable(least, size, idLimit, memory);
      }
      if (any && RankedTable.fits(size, rows)) {
        return ranked(all, w, new RankedTable(least, size, idLimit, memory));
      }
    }
    return new HashedTable(rows, idLimit, memory);
  }

  private KeyFilterBuilder[] newFilters(RowStore all, @Nullable KeyRanges r) {
    KeyFilterBuilder[] out = new KeyFilterBuilder[filteredKeys.length];
    for (int i = 0; i < out.length; i++) {
      int key = filteredKeys[i];
      out[i] =
          new KeyFilterBuilder(
              shape.spec.buildKeys().get(key).type(),
              all.rows(),
              r == null ? null : new KeyFilterBuilder.Range(r.least(key), r.greatest(key)),
              shape.spec.nullSafe()[key],
              memory);
    }
    return out;
  }

  private RankedTable ranked(RowStore all, KeyWords w, RankedTable into) {
    int[] at = new int[RowStore.SEGMENT_ROWS];
    long[] keyWords = new long[RowStore.SEGMENT_ROWS];
    for (int s = 0; s < all.segments(); s++) {
      query.token().check();
      int rows = all.segmentRows(s);
      into.mark(keyWords, w.of(keys(all, s), Positions.identity(rows), rows, at, keyWords));
    }
    into.seal(memory);
    return into;
  }

  private Column[] keys(RowStore all, int segment) {
    Column[] keys = new Column[shape.keys];
    for (int k = 0; k < keys.length; k++) {
      keys[k] = all.segment(shape.firstKey + k, segment);
    }
    return keys;
  }

  @Override
  public Source.Decoder decoder() {
    return new Inserter();
  }

  /** The table; after all morsels are through. One thread; the same object every time. */
  public JoinTable table() {
    JoinTable t = table;
    if (t == null) {
      RowStore all = java.util.Objects.requireNonNull(store, "finish comes before table");
      if (keyTable != null && taken.get() == 0) {
        keyTable.dropChains(memory);
      }
      long seen = 0;
      boolean nulls = false;
      for (BuildSink sink : sinks) {
        seen += sink.seen;
        nulls |= sink.sawNullKey;
      }
      t = new JoinTable(shape, all, words, keyTable, range(), seen, nulls, probeLanes, memory);
      table = t;
    }
    return t;
  }

  /**
   * Which values of a key on the probe side may have a match; once for each of the filtered keys,
   * after all morsels are through. Only for joins that drop probe rows without a match.
   *
   * @param index in the list of filtered keys
   */
  public KeyFilter keyFilter(int index) {
    return filters[index].build();
  }

  private JoinTable.@Nullable KeyRange range() {
    KeyRanges r = ranges;
    return r == null || shape.keys != 1 || shape.spec.nullSafe()[0] || r.isEmpty(0)
        ? null
        : new JoinTable.KeyRange(r.least(0), r.greatest(0));
  }

  @Override
  public void close() {
    synchronized (sinks) {
      sinks.clear();
    }
    store = null;
    keyTable = null;
    table = null;
    memory.close();
  }

  /** Rows to insert: segments of the store. */
  record Rows(int fromSegment, int toSegment) implements Source.Morsel {
    @Override
    public long sizeBytes() {
      return 0;
    }
  }

  /** One lane of the build input. */
  private final class BuildSink implements Step<Batch> {
    private final RowStore rows = new RowStore(shape.storeTypes, memory);
    private final KeyRanges ranges = new KeyRanges(shape.integerKeys ? shape.keys : 0);
    private long seen;
    private boolean sawNullKey;

    @Override
    public Progress step(Inlet<? extends Batch> in, Outlet out) {
      Batch batch = in.poll();
      if (batch == null) {
        return in.isDone() ? Progress.DONE : Progress.STUCK;
      }
      query.token().check();
      if (!batch.isEmpty()) {
        take(batch);
      }
      return Progress.MOVED;
    }

    private void take(Batch batch) {
      seen += batch.count();
      Column[] keys = KeyColumns.of(shape.spec.buildKeys(), shape.integerKeys, batch);
      Batch kept = withoutNullKeys(batch, keys);
      if (shape.integerKeys) {
        ranges.add(keys, kept.positions(), kept.count());
      }
      Column[] columns = new Column[shape.storeTypes.length];
      for (int i = 0; i < shape.stored.length; i++) {
        columns[i] = batch.column(shape.stored[i]);
      }
      System.arraycopy(keys, 0, columns, shape.firstKey, keys.length);
      rows.append(kept.withColumns(columns));
    }

    private Batch withoutNullKeys(Batch batch, Column[] keys) {
      boolean[] safe = shape.spec.nullSafe();
      int count = batch.count();
      int[] kept = batch.positions();
      for (int k = 0; k < keys.length; k++) {
        if (safe[k] || !keys[k].mayHaveNulls()) {
          continue;
        }
        int[] next = new int[count];
        int n = 0;
        for (int i = 0; i < count; i++) {
          next[n] = kept[i];
          n += keys[k].isNull(kept[i]) ? 0 : 1;
        }
        sawNullKey |= n < count;
        if (shape.dropsNullKeys) {
          kept = next;
          count = n;
        }
      }
      return count == batch.count() ? batch : batch.withSelection(kept, count);
    }
  }

  /** One lane of the insertion. */
  private final class Inserter implements Source.Decoder {
    private final int[] at = new int[RowStore.SEGMENT_ROWS];
    private final long[] keyWords = new long[RowStore.SEGMENT_ROWS];
    private final int[] ids = new int[CHUNK];
    private final long[] chunk = new long[CHUNK];
    private int next;
    private int end;

    @Override
    public void begin(Source.Morsel morsel) {
      Rows rows = (Rows) morsel;
      next = rows.fromSegment();
      end = rows.toSegment();
    }

    @Override
    public @Nullable Batch next() {
      for (; next < end; next++) {
        query.token().check();
        insert(next);
      }
      return null;
    }

    private void insert(int segment) {
      RowStore all = java.util.Objects.requireNonNull(store);
      KeyTable into = java.util.Objects.requireNonNull(keyTable);
      KeyWords w = java.util.Objects.requireNonNull(words);
      int rows = all.segmentRows(segment);
      Column[] keys = keys(all, segment);
      for (int i = 0; i < filters.length; i++) {
        filters[i].add(keys[filteredKeys[i]], rows);
      }
      int n = w.of(keys, Positions.identity(rows), rows, at, keyWords);
      int first = segment << RowStore.SEGMENT_BITS;
      long found = 0;
      for (int from = 0; from < n; from += CHUNK) {
        int m = Math.min(CHUNK, n - from);
        for (int i = 0; i < m; i++) {
          ids[i] = first + at[from + i];
        }
        System.arraycopy(keyWords, from, chunk, 0, m);
        found += into.insert(chunk, ids, m);
      }
      if (found != 0) {
        taken.addAndGet(found);
      }
    }

    @Override
    public void close() {}
  }
}
