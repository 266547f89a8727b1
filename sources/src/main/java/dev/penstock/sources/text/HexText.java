package dev.penstock.sources.text;

/** Binaries as text: two hexadecimal digits, of either case, for each byte. */
public final class HexText {
  private HexText() {}

  /**
   * Writes the bytes from {@code out[at]} on and gives their number; -1 if the range is not such
   * text.
   */
  public static int read(byte[] b, int from, int to, byte[] out, int at) {
    if ((to - from) % 2 != 0) {
      return -1;
    }
    for (int p = from; p < to; p += 2) {
      int high = Character.digit(b[p], 16);
      int low = Character.digit(b[p + 1], 16);
      if (high < 0 || low < 0) {
        return -1;
      }
      out[at + (p - from) / 2] = (byte) (high << 4 | low);
    }
    return (to - from) / 2;
  }
}
