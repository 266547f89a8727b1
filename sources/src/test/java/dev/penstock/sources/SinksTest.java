package dev.penstock.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sources.csv.CsvSink;
import dev.penstock.sources.csv.CsvSource;
import dev.penstock.sources.json.JsonLinesSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinksTest {
  private static final Schema SCHEMA =
      Schema.of(
          new Field("b", DataType.BOOLEAN),
          new Field("i", DataType.INT32),
          new Field("l", DataType.INT64),
          new Field("f", DataType.FLOAT64),
          new Field("d", DataType.decimal(10, 3)),
          new Field("w", DataType.decimal(38, 2)),
          new Field("a \"text\"", DataType.VARCHAR),
          new Field("x", DataType.VARBINARY),
          new Field("day", DataType.DATE),
          new Field("t", DataType.TIME),
          new Field("ts", DataType.TIMESTAMP),
          new Field("tz", DataType.TIMESTAMPTZ),
          new Field("u", DataType.UUID),
          new Field("j", DataType.JSON));

  private static final List<List<@Nullable Object>> ROWS =
      List.of(
          Arrays.asList(
              true,
              Integer.MIN_VALUE,
              Long.MIN_VALUE,
              -0.1,
              new BigDecimal("-0.050"),
              new BigDecimal("123456789012345678901234567890.12"),
              "a,\"b\"\n\tc\u0001é",
              new byte[] {(byte) 0xca, (byte) 0xfe},
              LocalDate.of(1, 2, 3),
              LocalTime.of(1, 2, 3, 40_000_000),
              LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_000),
              Instant.parse("2024-02-29T00:00:00Z"),
              UUID.fromString("123e4567-e89b-12d3-a456-426614174000"),
              "{\"k\":\n[1]}"),
          Arrays.asList(
              false,
              7,
              9L,
              1e300,
              new BigDecimal("9999999.999"),
              new BigDecimal("0.00"),
              "",
              new byte[0],
              LocalDate.of(9999, 12, 31),
              LocalTime.MIDNIGHT,
              LocalDateTime.of(1970, 1, 1, 0, 0),
              Instant.parse("1969-12-31T23:59:59.5Z"),
              new UUID(0, 0),
              "null"),
          Arrays.asList(new @Nullable Object[14]));

  @TempDir Path folder;

  private static Batch batch() {
    Column[] columns = new Column[SCHEMA.size()];
    for (int c = 0; c < columns.length; c++) {
      ColumnBuilder builder = ColumnBuilder.of(SCHEMA.type(c), 4);
      builder.appendNull(); // not selected
      for (List<@Nullable Object> row : ROWS) {
        builder.appendValue(row.get(c));
      }
      columns[c] = builder.build();
    }
    return Batch.of(4, columns).withSelection(new int[] {1, 2, 3}, 3);
  }

  @Test
  void csvText() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CsvSink sink = CsvSink.to(out, SCHEMA)) {
      sink.write(batch());
      sink.finish();
    }
    assertEquals(
        """
        b,i,l,f,d,w,"a ""text""\",x,day,t,ts,tz,u,j
        true,-2147483648,-9223372036854775808,-0.1,-0.050,123456789012345678901234567890.12,"a,""b""
        \tc\u0001é",cafe,0001-02-03,01:02:03.04,1969-12-31T23:59:59.999999,2024-02-29T00:00:00Z,123e4567-e89b-12d3-a456-426614174000,"{""k"":
        [1]}"
        false,7,9,1.0E300,9999999.999,0.00,"","",9999-12-31,00:00:00,1970-01-01T00:00:00,1969-12-31T23:59:59.5Z,00000000-0000-0000-0000-000000000000,null
        ,,,,,,,,,,,,,
        """,
        out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void jsonText() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonLinesSink sink = JsonLinesSink.to(out, SCHEMA)) {
      sink.write(batch());
      sink.finish();
    }
    String[] lines = out.toString(StandardCharsets.UTF_8).split("\n");
    assertEquals(3, lines.length);
    assertEquals(
        "{\"b\":true,\"i\":-2147483648,\"l\":-9223372036854775808,\"f\":-0.1,\"d\":-0.050,"
            + "\"w\":123456789012345678901234567890.12,\"a \\\"text\\\"\":"
            + "\"a,\\\"b\\\"\\n\\tc\\u0001é\",\"x\":\"cafe\",\"day\":\"0001-02-03\","
            + "\"t\":\"01:02:03.04\",\"ts\":\"1969-12-31T23:59:59.999999\","
            + "\"tz\":\"2024-02-29T00:00:00Z\",\"u\":\"123e4567-e89b-12d3-a456-426614174000\","
            + "\"j\":{\"k\": [1]}}",
        lines[0]);
  }

  @Test
  void notANumberIsAString() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Schema schema = Schema.of(new Field("f", DataType.FLOAT64));
    ColumnBuilder f = ColumnBuilder.of(DataType.FLOAT64, 2);
    f.appendDouble(Double.NaN);
    f.appendDouble(Double.NEGATIVE_INFINITY);
    try (JsonLinesSink sink = JsonLinesSink.to(out, schema)) {
      sink.write(Batch.of(2, f.build()));
      sink.finish();
    }
    assertEquals("{\"f\":\"NaN\"}\n{\"f\":\"-Infinity\"}\n", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void csvComesBackThroughTheSource() {
    for (String name : List.of("a.csv", "a.csv.gz", "a.csv.zst", "a.tsv")) {
      Path file = folder.resolve(name);
      try (CsvSink sink = CsvSink.to(file, SCHEMA)) {
        sink.write(batch());
        sink.finish();
      }
      Map<String, Object> types = new HashMap<>();
      SCHEMA.fields().forEach(f -> types.put(f.name(), f.type().toString()));
      List<List<@Nullable Object>> got =
          Scans.rows(CsvSource.of(file, Map.of("types", types, "header", true)));
      assertEquals(comparable(ROWS), comparable(got), name);
    }
  }

  private static List<String> comparable(List<List<@Nullable Object>> rows) {
    List<String> out = new ArrayList<>();
    for (List<@Nullable Object> row : rows) {
      out.add(Arrays.deepToString(row.toArray()));
    }
    return out;
  }

  @Test
  void withoutFinishNothingIsLeftAndTheOlderFileStays() throws IOException {
    Path file = Files.writeString(folder.resolve("b.csv"), "old");
    try (CsvSink sink = CsvSink.to(file, SCHEMA)) {
      sink.write(batch());
    }
    assertEquals("old", Files.readString(file));
    try (Stream<Path> list = Files.list(folder)) {
      assertEquals(List.of(file), list.toList());
    }
  }

  @Test
  void noRowsIsAHeader() throws IOException {
    Path file = folder.resolve("empty.csv");
    try (CsvSink sink = CsvSink.to(file, Schema.of(new Field("A", DataType.INT64)))) {
      sink.finish();
    }
    assertEquals("A\n", Files.readString(file));
  }

  @Test
  void aMissingFolderAndAGoneReaderAreClearErrors() {
    Path lost = folder.resolve("no/such.csv");
    PenstockException e =
        assertThrows(PenstockException.class, () -> CsvSink.to(lost, SCHEMA).close());
    assertEquals(lost + ": cannot be written: its folder does not exist", e.getMessage());
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    try (CsvSink sink = CsvSink.to(gone, SCHEMA)) {
      PenstockException broken = assertThrows(PenstockException.class, sink::finish);
      assertEquals("output-gone", broken.code());
    }
    assertFalse(Files.exists(lost));
  }
}
