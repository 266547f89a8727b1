package dev.penstock.nodes.window;

/**
 * Consecutive sorted rows that are computed together, and for each the partition and the peers it
 * belongs to, as ranges of sorted rows.
 */
final class Block {
  private final SortedRows rows;

  /** The first row. */
  int from;

  /** Rows. */
  int count;

  final int[] partitionStart;
  final int[] partitionEnd;
  final int[] peersStart;
  final int[] peersEnd;

  /** How many groups of peers of the partition come before. */
  final int[] peersBefore;

  // Where the walk is: the partition and the peers of the last row.
  private int partition;
  private int nextPartition;
  private int peers;
  private int nextPeers;
  private int before;

  Block(SortedRows rows, int capacity) {
    this.rows = rows;
    this.partitionStart = new int[capacity];
    this.partitionEnd = new int[capacity];
    this.peersStart = new int[capacity];
    this.peersEnd = new int[capacity];
    this.peersBefore = new int[capacity];
  }

  /**
   * Moves to the next rows; false at the end.
   *
   * @param mostRows at least one, at most the capacity
   */
  boolean advance(int mostRows) {
    from += count;
    count = from == rows.count ? 0 : Math.min(mostRows, rows.stretchEnd(from) - from);
    for (int i = 0; i < count; i++) {
      int row = from + i;
      if (row == nextPartition) {
        partition = row;
        nextPartition = rows.nextPartition(row + 1);
        before = -1;
      }
      if (row == nextPeers) {
        peers = row;
        nextPeers = rows.nextPeers(row + 1);
        before++;
      }
      partitionStart[i] = partition;
      partitionEnd[i] = nextPartition;
      peersStart[i] = peers;
      peersEnd[i] = nextPeers;
      peersBefore[i] = before;
    }
    return count > 0;
  }
}
