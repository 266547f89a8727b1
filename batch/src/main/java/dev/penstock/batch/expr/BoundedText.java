package dev.penstock.batch.expr;

import dev.penstock.monitor.CancellationToken;

/**
 * A text that a regular expression may look at only so often: some patterns need time beyond all
 * measure for some texts ({@code (.*a){20}b} over many a's), and nothing else could stop them. A
 * query that is cancelled stops them too. Not thread-safe.
 */
public final class BoundedText implements CharSequence {
  /** Thrown when the looks are used up; made once a text at most. */
  public static final class UsedUp extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsedUp() {
      super("too many looks", null, false, false);
    }
  }

  private static final long LOOKS = 20_000_000;
  private static final long LOOKS_A_CHARACTER = 200;

  /** After so many looks (about 0.1 ms) the token is checked. */
  private static final int LOOKS_A_CHECK = 1 << 14;

  private final String text;
  private long left;

  public BoundedText(String text) {
    this.text = text;
    this.left = LOOKS + LOOKS_A_CHARACTER * text.length();
  }

  @Override
  public char charAt(int index) {
    if ((--left & (LOOKS_A_CHECK - 1)) == 0) {
      check();
    }
    return text.charAt(index);
  }

  private void check() {
    if (left <= 0) {
      throw new UsedUp();
    }
    CancellationToken.checkCurrent();
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.substring(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
