package dev.penstock.compiler;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.Expr;
import dev.penstock.buffer.BatchPipes;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Cell;
import dev.penstock.nodes.LiveSource;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.QueryRun;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.basic.Filter;
import dev.penstock.nodes.basic.Number;
import dev.penstock.nodes.basic.Project;
import dev.penstock.nodes.basic.Rechunk;
import dev.penstock.nodes.basic.Slice;
import dev.penstock.nodes.join.JoinTable;
import dev.penstock.nodes.join.KeptParts;
import dev.penstock.nodes.series.Series;
import dev.penstock.nodes.series.SeriesScan;
import dev.penstock.nodes.spill.SpilledBatches;
import dev.penstock.pipes.Feed;
import dev.penstock.pipes.Mux;
import dev.penstock.pipes.Pipe;
import dev.penstock.pipes.Tap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From a lowered plan to a graph of nodes and pipes.
 *
 * <p>Each operator either adds a step to the flow of its input, or ends that flow and begins a new
 * one ({@link Flow}). {@code ordered} says whether the rows' order matters to somebody above: only
 * then do parallel nodes keep it.
 */
final class GraphBuilder {
  private final QueryRun run;
  private final Pipes pipes;
  private final int workers;
  private final ScanGraph scans;
  private final JoinGraph joins;
  private final BreakerGraph breakers;
  private final StreamGraph streams;
  private final Map<Integer, SharedRows> shared = new HashMap<>();
  private final @Nullable GraphBuilder around;
  private final Map<String, Optional<SpilledBatches>> working = new HashMap<>();
  private final Map<LiveSource, Source> snapshots = new IdentityHashMap<>();
  private final Map<Integer, OperatorMeter> keptMeters = new HashMap<>();
  private OperatorMeter at;
  private long pipeBytes;

  /**
   * @param meters what stands above the root of the plan
   */
  GraphBuilder(QueryRun run, Pipes pipes, int workers, OperatorMeter meters) {
    this(run, pipes, workers, meters, null);
  }

  private GraphBuilder(
      QueryRun run, Pipes pipes, int workers, OperatorMeter meters, @Nullable GraphBuilder around) {
    this.run = run;
    this.pipes = pipes;
    this.at = meters;
    this.workers = Math.min(workers, 32);
    this.scans = new ScanGraph(this);
    this.joins = new JoinGraph(this, scans);
    this.breakers = new BreakerGraph(this);
    this.streams = around == null ? new StreamGraph(this) : new StreamGraph(this, around.streams);
    this.around = around;
  }

  /**
   * For a round of a recursion: the name's rows are those of the last round.
   *
   * @param rows null: it never runs
   */
  GraphBuilder round(
      QueryRun one,
      int workersOfRound,
      OperatorMeter meters,
      String name,
      @Nullable SpilledBatches rows) {
    GraphBuilder builder = new GraphBuilder(one, pipes, workersOfRound, meters, this);
    builder.working.put(name, Optional.ofNullable(rows));
    return builder;
  }

  QueryRun run() {
    return run;
  }

  /** What the operator that is being built is handed: its budget is its own. */
  QueryContext query() {
    return run.context().within(at.budget(), at.spill());
  }

  /** A pipe for batches; what may wait in it is reserved for as long as the query runs. */
  Pipe<Batch> newPipe(String name) {
    long bytes = Pipes.capacity(run.context(), pipeBytes);
    pipeBytes += bytes;
    return pipes.between(name, run.context(), bytes);
  }

  /** The operator that is being built. */
  OperatorMeter meter() {
    return at;
  }

  /** Permits of a parallel node. */
  int workers() {
    return workers;
  }

  /** Builds the whole graph; the result's batches go into the pipe. */
  void build(Lowered root, Feed<Batch> output) {
    at.begin();
    flow(root, true).into(output);
  }

  /** Builds an operator and all below it. */
  Flow flow(Lowered node, boolean ordered) {
    return flow(at.input(node), node, ordered);
  }

  /** The same, when the meter of the operator is there already. */
  Flow flow(OperatorMeter meter, Lowered node, boolean ordered) {
    OperatorMeter above = at;
    at = meter;
    at.begin();
    try {
      return operator(node, ordered).gives();
    } finally {
      at = above;
    }
  }

