package dev.penstock.sources.parquet;

/** Values of a fixed number of bytes. */
abstract class PlainFixed extends PlainValues {
  final int width;

  PlainFixed(int width) {
    this.width = width;
  }

  @Override
  void page(byte[] bytes, int from, int to, int values) {
    super.page(bytes, from, to, values);
    if (values > (to - from) / width) {
      throw new IllegalArgumentException(
          "the page has "
              + values
              + " values of "
              + width
              + " bytes, but only "
              + (to - from)
              + " bytes");
    }
  }

  /** The offset of the next n values, which are passed. */
  final int take(int n) {
    int from = at;
    if (n > (end - from) / width) {
      throw new IllegalArgumentException("the page ends before its values");
    }
    at = from + n * width;
    return from;
  }

  @Override
  final void skip(int n) {
    take(n);
  }
}
