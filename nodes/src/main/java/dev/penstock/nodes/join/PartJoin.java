package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.rows.RowStore;
import dev.penstock.nodes.rows.SpareArrays;
import dev.penstock.nodes.spill.KeyParts;
import dev.penstock.nodes.spill.SpilledPart;
import dev.penstock.nodes.spill.Workspace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Joins partitions whose two sides are on disk, one after another. Of one lane.
 *
 * <pre>
 * fits           build rows into a table, probe blocks past it
 * does not fit   both sides divided by fresh bits of the hash, and each part joined so ({@link PartDivider})
 * only the probe side fits
 *                the sides are swapped: probe rows into a table, build blocks past it
 * cannot be divided (one key, no keys)
 *                pass over pass: as many build rows as fit, all probe blocks past them; what was
 *                found about a probe row is kept from pass to pass where it matters
 * </pre>
 */
final class PartJoin implements AutoCloseable {
  /** Beyond this many divisions of a partition it is joined pass over pass. */
  private static final int MOST_DIVISIONS = 8;

  /** Many times smaller must the probe side be to be made a table though the build side fits. */
  private static final int MUCH = 4;

  private static final SpilledPart NONE = new SpilledPart();

  private record Part(SpilledPart build, SpilledPart probe, KeyParts parts, int depth) {}

  private final QueryContext query;
  private final JoinTable whole;
  private final JoinShape shape;
  private final Workspace space;
  private final Reservation memory;
  private final ArrayDeque<Part> waiting = new ArrayDeque<>();
  private final List<SpillFile> files = new ArrayList<>();
  private final ConstantColumn[] notStored;
  private final SpareArrays spare;
  private @Nullable Part part;

  // How the part is joined.
  private JoinShape side;
  private boolean isSwapped;
  private SpilledPart tableRows = NONE;
  private SpilledPart passing = NONE;
  private @Nullable PartDivider divider;

  // The pass.
  private int nextBuild;
  private @Nullable RowStore store;
  private @Nullable JoinTable table;
  private @Nullable ProbeStep probe;
  private int nextProbe;
  private long blockBytes;
  private @Nullable Batch batch;
  private @Nullable BuildRest rest;
  private boolean goesOn;
  private @Nullable SpillFile foundBefore;
  private @Nullable SpillFile found;
  private long[] handlesBefore = {};
  private long[] handles = {};

  PartJoin(QueryContext query, JoinTable whole, Workspace space) {
    this.query = query.within(space.query().budget());
    this.whole = whole;
    this.shape = whole.shape;
    this.side = shape;
    this.space = space;
    this.memory = space.query().budget().open("a partition of a join");
    this.notStored = nulls(shape.spec.probeTypes());
    this.spare = new SpareArrays(memory);
  }

  /** A partition, after the end of the one before. */
  void begin(SpilledPart build, SpilledPart probe, KeyParts parts) {
    waiting.add(new Part(build, probe, parts, 0));
  }

  static ConstantColumn[] nulls(DataType[] types) {
    ConstantColumn[] out = new ConstantColumn[types.length];
    for (int i = 0; i < types.length; i++) {
      out[i] = ConstantColumn.of(types[i], null, 1);
    }
    return out;
  }

  /** The next batch; empty when there is more to do; null at the end of the partition. */
  @Nullable Batch next() {
    query.token().check();
    Part p = part;
    if (p == null) {
      p = waiting.poll();
      if (p == null) {
        files.forEach(SpillFile::close);
        files.clear();
        return null;
      }
      if (isIdle(p)) {
        return ProbeStep.NOTHING;
      }
      part = p;
      nextBuild = 0;
      begin(p);
      return ProbeStep.NOTHING;
    }
    if (divider != null) {
      return divide(p, divider);
    }
    JoinTable t = table;
    ProbeStep step = probe;
    if (t == null || step == null) {
      load();
      return ProbeStep.NOTHING;
    }
    if (batch != null) {
      return probed(step, batch);
    }
    if (nextProbe < passing.blocks.size()) {
      readProbe(step);
      return ProbeStep.NOTHING;
    }
    BuildRest r = rest;
    if (r == null && side.hasRest()) {
      r = new BuildRest(t, step.columns, Math.max(1, query.batchRows()));
      rest = r;
    }
    Batch last = r == null ? null : r.next();
    if (last != null) {
      return last;
    }
    endPass();
    return ProbeStep.NOTHING;
  }

  /** Nothing comes out of it. */
  private boolean isIdle(Part p) {
    return (p.probe.isEmpty() && !shape.hasRest())
        || (p.build.isEmpty()
            && !shape.keepsProbe
            && (!shape.aboutProbe || shape.kind == JoinKind.SEMI));
  }

