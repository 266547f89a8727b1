package dev.penstock.nodes.spill;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.spill.SpillFile;
import java.util.ArrayList;
import java.util.List;

/** The rows of one side in one partition, as blocks on disk. One thread at a time. */
public final class SpilledPart {
  /**
   * @param heldBytes of the rows in memory, about
   */
  public record Block(SpillFile file, long handle, int rows, long heldBytes) {
    public long readBytes() {
      return file.readBytes(handle);
    }
  }

  public final List<Block> blocks = new ArrayList<>();
  private long rows;
  private long heldBytes;
  private long mostReadBytes;

  /** Writes rows to a file: a block to {@link #add}. */
  public static Block written(SpillFile file, Batch rows) {
    return new Block(file, file.write(rows), rows.count(), PartWriter.heldBytes(rows));
  }

  public void add(Block block) {
    blocks.add(block);
    rows += block.rows();
    heldBytes += block.heldBytes();
    mostReadBytes = Math.max(mostReadBytes, block.readBytes());
  }

  public void addAll(SpilledPart other) {
    other.blocks.forEach(this::add);
  }

  public long rows() {
    return rows;
  }

  /** Bytes of all rows in memory, about. */
  public long heldBytes() {
    return heldBytes;
  }

  /** Bytes that reading a block takes at most. */
  public long mostReadBytes() {
    return mostReadBytes;
  }

  public boolean isEmpty() {
    return rows == 0;
  }
}
