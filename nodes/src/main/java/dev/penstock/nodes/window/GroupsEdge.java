package dev.penstock.nodes.window;

/** An end of a frame that lies some groups of peers away: a pointer that moves as the rows do. */
final class GroupsEdge implements FrameRows.Edge {
  private final SortedRows rows;
  private final long distance;

  // The pointer: the first row of a group of peers, and how many groups of the partition come
  // before it.
  private int partition = -1;
  private int pointer;
  private long before;

  /**
   * @param groups how many groups after the current one; negative for before
   */
  GroupsEdge(SortedRows rows, long groups, boolean isEnd) {
    this.rows = rows;
    this.distance = isEnd ? groups + 1 : groups;
  }

  @Override
  public void compute(Block b, int[] out) {
    for (int i = 0; i < b.count; i++) {
      if (b.partitionStart[i] != partition) {
        partition = b.partitionStart[i];
        pointer = partition;
        before = 0;
      }
      long wanted = b.peersBefore[i] + distance;
      while (before < wanted && pointer < b.partitionEnd[i]) {
        pointer = rows.nextPeers(pointer + 1);
        before++;
      }
      out[i] = pointer;
    }
  }
}