  // ------------------------------------------------------------------ dividing

  private void begin(Part p) {
    swap(p, false);
    long need = need(p.build, p.probe);
    long other = need(p.probe, p.build);
    boolean canSwap = shape.canSwap() && !p.probe.isEmpty();
    if (canSwap && other < need / MUCH && fitsPart(other, p.probe)) {
      swap(p, true);
      return;
    }
    if (fitsPart(need, p.build)) {
      return;
    }
    if (canSwap && other < need) {
      swap(p, true);
      need = other;
      if (fitsPart(need, p.probe)) {
        return;
      }
    }
    if (!shape.divides || p.depth >= MOST_DIVISIONS) {
      return;
    }
    long available = space.heldBytes() + space.query().budget().availableBytes();
    int bits = 1;
    while (bits < 5 && need >> bits > available / 3) {
      bits++;
    }
    if (p.parts.canGoOn(bits)) {
      spare.clear();
      divider = new PartDivider(whole, space, p.build, p.probe, p.parts.next(bits), files);
    }
  }

  private void swap(Part p, boolean swaps) {
    isSwapped = swaps;
    side = swaps ? shape.swapped() : shape;
    tableRows = swaps ? p.probe : p.build;
    passing = swaps ? p.build : p.probe;
  }

  /** Whether a part fits, of whose rows some will lie in arrays that are here. */
  private boolean fitsPart(long need, SpilledPart rows) {
    return space.fits(need - Math.min(spare.bytes(), rows.heldBytes())) || fits(need);
  }

  private void keepSpareIfThereIsRoom() {
    if (!space.canKeepSpare() || space.query().budget().availableBytes() < spare.bytes()) {
      spare.clear();
    }
  }

  private boolean fits(long bytes) {
    if (space.fits(bytes)) {
      return true;
    }
    if (spare.bytes() == 0) {
      return false;
    }
    spare.clear();
    return space.fits(bytes);
  }

  /** Bytes for joining a part at once, about. */
  private long need(SpilledPart into, SpilledPart past) {
    long rows = into.rows();
    return into.heldBytes()
        + into.heldBytes() / 8
        + Math.max(into.mostReadBytes(), past.mostReadBytes())
        + indexBytes(rows, null);
  }

  private long indexBytes(long rows, @Nullable KeyRanges ranges) {
    int segments =
        (int) Math.min((1 << 19) - 1, rows + RowStore.SEGMENT_ROWS - 1 >>> RowStore.SEGMENT_BITS);
    return (shape.keys == 0
            ? 0
            : KeyIndex.bytes(shape, rows, segments << RowStore.SEGMENT_BITS, ranges))
        + JoinTable.bytes(shape, segments, rows);
  }

  private Batch divide(Part p, PartDivider by) {
    if (!by.step()) {
      by.end();
      for (int i = 0; i < by.parts().count(); i++) {
        SpilledPart build = by.build(i);
        // One key alone cannot be divided any further.
        boolean hot = build.rows() > p.build.rows() - p.build.rows() / 8;
        waiting.push(new Part(build, by.probe(i), by.parts(), hot ? MOST_DIVISIONS : p.depth + 1));
      }
      divider = null;
      part = null;
    }
    return ProbeStep.NOTHING;
  }

  // ------------------------------------------------------------------ a pass

  /** Build rows as far as they fit, and their table. */
  private void load() {
    blockBytes = passing.mostReadBytes();
    if (!fits(blockBytes)) {
      space.require(blockBytes, "a block of rows");
    }
    memory.grow(blockBytes);
    // the nested loop gives its columns away
    RowStore rows = new RowStore(side.storeTypes, memory, shape.keys > 0 ? spare : null);
    store = rows;
    KeyRanges ranges = side.integerKeys ? new KeyRanges(side.keys) : null;
    List<SpilledPart.Block> blocks = tableRows.blocks;
    while (nextBuild < blocks.size()) {
      query.token().check();
      SpilledPart.Block block = blocks.get(nextBuild);
      long readBytes = isSwapped ? 2 * block.readBytes() : block.readBytes(); // keys beside
      long most = readBytes + indexBytes(rows.rows() + block.rows(), null);
      boolean first = rows.rows() == 0;
      if (!fits(most + block.heldBytes())) {
        if (!first) {
          break;
        }
        space.require(most + block.heldBytes(), "a block of rows with its table");
      }
      memory.grow(readBytes);
      try {
        Batch read = block.read();
        read = isSwapped ? stored(read) : read;
        long need = rows.growth(read) + most;
        if (!fits(need)) {
          if (!first) {
            break;
          }
          space.require(need, "a block of rows with its table");
        }
        rows.append(read);
        if (ranges != null) {
          Column[] keys = new Column[shape.keys];
          System.arraycopy(read.columns(), side.firstKey, keys, 0, keys.length);
          ranges.add(keys, read.positions(), read.count());
        }
      } finally {
        memory.shrink(readBytes);
      }
      nextBuild++;
    }
    goesOn = nextBuild < blocks.size();
    index(rows, ranges);
    nextProbe = 0;
    if (side.aboutProbe || side.keepsProbe) {
      handles = new long[goesOn ? passing.blocks.size() : 0];
      found = goesOn ? space.newFile() : null;
    }
  }

