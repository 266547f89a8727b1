package dev.penstock.sources.tpch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Source.Request;
import dev.penstock.sources.Scans;
import dev.penstock.sources.SourceContract;
import dev.penstock.sources.StatisticsCheck;
import io.trino.tpch.LineItem;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TpchSourceTest extends SourceContract {
  @Override
  protected Source source() {
    return TpchSource.of("tpch/customer", Map.of("sf", 0.2));
  }

  @Override
  protected @Nullable Source damaged() {
    return null;
  }

  @Test
  void lineitemHasTheStandardColumns() {
    Source s = TpchSource.of("lineitem", Map.of("sf", 0.001));
    assertEquals(
        "l_orderkey int64, l_partkey int64, l_suppkey int64, l_linenumber int32, l_quantity"
            + " decimal(15,2), l_extendedprice decimal(15,2), l_discount decimal(15,2), l_tax"
            + " decimal(15,2), l_returnflag varchar, l_linestatus varchar, l_shipdate date,"
            + " l_commitdate date, l_receiptdate date, l_shipinstruct varchar, l_shipmode varchar,"
            + " l_comment varchar",
        text(s.schema()));
    List<@Nullable Object> first = Scans.rows(s).get(0);
    assertEquals(1L, first.get(0));
    assertEquals(1, first.get(3));
    assertEquals(new BigDecimal("17.00"), first.get(4));
    assertEquals(new BigDecimal("0.04"), first.get(6));
    assertEquals(LocalDate.of(1996, 3, 13), first.get(10));
  }

  @Test
  void everyTableEqualsTheGeneratorsOwnText() {
    for (String name : TpchSource.tables()) {
      Source s = TpchSource.of(name, Map.of("sf", 0.002));
      List<String> expected = new ArrayList<>();
      for (TpchEntity e : TpchTable.getTable(name).createGenerator(0.002, 1, 1)) {
        expected.add(e.toLine());
      }
      List<String> got = new ArrayList<>();
      for (List<@Nullable Object> row : Scans.rows(s)) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < row.size(); c++) {
          Object v = row.get(c);
          String column = s.schema().field(c).name();
          boolean whole = column.equals("l_quantity");
          line.append(whole && v instanceof BigDecimal d ? d.toBigInteger() : v).append('|');
        }
        got.add(line.toString());
      }
      assertEquals(expected, got, name);
      if (s.rowCount() >= 0) {
        assertEquals(expected.size(), s.rowCount(), name);
      }
    }
  }

  @Test
  void theFiguresOfTheSpecificationHold() {
    for (double sf : new double[] {0.001, 0.003, 0.01}) {
      for (String name : TpchSource.tables()) {
        Source s = TpchSource.of(name, Map.of("sf", sf));
        List<List<@Nullable Object>> rows = Scans.rows(s);
        StatisticsCheck.check(s, rows);
        long estimate = s.statistics().rows();
        assertTrue(Math.abs(estimate - rows.size()) <= rows.size() * 0.03, name + " " + estimate);
      }
    }
  }

  @Test
  void theKeyOfPartsuppIsOnlyClaimedWhereItHolds() {
    int claimed = 0;
    for (int suppliers = 1; suppliers < 60; suppliers++) {
      Source s = TpchSource.of("partsupp", Map.of("sf", (suppliers + 0.5) / 10_000));
      StatisticsCheck.check(s, Scans.rows(s, new Request(new int[] {0, 1, 2, 3, 4}, null, -1)));
      claimed += s.statistics().keys().size();
    }
    assertTrue(claimed > 0 && claimed < 59, claimed + " claimed");
  }

  @Test
  void partsJoinWithoutAGap() {
    Source s = TpchSource.of("lineitem", Map.of("sf", 0.03));
    List<Long> expected = new ArrayList<>();
    for (LineItem e : TpchTable.LINE_ITEM.createGenerator(0.03, 1, 1)) {
      expected.add(e.getOrderKey() * 1000 + e.getExtendedPriceInCents());
    }
    List<Long> got = new ArrayList<>();
    for (List<@Nullable Object> row : Scans.rows(s, new Request(new int[] {0, 5}, null, -1))) {
      got.add(
          (Long) Objects.requireNonNull(row.get(0)) * 1000
              + ((BigDecimal) Objects.requireNonNull(row.get(1))).unscaledValue().longValue());
    }
    assertEquals(expected, got);
  }

  @Test
  void anUnknownTableNamesTheNearest() {
    PenstockException e =
        assertThrows(PenstockException.class, () -> TpchSource.of("tpch/lineitems", Map.of()));
    assertEquals(
        "tpch/lineitems: no such table; did you mean 'lineitem'? (known: customer lineitem nation"
            + " orders part partsupp region supplier)",
        e.getMessage());
    e =
        assertThrows(
            PenstockException.class, () -> TpchSource.of("tpch/orders", Map.of("sf", "big")));
    assertEquals("tpch/orders: option :sf: expected a number above 0, got \"big\"", e.getMessage());
  }
}
