package dev.penstock.sources.text;

import dev.penstock.nodes.Source.Morsel;
import org.jspecify.annotations.Nullable;

/**
 * Whole records of a file: {@code bytes[from until end]}. {@code bytes[end]} exists and is a
 * newline, so that a loop over fields needs no bound. Owned by the decoder that it was given to,
 * until {@link #release}.
 */
public final class TextBlock implements Morsel {
  final TextScan<?> scan;
  private byte @Nullable [] bytes;
  private final int from;
  private final int end;
  private final long firstLine;
  private final TextFile file;
  private final Object layout;
  private final int number;

  TextBlock(
      TextScan<?> scan,
      byte[] bytes,
      int from,
      int end,
      long firstLine,
      TextFile file,
      Object layout,
      int number) {
    this.scan = scan;
    this.bytes = bytes;
    this.from = from;
    this.end = end;
    this.firstLine = firstLine;
    this.file = file;
    this.layout = layout;
    this.number = number;
    bytes[end] = '\n';
  }

  public byte[] bytes() {
    if (bytes == null) {
      throw new IllegalStateException("the block was released");
    }
    return bytes;
  }

  public int from() {
    return from;
  }

  public int end() {
    return end;
  }

  /** The line, from 1, on which a position of the block lies. */
  public long line(int position) {
    return firstLine + ByteScan.lines(bytes(), from, position);
  }

  public TextFile file() {
    return file;
  }

  /** What the format found out about this file. */
  public Object layout() {
    return layout;
  }

  /** Its number in the scan, from 0. */
  public int number() {
    return number;
  }

  @Override
  public long sizeBytes() {
    byte[] b = bytes;
    return b == null ? 0 : b.length;
  }

  /** Gives the bytes back, after so many rows; idempotent. */
  public void release(long rows) {
    byte[] b = bytes;
    if (b != null) {
      bytes = null;
      scan.released(b, number, rows);
    }
  }
}
