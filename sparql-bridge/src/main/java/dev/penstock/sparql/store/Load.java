package dev.penstock.sparql.store;

import dev.penstock.compiler.Engine;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;
import dev.penstock.sparql.page.Sink;
import dev.penstock.sparql.store.LoadProgress.Phase;
import dev.penstock.sparql.store.RunWriter.Order;
import java.util.List;
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
 *                                                  sort OSP <-'                    -> merged run
 *                                                  sort POS <-'                    -> merged run
 * </pre>
 *
 * <p>What fits a part of the memory is sorted in place ({@link HeldRows}), all else by plans of the
 * engine, which spill.
 *
 * <p>Concurrency: {@link #chunk} is called by one thread at a time (an I/O thread of the engine
 * while the first sort runs, which ends before the caller goes on); what it counts is atomic for
 * the progress.
 */
final class Load {
  /** Of the engine's memory, what rows may take that are sorted in place. */
  private static final int HELD_SHARE = 4;

  /** As they are made: those of an order are sorted from those of the one before. */
  private static final List<Order> ORDERS = List.of(Order.SPO, Order.OSP, Order.POS);

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
    try (HeldRows rows = new HeldRows(memory, engine.budget().capBytes() / HELD_SHARE)) {
      for (Chunk c = chunk(); c != null; c = chunk()) {
        if (!rows.hasRoom(c.rows)) {
          return done(sorted(rows, c));
        }
        for (int i = 0; i < c.rows; i++) {
          long g = c.hasGraph(i) ? c.id(i, 0) : target;
          rows.add(g, c.id(i, 1), c.id(i, 2), c.id(i, 3));
        }
        tell(Phase.READ);
      }
      return done(inPlace(rows));
    }
  }

  private StoreState done(StoreState made) {
    tell(Phase.DONE);
    return made;
  }

  private void tell(Phase phase) {
    options
        .progress()
        .accept(new LoadProgress(phase, readBytes.get(), totalBytes, triples(), skipped()));
  }

  /** The next triples with ids; null at the end. */
  private @Nullable Chunk chunk() {
    for (; ; ) {
      token.check();
      Chunk chunk = chunks.get();
      if (chunk == null) {
        return null;
      }
      skipped.addAndGet(chunk.skipped);
      triples.addAndGet(chunk.rows);
      if (chunk.rows > 0) {
        chunk.resolve(writing::id);
        return chunk;
      }
    }
  }

  private LoadScan.Part part(Chunk chunk) {
    int rows = chunk.rows;
    long[][] out = new long[4][rows];
    for (int i = 0; i < rows; i++) {
      out[0][i] = chunk.hasGraph(i) ? chunk.id(i, 0) : target;
      for (int k = 1; k < 4; k++) {
        out[k][i] = chunk.id(i, k);
      }
    }
    return new LoadScan.Part(out, rows);
  }

  /**
   * By g, s, p, o; of these stably by o; of these stably by p: no order is sorted from its begin.
   */
  private StoreState inPlace(HeldRows rows) {
    StoreState before = writing.before();
    GraphRuns[] made = new GraphRuns[3];
    rows.sort(3, token);
    rows.sort(2, token);
    rows.sort(1, token);
    for (Order order : ORDERS) {
      if (order != Order.SPO) {
        rows.sort(order == Order.OSP ? 3 : 2, token);
      }
      rows.sort(0, token);
      int k = order.ordinal();
      Rows turned = new Told(rows.turned(order), Phase.valueOf(order.name()));
      made[k] = write(order, before.runs(order), turned, writing.runs(order));
    }
    return writing.publish(made[0], made[1], made[2]);
  }

  private StoreState sorted(HeldRows first, Chunk over) {
    StoreState before = writing.before();
    boolean empty = before.runs(Order.SPO).graphs() == 0;
    GraphRuns added;
    try (Sorting.SortedRows all =
        Sorting.by(engine, table, new LoadScan(after(first.parts(), over), -1), token)) {
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
    for (Order order : ORDERS.subList(1, 3)) {
      int k = order.ordinal();
      Phase phase = Phase.valueOf(order.name());
      tell(phase);
      try (Sorting.SortedRows all = Sorting.by(engine, table, LoadScan.of(added, order), token)) {
        made[k] = write(order, before.runs(order), new Told(all, phase), writing.runs(order));
      }
    }
    return writing.publish(made[0], made[1], made[2]);
  }

  /** What was read first, then the rest. */
  private Supplier<LoadScan.@Nullable Part> after(
      Supplier<LoadScan.@Nullable Part> first, Chunk over) {
    return new Supplier<>() {
      private boolean held = true;
      private @Nullable Chunk next = over;

      @Override
      public LoadScan.@Nullable Part get() {
        tell(Phase.READ);
        LoadScan.Part part = held ? first.get() : null;
        if (part != null) {
          return part;
        }
        held = false;
        Chunk now = next == null ? chunk() : next;
        next = null;
        return now == null ? null : part(now);
      }
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
