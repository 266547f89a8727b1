package dev.penstock.sources.parquet;

import dev.penstock.batch.Column;
import dev.penstock.batch.FlatColumn;
import dev.penstock.nodes.keyfilter.LaneFilter;
import dev.penstock.nodes.keyfilter.RuntimeFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies runtime filters window by window, as {@link ChunkFilter} does the filter of the request,
 * and after it. A filter is evaluated once on the dictionary of a chunk, if it has one.
 */
final class ChunkKeyFilters {
  /** A larger dictionary is not evaluated before rows with its values come. */
  private static final int MAX_DICTIONARY = 32_768;

  private final LaneFilter[] filters;
  private final boolean[] always; // every row of the chunk passes

  ChunkKeyFilters(List<RuntimeFilter> filters) {
    this.filters = filters.stream().map(LaneFilter::new).toArray(LaneFilter[]::new);
    this.always = new boolean[this.filters.length];
  }

  boolean isEmpty() {
    return filters.length == 0;
  }

  /** Looks at the dictionaries of a row group; false when no row of it can pass. */
  boolean begin(ParquetMorsel morsel, @Nullable FlatReader[] readers) {
    for (int k = 0; k < filters.length; k++) {
      LaneFilter filter = filters[k];
      always[k] = false;
      if (!filter.isThere()) {
        continue;
      }
      Chunk chunk = morsel.chunks()[filter.column()];
      if (chunk == null) {
        if (!filter.passesNull()) {
          return false; // the file lacks the column
        }
        always[k] = true;
        continue;
      }
      FlatReader reader = readers[filter.column()];
      FlatColumn dictionary = reader == null ? null : reader.dictionary();
      if (reader == null
          || dictionary == null
          || dictionary.length() > Math.min(MAX_DICTIONARY, chunk.rows())) {
        continue;
      }
      byte[] pass = filter.verdicts(dictionary);
      if (reader.isAllDictionary()) {
        int values = 0;
        for (int i = 0; i < dictionary.length(); i++) {
          values += pass[i];
        }
        boolean mayBeNull = chunk.column().optional();
        boolean nullPasses = pass[dictionary.length()] != 0;
        if (values == 0 && !(mayBeNull && nullPasses)) {
          return false;
        }
        always[k] = values == dictionary.length() && (!mayBeNull || nullPasses);
      }
    }
    return true;
  }

  /** Narrows the window of the decoder to the rows that pass. */
  void apply(ParquetDecoder window) {
    for (int k = 0; k < filters.length && window.count() > 0; k++) {
      LaneFilter filter = filters[k];
      if (always[k] || !filter.applies(window.count())) {
        continue;
      }
      window.compactIfSparse();
      int i = filter.column();
      Column column = window.column(i, true);
      int[] out = new int[window.count()];
      int n = filter.select(column, window.selection(), window.count(), out);
      window.select(out, n);
    }
  }
}