  private Flow operator(Lowered node, boolean ordered) {
    QueryContext query = query();
    return switch (node.op()) {
      case "scan" -> scans.scan(node, ordered);
      case "values" -> values(node);
      case "series" -> series(node, ordered);
      case "filter" -> filter(node, ordered);
      case "project" -> project(node, ordered);
      case "slice" -> slice(node);
      case "first" -> single(node.input()).then("first", lane -> new Slice(query, 0, 1));
      case "number" -> single(node.input()).then("number", lane -> new Number(query));
      case "rechunk" -> rechunk(node);
      case "union", "mux" -> union(node);
      case "shared" -> shared(node, ordered);
      case "recursive" -> Recursion.flow(this, node);
      case "recursion" -> lastRound(node, ordered);
      case "join" -> joins.join(node);
      case "group", "distinct", "sort", "top", "window", "set-op", "reorder", "unnest" ->
          breakers.flow(node, ordered);
      case "eval", "reduce", "let" -> streams.flow(node, ordered);
      default ->
          throw PenstockException.unsupported(
              "operator", "the engine has no operator '" + node.op() + "'");
    };
  }

  /** One for all scans of a query. */
  Source snapshot(LiveSource live) {
    GraphBuilder outermost = this;
    while (outermost.around != null) {
      outermost = outermost.around;
    }
    return outermost.snapshots.computeIfAbsent(live, LiveSource::snapshot);
  }

  private Flow values(Lowered node) {
    int batchRows = run.context().batchRows();
    DataType[] types = node.schema().types();
    List<?> rows = node.list("rows");
    Pipe<Batch> pipe = BatchPipes.create("values", Long.MAX_VALUE);
    for (int from = 0; from < rows.size(); from += batchRows) {
      int to = Math.min(rows.size(), from + batchRows);
      Column[] columns = new Column[types.length];
      for (int c = 0; c < types.length; c++) {
        ColumnBuilder builder = ColumnBuilder.of(types[c], to - from);
        for (Object row : rows.subList(from, to)) {
          builder.appendValue(Exprs.hostValue(types[c], ((List<?>) row).get(c)));
        }
        columns[c] = builder.build();
      }
      pipe.enqueue(Batch.of(to - from, columns));
    }
    pipe.close();
    return Flow.ofBatches(this, pipe, 1, true);
  }

  private Flow series(Lowered node, boolean ordered) {
    Expr start = Exprs.of(node.child("start"));
    Expr stop = Exprs.of(node.child("stop"));
    Expr step = Exprs.of(node.child("step"));
    boolean exclusive = node.flag("exclusive");
    QueryContext query = query();
    if (node.inputs().isEmpty()) {
      return Flow.ofScan(
          this,
          "series",
          () -> new SeriesScan(query, start, stop, step, exclusive),
          workers,
          ordered);
    }
    return flow(node.input(), ordered)
        .then("series", lane -> new Series(query, start, stop, step, exclusive));
  }

  private Flow filter(Lowered node, boolean ordered) {
    QueryContext query = query();
    var predicate = Exprs.predicate(node.child("predicate"));
    return flow(node.input(), ordered).then("filter", lane -> new Filter(query, predicate));
  }

  private Flow project(Lowered node, boolean ordered) {
    QueryContext query = query();
    List<Expr> exprs = Exprs.list(node.children("exprs"));
    return flow(node.input(), ordered).then("project", lane -> new Project(query, exprs));
  }

  private Flow slice(Lowered node) {
    QueryContext query = query();
    long offset = node.longOr("offset", 0);
    long limit = node.longOr("limit", Long.MAX_VALUE);
    return single(node.input()).then("slice", lane -> new Slice(query, offset, limit));
  }

  private Flow rechunk(Lowered node) {
    Flow flow = single(node.input());
    Rechunk made = new Rechunk(query(), node.schema().types(), node.integer("size"));
    flow.run().closeLater(made); // made here, so that its least memory is admitted
    return flow.then("rechunk", lane -> made);
  }

  /** The input in order and in one lane. */
  Flow single(Lowered input) {
    Flow flow = flow(input, true);
    return flow.permits() == 1 ? flow : Flow.ofBatches(this, flow.pipe(), 1, true);
  }

