package dev.penstock.sparql.store;

import dev.penstock.compiler.Engine;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;
import dev.penstock.sparql.page.Sink;
import dev.penstock.sparql.store.LoadProgress.Phase;
import dev.penstock.sparql.store.RunWriter.Order;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.jena.graph.NodeFactory;
import org.jspecify.annotations.Nullable;

/**
 * One load: chunks of triples get ids, are sorted and written with what is there as new runs.
 *
 * <pre>
 * parse (threads) -> ids (one thread, in order) -> sort SPO -> run of the new ones -> merged run
 *                                                  sort POS <-'                    -> merged run
 *                                                  sort OSP <-'                    -> merged run
 * </pre>
 *
 * <p>Concurrency: {@link #part} is called by one thread at a time (an I/O thread of the engine
 * while the first sort runs, which ends before the caller goes on); what it counts is atomic for
 * the progress.
 */
final class Load {
  /** So many triples are sorted in place. */
  static final int SMALL = 1 << 15;

  private static final int TELL_ROWS = 1 << 16;

  private final Engine engine;
  private final String table;
  private final Writing writing;
  private final LoadOptions options;
  private final CancellationToken token;
  private final Reservation memory;
  private final Supplier<@Nullable Chunk> chunks;
  private final Supplier<Long> readBytes;
  private final long totalBytes;
  private final int small;
  private final long target;
  private final TreeSet<Long> declared = new TreeSet<>();
  private final AtomicLong triples = new AtomicLong();
  private final AtomicLong skipped = new AtomicLong();

  /**
   * @param table any table of the engine's catalog that takes the option {@code :source}
   * @param memory where all is counted that the load takes beside sorts and runs
   * @param chunks null at the end
   * @param readBytes how much of the input was read
   * @param totalBytes of the input, or -1
   */
  Load(
      Engine engine,
      String table,
      Writing writing,
      LoadOptions options,
      Reservation memory,
      Supplier<@Nullable Chunk> chunks,
      Supplier<Long> readBytes,
      long totalBytes) {
    this.engine = engine;
    this.table = table;
    this.writing = writing;
    this.options = options;
    this.token = options.token();
    this.memory = memory;
    this.chunks = chunks;
    this.readBytes = readBytes;
    this.totalBytes = totalBytes;
    long cap = engine.budget().capBytes();
    this.small = (int) Math.max(64, Math.min(SMALL, cap / 2048));
    String graph = options.graph();
    this.target =
        graph == null ? TripleStore.DEFAULT_GRAPH : writing.id(NodeFactory.createURI(graph));
    if (graph != null) {
      declared.add(target);
    }
  }

  long triples() {
    return triples.get();
  }

  long skipped() {
    return skipped.get();
  }

  StoreState run() {
    long[][] first = new long[4][];
    int rows = 0;
    memory.grow(64L * small);
    for (int k = 0; k < 4; k++) {
      first[k] = new long[Math.min(small, 1024)];
    }
    LoadScan.Part over = null;
    for (LoadScan.Part p = part(); p != null; p = part()) {
      if (rows + p.rows() > small) {
        over = p;
        break;
      }
      for (int k = 0; k < 4; k++) {
        if (rows + p.rows() > first[k].length) {
          first[k] = Arrays.copyOf(first[k], Math.min(small, 2 * (rows + p.rows())));
        }
        System.arraycopy(p.columns()[k], 0, first[k], rows, p.rows());
      }
      rows += p.rows();
      tell(Phase.READ);
    }
    StoreState made = over == null ? inPlace(first, rows) : sorted(first, rows, over);
    tell(Phase.DONE);
    return made;
  }

  private void tell(Phase phase) {
    options
        .progress()
        .accept(new LoadProgress(phase, readBytes.get(), totalBytes, triples(), skipped()));
  }

