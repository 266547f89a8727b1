/** Tests of Parquet: DuckDB as the oracle, hand-made pages, damaged files. */
@NullMarked
package dev.penstock.sources.parquet;

import org.jspecify.annotations.NullMarked;
