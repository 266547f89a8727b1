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
 * @param readBytes what reading a block takes at most, and then its columns
 */
record SpilledRun(
    RunFile file,
    Reservation memory,
    int level,
    Handles handles,
    long rows,
    int blockRows,
    int firstEntry,
    long readBytes) {

  /** What a block takes at most, while it is read and after that. */
  long heldBytes() {
    return readBytes + RunBlock.extraBytes(blockRows);
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
