package dev.penstock.sources.csv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Source.Decoder;
import dev.penstock.nodes.Source.Request;
import dev.penstock.sources.Scans;
import dev.penstock.sources.SourceContract;
import dev.penstock.sources.text.TextScan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvSourceTest extends SourceContract {
  @TempDir Path folder;

  @Override
  protected Source source() {
    StringBuilder text = new StringBuilder("Id,Name,Score,Born\n");
    for (int i = 0; i < 9000; i++) {
      text.append(i)
          .append(i % 7 == 0 ? ",\"a \"\"b\"\",\nc\"," : ",name" + i + ",")
          .append(i % 5 == 0 ? "" : i * 0.25)
          .append(i % 3 == 0 ? "," : ",1994-01-" + (10 + i % 20))
          .append('\n');
    }
    return csv("contract.csv", text.toString(), Map.of("block-bytes", 20_000));
  }

  @Override
  protected Source damaged() {
    byte[] half = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3};
    return CsvSource.of(write("half.csv.gz", half), Map.of());
  }

  private Path write(String name, byte[] bytes) {
    try {
      return Files.write(folder.resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CsvSource csv(String name, String text, Map<String, ? extends @Nullable Object> options) {
    write(name, text.getBytes(StandardCharsets.UTF_8));
    CsvOptions o = CsvOptions.parse(name, options);
    return new CsvSource(List.of(CsvSource.file(folder.resolve(name), name, o).named(name)), o);
  }

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }

  @Test
  void typesAreGuessed() {
    Source s =
        csv(
            "types.csv",
            """
            b,i,big,f,d,t,tz,c,zip,u,s,n
            true,-1,12345678901234567890,1.5,1994-01-31,1994-01-31 12:30:00.25,1994-01-31T12:30:00+01:00,23:59:59,007,123e4567-e89b-12d3-a456-426614174000,x,
            FALSE,9223372036854775807,1,2,2000-02-29,2000-02-29,2000-02-29T00:00Z,00:00:00.5,1,00000000-0000-0000-0000-000000000000,1,
            """,
            Map.of());
    assertEquals(
        "b boolean, i int64, big decimal(38,0), f float64, d date, t timestamp, tz timestamptz, c time,"
            + " zip varchar, u uuid, s varchar, n varchar",
        text(s.schema()));
    assertEquals(
        List.of(
            row(
                true,
                -1L,
                new BigDecimal("12345678901234567890"),
                1.5,
                LocalDate.of(1994, 1, 31),
                LocalDateTime.of(1994, 1, 31, 12, 30, 0, 250_000_000),
                Instant.parse("1994-01-31T11:30:00Z"),
                LocalTime.of(23, 59, 59),
                "007",
                UUID.fromString("123e4567-e89b-12d3-a456-426614174000"),
                "x",
                null),
            row(
                false,
                Long.MAX_VALUE,
                new BigDecimal("1"),
                2.0,
                LocalDate.of(2000, 2, 29),
                LocalDateTime.of(2000, 2, 29, 0, 0),
                Instant.parse("2000-02-29T00:00:00Z"),
                LocalTime.of(0, 0, 0, 500_000_000),
                "1",
                new UUID(0, 0),
                "1",
                null)),
        Scans.rows(s));
  }

  @Test
  void quotesNewlinesAndEmptyFields() {
    Source s =
        csv("q.csv", "A,B\r\n\"x, \"\"y\"\"\nz\",1\r\n\"\",\r\n,\"2\"\r\n5\" pipe,3", Map.of());
    assertEquals(
        List.of(row("x, \"y\"\nz", 1L), row("", null), row(null, 2L), row("5\" pipe", 3L)),
        Scans.rows(s));
  }

  @Test
  void aBadValueNamesTheLineTheColumnAndWhatToDo() {
    StringBuilder text = new StringBuilder("Name,Zip\n");
    for (int i = 0; i < 30; i++) {
      text.append("\"two\nlines\",").append(10000 + i).append('\n');
    }
    text.append("Ann,K1A 0B1\n");
    Source s = csv("people.csv", text.toString(), Map.of("sample-rows", 10));
    PenstockException e = assertThrows(PenstockException.class, () -> Scans.rows(s));
    assertEquals(
        "people.csv:62: column Zip: expected int64, got 'K1A 0B1'; give :types {Zip :varchar} or"
            + " :bad-rows :skip",
        e.getMessage());
    assertEquals("bad-value", e.code());
    Source fixed = csv("people.csv", text.toString(), Map.of("types", Map.of("Zip", ":varchar")));
    assertEquals(31, Scans.rows(fixed).size());
  }

  @Test
  void badRowsAreSkippedAndCountedWhateverColumnsAreAsked() {
    String text = "A,B\n1,2\nx,3\n4\n5,y\n6,7,8\n9,10\n\"1\"1,3\n";
    for (int[] columns : List.of(new int[] {0, 1}, new int[] {1}, new int[] {})) {
      CsvSource s =
          csv(
              "skip.csv",
              text,
              Map.of(
                  "bad-rows",
                  ":skip",
                  "types",
                  Map.of("A", "int64", "B", "int64"),
                  "header",
                  true));
      QueryContext query = Scans.query();
      long rows = 0;
      try (TextScan<?> scan = s.open(new Request(columns, null, -1), query);
          Decoder d = scan.decoder()) {
        for (var m = scan.next(); m != null; m = scan.next()) {
          d.begin(m);
          for (Batch b = d.next(); b != null; b = d.next()) {
            rows += b.count();
          }
        }
        assertEquals(2, rows);
        assertEquals(5, scan.skippedRows());
      }
    }
  }

  @Test
  void aRaggedRowIsAnError() {
    Source s = csv("r.csv", "A,B\n1,2\n3\n", Map.of());
    PenstockException e = assertThrows(PenstockException.class, () -> Scans.rows(s));
    assertEquals(
        "r.csv:3: expected 2 fields, got 1 in '3'; correct the file or give :bad-rows :skip",
        e.getMessage());
  }

  @Test
  void anUnknownOptionNamesTheNearest() {
    PenstockException e =
        assertThrows(
            PenstockException.class, () -> csv("o.csv", "A\n1\n", Map.of("delimeter", ";")));
    assertEquals(
        "o.csv: unknown option :delimeter; did you mean 'delimiter'? (known: :delimiter :quote :escape"
            + " :header :null :types :columns :skip :comment :bad-rows :sample-rows :encoding"
            + " :compression :block-bytes :format)",
        e.getMessage());
  }
}
