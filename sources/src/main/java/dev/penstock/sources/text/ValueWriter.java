package dev.penstock.sources.text;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * The text of single values, not null, as sinks write it: ISO dates and times (timestamps with T,
 * instants with Z, fractions of a second only when there are any), plain decimals, doubles as Java
 * writes them, binaries as hexadecimal digits. Strings are left to the format.
 */
public final class ValueWriter {
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };
  private static final long MICROS = 1_000_000L;
  private static final long DAY_MICROS = 86_400L * MICROS;

  private final ByteOutput out;

  public ValueWriter(ByteOutput out) {
    this.out = out;
  }

  /** Writes a value of any type but varchar and json. */
  public void write(FlatColumn column, int position) {
    DataType type = column.type();
    switch (type.kind()) {
      case BOOLEAN -> out.putAscii(((BitColumn) column).get(position) ? "true" : "false");
      case INT32 -> out.putLong(((IntColumn) column).values()[position]);
      case INT64 -> out.putLong(((LongColumn) column).values()[position]);
      case FLOAT64 -> out.putAscii(Double.toString(((DoubleColumn) column).values()[position]));
      case DATE -> date(((IntColumn) column).values()[position]);
      case TIME -> time(((LongColumn) column).values()[position]);
      case TIMESTAMP, TIMESTAMPTZ -> {
        long micros = ((LongColumn) column).values()[position];
        date(Math.floorDiv(micros, DAY_MICROS));
        out.put('T');
        time(Math.floorMod(micros, DAY_MICROS));
        if (type.equals(DataType.TIMESTAMPTZ)) {
          out.put('Z');
        }
      }
      case DECIMAL -> {
        if (column instanceof LongColumn c) {
          decimal(c.values()[position], type.scale());
        } else {
          out.putAscii(plain(column, position));
        }
      }
      case VARBINARY -> hex((BytesColumn) column, position);
      default -> out.putText(String.valueOf(column.value(position)));
    }
  }

  private static String plain(FlatColumn column, int position) {
    return column.value(position) instanceof BigDecimal d ? d.toPlainString() : "";
  }

  private void decimal(long scaled, int scale) {
    if (scale == 0 || scaled == Long.MIN_VALUE) {
      out.putLong(scaled);
      return;
    }
    if (scaled < 0) {
      out.put('-');
    }
    long unit = 1;
    for (int i = 0; i < scale; i++) {
      unit *= 10;
    }
    long v = Math.abs(scaled);
    out.putDigits(v / unit, 1);
    out.put('.');
    out.putDigits(v % unit, scale);
  }

  private void date(long day) {
    LocalDate d = LocalDate.ofEpochDay(day);
    int year = d.getYear();
    if (year < 0 || year > 9999) {
      out.putAscii(d.toString());
      return;
    }
    out.putDigits(year, 4);
    out.put('-');
    out.putDigits(d.getMonthValue(), 2);
    out.put('-');
    out.putDigits(d.getDayOfMonth(), 2);
  }

  private void time(long micros) {
    long seconds = micros / MICROS;
    out.putDigits(seconds / 3600, 2);
    out.put(':');
    out.putDigits(seconds / 60 % 60, 2);
    out.put(':');
    out.putDigits(seconds % 60, 2);
    long fraction = micros % MICROS;
    if (fraction != 0) {
      int width = 6;
      while (fraction % 10 == 0) {
        fraction /= 10;
        width--;
      }
      out.put('.');
      out.putDigits(fraction, width);
    }
  }

  private void hex(BytesColumn column, int position) {
    byte[] slab = column.slab();
    int end = column.start(position) + column.size(position);
    for (int i = column.start(position); i < end; i++) {
      out.put(HEX[slab[i] >> 4 & 15]);
      out.put(HEX[slab[i] & 15]);
    }
  }
}
