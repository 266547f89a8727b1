package dev.penstock.sources.text;

import java.nio.charset.Charset;
import java.nio.file.Path;

/**
 * One file of text.
 *
 * @param name how messages call it: the path as the user wrote it
 */
public record TextFile(Path path, String name, Compression compression, Charset charset) {
  /** The same file, called otherwise in messages. */
  public TextFile named(String other) {
    return new TextFile(path, other, compression, charset);
  }

  public ByteInput open() {
    return ByteInput.open(path, name, compression, charset);
  }
}
