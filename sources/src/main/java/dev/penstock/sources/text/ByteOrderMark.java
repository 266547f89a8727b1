package dev.penstock.sources.text;

import dev.penstock.monitor.PenstockException;

/** The mark that some programs put before text. */
public final class ByteOrderMark {
  private ByteOrderMark() {}

  /**
   * The position after a UTF-8 mark at the begin of a file. The mark of UTF-16 is an error that
   * says what to do.
   */
  public static int after(TextFile file, byte[] b, int to) {
    if (to >= 3 && b[0] == (byte) 0xEF && b[1] == (byte) 0xBB && b[2] == (byte) 0xBF) {
      return 3;
    }
    if (to >= 2
        && ((b[0] == (byte) 0xFF && b[1] == (byte) 0xFE)
            || (b[0] == (byte) 0xFE && b[1] == (byte) 0xFF))) {
      throw PenstockException.incorrect(
          "wrong-encoding",
          file.name() + ":1: expected UTF-8, got UTF-16; give :encoding \"utf-16\"");
    }
    return 0;
  }
}
