package dev.penstock.sources.parquet;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.PenstockException;
import org.jspecify.annotations.Nullable;

/**
 * Applies a filter window by window. A part that reads one column is evaluated once on the
 * dictionary of the chunk, if it has one; rows are then selected by their ids alone.
 */
final class ChunkFilter {
  /** A larger dictionary is not evaluated as a whole. */
  private static final int MAX_DICTIONARY = 32_768;

  private final Conjunct[] conjuncts;
  private final DataType[] types;
  private final byte @Nullable [][]
      passes; // per part: 1 where the id passes; the last entry stands for null
  private final boolean[] always; // every row of the chunk passes the part

  ChunkFilter(Conjunct[] conjuncts, DataType[] types) {
    this.conjuncts = conjuncts;
    this.types = types;
    this.passes = new byte[conjuncts.length][];
    this.always = new boolean[conjuncts.length];
  }

  boolean isEmpty() {
    return conjuncts.length == 0;
  }

  /** Looks at the dictionaries of a row group; false when no row of it can pass. */
  boolean begin(ParquetMorsel morsel, @Nullable FlatReader[] readers) {
    for (int k = 0; k < conjuncts.length; k++) {
      passes[k] = null;
      always[k] = false;
      int[] read = conjuncts[k].columns();
      Chunk chunk = read.length == 1 ? morsel.chunks()[read[0]] : null;
      FlatReader reader = chunk == null ? null : readers[read[0]];
      FlatColumn dictionary = reader == null ? null : reader.dictionary();
      if (chunk == null
          || reader == null
          || dictionary == null
          || dictionary.length() > Math.min(MAX_DICTIONARY, chunk.rows())) {
        continue;
      }
      byte[] pass = evaluate(conjuncts[k], read[0], dictionary);
      passes[k] = pass;
      if (pass != null && reader.isAllDictionary()) {
        int sum = 0;
        for (byte p : pass) {
          sum += p;
        }
        if (sum == 0) {
          return false;
        }
        always[k] = sum == pass.length;
      }
    }
    return true;
  }

  /**
   * Null when the part cannot be evaluated for every entry: then it is evaluated row by row, and
   * may fail there.
   */
  private byte @Nullable [] evaluate(Conjunct part, int column, FlatColumn dictionary) {
    int n = dictionary.length();
    byte[] pass = new byte[n + 1];
    int[] out = new int[Math.max(1, n)];
    try {
      if (n > 0) {
        int passing = part.select(single(column, dictionary, n), out);
        for (int i = 0; i < passing; i++) {
          pass[out[i]] = 1;
        }
      }
      Column none = ConstantColumn.of(types[column], null, 1).single();
      pass[n] = (byte) part.select(single(column, none, 1), out);
    } catch (PenstockException e) {
      if (e.category() == PenstockException.Category.CANCELLED) {
        throw e;
      }
      return null;
    }
    return pass;
  }

  private Batch single(int column, Column values, int length) {
    Column[] columns = new Column[types.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = i == column ? values : ConstantColumn.of(types[i], null, length);
    }
    return Batch.of(length, columns);
  }

  /** Narrows the window of the decoder to the rows that pass. */
  void apply(ParquetDecoder window) {
    for (int k = 0; k < conjuncts.length && window.count() > 0; k++) {
      if (always[k]) {
        continue;
      }
      window.compactIfSparse();
      byte[] pass = passes[k];
      int[] read = conjuncts[k].columns();
      int[] out = new int[window.count()];
      int n;
      if (pass != null && isIds(window, read[0])) {
        n = byIds(window, pass, window.ids(read[0]), out);
      } else {
        n = conjuncts[k].select(window.batch(read), out);
      }
      window.select(out, n);
    }
  }

  private static boolean isIds(ParquetDecoder window, int column) {
    return window.isRead(column)
        ? window.column(column, true) instanceof DictionaryColumn
        : window.reader(column).nextIsDictionary();
  }

  private static int byIds(ParquetDecoder window, byte[] pass, DictionaryColumn column, int[] out) {
    int[] ids = column.ids();
    int[] selection = window.selection();
    int count = window.count();
    int none = pass.length - 1;
    int n = 0;
    if (selection == null && !column.mayHaveNulls()) {
      for (int i = 0; i < count; i++) {
        out[n] = i;
        n += pass[ids[i]];
      }
      return n;
    }
    for (int i = 0; i < count; i++) {
      int p = selection == null ? i : selection[i];
      int id = ids[p];
      out[n] = p;
      n += pass[id < 0 ? none : id];
    }
    return n;
  }
}
