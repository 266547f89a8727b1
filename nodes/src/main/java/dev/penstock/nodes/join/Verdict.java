package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;

/**
 * What is known of a row: its condition is true for some row of the other side, or null for some,
 * or neither.
 */
final class Verdict {
  static final byte FALSE = 0;
  static final byte TRUE = 1;
  static final byte UNKNOWN = 2;

  private Verdict() {}

  /** An array that is FALSE at the rows of the batch; the given one if it is long enough. */
  static byte[] cleared(byte[] verdicts, Batch batch) {
    byte[] v = verdicts.length < batch.length() ? new byte[batch.length()] : verdicts;
    int[] positions = batch.positions();
    for (int i = 0; i < batch.count(); i++) {
      v[positions[i]] = FALSE;
    }
    return v;
  }
}