  private Flow union(Lowered node) {
    List<Tap<Batch>> pipes = new ArrayList<>();
    for (Lowered input : node.inputs()) {
      pipes.add(flow(input, false).pipe());
    }
    return Flow.ofBatches(this, Mux.of(pipes), workers, false);
  }

  private Flow shared(Lowered node, boolean ordered) {
    return sharedRows(node).read(this, workers, ordered);
  }

  /** The rows of a shared subplan; its graph is built at the first use. */
  private SharedRows sharedRows(Lowered node) {
    int id = node.integer("id");
    for (GraphBuilder g = this; g != null; g = g.around) {
      SharedRows rows = g.shared.get(id);
      if (rows != null) {
        return rows;
      }
    }
    SharedRows rows = new SharedRows(query(), node.schema().types());
    shared.put(id, rows);
    single(node.input()).end("shared " + node.text("name"), rows, rows::complete);
    return rows;
  }

  /** Computes here, once, what the rounds of a recursion share. */
  List<SharedRows> keepFor(Lowered step, String name) {
    List<SharedRows> out = new ArrayList<>();
    FreeNames.Kept kept = new FreeNames().keptBy(step, name);
    OperatorMeter above = at;
    for (Lowered node : kept.shared()) {
      at = above.input(node);
      at.begin();
      keptMeters.put(node.integer("id"), at);
      try {
        out.add(sharedRows(node));
      } finally {
        at = above;
      }
    }
    kept.builds().forEach(joins::keep);
    return out;
  }

  /** Reads here what was kept for the rounds of a recursion. */
  Flow keptFlow(Lowered node) {
    OperatorMeter meter = java.util.Objects.requireNonNull(keptMeters.get(node.integer("id")));
    return flow(meter, node, false);
  }

  /** Set when it is known of which tables the rounds of the step have one for all of them. */
  List<Cell<?>> keptTables(Lowered step, String name) {
    List<Cell<?>> out = new ArrayList<>();
    for (Lowered join : new FreeNames().keptBy(step, name).builds()) {
      Cell<?> table = joins.kept(join.integer("id"));
      if (table != null) {
        out.add(table);
      }
    }
    return out;
  }

  /** The table of a join that all rounds around it share, or null. */
  @Nullable Cell<JoinTable> keptTable(int id) {
    for (GraphBuilder g = around; g != null; g = g.around) {
      Cell<Optional<JoinTable>> table = g.joins.kept(id);
      if (table != null && table.isSet() && table.get().isPresent()) {
        Cell<JoinTable> there = new Cell<>("kept join table");
        there.set(table.get().get());
        return there;
      }
    }
    return null;
  }

  /** The rows of a table that does not fit, for all rounds around this one; or null. */
  @Nullable KeptParts keptParts(int id) {
    KeptParts parts = null;
    for (GraphBuilder g = around; g != null && parts == null; g = g.around) {
      parts = g.joins.keptParts(id);
    }
    return parts;
  }

  /** Whether this is a round, and the last one brought few rows. */
  boolean isOfFewRows() {
    boolean few = !working.isEmpty();
    for (Optional<SpilledBatches> rows : working.values()) {
      few &= rows.isPresent() && rows.get().rows() <= Batch.ROWS;
    }
    return few;
  }

  private Flow lastRound(Lowered node, boolean ordered) {
    String name = node.text("name");
    GraphBuilder g = this;
    while (!g.working.containsKey(name)) {
      g = g.around;
      if (g == null) {
        throw PenstockException.fault("no recursion is called " + name, null);
      }
    }
    SpilledBatches rows = java.util.Objects.requireNonNull(g.working.get(name)).orElse(null);
    if (rows == null || !rows.isInMemory()) {
      Cell<SpilledBatches> complete = new Cell<>();
      if (rows != null) {
        complete.set(rows);
      }
      return KeptBatches.read(this, "the last round of " + name, complete, workers, ordered);
    }
    Pipe<Batch> pipe = BatchPipes.create("the last round of " + name, Long.MAX_VALUE);
    for (int i = 0; i < rows.pieces(); i++) {
      pipe.enqueue(rows.read(i));
    }
    pipe.close();
    return Flow.ofBatches(this, pipe, workers, ordered);
  }
}
