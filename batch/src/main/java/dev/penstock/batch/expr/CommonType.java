package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Kind;
import org.jspecify.annotations.Nullable;

/** The common type of two types (docs/plan-language.md, section 4). */
final class CommonType {
  private CommonType() {}

  /** Null if there is none. */
  static @Nullable DataType of(DataType a, DataType b) {
    if (a.equals(b)) {
      return a;
    }
    if (a.isNumeric() && b.isNumeric()) {
      if (a.kind() == Kind.FLOAT64 || b.kind() == Kind.FLOAT64) {
        return DataType.FLOAT64;
      }
      if (!a.isDecimal() && !b.isDecimal()) {
        return DataType.INT64;
      }
      DataType x = decimal(a);
      DataType y = decimal(b);
      int scale = Math.max(x.scale(), y.scale());
      int whole = Math.max(x.precision() - x.scale(), y.precision() - y.scale());
      return DataType.decimal(Math.min(DataType.MAX_PRECISION, whole + scale), scale);
    }
    if (DateArithmetic.isPoint(a) && DateArithmetic.isPoint(b)) {
      return a.kind().compareTo(b.kind()) > 0 ? a : b; // date, timestamp, timestamptz
    }
    return null;
  }

  /** The decimal that holds an integer or decimal type. */
  static DataType decimal(DataType t) {
    return switch (t.kind()) {
      case INT32 -> DataType.decimal(10, 0);
      case INT64 -> DataType.decimal(19, 0);
      default -> t;
    };
  }
}
