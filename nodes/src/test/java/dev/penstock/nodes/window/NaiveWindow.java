package dev.penstock.nodes.window;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Interval;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.kernel.Ordering;
import dev.penstock.nodes.TestBatches;
import dev.penstock.nodes.sort.SortKey;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Window functions a row at a time, each frame gathered anew by asking of every row of the
 * partition whether it belongs.
 */
final class NaiveWindow {
  private final Batch batch;
  private final List<SortKey> order;
  private final Column[] orderColumns;
  private List<Integer> partition = List.of();

  private NaiveWindow(Batch batch, List<SortKey> order) {
    this.batch = batch;
    this.order = order;
    this.orderColumns = order.stream().map(k -> k.expr().eval(batch)).toArray(Column[]::new);
  }

  /** All rows, then the function results. */
  static List<List<@Nullable Object>> compute(
      Batch batch, List<Expr> partition, List<SortKey> order, List<WindowFunction> functions) {
    Map<List<@Nullable Object>, List<Integer>> partitions = new LinkedHashMap<>();
    Column[] keys = partition.stream().map(e -> e.eval(batch)).toArray(Column[]::new);
    for (int i = 0; i < batch.count(); i++) {
      int row = i;
      List<@Nullable Object> key = new ArrayList<>();
      for (Column c : keys) {
        key.add(c.value(row));
      }
      partitions.computeIfAbsent(TestBatches.comparable(key), k -> new ArrayList<>()).add(i);
    }
    List<List<@Nullable Object>> out = new ArrayList<>();
    NaiveWindow naive = new NaiveWindow(batch, order);
    for (List<Integer> rows : partitions.values()) {
      rows.sort(naive::compare);
      naive.partition = rows;
      for (int i = 0; i < rows.size(); i++) {
        List<@Nullable Object> row = new ArrayList<>(Arrays.asList(batch.row(rows.get(i))));
        for (WindowFunction f : functions) {
          row.add(naive.result(f, i));
        }
        out.add(row);
      }
    }
    return out;
  }

  private int compare(int a, int b) {
    for (int k = 0; k < orderColumns.length; k++) {
      Column c = orderColumns[k];
      SortKey key = order.get(k);
      if (c.isNull(a) || c.isNull(b)) {
        int nulls = Boolean.compare(c.isNull(a), c.isNull(b));
        if (nulls != 0) {
          return key.nullsFirst() ? -nulls : nulls;
        }
        continue;
      }
      int v = Ordering.of(key.expr().type()).compare(c, a, c, b);
      if (v != 0) {
        return key.descending() ? -v : v;
      }
    }
    return 0;
  }

  private @Nullable Object arg(WindowFunction f, int arg, int index) {
    return f.args().get(arg).eval(batch).value(partition.get(index));
  }

  private @Nullable Object result(WindowFunction f, int i) {
    int n = partition.size();
    int row = partition.get(i);
    int rank = (int) partition.stream().filter(r -> compare(r, row) < 0).count();
    switch (f.name()) {
      case "row-number":
        return whole(f, i + 1);
      case "rank":
        return whole(f, rank + 1);
      case "dense-rank":
        {
          int groups = 0;
          for (int k = 1; k <= i; k++) {
            groups += compare(partition.get(k - 1), partition.get(k)) != 0 ? 1 : 0;
          }
          return whole(f, groups + 1);
        }
      case "percent-rank":
        return n == 1 ? 0.0 : (double) rank / (n - 1);
      case "cume-dist":
        return (double) partition.stream().filter(r -> compare(r, row) <= 0).count() / n;
      case "ntile":
        {
          Number buckets = (Number) arg(f, 0, i);
          if (buckets == null) {
            return null;
          }
          // Deal the rows out: the first n % buckets buckets get one more.
          int at = 0;
          for (int bucket = 1; ; bucket++) {
            at += n / buckets.intValue() + (bucket <= n % buckets.intValue() ? 1 : 0);
            if (i < at) {
              return whole(f, bucket);
            }
          }
        }
      case "lag", "lead":
        {
          Number by = f.args().size() > 1 ? (Number) arg(f, 1, i) : (Number) 1;
          if (by == null) {
            return null;
          }
          long to = f.name().equals("lag") ? i - by.longValue() : i + by.longValue();
          if (to >= 0 && to < n) {
            return arg(f, 0, (int) to);
          }
          return f.args().size() > 2 ? arg(f, 2, i) : null;
        }
      default:
        return overFrame(f, i);
    }
  }

