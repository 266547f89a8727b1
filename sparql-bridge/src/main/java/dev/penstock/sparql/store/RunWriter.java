package dev.penstock.sparql.store;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;
import dev.penstock.sparql.page.Sink;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Writes sorted triples as {@link GraphRuns}. One thread. */
final class RunWriter implements AutoCloseable {
  /** Which parts a run begins with. */
  enum Order {
    SPO,
    POS,
    OSP
  }

  private final TreeSet<Long> declared;
  private final Sink sink;
  private final Order order;
  private final Reservation memory;
  private final BlockPacker packer = new BlockPacker();
  private final long[][] block = new long[3][Block.ROWS];
  private final Figures index;
  private final Figures graphs;
  private final Figures predicates;
  private final @Nullable SubjectCounts subjects;
  private final long fixedBytes;
  private int rows;
  private long total;

  private boolean open;
  private long graph;
  private long graphRows;
  private long graphBlock;
  private long graphPredicate;
  private long blocks;
  private long lastA;
  private long lastB;
  private long lastC;
  private long firsts;
  private long ofPredicate;
  private long objects;

  /**
   * @param memory for what is kept until the end: 32 bytes for each 2048 triples, and figures
   * @param declared graphs that are there, even without triples
   */
  RunWriter(Sink sink, Order order, Reservation memory, Collection<Long> declared) {
    this.declared = new TreeSet<>(declared);
    this.sink = sink;
    this.order = order;
    this.memory = memory;
    this.fixedBytes = BlockPacker.HEAP_BYTES + 24L * Block.ROWS;
    memory.grow(fixedBytes);
    this.index = new Figures(memory);
    this.graphs = new Figures(memory);
    this.predicates = new Figures(memory);
    this.subjects = order == Order.SPO ? new SubjectCounts(memory) : null;
  }

  /** Begins a graph; graphs ascend. */
  private void graph(long id) {
    if (open && graph == id) {
      return;
    }
    for (Long other : List.copyOf(declared.headSet(id))) {
      begin(other);
      declared.remove(other);
    }
    declared.remove(id);
    begin(id);
  }

  private void begin(long id) {
    if (open && graph == id) {
      return;
    }
    endGraph();
    open = true;
    graph = id;
    graphRows = 0;
    graphBlock = blocks;
    graphPredicate = predicates.size() / 3;
    firsts = 0;
    ofPredicate = 0;
    objects = 0;
  }

  /** Adds a triple of the graph; they ascend, and one that is the same as the last is dropped. */
  private void add(long a, long b, long c) {
    boolean newA = graphRows == 0 || a != lastA;
    boolean newB = newA || b != lastB;
    if (!newB && c == lastC) {
      return;
    }
    if (newA) {
      endPredicate();
      firsts++;
    }
    if (newB) {
      objects++;
      if (subjects != null) {
        subjects.add(b);
      }
    }
    ofPredicate++;
    graphRows++;
    lastA = a;
    lastB = b;
    lastC = c;
    block[0][rows] = a;
    block[1][rows] = b;
    block[2][rows] = c;
    if (++rows == Block.ROWS) {
      flush();
    }
  }

  private void flush() {
    if (rows == 0) {
      return;
    }
    int bytes = packer.pack(block, rows);
    sink.fit(bytes);
    index.add(block[0][0]);
    index.add(block[1][0]);
    index.add(block[2][0]);
    index.add(sink.position() << Run.LENGTH_BITS | bytes);
    sink.write(packer.bytes(), 0, bytes);
    blocks++;
    total += rows;
    rows = 0;
  }

  /** Of POS: the last predicate has come to its end. */
  private void endPredicate() {
    if (order == Order.POS && ofPredicate > 0) {
      predicates.add(lastA);
      predicates.add(ofPredicate);
      predicates.add(objects);
    }
    ofPredicate = 0;
    objects = 0;
  }

  private void endGraph() {
    if (!open) {
      return;
    }
    flush();
    endPredicate();
    if (subjects != null) {
      subjects.end(predicates);
    }
    graphs.add(graph);
    graphs.add(graphBlock);
    graphs.add(graphRows);
    graphs.add(firsts);
    graphs.add(graphPredicate);
    graphs.add(predicates.size() / 3 - graphPredicate);
  }

