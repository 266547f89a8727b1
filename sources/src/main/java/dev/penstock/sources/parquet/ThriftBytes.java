package dev.penstock.sources.parquet;

import dev.penstock.monitor.PenstockException;
import java.util.Arrays;
import shaded.parquet.org.apache.thrift.TBase;
import shaded.parquet.org.apache.thrift.TConfiguration;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.transport.TTransport;
import shaded.parquet.org.apache.thrift.transport.TTransportException;

/**
 * Reads thrift structures out of a byte range, and writes them. (The transports of the thrift
 * library need a logger.) A size that the structure declares is refused before it is allocated when
 * it is larger than what is left of the range.
 */
final class ThriftBytes extends TTransport {
  private static final GrowingBytes NOTHING = new GrowingBytes();

  private final byte[] bytes;
  private final int end;
  private final GrowingBytes out;
  private int at;

  private ThriftBytes(GrowingBytes out) {
    this.bytes = new byte[0];
    this.end = 0;
    this.out = out;
  }

  ThriftBytes(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
    this.out = NOTHING;
  }

  /** Reads one structure; the position moves behind it. */
  <T extends TBase<?, ?>> T read(T into) throws TException {
    int limit = Math.max(1, end - at);
    try {
      into.read(new TCompactProtocol(this, limit, limit));
    } catch (StackOverflowError e) {
      // unknown fields are skipped recursively; no format nests them deeply
      throw new TException("the structure is nested too deeply", e);
    }
    return into;
  }

  /** The bytes of a structure. */
  static byte[] write(TBase<?, ?> structure) {
    GrowingBytes out = new GrowingBytes();
    ThriftBytes to = new ThriftBytes(out);
    try {
      structure.write(new TCompactProtocol(to));
    } catch (TException e) {
      throw PenstockException.fault("a Parquet structure cannot be written", e);
    }
    return Arrays.copyOf(out.bytes, out.size);
  }

  int position() {
    return at;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws TTransportException {
    int n = Math.min(length, end - at);
    if (n <= 0 && length > 0) {
      throw new TTransportException(TTransportException.END_OF_FILE, "the structure is cut off");
    }
    System.arraycopy(bytes, at, into, offset, n);
    at += n;
    return n;
  }

  @Override
  public byte[] getBuffer() {
    return bytes;
  }

  @Override
  public int getBufferPosition() {
    return at;
  }

  @Override
  public int getBytesRemainingInBuffer() {
    return end - at;
  }

  @Override
  public void consumeBuffer(int length) {
    at += length;
  }

  @Override
  public void checkReadBytesAvailable(long wanted) throws TTransportException {
    if (wanted < 0 || wanted > end - at) {
      throw new TTransportException(
          TTransportException.END_OF_FILE,
          "the structure declares " + wanted + " bytes where " + (end - at) + " are left");
    }
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void open() {}

  @Override
  public void close() {}

  @Override
  public void write(byte[] b, int offset, int length) {
    if (out == NOTHING) {
      throw new IllegalStateException("a reader");
    }
    out.put(b, offset, length);
  }

  @Override
  public TConfiguration getConfiguration() {
    return TConfiguration.DEFAULT;
  }

  @Override
  public void updateKnownMessageSize(long size) {}
}