  private static Object whole(WindowFunction f, long v) {
    return f.type().equals(DataType.INT32) ? (Object) (int) v : (Object) v;
  }

  private @Nullable Object overFrame(WindowFunction f, int i) {
    Frame frame = f.frame();
    if (frame == null) {
      frame = order.isEmpty() ? Frame.WHOLE_PARTITION : Frame.TO_CURRENT_PEERS;
    }
    List<Integer> in = new ArrayList<>();
    for (int j = 0; j < partition.size(); j++) {
      if (reaches(frame, frame.start(), i, j, false) && reaches(frame, frame.end(), i, j, true)) {
        in.add(j);
      }
    }
    if (f.name().equals("count") && f.args().isEmpty()) {
      return whole(f, in.size());
    }
    List<@Nullable Object> all = new ArrayList<>();
    in.forEach(j -> all.add(arg(f, 0, j)));
    List<Object> values = all.stream().filter(Objects::nonNull).collect(Collectors.toList());
    switch (f.name()) {
      case "first-value":
        return all.isEmpty() ? null : all.get(0);
      case "last-value":
        return all.isEmpty() ? null : all.get(all.size() - 1);
      case "nth-value":
        {
          Number nth = (Number) arg(f, 1, i);
          return nth == null || nth.intValue() > all.size() ? null : all.get(nth.intValue() - 1);
        }
      case "count":
        return whole(f, values.size());
      case "collect":
        return all.isEmpty()
            ? null
            : all.stream().map(NaiveWindow::json).collect(Collectors.joining(",", "[", "]"));
      default:
        return values.isEmpty() ? null : aggregate(f, values);
    }
  }

  private static String json(@Nullable Object v) {
    return v == null || v instanceof Number || v instanceof Boolean
        ? String.valueOf(v)
        : "\"" + v.toString().replace("\u0000", "\\u0000") + "\"";
  }

  private static @Nullable Object aggregate(WindowFunction f, List<Object> values) {
    DataType type = f.args().get(0).type();
    Comparator<Object> comparator =
        (a, b) -> {
          Column c = TestBatches.columnOf(type, a, b);
          return Ordering.of(type).compare(c, 0, c, 1);
        };
    switch (f.name()) {
      case "any":
        return values.get(0);
      case "min":
        return values.stream().min(comparator).orElseThrow();
      case "max":
        return values.stream().max(comparator).orElseThrow();
      case "bool-and":
        return values.stream().allMatch(v -> (Boolean) v);
      case "bool-or":
        return values.stream().anyMatch(v -> (Boolean) v);
      case "sum":
        if (type.equals(DataType.FLOAT64)) {
          return values.stream().mapToDouble(v -> (Double) v).reduce(0, Double::sum);
        }
        return type.isDecimal() ? exact(values) : (Object) exact(values).longValueExact();
      case "avg":
        if (type.equals(DataType.FLOAT64)) {
          return values.stream().mapToDouble(v -> (Double) v).reduce(0, Double::sum)
              / values.size();
        }
        return exact(values)
            .divide(BigDecimal.valueOf(values.size()), new MathContext(80))
            .doubleValue();
      default:
        break;
    }
    boolean population = f.name().endsWith("-pop");
    double[] v = values.stream().mapToDouble(x -> ((Number) x).doubleValue()).toArray();
    if (v.length < (population ? 1 : 2)) {
      return null;
    }
    double mean = Arrays.stream(v).sum() / v.length;
    double squares = Arrays.stream(v).map(x -> (x - mean) * (x - mean)).sum();
    double variance = squares / (population ? v.length : v.length - 1);
    return f.name().startsWith("stddev") ? Math.sqrt(variance) : variance;
  }

