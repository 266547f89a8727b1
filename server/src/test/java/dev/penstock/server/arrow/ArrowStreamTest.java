package dev.penstock.server.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.batch.Batch;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.sources.text.ByteOutput;
import dev.penstock.sql.SqlSession;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.PeriodDuration;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is written is read by the library of Arrow, and means the same. */
final class ArrowStreamTest {
  private static final String ALL_TYPES =
      """
      SELECT CASE WHEN mod(range, 3) = 0 THEN NULL ELSE range > 50 END AS b,
        CAST(CASE WHEN mod(range, 5) = 0 THEN NULL ELSE range - 60 END AS INTEGER) AS i,
        range * 10000000000 AS l,
        CASE WHEN mod(range, 7) = 0 THEN NULL ELSE range / 7.0E0 END AS d,
        CAST(range - 50 AS DECIMAL(9, 2)) AS small,
        CAST(range - 50 AS DECIMAL(38, 4)) * 1000000000000 AS large,
        CASE WHEN mod(range, 4) = 0 THEN NULL ELSE 'text ' || range || ' é' END AS t,
        CAST('ab' || range AS VARBINARY) AS bin,
        DATE '2026-01-01' + INTERVAL '1' DAY * range AS day,
        TIME '01:02:03.000004' AS clock,
        TIMESTAMP '1969-12-31 23:59:59.5' AS stamp,
        CAST('2026-01-01 00:00:00+01' AS TIMESTAMPTZ) AS zoned,
        INTERVAL '14' MONTH AS months,
        CAST('00112233-4455-6677-8899-aabbccddeeff' AS UUID) AS id,
        'the same' AS constant
      FROM range(%d)
      """;

  private static byte[] written(Result result) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (result;
        ByteOutput out = ByteOutput.to(bytes)) {
      ArrowStream stream = new ArrowStream(out, result.schema());
      for (Batch batch = result.next(); batch != null; batch = result.next()) {
        stream.write(batch);
      }
      stream.end();
      out.flush();
    }
    return bytes.toByteArray();
  }

  /** A value of Penstock as Arrow gives it, in texts. */
  private static String expected(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof UUID id) {
      return HexFormat.of()
          .formatHex(
              ByteBuffer.allocate(16)
                  .putLong(id.getMostSignificantBits())
                  .putLong(id.getLeastSignificantBits())
                  .array());
    }
    if (value instanceof LocalDate day) {
      return String.valueOf(day.toEpochDay());
    }
    if (value instanceof LocalTime time) {
      return String.valueOf(time.toNanoOfDay() / 1000);
    }
    if (value instanceof java.time.Instant || value instanceof java.time.OffsetDateTime) {
      java.time.Instant at =
          value instanceof java.time.OffsetDateTime o ? o.toInstant() : (java.time.Instant) value;
      return String.valueOf(ChronoUnit.MICROS.between(java.time.Instant.EPOCH, at));
    }
    return String.valueOf(value);
  }

  private static String got(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof PeriodDuration p) {
      return p.getPeriod().normalized().toString();
    }
    return String.valueOf(value);
  }

  private static void readsBack(int rows, int batchRows) throws Exception {
    EngineOptions options = EngineOptions.defaults().withWorkers(2).withBatchRows(batchRows);
    try (Engine engine = Engine.create(options);
        BufferAllocator allocator = new RootAllocator()) {
      String sql = ALL_TYPES.formatted(rows);
      List<String> expected = new ArrayList<>();
      try (Result result = new SqlSession(engine).execute(sql)) {
        for (Object[] row : result.rows()) {
          for (Object value : row) {
            expected.add(expected(value));
          }
        }
      }
      byte[] bytes = written(new SqlSession(engine).execute(sql));
      List<String> got = new ArrayList<>();
      try (ArrowStreamReader reader =
          new ArrowStreamReader(new ByteArrayInputStream(bytes), allocator)) {
        VectorSchemaRoot root = reader.getVectorSchemaRoot();
        while (reader.loadNextBatch()) {
          for (int i = 0; i < root.getRowCount(); i++) {
            for (FieldVector v : root.getFieldVectors()) {
              got.add(got(v.getObject(i)));
            }
          }
        }
        assertEquals(bytes.length, reader.bytesRead());
      }
      assertEquals(expected, got);
      assertEquals(0, engine.budget().usedBytes());
    }
  }

  @Test
  void allTypesAreReadBack() throws Exception {
    readsBack(100, 2048);
  }

  @Test
  void manyBatchesAreReadBack() throws Exception {
    readsBack(100, 7);
  }

  @Test
  void anEmptyResultHasASchema() throws Exception {
    readsBack(0, 2048);
    try (Engine engine = Engine.create();
        BufferAllocator allocator = new RootAllocator()) {
      byte[] bytes = written(new SqlSession(engine).execute(ALL_TYPES.formatted(0)));
      try (ArrowStreamReader reader =
          new ArrowStreamReader(new ByteArrayInputStream(bytes), allocator)) {
        List<Field> fields = reader.getVectorSchemaRoot().getSchema().getFields();
        assertEquals("b", fields.get(0).getName());
        assertEquals(new ArrowType.Int(32, true), fields.get(1).getType());
        assertEquals(new ArrowType.Decimal(9, 2, 128), fields.get(4).getType());
        assertEquals(
            new ArrowType.Timestamp(org.apache.arrow.vector.types.TimeUnit.MICROSECOND, "UTC"),
            fields.get(11).getType());
        assertEquals("arrow.uuid", fields.get(13).getMetadata().get("ARROW:extension:name"));
      }
    }
  }
}
