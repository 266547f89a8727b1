package dev.penstock.sparql.path;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.ColumnStatistics;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Statistics;
import dev.penstock.sources.ScanFilter;
import dev.penstock.sparql.eval.DatasetView;
import dev.penstock.sparql.store.JoinKeys;
import dev.penstock.sparql.store.TripleGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pairs of nodes that a path of {@code ? * +} connects, each once: columns s, o, and g, the
 * graph. From one end if it is known, else from every node of the active graph.
 *
 * <p>Immutable.
 */
public final class PathSource implements Source {
  private static final Schema SCHEMA =
      Schema.of(
          new Field("s", DataType.INT64, false),
          new Field("o", DataType.INT64, false),
          new Field("g", DataType.INT64, true));

  private static final int SUBJECT = 0;
  private static final int OBJECT = 1;

  /** The token is asked for each so many triples. */
  private static final int CHECK = 0xFFF;

  /** Nodes from which one morsel walks. */
  private static final int STARTS = 256;

  /** So many triples are looked through for the nodes where a path begins. */
  private static final int MOST_BEGINS = 1 << 20;

  private final DatasetView dataset;
  private final Steps.Repeat path;
  private final @Nullable Long s;
  private final @Nullable Long o;
  private final List<Long> graphs;
  private final boolean byGraph;

  /**
   * @param s the begin, null: any
   * @param o the end, null: any
   * @param byGraph whether each graph is the active one by itself, else their merge is
   */
  public PathSource(
      DatasetView dataset,
      Steps path,
      @Nullable Long s,
      @Nullable Long o,
      List<Long> graphs,
      boolean byGraph) {
    this.dataset = dataset;
    this.path = (Steps.Repeat) path;
    this.s = s;
    this.o = o;
    this.graphs = graphs;
    this.byGraph = byGraph;
  }

  @Override
  public Schema schema() {
    return SCHEMA;
  }

  @Override
  public Statistics statistics() {
    long nodes = 1;
    for (TripleGraph g : dataset.graphs(graphs)) {
      nodes += g.nodeCount();
    }
    long rows = s != null && o != null ? 1 : s != null || o != null ? 1 + nodes / 4 : 4 * nodes;
    long each = nodes;
    return new Statistics() {
      @Override
      public long rows() {
        return rows;
      }

      @Override
      public boolean rowsExact() {
        return false;
      }

      @Override
      public ColumnStatistics column(int ordinal) {
        boolean known = ordinal == 0 ? s != null : ordinal == 1 && o != null;
        return new ColumnStatistics(known ? 1 : Math.min(rows, each), null, null, false, 0);
      }
    };
  }

  @Override
  public boolean appliesRuntimeFilters() {
    return true;
  }

  @Override
  public boolean isReadByKeys() {
    return s == null && o == null;
  }

  @Override
  public Scan open(Request request, QueryContext query) {
    return new PathScan(request, query);
  }

  /**
   * Some nodes to begin with, in an active graph.
   *
   * @param backward whether they are where ways end
   */
  private record Starts(
      @Nullable Long name, List<TripleGraph> graph, long[] nodes, boolean backward)
      implements Morsel {
    @Override
    public long sizeBytes() {
      return 8L * nodes.length;
    }
  }

  private final class PathScan implements Scan {
    private final Request request;
    private final QueryContext query;
    private int graph;
    private TripleGraph.@Nullable Nodes nodes;
    private final Reservation memory;
    private long @Nullable [] begins;
    private int begun;
    private boolean backward;
    private volatile boolean closed;

    PathScan(Request request, QueryContext query) {
      this.request = request;
      this.query = query;
      this.memory = query.budget().open("where a path begins");
    }

    @Override
    public @Nullable Morsel next() {
      query.token().check();
      while (!closed && graph < (byGraph ? graphs.size() : 1)) {
        Long name = byGraph ? graphs.get(graph) : null;
        List<TripleGraph> active = dataset.graphs(name == null ? graphs : List.of(name));
        Long known = s != null ? s : o;
        if (known != null) {
          graph++;
          return new Starts(name, active, new long[] {known}, s == null);
        }
        long[] some = some(active);
        if (some.length > 0) {
          return new Starts(name, active, some, backward);
        }
        graph++;
        nodes = null;
        begins = null;
        memory.resize(0);
      }
      return null;
    }

    /** The next nodes from which ways may lead; none at the end. */
    private long[] some(List<TripleGraph> active) {
      if (begins == null && nodes == null) {
        begins = joined(active);
        if (begins == null) {
          begins = begins(active);
        }
        begun = 0;
      }
      if (begins != null) {
        int from = begun;
        begun = Math.min(begins.length, from + STARTS);
        return Arrays.copyOfRange(begins, from, begun);
      }
      if (nodes == null) {
        nodes = TripleGraph.nodes(active);
      }
      return nodes.next(STARTS);
    }

