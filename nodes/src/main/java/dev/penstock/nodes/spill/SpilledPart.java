package dev.penstock.nodes.spill;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.spill.SpillFile;
import java.util.ArrayList;
import java.util.List;

/** The rows of one side in one partition, as blocks on disk. One thread at a time. */
public final class SpilledPart {
  /** Some rows of the partition. */
  public sealed interface Block {
    Batch read();

    /** Bytes that {@link #read} takes. */
    long readBytes();

    int rows();

    /** Bytes of the rows in memory, about. */
    long heldBytes();
  }

  /** The rule. */
  private record OnDisk(SpillFile file, long handle, int rows, long heldBytes) implements Block {
    @Override
    public Batch read() {
      return file.read(handle);
    }

    @Override
    public long readBytes() {
      return file.readBytes(handle);
    }
  }

  /** Few rows that are not worth a file. */
  private record Held(Batch batch, long heldBytes) implements Block {
    @Override
    public Batch read() {
      return batch;
    }

    @Override
    public long readBytes() {
      return heldBytes;
    }

    @Override
    public int rows() {
      return batch.count();
    }
  }

  public final List<Block> blocks = new ArrayList<>();
  private long rows;
  private long heldBytes;
  private long mostReadBytes;

  /** Writes rows to a file: a block to {@link #add}. */
  public static Block written(SpillFile file, Batch rows) {
    return new OnDisk(file, file.write(rows), rows.count(), PartWriter.heldBytes(rows));
  }

  /** Rows that stay in memory; flat, without a selection. */
  public static Block held(Batch rows) {
    return new Held(rows, PartWriter.heldBytes(rows));
  }

  public void add(Block block) {
    blocks.add(block);
    rows += block.rows();
    heldBytes += block.heldBytes();
    mostReadBytes = Math.max(mostReadBytes, block.readBytes());
  }

  public void addAll(SpilledPart other) {
    other.blocks.forEach(this::add);
  }

  public long rows() {
    return rows;
  }

  /** Bytes of all rows in memory, about. */
  public long heldBytes() {
    return heldBytes;
  }

  /** Bytes that reading a block takes at most. */
  public long mostReadBytes() {
    return mostReadBytes;
  }

  public boolean isEmpty() {
    return rows == 0;
  }
}
