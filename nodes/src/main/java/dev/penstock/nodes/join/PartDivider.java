package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.spill.KeyParts;
import dev.penstock.nodes.spill.PartWriter;
import dev.penstock.nodes.spill.SpilledPart;
import dev.penstock.nodes.spill.Workspace;
import java.util.List;

/** Divides a partition, both sides of it, by fresh bits of the hash. Of one lane. */
final class PartDivider implements AutoCloseable {
  private final JoinTable whole;
  private final JoinShape shape;
  private final Workspace space;
  private final Reservation memory;
  private final SpilledPart from;
  private final SpilledPart probeFrom;
  private final KeyParts by;
  private final List<SpillFile> files;
  private final ConstantColumn[] notStored;
  private PartWriter writer;
  private SpilledPart[] build = {};
  private int next;
  private boolean onProbe;
  private int[] partOf = {};
  private long[] scratch = {};

  /**
   * @param files where the new files are noted; the caller closes them
   */
  PartDivider(
      JoinTable whole,
      Workspace space,
      SpilledPart build,
      SpilledPart probe,
      KeyParts by,
      List<SpillFile> files) {
    this.whole = whole;
    this.shape = whole.shape;
    this.space = space;
    this.memory = space.query().budget().open("a block of a join");
    this.from = build;
    this.probeFrom = probe;
    this.by = by;
    this.files = files;
    this.notStored = PartJoin.nulls(shape.spec.probeTypes());
    this.writer = writer(shape.storeTypes);
  }

  private PartWriter writer(DataType[] types) {
    SpillFile file = space.newFile();
    files.add(file);
    return new PartWriter(space, types, by.count(), file);
  }

  KeyParts parts() {
    return by;
  }

  /** One block further; false at the end. */
  boolean step() {
    List<SpilledPart.Block> blocks = onProbe ? probeFrom.blocks : from.blocks;
    if (next == blocks.size()) {
      if (onProbe) {
        return false;
      }
      writer.flush();
      build = writer.parts();
      writer.close();
      writer = writer(shape.probeStoredTypes);
      onProbe = true;
      next = 0;
      return true;
    }
    SpilledPart.Block block = blocks.get(next++);
    long bytes = block.readBytes();
    if (!space.fits(bytes)) {
      writer.flush();
      space.require(bytes, "a block of rows");
    }
    memory.grow(bytes);
    Batch rows = block.read();
    int count = rows.count();
    if (partOf.length < count) {
      partOf = new int[count];
      scratch = new long[count];
    }
    Column[] keys;
    if (onProbe) {
      keys = whole.probeKeys(PartJoin.restored(shape, rows, notStored));
    } else {
      keys = new Column[shape.keys];
      System.arraycopy(rows.columns(), shape.firstKey, keys, 0, keys.length);
    }
    by.of(keys, rows.positions(), count, scratch, partOf);
    if (!onProbe) {
      by.spreadNulls(keys, shape.spec.nullSafe(), rows.positions(), count, partOf);
    }
    writer.append(rows, partOf);
    memory.shrink(bytes);
    return true;
  }

  /** Everything was divided. */
  void end() {
    writer.flush();
    close();
  }

  SpilledPart build(int part) {
    return build[part];
  }

  SpilledPart probe(int part) {
    return writer.parts()[part];
  }

  @Override
  public void close() {
    writer.close();
    memory.close();
  }
}
