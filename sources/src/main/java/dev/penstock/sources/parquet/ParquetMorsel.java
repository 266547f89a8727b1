package dev.penstock.sources.parquet;

import dev.penstock.nodes.Source;
import org.jspecify.annotations.Nullable;

/**
 * The column chunks of one row group that a scan needs.
 *
 * @param rows rows of the row group
 * @param chunks one for each requested column, null where the file lacks the column (all its values are null)
 * @param sizeBytes bytes of all chunks, reserved by the scan until the decoder ends the morsel
 */
record ParquetMorsel(String file, int rowGroup, long rows, @Nullable Chunk[] chunks, long sizeBytes)
    implements Source.Morsel {}
