package dev.penstock.nodes.group;

import dev.penstock.batch.Interval;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Grouping in the plainest Java, over host values: what the tests compare with. */
final class NaiveGroup {
  /**
   * @param column of the argument, or -1
   */
  record Agg(
      String function, int column, boolean distinct, @Nullable Predicate<List<Object>> filter) {}

  private NaiveGroup() {}

  static List<List<@Nullable Object>> group(
      List<List<@Nullable Object>> rows, int[] keys, List<Agg> aggregates) {
    Map<List<@Nullable Object>, List<List<@Nullable Object>>> groups = new LinkedHashMap<>();
    if (keys.length == 0) {
      groups.put(List.of(), new ArrayList<>());
    }
    for (List<@Nullable Object> row : rows) {
      List<@Nullable Object> key = new ArrayList<>();
      for (int k : keys) {
        key.add(row.get(k));
      }
      groups.computeIfAbsent(key, x -> new ArrayList<>()).add(row);
    }
    List<List<@Nullable Object>> out = new ArrayList<>();
    groups.forEach(
        (key, members) -> {
          List<@Nullable Object> row = new ArrayList<>(key);
          for (Agg a : aggregates) {
            row.add(aggregate(a, members));
          }
          out.add(row);
        });
    return out;
  }

  private static @Nullable Object aggregate(Agg a, List<List<@Nullable Object>> members) {
    List<@Nullable Object> values = new ArrayList<>();
    long rows = 0;
    for (List<@Nullable Object> row : members) {
      if (a.filter() != null && !a.filter().test(row)) {
        continue;
      }
      rows++;
      if (a.column() >= 0) {
        values.add(row.get(a.column()));
      }
    }
    if (a.function().equals("count") && a.column() < 0) {
      return rows;
    }
    if (a.distinct()) {
      values = new ArrayList<>(new LinkedHashSet<>(values));
    }
    if (a.function().equals("collect")) {
      return values.isEmpty() ? null : collected(values);
    }
    values.removeIf(v -> v == null);
    if (a.function().equals("count")) {
      return (long) values.size();
    }
    if (values.isEmpty()) {
      return null;
    }
    return switch (a.function()) {
      case "sum" -> sum(values);
      case "avg" -> average(values);
      case "min", "any", "bool-and" -> values.stream().min(ORDER).get();
      case "max", "bool-or" -> values.stream().max(ORDER).get();
      default -> moment(a.function(), values);
    };
  }

  /** Elements sorted, as collect promises no order. */
  static String collected(List<@Nullable Object> values) {
    return values.stream()
        .map(v -> v == null || v instanceof Number ? String.valueOf(v) : "\"" + v + "\"")
        .sorted()
        .toList()
        .toString();
  }

  private static Object sum(List<@Nullable Object> values) {
    if (values.get(0) instanceof Double) {
      return values.stream().mapToDouble(v -> (Double) v).sum();
    }
    if (values.get(0) instanceof BigDecimal) {
      return values.stream().map(v -> (BigDecimal) v).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
    return values.stream()
        .map(v -> BigInteger.valueOf(((Number) v).longValue()))
        .reduce(BigInteger.ZERO, BigInteger::add)
        .longValueExact();
  }

  private static double average(List<@Nullable Object> values) {
    if (values.get(0) instanceof Double) {
      return values.stream().mapToDouble(v -> (Double) v).sum() / values.size();
    }
    BigDecimal sum =
        values.stream()
            .map(v -> new BigDecimal(v.toString()))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    return sum.divide(BigDecimal.valueOf(values.size()), new MathContext(80)).doubleValue();
  }

  private static @Nullable Double moment(String function, List<@Nullable Object> values) {
    List<BigDecimal> v = values.stream().map(x -> new BigDecimal(x.toString())).toList();
    MathContext digits = new MathContext(60);
    BigDecimal mean =
        v.stream()
            .reduce(BigDecimal.ZERO, BigDecimal::add)
            .divide(new BigDecimal(v.size()), digits);
    BigDecimal squares =
        v.stream().map(x -> x.subtract(mean).pow(2)).reduce(BigDecimal.ZERO, BigDecimal::add);
    int divisor = function.endsWith("-pop") ? v.size() : v.size() - 1;
    if (divisor == 0) {
      return null;
    }
    double variance = squares.doubleValue() / divisor;
    return function.startsWith("stddev") ? Math.sqrt(variance) : variance;
  }

  /**
   * Strings by code point, uuids unsigned, intervals by length. Text of binaries is hex, which
   * sorts as bytes do.
   */
  @SuppressWarnings("unchecked")
  private static final Comparator<@Nullable Object> ORDER =
      (a, b) -> {
        if (a instanceof String x && b instanceof String y) {
          return Arrays.compare(x.codePoints().toArray(), y.codePoints().toArray());
        }
        if (a instanceof UUID x && b instanceof UUID y) {
          int c = Long.compareUnsigned(x.getMostSignificantBits(), y.getMostSignificantBits());
          return c != 0
              ? c
              : Long.compareUnsigned(x.getLeastSignificantBits(), y.getLeastSignificantBits());
        }
        if (a instanceof Interval x && b instanceof Interval y) {
          BigInteger p = micros(x);
          BigInteger q = micros(y);
          int c = p.compareTo(q);
          if (c == 0) {
            c = Long.compare(x.high(), y.high());
          }
          return c == 0 ? Long.compareUnsigned(x.micros(), y.micros()) : c;
        }
        return ((Comparable<Object>) a).compareTo(b);
      };

  private static BigInteger micros(Interval i) {
    return BigInteger.valueOf(i.months() * 30L + i.days())
        .multiply(BigInteger.valueOf(86_400_000_000L))
        .add(BigInteger.valueOf(i.micros()));
  }
}
