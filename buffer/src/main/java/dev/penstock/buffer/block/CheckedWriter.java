package dev.penstock.buffer.block;

import dev.penstock.batch.Batch;
import dev.penstock.monitor.PenstockException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes whole blocks, each a multiple of 8 bytes:
 *
 * <pre>
 *  0 int magic   4 byte version, byte codec, 2 x 0
 *  8 int rows   12 int number of the block
 * 16 long payload bytes, unpacked
 * 24 payload ({@link BlockFormat}; packed as {@link Frames} unless the codec is NONE)
 *    long CRC32C of all before it
 * </pre>
 */
public abstract class CheckedWriter extends BlockWriter {
  static final int MAGIC = 0x50534232;
  static final int VERSION = 1;

  /** Bytes of a block around its payload. */
  public static final int AROUND = 32;

  private static final long MOST_BYTES = Integer.MAX_VALUE - 4096L;

  private final CRC32C crc = new CRC32C();

  /** Where in the window the bytes begin that are not in the checksum yet. */
  private int unchecked;

  protected CheckedWriter(Window to) {
    super(to);
  }

  /** Takes the bytes of the window away, sets another one if need be, and {@link #at}. */
  protected abstract void move();

  /** Bytes that a block of this batch needs at most. */
  public static long bound(long payload, Codec codec) {
    return AROUND + (codec == Codec.NONE ? payload : Frames.bound(payload));
  }

  /** Bytes of the payload, or LIMIT. */
  public static long payload(Batch flat) {
    long payload = BlockFormat.size(flat);
    if (payload > MOST_BYTES) {
      throw PenstockException.limit(
          "batch-too-wide", "a batch of " + payload + " bytes cannot be spilled; at most 2 GiB");
    }
    return payload;
  }

  /**
   * Appends a block at {@link #at}.
   *
   * @param flat as {@link BlockFormat#flat} gives it
   * @param frames where blocks are packed; null for the codec NONE
   */
  public final void block(
      Batch flat, long payload, int number, Codec codec, @Nullable Frames frames) {
    unchecked = at;
    crc.reset();
    put(MAGIC & 0xffff_ffffL | (long) VERSION << 32 | (long) codec.ordinal() << 40);
    put(flat.count() & 0xffff_ffffL | (long) number << 32);
    put(payload);
    if (frames == null) {
      BlockFormat.write(flat, this);
    } else {
      BlockWriter packing = frames.writer(codec, this);
      BlockFormat.write(flat, packing);
      packing.full();
    }
    check();
    put(crc.getValue());
  }

  private void check() {
    if (unchecked < at) {
      ByteBuffer b = to.bytes;
      b.limit(at).position(unchecked);
      crc.update(b);
      b.limit(b.capacity());
    }
    unchecked = at;
  }

  @Override
  protected final void full() {
    check();
    move();
    unchecked = at;
  }
}
