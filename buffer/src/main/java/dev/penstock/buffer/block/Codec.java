package dev.penstock.buffer.block;

/** How the payload of a block is packed. */
public enum Codec {
  /** Arrays as they are: the fastest on a disk that takes more than about 0.5 GB/s a thread. */
  NONE,
  /** LZ4: for slow disks, and to save room. */
  LZ4,
  /** Zstandard, level 1: for very slow stores, and to save more room. */
  ZSTD
}
