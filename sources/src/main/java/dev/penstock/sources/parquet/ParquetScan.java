package dev.penstock.sources.parquet;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.ScanMeter;
import dev.penstock.nodes.Source;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.RowGroup;
import org.jspecify.annotations.Nullable;

/**
 * Reads the requested column chunks of one row group after another; row groups that statistics
 * exclude are passed over.
 *
 * <p>Concurrency: {@code next} is called by one thread at a time; {@code file}, {@code group} and
 * {@code open} belong to it. {@code delivered} is added to by decoders and read by next: it only
 * ends the scan early, so staleness costs one morsel. {@code doneRows} is written by next and read
 * by anybody. In {@code room} next waits when the budget is full and decoders still hold morsels;
 * decoders, close and a cancellation wake it. {@code close} may come from any thread: it sets
 * {@code closed} (volatile) and closes the file; a read that it interrupts fails, and the failure
 * is not shown to anybody.
 */
final class ParquetScan implements Source.Scan, ScanMeter {
  private static final long MAX_WORKSPACE_BYTES = 256L << 20;

  private final List<ParquetFile> files;
  private final Source.Request request;
  private final QueryContext query;
  private final String[] names;
  private final DataType[] types;
  private final Conjunct[] conjuncts;
  private final ReadRoom room;
  private final long totalRows;
  final AtomicLong delivered = new AtomicLong();

  private final Runnable wake;
  private final Deque<ParquetMorsel> ready = new ArrayDeque<>();
  private int file;
  private int group;
  private volatile @Nullable FileBytes open;
  private volatile boolean closed;
  private long passedRows; // the reader's own copy
  private volatile long doneRows;
  private volatile long readBytes; // written by next alone, as the two below
  private volatile long readGroups;
  private volatile long skippedGroups;

  /**
   * @param leastBytes with which any of the row groups can be read
   */
  ParquetScan(
      List<ParquetFile> files,
      Schema schema,
      Source.Request request,
      QueryContext query,
      long leastBytes) {
    this.files = files;
    this.request = request;
    this.query = query;
    int n = request.columns().length;
    this.names = new String[n];
    this.types = new DataType[n];
    for (int i = 0; i < n; i++) {
      names[i] = schema.field(request.columns()[i]).name();
      types[i] = schema.type(request.columns()[i]);
    }
    this.conjuncts = Conjunct.of(request.filter(), n);
    long sum = 0;
    for (ParquetFile f : files) {
      sum += f.rowCount();
      for (String name : names) {
        ParquetColumn c = f.column(name);
        if (c != null && c.problem() != null) {
          throw PenstockException.unsupported(
              "parquet-feature", Place.oneLine(f.path() + ": column " + name + ": " + c.problem()));
        }
      }
    }
    this.totalRows = sum;
    this.room = new ReadRoom(query, leastBytes);
    this.wake = room::wake;
    query.token().onCancel(wake);
  }

  @Override
  public Source.@Nullable Morsel next() {
    try {
      return nextMorsel();
    } catch (PenstockException | IllegalStateException e) {
      if (closed && !query.token().isCancelled()) {
        return null; // the file or the reservation was closed under the reader
      }
      throw e;
    }
  }

  private Source.@Nullable Morsel nextMorsel() {
    while (!closed) {
      query.token().check();
      if (request.limit() >= 0 && delivered.get() >= request.limit()) {
        room.noMore();
        return null;
      }
      ParquetMorsel waiting = ready.poll();
      if (waiting != null) {
        return waiting;
      }
      if (file >= files.size()) {
        room.noMore();
        return null;
      }
      ParquetFile f = files.get(file);
      if (group >= f.rowGroups()) {
        closeFile();
        file++;
        group = 0;
        continue;
      }
      int g = group++;
      RowGroup rows = f.rowGroup(g);
      passedRows += rows.getNum_rows();
      doneRows = passedRows;
      RowRanges wanted =
          rows.getNum_rows() == 0 || excludes(f, g)
              ? RowRanges.of(0, 0)
              : wanted(f, g, rows.getNum_rows());
      if (wanted.isEmpty()) {
        long before = skippedGroups;
        skippedGroups = before + 1;
      } else {
        long before = readGroups;
        readGroups = before + 1;
        read(f, g, rows, wanted);
      }
    }
    return null;
  }

  private boolean excludes(ParquetFile f, int g) {
    return Pruning.excludes(f, g, names, conjuncts)
        || KeyPruning.excludes(f, g, names, request.runtimeFilters());
  }

  private RowRanges wanted(ParquetFile f, int g, long rows) {
    return conjuncts.length == 0 && request.runtimeFilters().isEmpty()
        ? RowRanges.of(0, rows)
        : PageIndex.rows(f, g, file(f), names, conjuncts, request.runtimeFilters());
  }

