package dev.penstock.sql.calcite;

import dev.penstock.monitor.CancellationToken;
import java.io.IOException;
import org.apache.calcite.util.SourceStringReader;

/** A text that ends with the cause of its query's token: the parser takes a long one in pieces. */
final class CheckedText extends SourceStringReader {
  private static final int PIECE = 256;

  private final CancellationToken token;

  CheckedText(String text, CancellationToken token) {
    super(text);
    this.token = token;
  }

  @Override
  public int read(char[] into, int from, int count) throws IOException {
    token.check();
    return super.read(into, from, Math.min(count, PIECE));
  }
}
