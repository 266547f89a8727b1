package dev.penstock.batch.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.batch.HostValues;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class Int128Test {
  private static final BigInteger MIN = BigInteger.ONE.shiftLeft(127).negate();
  private static final BigInteger MAX = BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE);

  /** Numbers of every size, the borders of words and powers of ten among them. */
  @Provide
  Arbitrary<BigInteger> numbers() {
    return Arbitraries.oneOf(
        Arbitraries.bigIntegers().between(MIN, MAX),
        Arbitraries.longs().map(BigInteger::valueOf),
        Arbitraries.integers().between(0, 127).flatMap(Int128Test::around),
        Arbitraries.integers()
            .between(0, 38)
            .map(BigInteger.TEN::pow)
            .flatMap(
                t -> Arbitraries.of(t, t.negate(), t.subtract(BigInteger.ONE), t.shiftRight(1))));
  }

  private static Arbitrary<BigInteger> around(int bit) {
    BigInteger p = BigInteger.ONE.shiftLeft(bit);
    return Arbitraries.integers()
        .between(-2, 2)
        .map(d -> p.add(BigInteger.valueOf(d)).min(MAX))
        .flatMap(v -> Arbitraries.of(v, v.negate().max(MIN)));
  }

  private static long high(BigInteger v) {
    return v.shiftRight(64).longValue();
  }

  private static long low(BigInteger v) {
    return v.longValue();
  }

  private static void assertWords(BigInteger expected, boolean overflow, long high, long low) {
    assertEquals(expected.bitLength() > 127, overflow, "overflow of " + expected);
    if (!overflow) {
      assertEquals(expected, HostValues.toBigInteger(high, low));
    }
  }

  @Property
  void addsAndSubtracts(@ForAll("numbers") BigInteger a, @ForAll("numbers") BigInteger b) {
    long sum = Int128.addHigh(high(a), low(a), high(b), low(b));
    assertWords(a.add(b), Int128.addOverflow(high(a), high(b), sum) < 0, sum, low(a) + low(b));
    long difference = Int128.subtractHigh(high(a), low(a), high(b), low(b));
    assertWords(
        a.subtract(b),
        Int128.subtractOverflow(high(a), high(b), difference) < 0,
        difference,
        low(a) - low(b));
    assertEquals(
        Integer.signum(a.compareTo(b)),
        Integer.signum(Int128.compare(high(a), low(a), high(b), low(b))));
  }

  @Property
  void multiplies(@ForAll("numbers") BigInteger a, @ForAll("numbers") BigInteger b) {
    long[] out = new long[4];
    boolean over = Int128.multiply(high(a), low(a), high(b), low(b), out, 2);
    assertWords(a.multiply(b), over, out[2], out[3]);
    over = Int128.multiply(high(a), low(a), low(b), out, 1);
    assertWords(a.multiply(BigInteger.valueOf(low(b))), over, out[1], out[2]);
  }

  @Property
  void scales(@ForAll("numbers") BigInteger a, @ForAll @IntRange(min = 0, max = 38) int digits) {
    long[] out = new long[2];
    boolean over = Int128.scaleUp(high(a), low(a), digits, out, 0);
    assertWords(a.multiply(BigInteger.TEN.pow(digits)), over, out[0], out[1]);
    Int128.scaleDown(high(a), low(a), digits, out, 0);
    BigInteger expected =
        new BigDecimal(a, digits).setScale(0, RoundingMode.HALF_UP).toBigIntegerExact();
    assertEquals(expected, HostValues.toBigInteger(out[0], out[1]));
    assertEquals(
        a.abs().compareTo(BigInteger.TEN.pow(digits)) < 0,
        Int128.fitsDigits(high(a), low(a), digits));
  }

  @Property
  void reads(@ForAll("numbers") BigInteger a, @ForAll @IntRange(min = 0, max = 38) int scale) {
    BigDecimal d = new BigDecimal(a, scale);
    assertEquals(d.doubleValue(), Int128.toDouble(high(a), low(a), scale));
    assertEquals(d.toPlainString(), Int128.toString(high(a), low(a), scale));
    assertEquals(a.bitLength() <= 63, Int128.fitsLong(high(a), low(a)));
    assertEquals(
        new BigDecimal(BigInteger.valueOf(low(a)), scale)
            .setScale(0, RoundingMode.HALF_UP)
            .longValueExact(),
        Int128.divideRounding(low(a), scale));
    if (!a.equals(MIN)) {
      assertEquals(
          a.negate(), HostValues.toBigInteger(Int128.negateHigh(high(a), low(a)), -low(a)));
    }
  }
}
