package dev.penstock.nodes.sort;

import dev.penstock.batch.Batch;
import dev.penstock.monitor.Reservation;

/** Writes the rows of one run, in their order, block by block. */
final class RunWriter {
  private final RunFile file;
  private final Reservation memory;
  private final BlockIndex index;
  private final int level;
  private final Handles handles;
  private long rows;
  private int blockRows;
  private int firstEntry = -1;
  private long readBytes;

  /**
   * @param level how often the rows were merged
   */
  RunWriter(RunFile file, Reservation memory, BlockIndex index, int level) {
    this.file = file;
    this.memory = memory;
    this.index = index;
    this.level = level;
    this.handles = new Handles(memory);
    file.retain();
  }

  /** Bytes that writing a block of so many bytes reserves here at most. */
  static long bytesToWrite(long blockBytes) {
    return 2 * blockBytes + 2048;
  }

  /** Writes a block. */
  void write(Batch block) {
    int entry = index.add(block);
    if (handles.count() == 0) {
      firstEntry = entry;
    } else if (entry < 0) {
      firstEntry = -1;
    }
    long handle = file.file.write(block);
    handles.add(handle);
    rows += block.count();
    blockRows = Math.max(blockRows, block.count());
    readBytes = Math.max(readBytes, file.file.readBytes(handle));
  }

  /** The run, complete. */
  SpilledRun end() {
    return new SpilledRun(file, memory, level, handles, rows, blockRows, firstEntry, readBytes);
  }
}
