package dev.penstock.buffer.block;

import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * A compressed payload: frames of at most 256 KiB, each
 *
 * <pre>
 * int raw bytes, int packed bytes; the packed bytes, padded to 8
 * </pre>
 *
 * <p>A frame that does not get smaller is stored as it is: both lengths are equal then.
 */
public final class Frames {
  static final int RAW = 256 << 10;
  private static final int PACKED = RAW + RAW / 128 + 1024;
  private static final LZ4Compressor LZ4 = LZ4Factory.fastestInstance().fastCompressor();
  private static final LZ4SafeDecompressor UNLZ4 = LZ4Factory.fastestInstance().safeDecompressor();

  private final Window raw = new Window(ByteBuffer.allocateDirect(RAW));
  private final ByteBuffer packed = ByteBuffer.allocateDirect(PACKED);

  /** Bytes that so many raw bytes need at most. */
  static long bound(long rawBytes) {
    return rawBytes + 16 * (rawBytes / RAW + 1);
  }

  /** Packs frames onto another writer; {@link FrameWriter#full} ends the last one. */
  BlockWriter writer(Codec codec, BlockWriter out) {
    return new FrameWriter(this, codec, out);
  }

  BlockReader reader(Codec codec, BlockReader in) {
    return new FrameReader(this, codec, in);
  }

  private static final class FrameWriter extends BlockWriter {
    private final Frames frames;
    private final Codec codec;
    private final BlockWriter out;

    FrameWriter(Frames frames, Codec codec, BlockWriter out) {
      super(frames.raw);
      this.frames = frames;
      this.codec = codec;
      this.out = out;
    }

    @Override
    protected void full() {
      int n = at;
      ByteBuffer from = frames.raw.bytes;
      ByteBuffer packed = frames.packed;
      int small =
          codec == Codec.LZ4
              ? LZ4.compress(from, 0, n, packed, 0, PACKED)
              : (int) Zstd.compressDirectByteBuffer(packed, 0, PACKED, from, 0, n, 1);
      if (small >= n) {
        out.put(n | (long) n << 32);
        out.bytes(from, n);
      } else {
        out.put(n | (long) small << 32);
        out.bytes(packed, small);
      }
      at = 0;
    }
  }

  private static final class FrameReader extends BlockReader {
    private final Frames frames;
    private final Codec codec;
    private final BlockReader in;

    FrameReader(Frames frames, Codec codec, BlockReader in) {
      super(frames.raw);
      this.frames = frames;
      this.codec = codec;
      this.in = in;
    }

    @Override
    protected void more() {
      long head = in.get();
      int n = (int) head;
      int small = (int) (head >>> 32);
      if (n <= 0 || n > RAW || small <= 0 || small > n) {
        throw new IllegalStateException("a frame of " + small + " bytes for " + n);
      }
      if (small == n) {
        in.bytes(frames.raw.bytes, n);
      } else {
        in.bytes(frames.packed, small);
        long got =
            codec == Codec.LZ4
                ? UNLZ4.decompress(frames.packed, 0, small, frames.raw.bytes, 0, n)
                : Zstd.decompressDirectByteBuffer(frames.raw.bytes, 0, n, frames.packed, 0, small);
        if (got != n) {
          throw new IllegalStateException("a frame gives " + got + " bytes, not " + n);
        }
      }
      at = 0;
      end = n;
    }
  }
}
