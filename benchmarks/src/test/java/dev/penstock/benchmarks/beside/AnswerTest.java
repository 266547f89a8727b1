package dev.penstock.benchmarks.beside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerTest {
  @Test
  void cellsAreTextsOrNull(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("a.csv");
    Files.writeString(file, "a,\"b,\"\"c\"\n1.50,\n");
    assertEquals(
        new Answer(List.of(List.of("a", "b,\"c"), Arrays.asList("1.50", null))), Answer.read(file));
  }

  @Test
  void numbersAreComparedAsNumbers() {
    Answer mine = row(new BigDecimal("1.50"), 2.0, 3L, "x ");
    assertNull(mine.difference(row("1.5", "2.000000001", "3", "x"), 1e-9, true));
  }

  @Test
  void decimalsAreComparedExactly() {
    assertEquals(
        "row 0, column 0: 1.5, not 1.50000000001",
        row(new BigDecimal("1.5")).difference(row("1.50000000001"), 1e-9, true));
    assertNull(row(new BigDecimal("1.5")).difference(row("1.50000000001"), 1e-9, false));
  }

  @Test
  void differencesAreTold() {
    assertEquals(
        "row 0, column 0: 2.0, not 2.00000001", row(2.0).difference(row("2.00000001"), 1e-9, true));
    assertEquals("row 0, column 0: 1, not null", row(1L).difference(row((Object) null), 0, true));
    assertEquals("row 0, column 0: 1, not x", row(1L).difference(row("x"), 0, true));
    assertEquals("1 rows, not 0", row(1L).difference(new Answer(List.of()), 0, true));
    assertEquals("1 columns, not 2", row(1L).difference(row("1", "2"), 0, true));
  }

  @Test
  void equallySortedRowsComeInAnyOrder() {
    Answer mine = rows(row(7L, 2L), row(1L, 5L), row(3L, 5L), row(4L, 9L));
    assertNull(mine.difference(rows(row(7L, 2L), row(3L, 5L), row(1L, 5L), row(4L, 9L)), 0, true));
    assertEquals(
        "row 1, column 0: 1, not 3",
        mine.difference(rows(row(7L, 2L), row(3L, 5L), row(3L, 5L), row(4L, 9L)), 0, true));
    // sorted by nothing that they have in common
    assertEquals(
        "row 2, column 0: 3, not 4",
        mine.difference(rows(row(7L, 2L), row(1L, 5L), row(4L, 9L), row(3L, 5L)), 0, true));
  }

  private static Answer rows(Answer... each) {
    return new Answer(Arrays.stream(each).flatMap(a -> a.rows().stream()).toList());
  }

  private static Answer row(Object... values) {
    return new Answer(List.of(Arrays.asList(values)));
  }
}
