package dev.penstock.sparql.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongFunction;

/**
 * Bytes that must be UTF-8: Jena would put U+FFFD in the place of what is not.
 *
 * <pre>
 * 00-7F | C2-DF tail | E0 A0-BF tail | E1-EC tail tail | ED 80-9F tail | EE-EF tail tail
 *       | F0 90-BF tail tail | F1-F3 tail tail tail | F4 80-8F tail tail        tail = 80-BF
 * </pre>
 *
 * <p>One thread.
 */
final class StrictUtf8 extends FilterInputStream {
  private static final int TAIL = 0x80;
  private static final int LAST_TAIL = 0xBF;

  private final LongFunction<RuntimeException> bad;
  private long line = 1;

  /** Bytes that the character still needs, and the bounds of the next one. */
  private int left;

  private int least;
  private int most;

  /**
   * @param bad what is thrown where the bytes are none, by the line, from 1
   */
  StrictUtf8(InputStream in, LongFunction<RuntimeException> bad) {
    super(in);
    this.bad = bad;
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    if (b >= 0) {
      check((byte) b);
    } else {
      atEnd();
    }
    return b;
  }

  @Override
  public int read(byte[] to, int from, int n) throws IOException {
    int got = super.read(to, from, n);
    for (int i = from; i < from + got; i++) {
      check(to[i]);
    }
    if (got < 0) {
      atEnd();
    }
    return got;
  }

  private void atEnd() {
    if (left > 0) {
      throw bad.apply(line);
    }
  }

  private void check(byte given) {
    int b = given & 0xFF;
    if (left > 0) {
      if (b < least || b > most) {
        throw bad.apply(line);
      }
      left--;
      least = TAIL;
      most = LAST_TAIL;
    } else if (b >= TAIL) {
      begin(b);
    } else if (b == '\n') {
      line++;
    }
  }

  private void begin(int b) {
    if (b < 0xC2 || b > 0xF4) {
      throw bad.apply(line);
    }
    left = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
    least = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : TAIL;
    most = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : LAST_TAIL;
  }
}
