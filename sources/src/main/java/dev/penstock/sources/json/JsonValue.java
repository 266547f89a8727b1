package dev.penstock.sources.json;

import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Layout;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sources.text.HexText;
import dev.penstock.sources.text.NumberText;
import dev.penstock.sources.text.TimeText;
import dev.penstock.sources.text.UuidText;

/** Appends what stands in bytes to a column, converted to its type. */
final class JsonValue {
  private final long[] longs = new long[2];
  private final int[] ints = new int[1];
  private final double[] doubles = new double[1];

  /** False, and nothing is appended, when the text is not of the type. */
  boolean append(ColumnBuilder column, byte[] b, int from, int to) {
    DataType type = column.type();
    switch (type.kind()) {
      case VARCHAR -> {
        column.appendBytes(b, from, to - from);
        return true;
      }
      case INT64 -> {
        return NumberText.readLong(b, from, to, longs, 0) && word(column);
      }
      case INT32 -> {
        return NumberText.readInt(b, from, to, ints, 0) && half(column);
      }
      case FLOAT64 -> {
        boolean fits = NumberText.readDouble(b, from, to, doubles, 0);
        if (fits) {
          column.appendDouble(doubles[0]);
        }
        return fits;
      }
      case DECIMAL -> {
        if (type.layout() == Layout.LONGS) {
          return NumberText.readDecimal(b, from, to, type.precision(), type.scale(), longs, 0)
              && word(column);
        }
        return NumberText.readWideDecimal(b, from, to, type.precision(), type.scale(), longs, 0)
            && pair(column);
      }
      case DATE -> {
        return TimeText.readDate(b, from, to, ints, 0) && half(column);
      }
      case TIME -> {
        return TimeText.readTime(b, from, to, longs, 0) && word(column);
      }
      case TIMESTAMP -> {
        return TimeText.readTimestamp(b, from, to, longs, 0) && word(column);
      }
      case TIMESTAMPTZ -> {
        return TimeText.readTimestampTz(b, from, to, longs, 0) && word(column);
      }
      case UUID -> {
        return UuidText.read(b, from, to, longs, 0) && pair(column);
      }
      case VARBINARY -> {
        byte[] out = new byte[(to - from) / 2];
        boolean fits = HexText.read(b, from, to, out, 0) >= 0;
        if (fits) {
          column.appendBytes(out, 0, out.length);
        }
        return fits;
      }
      default ->
          throw PenstockException.unsupported(
              "unreadable-type", "JSON values of type " + type + " cannot be read; read varchar");
    }
  }

  private boolean word(ColumnBuilder column) {
    column.appendLong(longs[0]);
    return true;
  }

  private boolean half(ColumnBuilder column) {
    column.appendInt(ints[0]);
    return true;
  }

  private boolean pair(ColumnBuilder column) {
    column.appendPair(longs[0], longs[1]);
    return true;
  }
}
