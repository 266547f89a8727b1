package dev.penstock.sources.text;

import dev.penstock.nodes.Source.Decoder;
import org.jspecify.annotations.Nullable;

/**
 * What a text format adds to {@link TextScan}.
 *
 * @param <L> what it finds out about each file before its first record
 */
public interface TextFormat<L> {
  /** A splitter for one file. */
  Splitter splitter(L layout);

  /**
   * Looks at the begin of a file, after a byte order mark, on the I/O thread.
   *
   * @param whole the range goes to the end of the file
   * @return where the first record begins and the layout; null when more bytes are needed (never
   *     when whole)
   */
  @Nullable Head<L> head(TextFile file, byte[] b, int from, int to, boolean whole);

  /** A decoder for the blocks of this scan. */
  Decoder decoder(TextScan<L> scan);

  /** See {@link TextFormat#head}. */
  record Head<L>(int from, L layout) {}
}
