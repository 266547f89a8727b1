package dev.penstock.nodes.join;

import dev.penstock.buffer.spill.SpillFile;
import java.util.ArrayList;
import java.util.List;

/** The rows of one side in one partition, as blocks on disk. One thread at a time. */
final class SpilledPart {
  /**
   * @param heldBytes of the rows in memory, about
   */
  record Block(SpillFile file, long handle, int rows, long heldBytes) {
    long readBytes() {
      return file.readBytes(handle);
    }
  }

  final List<Block> blocks = new ArrayList<>();
  private long rows;
  private long heldBytes;
  private long mostReadBytes;

  void add(Block block) {
    blocks.add(block);
    rows += block.rows();
    heldBytes += block.heldBytes();
    mostReadBytes = Math.max(mostReadBytes, block.readBytes());
  }

  void addAll(SpilledPart other) {
    other.blocks.forEach(this::add);
  }

  long rows() {
    return rows;
  }

  /** Bytes of all rows in memory, about. */
  long heldBytes() {
    return heldBytes;
  }

  /** Bytes that reading a block takes at most. */
  long mostReadBytes() {
    return mostReadBytes;
  }

  boolean isEmpty() {
    return rows == 0;
  }
}
