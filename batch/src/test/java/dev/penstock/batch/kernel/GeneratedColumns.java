package dev.penstock.batch.kernel;

import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Interval;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Columns of every type and class, with few distinct values, so that equal pairs are frequent. */
final class GeneratedColumns {
  static final DataType[] TYPES = {
    DataType.BOOLEAN,
    DataType.INT32,
    DataType.INT64,
    DataType.FLOAT64,
    DataType.decimal(12, 2),
    DataType.decimal(38, 4),
    DataType.VARCHAR,
    DataType.VARBINARY,
    DataType.DATE,
    DataType.TIME,
    DataType.TIMESTAMP,
    DataType.TIMESTAMPTZ,
    DataType.INTERVAL,
    DataType.UUID,
    DataType.JSON,
    DataType.ANY
  };

  private static final String[] TEXTS = {
    "",
    "a",
    "ab",
    "ab\0",
    "straße",
    "日本語テキスト",
    "12345678",
    "123456789",
    "1234567890123456",
    "1234567890123457",
    "😀 long text of more than sixteen bytes"
  };

  private GeneratedColumns() {}

  static Object value(DataType type, Random random) {
    int k = random.nextInt(6) - 3;
    return switch (type.kind()) {
      case BOOLEAN -> k > 0;
      case INT32 -> k * 7;
      case INT64 -> k * 5_000_000_000L;
      case FLOAT64 -> new double[] {0.0, -0.0, Double.NaN, 1.5, -1.5, 1e300}[k + 3];
      case DECIMAL ->
          type.precision() > 18
              ? new BigDecimal(BigInteger.valueOf(k).shiftLeft(70 - 10 * k), type.scale())
              : BigDecimal.valueOf(k, type.scale());
      case VARCHAR, JSON -> TEXTS[random.nextInt(TEXTS.length)];
      case VARBINARY -> TEXTS[random.nextInt(TEXTS.length)].getBytes(StandardCharsets.UTF_8);
      case DATE -> LocalDate.of(1969, 12, 31).plusDays(k);
      case TIME -> LocalTime.of(12, k + 3);
      case TIMESTAMP -> LocalDateTime.of(1970, 1, 1, 0, 0).plusSeconds(k);
      case TIMESTAMPTZ -> Instant.EPOCH.plusMillis(k);
      case INTERVAL -> {
        int split = random.nextInt(3) - 1;
        yield new Interval(k - split, 30 * split, k * 10L);
      }
      case UUID -> new UUID(k, k * 3L);
      case ANY -> "object " + k;
    };
  }

  /** 0 flat, 1 small dictionary, 2 big dictionary, 3 constant, 4 flat without nulls. */
  static Column column(DataType type, int shape, int length, Random random) {
    switch (shape) {
      case 1, 2 -> {
        Column dictionary =
            flat(type, shape == 1 ? 5 : 3 * length + 1, random.nextBoolean(), random);
        int[] ids = new int[length];
        for (int i = 0; i < length; i++) {
          ids[i] = random.nextInt(dictionary.length() + 1) - 1;
        }
        return new DictionaryColumn((FlatColumn) dictionary, ids, length);
      }
      case 3 -> {
        return ConstantColumn.of(type, random.nextInt(3) == 0 ? null : value(type, random), length);
      }
      default -> {
        return flat(type, length, shape == 0, random);
      }
    }
  }

  private static Column flat(DataType type, int length, boolean nulls, Random random) {
    ColumnBuilder builder = ColumnBuilder.of(type, length);
    for (int i = 0; i < length; i++) {
      builder.appendValue(nulls && random.nextInt(4) == 0 ? null : value(type, random));
    }
    return builder.build();
  }

  /** A host value that is equal exactly when the engine's values are. */
  static @Nullable Object comparable(@Nullable Object v) {
    if (v instanceof Double d) {
      return d == 0 ? (Object) 0.0 : d;
    }
    if (v instanceof Interval i) {
      return "interval " + (i.months() * 30L + i.days()) + " " + i.micros();
    }
    return v instanceof byte[] b ? new String(b, StandardCharsets.ISO_8859_1) : v;
  }
}
