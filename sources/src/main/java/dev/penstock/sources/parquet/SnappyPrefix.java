package dev.penstock.sources.parquet;

/**
 * Decompresses the begin of a block of Snappy; the grammar is in {@link SnappyDecoder}. Plain
 * rather than fast: it is for a few thousand values.
 */
final class SnappyPrefix {
  private SnappyPrefix() {}

  /**
   * Writes up to {@code wanted} bytes to {@code out} from {@code at} on, fewer when the input ends
   * before; gives how many. Damaged input gives IllegalArgumentException or
   * IndexOutOfBoundsException.
   */
  static int decompress(byte[] in, int from, int to, byte[] out, int at, int wanted) {
    int ip = from;
    while (ip < to && in[ip] < 0) {
      ip++; // the size of the whole block
    }
    ip++;
    int limit = at + wanted;
    int op = at;
    while (ip < to && op < limit) {
      int tag = in[ip++] & 0xFF;
      int kind = tag & 3;
      if (kind == 0) {
        int n = tag >>> 2;
        int extra = Math.max(0, n - 59);
        if (to - ip < extra) {
          break;
        }
        n = extra == 0 ? n : number(in, ip, extra);
        ip += extra;
        if (n < 0 || n == Integer.MAX_VALUE) {
          throw new IllegalArgumentException("a literal of " + n + " bytes");
        }
        int take = Math.min(n + 1, Math.min(limit - op, to - ip));
        System.arraycopy(in, ip, out, op, take);
        op += take;
        ip += n + 1;
      } else {
        int bytes = kind == 3 ? 4 : kind;
        if (to - ip < bytes) {
          break;
        }
        int n = kind == 1 ? (tag >>> 2 & 7) + 4 : (tag >>> 2) + 1;
        int back = number(in, ip, bytes) | (kind == 1 ? (tag >>> 5) << 8 : 0);
        ip += bytes;
        if (back <= 0 || back > op - at) {
          throw new IllegalArgumentException("a copy from " + back + " bytes back");
        }
        int end = Math.min(limit, op + n);
        for (; op < end; op++) {
          out[op] = out[op - back]; // the ranges may overlap
        }
      }
    }
    return op - at;
  }

  private static int number(byte[] in, int at, int bytes) {
    int n = 0;
    for (int i = 0; i < bytes; i++) {
      n |= (in[at + i] & 0xFF) << 8 * i;
    }
    return n;
  }
}
