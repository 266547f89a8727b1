package dev.penstock.sources.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.monitor.PenstockException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.Float16Type;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.ListType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.NanoSeconds;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimeType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hand-made pages: encodings and types that DuckDB does not write, and what is not right. */
class ParquetPagesTest {
  @TempDir static Path dir;

  private static SchemaElement required(Type type) {
    return TinyFile.leaf("v", type, FieldRepetitionType.REQUIRED);
  }

  private static SchemaElement optional(Type type) {
    return TinyFile.leaf("v", type, FieldRepetitionType.OPTIONAL);
  }

  private static SchemaElement text() {
    SchemaElement e = required(Type.BYTE_ARRAY);
    e.setConverted_type(ConvertedType.UTF8);
    return e;
  }

  private static String read(TinyFile file) {
    List<Object> out = new ArrayList<>();
    for (List<?> row : Scans.all(ParquetSource.open(file.write(dir.resolve("tiny.parquet"))))) {
      out.add(row.get(0));
    }
    return out.toString();
  }

  private static void refused(String what, TinyFile file) {
    Path at = dir.resolve("refused.parquet");
    file.write(at);
    PenstockException e =
        assertThrows(PenstockException.class, () -> Scans.all(ParquetSource.open(at)));
    assertEquals(at + ": column v, row group 0, offset " + what, e.getMessage());
  }

  private static byte[] ints(int... values) {
    byte[] b = new byte[4 * values.length];
    for (int i = 0; i < values.length; i++) {
      LittleEndian.putInt(b, 4 * i, values[i]);
    }
    return b;
  }

