package dev.penstock.sources.tpch;

import dev.penstock.batch.Schema;
import dev.penstock.nodes.ColumnStatistics;
import dev.penstock.nodes.Statistics;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Figures of the tables as the specification of TPC-H gives them (section 4.2); where it gives
 * none, as they were counted at scale factor 1. Immutable.
 */
final class TpchStatistics implements Statistics {
  private final String table;
  private final TpchScale scale;
  private final Schema schema;

  TpchStatistics(String table, double factor, Schema schema) {
    this.table = table;
    this.scale = new TpchScale(factor);
    this.schema = schema;
  }

  @Override
  public long rows() {
    return switch (table) {
      case "region" -> 5;
      case "nation" -> 25;
      case "supplier" -> scale.suppliers();
      case "customer" -> scale.customers();
      case "part" -> scale.parts();
      case "partsupp" -> 4 * scale.parts();
      case "orders" -> scale.orders();
      default -> 4 * scale.orders(); // orders have one to seven lines
    };
  }

  @Override
  public boolean rowsExact() {
    return !table.equals("lineitem");
  }

  @Override
  public List<List<String>> keys() {
    return switch (table) {
      case "region" -> List.of(List.of("r_regionkey"), List.of("r_name"));
      case "nation" -> List.of(List.of("n_nationkey"), List.of("n_name"));
      case "supplier" -> List.of(List.of("s_suppkey"), List.of("s_name"));
      case "customer" -> List.of(List.of("c_custkey"), List.of("c_name"));
      case "part" -> List.of(List.of("p_partkey"));
      case "partsupp" ->
          scale.suppliersOfAPartDiffer() ? List.of(List.of("ps_partkey", "ps_suppkey")) : List.of();
      case "orders" -> List.of(List.of("o_orderkey"));
      default -> List.of(List.of("l_orderkey", "l_linenumber"));
    };
  }

  @Override
  public ColumnStatistics column(int ordinal) {
    String name = schema.field(ordinal).name();
    return switch (name) {
      case "r_regionkey", "n_regionkey" -> exact(5, 0L, 4L);
      case "n_nationkey", "s_nationkey", "c_nationkey" -> exact(25, 0L, 24L);
      case "r_name" -> exact(5, "AFRICA", "MIDDLE EAST");
      case "n_name" -> exact(25, "ALGERIA", "VIETNAM");
      case "s_suppkey", "ps_suppkey", "l_suppkey" ->
          exact(scale.suppliers(), 1L, scale.suppliers());
      case "c_custkey" -> exact(scale.customers(), 1L, scale.customers());
      // every third customer has no orders
      case "o_custkey" -> exact(scale.customers() * 2 / 3, 1L, scale.customers());
      case "p_partkey", "ps_partkey", "l_partkey" -> exact(scale.parts(), 1L, scale.parts());
      case "o_orderkey", "l_orderkey" -> exact(scale.orders(), 1L, scale.lastOrderKey());
      case "l_linenumber" -> exact(7, 1, 7);
      case "p_size" -> exact(50, 1, 50);
      case "ps_availqty" -> exact(9999, 1, 9999);
      case "o_shippriority" -> exact(1, 0, 0);
      case "l_quantity" -> money(50, "1.00", "50.00");
      case "l_discount" -> money(11, "0.00", "0.10");
      case "l_tax" -> money(9, "0.00", "0.08");
      case "s_acctbal", "c_acctbal" -> money(1_099_999, "-999.99", "9999.99");
      case "ps_supplycost" -> money(99_901, "1.00", "1000.00");
      case "p_retailprice" -> money(20_899, "900.00", "2098.99");
      case "l_extendedprice" -> money(933_900, "900.00", "104949.50");
      case "o_totalprice" -> seen(rows(), new BigDecimal("857.71"), new BigDecimal("555285.16"));
      case "o_orderdate" -> days(2406, "1992-01-01", "1998-08-02");
      case "l_shipdate" -> days(2526, "1992-01-02", "1998-12-01");
      case "l_commitdate" -> days(2466, "1992-01-31", "1998-10-31");
      case "l_receiptdate" -> days(2554, "1992-01-03", "1998-12-31");
      case "c_mktsegment" -> exact(5, "AUTOMOBILE", "MACHINERY");
      case "p_mfgr" -> exact(5, "Manufacturer#1", "Manufacturer#5");
      case "p_brand" -> exact(25, "Brand#11", "Brand#55");
      case "p_type" -> exact(150, "ECONOMY ANODIZED BRASS", "STANDARD POLISHED TIN");
      case "p_container" -> exact(40, "JUMBO BAG", "WRAP PKG");
      case "o_orderstatus" -> exact(3, "F", "P");
      case "o_orderpriority" -> exact(5, "1-URGENT", "5-LOW");
      case "o_clerk" -> seen(Math.max(1, scale.orders() / 1500), null, null);
      case "l_returnflag" -> exact(3, "A", "R");
      case "l_linestatus" -> exact(2, "F", "O");
      case "l_shipinstruct" -> exact(4, "COLLECT COD", "TAKE BACK RETURN");
      case "l_shipmode" -> exact(7, "AIR", "TRUCK");
      case "p_comment", "l_comment" -> seen(rows() * 2 / 3, null, null);
      default -> seen(rows(), null, null); // names, addresses, phones, comments
    };
  }

  private ColumnStatistics exact(long distinct, Object min, Object max) {
    return new ColumnStatistics(Math.min(distinct, rows()), min, max, true, 0);
  }

  private ColumnStatistics money(long distinct, String min, String max) {
    return exact(distinct, new BigDecimal(min), new BigDecimal(max));
  }

  private ColumnStatistics days(long distinct, String min, String max) {
    return exact(distinct, LocalDate.parse(min), LocalDate.parse(max));
  }

  private ColumnStatistics seen(long distinct, @Nullable Object min, @Nullable Object max) {
    return new ColumnStatistics(Math.min(distinct, rows()), min, max, false, 0);
  }
}
