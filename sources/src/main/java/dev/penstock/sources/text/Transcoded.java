package dev.penstock.sources.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Text of another encoding as UTF-8. A byte sequence that is not text of that encoding is an
 * IOException.
 */
final class Transcoded extends InputStream {
  private final Reader reader;
  private final char[] chars = new char[8192];
  private byte[] bytes = {};
  private int at;
  private int held;

  Transcoded(InputStream in, Charset charset) {
    this.reader =
        new InputStreamReader(
            in,
            charset
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
  }

  @Override
  public int read(byte[] b, int off, int len) throws IOException {
    while (at == bytes.length) {
      int n = reader.read(chars, held, chars.length - held);
      if (n < 0) {
        if (held == 0) {
          return -1;
        }
        n = 0;
      }
      int have = held + n;
      // a surrogate pair may lie across two reads
      held = n > 0 && Character.isHighSurrogate(chars[have - 1]) ? 1 : 0;
      bytes = new String(chars, 0, have - held).getBytes(StandardCharsets.UTF_8);
      if (held == 1) {
        chars[0] = chars[have - 1];
      }
      at = 0;
    }
    int n = Math.min(len, bytes.length - at);
    System.arraycopy(bytes, at, b, off, n);
    at += n;
    return n;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
