package dev.penstock.nodes.join;

import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.Cell;
import dev.penstock.nodes.rows.RowStore;
import dev.penstock.nodes.spill.KeyParts;
import dev.penstock.nodes.spill.PartWriter;
import dev.penstock.nodes.spill.SpilledPart;
import dev.penstock.nodes.spill.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the lanes of a join share when its build side does not fit: a hybrid hash join by
 * partitions.
 *
 * <pre>
 * build  a lane that lacks memory writes all its rows, by partition      {@link BuildSink}
 * then   partitions are read back into the table as far as there is room {@link #buildEnded}
 * probe  rows of partitions in the table go on, all others are written   {@link ProbeSpill}
 * then   lanes take partition by partition and join it                   {@link PartJoin}
 * </pre>
 *
 * <p>Joins whose null keys concern rows of every partition, and joins without keys, have one
 * partition; it is joined block by block, by all lanes but for full joins.
 *
 * <p>After DeWitt et al., "Implementation Techniques for Main Memory Database Systems", 1984.
 *
 * <p>Concurrency: the first lane that spills decides about the partitions, under the monitor. Lists
 * are written under it; they are read when the scheduler (build) or {@code probed} (probe) has said
 * that all lanes have written.
 */
final class JoinSpill implements AutoCloseable {
  private static final long BLOCK_BYTES = 64L << 10;
  private static final int LEAST_BITS = 3;
  private static final int MOST_BITS = 8;

  final JoinShape shape;
  private final List<Workspace> lanes;
  private final Cell<Boolean> probed;
  private final List<SpillFile> files = new ArrayList<>();
  private final List<PartWriter> buildWriters = new ArrayList<>();
  private final AtomicInteger lane = new AtomicInteger();
  private final AtomicInteger probing;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger left = new AtomicInteger();
  private volatile @Nullable KeyParts parts;
  private SpilledPart[] build = {};
  private SpilledPart[] probe = {};
  private boolean[] resident = {};
  private Integer[] order = {};
  private boolean cut;
  private boolean closed;

  JoinSpill(JoinShape shape, int probeLanes, List<Workspace> lanes, Cell<Boolean> probed) {
    this.shape = shape;
    this.lanes = lanes;
    this.probing = new AtomicInteger(probeLanes);
    this.probed = probed;
  }

  /** Whether anything was spilled. */
  boolean isOn() {
    return parts != null;
  }

  /** The partitions; the first call decides. */
  KeyParts parts() {
    return java.util.Objects.requireNonNull(parts);
  }

  /**
   * Begins to spill, if nobody has.
   *
   * @param bytes what a lane holds: so many partitions that their blocks are not too small
   * @param capBytes of the memory: a lane that has to spill early will hold more later on
   */
  synchronized KeyParts begin(long bytes, long capBytes) {
    KeyParts p = parts;
    if (p == null) {
      long later = Math.max(bytes, Math.min(4 * bytes, capBytes / 5));
      int bits = 63 - Long.numberOfLeadingZeros(Math.max(1, later / BLOCK_BYTES));
      p = new KeyParts(0, shape.divides ? Math.max(LEAST_BITS, Math.min(MOST_BITS, bits)) : 0);
      parts = p;
    }
    return p;
  }

  synchronized SpillFile add(SpillFile file) {
    files.add(file);
    return file;
  }

  synchronized void addBuild(PartWriter writer) {
    buildWriters.add(writer);
  }

  /** All build rows were written: reads some partitions back into the store. One thread. */
  void buildEnded(RowStore store, @Nullable KeyRanges ranges, Workspace space) {
    int n = begin(0, 0).count();
    build = merged(buildWriters, n);
    probe = new SpilledPart[n];
    Arrays.setAll(probe, i -> new SpilledPart());
    resident = new boolean[n];
    order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingLong((Integer p) -> build[p].heldBytes()));
    if (shape.divides) {
      readBack(store, ranges, space);
    }
    int open = 0;
    for (int p = 0; p < n; p++) {
      open += resident[p] ? 0 : 1;
    }
    left.set(open);
    // The largest first: lanes end at about the same time.
    java.util.Collections.reverse(Arrays.asList(order));
  }

  /** All build rows were written, and stay on disk, for whoever comes. */
  SpilledPart[] buildKept() {
    return merged(buildWriters, begin(0, 0).count());
  }

  private static SpilledPart[] merged(List<PartWriter> writers, int parts) {
    SpilledPart[] out = new SpilledPart[parts];
    Arrays.setAll(out, i -> new SpilledPart());
    for (PartWriter writer : writers) {
      for (int p = 0; p < parts; p++) {
        out[p].addAll(writer.parts()[p]);
      }
    }
    return out;
  }

  /** A quarter of what is free now: the probe side's buffers, and others, need room as well. */
  private void readBack(RowStore store, @Nullable KeyRanges ranges, Workspace space) {
    long limit = space.query().budget().availableBytes() / 4;
    if (limit <= 0 || !space.fits(limit)) {
      return;
    }
    try (Reservation reading = space.query().budget().open("blocks of a join")) {
      long held = 0;
      long rows = 0;
      for (int p : order) {
        SpilledPart part = build[p];
        rows += part.rows();
        held += part.heldBytes();
        int segments = (int) Math.min(1 << 19, (rows >>> RowStore.SEGMENT_BITS) + 1);
        int ids = segments << RowStore.SEGMENT_BITS;
        long need =
            held
                + held / 2
                + part.mostReadBytes()
                + KeyIndex.bytes(shape, rows, ids, ranges)
                + JoinTable.bytes(shape, segments, rows);
        if (need + shape.storeTypes.length * 300_000L > limit) {
          return;
        }
        for (SpilledPart.Block block : part.blocks) {
          reading.resize(block.readBytes());
          store.append(block.read());
          reading.resize(0);
        }
        resident[p] = true;
      }
    }
  }

  /** Whether the rows of a partition are in the table. */
  boolean isResident(int part) {
    return resident[part];
  }

  /** The workspace of the next probe lane. */
  Workspace laneSpace() {
    return lanes.get(lane.getAndIncrement() % lanes.size());
  }

  /** A probe lane has written all its rows that wait. */
  void probeLaneEnded(PartWriter writer) {
    synchronized (this) {
      for (int p = 0; p < probe.length; p++) {
        probe[p].addAll(writer.parts()[p]);
      }
    }
    if (probing.decrementAndGet() == 0) {
      probed.set(true);
    }
  }

  /** All probe lanes have ended. */
  boolean isProbed() {
    return probed.isSet();
  }

  /** A partition to join, or -1; each is given once. */
  int take() {
    if (!shape.divides) {
      cut();
    }
    for (; ; ) {
      int at = next.getAndIncrement();
      if (at >= order.length) {
        return -1;
      }
      if (!resident[order[at]]) {
        return order[at];
      }
    }
  }

  /**
   * The one partition of a join that cannot be divided by keys: all rows of one side meet each
   * piece of the other, so lanes take a piece each. The side that is cut is the one that is written
   * about: what is said of a row must be said after it met all others.
   */
  private synchronized void cut() {
    if (cut) {
      return;
    }
    cut = true;
    boolean aboutProbe = shape.aboutProbe || shape.keepsProbe;
    if (aboutProbe && shape.hasRest()) {
      return;
    }
    boolean cutsBuild = shape.hasRest();
    List<SpilledPart.Block> blocks = (cutsBuild ? build : probe)[0].blocks;
    int n = Math.max(1, Math.min(lanes.size(), blocks.size()));
    SpilledPart[] pieces = new SpilledPart[n];
    SpilledPart[] whole = new SpilledPart[n];
    Arrays.setAll(pieces, i -> new SpilledPart());
    Arrays.fill(whole, (cutsBuild ? probe : build)[0]);
    for (int b = 0; b < blocks.size(); b++) {
      pieces[b % n].add(blocks.get(b));
    }
    build = cutsBuild ? pieces : whole;
    probe = cutsBuild ? whole : pieces;
    resident = new boolean[n];
    order = new Integer[n];
    Arrays.setAll(order, i -> i);
    left.set(n);
  }

  SpilledPart build(int part) {
    return build[part];
  }

  SpilledPart probe(int part) {
    return probe[part];
  }

  /** A partition is joined: after the last one the files are deleted. */
  void joined() {
    if (left.decrementAndGet() == 0) {
      close();
    }
  }

  @Override
  public void close() {
    List<SpillFile> all;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      all = List.copyOf(files);
    }
    for (SpillFile file : all) {
      file.close();
    }
  }
}
