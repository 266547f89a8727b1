/**
 * Parquet files: an own vectorized reader and a writer over the thrift structures of the format,
 * without Hadoop. The I/O thread reads column chunks ({@link ParquetSource}), a task lane
 * decompresses and decodes them. Nothing here blocks a compute thread; everything that a file
 * declares is checked before it is believed.
 */
@NullMarked
package dev.penstock.sources.parquet;

import org.jspecify.annotations.NullMarked;
