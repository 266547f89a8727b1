package dev.penstock.sources.parquet;

import dev.penstock.batch.DataType;
import org.apache.parquet.format.Type;
import org.jspecify.annotations.Nullable;

/**
 * One top-level column of a file.
 *
 * @param leaf ordinal of its column chunk in each row group; of the first one for a nested column
 * @param leaves number of its column chunks: 1 for a flat column
 * @param physical the stored type, null for a nested column
 * @param typeLength bytes of a FIXED_LEN_BYTE_ARRAY
 * @param optional values may be null, so definition levels (0 or 1) are stored
 * @param problem why it cannot be read, or null; raised when it is requested
 */
record ParquetColumn(
    String name,
    DataType type,
    Conversion conversion,
    int leaf,
    int leaves,
    @Nullable Type physical,
    int typeLength,
    boolean optional,
    @Nullable String problem,
    SchemaNode node) {

  /**
   * Bytes of a stored value; 0 for booleans (bits) and -1 for values that carry their own length.
   */
  int width() {
    if (physical == null) {
      return -1;
    }
    return switch (physical) {
      case BOOLEAN -> 0;
      case INT32, FLOAT -> 4;
      case INT64, DOUBLE -> 8;
      case INT96 -> 12;
      case FIXED_LEN_BYTE_ARRAY -> typeLength;
      case BYTE_ARRAY -> -1;
    };
  }
}
