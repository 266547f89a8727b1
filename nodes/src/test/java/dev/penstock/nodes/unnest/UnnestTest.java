package dev.penstock.nodes.unnest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Interval;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.NodeHarness;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.TestBatches;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnnestTest {
  /** The elements of one text as one type. */
  private static List<@Nullable Object> elements(String text, DataType type) {
    QueryContext query =
        new QueryContext(new CancellationToken(), Budget.root("test", 1 << 20), 100);
    Unnest unnest = new Unnest(query, new ColumnExpr(0, DataType.JSON), type, false, false);
    List<Batch> in =
        new ArrayList<>(List.of(Batch.of(1, TestBatches.columnOf(DataType.JSON, text))));
    List<Batch> out = new ArrayList<>();
    Inlet<Batch> inlet =
        new Inlet<>() {
          @Override
          public @Nullable Batch poll() {
            return in.isEmpty() ? null : in.remove(0);
          }

          @Override
          public boolean isDone() {
            return in.isEmpty();
          }
        };
    while (unnest.step(inlet, out::add) != dev.penstock.nodes.Progress.DONE) {}
    unnest.close();
    List<@Nullable Object> elements = new ArrayList<>();
    TestBatches.rows(out).forEach(row -> elements.add(row.get(1)));
    return elements;
  }

  @Test
  void elementsAreCast() {
    assertEquals(
        Arrays.asList(
            1L, null, -20L, 999_999_999_999_999_999L, Long.MAX_VALUE, Long.MIN_VALUE, 12L),
        elements(
            " [1, null ,-20,999999999999999999,9223372036854775807,-9223372036854775808,\"12\"] ",
            DataType.INT64));
    assertEquals(
        List.of(0, Integer.MAX_VALUE, Integer.MIN_VALUE),
        elements("[0,2147483647,-2147483648]", DataType.INT32));
    assertEquals(
        List.of(1.5, -2e10, 3.0, Double.NaN, 0.1),
        elements("[1.5,-2E+10,3,\"NaN\",0.1]", DataType.FLOAT64));
    assertEquals(
        List.of(new BigDecimal("1.50"), new BigDecimal("-200.00"), new BigDecimal("0.13")),
        elements("[1.5,-2e2,\"0.125\"]", DataType.decimal(15, 2)));
    assertEquals(
        List.of(new BigDecimal("12345678901234567890123456789012.345678")),
        elements("[12345678901234567890123456789012.345678]", DataType.decimal(38, 6)));
    assertEquals(
        Arrays.asList(true, false, null, true),
        elements("[true,false,null,\"true\"]", DataType.BOOLEAN));
    assertEquals(
        Arrays.asList("a", "", "1.50", "true", null, "[1, 2]", "{\"x\": \"]\"}", "null"),
        elements("[\"a\",\"\",1.50,true,null,[1, 2],{\"x\": \"]\"},\"null\"]", DataType.VARCHAR));
    assertEquals(
        Arrays.asList("\"a\\n\"", "1.50", null, "[ 1 ,[]]", "{}"),
        elements("[\"a\\n\",1.50,null,[ 1 ,[]],{}]", DataType.JSON));
    assertEquals(
        List.of("\"\\/\b\f\n\r\t", "\u00e9\u20ac", "\ud834\udd1e clef \ud834\udd1e", "日本"),
        elements(
            "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"\\u00e9\\u20AC\",\"\\ud834\\udd1e clef \ud834\udd1e\",\"日本\"]",
            DataType.VARCHAR));
    assertEquals(List.of(LocalDate.of(1969, 12, 31)), elements("[\"1969-12-31\"]", DataType.DATE));
    assertEquals(List.of(LocalTime.of(1, 2, 3)), elements("[\"01:02:03\"]", DataType.TIME));
    assertEquals(
        List.of(LocalDateTime.of(2000, 1, 2, 3, 4, 5)),
        elements("[\"2000-01-02T03:04:05\"]", DataType.TIMESTAMP));
    assertEquals(
        List.of(Instant.parse("2000-01-02T03:04:05Z")),
        elements("[\"2000-01-02T03:04:05Z\"]", DataType.TIMESTAMPTZ));
    assertEquals(List.of(new Interval(14, 3, 0)), elements("[\"P1Y2M3D\"]", DataType.INTERVAL));
    UUID uuid = new UUID(1, 2);
    assertEquals(List.of(uuid), elements("[\"" + uuid + "\"]", DataType.UUID));
    assertEquals(List.of("#hex cafe"), elements("[\"cafe\"]", DataType.VARBINARY));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[\"1.5x\"]|int64|1.5x",
        "[2147483648]|int32|2147483648",
        "[9223372036854775808]|int64|9223372036854775808",
        "[true]|int64|true",
        "[[1]]|int64|[1]",
        "[2]|boolean|2",
        "[1e999]|float64|1e999",
        "[1,\"x\"]|float64|x",
        "[\"1994-02-30\"]|date|1994-02-30",
        "[123456]|decimal(5,2)|123456",
      })
  void whatDoesNotFitIsNamed(String text, String type, String value) {
    PenstockException e =
        assertThrows(PenstockException.class, () -> elements(text, DataType.parse(type)));
    assertEquals(
        "unnest+: the element '"
            + value
            + "' does not fit "
            + type
            + "; unnest as varchar, and use try-cast",
        e.getMessage());
    assertEquals(PenstockException.Category.INCORRECT, e.category());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1}|'['|1",
        "``|'['|1",
        "[|a value|2",
        "[1|','|3",
        "[1,]|a value|4",
        "[1 2]|','|4",
        "[1] x|the end|5",
        "[01]|no digit after a leading 0|3",
        "[1.]|a value|4",
        "[-]|a value|3",
        "[1e]|a value|4",
        "[tru]|a value|2",
        "[nullx]|','|6",
        "[\"a]|'\"'|5",
        "[\"\\x\"]|an escape such as \\n|3",
        "[\"\\u12g4\"]|four hex digits after \\u|3",
        "[{1:2}]|a name|3",
        "[{\"a\" 2}]|':'|7",
        "nulL|a value|1",
        "null x|the end|6",
        "[NaN]|a value|2",
      })
  void whatIsNotJsonIsNamed(String text, String expected, int at) {
    PenstockException e =
        assertThrows(PenstockException.class, () -> elements(text, DataType.VARCHAR));
    assertEquals(
        "unnest+ takes JSON array text, got '"
            + text
            + "': expected "
            + expected
            + " at byte "
            + at,
        e.getMessage());
  }

  @Test
  void controlCharactersDepthAndHalfPairsAreErrors() {
    assertEquals(
        "unnest+ takes JSON array text, got '[\"\t\"]': expected no control character in a string at byte 3",
        assertThrows(PenstockException.class, () -> elements("[\"\t\"]", DataType.VARCHAR))
            .getMessage());
    String deep = "[".repeat(600) + "]".repeat(600);
    assertEquals(
        "unnest+ takes JSON array text, got '"
            + "[".repeat(30)
            + "...': expected at most 512 levels at byte 515",
        assertThrows(PenstockException.class, () -> elements(deep, DataType.VARCHAR)).getMessage());
    assertEquals(
        "unnest+: the string \"\\udd1e\" has half of a surrogate pair, \\udd1e",
        assertThrows(PenstockException.class, () -> elements("[\"\\udd1e\"]", DataType.VARCHAR))
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 200, 2047, 2048, 2049})
  void rowsAreRepeated(int rows) {
    Random random = new Random(rows);
    System.out.println("seed " + rows);
    TestBatches data = new TestBatches(rows);
    DataType[] types = {DataType.VARCHAR, DataType.JSON, DataType.decimal(38, 6)};
    Batch keys = data.batch(rows, TestBatches.Shape.PLAIN.withNulls(0.1), types[0], types[2]);
    @Nullable Object[] texts = new Object[rows];
    List<List<@Nullable Object>> all = new ArrayList<>();
    List<List<@Nullable Object>> inner = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      int n = random.nextInt(20) == 0 ? 150 : random.nextInt(4);
      List<@Nullable Long> values = new ArrayList<>();
      for (int k = 0; k < n; k++) {
        values.add(random.nextInt(5) == 0 ? null : random.nextLong());
      }
      texts[i] =
          n > 0 || random.nextBoolean() ? values.toString() : random.nextBoolean() ? "null" : null;
      @Nullable Object[] row = {
        keys.column(0).value(i), texts[i], keys.column(1).value(i), null, null
      };
      if (n == 0) {
        all.add(TestBatches.row(row));
      }
      for (int k = 0; k < n; k++) {
        @Nullable Object[] with = row.clone();
        with[3] = values.get(k);
        with[4] = k + 1L;
        all.add(TestBatches.row(with));
        inner.add(TestBatches.row(with).subList(0, 4));
      }
    }
    Batch batch =
        Batch.of(rows, keys.column(0), TestBatches.columnOf(DataType.JSON, texts), keys.column(1));
    ColumnExpr expr = new ColumnExpr(1, DataType.JSON);
    NodeHarness.step(query -> new Unnest(query, expr, DataType.INT64, true, true))
        .input(batch)
        .types(types[0], types[1], types[2], DataType.INT64, DataType.INT64)
        .ordered()
        .expect(all);
    NodeHarness.step(query -> new Unnest(query, expr, DataType.INT64, false, false))
        .input(batch)
        .types(types[0], types[1], types[2], DataType.INT64)
        .ordered()
        .expect(inner);
  }
}
