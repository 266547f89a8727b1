package dev.penstock.sources.parquet;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.Sink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnOrder;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TypeDefinedOrder;
import org.jspecify.annotations.Nullable;
import shaded.parquet.org.apache.thrift.TBase;

/**
 * Writes a Parquet file: row groups of 122,880 rows, dictionaries where they pay, statistics and
 * page indexes. The file appears under its name when it is complete; until then it has another name
 * beside it.
 *
 * <p>Holds the encoded row group in memory, reserved; a row group ends early when it holds {@link
 * #MAX_GROUP_BYTES}. Calls block. Not thread-safe.
 */
public final class ParquetSink implements Sink {
  /** How pages are compressed. */
  public enum Compression {
    NONE,
    SNAPPY,
    ZSTD
  }

  public static final int GROUP_ROWS = 122_880;
  private static final long MAX_GROUP_BYTES = 128L << 20;
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  private final Path path;
  private final Path unfinished;
  private final FileChannel channel;
  private final Schema schema;
  private final int groupRows;
  private final PageWriter pages;
  private final List<SinkColumn> columns = new ArrayList<>();
  private final List<ColumnWriter> writers = new ArrayList<>();
  private final List<RowGroup> groups = new ArrayList<>();
  private final List<List<ColumnWriter.Finished>> finished = new ArrayList<>();
  private final Reservation held;
  private long offset;
  private long totalRows;
  private int rows;
  private boolean done;

