package dev.penstock.nodes;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Interval;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes data for the tests of operators: columns of every type, from a seed; and rows as host
 * values, to compare.
 */
public final class TestBatches {
  /** One of each kind (both decimal widths), {@code any} left out. */
  public static final List<DataType> TYPES =
      List.of(
          DataType.BOOLEAN,
          DataType.INT32,
          DataType.INT64,
          DataType.FLOAT64,
          DataType.decimal(15, 2),
          DataType.decimal(38, 6),
          DataType.VARCHAR,
          DataType.VARBINARY,
          DataType.DATE,
          DataType.TIME,
          DataType.TIMESTAMP,
          DataType.TIMESTAMPTZ,
          DataType.INTERVAL,
          DataType.UUID,
          DataType.JSON);

  private static final String[] WORDS = {
    "",
    "a",
    "A",
    "ab",
    "b",
    "Äpfel",
    "naïve",
    "日本語",
    "𝄞 clef",
    "😀",
    "z\u0000z",
    "same prefix 1",
    "same prefix 2",
    "same prefix, longer"
  };

  /**
   * How the values of a column are spread.
   *
   * @param nulls the share of nulls, 0 to 1
   * @param distinct how many different values there are; 0 = no bound
   * @param skewed half of the rows have the same value
   * @param extremes the least and greatest values of the type, NaN, infinities come up too
   */
  public record Shape(double nulls, int distinct, boolean skewed, boolean extremes) {
    public static final Shape PLAIN = new Shape(0, 0, false, false);

    public Shape withNulls(double share) {
      return new Shape(share, distinct, skewed, extremes);
    }

    public Shape withDistinct(int n) {
      return new Shape(nulls, n, skewed, extremes);
    }

    public Shape withSkew() {
      return new Shape(nulls, distinct, true, extremes);
    }

    public Shape withExtremes() {
      return new Shape(nulls, distinct, skewed, true);
    }
  }

  private final long seed;
  private final Random random;

  public TestBatches(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
  }

  public long seed() {
    return seed;
  }

  public Random random() {
    return random;
  }

  // ------------------------------------------------------------------ generated data

  /** A flat column of random values. */
  public FlatColumn column(DataType type, int rows, Shape shape) {
    List<Object> pool = new ArrayList<>();
    for (int i = 0; i < shape.distinct(); i++) {
      pool.add(value(type, shape.extremes()));
    }
    ColumnBuilder builder = ColumnBuilder.of(type, rows);
    for (int i = 0; i < rows; i++) {
      if (random.nextDouble() < shape.nulls()) {
        builder.appendNull();
      } else if (pool.isEmpty()) {
        builder.appendValue(value(type, shape.extremes()));
      } else {
        boolean common = shape.skewed() && random.nextBoolean();
        builder.appendValue(pool.get(common ? 0 : random.nextInt(pool.size())));
      }
    }
    return builder.build();
  }

  /**
   * A batch (at most {@link Batch#MAX_ROWS} rows) of flat random columns, all of the same shape.
   */
  public Batch batch(int rows, Shape shape, DataType... types) {
    Column[] columns = new Column[types.length];
    for (int i = 0; i < types.length; i++) {
      columns[i] = column(types[i], rows, shape);
    }
    return Batch.of(rows, columns);
  }

