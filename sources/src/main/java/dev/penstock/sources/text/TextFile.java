package dev.penstock.sources.text;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * One file of text.
 *
 * @param name how messages call it: the path as the user wrote it
 * @param offset where reading begins; above 0 in a plain file only
 */
public record TextFile(
    Path path, String name, Compression compression, Charset charset, long offset) {
  public TextFile(Path path, String name, Compression compression, Charset charset) {
    this(path, name, compression, charset, 0);
  }

  /** The same file, called otherwise in messages. */
  public TextFile named(String other) {
    return new TextFile(path, other, compression, charset, offset);
  }

  /** The rest of a plain file from an offset on. Messages then count its lines from there. */
  TextFile from(long byteOffset) {
    return new TextFile(path, name, compression, charset, byteOffset);
  }

  /** The bytes of the file are its text: not packed, and UTF-8. */
  public boolean isPlain() {
    return compression == Compression.NONE && charset.equals(StandardCharsets.UTF_8);
  }

  public ByteInput open() {
    return ByteInput.open(path, name, compression, charset, offset);
  }
}
