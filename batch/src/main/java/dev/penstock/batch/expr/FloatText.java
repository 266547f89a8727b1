package dev.penstock.batch.expr;

import java.math.BigDecimal;

/**
 * The text of a float64: the digits that tell it from its neighbours, with a point; from 1e16 on
 * and below 1e-4 with an exponent, as {@code 1.5e+16}.
 */
final class FloatText {
  private FloatText() {}

  static String of(double v) {
    if (!Double.isFinite(v)) {
      return Double.isNaN(v) ? "nan" : v > 0 ? "inf" : "-inf";
    }
    double size = Math.abs(v);
    if (size >= 1e-3 && size < 1e7 || size == 0) {
      return Double.toString(v); // has no exponent here
    }
    BigDecimal digits = BigDecimal.valueOf(v).stripTrailingZeros();
    if (size >= 1e-4 && size < 1e16) {
      String plain = digits.toPlainString();
      return digits.scale() <= 0 ? plain + ".0" : plain;
    }
    int exponent = digits.precision() - digits.scale() - 1;
    String unscaled = digits.unscaledValue().abs().toString();
    String point = unscaled.length() == 1 ? "" : "." + unscaled.substring(1);
    String tens = (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "");
    return (v < 0 ? "-" : "") + unscaled.charAt(0) + point + "e" + tens + Math.abs(exponent);
  }
}
