package dev.penstock.sparql.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Bytes that end where they end, or fail with an error of ours: Jena takes a file that breaks off
 * (a download that was cut, of {@code .gz}) for one that is complete.
 */
final class Unbroken extends FilterInputStream {
  private final String where;

  Unbroken(InputStream in, String where) {
    super(in);
    this.where = where;
  }

  @Override
  public int read() {
    try {
      return super.read();
    } catch (IOException e) {
      throw Input.cannotRead(where, e);
    }
  }

  @Override
  public int read(byte[] to, int from, int n) {
    try {
      return super.read(to, from, n);
    } catch (IOException e) {
      throw Input.cannotRead(where, e);
    }
  }
}
