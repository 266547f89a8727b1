package dev.penstock.sources.memory;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.sort.Concat;
import dev.penstock.sources.parquet.Bounds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Gathers rows for a {@link ColumnTable}: batches of any size become chunks of about {@value
 * Batch#ROWS} rows, copied, so that nothing of their makers is kept alive. {@link
 * ColumnTable#commit} adds them; without it, close gives them up. For one thread.
 */
public final class TableAppend implements AutoCloseable {
  private final String table;
  private final Schema schema;
  private final Reservation memory;
  private final List<ColumnTable.Chunk> chunks = new ArrayList<>();
  private final List<Batch> waiting = new ArrayList<>();
  private final Set<FlatColumn> dictionaries = Collections.newSetFromMap(new IdentityHashMap<>());
  private int waitingRows;
  private long rows;

  TableAppend(String table, Schema schema, Budget budget) {
    this.table = table;
    this.schema = schema;
    this.memory = budget.open("rows for table " + table);
  }

  /** Rows that were taken. */
  public long rows() {
    return rows;
  }

  /** Takes the rows of a batch; its columns are those of the table, in their order. */
  public void add(Batch batch) {
    if (batch.isEmpty()) {
      return;
    }
    check(batch);
    if (waitingRows > 0 && waitingRows + batch.count() > Batch.ROWS) {
      flush();
    }
    waiting.add(batch);
    waitingRows += batch.count();
    rows += batch.count();
    if (waitingRows >= Batch.ROWS) {
      flush();
    }
  }

  private void check(Batch batch) {
    for (int c = 0; c < schema.size(); c++) {
      Column column = batch.column(c);
      if (!column.type().equals(schema.type(c))) {
        throw PenstockException.incorrect(
            "type-mismatch",
            "table "
                + table
                + ": column "
                + schema.field(c).name()
                + " expects "
                + schema.type(c)
                + ", got "
                + column.type());
      }
      for (int i = 0;
          !schema.field(c).nullable() && column.mayHaveNulls() && i < batch.count();
          i++) {
        if (column.isNull(batch.position(i))) {
          throw PenstockException.incorrect(
              "null-value",
              "table "
                  + table
                  + ": column "
                  + schema.field(c).name()
                  + " expects a value in every row, got null in row "
                  + (rows + i + 1)
                  + " of the new rows");
        }
      }
    }
  }

  private void flush() {
    if (waitingRows > 0) {
      chunks.add(chunk(waiting));
      waiting.clear();
      waitingRows = 0;
    }
  }

  private ColumnTable.Chunk chunk(List<Batch> parts) {
    long most = 0;
    for (Batch part : parts) {
      most += part.sizeBytes();
    }
    memory.grow(most);
    int count = 0;
    for (Batch part : parts) {
      count += part.count();
    }
    Column[] columns = new Column[schema.size()];
    Bounds[] bounds = new Bounds[columns.length];
    long bytes = 64;
    for (int c = 0; c < columns.length; c++) {
      Column[] copies = new Column[parts.size()];
      for (int i = 0; i < copies.length; i++) {
        Batch part = parts.get(i);
        copies[i] = part.column(c).gather(part.positions(), part.count());
      }
      columns[c] = Concat.of(schema.type(c), copies);
      bounds[c] = ChunkBounds.of(columns[c], count);
      bytes += columns[c].sizeBytes();
      if (columns[c] instanceof DictionaryColumn d && !dictionaries.add(d.dictionary())) {
        bytes -= d.dictionary().sizeBytes(); // of the chunk that came with it first
      }
    }
    if (bytes > most) {
      memory.grow(bytes - most);
    } else {
      memory.shrink(most - bytes);
    }
    return new ColumnTable.Chunk(Batch.of(count, columns), bounds, bytes);
  }

  /** What was taken, in chunks; nothing may be added any more. */
  List<ColumnTable.Chunk> chunks() {
    flush();
    return chunks;
  }

  /** Whether the table's last chunk and the first new one are small enough to be one. */
  boolean joins(ColumnTable.Chunk last) {
    return last.batch().count() + chunks.get(0).batch().count() <= Batch.ROWS;
  }

  /** The chunks, the first one joined to the table's last. */
  List<ColumnTable.Chunk> joined(ColumnTable.Chunk last) {
    ColumnTable.Chunk first = chunks.get(0);
    List<ColumnTable.Chunk> out = new ArrayList<>(chunks);
    out.set(0, chunk(List.of(last.batch(), first.batch())));
    memory.shrink(first.bytes());
    return out;
  }

  /** The table holds the memory from now on. */
  void handOver(Reservation to) {
    long bytes = memory.heldBytes();
    memory.shrink(bytes);
    to.grow(bytes);
  }

  @Override
  public void close() {
    chunks.clear();
    waiting.clear();
    memory.close();
  }
}
