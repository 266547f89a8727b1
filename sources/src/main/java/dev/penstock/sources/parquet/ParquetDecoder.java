package dev.penstock.sources.parquet;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import org.jspecify.annotations.Nullable;

/**
 * Turns row groups into batches. Filter columns are read first, window by window; the others only
 * at the rows that are left.
 *
 * <pre>
 * window of n rows of the row group       read columns have length n; rows = null
 *   filter: sel of them                    few left: compact, read columns are gathered, rows = sel
 *   further columns are read at rows       the batch has the rows as its physical positions
 * </pre>
 *
 * <p>With a filter that few rows pass, the window grows so that a batch still has about as many
 * rows as the query asks for.
 */
final class ParquetDecoder implements Source.Decoder {
  private static final long MAX_BATCH_BYTES = 8 << 20;

  private final ParquetScan scan;
  private final DataType[] types;
  private final long limit;
  private final int batchRows;
  private final QueryContext query;
  private final Reservation held;
  private final PageCodec codec = new PageCodec();
  private final @Nullable FlatReader[] readers;
  private final @Nullable ParquetColumn[] readerColumns;
  private final ChunkFilter filter;
  private final ChunkKeyFilters keys;
  private final boolean unfiltered;

  private @Nullable ParquetMorsel morsel;
  private RowRanges wanted = RowRanges.of(0, 0);
  private int range; // of wanted
  private long at; // row of the row group that the readers stand at
  private long deliveredHere;
  private final int mostRows;
  private int maxRows;
  private int window;

  // the window that is being decoded
  private final @Nullable Column[] columns;
  private int windowRows;
  private int @Nullable [] rows;
  private int length;
  private int @Nullable [] selection;
  private int count;

  ParquetDecoder(
      ParquetScan scan,
      DataType[] types,
      Conjunct[] conjuncts,
      Source.Request request,
      QueryContext query) {
    this.scan = scan;
    this.types = types;
    this.limit = request.limit();
    this.batchRows = Math.max(1, Math.min(query.batchRows(), Batch.MAX_ROWS));
    this.query = query;
    this.held = query.budget().open("parquet pages");
    this.readers = new FlatReader[types.length];
    this.readerColumns = new ParquetColumn[types.length];
    this.columns = new Column[types.length];
    this.filter = new ChunkFilter(conjuncts, types);
    this.keys = new ChunkKeyFilters(request.runtimeFilters());
    this.unfiltered = filter.isEmpty() && keys.isEmpty();
    this.mostRows = DecodedBytes.window(query.budget().pathCapBytes());
    this.window = Math.min(batchRows, mostRows);
  }

  @Override
  public void begin(Source.Morsel next) {
    ParquetMorsel m = (ParquetMorsel) next;
    if (morsel != null) {
      throw new IllegalStateException("the morsel before has not ended");
    }
    morsel = m;
    m.hold().begun();
    wanted = m.rows();
    range = 0;
    at = 0;
    deliveredHere = 0;
    long bytes = 0;
    for (int i = 0; i < types.length; i++) {
      Chunk c = m.chunks()[i];
      if (c != null) {
        FlatReader r = readers[i];
        if (r == null || !c.column().equals(readerColumns[i])) {
          r =
              c.column().conversion() == Conversion.NESTED
                  ? new NestedReader(c.column(), codec, held)
                  : new ColumnReader(c.column(), codec, held);
          readers[i] = r;
          readerColumns[i] = c.column();
        }
        r.begin(c);
        bytes += c.uncompressedBytes();
      }
    }
    long perRow = 1 + bytes / Math.max(1, m.groupRows());
    maxRows = (int) Math.max(1, Math.min(mostRows, MAX_BATCH_BYTES / perRow));
    if (!filter.begin(m, readers) || !keys.begin(m, readers)) {
      range = wanted.size();
    }
  }

  @Override
  public @Nullable Batch next() {
    while (morsel != null) {
      query.token().check();
      if (range >= wanted.size() || (limit >= 0 && deliveredHere >= limit)) {
        end();
        return null;
      }
      Batch batch = types.length == 0 && unfiltered ? countOnly() : window();
      if (batch != null) {
        deliveredHere += batch.count();
        scan.delivered.addAndGet(batch.count());
        return batch;
      }
    }
    return null;
  }

  private Batch countOnly() {
    at = Math.max(at, wanted.from(range));
    int n = (int) Math.min(wanted.to(range) - at, Batch.MAX_ROWS);
    advance(n);
    return Batch.of(n);
  }

