package dev.penstock.sources.parquet;

/** How stored values become ours; the name says from what and to what. */
enum Conversion {
  BOOLEAN,
  INT32,
  /** uint32 as int64. */
  UNSIGNED_INT32_TO_LONG,
  /** Decimals. */
  INT32_TO_LONG,
  INT32_MILLIS_TO_MICROS,
  INT32_TO_PAIR,
  INT64,
  INT64_MILLIS_TO_MICROS,
  INT64_NANOS_TO_MICROS,
  INT64_TO_PAIR,
  /** uint64 as decimal(20,0). */
  UNSIGNED_INT64_TO_PAIR,
  /** Nanoseconds of a day and a Julian day. */
  INT96_TO_MICROS,
  FLOAT,
  DOUBLE,
  FLOAT16,
  /** Big-endian two's complement of a fixed or own length. */
  DECIMAL_TO_LONG,
  DECIMAL_TO_PAIR,
  /** 16 bytes, big-endian. */
  UUID,
  /** Months, days, milliseconds: three little-endian unsigned 32-bit integers. */
  INTERVAL,
  BYTES,
  /** A nested column, as JSON text. */
  NESTED
}
