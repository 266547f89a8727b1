package dev.penstock.nodes.window;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.nodes.sort.Concat;
import dev.penstock.nodes.spill.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorted rows on disk: the last partition of them is too long for memory. They are read by blocks;
 * an output batch is a block.
 */
final class DiskRows extends SortedRows {
  private final WindowLayout layout;
  private final DiskBlocks blocks;

  /** The last block that was asked for. */
  private int block;

  /**
   * @param blocks complete and open; closed with this
   */
  DiskRows(WindowLayout layout, DiskBlocks blocks) {
    super(blocks.rows(), blocks.memory, blocks.token);
    this.layout = layout;
    this.blocks = blocks;
  }

  int blocks() {
    return blocks.count();
  }

  int blockStart(int number) {
    return blocks.start(number);
  }

  Workspace workspace() {
    return blocks.workspace;
  }

  int blockOf(int row) {
    if (row < blocks.start(block) || row >= blocks.end(block)) {
      block = blocks.of(row);
    }
    return block;
  }

  @Override
  int nextPartition(int from) {
    return blocks.nextPartition(from);
  }

  @Override
  int nextPeers(int from) {
    return blocks.nextPeers(from);
  }

  @Override
  int peersStart(int row) {
    return blocks.peersStart(row);
  }

  @Override
  int readStart(int row) {
    return blocks.start(blockOf(row));
  }

  @Override
  int readEnd(int row) {
    return blocks.end(blockOf(row));
  }

  @Override
  int stretchEnd(int row) {
    return readEnd(row);
  }

  @Override
  DiskRows onDisk() {
    return this;
  }

  private static Column part(Column column, int from, int n) {
    if (from == 0 && n == column.length()) {
      return column;
    }
    int[] at = new int[n];
    Arrays.setAll(at, i -> from + i);
    return column.gather(at, n);
  }

  @Override
  void read(int width, int from, int n, Column[] out) {
    int b = blockOf(from);
    Batch batch = blocks.get(b);
    for (int c = 0; c < width; c++) {
      out[c] = part(batch.column(c), from - blocks.start(b), n);
    }
  }

  @Override
  Column read(Argument argument, int from, int n) {
    if (argument.constant() != null) {
      return argument.constant().withLength(n);
    }
    if (n == 0) {
      return ColumnBuilder.of(argument.type(), 0).build();
    }
    int b = blockOf(from);
    return part(blocks.get(b).column(argument.ordinal()), from - blocks.start(b), n);
  }

  @Override
  Column at(Argument argument, int[] rows, int n) {
    if (argument.constant() != null) {
      return argument.constant().gather(rows, n);
    }
    int[] order = ascending(rows, n);
    List<Column> parts = new ArrayList<>();
    int[] places = new int[n];
    int count = 0;
    int b = -1;
    for (int i = 0; i < n; i++) {
      int row = rows[order == null ? i : order[i]];
      if (row >= 0 && (b < 0 || row < blocks.start(b) || row >= blocks.end(b))) {
        if (b >= 0) {
          parts.add(gather(argument, b, places, count));
          count = 0;
        }
        b = blockOf(row);
      }
      places[count++] = row < 0 ? -1 : row - blocks.start(b);
    }
    parts.add(gather(argument, b, places, count));
    Column all = Concat.of(layout.types[argument.ordinal()], parts.toArray(new Column[0]));
    if (order == null) {
      return all;
    }
    int[] back = new int[n];
    for (int i = 0; i < n; i++) {
      back[order[i]] = i;
    }
    return all.gather(back, n);
  }

  private Column gather(Argument argument, int b, int[] places, int count) {
    if (b >= 0) {
      return blocks.get(b).column(argument.ordinal()).gather(places, count);
    }
    ColumnBuilder nulls = ColumnBuilder.of(argument.type(), count);
    for (int i = 0; i < count; i++) {
      nulls.appendNull();
    }
    return nulls.build();
  }

  /** The places of rows in the order of the rows, so that each block is read once; null: as is. */
  private static int @Nullable [] ascending(int[] rows, int n) {
    int last = -1;
    boolean ascends = true;
    for (int i = 0; i < n && ascends; i++) {
      ascends = rows[i] < 0 || rows[i] >= last;
      last = Math.max(last, rows[i]);
    }
    if (ascends) {
      return null;
    }
    long[] keys = new long[n];
    for (int i = 0; i < n; i++) {
      keys[i] = (long) rows[i] << 32 | i;
    }
    Arrays.sort(keys);
    int[] out = new int[n];
    for (int i = 0; i < n; i++) {
      out[i] = (int) keys[i];
    }
    return out;
  }

  /** Frees the rows. */
  @Override
  public void close() {
    blocks.close();
  }
}
