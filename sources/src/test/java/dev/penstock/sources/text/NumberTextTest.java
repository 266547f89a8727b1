package dev.penstock.sources.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.HostValues;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NumberTextTest {
  private final long[] longs = new long[4];
  private final int[] ints = new int[1];
  private final double[] doubles = new double[1];

  private static byte[] bytes(String text) {
    return ("x" + text + "9").getBytes(StandardCharsets.UTF_8);
  }

  private boolean isLong(String text) {
    byte[] b = bytes(text);
    return NumberText.readLong(b, 1, b.length - 1, longs, 0);
  }

  private boolean isDouble(String text) {
    byte[] b = bytes(text);
    return NumberText.readDouble(b, 1, b.length - 1, doubles, 0);
  }

  private boolean isDecimal(String text, int precision, int scale) {
    byte[] b = bytes(text);
    return NumberText.readDecimal(b, 1, b.length - 1, precision, scale, longs, 0);
  }

  @Test
  void longsAreThoseOfTheJdk() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      long v = random.nextLong() >> random.nextInt(64);
      assertTrue(isLong(Long.toString(v)));
      assertEquals(v, longs[0]);
    }
    for (String ok : List.of("+5", "-0", "0000000000000000000000012", "9223372036854775807")) {
      assertTrue(isLong(ok), ok);
      assertEquals(Long.parseLong(ok), longs[0]);
    }
    assertTrue(isLong("-9223372036854775808"));
    assertEquals(Long.MIN_VALUE, longs[0]);
    for (String bad :
        List.of(
            "",
            "-",
            "+",
            "1.0",
            "1 ",
            "é",
            "12a",
            "9223372036854775808",
            "-9223372036854775809",
            "99999999999999999999",
            "1234567890123456789x",
            "--1")) {
      assertFalse(isLong(bad), bad);
    }
  }

  @Test
  void intsHaveTheirRange() {
    for (String text : List.of("2147483647", "-2147483648", "+7", "0")) {
      byte[] b = bytes(text);
      assertTrue(NumberText.readInt(b, 1, b.length - 1, ints, 0), text);
      assertEquals(Integer.parseInt(text), ints[0]);
    }
    for (String text :
        List.of("2147483648", "-2147483649", "", "-", "1.5", "99999999999999999999")) {
      byte[] b = bytes(text);
      assertFalse(NumberText.readInt(b, 1, b.length - 1, ints, 0), text);
    }
  }

  @Test
  void doublesAreThoseOfTheJdk() {
    Random random = new Random(2);
    for (int i = 0; i < 200_000; i++) {
      String text =
          switch (i % 5) {
            case 0 -> Double.toString(random.nextGaussian() * 1000);
            case 1 -> String.format(Locale.ROOT, "%.3f", random.nextDouble() * 1e6);
            case 2 -> random.nextInt() + "e" + (random.nextInt(60) - 30);
            case 3 -> random.nextLong() + "." + Math.abs(random.nextLong() % 1000);
            default -> {
              double d = Double.longBitsToDouble(random.nextLong());
              yield Double.isFinite(d) ? Double.toString(d) : "." + random.nextInt(100);
            }
          };
      assertTrue(isDouble(text), text);
      assertEquals(
          Double.doubleToLongBits(Double.parseDouble(text)),
          Double.doubleToLongBits(doubles[0]),
          text);
    }
    assertTrue(isDouble("-inf"));
    assertEquals(Double.NEGATIVE_INFINITY, doubles[0]);
    assertTrue(isDouble("NaN"));
    assertTrue(isDouble("9007199254740993"));
    assertEquals(9007199254740992.0, doubles[0]);
    assertTrue(isDouble("0." + "0".repeat(400) + "1e401"));
    assertEquals(1.0, doubles[0]);
    for (String bad :
        List.of(
            "", ".", "-", "e5", "1e", "1e+", "1.5f", "0x1p3", "1,5", "1e999", "1 ", "1.2.3",
            "nanx")) {
      assertFalse(isDouble(bad), bad);
    }
  }

  @Test
  void decimalsAreExactOrRefused() {
    Random random = new Random(3);
    for (int i = 0; i < 100_000; i++) {
      int precision = 1 + random.nextInt(38);
      int scale = random.nextInt(precision + 1);
      BigDecimal d =
          BigDecimal.valueOf(random.nextLong() >> random.nextInt(64), random.nextInt(20));
      String text = i % 3 == 0 ? d.toString() : d.toPlainString();
      boolean fits =
          d.signum() == 0
              || (d.stripTrailingZeros().scale() <= scale
                  && d.precision() - d.scale() <= precision - scale);
      byte[] b = bytes(text);
      boolean read;
      if (precision <= 18) {
        read = NumberText.readDecimal(b, 1, b.length - 1, precision, scale, longs, 0);
        if (read) {
          assertEquals(d.setScale(scale), BigDecimal.valueOf(longs[0], scale), text);
        }
      } else {
        read = NumberText.readWideDecimal(b, 1, b.length - 1, precision, scale, longs, 1);
        if (read) {
          assertEquals(
              d.setScale(scale),
              new BigDecimal(HostValues.toBigInteger(longs[2], longs[3]), scale));
        }
      }
      assertEquals(fits, read, text + " as decimal(" + precision + "," + scale + ")");
    }
    for (String bad : List.of("", "-", ".", "1.2.3", "1e", "x", "1_0")) {
      assertFalse(isDecimal(bad, 18, 2), bad);
    }
    assertTrue(isDecimal("00000000000000000000001.50000000000000000000", 3, 1));
    assertEquals(15, longs[0]);
  }
}
