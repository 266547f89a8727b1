package dev.penstock.sources.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xerial.snappy.Snappy;

/**
 * Beside the native library: what that compresses comes back; damage is an error or other bytes,
 * never a write elsewhere.
 */
class SnappyDecoderTest {
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  /**
   * Numbers of few digits, texts with repetitions, noise, runs: every kind of element in every
   * length.
   */
  private byte[] content(int kind, int size) {
    byte[] b = new byte[size];
    switch (kind) {
      case 0 -> random.nextBytes(b);
      case 1 -> {
        for (int i = 0; i + 8 <= size; i += 8) {
          LittleEndian.putLong(b, i, random.nextInt(200_000));
        }
      }
      case 2 -> {
        for (int i = 0; i < size; ) {
          int run = Math.min(size - i, 1 + random.nextInt(200));
          Arrays.fill(b, i, i + run, (byte) random.nextInt(5));
          i += run;
        }
      }
      default -> {
        for (int i = 0; i < size; ) {
          int n = Math.min(size - i, 1 + random.nextInt(100));
          if (i > 0 && random.nextBoolean()) {
            int back = 1 + random.nextInt(Math.min(i, 70_000));
            for (int k = 0; k < n; k++) {
              b[i + k] = b[i - back + k];
            }
          } else {
            for (int k = 0; k < n; k++) {
              b[i + k] = (byte) random.nextInt(256);
            }
          }
          i += n;
        }
      }
    }
    return b;
  }

  @Test
  void whatTheLibraryCompressesComesBack() throws IOException {
    System.out.println("SnappyDecoderTest seed " + seed);
    for (int round = 0; round < 2000; round++) {
      int size = round % 10 == 0 ? random.nextInt(200_000) : random.nextInt(600);
      byte[] content = content(random.nextInt(4), size);
      byte[] compressed = Snappy.compress(content);
      int before = random.nextInt(20);
      int after = random.nextInt(20);
      byte[] in = new byte[before + compressed.length + after];
      random.nextBytes(in);
      System.arraycopy(compressed, 0, in, before, compressed.length);
      byte[] out = new byte[before + size + after + 8];
      int n = SnappyDecoder.decompress(in, before, compressed.length, out, before, size);
      assertEquals(size, n, "seed " + seed);
      assertArrayEquals(content, Arrays.copyOfRange(out, before, before + size), "seed " + seed);
    }
  }

  @Test
  void anotherSizeIsSaidAndNothingIsWritten() throws IOException {
    byte[] compressed = Snappy.compress(content(1, 800));
    byte[] out = new byte[900];
    assertEquals(800, SnappyDecoder.decompress(compressed, 0, compressed.length, out, 0, 801));
    assertArrayEquals(new byte[900], out);
  }

  @Test
  void damageEndsInAnError() throws IOException {
    int errors = 0;
    for (int round = 0; round < 5000; round++) {
      byte[] content = content(1 + random.nextInt(3), 200 + random.nextInt(2000));
      byte[] compressed = Snappy.compress(content);
      for (int k = 0; k < 3; k++) {
        compressed[random.nextInt(compressed.length)] = (byte) random.nextInt(256);
      }
      byte[] out = new byte[content.length + 40];
      try {
        int n = SnappyDecoder.decompress(compressed, 0, compressed.length, out, 0, content.length);
        errors += n == content.length ? 0 : 1;
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        errors++;
      }
    }
    assertTrue(errors > 500, errors + " of 5000 were seen, seed " + seed);
    assertThrows(
        IllegalArgumentException.class,
        () -> SnappyDecoder.decompress(new byte[] {-1, -1}, 0, 2, new byte[9], 0, 1));
  }
}