  /** Reads the chunks of a row group and puts its morsels to {@code ready}. */
  private void read(ParquetFile f, int g, RowGroup rows, RowRanges ranges) {
    int n = names.length;
    if (rows.getNum_rows() > Integer.MAX_VALUE - 64 && n > 0) {
      throw PenstockException.limit(
          "parquet-row-group",
          f.path()
              + ": row group "
              + g
              + " has "
              + rows.getNum_rows()
              + " rows; at most 2^31 can be read");
    }
    List<ColumnChunk> wanted = new ArrayList<>();
    for (String name : names) {
      ParquetColumn c = f.column(name);
      for (int l = 0; c != null && l < c.leaves(); l++) {
        wanted.add(rows.getColumns().get(c.leaf() + l));
      }
    }
    List<ReadRange> reads = ReadRange.coalesce(wanted);
    int[] sizes = new int[reads.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = reads.get(i).arrayBytes(f, g);
    }
    long decoded = 0;
    for (ColumnChunk c : wanted) {
      long declared = c.getMeta_data().getTotal_uncompressed_size();
      decoded += Math.max(0, Math.min(declared, MAX_WORKSPACE_BYTES));
    }
    ReadRoom.Place place = room.take(sizes, Math.min(decoded, MAX_WORKSPACE_BYTES));
    if (place == null) {
      return; // closed meanwhile
    }
    byte[] @Nullable [] arrays = place.arrays;
    try {
      byte[][] into = new byte[wanted.size()][];
      long[] starts = new long[wanted.size()];
      for (int k = 0; k < sizes.length; k++) {
        ReadRange r = reads.get(k);
        byte[] read = arrays[k] == null ? new byte[sizes[k]] : arrays[k];
        arrays[k] = read;
        r.read(file(f), read);
        long before = readBytes;
        readBytes = before + r.length();
        for (int i : r.chunks()) {
          into[i] = read;
          starts[i] = r.start();
        }
      }
      @Nullable Chunk[] chunks = new Chunk[n];
      int next = 0;
      for (int i = 0; i < n; i++) {
        ParquetColumn c = f.column(names[i]);
        List<Chunk> parts = new ArrayList<>();
        for (int l = 0; c != null && l < c.leaves(); l++) {
          parts.add(
              chunk(f, g, c, wanted.get(next), into[next], starts[next], (int) rows.getNum_rows()));
          next++;
        }
        if (c != null) {
          Chunk first = parts.get(0);
          chunks[i] =
              c.conversion() == Conversion.NESTED
                  ? new Chunk(
                      c, first.meta(), first.bytes(), 0, 0, first.place(), first.rows(), parts)
                  : first;
        }
      }
      List<RowRanges> pieces = RowSplit.pieces(rows.getNum_rows(), ranges, chunks);
      RowGroupHold hold =
          new RowGroupHold(place.workspaceBytes, pieces.size(), place::giveBack, place::ended);
      for (RowRanges piece : pieces) {
        ready.add(
            new ParquetMorsel(
                f.path().toString(),
                g,
                piece,
                rows.getNum_rows(),
                chunks,
                place.bytes / pieces.size(),
                hold));
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      place.abandon();
      query.token().check();
      throw e;
    }
  }

  private static Chunk chunk(
      ParquetFile f,
      int g,
      ParquetColumn c,
      ColumnChunk stored,
      byte[] bytes,
      long start,
      int rows) {
    long at = ParquetFile.chunkStart(stored);
    int from = (int) (at - start);
    int to = from + (int) stored.getMeta_data().getTotal_compressed_size();
    Place place = new Place(f.path().toString(), c.name(), g, at);
    return new Chunk(c, stored.getMeta_data(), bytes, from, to, place, rows, List.of());
  }

  private FileBytes file(ParquetFile f) {
    FileBytes now = open;
    if (now == null) {
      now = FileBytes.open(f.path());
      open = now;
      if (closed) {
        now.close();
      }
      if (now.size() != f.sizeBytes()) {
        throw changed(
            f,
            "it had " + f.sizeBytes() + " bytes when it was opened and has " + now.size() + " now");
      }
      if (!ParquetFile.identity(f.path()).hasSameBytes(f.identity())) {
        throw changed(f, "it was written to after it was opened");
      }
    }
    return now;
  }

  private static PenstockException changed(ParquetFile f, String how) {
    return PenstockException.incorrect("file-changed", f.path() + ": " + how + "; open it again");
  }

  private void closeFile() {
    FileBytes now = open;
    if (now != null) {
      open = null;
      now.close();
    }
  }

  @Override
  public Source.Decoder decoder() {
    return new ParquetDecoder(this, types, conjuncts, request, query);
  }

  /** A decoder has done with a morsel. */
  void release(ParquetMorsel morsel) {
    morsel.hold().ended();
  }

  @Override
  public long readBytes() {
    return readBytes;
  }

  @Override
  public long readPieces() {
    return readGroups;
  }

  @Override
  public long skippedPieces() {
    return skippedGroups;
  }

  @Override
  public String pieces() {
    return "row groups";
  }

  @Override
  public void close() {
    closed = true;
    query.token().removeListener(wake);
    closeFile();
    room.close();
  }

  @Override
  public double progress() {
    return totalRows == 0 ? 1 : Math.min(1, (double) doneRows / totalRows);
  }
}