  /** All of what is there and of a sorted input; a triple of both is there once. */
  void merge(GraphRuns old, Rows other, CancellationToken token) {
    Rows one = Rows.of(old);
    for (int k = 0; k < old.graphs(); k++) {
      if (old.triples(k) == 0) {
        declared.add(old.graph(k));
      }
    }
    boolean left = one.next();
    boolean right = other.next();
    for (long n = 0; left || right; n++) {
      if ((n & 0xFFF) == 0) {
        token.check();
      }
      if (left && (!right || compare(one, other) <= 0)) {
        graph(one.g);
        add(one.a, one.b, one.c);
        left = one.next();
      } else {
        graph(other.g);
        add(other.a, other.b, other.c);
        right = other.next();
      }
    }
  }

  private static int compare(Rows x, Rows y) {
    int order = Long.compare(x.g, y.g);
    if (order == 0) {
      order = Long.compare(x.a, y.a);
    }
    if (order == 0) {
      order = Long.compare(x.b, y.b);
    }
    return order != 0 ? order : Long.compare(x.c, y.c);
  }

  /** All of a sorted input. */
  void all(Rows rowsIn, CancellationToken token) {
    for (long n = 0; rowsIn.next(); n++) {
      if ((n & 0xFFF) == 0) {
        token.check();
      }
      graph(rowsIn.g);
      add(rowsIn.a, rowsIn.b, rowsIn.c);
    }
  }

  GraphRuns finish() {
    declared.forEach(this::begin);
    endGraph();
    sink.align();
    long indexAt = sink.position();
    index.writeTo(sink);
    long graphsAt = sink.position();
    graphs.writeTo(sink);
    long predicatesAt = sink.position();
    predicates.writeTo(sink);
    return new GraphRuns(sink.finish(total, indexAt, graphs.size() / 6, graphsAt, predicatesAt));
  }

  @Override
  public void close() {
    sink.close();
    index.close();
    graphs.close();
    predicates.close();
    if (subjects != null) {
      subjects.close();
    }
    memory.shrink(fixedBytes);
  }

  /** A growing row of longs, reserved. */
  static final class Figures implements AutoCloseable {
    private final LongRow values = new LongRow();
    private final Reservation memory;
    private long held;

    Figures(Reservation memory) {
      this.memory = memory;
    }

    int size() {
      return values.size();
    }

    void add(long v) {
      long need = values.bytesFor(values.size() + 1);
      if (need > held) {
        memory.grow(need - held);
        held = need;
      }
      values.add(v);
    }

    void writeTo(Sink sink) {
      for (int i = 0; i < values.size(); i++) {
        sink.writeLong(values.get(i));
      }
    }

    @Override
    public void close() {
      memory.shrink(held);
      held = 0;
    }
  }

  /** Subjects of each predicate of a graph, counted where subject and predicate change. */
  private static final class SubjectCounts implements AutoCloseable {
    private static final int MOST = 1 << 16;

    private final Reservation memory;
    private long[] keys = new long[64];
    private long[] counts = new long[64];
    private int size;

    SubjectCounts(Reservation memory) {
      this.memory = memory;
      memory.grow(16L * keys.length);
    }

    void add(long predicate) {
      if (size > MOST) {
        return; // too many: figures about each are not worth it
      }
      int slot = slot(predicate);
      if (counts[slot]++ == 0) {
        keys[slot] = predicate;
        if (++size > keys.length / 2) {
          grow();
        }
      }
    }

    private int slot(long key) {
      int mask = keys.length - 1;
      int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
      while (counts[slot] != 0 && keys[slot] != key) {
        slot = (slot + 1) & mask;
      }
      return slot;
    }

    private void grow() {
      long[] oldKeys = keys;
      long[] oldCounts = counts;
      memory.grow(32L * oldKeys.length);
      keys = new long[2 * oldKeys.length];
      counts = new long[2 * oldKeys.length];
      for (int i = 0; i < oldKeys.length; i++) {
        if (oldCounts[i] != 0) {
          int slot = slot(oldKeys[i]);
          keys[slot] = oldKeys[i];
          counts[slot] = oldCounts[i];
        }
      }
      memory.shrink(16L * oldKeys.length);
    }

    /** Gives what was counted, by id, and begins anew. */
    void end(Figures out) {
      if (size <= MOST) {
        long[] sorted = new long[size];
        int n = 0;
        for (int i = 0; i < keys.length; i++) {
          if (counts[i] != 0) {
            sorted[n++] = keys[i];
          }
        }
        Arrays.sort(sorted);
        for (long key : sorted) {
          out.add(key);
          out.add(0);
          out.add(counts[slot(key)]);
        }
      }
      Arrays.fill(counts, 0);
      size = 0;
    }

    @Override
    public void close() {
      memory.shrink(16L * keys.length);
      keys = new long[0];
    }
  }
}
