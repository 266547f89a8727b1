package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.Breaker;
import dev.penstock.nodes.Cell;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.keyfilter.KeyFilter;
import dev.penstock.nodes.keyfilter.KeyFilterBuilder;
import dev.penstock.nodes.rows.RowStore;
import dev.penstock.nodes.spill.Workspace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The build side of a hash join or (without keys) of a nested-loop join. The sinks collect rows;
 * {@link #finish} chooses and allocates the table; the decoders insert the rows and give no
 * batches; when all morsels are through, {@link #table} is there for the probe.
 *
 * <p>Rows that do not fit go to disk by partition ({@link JoinSpill}); then the table has the
 * partitions that fit at the end, and the probe side goes on from there.
 *
 * <p>It holds the memory of the table: close it after the probe.
 *
 * <p>Concurrency: a sink is used by one task; finish and table run when nothing else does; decoders
 * run in parallel on disjoint ranges of rows, see {@link KeyTable}.
 */
public final class JoinBuild implements Breaker {
  private static final int MORSEL_SEGMENTS = 16;

  /** With so much a lane can write, read back, and join block by block. */
  private static final long MINIMUM_BYTES = 512L << 10;

  /** With so much a lane can write what is to be kept. */
  private static final long KEPT_LANE_BYTES = 192L << 10;

  /** The index of no rows. */
  private static final long EMPTY_TABLE_BYTES = 1L << 10;

  private final QueryContext query;
  private final JoinShape shape;
  private final int probeLanes;
  private final int[] filteredKeys;
  private final Workspace tableSpace;
  private final Reservation memory;
  private final List<Workspace> lanes = new ArrayList<>();
  private final List<BuildSink> sinks = new ArrayList<>();
  private final Cell<Boolean> probed = new Cell<>();
  private final @Nullable JoinSpill spill;
  private final @Nullable KeptLimit limit;
  private @Nullable RowStore store;
  private @Nullable KeyIndex index;
  private @Nullable KeyRanges ranges;
  private @Nullable JoinTable table;
  private @Nullable KeptParts parts;
  private KeyFilterBuilder[] filters = {};

  /**
   * @param probeLanes how many probe steps there will be; the last of them to end gives the rest of
   *     the build side
   * @param filteredKeys ordinals of the keys of which {@link #keyFilter} is wanted
   */
  public JoinBuild(QueryContext query, JoinSpec spec, int probeLanes, int... filteredKeys) {
    this(MINIMUM_BYTES, query, spec, probeLanes, filteredKeys);
  }

  /**
   * @param minimumBytes of a lane; negative: of a table that is kept, or given up if it is too much
   */
  JoinBuild(
      long minimumBytes, QueryContext query, JoinSpec spec, int probeLanes, int... filteredKeys) {
    this.query = query;
    this.shape = new JoinShape(spec);
    this.probeLanes = probeLanes;
    boolean kept = minimumBytes < 0;
    boolean spills = query.spill() != null && (!kept || shape.divides);
    this.limit = kept && query.spill() != null ? new KeptLimit(query.budget()) : null;
    this.filteredKeys = filteredKeys.clone();
    this.tableSpace = Workspace.open(query, "the table of a join", EMPTY_TABLE_BYTES);
    this.memory = tableSpace.query().budget().open("the build side of a join");
    try {
      int n = kept ? query.lanes() : Math.max(query.lanes(), probeLanes);
      for (int i = 0; spills && i < n; i++) {
        lanes.add(Workspace.open(query, "a lane of a join", Math.abs(minimumBytes)));
      }
      this.spill = spills ? new JoinSpill(shape, probeLanes, List.copyOf(lanes), probed) : null;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Of a table that several probe sides read, one after the other: it stays in memory. Where there
   * is a place to spill to it is {@link #isGivenUp given up} when it is too large for that, and its
   * rows are {@link #keptParts on disk}, if they can be divided.
   */
  public static JoinBuild kept(QueryContext query, JoinSpec spec) {
    return new JoinBuild(-KEPT_LANE_BYTES, query, spec, Integer.MAX_VALUE);
  }

  /** Set when the last probe step has read its input: the others may have to be woken then. */
  public Cell<Boolean> probed() {
    return probed;
  }

  @Override
  public Step<Batch> sink(int lane) {
    synchronized (sinks) {
      if (limit != null && lanes.size() == sinks.size()) {
        lanes.add(Workspace.open(query, "a lane of a kept table", 0));
      }
      Workspace own = lanes.isEmpty() ? tableSpace : lanes.get(sinks.size());
      Reservation rows =
          lanes.isEmpty() ? memory : own.query().budget().open("the build side of a join");
      BuildSink sink = new BuildSink(own.query(), shape, own, rows, spill, limit, filteredKeys);
      sinks.add(sink);
      return sink;
    }
  }

  @Override
  public List<Rows> finish() {
    KeyRanges all = shape.integerKeys ? new KeyRanges(shape.keys) : null;
    for (BuildSink sink : sinks) {
      if (all != null) {
        all.add(sink.ranges);
      }
    }
    ranges = all;
    RowStore rows = new RowStore(shape.storeTypes, memory);
    store = rows;
    if (limit != null && !limit.allows(tableSpace, tableBytes())) {
      if (spill == null) {
        freeRows();
      } else {
        keepOnDisk(spill);
      }
      return List.of();
    }
    if (spill != null && limit == null && (spill.isOn() || !tableFits())) {
      for (BuildSink sink : sinks) {
        sink.flush();
      }
      spill.buildEnded(rows, all, tableSpace);
    } else {
      for (BuildSink sink : sinks) {
        rows.absorb(sink.rows);
      }
    }
    lanes.forEach(Workspace::settled);
    tableSpace.settled();
    if (shape.keys == 0) {
      return List.of();
    }
    index = new KeyIndex(shape, rows, all, memory, null, query.token());
    filters = newFilters(all);
    List<Rows> morsels = new ArrayList<>();
    for (int s = 0; s < rows.segments(); s += MORSEL_SEGMENTS) {
      morsels.add(new Rows(s, Math.min(rows.segments(), s + MORSEL_SEGMENTS)));
    }
    return morsels;
  }

  private void keepOnDisk(JoinSpill to) {
    sinks.forEach(BuildSink::flush);
    parts = new KeptParts(shape, to.parts(), to.buildKept(), facts());
    sinks.forEach(BuildSink::free);
    memory.close();
    tableSpace.close();
    lanes.forEach(Workspace::close);
  }

  /** The rows of a table that was given up; null: each probe side has to have a table made. */
  public @Nullable KeptParts keptParts() {
    return parts;
  }

  private JoinTable.Facts facts() {
    boolean nulls = false;
    for (BuildSink sink : sinks) {
      nulls |= sink.sawNullKey;
    }
    return new JoinTable.Facts(rowsSeen(), nulls);
  }

  /** A table that was to be kept is too large; there is none. After {@link #finish}. */
  public boolean isGivenUp() {
    return limit != null && limit.isExceeded();
  }

  /** Whether the table of the rows of all sinks has room beside them. */
  private boolean tableFits() {
    return tableSpace.fits(tableBytes());
  }

  private long tableBytes() {
    List<RowStore> stores = sinks.stream().map(s -> s.rows).toList();
    int segments = 0;
    long rows = 0;
    for (RowStore one : stores) {
      segments += one.segments();
      rows += one.rows();
    }
    int idLimit = (int) Math.min(Integer.MAX_VALUE, (long) segments << RowStore.SEGMENT_BITS);
    return RowStore.absorbing(stores)
        + (shape.keys == 0 ? 0 : KeyIndex.bytes(shape, rows, idLimit, ranges))
        + JoinTable.bytes(shape, segments, rows);
  }

  private long rowsSeen() {
    long seen = 0;
    for (BuildSink sink : sinks) {
      seen += sink.seen;
    }
    return seen;
  }

  private KeyFilterBuilder[] newFilters(@Nullable KeyRanges r) {
    boolean spilled = spill != null && spill.isOn();
    long rows = spilled ? rowsSeen() : java.util.Objects.requireNonNull(store).rows();
    KeyFilterBuilder[] out = new KeyFilterBuilder[filteredKeys.length];
    for (int i = 0; i < out.length; i++) {
      int key = filteredKeys[i];
      out[i] =
          new KeyFilterBuilder(
              shape.spec.buildKeys().get(key).type(),
              rows,
              r == null ? null : new KeyFilterBuilder.Range(r.least(key), r.greatest(key)),
              shape.spec.nullSafe()[key],
              memory);
    }
    if (spilled) {
      for (BuildSink sink : sinks) {
        sink.addKeys(out);
      }
    }
    return out;
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
      KeyIndex i = index;
      if (i != null) {
        i.seal();
      }
      JoinSpill on = spill != null && spill.isOn() ? spill : null;
      t = new JoinTable(shape, all, i, range(), facts(), probeLanes, on, this::freeRows, memory);
      tableSpace.trim();
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

  /** The probe is over: what is above it may have the memory. */
  private void freeRows() {
    synchronized (sinks) {
      sinks.forEach(BuildSink::free);
      memory.close();
      tableSpace.close();
      lanes.forEach(Workspace::close);
      if (spill != null) {
        spill.close();
      }
    }
  }

  @Override
  public void close() {
    freeRows();
    synchronized (sinks) {
      sinks.clear();
    }
    store = null;
    index = null;
    table = null;
  }

  /** Rows to insert: segments of the store. */
  record Rows(int fromSegment, int toSegment) implements Source.Morsel {
    @Override
    public long sizeBytes() {
      return 0;
    }
  }

  /** One lane of the insertion. */
  private final class Inserter implements Source.Decoder {
    private final KeyIndex.Scratch scratch = new KeyIndex.Scratch();
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
      KeyIndex into = java.util.Objects.requireNonNull(index);
      boolean spilled = spill != null && spill.isOn();
      for (; next < end; next++) {
        query.token().check();
        Column[] keys = into.keys(next);
        // What was spilled is in the filters already, with the rest.
        for (int i = 0; !spilled && i < filters.length; i++) {
          filters[i].add(keys[filteredKeys[i]], into.store.segmentRows(next));
        }
        into.insert(next, keys, scratch);
      }
      return null;
    }

    @Override
    public void close() {}
  }
}