  private static BigDecimal exact(List<Object> values) {
    return values.stream()
        .map(v -> new BigDecimal(v.toString()))
        .reduce(BigDecimal::add)
        .orElseThrow();
  }

  /** Is row j on the right side of this end of row i's frame? */
  private boolean reaches(Frame frame, Bound bound, int i, int j, boolean isEnd) {
    int side = isEnd ? -1 : 1;
    switch (bound.kind()) {
      case UNBOUNDED_PRECEDING:
        return !isEnd;
      case UNBOUNDED_FOLLOWING:
        return isEnd;
      case CURRENT_ROW:
        return frame.mode() == Frame.Mode.ROWS
            ? side * (j - i) >= 0
            : side * compare(partition.get(j), partition.get(i)) >= 0;
      default:
        break;
    }
    boolean preceding = bound.kind() == Bound.Kind.PRECEDING;
    if (frame.mode() == Frame.Mode.ROWS) {
      long n = Math.min(1L << 40, (Long) Objects.requireNonNull(bound.offset()));
      long edge = preceding ? i - n : i + n;
      return isEnd ? j <= edge : j >= edge;
    }
    SortKey key = order.get(0);
    Object mine = orderColumns[0].value(partition.get(i));
    Object other = orderColumns[0].value(partition.get(j));
    if (mine == null || other == null) {
      return side * compare(partition.get(j), partition.get(i)) >= 0
          && (mine == null || other == null && !isEnd != key.nullsFirst() || other != null);
    }
    boolean minus = preceding != key.descending();
    int c = compareToLimit(other, mine, Objects.requireNonNull(bound.offset()), minus);
    return side * (key.descending() ? -c : c) >= 0;
  }

  private static int compareToLimit(Object other, Object mine, Object offset, boolean minus) {
    int sign = minus ? -1 : 1;
    if (mine instanceof Double d) {
      double limit = Double.isFinite(d) ? d + sign * ((Number) offset).doubleValue() : d;
      double o = (Double) other;
      return Double.compare(o + 0.0, limit + 0.0);
    }
    if (mine instanceof LocalDate d && offset instanceof Long days) {
      return ((LocalDate) other).compareTo(d.plusDays(sign * days));
    }
    if (offset instanceof Interval v && (mine instanceof LocalTime || mine instanceof Interval)) {
      BigInteger limit = length(mine).add(length(v).multiply(BigInteger.valueOf(sign)));
      return length(other).compareTo(limit);
    }
    if (offset instanceof Interval v) {
      return time(other)
          .compareTo(
              time(mine)
                  .plusMonths((long) sign * v.months())
                  .plusDays((long) sign * v.days())
                  .plusNanos(sign * v.micros() * 1000));
    }
    BigDecimal limit = new BigDecimal(mine.toString());
    BigDecimal by = new BigDecimal(offset.toString());
    return new BigDecimal(other.toString()).compareTo(minus ? limit.subtract(by) : limit.add(by));
  }

  /** In microseconds. */
  private static BigInteger length(Object v) {
    if (v instanceof LocalTime t) {
      return BigInteger.valueOf(t.toNanoOfDay() / 1000);
    }
    Interval i = (Interval) v;
    return BigInteger.valueOf(i.months() * 30L + i.days())
        .multiply(BigInteger.valueOf(86_400_000_000L))
        .add(BigInteger.valueOf(i.micros()));
  }

  private static LocalDateTime time(Object v) {
    if (v instanceof LocalDate d) {
      return d.atStartOfDay();
    }
    return v instanceof Instant i ? LocalDateTime.ofInstant(i, ZoneOffset.UTC) : (LocalDateTime) v;
  }
}