  /**
   * A random value of the type; integers and decimals are small enough to be summed unless extremes
   * are asked for.
   */
  public Object value(DataType type, boolean extremes) {
    boolean extreme = extremes && random.nextInt(8) == 0;
    boolean low = random.nextBoolean();
    switch (type.kind()) {
      case BOOLEAN:
        return random.nextBoolean();
      case INT32:
        return extreme
            ? (low ? Integer.MIN_VALUE : Integer.MAX_VALUE)
            : random.nextInt(2001) - 1000;
      case INT64:
        return extreme
            ? (low ? Long.MIN_VALUE : Long.MAX_VALUE)
            : random.nextInt(2_000_001) - 1_000_000L;
      case FLOAT64:
        if (extreme) {
          double[] odd = {
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            -0.0,
            0.0,
            Double.MIN_VALUE
          };
          return odd[random.nextInt(odd.length)];
        }
        return (random.nextInt(200_001) - 100_000) / 8.0;
      case DECIMAL:
        {
          BigInteger most = BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE);
          BigInteger v =
              extreme
                  ? (low ? most.negate() : most)
                  : BigInteger.valueOf(random.nextInt(2_000_001) - 1_000_000L)
                      .min(most)
                      .max(most.negate());
          if (!extreme && type.precision() > 30 && random.nextBoolean()) {
            v = v.multiply(BigInteger.TEN.pow(18)).add(BigInteger.valueOf(random.nextInt()));
          }
          return new BigDecimal(v, type.scale());
        }
      case VARCHAR:
        return word();
      case JSON:
        return "\"" + random.nextInt(1000) + "\"";
      case VARBINARY:
        {
          byte[] bytes = new byte[random.nextInt(20)];
          random.nextBytes(bytes);
          return bytes;
        }
      case DATE:
        return LocalDate.ofEpochDay(
            extreme ? (low ? -500_000 : 500_000) : random.nextInt(20_000) - 10_000);
      case TIME:
        return LocalTime.ofNanoOfDay(
            extreme
                ? (low ? 0 : 86_399_999_999L * 1000)
                : random.nextInt(86_400) * 1_000_001_000L / 2);
      case TIMESTAMP:
        return LocalDateTime.of(1970, 1, 1, 0, 0)
            .plusNanos(random.nextInt() * 1000L)
            .plusHours(random.nextInt(1_000_000) - 500_000L);
      case TIMESTAMPTZ:
        return Instant.EPOCH
            .plusNanos(random.nextInt() * 1000L)
            .plusSeconds(3600L * (random.nextInt(1_000_000) - 500_000L));
      case INTERVAL:
        return new Interval(
            random.nextInt(41) - 20, random.nextInt(41) - 20, random.nextInt(2001) - 1000L);
      case UUID:
        return new UUID(random.nextLong(), random.nextLong());
      default:
        throw new IllegalArgumentException("no values of " + type);
    }
  }

  private String word() {
    String w = WORDS[random.nextInt(WORDS.length)];
    return random.nextInt(3) == 0 ? w : w + random.nextInt(100_000);
  }

  // ------------------------------------------------------------------ literal data, rows

  /** A flat column of these host values. */
  public static FlatColumn columnOf(DataType type, @Nullable Object... values) {
    ColumnBuilder builder = ColumnBuilder.of(type, values.length);
    for (Object v : values) {
      builder.appendValue(v);
    }
    return builder.build();
  }

  /** A batch of literal rows. */
  public static Batch batchOf(
      List<DataType> types, List<? extends List<? extends @Nullable Object>> rows) {
    Column[] columns = new Column[types.size()];
    for (int c = 0; c < columns.length; c++) {
      ColumnBuilder builder = ColumnBuilder.of(types.get(c), rows.size());
      for (List<? extends @Nullable Object> row : rows) {
        builder.appendValue(row.get(c));
      }
      columns[c] = builder.build();
    }
    return Batch.of(rows.size(), columns);
  }

  /** A row; {@code List.of} takes no nulls. */
  public static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }

  /** All rows, values as {@link #comparable}. */
  public static List<List<@Nullable Object>> rows(Iterable<Batch> batches) {
    List<List<@Nullable Object>> out = new ArrayList<>();
    for (Batch b : batches) {
      for (int i = 0; i < b.count(); i++) {
        out.add(comparable(Arrays.asList(b.row(i))));
      }
    }
    return out;
  }

  /** All rows of one batch, values as {@link #comparable}. */
  public static List<List<@Nullable Object>> rows(Batch batch) {
    return rows(List.of(batch));
  }

  /** Values with equals that agrees with the plan language: byte[] as hex text, -0.0 as 0.0. */
  public static List<@Nullable Object> comparable(List<? extends @Nullable Object> row) {
    List<@Nullable Object> out = new ArrayList<>(row.size());
    for (Object v : row) {
      if (v instanceof byte[] b) {
        out.add("#hex " + HexFormat.of().formatHex(b));
      } else if (v instanceof Double d && d == 0) {
        out.add(0.0);
      } else {
        out.add(v);
      }
    }
    return out;
  }

  // ------------------------------------------------------------------ the same rows in another
  // dress

  /** One batch of all rows (at most {@link Batch#MAX_ROWS}), flat. */
  public static Batch concat(List<Batch> batches, DataType... types) {
    Column[] out = new Column[types.length];
    int rows = batches.stream().mapToInt(Batch::count).sum();
    for (int c = 0; c < out.length; c++) {
      ColumnBuilder builder = ColumnBuilder.of(types[c], rows);
      for (Batch b : batches) {
        for (int i = 0; i < b.count(); i++) {
          builder.append(b.column(c), b.position(i));
        }
      }
      out[c] = builder.build();
    }
    return Batch.of(rows, out);
  }

  /**
   * The same rows, columns encoded as flat, dictionary (of distinct or repeated values) or constant
   * at random.
   */
  public Batch encoded(Batch batch) {
    Batch flat = batch.compact();
    Column[] out = new Column[flat.columns().length];
    for (int c = 0; c < out.length; c++) {
      Column column = flat.column(c);
      out[c] =
          switch (random.nextInt(3)) {
            case 0 -> column;
            case 1 -> dictionary(column);
            default -> constant(column);
          };
    }
    return Batch.of(flat.count(), out);
  }

  /**
   * The column as a dictionary column; its dictionary has values that are not used, repeats some,
   * and may hold nulls itself.
   */
  public DictionaryColumn dictionary(Column column) {
    boolean share = random.nextBoolean();
    Map<Object, Integer> known = new HashMap<>();
    ColumnBuilder builder = ColumnBuilder.of(column.type(), 16);
    int[] ids = new int[column.length()];
    for (int i = 0; i < ids.length; i++) {
      if (random.nextInt(20) == 0) {
        builder.append(column, random.nextInt(ids.length));
      }
      if (column.isNull(i) && random.nextBoolean()) {
        ids[i] = -1;
        continue;
      }
      Object key = comparable(Arrays.asList(column.value(i)));
      Integer id = share ? known.get(key) : null;
      if (id == null) {
        id = builder.length();
        builder.append(column, i);
        known.put(key, id);
      }
      ids[i] = id;
    }
    return new DictionaryColumn(builder.build(), ids, ids.length);
  }

  /** A constant column if all values are the same and there is one, else the column itself. */
  public static Column constant(Column column) {
    if (column.length() == 0) {
      return column;
    }
    Object first = comparable(Arrays.asList(column.value(0)));
    for (int i = 1; i < column.length(); i++) {
      if (!Objects.equals(first, comparable(Arrays.asList(column.value(i))))) {
        return column;
      }
    }
    return new ConstantColumn(
        (FlatColumn) column.flat(null, column.length()).gather(new int[1], 1), column.length());
  }

  /** The same rows behind a selection: other rows, repeated at random, lie between them. */
  public Batch selected(Batch batch) {
    int n = batch.count();
    int[] from = new int[Math.min(Batch.MAX_ROWS, 2 * n + 3)];
    int[] selection = new int[n];
    int length = 0;
    for (int i = 0; i < n; i++) {
      while (from.length - length > n - i && random.nextInt(3) == 0) {
        from[length++] = batch.position(random.nextInt(n));
      }
      selection[i] = length;
      from[length++] = batch.position(i);
    }
    Column[] out = new Column[batch.columns().length];
    for (int c = 0; c < out.length; c++) {
      out[c] = batch.column(c).gather(from, length);
    }
    return Batch.of(length, out).withSelection(selection, n);
  }
}
