package dev.penstock.buffer.object;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.block.CheckedReader;
import dev.penstock.buffer.block.CheckedWriter;
import dev.penstock.buffer.block.Codec;
import dev.penstock.buffer.block.Frames;
import dev.penstock.buffer.block.Window;
import dev.penstock.monitor.PenstockException;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/** One block in one object; packed by LZ4, because a network is slower than that. */
public final class Blocks {
  /** Some to use again; more are made when more threads need one. */
  private static final ArrayBlockingQueue<Frames> FRAMES = new ArrayBlockingQueue<>(4);

  private Blocks() {}

  private static Frames frames() {
    Frames frames = FRAMES.poll();
    return frames == null ? new Frames() : frames;
  }

  /**
   * The bytes of a block.
   *
   * @param flat as {@link dev.penstock.buffer.block.BlockFormat#flat} gives it
   */
  public static ByteBuffer write(Batch flat, long payload, int number) {
    int most = (int) Math.min(Integer.MAX_VALUE - 8, CheckedWriter.bound(payload, Codec.LZ4) + 8);
    Window window = new Window(ByteBuffer.allocate(most));
    Whole writer = new Whole(window);
    Frames frames = frames();
    writer.block(flat, payload, number, Codec.LZ4, frames);
    boolean unused = FRAMES.offer(frames);
    return window.bytes.position(0).limit(writer.length());
  }

  private static final class Whole extends CheckedWriter {
    Whole(Window to) {
      super(to);
    }

    int length() {
      return at;
    }

    @Override
    protected void move() {
      throw new IllegalStateException("more bytes than were counted");
    }
  }

  /**
   * Reads a block back, or IO {@code spill-corrupt}.
   *
   * @param where of the object, for the message
   */
  public static Batch read(byte[] object, int rows, int number, long payload, String where) {
    try {
      if ((object.length & 7) != 0) {
        throw new IllegalStateException("it has " + object.length + " bytes");
      }
      Frames frames = frames();
      Batch batch = new Read(object).block(object.length, rows, number, payload, () -> frames);
      boolean unused = FRAMES.offer(frames);
      return batch;
    } catch (RuntimeException e) {
      throw PenstockException.io(
          "spill-corrupt", where + " is not what was written (" + e.getMessage() + ")", e);
    }
  }

  private static final class Read extends CheckedReader {
    Read(byte[] object) {
      super(new Window(ByteBuffer.wrap(object)));
      end = object.length;
      here();
    }

    @Override
    protected void fill() {
      throw new IllegalStateException("it ends too early");
    }
  }
}
