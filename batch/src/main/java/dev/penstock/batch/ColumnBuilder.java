package dev.penstock.batch;

import dev.penstock.monitor.PenstockException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Appends values of one type and ends at {@link #build}. Typed appends ({@code appendInt}, ...) are
 * for loops; {@link #appendValue} is for edges; {@link #append} copies from columns. Not
 * thread-safe.
 */
public final class ColumnBuilder {
  private final DataType type;
  private final Layout layout;
  private int length;
  private long[] words = {};
  private int[] ints = {};
  private double[] doubles = {};
  private byte[] slab = {};
  private int slabUsed;
  private @Nullable Object[] objects = {};
  private long @Nullable [] nulls;

  private ColumnBuilder(DataType type, int capacity) {
    this.type = type;
    this.layout = type.layout();
    grow(Math.max(capacity, 1));
  }

  public static ColumnBuilder of(DataType type, int capacity) {
    return new ColumnBuilder(type, capacity);
  }

  private void grow(int capacity) {
    switch (layout) {
      case BITS -> words = Arrays.copyOf(words, Bits.words(capacity));
      case INTS -> ints = Arrays.copyOf(ints, capacity);
      case LONGS -> words = Arrays.copyOf(words, capacity);
      case DOUBLES -> doubles = Arrays.copyOf(doubles, capacity);
      case PAIRS -> words = Arrays.copyOf(words, 2 * capacity);
      case BYTES -> ints = Arrays.copyOf(ints, capacity + 1);
      case OBJECTS -> objects = Arrays.copyOf(objects, capacity);
    }
  }

  private int capacity() {
    return switch (layout) {
      case BITS -> words.length * 64;
      case INTS -> ints.length;
      case LONGS -> words.length;
      case DOUBLES -> doubles.length;
      case PAIRS -> words.length / 2;
      case BYTES -> ints.length - 1;
      case OBJECTS -> objects.length;
    };
  }

  /**
   * The next position. It may replace the arrays: take it before an array is read from its field.
   */
  private int next() {
    if (length == capacity()) {
      grow(Math.max(16, length + (length >> 1)));
    }
    return length++;
  }

  public DataType type() {
    return type;
  }

  public int length() {
    return length;
  }

  public void appendNull() {
    int i = next();
    if (layout == Layout.BYTES) {
      ints[i + 1] = slabUsed;
    }
    int w = Bits.words(length);
    if (nulls == null) {
      nulls = new long[Math.max(w, Bits.words(capacity()))];
    } else if (nulls.length < w) {
      nulls = Arrays.copyOf(nulls, Math.max(w, nulls.length * 2));
    }
    Bits.set(nulls, i);
  }

  public void appendBoolean(boolean v) {
    int i = next();
    if (v) {
      Bits.set(words, i);
    }
  }

  public void appendInt(int v) {
    int i = next();
    ints[i] = v;
  }

  public void appendLong(long v) {
    int i = next();
    words[i] = v;
  }

  public void appendDouble(double v) {
    int i = next();
    doubles[i] = v;
  }

  public void appendPair(long high, long low) {
    int i = next();
    words[2 * i] = high;
    words[2 * i + 1] = low;
  }

  public void appendBytes(byte[] from, int start, int size) {
    int i = next();
    if (slab.length - slabUsed < size) {
      long wanted = Math.max((long) slabUsed + size, slab.length * 2L);
      if ((long) slabUsed + size > Integer.MAX_VALUE - 16) {
        throw PenstockException.limit(
            "batch-too-wide", "strings of one batch hold more than 2 GiB");
      }
      slab = Arrays.copyOf(slab, (int) Math.min(Math.max(wanted, 64), Integer.MAX_VALUE - 16));
    }
    System.arraycopy(from, start, slab, slabUsed, size);
    slabUsed += size;
    ints[i + 1] = slabUsed;
  }

  public void appendString(String v) {
    byte[] utf8 = v.getBytes(StandardCharsets.UTF_8);
    appendBytes(utf8, 0, utf8.length);
  }

  public void appendObject(@Nullable Object v) {
    if (v == null) {
      appendNull();
    } else {
      int i = next();
      objects[i] = v;
    }
  }

  /** Appends one position of a column of the same layout. */
  public void append(Column from, int position) {
    if (from instanceof DictionaryColumn d) {
      if (d.ids()[position] < 0) {
        appendNull();
      } else {
        append(d.dictionary(), d.ids()[position]);
      }
    } else if (from instanceof ConstantColumn c) {
      append(c.single(), 0);
    } else if (from.isNull(position)) {
      appendNull();
    } else {
      switch (layout) {
        case BITS -> appendBoolean(((BitColumn) from).get(position));
        case INTS -> appendInt(((IntColumn) from).values()[position]);
        case LONGS -> appendLong(((LongColumn) from).values()[position]);
        case DOUBLES -> appendDouble(((DoubleColumn) from).values()[position]);
        case PAIRS ->
            appendPair(((PairColumn) from).high(position), ((PairColumn) from).low(position));
        case BYTES -> {
          BytesColumn b = (BytesColumn) from;
          appendBytes(b.slab(), b.start(position), b.size(position));
        }
        case OBJECTS -> appendObject(((ObjectColumn) from).values()[position]);
      }
    }
  }

  /**
   * Appends a host value of this type (docs/plan-language.md, section 1); integers of any width are
   * taken if they fit.
   */
  public void appendValue(@Nullable Object v) {
    if (v == null) {
      appendNull();
      return;
    }
    try {
      switch (type.kind()) {
        case BOOLEAN -> appendBoolean((Boolean) v);
        case INT32 -> appendInt(Math.toIntExact(exactLong(v)));
        case INT64 -> appendLong(exactLong(v));
        case FLOAT64 -> appendDouble(((Number) v).doubleValue());
        case DECIMAL -> appendDecimal(v instanceof BigDecimal d ? d : new BigDecimal(v.toString()));
        case VARCHAR, JSON -> appendString((String) v);
        case VARBINARY -> appendBytes((byte[]) v, 0, ((byte[]) v).length);
        case DATE -> appendInt(Math.toIntExact(((LocalDate) v).toEpochDay()));
        case TIME -> appendLong(((LocalTime) v).toNanoOfDay() / 1000);
        case TIMESTAMP -> appendLong(HostValues.micros((LocalDateTime) v));
        case TIMESTAMPTZ -> appendLong(HostValues.micros((Instant) v));
        case INTERVAL -> appendPair(((Interval) v).high(), ((Interval) v).micros());
        case UUID ->
            appendPair(((UUID) v).getMostSignificantBits(), ((UUID) v).getLeastSignificantBits());
        case ANY -> appendObject(v);
      }
    } catch (ClassCastException | ArithmeticException | NumberFormatException e) {
      throw new PenstockException(
          PenstockException.Category.INCORRECT,
          "bad-value",
          "expected a value of type " + type + ", got " + v + " (" + v.getClass().getName() + ")",
          e);
    }
  }

  /** A whole number of any class; a fraction is an error, and not cut off. */
  private static long exactLong(Object v) {
    if (v instanceof Long || v instanceof Integer) {
      return ((Number) v).longValue();
    }
    return new BigDecimal(((Number) v).toString()).longValueExact();
  }

  private void appendDecimal(BigDecimal d) {
    BigInteger unscaled = d.setScale(type.scale(), RoundingMode.UNNECESSARY).unscaledValue();
    if (unscaled.abs().compareTo(BigInteger.TEN.pow(type.precision())) >= 0) {
      throw new ArithmeticException("more digits than " + type);
    }
    if (layout == Layout.LONGS) {
      appendLong(unscaled.longValueExact());
    } else {
      appendPair(unscaled.shiftRight(64).longValue(), unscaled.longValue());
    }
  }

  /** Bytes held, at capacity. */
  public long sizeBytes() {
    return 96
        + 8L * words.length
        + 4L * ints.length
        + 8L * doubles.length
        + slab.length
        + 8L * objects.length
        + (nulls == null ? 0 : 8L * nulls.length);
  }

  /** The column; the builder must not be used after. */
  public FlatColumn build() {
    return switch (layout) {
      case BITS -> new BitColumn(type, words, nulls(), length);
      case INTS -> new IntColumn(type, ints, nulls(), length);
      case LONGS -> new LongColumn(type, words, nulls(), length);
      case DOUBLES -> new DoubleColumn(type, doubles, nulls(), length);
      case PAIRS -> new PairColumn(type, words, nulls(), length);
      case BYTES -> new BytesColumn(type, slab, ints, nulls(), length);
      case OBJECTS -> new ObjectColumn(type, objects, nulls(), length);
    };
  }

  private long @Nullable [] nulls() {
    long[] n = nulls;
    return n == null || n.length >= Bits.words(length) ? n : Arrays.copyOf(n, Bits.words(length));
  }
}
