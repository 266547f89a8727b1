package dev.penstock.sources.csv;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The texts that mean null. */
final class CsvNulls {
  private final byte[][] texts;

  CsvNulls(List<String> texts) {
    this.texts = texts.stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
  }

  boolean isEmpty() {
    return texts.length == 0;
  }

  boolean is(byte[] b, int from, int to) {
    for (byte[] text : texts) {
      if (Arrays.equals(text, 0, text.length, b, from, to)) {
        return true;
      }
    }
    return false;
  }
}
