package dev.penstock.nodes.sort;

import dev.penstock.monitor.Reservation;

/**
 * A sorted run on disk: its blocks in order.
 *
 * @param file where it lies; the run is one of those that want it
 * @param memory of the lane that wrote it: its blocks are reserved there when they are read
 * @param level how often its rows were merged
 * @param handles of the blocks
 * @param blockRows rows of a block at most
 * @param firstEntry the entry of its first block in the {@link BlockIndex}; negative when it is not
 *     there
 * @param heldBytes what a block holds decoded, at most
 * @param readBytes what reading a block takes, at most
 */
record SpilledRun(
    RunFile file,
    Reservation memory,
    int level,
    Handles handles,
    long rows,
    int blockRows,
    int firstEntry,
    long heldBytes,
    long readBytes) {

  /** What a decoded block holds beside its columns, at most. */
  long extraBytes() {
    return RunBlock.extraBytes(blockRows);
  }

  int blocks() {
    return handles.count();
  }

  /** Gives up the run. */
  void release() {
    memory.shrink(handles.sizeBytes());
    file.release();
  }
}