  private @Nullable Batch window() {
    skipTo(wanted.from(range));
    long left = wanted.to(range) - at;
    int n = (int) Math.min(left, Math.min(maxRows, unfiltered ? batchRows : window));
    for (int i = 0; i < readers.length; i++) {
      if (present(i)) {
        n = reader(i).uniformRows(n);
      }
    }
    windowRows = n;
    rows = null;
    length = n;
    selection = null;
    count = n;
    filter.apply(this);
    keys.apply(this);
    adapt(n);
    if (count == 0) {
      for (int i = 0; i < columns.length; i++) {
        if (columns[i] == null && present(i)) {
          reader(i).skip(n);
        }
      }
    } else {
      compactIfSparse();
      for (int i = 0; i < columns.length; i++) {
        column(i, false);
      }
    }
    advance(n);
    Column[] out = new Column[columns.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = columns[i];
      columns[i] = null;
    }
    if (count == 0) {
      return null;
    }
    Batch all = Batch.of(length, out);
    return count == length ? all : all.withSelection(selection, count);
  }

  private void advance(int n) {
    at += n;
    if (at == wanted.to(range)) {
      range++;
    }
  }

  /** Passes the rows that are not wanted. */
  private void skipTo(long row) {
    if (row <= at) {
      return;
    }
    for (int i = 0; i < readers.length; i++) {
      if (present(i)) {
        reader(i).skip((int) (row - at));
      }
    }
    at = row;
  }

  /** Aims the window at batches of the usual size. */
  private void adapt(int n) {
    if (unfiltered || n < window) {
      return;
    }
    long aim = (long) batchRows * n / Math.max(1, count);
    window =
        (int)
            Math.max(Math.min(batchRows, mostRows), Math.min(Math.min(aim, 2L * window), mostRows));
  }

  /**
   * When few rows are left, lets go of the others: what is read is gathered, what is not read will
   * be read at these rows only.
   */
  void compactIfSparse() {
    if (selection == null || count >= length - (length >> 2)) {
      return;
    }
    int[] sel = selection;
    for (int i = 0; i < columns.length; i++) {
      Column c = columns[i];
      if (c != null) {
        columns[i] = c.gather(sel, count);
      }
    }
    int[] before = rows;
    int[] after = new int[count];
    for (int i = 0; i < count; i++) {
      after[i] = before == null ? sel[i] : before[sel[i]];
    }
    rows = after;
    length = count;
    selection = null;
  }

  /** The column at the rows of the window; read if it has not been. */
  Column column(int i, boolean keepDictionary) {
    Column c = columns[i];
    if (c == null) {
      c =
          present(i)
              ? reader(i).read(windowRows, rows, length, keepDictionary)
              : ConstantColumn.of(types[i], null, length);
      columns[i] = c;
    }
    return c;
  }

  /** The batch that a part of the filter sees: the given columns, and placeholders. */
  Batch batch(int[] wanted) {
    Column[] out = new Column[types.length];
    for (int i : wanted) {
      out[i] = column(i, false);
    }
    for (int i = 0; i < out.length; i++) {
      if (out[i] == null) {
        out[i] = ConstantColumn.of(types[i], null, length);
      }
    }
    Batch all = Batch.of(length, out);
    return selection == null ? all : all.withSelection(selection, count);
  }

  /** The ids of a column whose rows of this window are stored as ids. */
  DictionaryColumn ids(int i) {
    return (DictionaryColumn) column(i, true);
  }

  boolean present(int i) {
    ParquetMorsel m = morsel;
    return m != null && m.chunks()[i] != null;
  }

  FlatReader reader(int i) {
    return java.util.Objects.requireNonNull(readers[i]);
  }

  boolean isRead(int i) {
    return columns[i] != null;
  }

  int length() {
    return length;
  }

  int count() {
    return count;
  }

  int @Nullable [] selection() {
    return selection;
  }

  void select(int[] positions, int n) {
    selection = n == length ? null : positions;
    count = n;
  }

  private void end() {
    ParquetMorsel m = morsel;
    morsel = null;
    if (m != null) {
      for (FlatReader r : readers) {
        if (r != null) {
          r.end();
        }
      }
      scan.release(m);
    }
  }

  @Override
  public void close() {
    end();
    codec.close();
    held.close();
  }
}
