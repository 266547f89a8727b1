package dev.penstock.sources.tpch;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Statistics;
import dev.penstock.sources.text.Nearest;
import dev.penstock.sources.text.Options;
import io.trino.tpch.TpchColumn;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table of TPC-H at a scale factor: {@code (table+ tpch/lineitem [...] {:sf 1})}. Names are the
 * standard's ({@code l_orderkey}); keys are int64, counts and sizes int32, money and quantities
 * decimal(15,2), dates date, texts varchar; nothing is null.
 *
 * <p>The generator keeps a pool of text of some 300 MB for the life of the process, which no budget
 * counts. Immutable.
 */
public final class TpchSource implements Source {
  /** Generated rows (for lineitem: orders) that a morsel aims at. */
  private static final long PART_ROWS = 15_000;

  private final TpchTable<?> table;
  private final double scale;
  private final Schema schema;

  private TpchSource(TpchTable<?> table, double scale) {
    this.table = table;
    this.scale = scale;
    this.schema =
        new Schema(
            table.getColumns().stream()
                .map(c -> new Field(c.getColumnName(), type(c), false))
                .toList());
  }

  /** The names of the tables. */
  public static List<String> tables() {
    return TpchTable.getTables().stream().map(TpchTable::getTableName).sorted().toList();
  }

  /**
   * Opens a table by its name, with or without {@code tpch/}.
   *
   * @param options {@code :sf}, a number above 0; 1 when it is left out
   */
  public static TpchSource of(String name, Map<String, ? extends @Nullable Object> options) {
    String plain = name.startsWith("tpch/") ? name.substring(5) : name;
    TpchTable<?> found = null;
    for (TpchTable<?> t : TpchTable.getTables()) {
      if (t.getTableName().equals(plain)) {
        found = t;
      }
    }
    if (found == null) {
      throw PenstockException.incorrect(
          "unknown-table",
          "tpch/"
              + plain
              + ": no such table"
              + Nearest.hint(plain, tables())
              + " (known: "
              + String.join(" ", tables())
              + ")");
    }
    Options o = new Options("tpch/" + plain, options);
    o.allow(List.of("sf"));
    return new TpchSource(found, o.positive("sf", 1));
  }

  private static DataType type(TpchColumn<?> column) {
    return switch (column.getType().getBase()) {
      case IDENTIFIER -> DataType.INT64;
      case INTEGER -> DataType.INT32;
      case DATE -> DataType.DATE;
      case DOUBLE -> DataType.decimal(15, 2);
      case VARCHAR -> DataType.VARCHAR;
    };
  }

  @Override
  public Schema schema() {
    return schema;
  }

  /** Known for all tables but lineitem. */
  @Override
  public long rowCount() {
    Statistics s = statistics();
    return s.rowsExact() ? s.rows() : -1;
  }

  @Override
  public Statistics statistics() {
    return new TpchStatistics(table.getTableName(), scale, schema);
  }

  /** Items that the generator counts by: parts for partsupp, orders for lineitem. */
  private long generated() {
    TpchScale s = new TpchScale(scale);
    return switch (table.getTableName()) {
      case "customer" -> s.customers();
      case "orders", "lineitem" -> s.orders();
      case "part", "partsupp" -> s.parts();
      case "supplier" -> s.suppliers();
      default -> 0;
    };
  }

  @Override
  public Scan open(Request request, QueryContext query) {
    return open(table, request, query);
  }

  private <E extends TpchEntity> Scan open(
      TpchTable<E> typed, Request request, QueryContext query) {
    int parts = (int) Math.max(1, Math.min(1_000_000, generated() / PART_ROWS));
    return new TpchScan<>(typed, scale, parts, schema, request, query);
  }
}
