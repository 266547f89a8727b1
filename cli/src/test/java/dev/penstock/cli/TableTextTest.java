package dev.penstock.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class TableTextTest {
  private static final Schema SCHEMA =
      Schema.of(new Field("Name", DataType.VARCHAR, true), new Field("N", DataType.INT64, true));

  @Test
  void wideCharactersTakeTwoColumnsAndMarksNone() {
    assertEquals(6, TableText.displayWidth("日本語"));
    assertEquals(1, TableText.displayWidth("e\u0301"));
    assertEquals(
        """
        Name   |  N
        -------+---
        日本語 |  1
        Zoë    | 20
        """,
        TableText.table(
            SCHEMA, List.of(new String[] {"日本語", "1"}, new String[] {"Zoë", "20"}), 80));
  }

  @Test
  void longCellsAreShortenedToTheTerminal() {
    assertEquals(
        """
        Name         |   N
        -------------+----
        a very long… | 123
        日本語日本…  |   4
        """,
        TableText.table(
            SCHEMA,
            List.of(new String[] {"a very long name", "123"}, new String[] {"日本語日本語日本語", "4"}),
            18));
  }

  @Test
  void cellsAreOneLine() {
    assertEquals("NULL", TableText.cell(null, 80));
    assertEquals("a⏎b c·d", TableText.cell("a\nb\tc\033d", 80));
    assertEquals("00ff", TableText.cell(new byte[] {0, -1}, 80));
    assertEquals("1000000", TableText.cell(new BigDecimal("1E6"), 80));
    assertEquals("xxxxx", TableText.cell("x".repeat(1_000_000), 4));
  }

  @Property(tries = 200)
  void noLineIsWiderThanTheTerminal(
      @ForAll String a, @ForAll String b, @ForAll @IntRange(min = 20, max = 60) int columns) {
    String table =
        TableText.table(
            SCHEMA,
            List.of(
                new String[] {TableText.cell(a, columns), "1"},
                new String[] {TableText.cell(b, columns), "22"}),
            columns);
    List<String> lines = List.of(table.split("\n", -1));
    assertEquals(5, lines.size());
    for (String line : lines) {
      assertTrue(TableText.displayWidth(line) <= columns, line);
    }
  }
}
