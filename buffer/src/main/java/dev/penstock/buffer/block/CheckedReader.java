package dev.penstock.buffer.block;

import dev.penstock.batch.Batch;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * Reads one block as {@link CheckedWriter} wrote it. What is no such block is an
 * IllegalStateException or another unchecked one; nothing is allocated beyond the payload that is
 * expected.
 */
public abstract class CheckedReader extends BlockReader {
  private static final Codec[] CODECS = Codec.values();

  private final CRC32C crc = new CRC32C();
  private int unchecked;

  protected CheckedReader(Window from) {
    super(from);
  }

  /** Brings the next bytes of the block: sets the window, {@link #at} and {@link #end}. */
  protected abstract void fill();

  /** The bytes in the window begin at {@link #at}: for readers that have some to begin with. */
  protected final void here() {
    unchecked = at;
  }

  /**
   * Reads the block.
   *
   * @param bytes of the whole block
   * @param frames asked only for packed blocks
   */
  public final Batch block(
      long bytes, int rows, int number, long payload, Supplier<Frames> frames) {
    begin(bytes - 8);
    Codec codec = header(rows, number, payload);
    BlockReader columns = this;
    if (codec != Codec.NONE) {
      columns = frames.get().reader(codec, this);
      columns.begin(payload);
    }
    Batch batch = BlockFormat.read(columns, rows);
    trailer();
    return batch;
  }

  private Codec header(int rows, int number, long payload) {
    long first = get();
    long second = get();
    long third = get();
    int codec = (int) (first >>> 40);
    if ((int) first != CheckedWriter.MAGIC
        || (first >>> 32 & 0xff) != CheckedWriter.VERSION
        || codec >= CODECS.length
        || (int) second != rows
        || (int) (second >>> 32) != number
        || third != payload) {
      throw new IllegalStateException("its header is another");
    }
    return CODECS[codec];
  }

  private void trailer() {
    if (at == end) {
      more();
    }
    check(at);
    if (crc.getValue() != from.longs.get(at >> 3)) {
      throw new IllegalStateException("its checksum does not match");
    }
  }

  private void check(int upTo) {
    if (unchecked < upTo) {
      ByteBuffer b = from.bytes;
      b.limit(upTo).position(unchecked);
      crc.update(b);
      b.limit(b.capacity());
    }
  }

  @Override
  protected final void more() {
    check(end);
    fill();
    unchecked = at;
  }
}
