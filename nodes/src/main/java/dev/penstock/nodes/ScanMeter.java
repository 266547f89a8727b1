package dev.penstock.nodes;

/** A scan that can tell what it read, for profiles. Any thread; also after the scan was closed. */
public interface ScanMeter {
  /** Bytes that were read from the medium. */
  long readBytes();

  /** Pieces that were read. */
  long readPieces();

  /** Pieces that were passed over because nothing in them was wanted. */
  long skippedPieces();

  /** What a piece is, in the plural: row groups, chunks. */
  String pieces();
}
