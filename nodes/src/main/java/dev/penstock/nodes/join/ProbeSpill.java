package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.nodes.spill.KeyParts;
import dev.penstock.nodes.spill.PartWriter;
import dev.penstock.nodes.spill.Workspace;

/** Probe rows whose build rows are on disk: they are written as well, by partition. Of one lane. */
final class ProbeSpill implements AutoCloseable {
  private final JoinTable table;
  private final JoinShape shape;
  private final JoinSpill spill;
  private final KeyParts by;
  private final PartWriter writer;
  private int[] partOf = {};
  private long[] scratch = {};

  ProbeSpill(JoinTable table, JoinSpill spill, Workspace workspace) {
    this.table = table;
    this.shape = table.shape;
    this.spill = spill;
    this.by = spill.parts();
    this.writer =
        new PartWriter(
            workspace, shape.probeStoredTypes, by.count(), spill.add(workspace.newFile()));
  }

  /** Keeps the rows for which the build side is on disk, and gives the others. */
  Batch split(Batch batch) {
    int count = batch.count();
    int[] positions = batch.positions();
    if (partOf.length < count) {
      partOf = new int[count];
      scratch = new long[count];
    }
    Column[] keys = table.probeKeys(batch);
    by.of(keys, positions, count, scratch, partOf);
    if (shape.divides) {
      markNulls(keys, positions, count);
    }
    int[] away = new int[count];
    int[] parts = new int[count];
    int[] here = new int[count];
    int a = 0;
    int h = 0;
    for (int i = 0; i < count; i++) {
      int p = partOf[i];
      if (p < 0 || spill.isResident(p)) {
        here[h++] = positions[i];
      } else {
        away[a] = positions[i];
        parts[a++] = p;
      }
    }
    if (a == 0) {
      return batch;
    }
    if (shape.simpleNulls && shape.aboutBuild) {
      table.facts.probeSaw(false);
    }
    Column[] stored = new Column[shape.probeStored.length];
    for (int c = 0; c < stored.length; c++) {
      stored[c] = batch.column(shape.probeStored[c]);
    }
    writer.append(batch.withColumns(stored).withSelection(away, a), parts);
    return h == 0 ? ProbeStep.NOTHING : batch.withSelection(here, h);
  }

  /** Rows with a null key match nothing, here or there: what becomes of them is known now. */
  private void markNulls(Column[] keys, int[] positions, int count) {
    boolean[] safe = shape.spec.nullSafe();
    for (int k = 0; k < keys.length; k++) {
      if (!safe[k] && keys[k].mayHaveNulls()) {
        for (int i = 0; i < count; i++) {
          if (keys[k].isNull(positions[i])) {
            partOf[i] = -1;
          }
        }
      }
    }
  }

  /** The input has ended. */
  void end() {
    writer.flush();
    spill.probeLaneEnded(writer);
  }

  /** The input has not ended, and nobody will read the rest of it. */
  void giveUp() {
    spill.probeLaneEnded(writer);
  }

  @Override
  public void close() {
    writer.close();
  }
}
