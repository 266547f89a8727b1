package dev.penstock.sources.text;

/** UUIDs as text, {@code 8-4-4-4-12} hexadecimal digits of either case. */
public final class UuidText {
  private UuidText() {}

  /** Writes the two words at {@code out[2 * at]} and says whether the whole range was a uuid. */
  public static boolean read(byte[] b, int from, int to, long[] out, int at) {
    if (to - from != 36
        || b[from + 8] != '-'
        || b[from + 13] != '-'
        || b[from + 18] != '-'
        || b[from + 23] != '-') {
      return false;
    }
    long high = 0;
    long low = 0;
    int n = 0;
    for (int i = from; i < to; i++) {
      if (b[i] == '-') {
        continue;
      }
      int d = Character.digit(b[i], 16);
      if (d < 0) {
        return false;
      }
      if (n++ < 16) {
        high = high << 4 | d;
      } else {
        low = low << 4 | d;
      }
    }
    out[2 * at] = high;
    out[2 * at + 1] = low;
    return n == 32;
  }
}
