package dev.penstock.sources.csv;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Kind;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sources.text.HexText;
import dev.penstock.sources.text.NumberText;
import dev.penstock.sources.text.TimeText;
import dev.penstock.sources.text.UuidText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses the fields of one column, from bytes into arrays. One loop for each type.
 *
 * <p>An empty unquoted field is null, and so is an unquoted field that equals one of the null
 * texts. In a column that is not varchar these are null when quoted, too, as they can mean nothing
 * else. Blanks around a value that is not varchar do not count.
 */
final class CsvColumns {
  /** Takes the rows whose value is not of the type. May throw. */
  interface Misfit {
    void at(int slot, int row);
  }

  private final CsvNulls nullTexts;
  private final int escape;
  private final Misfit misfit;
  private byte[] b = {};
  private int[] starts = {};
  private int[] ends = {};
  private int slot;
  private int from;
  private int to;
  private long @Nullable [] nulls;

  CsvColumns(List<String> nullTexts, int escape, Misfit misfit) {
    this.nullTexts = new CsvNulls(nullTexts);
    this.escape = escape;
    this.misfit = misfit;
  }

  /** The first {@code rows} values of a slot. */
  Column read(DataType type, byte[] bytes, CsvTokenizer fields, int aSlot, int rows) {
    b = bytes;
    slot = aSlot;
    starts = fields.starts[aSlot];
    ends = fields.ends[aSlot];
    nulls = null;
    return switch (type.kind()) {
      case INT64 -> int64(rows);
      case FLOAT64 -> float64(rows);
      case INT32 -> int32(rows);
      case DATE -> date(rows);
      case VARCHAR, JSON -> text(type, rows);
      case DECIMAL ->
          type.precision() <= DataType.MAX_LONG_PRECISION ? decimal(type, rows) : wide(type, rows);
      case TIME, TIMESTAMP, TIMESTAMPTZ -> times(type, rows);
      case BOOLEAN -> bools(rows);
      case UUID -> uuid(rows);
      case VARBINARY -> binary(rows);
      case INTERVAL, ANY ->
          throw PenstockException.unsupported(
              "unreadable-type", "CSV columns of type " + type + " cannot be read; read varchar");
    };
  }

  private void setNull(int row, int rows) {
    long[] words = nulls;
    if (words == null) {
      words = new long[Bits.words(rows)];
      nulls = words;
    }
    words[row >> 6] |= 1L << row;
  }

  /** Trims the field of a column that is not varchar into from and to; false when it is null. */
  private boolean trim(int row) {
    int f = starts[row] & CsvTokenizer.OFFSET;
    int t = ends[row];
    if (f < t && (b[f] <= ' ' || b[t - 1] <= ' ')) {
      while (f < t && (b[f] == ' ' || b[f] == '\t')) {
        f++;
      }
      while (t > f && (b[t - 1] == ' ' || b[t - 1] == '\t')) {
        t--;
      }
      from = f;
      to = t;
      return nullTexts.isEmpty() || !nullTexts.is(b, f, t);
    }
    from = f;
    to = t;
    return f != t && (nullTexts.isEmpty() || !nullTexts.is(b, f, t));
  }

  private Column int64(int rows) {
    long[] out = new long[rows];
    for (int i = 0; i < rows; i++) {
      if (!trim(i)) {
        setNull(i, rows);
      } else if (!NumberText.readLong(b, from, to, out, i)) {
        misfit.at(slot, i);
      }
    }
    return new LongColumn(DataType.INT64, out, nulls, rows);
  }

  private Column float64(int rows) {
    double[] out = new double[rows];
    for (int i = 0; i < rows; i++) {
      if (!trim(i)) {
        setNull(i, rows);
      } else if (!NumberText.readDouble(b, from, to, out, i)) {
        misfit.at(slot, i);
      }
    }
    return new DoubleColumn(DataType.FLOAT64, out, nulls, rows);
  }

  private Column int32(int rows) {
    int[] out = new int[rows];
    for (int i = 0; i < rows; i++) {
      if (!trim(i)) {
        setNull(i, rows);
      } else if (!NumberText.readInt(b, from, to, out, i)) {
        misfit.at(slot, i);
      }
    }
    return new IntColumn(DataType.INT32, out, nulls, rows);
  }

  private Column date(int rows) {
    int[] out = new int[rows];
    for (int i = 0; i < rows; i++) {
      if (!trim(i)) {
        setNull(i, rows);
      } else if (!TimeText.readDate(b, from, to, out, i)) {
        misfit.at(slot, i);
      }
    }
    return new IntColumn(DataType.DATE, out, nulls, rows);
  }

