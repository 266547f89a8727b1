package dev.penstock.batch.expr;

import dev.penstock.batch.Bits;
import dev.penstock.batch.DataType;
import org.jspecify.annotations.Nullable;

/**
 * What a cast does with a value that has no counterpart: {@code cast} throws, {@code try-cast}
 * makes it null. One call of one task.
 */
final class Failures {
  private final Args x;
  private final DataType target;
  private final boolean lenient;
  private long @Nullable [] nulls;

  Failures(Args x, DataType target, boolean lenient) {
    this.x = x;
    this.target = target;
    this.lenient = lenient;
  }

  /** The value at a row cannot be cast. */
  void at(int position) {
    if (!lenient) {
      throw Errors.badCast(x.value(0, position), x.type(0), target);
    }
    if (nulls == null) {
      nulls = new long[Bits.words(x.length())];
    }
    Bits.set(nulls, position);
  }

  /** The nulls of the argument, and the failed rows. */
  long @Nullable [] nulls() {
    return Bits.or(x.nulls(), nulls, x.length());
  }
}