  /** The next triples with ids; null at the end. */
  private LoadScan.@Nullable Part part() {
    for (; ; ) {
      token.check();
      Chunk chunk = chunks.get();
      if (chunk == null) {
        return null;
      }
      skipped.addAndGet(chunk.skipped);
      int rows = chunk.rows;
      triples.addAndGet(rows);
      if (rows == 0) {
        continue;
      }
      long[] ids = new long[chunk.terms.size()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = writing.id(chunk.terms.get(i));
      }
      long[][] out = new long[4][rows];
      for (int i = 0; i < rows; i++) {
        int g = chunk.quads[4 * i];
        out[0][i] = g == Chunk.NO_GRAPH ? target : ids[g];
        out[1][i] = ids[chunk.quads[4 * i + 1]];
        out[2][i] = ids[chunk.quads[4 * i + 2]];
        out[3][i] = ids[chunk.quads[4 * i + 3]];
      }
      return new LoadScan.Part(out, rows);
    }
  }

  private StoreState inPlace(long[][] gspo, int rows) {
    StoreState before = writing.before();
    GraphRuns[] made = new GraphRuns[3];
    for (Order order : Order.values()) {
      int k = order.ordinal();
      long[][] turned = {gspo[0], gspo[1 + k % 3], gspo[1 + (k + 1) % 3], gspo[1 + (k + 2) % 3]};
      tell(Phase.values()[1 + k]);
      made[k] = write(order, before.runs(order), Sorting.small(turned, rows), writing.runs(order));
    }
    return writing.publish(made[0], made[1], made[2]);
  }

  private StoreState sorted(long[][] first, int rows, LoadScan.Part over) {
    StoreState before = writing.before();
    boolean empty = before.runs(Order.SPO).graphs() == 0;
    GraphRuns added;
    try (Sorting.SortedRows all =
        Sorting.by(engine, table, new LoadScan(after(first, rows, over), -1), token)) {
      added =
          write(
              Order.SPO,
              GraphRuns.NONE,
              new Told(all, Phase.SPO),
              empty ? writing.runs(Order.SPO) : writing.scratchRuns());
    }
    GraphRuns[] made = new GraphRuns[3];
    made[0] =
        empty
            ? added
            : write(Order.SPO, before.runs(Order.SPO), Rows.of(added), writing.runs(Order.SPO));
    for (Order order : new Order[] {Order.POS, Order.OSP}) {
      int k = order.ordinal();
      tell(Phase.values()[1 + k]);
      try (Sorting.SortedRows all = Sorting.by(engine, table, LoadScan.of(added, order), token)) {
        made[k] =
            write(
                order,
                before.runs(order),
                new Told(all, Phase.values()[1 + k]),
                writing.runs(order));
      }
    }
    return writing.publish(made[0], made[1], made[2]);
  }

  /** What was read first, then the rest. */
  private Supplier<LoadScan.@Nullable Part> after(long[][] first, int rows, LoadScan.Part over) {
    ArrayDeque<LoadScan.Part> read = new ArrayDeque<>();
    if (rows > 0) {
      read.add(new LoadScan.Part(first, rows));
    }
    read.add(over);
    return () -> {
      LoadScan.Part next = read.isEmpty() ? part() : read.poll();
      tell(Phase.READ);
      return next;
    };
  }

  private GraphRuns write(Order order, GraphRuns old, Rows added, Sink sink) {
    try (RunWriter writer = new RunWriter(sink, order, memory, declared)) {
      if (old.graphs() == 0) {
        writer.all(added, token);
      } else {
        writer.merge(old, added, token);
      }
      return writer.finish();
    }
  }

  /** Tells the progress now and then. */
  private final class Told extends Rows {
    private final Rows of;
    private final Phase phase;
    private int count;

    Told(Rows of, Phase phase) {
      this.of = of;
      this.phase = phase;
    }

    @Override
    boolean next() {
      boolean more = of.next(); // the first one comes when all was read
      if ((count++ & (TELL_ROWS - 1)) == 0) {
        tell(phase);
      }
      g = of.g;
      a = of.a;
      b = of.b;
      c = of.c;
      return more;
    }
  }
}
