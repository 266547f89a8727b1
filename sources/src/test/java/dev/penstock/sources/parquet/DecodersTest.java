package dev.penstock.sources.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.batch.Bits;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bit widths, runs and deltas, beside encoders that are simple enough to be right. */
class DecodersTest {
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @Test
  void unpacksEveryWidthFromEveryPlace() {
    System.out.println("DecodersTest seed " + seed);
    for (int width = 0; width <= 32; width++) {
      int n = 200;
      long mask = (1L << width) - 1;
      long[] values = new long[n];
      byte[] bytes = new byte[3 + (n * width + 7) / 8 + 8];
      random.nextBytes(bytes);
      for (int i = 0; i < n; i++) {
        values[i] = random.nextLong() & mask;
        for (int b = 0; b < width; b++) {
          int bit = 24 + i * width + b;
          bytes[bit / 8] =
              (byte) (bytes[bit / 8] & ~(1 << bit % 8) | (values[i] >>> b & 1) << bit % 8);
        }
      }
      for (int from = 0; from < 20; from++) {
        for (int count : new int[] {0, 1, 7, 8, 9, 16, 63, n - from}) {
          int[] out = new int[count + 2];
          BitUnpack.ints(bytes, 3, from, width, out, 1, count);
          for (int i = 0; i < count; i++) {
            assertEquals((int) values[from + i], out[i + 1], "seed " + seed + " width " + width);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 100, 3000, 70000})
  void runsComeBack(int distinct) {
    for (int round = 0; round < 30; round++) {
      int n = random.nextInt(3000);
      int[] values = new int[n];
      for (int i = 0; i < n; ) {
        int run = random.nextInt(4) == 0 ? 1 + random.nextInt(40) : 1;
        int v = random.nextInt(distinct);
        for (int k = 0; k < run && i < n; k++) {
          values[i++] = v;
        }
      }
      GrowingBytes out = new GrowingBytes();
      int width = RunEncoder.width(distinct);
      RunEncoder.ids(values, 0, n, width, out);
      byte[] bytes = Arrays.copyOf(out.bytes, out.size + 8);
      IdDecoder decoder = new IdDecoder();
      decoder.begin(bytes, 0, out.size, width);
      int[] got = new int[n];
      int at = 0;
      while (at < n) {
        int take = Math.min(n - at, 1 + random.nextInt(50));
        if (random.nextInt(3) == 0) {
          decoder.skip(take);
          System.arraycopy(values, at, got, at, take);
        } else {
          decoder.read(got, at, take);
        }
        at += take;
      }
      assertArrayEquals(values, got, "seed " + seed);
    }
  }

  @Test
  void levelsComeBackAsNullBitmaps() {
    for (int round = 0; round < 200; round++) {
      int n = 1 + random.nextInt(300);
      long[] nulls = new long[Bits.words(n) + 1];
      int kind = random.nextInt(4);
      for (int i = 0; i < n; i++) {
        if (kind == 1 || (kind > 1 && random.nextInt(kind * 3) == 0)) {
          Bits.set(nulls, i);
        }
      }
      GrowingBytes out = new GrowingBytes();
      RunEncoder.levels(nulls, 0, n, Bits.count(nulls, n), out);
      IdDecoder decoder = new IdDecoder();
      decoder.begin(Arrays.copyOf(out.bytes, out.size + 8), 4, out.size, 1);
      long[] got = decoder.readNulls(n);
      for (int i = 0; i < n; i++) {
        assertEquals(
            Bits.get(nulls, i), got != null && Bits.get(got, i), "seed " + seed + " bit " + i);
      }
    }
  }

  @Test
  void deltasOfEveryWidthComeBack() {
    for (int width = 0; width <= 64; width++) {
      for (int n : new int[] {0, 1, 2, 32, 33, 129, 500}) {
        long[] values = new long[n];
        for (int i = 0; i < n; i++) {
          values[i] = width == 0 ? 7L * i : random.nextLong() >> (64 - width);
        }
        for (int blocks : new int[] {1, 4}) {
          byte[] encoded = DeltaEncoder.encode(values, 128, blocks);
          long[] got = new long[n];
          DeltaBinary decoder =
              new DeltaBinary(Arrays.copyOf(encoded, encoded.length + 8), 0, encoded.length);
          decoder.read(got, n);
          assertArrayEquals(values, got, "seed " + seed + " width " + width);
          assertEquals(encoded.length, decoder.position());
        }
      }
    }
  }

  @Test
  void bitmapsAreOredAtAnyOffset() {
    for (int round = 0; round < 300; round++) {
      long[] in = {random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()};
      int from = random.nextInt(100);
      int n = random.nextInt(156);
      int to = random.nextInt(100);
      long[] out = new long[5];
      Bitmaps.or(in, from, out, to, n);
      int count = 0;
      for (int i = 0; i < 5 * 64; i++) {
        boolean expected = i >= to && i < to + n && Bits.get(in, from + i - to);
        count += expected ? 1 : 0;
        assertEquals(expected, Bits.get(out, i), "seed " + seed);
      }
      assertEquals(count, Bitmaps.count(in, from, from + n), "seed " + seed);
      long[] filled = new long[5];
      Bitmaps.fill(filled, to, to + n);
      assertEquals(n, Bitmaps.count(filled, 0, 320));
      assertEquals(n, Bitmaps.count(filled, to, to + n));
    }
  }

  @Test
  void halfFloats() {
    assertEquals(1.0, PlainDoubles.half((short) 0x3C00));
    assertEquals(-2.0, PlainDoubles.half((short) 0xC000));
    assertEquals(65504.0, PlainDoubles.half((short) 0x7BFF));
    assertEquals(0x1p-24, PlainDoubles.half((short) 0x0001));
    assertEquals(-0.0, PlainDoubles.half((short) 0x8000));
    assertEquals(Double.POSITIVE_INFINITY, PlainDoubles.half((short) 0x7C00));
    assertEquals(Double.NaN, PlainDoubles.half((short) 0x7E00));
  }
}
