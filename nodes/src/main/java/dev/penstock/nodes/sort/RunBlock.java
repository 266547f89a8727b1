package dev.penstock.nodes.sort;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.Layout;
import org.jspecify.annotations.Nullable;

/**
 * A block of a spilled run, decoded: its columns, and the prefixes of its keys as in {@link
 * SortedRun}. Immutable.
 */
final class RunBlock {
  final Column[] columns;
  final Column[] keys;
  final int rows;

  /** Prefixes of the first key. */
  final long[] first;

  /**
   * Prefixes of the second key, or the continued ones of the first if that is a string; those of
   * the first key again when there is no second.
   */
  final long[] second;

  /** Equal first prefixes mean equal first keys. */
  final boolean firstExact;

  /** Equal first and second prefixes mean that the first two keys are equal. */
  final boolean secondExact;

  RunBlock(Batch batch, SortLayout layout) {
    this.columns = batch.columns();
    this.keys = layout.keyColumns(columns);
    this.rows = batch.count();
    this.first = new long[rows];
    if (keys.length == 0) {
      this.second = first;
      this.firstExact = true;
      this.secondExact = true;
      return;
    }
    KeyPrefix prefix = new KeyPrefix(layout.keys[0]);
    prefix.compute(keys[0], rows, first, 0);
    this.firstExact = prefix.exact();
    KeyPrefix next = second(layout);
    if (next == null) {
      this.second = first;
      this.secondExact = firstExact;
    } else {
      boolean continued = isContinued(layout);
      this.second = new long[rows];
      next.compute(keys[continued ? 0 : 1], rows, second, 0);
      this.secondExact = !continued && firstExact && next.exact();
    }
  }

  /** Whether the second prefixes go on where the first ones end, instead of with the next key. */
  static boolean isContinued(SortLayout layout) {
    return layout.keys.length > 0 && layout.keys[0].expr().type().layout() == Layout.BYTES;
  }

  private static @Nullable KeyPrefix second(SortLayout layout) {
    if (isContinued(layout)) {
      return new KeyPrefix(layout.keys[0], KeyPrefix.CONTINUED);
    }
    return layout.keys.length > 1 ? new KeyPrefix(layout.keys[1]) : null;
  }

  /** Bytes of a decoded block of so many rows, beside the bytes of its columns. */
  static long extraBytes(int rows) {
    return 16L * rows + 512;
  }
}