  private ParquetSink(
      Path path, Schema schema, Compression compression, int groupRows, Budget budget)
      throws IOException {
    this.path = path;
    this.schema = schema;
    this.groupRows = groupRows;
    this.pages = new PageWriter(compression);
    for (Field f : schema.fields()) {
      SinkColumn c = SinkColumn.of(f);
      columns.add(c);
      writers.add(ColumnWriter.of(c, pages));
    }
    Path name = path.getFileName();
    this.unfinished = path.resolveSibling("." + name + "." + UUID.randomUUID() + ".unfinished");
    this.held = budget.open("parquet row group being written");
    this.channel =
        FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** Begins a file, with snappy and row groups of {@link #GROUP_ROWS}. */
  public static ParquetSink create(Path path, Schema schema, Budget budget) {
    return create(path, schema, Compression.SNAPPY, GROUP_ROWS, budget);
  }

  /**
   * Begins a file; IO when it cannot be created, UNSUPPORTED for a column that Parquet cannot hold.
   */
  public static ParquetSink create(
      Path path, Schema schema, Compression compression, int groupRows, Budget budget) {
    if (groupRows < 1) {
      throw new IllegalArgumentException("row groups of " + groupRows + " rows");
    }
    if (schema.size() == 0) {
      throw PenstockException.incorrect(
          "no-columns", path + ": a Parquet file needs at least one column, got none");
    }
    try {
      ParquetSink sink = new ParquetSink(path, schema, compression, groupRows, budget);
      try {
        sink.put(ByteBuffer.wrap(MAGIC));
        return sink;
      } catch (IOException e) {
        sink.close();
        throw e;
      }
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  private static PenstockException failed(Path path, IOException e) {
    return PenstockException.io("write-failed", path + ": writing failed: " + e, e);
  }

  @Override
  public void write(Batch batch) {
    if (batch.columns().length != schema.size()) {
      throw new IllegalArgumentException(
          "a batch of " + batch.columns().length + " columns for a file of " + schema.size());
    }
    int from = 0;
    while (from < batch.count()) {
      int n = Math.min(batch.count() - from, groupRows - rows);
      writeRows(batch.slice(from, from + n));
      from += n;
      if (rows == groupRows || encodedBytes() > MAX_GROUP_BYTES) {
        endGroup();
      }
    }
  }

  private void writeRows(Batch batch) {
    makeRoom(batch.sizeBytes());
    for (int i = 0; i < writers.size(); i++) {
      Column c = batch.column(i);
      writers.get(i).write(c, batch);
    }
    rows += batch.count();
    held.resize(encodedBytes());
  }

  /** Reserves what the rows may need; when that does not fit, the row group ends early. */
  private void makeRoom(long batchBytes) {
    // Twice: an encoded copy, and the peak while a buffer grows.
    long wanted = 2 * encodedBytes() + 2 * batchBytes;
    long more = wanted - held.heldBytes();
    if (more > 0 && !held.tryGrow(more)) {
      endGroup();
      for (ColumnWriter w : writers) {
        w.giveBack();
      }
      held.resize(2 * encodedBytes() + 2 * batchBytes);
    }
  }

  private long encodedBytes() {
    long sum = pages.sizeBytes();
    for (ColumnWriter w : writers) {
      sum += w.sizeBytes();
    }
    return sum;
  }

  private void endGroup() {
    if (rows == 0) {
      return;
    }
    try {
      long start = offset;
      long uncompressed = 0;
      List<ColumnWriter.Finished> ended = new ArrayList<>();
      List<ColumnChunk> chunks = new ArrayList<>();
      for (ColumnWriter w : writers) {
        ColumnWriter.Finished f = w.finish(offset);
        put(ByteBuffer.wrap(w.chunkBytes().bytes, 0, w.chunkBytes().size));
        uncompressed += f.chunk().getMeta_data().getTotal_uncompressed_size();
        ended.add(f);
        chunks.add(f.chunk());
        w.next();
      }
      RowGroup g = new RowGroup(chunks, uncompressed, rows);
      g.setFile_offset(start);
      g.setTotal_compressed_size(offset - start);
      g.setOrdinal((short) groups.size());
      groups.add(g);
      finished.add(ended);
      totalRows += rows;
      rows = 0;
      held.resize(encodedBytes());
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  private void put(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      offset += channel.write(bytes);
    }
  }

  @Override
  public void finish() {
    if (done) {
      throw new IllegalStateException("the file is finished");
    }
    endGroup();
    try {
      indexes();
      int length = putThrift(footer());
      byte[] tail = new byte[8];
      LittleEndian.putInt(tail, 0, length);
      System.arraycopy(MAGIC, 0, tail, 4, 4);
      put(ByteBuffer.wrap(tail));
      channel.force(true);
      channel.close();
      Files.move(
          unfinished, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      done = true;
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** Column indexes of all row groups, then offset indexes, as the format recommends. */
  private void indexes() throws IOException {
    for (List<ColumnWriter.Finished> group : finished) {
      for (ColumnWriter.Finished f : group) {
        if (f.columnIndex() != null) {
          f.chunk().setColumn_index_offset(offset);
          f.chunk().setColumn_index_length(putThrift(f.columnIndex()));
        }
      }
    }
    for (List<ColumnWriter.Finished> group : finished) {
      for (ColumnWriter.Finished f : group) {
        f.chunk().setOffset_index_offset(offset);
        f.chunk().setOffset_index_length(putThrift(f.offsetIndex()));
      }
    }
  }

  private int putThrift(TBase<?, ?> structure) throws IOException {
    byte[] bytes = ThriftBytes.write(structure);
    put(ByteBuffer.wrap(bytes));
    return bytes.length;
  }

  private FileMetaData footer() {
    List<SchemaElement> elements = new ArrayList<>();
    SchemaElement root = new SchemaElement("schema");
    root.setNum_children(columns.size());
    elements.add(root);
    List<ColumnOrder> orders = new ArrayList<>();
    for (SinkColumn c : columns) {
      elements.add(c.element());
      orders.add(ColumnOrder.TYPE_ORDER(new TypeDefinedOrder()));
    }
    FileMetaData footer = new FileMetaData(2, elements, totalRows, groups);
    footer.setCreated_by("penstock version 0.1.0 (build 0)");
    footer.setColumn_orders(orders);
    return footer;
  }

  /** Frees everything; a file that was not finished is deleted. */
  @Override
  public void close() {
    held.close();
    pages.close();
    @Nullable IOException failure = null;
    try {
      channel.close();
    } catch (IOException e) {
      failure = e;
    }
    try {
      Files.deleteIfExists(unfinished);
    } catch (IOException e) {
      failure = e;
    }
    if (failure != null && !done) {
      throw failed(path, failure);
    }
  }
}
