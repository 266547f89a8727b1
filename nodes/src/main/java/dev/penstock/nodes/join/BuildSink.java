package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.Positions;
import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.keyfilter.KeyFilterBuilder;
import dev.penstock.nodes.rows.RowStore;
import dev.penstock.nodes.rows.SpareArrays;
import dev.penstock.nodes.spill.KeyParts;
import dev.penstock.nodes.spill.PartWriter;
import dev.penstock.nodes.spill.SpilledPart;
import dev.penstock.nodes.spill.Workspace;
import dev.penstock.nodes.table.Ints;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One lane of the build input: keeps rows in memory, and writes all of them to disk, by partition,
 * when the next batch does not fit.
 */
final class BuildSink implements Step<Batch> {
  /** A table that is kept has so many times the partitions: few rows look for theirs. */
  private static final int KEPT_TIMES = 4;

  private final QueryContext query;
  private final JoinShape shape;
  private final Workspace workspace;
  private final Reservation memory;
  private final @Nullable JoinSpill spill;
  private final @Nullable KeptLimit limit;
  private final int[] filteredKeys;

  private final SpareArrays spare;

  /** What is in memory; what was written is not. */
  RowStore rows;

  /** Of all rows. */
  final KeyRanges ranges;

  long seen;
  boolean sawNullKey;

  private @Nullable PartWriter writer;

  /** Filtered keys of the rows that were written. */
  private final List<SpilledPart.Block> keyBlocks = new ArrayList<>();

  /**
   * @param spill null: everything stays in memory
   * @param limit of what stays in memory; null: whatever there is
   */
  BuildSink(
      QueryContext query,
      JoinShape shape,
      Workspace workspace,
      Reservation memory,
      @Nullable JoinSpill spill,
      @Nullable KeptLimit limit,
      int[] filteredKeys) {
    this.query = query;
    this.shape = shape;
    this.workspace = workspace;
    this.memory = memory;
    this.spill = spill;
    this.limit = limit;
    this.filteredKeys = filteredKeys;
    this.spare = new SpareArrays(memory);
    this.rows = new RowStore(shape.storeTypes, memory, spare);
    this.ranges = new KeyRanges(shape.integerKeys ? shape.keys : 0);
  }

  @Override
  public Progress step(Inlet<? extends Batch> in, Outlet out) {
    Batch batch = in.poll();
    if (batch == null) {
      if (!in.isDone()) {
        return Progress.STUCK;
      }
      if (spill != null && spill.isOn()) {
        flush();
      }
      spare.close();
      return Progress.DONE;
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
    append(kept.withColumns(columns));
  }

  private void append(Batch batch) {
    boolean allowed =
        limit == null || limit.allows(workspace, spill == null ? rows.growth(batch) : need(batch));
    if (spill == null && !allowed) {
      rows.close();
      return;
    }
    if (spill != null && !(limit != null && allowed) && !fits(batch)) {
      flush();
      if (!workspace.fits(need(batch))) {
        spare.clear();
      }
      if (!workspace.fits(need(batch))) {
        Batch plain = RowStore.plain(batch);
        if (plain != batch) {
          append(plain);
          return;
        }
        int n = batch.count();
        if (n > 1) {
          append(batch.slice(0, n / 2));
          append(batch.slice(n / 2, n));
          return;
        }
        workspace.require(need(batch), "a row");
      }
    }
    rows.append(batch);
  }

  /** Arrays that wait are given up before rows are written that are fewer. */
  private boolean fits(Batch batch) {
    long need = need(batch);
    boolean fits = workspace.fits(need);
    while (!fits && spare.bytes() > rows.sizeBytes()) {
      spare.release(Math.max(need, spare.bytes() / 8));
      need = need(batch);
      fits = workspace.fits(need);
    }
    return fits;
  }

  private long need(Batch batch) {
    long labels = PartWriter.labelBytes(rows.rows() + batch.count());
    long growth = rows.growth(batch);
    return growth + labels + PartWriter.flushBytes(rows, growth, batch.count());
  }

  /** Writes what is in memory. */
  void flush() {
    JoinSpill to = java.util.Objects.requireNonNull(spill);
    int n = (int) rows.rows();
    long bytes = rows.sizeBytes();
    KeyParts by =
        limit == null
            ? to.begin(bytes, workspace.query().budget().pathCapBytes())
            : to.begin(KEPT_TIMES * bytes, Long.MAX_VALUE);
    if (n > 0) {
      PartWriter w = writer;
      if (w == null) {
        SpillFile file = to.add(workspace.newFile());
        w = new PartWriter(workspace, shape.storeTypes, by.count(), file);
        writer = w;
        to.addBuild(w);
      }
      Ints labels = new Ints(memory);
      labels.ensure(n);
      int[] partOf = new int[RowStore.SEGMENT_ROWS];
      long[] scratch = new long[RowStore.SEGMENT_ROWS];
      for (int s = 0; s < rows.segments(); s++) {
        query.token().check();
        int count = rows.segmentRows(s);
        Column[] keys = shape.keys(rows, s);
        int[] at = Positions.identity(count);
        by.of(keys, at, count, scratch, partOf);
        by.spreadNulls(keys, shape.spec.nullSafe(), at, count, partOf);
        int first = s << RowStore.SEGMENT_BITS;
        for (int i = 0; i < count; i++) {
          labels.set(first + i, partOf[i]);
        }
        if (filteredKeys.length > 0) {
          Column[] filtered = new Column[filteredKeys.length];
          for (int k = 0; k < filtered.length; k++) {
            filtered[k] = keys[filteredKeys[k]];
          }
          SpillFile file = w.file();
          keyBlocks.add(SpilledPart.written(file, Batch.of(count, filtered)));
        }
      }
      w.write(rows, labels);
      labels.clear();
      rows.close();
      rows = new RowStore(shape.storeTypes, memory, spare);
    }
    if (!workspace.canKeepSpare()) {
      spare.clear();
    }
    workspace.trim();
  }

  /** Adds the filtered keys of all rows that were written. */
  void addKeys(KeyFilterBuilder[] filters) {
    for (SpilledPart.Block block : keyBlocks) {
      if (filters.length == 0) {
        return;
      }
      long bytes = block.readBytes();
      workspace.require(bytes, "a block of keys");
      memory.grow(bytes);
      Batch keys = block.read();
      for (int i = 0; i < filters.length; i++) {
        filters[i].add(keys.column(i), block.rows());
      }
      memory.shrink(bytes);
    }
    keyBlocks.clear();
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

  /** Gives the memory back. */
  void free() {
    if (writer != null) {
      writer.close();
    }
    memory.close();
  }
}
