package dev.penstock.sparql.store;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.Schema;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.batch.expr.HostExpr;
import dev.penstock.batch.expr.LiteralExpr;
import dev.penstock.batch.expr.Shape;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.ColumnStatistics;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.SortedSource;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Statistics;
import dev.penstock.sources.RowLimit;
import dev.penstock.sources.ScanFilter;
import dev.penstock.sparql.term.IdRanges;
import dev.penstock.sparql.term.Narrowing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Scans the triples that match a pattern, in the order of the run that has them side by side.
 *
 * <p>Concurrency: {@code at} belongs to {@link #next}; {@code closed} is volatile; the pieces are
 * not written to.
 */
final class TripleScan implements Source.Scan {
  private static final int PIECE = 8 * Block.ROWS;
  private static final int OBJECT = 2;
  private static final int GRAPH = 3;

  private final List<? extends Source.Morsel> pieces;
  private final Source.Request request;
  private final QueryContext query;
  private final RowLimit limit;
  private volatile int at;
  private volatile boolean closed;

  private TripleScan(
      List<? extends Source.Morsel> pieces, Source.Request request, QueryContext query) {
    this.pieces = pieces;
    this.request = request;
    this.query = query;
    this.limit = new RowLimit(request.limit());
  }

  private record Piece(int number, long graph, TripleGraph.Range range) implements Source.Morsel {
    @Override
    public long sizeBytes() {
      return 64;
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
    return pieces.get(n);
  }

  @Override
  public Source.Decoder decoder() {
    return new Decoder();
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public double progress() {
    return pieces.isEmpty() ? 1 : (double) at / pieces.size();
  }

  private final class Decoder implements Source.Decoder {
    private final JoinKeys.Lane filters = new JoinKeys.Lane(request);
    private @Nullable Piece piece;
    private @Nullable KeyedTriples keyed;
    private int from;
    private long delivered;

    @Override
    public void begin(Source.Morsel morsel) {
      keyed = morsel instanceof KeyedTriples.Keys keys ? new KeyedTriples(keys) : null;
      piece = morsel instanceof Piece p ? p : null;
      from = 0;
      delivered = 0;
    }

    /** Of a morsel of keys, which has no limit. */
    private @Nullable Batch next(KeyedTriples triples) {
      for (; ; ) {
        query.token().check();
        Batch batch = triples.next(request.columns());
        if (batch == null) {
          keyed = null;
          return null;
        }
        Batch kept = ScanFilter.apply(filters.passing(batch), request.filter());
        if (!kept.isEmpty()) {
          return kept;
        }
      }
    }

    @Override
    public @Nullable Batch next() {
      KeyedTriples triples = keyed;
      if (triples != null) {
        return next(triples);
      }
      Piece now = piece;
      while (now != null) {
        query.token().check();
        TripleGraph.Range range = now.range();
        long left = range.size() - from;
        if (left == 0 || delivered >= limit.perMorsel()) {
          limit.finished(now.number(), delivered);
          piece = null;
          return null;
        }
        // a batch is one block, so that each column is unpacked in one go
        int n = range.part(from, left).untilBlockEnd();
        Batch batch = batch(now.graph(), range.part(from, n));
        from += n;
        Batch kept = ScanFilter.apply(filters.passing(batch), request.filter());
        kept = ScanFilter.first(kept, limit.perMorsel() - delivered);
        delivered += kept.count();
        if (!kept.isEmpty()) {
          return kept;
        }
      }
      return null;
    }

    private Batch batch(long graph, TripleGraph.Range range) {
      int[] wanted = request.columns();
      Column[] columns = new Column[wanted.length];
      int n = (int) range.size();
      for (int c = 0; c < wanted.length; c++) {
        if (wanted[c] == GRAPH) {
          Long id = graph == TripleStore.DEFAULT_GRAPH ? null : graph;
          columns[c] = ConstantColumn.of(DataType.INT64, id, n);
        } else {
          long[] values = new long[n];
          range.copy(wanted[c], 0, n, values);
          columns[c] = new LongColumn(DataType.INT64, values, null, n);
        }
      }
      return Batch.of(n, columns);
    }

    @Override
    public void close() {
      piece = null;
      keyed = null;
    }
  }

  /** The triples of some graphs that have given parts: what a triple pattern scans. Immutable. */
  static final class Pattern implements PatternSource, SortedSource {
    private static final Set<String> KNOWN = Set.of("s", "p", "o", "graphs", "state");

    private final @Nullable Long s;
    private final @Nullable Long p;
    private final @Nullable Long o;
    private final Map<Long, TripleGraph> graphs;
    private final List<Map.Entry<Long, TripleGraph.Range>> ranges = new ArrayList<>();
    private final long rows;

    private Pattern(
        @Nullable Long s, @Nullable Long p, @Nullable Long o, Map<Long, TripleGraph> graphs) {
      this.s = s;
      this.p = p;
      this.o = o;
      this.graphs = graphs;
      long sum = 0;
      for (Map.Entry<Long, TripleGraph> e : graphs.entrySet()) {
        TripleGraph.Range range = e.getValue().find(s, p, o);
        if (range.size() > 0) {
          ranges.add(Map.entry(e.getKey(), range));
          sum += range.size();
        }
      }
      this.rows = sum;
    }

    static Pattern of(TripleStore store, Map<String, Object> options) {
      StoreState state = options.get("state") instanceof StoreState given ? given : store.state();
      for (String key : options.keySet()) {
        if (!KNOWN.contains(key)) {
          throw PenstockException.incorrect(
              "bad-option", store.name() + " has no option :" + key + "; it has :s :p :o :graphs");
        }
      }
      Map<Long, TripleGraph> graphs = new java.util.LinkedHashMap<>();
      if (options.containsKey("graphs")) {
        for (Long id : TripleStore.ids(options.get("graphs"))) {
          TripleGraph graph =
              id == TripleStore.DEFAULT_GRAPH ? state.defaultGraph() : state.graph(id);
          if (graph != null) {
            graphs.put(id, graph);
          }
        }
      } else {
        graphs.put(TripleStore.DEFAULT_GRAPH, state.defaultGraph());
        graphs.putAll(state.graphs());
      }
      return new Pattern(id(options, "s"), id(options, "p"), id(options, "o"), graphs);
    }

    private static @Nullable Long id(Map<String, Object> options, String key) {
      Object v = options.get(key);
      if (v == null || v instanceof Long) {
        return (Long) v;
      }
      throw PenstockException.incorrect(
          "bad-option",
          "a table of triples: expected :" + key + " to be the id of a term, got " + v);
    }

    @Override
    public PatternSource with(LongUnaryOperator ids) {
      Long otherS = s == null ? null : (Long) ids.applyAsLong(s);
      Long otherO = o == null ? null : (Long) ids.applyAsLong(o);
      return Objects.equals(s, otherS) && Objects.equals(o, otherO)
          ? this
          : new Pattern(otherS, p, otherO, graphs);
    }

    @Override
    public Schema schema() {
      return TripleStore.SCHEMA;
    }

    @Override
    public long rowCount() {
      return rows;
    }

    @Override
    public Statistics statistics() {
      return new Figures();
    }

    @Override
    public boolean appliesRuntimeFilters() {
      return true;
    }

    @Override
    public int sortedBy() {
      if (graphs.size() > 1) {
        return -1;
      }
      if (s != null) {
        return p == null ? 1 : o == null ? OBJECT : -1;
      }
      return p != null && o == null ? OBJECT : 0;
    }

    @Override
    public long findsAmong(int column) {
      boolean isOpen = column == 0 ? s == null : column == OBJECT && o == null;
      return isOpen && graphs.size() == 1 ? graph().findsAmong(s, p, o, column) : -1;
    }

    private TripleGraph graph() {
      return graphs.values().iterator().next();
    }

    @Override
    public long finderBytes(int columns) {
      return RunFinder.bytes(columns);
    }

    @Override
    public Finder finder(int column, int[] columns) {
      return graph().finder(s, p, o, column, columns);
    }

    @Override
    public Scan open(Request request, QueryContext query) {
      List<? extends Morsel> keyed = KeyedTriples.morsels(request, s, p, o, graphs, rows);
      if (keyed != null) {
        return new TripleScan(keyed, request, query);
      }
      IdRanges objects = s == null && p != null && o == null ? objects(request) : null;
      List<Piece> pieces = new ArrayList<>();
      for (Map.Entry<Long, TripleGraph.Range> e : ranges) {
        for (TripleGraph.Range range :
            objects == null ? List.of(e.getValue()) : e.getValue().narrowed(objects)) {
          long n;
          for (long from = 0; from < range.size(); from += n) {
            long left = range.size() - from;
            n = Math.min(left, range.part(from, left).untilBlockEnd() + PIECE - Block.ROWS);
            pieces.add(new Piece(pieces.size(), e.getKey(), range.part(from, n)));
          }
        }
      }
      return new TripleScan(pieces, request, query);
    }

    /** Which objects the filter of a request leaves; null: it does not say. */
    private static @Nullable IdRanges objects(Request request) {
      Expr filter = request.filter();
      return filter == null ? null : objects(filter, request);
    }

    private static @Nullable IdRanges objects(Expr filter, Request request) {
      if (filter.shape() instanceof Shape.And and) {
        IdRanges all = null;
        for (Expr part : and.parts()) {
          IdRanges one = objects(part, request);
          all = all == null ? one : one == null ? all : all.and(one);
        }
        return all;
      }
      if (!(filter instanceof HostExpr call && call.function() instanceof Narrowing test)
          || call.inputs().size() != 2) {
        return null;
      }
      Expr a = call.inputs().get(0);
      Expr b = call.inputs().get(1);
      if (isObject(a, request) && b instanceof LiteralExpr c && c.value() instanceof Long id) {
        return test.passing(id, false);
      }
      return isObject(b, request) && a instanceof LiteralExpr c && c.value() instanceof Long id
          ? test.passing(id, true)
          : null;
    }

    private static boolean isObject(Expr e, Request request) {
      return e instanceof ColumnExpr c && request.columns()[c.index()] == OBJECT;
    }

    private final class Figures implements Statistics {
      @Override
      public long rows() {
        return rows;
      }

      @Override
      public boolean rowsExact() {
        return true;
      }

      @Override
      public ColumnStatistics column(int ordinal) {
        return new ColumnStatistics(
            Math.max(1, Math.min(rows, distinct(ordinal))), null, null, false, 0);
      }

      private long distinct(int ordinal) {
        if (ordinal == GRAPH) {
          return ranges.size();
        }
        if ((ordinal == 0 ? s : ordinal == 1 ? p : o) != null) {
          return 1;
        }
        long sum = 0;
        for (TripleGraph graph : graphs.values()) {
          sum += distinct(graph, ordinal);
        }
        return sum;
      }

      private long distinct(TripleGraph graph, int ordinal) {
        if (ordinal == 1) {
          return graph.predicateCount();
        }
        if (p == null) {
          return ordinal == 0 ? graph.subjects() : graph.objects();
        }
        TripleGraph.Predicate known = graph.predicate(p);
        return known == null ? 0 : ordinal == 0 ? known.subjects() : known.objects();
      }
    }
  }
}
