package dev.penstock.sources.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xerial.snappy.Snappy;

class SnappyPrefixTest {
  @Test
  void everyPrefixIsThatOfTheWhole() throws IOException {
    long seed = System.nanoTime();
    System.out.println("SnappyPrefixTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      byte[] plain = new byte[random.nextInt(100_000)];
      int letters = 1 + random.nextInt(round % 3 == 0 ? 256 : 4);
      for (int i = 0; i < plain.length; i++) {
        boolean again = i > 3000 && round % 2 == 0 && random.nextInt(50) > 0;
        plain[i] = again ? plain[i - 3000] : (byte) random.nextInt(letters);
      }
      byte[] packed = Snappy.compress(plain);
      for (int wanted : new int[] {0, 1, plain.length / 3, plain.length}) {
        byte[] out = new byte[wanted + 5];
        int got = SnappyPrefix.decompress(packed, 0, packed.length, out, 2, wanted);
        assertEquals(wanted, got);
        assertArrayEquals(
            Arrays.copyOf(plain, wanted), Arrays.copyOfRange(out, 2, 2 + wanted), "wanted");
      }
      // cut off: what there is
      byte[] out = new byte[plain.length];
      int got = SnappyPrefix.decompress(packed, 0, packed.length / 2, out, 0, plain.length);
      assertArrayEquals(Arrays.copyOf(plain, got), Arrays.copyOf(out, got));
    }
  }

  @Test
  void damageIsAnErrorAndNeverReadsElsewhere() {
    byte[] copyOfNothing = {10, 0b0000_0001, 1};
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> SnappyPrefix.decompress(copyOfNothing, 0, 3, new byte[10], 0, 10));
    assertEquals("a copy from 1 bytes back", e.getMessage());
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      byte[] any = new byte[random.nextInt(40)];
      random.nextBytes(any);
      try {
        int got = SnappyPrefix.decompress(any, 0, any.length, new byte[64], 4, 60);
        assertEquals(true, got >= 0 && got <= 60);
      } catch (IllegalArgumentException | IndexOutOfBoundsException expected) {
        assertEquals(false, expected.toString().isEmpty());
      }
    }
  }
}
