package dev.penstock.sources.parquet;

import dev.penstock.nodes.Source;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a row group, and the column chunks that hold them. A big row group becomes several
 * morsels that share its chunks.
 *
 * @param rows of the row group: those that the decoder gives
 * @param groupRows all rows of the row group
 * @param chunks one for each requested column, null where the file lacks the column (all its values
 *     are null)
 * @param sizeBytes this morsel's share of the bytes of the chunks
 * @param hold what is reserved for all morsels of the row group
 */
record ParquetMorsel(
    String file,
    int rowGroup,
    RowRanges rows,
    long groupRows,
    @Nullable Chunk[] chunks,
    long sizeBytes,
    RowGroupHold hold)
    implements Source.Morsel {}
