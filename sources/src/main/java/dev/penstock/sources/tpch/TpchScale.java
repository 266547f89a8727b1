package dev.penstock.sources.tpch;

/** How many things there are at a scale factor. */
record TpchScale(double factor) {
  private static final int SUPPLIERS_PER_PART = 4;

  long suppliers() {
    return (long) (10_000 * factor);
  }

  long customers() {
    return (long) (150_000 * factor);
  }

  long parts() {
    return (long) (200_000 * factor);
  }

  long orders() {
    return (long) (1_500_000 * factor);
  }

  /** The greatest order key: of 32 keys the first 8 are used. */
  long lastOrderKey() {
    return orders() >> 3 << 5 | (orders() & 7);
  }

  /**
   * Each part has four different suppliers. In tiny databases the generator may choose one twice.
   */
  boolean suppliersOfAPartDiffer() {
    long n = suppliers();
    if (n == 0) {
      return false;
    }
    for (long round = 0; round <= Math.max(0, parts() - 1) / n; round++) {
      long step = n / SUPPLIERS_PER_PART + round;
      for (int k = 1; k < SUPPLIERS_PER_PART; k++) {
        if (step * k % n == 0) {
          return false;
        }
      }
    }
    return true;
  }
}
