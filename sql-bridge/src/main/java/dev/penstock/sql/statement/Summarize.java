package dev.penstock.sql.statement;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Kind;
import dev.penstock.compiler.FunctionRegistry;
import dev.penstock.compiler.Result;
import dev.penstock.sql.TypeNames;
import dev.penstock.sql.text.Token;
import dev.penstock.sql.translate.Form;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code SUMMARIZE t}, {@code SUMMARIZE q}: a row for each column, out of one aggregation. Values
 * are texts: those of one column of the answer come from columns of many types.
 */
record Summarize(List<Token> query) implements Command {
  private static final List<String> NAMES =
      List.of(
          "column_name",
          "column_type",
          "min",
          "max",
          "approx_unique",
          "avg",
          "std",
          "q25",
          "q50",
          "q75",
          "count",
          "null_percentage");
  private static final DataType PERCENT = DataType.decimal(9, 2);

  static Summarize read(TokenReader r) {
    r.take();
    return new Summarize(Describe.queryOf(r));
  }

  @Override
  public Result run(Work work) {
    Object plan = work.plan(query);
    List<Field> fields = work.prepare(plan).schema().fields();
    List<String> known =
        FunctionRegistry.entries().stream()
            .filter(e -> e.kind() == FunctionRegistry.Kind.AGGREGATE)
            .map(FunctionRegistry.Entry::name)
            .toList();
    List<Object> items = new ArrayList<>();
    items.add(Form.item("$count", Form.call("count")));
    for (int i = 0; i < fields.size(); i++) {
      List<@Nullable Object> calls = calls(fields.get(i), known);
      for (int k = 0; k < calls.size(); k++) {
        if (calls.get(k) != null) {
          items.add(Form.item("$" + i + "_" + k, calls.get(k)));
        }
      }
    }
    try (Result result = work.start(Form.call("group+", Form.vec(), Form.vec(items), plan))) {
      @Nullable Object[] row = result.rows().get(0);
      List<List<@Nullable Object>> out = new ArrayList<>();
      int at = 1;
      for (Field f : fields) {
        List<@Nullable Object> calls = calls(f, known);
        @Nullable Object[] values = new @Nullable Object[calls.size()];
        for (int k = 0; k < values.length; k++) {
          values[k] = calls.get(k) == null ? null : row[at++];
        }
        out.add(line(f, ((Number) java.util.Objects.requireNonNull(row[0])).longValue(), values));
      }
      List<DataType> types = new ArrayList<>();
      for (String name : NAMES) {
        types.add(
            name.equals("count") || name.equals("approx_unique")
                ? DataType.INT64
                : name.equals("null_percentage") ? PERCENT : DataType.VARCHAR);
      }
      return work.rows(NAMES, types, out);
    }
  }

  /** Non-null values, min, max, distinct values, avg, std, quartiles; null: not of this type. */
  private static List<@Nullable Object> calls(Field f, List<String> known) {
    Object x = Form.sym(f.name());
    boolean number = f.type().isNumeric();
    boolean ordered = f.type().kind() != Kind.ANY && f.type().kind() != Kind.JSON;
    boolean quartiles = number && known.contains("percentile-cont");
    List<@Nullable Object> out = new ArrayList<>();
    out.add(Form.call("count", x));
    out.add(ordered ? Form.call("min", x) : null);
    out.add(ordered ? Form.call("max", x) : null);
    out.add(
        !ordered
            ? null
            : known.contains("approx-count-distinct")
                ? Form.call("approx-count-distinct", x)
                : Form.call("count", x, Form.options("distinct", true)));
    out.add(number ? Form.call("avg", x) : null);
    out.add(number ? Form.call("stddev", x) : null);
    for (double q : new double[] {0.25, 0.5, 0.75}) {
      out.add(
          quartiles
              ? Form.call("percentile-cont", Form.call("cast", x, Form.key("float64")), q)
              : null);
    }
    return out;
  }

  private static List<@Nullable Object> line(Field f, long rows, @Nullable Object[] v) {
    long present = ((Number) java.util.Objects.requireNonNull(v[0])).longValue();
    BigDecimal percent =
        rows == 0
            ? BigDecimal.ZERO.setScale(2)
            : BigDecimal.valueOf(100 * (rows - present))
                .divide(BigDecimal.valueOf(rows), 2, RoundingMode.HALF_UP);
    return Arrays.asList(
        f.name(),
        TypeNames.of(f.type()),
        text(v[1]),
        text(v[2]),
        v[3],
        text(v[4]),
        text(v[5]),
        text(v[6]),
        text(v[7]),
        text(v[8]),
        rows,
        percent);
  }

  private static @Nullable String text(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    return value instanceof byte[] b
        ? java.util.HexFormat.of().formatHex(b).toUpperCase(Locale.ROOT)
        : value instanceof BigDecimal d ? d.toPlainString() : value.toString();
  }
}
