package dev.penstock.sources.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteScanTest {
  @Test
  void searchesAreThoseOfAPlainLoop() {
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      byte[] b = new byte[random.nextInt(40)];
      for (int k = 0; k < b.length; k++) {
        b[k] =
            random.nextInt(3) == 0 ? (byte) random.nextInt(256) : (byte) ('\n' + random.nextInt(4));
      }
      int from = b.length == 0 ? 0 : random.nextInt(b.length);
      byte wanted = (byte) ('\n' + random.nextInt(4));
      int first = b.length;
      int last = -1;
      int count = 0;
      int lines = 0;
      boolean ascii = true;
      for (int k = from; k < b.length; k++) {
        if (b[k] == wanted) {
          first = Math.min(first, k);
          last = k;
          count++;
        }
        ascii &= b[k] >= 0;
        lines += b[k] == '\n' || (b[k] == '\r' && (k + 1 == b.length || b[k + 1] != '\n')) ? 1 : 0;
      }
      assertEquals(first, ByteScan.find(b, from, b.length, wanted));
      assertEquals(last, ByteScan.findLast(b, from, b.length, wanted));
      assertEquals(count, ByteScan.count(b, from, b.length, wanted));
      assertEquals(lines, ByteScan.lines(b, from, b.length));
      assertEquals(ascii, ByteScan.isAscii(b, from, b.length));
    }
  }

  @Test
  void utf8IsWhatTheJdkTakes() {
    Random random = new Random(6);
    for (int i = 0; i < 200_000; i++) {
      byte[] b = new byte[random.nextInt(14)];
      random.nextBytes(b);
      for (int k = 0; k < b.length; k++) {
        // mostly leads and continuations, so that long forms come about
        b[k] =
            switch (random.nextInt(6)) {
              case 0 -> (byte) (0xE0 | random.nextInt(16));
              case 1 -> (byte) (0xF0 | random.nextInt(6));
              case 2, 3 -> (byte) (0x80 | random.nextInt(64));
              case 4 -> (byte) (0xC0 | random.nextInt(32));
              default -> (byte) 'a';
            };
      }
      assertEquals(jdk(b), ByteScan.isUtf8(b, 0, b.length));
    }
    String all = "aé日🙂\uD7FF\uE000\uFFFF";
    byte[] b = all.getBytes(StandardCharsets.UTF_8);
    assertEquals(true, ByteScan.isUtf8(b, 0, b.length));
  }

  private static boolean jdk(byte[] b) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(b));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
