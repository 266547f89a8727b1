package dev.penstock.sources.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;

/** Writes files of one column whose pages are given byte by byte. */
final class TinyFile {
  private final ByteArrayOutputStream pages = new ByteArrayOutputStream();
  private final List<SchemaElement> schema = new ArrayList<>();
  private Type type = Type.INT32;
  private CompressionCodec codec = CompressionCodec.UNCOMPRESSED;
  private int values;
  private long rows = -1;
  private int dictionaryBytes;

  TinyFile() {
    SchemaElement root = new SchemaElement("root");
    root.setNum_children(1);
    schema.add(root);
  }

  static SchemaElement leaf(String name, Type type, FieldRepetitionType repetition) {
    SchemaElement e = new SchemaElement(name);
    e.setType(type);
    e.setRepetition_type(repetition);
    return e;
  }

  TinyFile column(SchemaElement... elements) {
    for (SchemaElement e : elements) {
      schema.add(e);
      if (e.isSetType()) {
        type = e.getType();
      }
    }
    return this;
  }

  TinyFile codec(CompressionCodec c) {
    codec = c;
    return this;
  }

  TinyFile rows(long n) {
    rows = n;
    return this;
  }

  TinyFile dictionary(int n, byte[] plain) {
    PageHeader h = new PageHeader(PageType.DICTIONARY_PAGE, plain.length, plain.length);
    h.setDictionary_page_header(new DictionaryPageHeader(n, Encoding.PLAIN));
    put(h, plain);
    dictionaryBytes = pages.size();
    return this;
  }

  TinyFile page(int n, Encoding encoding, byte[] bytes) {
    return page(n, encoding, Encoding.RLE, bytes, bytes.length);
  }

  TinyFile page(int n, Encoding encoding, Encoding levels, byte[] bytes, int uncompressed) {
    PageHeader h = new PageHeader(PageType.DATA_PAGE, uncompressed, bytes.length);
    h.setData_page_header(new DataPageHeader(n, encoding, levels, levels));
    put(h, bytes);
    values += n;
    return this;
  }

  TinyFile pageV2(int n, int nulls, Encoding encoding, int levelBytes, byte[] bytes) {
    PageHeader h = new PageHeader(PageType.DATA_PAGE_V2, bytes.length, bytes.length);
    DataPageHeaderV2 d = new DataPageHeaderV2(n, nulls, n, encoding, levelBytes, 0);
    d.setIs_compressed(false);
    h.setData_page_header_v2(d);
    put(h, bytes);
    values += n;
    return this;
  }

  private void put(PageHeader h, byte[] bytes) {
    pages.writeBytes(ThriftBytes.write(h));
    pages.writeBytes(bytes);
  }

  Path write(Path to) {
    ColumnMetaData meta =
        new ColumnMetaData(
            type,
            List.of(Encoding.PLAIN),
            List.of("v"),
            codec,
            values,
            pages.size(),
            pages.size(),
            4 + dictionaryBytes);
    if (dictionaryBytes > 0) {
      meta.setDictionary_page_offset(4);
    }
    ColumnChunk chunk = new ColumnChunk(0);
    chunk.setMeta_data(meta);
    long n = rows < 0 ? values : rows;
    FileMetaData footer =
        new FileMetaData(1, schema, n, List.of(new RowGroup(List.of(chunk), pages.size(), n)));
    byte[] written = ThriftBytes.write(footer);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("PAR1".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(pages.toByteArray());
    out.writeBytes(written);
    byte[] length = new byte[4];
    LittleEndian.putInt(length, 0, written.length);
    out.writeBytes(length);
    out.writeBytes("PAR1".getBytes(StandardCharsets.US_ASCII));
    try {
      return Files.write(to, out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