  private Column times(DataType type, int rows) {
    Kind kind = type.kind();
    long[] out = new long[rows];
    for (int i = 0; i < rows; i++) {
      if (!trim(i)) {
        setNull(i, rows);
        continue;
      }
      boolean fits =
          kind == Kind.TIMESTAMP
              ? TimeText.readTimestamp(b, from, to, out, i)
              : kind == Kind.TIME
                  ? TimeText.readTime(b, from, to, out, i)
                  : TimeText.readTimestampTz(b, from, to, out, i);
      if (!fits) {
        misfit.at(slot, i);
      }
    }
    return new LongColumn(type, out, nulls, rows);
  }

  private Column decimal(DataType type, int rows) {
    int precision = type.precision();
    int scale = type.scale();
    long[] out = new long[rows];
    for (int i = 0; i < rows; i++) {
      if (!trim(i)) {
        setNull(i, rows);
      } else if (!NumberText.readDecimal(b, from, to, precision, scale, out, i)) {
        misfit.at(slot, i);
      }
    }
    return new LongColumn(type, out, nulls, rows);
  }

  private Column wide(DataType type, int rows) {
    long[] out = new long[2 * rows];
    for (int i = 0; i < rows; i++) {
      if (!trim(i)) {
        setNull(i, rows);
      } else if (!NumberText.readWideDecimal(b, from, to, type.precision(), type.scale(), out, i)) {
        misfit.at(slot, i);
      }
    }
    return new PairColumn(type, out, nulls, rows);
  }

  private Column uuid(int rows) {
    long[] out = new long[2 * rows];
    for (int i = 0; i < rows; i++) {
      if (!trim(i)) {
        setNull(i, rows);
      } else if (!UuidText.read(b, from, to, out, i)) {
        misfit.at(slot, i);
      }
    }
    return new PairColumn(DataType.UUID, out, nulls, rows);
  }

  /** true, t, yes, y, 1 and their contraries, in any case. */
  private Column bools(int rows) {
    long[] out = new long[Bits.words(rows)];
    for (int i = 0; i < rows; i++) {
      if (!trim(i)) {
        setNull(i, rows);
      } else if (isOne("true") || isOne("t") || isOne("yes") || isOne("y") || isDigit('1')) {
        Bits.set(out, i);
      } else if (!(isOne("false") || isOne("f") || isOne("no") || isOne("n") || isDigit('0'))) {
        misfit.at(slot, i);
      }
    }
    return new BitColumn(DataType.BOOLEAN, out, nulls, rows);
  }

  private boolean isOne(String lower) {
    return NumberText.is(b, from, to, lower);
  }

  private boolean isDigit(char digit) {
    return to - from == 1 && b[from] == digit;
  }

  private Column text(DataType type, int rows) {
    int[] f = starts;
    int[] t = ends;
    int total = 0;
    for (int i = 0; i < rows; i++) {
      total += t[i] - (f[i] & CsvTokenizer.OFFSET);
    }
    byte[] in = b;
    byte[] slab = new byte[total];
    int[] offsets = new int[rows + 1];
    int used = 0;
    for (int i = 0; i < rows; i++) {
      int s = f[i] & CsvTokenizer.OFFSET;
      int n = t[i] - s;
      if (f[i] >= 0 && (n == 0 || (!nullTexts.isEmpty() && nullTexts.is(b, s, s + n)))) {
        setNull(i, rows);
      } else if ((f[i] & CsvTokenizer.ESCAPED) != 0) {
        used = unescape(in, s, t[i], slab, used);
      } else if (n < 24) {
        for (int k = 0; k < n; k++) {
          slab[used + k] = in[s + k];
        }
        used += n;
      } else {
        System.arraycopy(in, s, slab, used, n);
        used += n;
      }
      offsets[i + 1] = used;
    }
    return new BytesColumn(type, slab, offsets, nulls, rows);
  }

  private int unescape(byte[] in, int s, int e, byte[] out, int at) {
    int n = at;
    for (int p = s; p < e; p++) {
      if (in[p] == escape && p + 1 < e) {
        p++;
      }
      out[n++] = in[p];
    }
    return n;
  }

  /** Hexadecimal digits, two for each byte. */
  private Column binary(int rows) {
    int total = 0;
    for (int i = 0; i < rows; i++) {
      total += (ends[i] - (starts[i] & CsvTokenizer.OFFSET)) / 2;
    }
    byte[] slab = new byte[total];
    int[] offsets = new int[rows + 1];
    int used = 0;
    for (int i = 0; i < rows; i++) {
      boolean quotedEmpty = starts[i] < 0 && ends[i] == (starts[i] & CsvTokenizer.OFFSET);
      if (!trim(i)) {
        if (!quotedEmpty) {
          setNull(i, rows);
        }
      } else {
        int n = HexText.read(b, from, to, slab, used);
        if (n < 0) {
          misfit.at(slot, i);
        } else {
          used += n;
        }
      }
      offsets[i + 1] = used;
    }
    return new BytesColumn(DataType.VARBINARY, slab, offsets, nulls, rows);
  }
}
