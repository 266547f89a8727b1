package dev.penstock.sources.csv;

import dev.penstock.batch.Schema;
import java.util.List;

/**
 * What was found out about the files of a source.
 *
 * @param header does each file begin with column names
 * @param width fields of a record
 * @param names columns of the file that was looked at, in its order: those of the schema
 */
record CsvShape(Dialect dialect, boolean header, int width, List<String> names, Schema schema) {
  /** Of a part that begins within a file. */
  CsvShape withoutHeader() {
    return new CsvShape(dialect, false, width, names, schema);
  }
}