    /** The nodes that a join asks for, at one of the ends; null: they are not known, or many. */
    private long @Nullable [] joined(List<TripleGraph> active) {
      long[] first = JoinKeys.of(request, SUBJECT);
      long[] last = JoinKeys.of(request, OBJECT);
      backward = last != null && (first == null || last.length < first.length);
      long[] all = backward ? last : first;
      if (all == null || !memory.tryGrow(8L * all.length)) {
        backward = false;
        return null;
      }
      long[] out = new long[all.length];
      int n = 0;
      for (int i = 0; i < all.length; i++) {
        if ((i & CHECK) == 0) {
          query.token().check();
        }
        long node = all[i];
        if (active.stream().anyMatch(g -> isNode(g, node))) {
          out[n++] = node;
        }
      }
      return Arrays.copyOf(out, n);
    }

    private static boolean isNode(TripleGraph graph, long id) {
      return graph.lookUp(id, 0, 0).size() > 0 || graph.lookUp(0, 0, id).size() > 0;
    }

    /** The ends of the triples with which every way begins; null: it may begin anywhere. */
    private long @Nullable [] begins(List<TripleGraph> active) {
      Set<Steps.First> firsts = new HashSet<>();
      if (path.mayBeEmpty() || !path.firsts(false, firsts)) {
        return null;
      }
      List<TripleGraph.Range> ranges = new ArrayList<>();
      List<Integer> ends = new ArrayList<>();
      long count = 0;
      for (TripleGraph g : active) {
        for (Steps.First first : firsts) {
          TripleGraph.Range range = g.find(null, first.predicate(), null);
          ranges.add(range);
          ends.add(first.backward() ? 2 : 0);
          count += range.size();
        }
      }
      if (count > MOST_BEGINS || !memory.tryGrow(8 * count)) {
        return null;
      }
      long[] all = new long[(int) count];
      int n = 0;
      for (int k = 0; k < ranges.size(); k++) {
        TripleGraph.Range range = ranges.get(k);
        for (long i = 0; i < range.size(); i++) {
          if ((i & CHECK) == 0) {
            query.token().check();
          }
          all[n++] = range.get(ends.get(k), i);
        }
      }
      Arrays.sort(all);
      int distinct = 0;
      for (int i = 0; i < n; i++) {
        if (i == 0 || all[i] != all[i - 1]) {
          all[distinct++] = all[i];
        }
      }
      return Arrays.copyOf(all, distinct);
    }

    @Override
    public Decoder decoder() {
      return new PathDecoder(request, query);
    }

    @Override
    public void close() {
      closed = true;
      memory.close();
    }
  }

  private final class PathDecoder implements Decoder {
    private final Request request;
    private final QueryContext query;
    private final Reservation memory;
    private final LongSet reached;
    private final JoinKeys.Lane filters;
    private @Nullable Starts starts;
    private @Nullable Walk walk;
    private int start;
    private int given;

    PathDecoder(Request request, QueryContext query) {
      this.request = request;
      this.query = query;
      this.memory = query.budget().open("nodes that a path reached");
      this.reached = new LongSet(memory, query.spill());
      this.filters = new JoinKeys.Lane(request);
    }

    @Override
    public void begin(Morsel morsel) {
      Starts now = (Starts) morsel;
      starts = now;
      walk = new Walk(now.graph(), query, memory);
      start = -1;
      given = 0;
      reached.clear();
    }

    @Override
    public @Nullable Batch next() {
      Starts now = starts;
      Walk walking = walk;
      if (now == null || walking == null) {
        return null;
      }
      int rows = Math.max(query.batchRows(), 1);
      for (; ; ) {
        long[] from = new long[rows];
        long[] to = new long[rows];
        int n = 0;
        while (n < rows && advance(now, walking)) {
          from[n] = now.nodes()[start];
          to[n++] = reached.get(given++);
        }
        if (n == 0) {
          starts = null;
          return null;
        }
        Batch all = filters.passing(batch(now, from, to, n));
        Batch batch = ScanFilter.apply(all, request.filter());
        if (!batch.isEmpty()) {
          return batch;
        }
      }
    }

    /** Goes to the next pair; false at the end. */
    private boolean advance(Starts now, Walk walking) {
      for (; ; ) {
        for (; start >= 0 && given < reached.size(); given++) {
          if (s == null || o == null || reached.get(given) == o) {
            return true;
          }
        }
        if (start + 1 == now.nodes().length) {
          return false;
        }
        start++;
        given = 0;
        reached.clear();
        walking.repeat(now.nodes()[start], path, now.backward(), reached);
      }
    }

    private Batch batch(Starts of, long[] from, long[] to, int n) {
      Column[] columns = new Column[request.columns().length];
      for (int c = 0; c < columns.length; c++) {
        int wanted = request.columns()[c];
        columns[c] =
            wanted == 2
                ? ConstantColumn.of(DataType.INT64, of.name(), n)
                : new LongColumn(
                    DataType.INT64, (wanted == SUBJECT) != of.backward() ? from : to, null, n);
      }
      return Batch.of(n, columns);
    }

    @Override
    public void close() {
      reached.close();
      memory.close();
    }
  }
}
