package dev.penstock.sparql.store;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.Schema;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.sources.ScanFilter;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Triples on their way into a run, as a source for the engine's sort: columns g, a, b, c. It can be
 * opened once.
 *
 * <p>Concurrency: morsels are made by the thread that asks for them; decoders only read them.
 */
final class LoadScan implements Source {
  static final Schema SCHEMA =
      Schema.of(
          new Field("g", DataType.INT64, false),
          new Field("a", DataType.INT64, false),
          new Field("b", DataType.INT64, false),
          new Field("c", DataType.INT64, false));

  private final Supplier<@Nullable Part> parts;
  private final long rows;

  /** Rows: each column one array; all of the same length. */
  record Part(long[][] columns, int rows) implements Morsel {
    @Override
    public long sizeBytes() {
      return 32L * rows;
    }
  }

  /**
   * @param parts null at the end; may block
   * @param rows how many there will be, or -1
   */
  LoadScan(Supplier<@Nullable Part> parts, long rows) {
    this.parts = parts;
    this.rows = rows;
  }

  /** Of runs in the order SPO, the triples with their parts in another order. */
  static LoadScan of(GraphRuns spo, RunWriter.Order order) {
    int shift = order == RunWriter.Order.POS ? 1 : 2;
    return new LoadScan(
        new Supplier<>() {
          private int graph;
          private long at;

          @Override
          public @Nullable Part get() {
            while (graph < spo.graphs() && at == spo.triples(graph)) {
              graph++;
              at = 0;
            }
            if (graph == spo.graphs()) {
              return null;
            }
            int n = (int) Math.min(Block.ROWS, spo.triples(graph) - at);
            Run run = spo.run(graph);
            long[][] out = new long[4][n];
            Arrays.fill(out[0], spo.graph(graph));
            for (int k = 0; k < 3; k++) {
              run.copy((k + shift) % 3, at, n, out[k + 1]);
            }
            at += n;
            return new Part(out, n);
          }
        },
        spo.triples());
  }

  @Override
  public Schema schema() {
    return SCHEMA;
  }

  @Override
  public long rowCount() {
    return rows;
  }

  @Override
  public Scan open(Request request, QueryContext query) {
    return new Scan() {
      private volatile boolean closed;

      @Override
      public @Nullable Morsel next() {
        query.token().check();
        return closed ? null : parts.get();
      }

      @Override
      public Decoder decoder() {
        return new PartDecoder(request, query);
      }

      @Override
      public void close() {
        closed = true;
      }
    };
  }

  private static final class PartDecoder implements Decoder {
    private final Request request;
    private final QueryContext query;
    private @Nullable Part part;
    private int from;

    PartDecoder(Request request, QueryContext query) {
      this.request = request;
      this.query = query;
    }

    @Override
    public void begin(Morsel morsel) {
      part = (Part) morsel;
      from = 0;
    }

    @Override
    public @Nullable Batch next() {
      Part now = part;
      while (now != null && from < now.rows()) {
        int n = Math.min(now.rows() - from, Math.max(query.batchRows(), 1));
        Column[] columns = new Column[request.columns().length];
        for (int c = 0; c < columns.length; c++) {
          long[] all = now.columns()[request.columns()[c]];
          long[] values = n == all.length ? all : Arrays.copyOfRange(all, from, from + n);
          columns[c] = new LongColumn(DataType.INT64, values, null, n);
        }
        from += n;
        Batch batch = ScanFilter.apply(Batch.of(n, columns), request.filter());
        if (!batch.isEmpty()) {
          return batch;
        }
      }
      part = null;
      return null;
    }

    @Override
    public void close() {
      part = null;
    }
  }
}
