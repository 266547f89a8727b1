package dev.penstock.sources.memory;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.ScanMeter;
import dev.penstock.nodes.Source;
import dev.penstock.sources.RowLimit;
import dev.penstock.sources.ScanFilter;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Deals pieces that lie in memory. A decoder makes a batch of all columns from a piece, then takes
 * the requested ones.
 *
 * <p>Concurrency: {@code at} belongs to {@link #next}; {@code closed} is volatile; the pieces are
 * not written to.
 */
final class KeptScan<P> implements Source.Scan, ScanMeter {
  private final List<P> pieces;
  private final Function<P, Batch> toBatch;
  private final Source.Request request;
  private final QueryContext query;
  private final RowLimit limit;
  private final int skipped;
  private final AtomicReference<@Nullable Runnable> atClose;
  private volatile int at;
  private volatile boolean closed;

  /**
   * @param toBatch makes a batch of all columns; called on compute threads, at most once for a
   *     piece and a scan
   */
  KeptScan(List<P> pieces, Function<P, Batch> toBatch, Source.Request request, QueryContext query) {
    this(pieces, 0, toBatch, request, query, () -> {});
  }

  /**
   * @param skipped pieces that were passed over and are not among these
   * @param atClose runs once, when the scan is closed; any thread
   */
  KeptScan(
      List<P> pieces,
      int skipped,
      Function<P, Batch> toBatch,
      Source.Request request,
      QueryContext query,
      Runnable atClose) {
    this.skipped = skipped;
    this.atClose = new AtomicReference<>(atClose);
    this.pieces = pieces;
    this.toBatch = toBatch;
    this.request = request;
    this.query = query;
    this.limit = new RowLimit(request.limit());
  }

  private record Piece<P>(int number, P piece) implements Source.Morsel {
    @Override
    public long sizeBytes() {
      return piece instanceof Batch b ? b.sizeBytes() : 64;
    }
  }

  @Override
  public Source.@Nullable Morsel next() {
    query.token().check();
    int n = at;
    if (closed || n == pieces.size() || limit.reached()) {
      return null;
    }
    at = n + 1;
    return new Piece<>(n, pieces.get(n));
  }

  @Override
  public Source.Decoder decoder() {
    return new KeptDecoder();
  }

  @Override
  public void close() {
    closed = true;
    Runnable once = atClose.getAndSet(null);
    if (once != null) {
      once.run();
    }
  }

  /** Nothing is read from a medium. */
  @Override
  public long readBytes() {
    return 0;
  }

  @Override
  public long readPieces() {
    return at;
  }

  @Override
  public long skippedPieces() {
    return skipped;
  }

  @Override
  public String pieces() {
    return "chunks";
  }

  @Override
  public double progress() {
    return pieces.isEmpty() ? 1 : (double) at / pieces.size();
  }

  private final class KeptDecoder implements Source.Decoder {
    private @Nullable Batch left;
    private int number;
    private int from;
    private long delivered;

    @Override
    @SuppressWarnings("unchecked")
    public void begin(Source.Morsel morsel) {
      Piece<P> piece = (Piece<P>) morsel;
      Batch whole = toBatch.apply(piece.piece());
      Column[] columns = new Column[request.columns().length];
      for (int c = 0; c < columns.length; c++) {
        columns[c] = whole.column(request.columns()[c]);
      }
      left = whole.withColumns(columns);
      number = piece.number();
      from = 0;
      delivered = 0;
    }

    @Override
    public @Nullable Batch next() {
      for (; ; ) {
        Batch now = left;
        if (now == null) {
          return null;
        }
        query.token().check();
        if (from == now.count() || delivered >= limit.perMorsel()) {
          left = null;
          limit.finished(number, delivered);
          return null;
        }
        int to = (int) Math.min(now.count(), (long) from + Math.max(query.batchRows(), Batch.ROWS));
        Batch kept = ScanFilter.apply(now.slice(from, to), request.filter());
        from = to;
        kept = ScanFilter.first(kept, limit.perMorsel() - delivered);
        delivered += kept.count();
        if (!kept.isEmpty()) {
          return kept;
        }
      }
    }

    @Override
    public void close() {
      left = null;
    }
  }
}
