package dev.penstock.nodes.sort;

/**
 * How small a sort works when memory is short.
 *
 * @param minimumBytes the least with which a lane works: two blocks read, one written
 * @param minBlockBytes blocks are not smaller
 * @param maxBlockBytes blocks are not bigger, but for one row that is
 */
record SpillSizes(long minimumBytes, long minBlockBytes, long maxBlockBytes) {
  static final SpillSizes USUAL = new SpillSizes(512 << 10, 32 << 10, 256 << 10);

  /** A lane holds about so many blocks in memory. */
  private static final long BLOCKS_OF_RUN = 512;

  /** Bytes of a block, for a lane that holds so many bytes. */
  long blockBytes(long heldBytes) {
    return Math.max(minBlockBytes, Math.min(maxBlockBytes, heldBytes / BLOCKS_OF_RUN));
  }
}