  private void index(RowStore rows, @Nullable KeyRanges ranges) {
    KeyIndex index = null;
    if (shape.keys > 0) {
      index = new KeyIndex(side, rows, ranges, memory, spare, query.token());
      KeyIndex.Scratch scratch = new KeyIndex.Scratch();
      for (int s = 0; s < rows.segments(); s++) {
        query.token().check();
        index.insert(s, index.keys(s), scratch);
      }
      index.seal();
      keepSpareIfThereIsRoom();
    }
    JoinTable t = new JoinTable(side, rows, index, null, whole.facts, 1, null, () -> {}, memory);
    table = t;
    probe = index == null ? new NestedLoopJoin(query, t) : new HashJoinProbe(query, t);
  }

  private void readProbe(ProbeStep step) {
    SpilledPart.Block block = passing.blocks.get(nextProbe);
    Batch read = block.read();
    Batch rows = isSwapped ? restoredBuild(read) : restored(shape, read, notStored);
    BitColumn before =
        foundBefore == null
            ? null
            : (BitColumn) foundBefore.read(handlesBefore[nextProbe]).column(0);
    batch = rows;
    step.pass(rows, before, goesOn);
  }

  /** A batch with its columns where the probe side has them; null where nobody reads. */
  static Batch restored(JoinShape shape, Batch stored, ConstantColumn[] others) {
    Column[] out = new Column[others.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = others[i].withLength(stored.length());
    }
    for (int i = 0; i < shape.probeStored.length; i++) {
      out[shape.probeStored[i]] = stored.column(i);
    }
    return Batch.of(stored.count(), out);
  }

  /** Rows of the probe side as the swapped join stores them. */
  private Batch stored(Batch read) {
    Batch rows = restored(shape, read, notStored);
    Column[] out = new Column[side.storeTypes.length];
    for (int i = 0; i < side.stored.length; i++) {
      out[i] = rows.column(side.stored[i]);
    }
    Column[] keys = whole.probeKeys(rows);
    System.arraycopy(keys, 0, out, side.firstKey, keys.length);
    return Batch.of(rows.count(), out);
  }

  /** Rows of the build side as the swapped join takes them for probe rows. */
  private Batch restoredBuild(Batch read) {
    ConstantColumn[] nulls = nulls(shape.spec.buildTypes());
    Column[] out = new Column[nulls.length + shape.keys];
    for (int i = 0; i < nulls.length; i++) {
      out[i] = nulls[i].withLength(read.length());
    }
    for (int i = 0; i < shape.stored.length; i++) {
      out[shape.stored[i]] = read.column(i);
    }
    System.arraycopy(read.columns(), shape.firstKey, out, nulls.length, shape.keys);
    return Batch.of(read.count(), out);
  }

  private Batch probed(ProbeStep step, Batch rows) {
    Batch out = step.next(rows);
    if (out != null) {
      return out;
    }
    if (found != null) {
      handles[nextProbe] = found.write(Batch.of(rows.count(), step.found(rows)));
    }
    batch = null;
    nextProbe++;
    return ProbeStep.NOTHING;
  }

  private void endPass() {
    if (foundBefore != null) {
      foundBefore.close();
    }
    foundBefore = found;
    handlesBefore = handles;
    found = null;
    free();
    if (!goesOn) {
      part = null;
    }
  }

  /** Gives back the memory of the pass. */
  private void free() {
    if (table != null && table.index != null) {
      table.index.giveTo(spare);
    }
    if (store != null) {
      store.close();
    }
    store = null;
    table = null;
    probe = null;
    rest = null;
    batch = null;
    memory.resize(spare.bytes());
    keepSpareIfThereIsRoom();
    space.trim();
  }

  @Override
  public void close() {
    if (divider != null) {
      divider.close();
      divider = null;
    }
    free();
    spare.close();
    memory.close();
    if (found != null) {
      found.close();
    }
    if (foundBefore != null) {
      foundBefore.close();
    }
    files.forEach(SpillFile::close);
  }
}
