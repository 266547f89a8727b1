package dev.penstock.nodes.spill;

import dev.penstock.batch.Column;
import dev.penstock.batch.kernel.Hashes;

/**
 * Which partition a key belongs to: some bits of a hash of all keys. Equal keys are in one
 * partition on both sides, whatever indexes the tables use; tables take their slots from a hash
 * that has nothing to do with these bits.
 *
 * <pre>
 * hash   [63 ........ 14 ... 8 | 7 ... 0]
 *                      level 1   level 0      each division takes fresh bits
 * </pre>
 *
 * @param shift bits that were used before
 * @param bits of this division
 */
public record KeyParts(int shift, int bits) {
  private static final long SALT = 0x2545_F491_4F6C_DD1DL;
  private static final int ALL_BITS = 60;

  public int count() {
    return 1 << bits;
  }

  /** Whether so many more bits are left. */
  public boolean canGoOn(int more) {
    return shift + bits + more <= ALL_BITS;
  }

  public KeyParts next(int more) {
    return new KeyParts(shift + bits, more);
  }

  /**
   * The partition of each row.
   *
   * @param positions of the rows
   * @param scratch at least count long
   */
  public void of(Column[] keys, int[] positions, int count, long[] scratch, int[] out) {
    int mask = (1 << bits) - 1;
    if (mask == 0) {
      java.util.Arrays.fill(out, 0, count, 0);
      return;
    }
    Hashes.hash(keys, positions, count, scratch);
    for (int i = 0; i < count; i++) {
      out[i] = (int) (Hashes.of(scratch[i] + SALT) >>> shift) & mask;
    }
  }

  /**
   * Gives rows with a null key, which match nothing, partitions in turn: they would all be in one.
   */
  public void spreadNulls(
      Column[] keys, boolean[] nullSafe, int[] positions, int count, int[] out) {
    int mask = (1 << bits) - 1;
    for (int k = 0; k < keys.length; k++) {
      if (!nullSafe[k] && keys[k].mayHaveNulls()) {
        for (int i = 0; i < count; i++) {
          if (keys[k].isNull(positions[i])) {
            out[i] = i & mask;
          }
        }
      }
    }
  }
}
