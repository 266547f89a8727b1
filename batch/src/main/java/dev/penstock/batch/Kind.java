package dev.penstock.batch;

/** The kinds of type, and how each lies in memory. */
public enum Kind {
  BOOLEAN("boolean", Layout.BITS),
  INT32("int32", Layout.INTS),
  INT64("int64", Layout.LONGS),
  FLOAT64("float64", Layout.DOUBLES),
  /**
   * Up to 18 digits a scaled long, beyond that a 128-bit scaled integer (PAIRS); see {@link
   * DataType#layout()}.
   */
  DECIMAL("decimal", Layout.LONGS),
  VARCHAR("varchar", Layout.BYTES),
  VARBINARY("varbinary", Layout.BYTES),
  /** Days since 1970-01-01. */
  DATE("date", Layout.INTS),
  /** Microseconds since midnight. */
  TIME("time", Layout.LONGS),
  /** Microseconds since 1970-01-01T00:00, no zone. */
  TIMESTAMP("timestamp", Layout.LONGS),
  /** Microseconds since 1970-01-01T00:00Z. */
  TIMESTAMPTZ("timestamptz", Layout.LONGS),
  /** hi = months << 32 | days (as unsigned int), lo = microseconds. */
  INTERVAL("interval", Layout.PAIRS),
  /** hi, lo = the most and least significant bits; ordered as unsigned 128 bits. */
  UUID("uuid", Layout.PAIRS),
  /** JSON text, UTF-8: lists and structs. */
  JSON("json", Layout.BYTES),
  /** Opaque objects of the stream level. */
  ANY("any", Layout.OBJECTS);

  private final String text;
  private final Layout layout;

  Kind(String text, Layout layout) {
    this.text = text;
    this.layout = layout;
  }

  /** The name as a plan writes it, without parameters. */
  public String text() {
    return text;
  }

  Layout layout() {
    return layout;
  }
}
