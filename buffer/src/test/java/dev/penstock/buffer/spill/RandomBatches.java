package dev.penstock.buffer.spill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import java.util.Arrays;
import java.util.Random;

/** Batches of every layout, with and without nulls, selections, dictionaries and constants. */
public final class RandomBatches {
  private static final DataType[] TYPES = {
    DataType.BOOLEAN,
    DataType.INT32,
    DataType.INT64,
    DataType.FLOAT64,
    DataType.decimal(15, 2),
    DataType.decimal(38, 4),
    DataType.VARCHAR,
    DataType.VARBINARY,
    DataType.DATE,
    DataType.TIMESTAMP,
    DataType.UUID,
    DataType.JSON
  };

  private final Random random;

  public RandomBatches(long seed) {
    random = new Random(seed);
  }

  /** A batch of up to so many positions; sometimes of none. */
  public Batch next(int most) {
    int length = random.nextInt(10) == 0 ? random.nextInt(3) : random.nextInt(most + 1);
    Column[] columns = new Column[random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(6)];
    for (int c = 0; c < columns.length; c++) {
      columns[c] = column(TYPES[random.nextInt(TYPES.length)], length);
    }
    Batch batch = Batch.of(length, columns);
    return random.nextBoolean() ? batch : some(batch);
  }

  private Batch some(Batch batch) {
    int[] positions = new int[batch.length()];
    int n = 0;
    for (int i = 0; i < batch.length(); i++) {
      if (random.nextInt(3) != 0) {
        positions[n++] = i;
      }
    }
    return batch.withSelection(positions, n);
  }

  private Column column(DataType type, int length) {
    return switch (random.nextInt(6)) {
      case 0 -> new ConstantColumn(flat(type, 1), length);
      case 1 -> {
        FlatColumn dictionary = flat(type, 1 + random.nextInt(20));
        int[] ids = new int[length];
        Arrays.setAll(ids, i -> random.nextInt(dictionary.length() + 1) - 1);
        yield new DictionaryColumn(dictionary, ids, length);
      }
      default -> flat(type, length);
    };
  }

  private FlatColumn flat(DataType type, int length) {
    ColumnBuilder builder = ColumnBuilder.of(type, Math.max(1, length));
    boolean nulls = random.nextBoolean();
    for (int i = 0; i < length; i++) {
      if (nulls && random.nextInt(4) == 0) {
        builder.appendNull();
      } else {
        append(builder, type);
      }
    }
    return builder.build();
  }

  private void append(ColumnBuilder to, DataType type) {
    switch (type.layout()) {
      case BITS -> to.appendBoolean(random.nextBoolean());
      case INTS -> to.appendInt(random.nextInt(100_000));
      case LONGS -> to.appendLong(random.nextInt(1_000_000_000));
      case DOUBLES -> to.appendDouble(random.nextGaussian());
      case PAIRS -> to.appendPair(random.nextInt(1000), random.nextLong());
      default -> to.appendString("a value " + "x".repeat(random.nextInt(30)));
    }
  }

  /** Same types, same values, row by row. */
  public static void assertSame(Batch expected, Batch actual) {
    assertEquals(expected.count(), actual.count());
    assertEquals(expected.columns().length, actual.columns().length);
    for (int c = 0; c < expected.columns().length; c++) {
      assertEquals(expected.column(c).type(), actual.column(c).type());
    }
    for (int i = 0; i < expected.count(); i++) {
      assertArrayEquals(expected.row(i), actual.row(i), "row " + i);
    }
  }
}