  private static byte[] longs(long... values) {
    byte[] b = new byte[8 * values.length];
    for (int i = 0; i < values.length; i++) {
      LittleEndian.putLong(b, 8 * i, values[i]);
    }
    return b;
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] p : parts) {
      out.writeBytes(p);
    }
    return out.toByteArray();
  }

  private static byte[] bytes(int... values) {
    byte[] b = new byte[values.length];
    for (int i = 0; i < b.length; i++) {
      b[i] = (byte) values[i];
    }
    return b;
  }

  private static byte[] utf8(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void prefixedTexts() {
    byte[] page =
        join(
            DeltaEncoder.encode(new long[] {0, 5, 3, 0}, 128, 4),
            DeltaEncoder.encode(new long[] {5, 2, 4, 0}, 128, 4),
            utf8("hello"),
            utf8("ed"),
            utf8("icop"));
    assertEquals(
        "[hello, helloed, helicop, ]",
        read(new TinyFile().column(text()).page(4, Encoding.DELTA_BYTE_ARRAY, page)));
    SchemaElement fixed = required(Type.FIXED_LEN_BYTE_ARRAY);
    fixed.setType_length(3);
    fixed.setConverted_type(ConvertedType.DECIMAL);
    fixed.setPrecision(6);
    fixed.setScale(1);
    byte[] numbers =
        join(
            DeltaEncoder.encode(new long[] {0, 2, 0}, 128, 4),
            DeltaEncoder.encode(new long[] {3, 1, 3}, 128, 4),
            bytes(0, 1, 2, 3, 0xFF, 0xFF, 0xFF));
    assertEquals(
        "[25.8, 25.9, -0.1]",
        read(new TinyFile().column(fixed).page(3, Encoding.DELTA_BYTE_ARRAY, numbers)));
  }

  @Test
  void deltaLengthTextsAndByteStreams() {
    byte[] page = join(DeltaEncoder.encode(new long[] {1, 0, 3}, 128, 4), utf8("abcd"));
    assertEquals(
        "[a, , bcd]",
        read(new TinyFile().column(text()).page(3, Encoding.DELTA_LENGTH_BYTE_ARRAY, page)));
    byte[] two = longs(Double.doubleToLongBits(1.5), Double.doubleToLongBits(-7.25));
    byte[] split = new byte[16];
    for (int i = 0; i < 2; i++) {
      for (int k = 0; k < 8; k++) {
        split[k * 2 + i] = two[i * 8 + k];
      }
    }
    assertEquals(
        "[1.5, -7.25]",
        read(
            new TinyFile()
                .column(required(Type.DOUBLE))
                .page(2, Encoding.BYTE_STREAM_SPLIT, split)));
  }

  @Test
  void booleansInRunsAndBits() {
    assertEquals(
        "[true, false, true]",
        read(new TinyFile().column(required(Type.BOOLEAN)).page(3, Encoding.PLAIN, bytes(5))));
    // 9 times true, then bits
    assertEquals(
        "[true, true, true, true, true, true, true, true, true, false, true]",
        read(
            new TinyFile()
                .column(required(Type.BOOLEAN))
                .page(11, Encoding.RLE, join(ints(4), bytes(9 << 1, 1, 3, 2)))));
  }

  @Test
  void levelsInTheDeprecatedEncoding() {
    byte[] page = join(bytes(0b1011_0000), ints(7, 8, 9));
    assertEquals(
        "[7, null, 8, 9]",
        read(
            new TinyFile()
                .column(optional(Type.INT32))
                .page(4, Encoding.PLAIN, Encoding.BIT_PACKED, page, page.length)));
  }

  @Test
  void pagesOfBothVersionsAndDictionariesInOneChunk() {
    byte[] levels = bytes(3, 0b101); // one group of bits
    byte[] ids = bytes(1, 3, 0b10); // width 1, one group
    assertEquals(
        "[20, null, 30, 1, 2, 20, null, 30]",
        read(
            new TinyFile()
                .column(optional(Type.INT32))
                .dictionary(2, ints(20, 30))
                .page(3, Encoding.PLAIN_DICTIONARY, join(ints(2), levels, ids))
                .pageV2(2, 0, Encoding.PLAIN, 2, join(bytes(4, 1), ints(1, 2)))
                .page(0, Encoding.PLAIN, ints(0))
                .pageV2(3, 1, Encoding.RLE_DICTIONARY, 2, join(levels, ids))));
  }

  @Test
  void oldAndRareTypes() {
    // 2440588 is the Julian day of 1970-01-01.
    byte[] int96 = join(longs(1_000_001_000L), ints(2440588), longs(0), ints(2440587));
    assertEquals(
        "[1970-01-01T00:00:01.000001, 1969-12-31T00:00]",
        read(new TinyFile().column(required(Type.INT96)).page(2, Encoding.PLAIN, int96)));
    SchemaElement nanos = required(Type.INT64);
    nanos.setLogicalType(
        LogicalType.TIMESTAMP(new TimestampType(true, TimeUnit.NANOS(new NanoSeconds()))));
    assertEquals(
        "[1970-01-01T00:00:00.000001Z, 1969-12-31T23:59:59.999999Z]",
        read(new TinyFile().column(nanos).page(2, Encoding.PLAIN, longs(1999, -1))));
    SchemaElement time = required(Type.INT64);
    time.setLogicalType(LogicalType.TIME(new TimeType(false, TimeUnit.NANOS(new NanoSeconds()))));
    assertEquals(
        "[00:00:00.000001]",
        read(new TinyFile().column(time).page(1, Encoding.PLAIN, longs(1999))));
    SchemaElement millis = required(Type.INT32);
    millis.setConverted_type(ConvertedType.TIME_MILLIS);
    assertEquals(
        "[00:00:01.500]", read(new TinyFile().column(millis).page(1, Encoding.PLAIN, ints(1500))));
    SchemaElement half = required(Type.FIXED_LEN_BYTE_ARRAY);
    half.setType_length(2);
    half.setLogicalType(LogicalType.FLOAT16(new Float16Type()));
    assertEquals(
        "[1.0, -2.0]",
        read(new TinyFile().column(half).page(2, Encoding.PLAIN, bytes(0, 0x3C, 0, 0xC0))));
    SchemaElement unsigned = required(Type.INT32);
    unsigned.setLogicalType(LogicalType.INTEGER(new IntType((byte) 32, false)));
    assertEquals(
        "[4294967295]", read(new TinyFile().column(unsigned).page(1, Encoding.PLAIN, ints(-1))));
  }

  @Test
  void decimalsOfOwnAndOfLongLength() {
    SchemaElement own = required(Type.BYTE_ARRAY);
    own.setConverted_type(ConvertedType.DECIMAL);
    own.setPrecision(20);
    own.setScale(2);
    byte[] page = join(ints(1), bytes(0xFE), ints(9), bytes(0, 0x80, 0, 0, 0, 0, 0, 0, 0), ints(0));
    assertEquals(
        "[-0.02, 92233720368547758.08, 0.00]",
        read(new TinyFile().column(own).page(3, Encoding.PLAIN, page)));
    SchemaElement wide = required(Type.FIXED_LEN_BYTE_ARRAY);
    wide.setType_length(20);
    wide.setConverted_type(ConvertedType.DECIMAL);
    wide.setPrecision(5);
    wide.setScale(0);
    byte[] minus = new byte[20];
    Arrays.fill(minus, (byte) 0xFF);
    assertEquals("[-1]", read(new TinyFile().column(wide).page(1, Encoding.PLAIN, minus)));
    minus[0] = 0;
    refused(
        "4: a decimal has more digits than its type; the file is damaged, write it again",
        new TinyFile().column(wide).page(1, Encoding.PLAIN, minus));
  }

  @Test
  void listsOfTheOldKinds() {
    byte[] levels =
        join(
            ints(2),
            bytes(3, 0b110),
            ints(2),
            bytes(3, 0b111)); // repetition 0 1 1, definition 1 1 1
    SchemaElement bare = TinyFile.leaf("v", Type.INT32, FieldRepetitionType.REPEATED);
    assertEquals(
        "[[1,2,3]]",
        read(
            new TinyFile()
                .column(bare)
                .rows(1)
                .page(3, Encoding.PLAIN, join(levels, ints(1, 2, 3)))));
    SchemaElement list = new SchemaElement("v");
    list.setNum_children(1);
    list.setRepetition_type(FieldRepetitionType.REQUIRED);
    list.setLogicalType(LogicalType.LIST(new ListType()));
    SchemaElement array = TinyFile.leaf("array", Type.INT32, FieldRepetitionType.REPEATED);
    assertEquals(
        "[[1,2,3]]",
        read(
            new TinyFile()
                .column(list, array)
                .rows(1)
                .page(3, Encoding.PLAIN, join(levels, ints(1, 2, 3)))));
  }

  @Test
  void saysWhatIsWrongWithAPage() {
    refused(
        "4: the page has 3 values of 4 bytes, but only 8 bytes; the file is damaged, write it again",
        new TinyFile().column(required(Type.INT32)).page(3, Encoding.PLAIN, ints(1, 2)));
    refused(
        "4: a value declares 1000 bytes where 1 are left; the file is damaged, write it again",
        new TinyFile().column(text()).page(1, Encoding.PLAIN, join(ints(1000), utf8("a"))));
    refused(
        "4: a page of dictionary ids, but there is no dictionary; the file is damaged, write it again",
        new TinyFile()
            .column(required(Type.INT32))
            .page(1, Encoding.RLE_DICTIONARY, bytes(1, 2, 0)));
    refused(
        "4: values of type INT32 in encoding DELTA_BYTE_ARRAY; the file is damaged, write it again",
        new TinyFile().column(required(Type.INT32)).page(1, Encoding.DELTA_BYTE_ARRAY, ints(1)));
    refused(
        "4: 7 delta-encoded values where 5 are expected; the file is damaged, write it again",
        new TinyFile()
            .column(required(Type.INT32))
            .page(5, Encoding.DELTA_BINARY_PACKED, DeltaEncoder.encode(new long[7], 128, 4)));
    refused(
        "4: pages compressed with BROTLI cannot be read; write the file with snappy or zstd",
        new TinyFile()
            .column(required(Type.INT32))
            .codec(CompressionCodec.BROTLI)
            .page(1, Encoding.PLAIN, ints(1)));
    byte[] ids = bytes(2, 2, 2); // width 2, once 2
    TinyFile beyond =
        new TinyFile()
            .column(required(Type.INT32))
            .dictionary(2, ints(20, 30))
            .page(1, Encoding.RLE_DICTIONARY, ids);
    Path at = beyond.write(dir.resolve("beyond.parquet"));
    PenstockException e =
        assertThrows(PenstockException.class, () -> Scans.all(ParquetSource.open(at)));
    assertEquals("corrupt-parquet", e.code());
  }

  @Test
  void declaredSizesAreNotAllocated() {
    byte[] little = bytes(1, 2, 3);
    for (CompressionCodec c :
        List.of(
            CompressionCodec.SNAPPY,
            CompressionCodec.ZSTD,
            CompressionCodec.LZ4_RAW,
            CompressionCodec.GZIP)) {
      TinyFile huge =
          new TinyFile()
              .column(required(Type.INT32))
              .codec(c)
              .page(1, Encoding.PLAIN, Encoding.RLE, little, Integer.MAX_VALUE - 100);
      Path at = huge.write(dir.resolve("huge.parquet"));
      PenstockException e =
          assertThrows(PenstockException.class, () -> Scans.all(ParquetSource.open(at)));
      assertEquals("memory-cap", e.code(), e.getMessage());
    }
    // 2^31 - 1 values of no bits: nothing is allocated for them before they are asked for, batch by
    // batch.
    TinyFile many =
        new TinyFile()
            .column(text())
            .page(Integer.MAX_VALUE, Encoding.DELTA_LENGTH_BYTE_ARRAY, little);
    Path at = many.write(dir.resolve("many.parquet"));
    assertThrows(PenstockException.class, () -> Scans.all(ParquetSource.open(at)));
  }
}
