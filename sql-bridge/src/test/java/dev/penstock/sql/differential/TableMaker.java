package dev.penstock.sql.differential;

import dev.penstock.batch.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes tables: nulls, duplicates, extremes, many scripts, skew. */
final class TableMaker {
  static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "b",
          "ab",
          "abc",
          "Ab",
          "B",
          " a",
          "a ",
          "a%b",
          "a_b",
          "10",
          "-3",
          "2.5",
          "x'y",
          "é",
          "Éa",
          "日本語",
          "Жук",
          "😀",
          "z😀a",
          "true",
          "2001-02-03",
          "aaaaaaaaaaaaaaaa",
          "a longer text of forty characters, or so",
          "\\",
          "ÿ",
          "~");
  private final Dice dice;

  TableMaker(Dice dice) {
    this.dice = dice;
  }

  List<Table> tables() {
    List<Table> out = new ArrayList<>();
    int n = dice.between(1, 4);
    boolean big = dice.chance(12);
    for (int i = 0; i < n; i++) {
      out.add(
          table(
              "t" + i,
              i == 0 && big ? dice.between(2047, 2049) : dice.of(0, 1, 3, 7, 7, 20, 20, 20, 20)));
    }
    return out;
  }

  private Table table(String name, int rows) {
    List<Table.Column> columns = new ArrayList<>();
    columns.add(new Table.Column("k", Type.INT, DataType.INT32, 20));
    if (dice.chance(50)) {
      columns.add(new Table.Column("s", Type.VARCHAR, DataType.VARCHAR, 0));
    }
    int n = dice.between(1, 6);
    for (int i = 0; i < n; i++) {
      columns.add(column(name.replace('t', (char) ('a' + i)) + "_"));
    }
    List<List<@Nullable Object>> values = new ArrayList<>();
    int nulls = dice.of(0, 10, 30, 60);
    int distinct = dice.of(2, 5, 20);
    for (int r = 0; r < rows; r++) {
      List<@Nullable Object> row = new ArrayList<>();
      for (Table.Column c : columns) {
        row.add(dice.chance(nulls) ? null : value(c, distinct));
      }
      values.add(row);
      if (dice.chance(8) && values.size() < rows) {
        values.add(row);
        r++;
      }
    }
    return new Table(name, columns, values);
  }

  private Table.Column column(String prefix) {
    Type type = dice.of(Type.values());
    String strange =
        dice.chance(8) ? dice.of("Gr\u00f6\u00dfe ", "a b ", "SELECT", "x\"y", "A.") : "";
    String name = strange + prefix + type.name().toLowerCase(java.util.Locale.ROOT).charAt(0);
    boolean extreme = dice.chance(25);
    return switch (type) {
      case INT -> new Table.Column(name + "i", type, DataType.INT32, extreme ? 0x80000000L : 1000);
      case BIGINT -> new Table.Column(name, type, DataType.INT64, extreme ? 0x1p63 : 100_000);
      case DOUBLE ->
          new Table.Column(
              name + "f", type, DataType.FLOAT64, extreme ? Double.POSITIVE_INFINITY : 1000);
      case DECIMAL -> {
        int p = dice.of(4, 9, 18, 25, 27);
        int s = dice.of(0, 1, 2, Math.min(p - 1, 10));
        yield new Table.Column(
            name + "d",
            type,
            DataType.decimal(p, s),
            extreme ? Math.pow(10, p - s) : Math.min(1000, Math.pow(10, p - s)));
      }
      case VARCHAR -> new Table.Column(name, type, DataType.VARCHAR, 0);
      case BOOLEAN -> new Table.Column(name + "l", type, DataType.BOOLEAN, 0);
      case DATE -> new Table.Column(name + "y", type, DataType.DATE, 0);
      case TIMESTAMP -> new Table.Column(name, type, DataType.TIMESTAMP, 0);
      case TIME -> new Table.Column(name + "c", type, DataType.TIME, 0);
    };
  }

  private Object value(Table.Column c, int distinct) {
    // the square root of a uniform square is not uniform: small numbers come often
    int n = dice.below(dice.below(distinct) + 1);
    return switch (c.type()) {
      case INT ->
          c.bound() > 1e6 && dice.chance(30)
              ? dice.of(Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE - 1)
              : (Object) (dice.chance(20) ? -n : n);
      case BIGINT ->
          c.bound() > 1e6 && dice.chance(30)
              ? dice.of(Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 1, 1L << 53)
              : (Object) (dice.chance(20) ? -1000L * n : (long) n);
      case DOUBLE ->
          c.bound() > 1e6 && dice.chance(30)
              ? dice.of(
                  1e300,
                  -1e300,
                  1e-300,
                  -0.0,
                  Double.NaN,
                  Double.POSITIVE_INFINITY,
                  Double.NEGATIVE_INFINITY,
                  0.1)
              : (Object) ((dice.chance(20) ? -n : n) * 0.25);
      case DECIMAL -> decimal(c, n);
      case VARCHAR -> TEXTS.get(dice.below(Math.min(TEXTS.size(), distinct + 8)));
      case BOOLEAN -> dice.chance(60);
      case DATE ->
          dice.chance(15)
              ? dice.of(
                  LocalDate.of(1969, 12, 31),
                  LocalDate.of(2000, 2, 29),
                  LocalDate.of(1900, 1, 1),
                  LocalDate.of(2262, 4, 12),
                  LocalDate.of(2020, 12, 31))
              : LocalDate.of(2020, 1, 31).plusDays(13L * n);
      case TIMESTAMP ->
          dice.chance(15)
              ? dice.of(
                  LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_000),
                  LocalDateTime.of(2000, 2, 29, 12, 0),
                  LocalDateTime.of(2020, 1, 31, 0, 0))
              : LocalDateTime.of(2020, 1, 31, 10, 5, 7).plusMinutes(997L * n);
      case TIME ->
          dice.chance(15)
              ? dice.of(LocalTime.MIDNIGHT, LocalTime.of(23, 59, 59, 999_999_000))
              : LocalTime.of(10, 5, 7).plusMinutes(61L * n);
    };
  }

  private BigDecimal decimal(Table.Column c, int n) {
    int s = c.data().scale();
    BigInteger most = BigInteger.TEN.pow(c.data().precision()).subtract(BigInteger.ONE);
    if (c.bound() > 1000 && dice.chance(30)) {
      return new BigDecimal(dice.chance(50) ? most : most.negate(), s);
    }
    BigInteger unscaled =
        BigDecimal.valueOf(n * (dice.chance(50) ? 100L : 137L), 2)
            .setScale(s, java.math.RoundingMode.DOWN)
            .unscaledValue()
            .remainder(most);
    return new BigDecimal(dice.chance(20) ? unscaled.negate() : unscaled, s);
  }
}
