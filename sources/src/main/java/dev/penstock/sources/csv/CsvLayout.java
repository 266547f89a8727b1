package dev.penstock.sources.csv;

import dev.penstock.batch.Schema;
import dev.penstock.nodes.Source;
import java.util.Arrays;

/**
 * Where the columns of a scan lie in one file.
 *
 * @param slotOfField for each field of a record the decoder's slot, or -1
 */
record CsvLayout(int[] slotOfField) {
  /** The schema's ordinal of each slot: the requested columns, or all. */
  static int[] slots(Schema schema, Source.Request request, boolean all) {
    return all
        ? Source.Request.all(schema).columns()
        : Arrays.stream(request.columns()).distinct().toArray();
  }
}
