package dev.penstock.compiler;

import dev.penstock.batch.Batch;
import dev.penstock.batch.expr.Expr;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Cell;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.SortedSource;
import dev.penstock.nodes.join.HashJoinProbe;
import dev.penstock.nodes.join.JoinBuild;
import dev.penstock.nodes.join.JoinKind;
import dev.penstock.nodes.join.JoinSpec;
import dev.penstock.nodes.join.JoinTable;
import dev.penstock.nodes.join.KeptParts;
import dev.penstock.nodes.join.KeptProbe;
import dev.penstock.nodes.join.MergeJoin;
import dev.penstock.nodes.join.MergeScan;
import dev.penstock.nodes.join.NestedLoopJoin;
import dev.penstock.nodes.keyfilter.KeyFilter;
import dev.penstock.pipes.Tap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Joins: the build side ends in a table, and the probe side's flow waits for it and goes on with a
 * probe step.
 *
 * <pre>
 * build: ... > [build sink]   rows -> [insert]  --> table (a gate)
 * probe: ... > [probe] > ...  ---------------------/
 * </pre>
 */
final class JoinGraph {
  private final GraphBuilder graph;
  private final ScanGraph scans;
  private final Map<Integer, Cell<Optional<JoinTable>>> kept = new HashMap<>();
  private final Map<Integer, JoinBuild> keptBuilds = new HashMap<>();

  JoinGraph(GraphBuilder graph, ScanGraph scans) {
    this.graph = graph;
    this.scans = scans;
  }

  private static boolean isMerge(Lowered node) {
    return "merge".equals(node.get("strategy"));
  }

  private static boolean isMergeScan(Lowered node) {
    return "merge-scan".equals(node.get("strategy"));
  }

  static boolean buildIsRight(Lowered node) {
    return !"left".equals(node.get("build"));
  }

  /**
   * The table of a join that the rounds of a recursion around it share; null if it cannot be
   * shared, empty if it does not fit: then each round builds its own.
   */
  @Nullable Cell<Optional<JoinTable>> kept(int id) {
    return kept.get(id);
  }

  /** The rows of a table that does not fit, on disk; null if there are none. */
  @Nullable KeptParts keptParts(int id) {
    JoinBuild build = keptBuilds.get(id);
    return build == null ? null : build.keptParts();
  }

  /**
   * Builds here, once, the table of a join for all rounds of a recursion; not if a join notes in
   * its table what its probe side met.
   */
  void keep(Lowered node) {
    boolean buildIsRight = buildIsRight(node);
    JoinKind kind = JoinKind.parse(node.text("kind"));
    boolean readOnly =
        switch (kind) {
          case INNER, CROSS -> true;
          case LEFT, SEMI, ANTI -> buildIsRight;
          case RIGHT -> !buildIsRight;
          default -> false;
        };
    if (!readOnly || isMerge(node) || isMergeScan(node) || node.has("runtime-filters")) {
      return;
    }
    JoinBuild build = JoinBuild.kept(graph.query(), spec(node));
    Cell<Optional<JoinTable>> table = new Cell<>("kept join table");
    Flow flow = graph.keptFlow(node.inputs().get(buildIsRight ? 1 : 0));
    build(
        flow,
        build,
        "kept join table",
        () -> table.set(build.isGivenUp() ? Optional.empty() : Optional.of(build.table())));
    kept.put(node.integer("id"), table);
    keptBuilds.put(node.integer("id"), build);
  }

  private void build(Flow input, JoinBuild build, String makes, Runnable atClose) {
    input.into("build", build, graph.workers(), false).finish(makes, atClose);
  }

  private static JoinSpec spec(Lowered node) {
    boolean buildIsRight = buildIsRight(node);
    Lowered left = node.inputs().get(0);
    Lowered right = node.inputs().get(1);
    List<Expr> leftKeys = Exprs.list(node.children("left-keys"));
    List<Expr> rightKeys = Exprs.list(node.children("right-keys"));
    List<?> safe = node.list("null-safe");
    boolean[] nullSafe = new boolean[leftKeys.size()];
    for (int i = 0; i < nullSafe.length; i++) {
      nullSafe[i] = Boolean.TRUE.equals(safe.get(i));
    }
    return new JoinSpec(
        JoinKind.parse(node.text("kind")),
        buildIsRight ? leftKeys : rightKeys,
        buildIsRight ? rightKeys : leftKeys,
        nullSafe,
        Exprs.optional(node, "residual"),
        left.schema().types(),
        right.schema().types(),
        node.ints("output"),
        buildIsRight);
  }

  Flow join(Lowered node) {
    QueryContext query = graph.query();
    boolean buildIsRight = buildIsRight(node);
    Lowered left = node.inputs().get(0);
    Lowered right = node.inputs().get(1);
    Cell<JoinTable> ready = graph.keptTable(node.integer("id"));
    if (ready != null) {
      return probed(node, query, graph.flow(buildIsRight ? left : right, false), ready);
    }
    KeptParts parts = graph.isOfFewRows() ? graph.keptParts(node.integer("id")) : null;
    if (parts != null) {
      Flow few = graph.flow(buildIsRight ? left : right, false);
      List<KeptProbe> probes = new ArrayList<>(); // here, so that their least memory is admitted
      for (int lane = 0; lane < few.permits(); lane++) {
        KeptProbe probe = new KeptProbe(query, parts);
        few.run().closeLater(probe);
        probes.add(probe);
      }
      return few.then("probe", probes::get);
    }
    JoinSpec spec = spec(node);
    if (isMergeScan(node)) {
      return mergeScan(buildIsRight ? left : right, buildIsRight ? right : left, spec);
    }
    if (isMerge(node)) {
      Tap<Batch> leftRows = graph.single(left).pipe();
      Tap<Batch> rightRows = graph.single(right).pipe();
      MergeJoin merge = new MergeJoin(query, spec); // here, so that its least memory is admitted
      Flow flow = Flow.ofTwo(graph, "merge join", leftRows, rightRows, () -> merge);
      flow.run().closeLater(merge);
      return flow;
    }
    List<Lowered> filters = node.children("runtime-filters");
    int[] filteredKeys = filters.stream().mapToInt(f -> f.integer("key")).toArray();
    List<Cell<KeyFilter>> published =
        filters.stream().map(f -> scans.newFilter(f.integer("id"))).toList();
    Flow probe = graph.flow(buildIsRight ? left : right, false);
    JoinBuild build = new JoinBuild(query, spec, probe.permits(), filteredKeys);
    Cell<JoinTable> table = new Cell<>("join table");
    build(
        graph.flow(buildIsRight ? right : left, false),
        build,
        "join table" + (filters.isEmpty() ? "" : ",") + ScanGraph.filterNames(filters),
        () -> publish(build, published, table));
    return probed(node, query, probe.wokenBy(build.probed()), table);
  }

  /** The scan on the side that is found is no flow: its source is asked for keys. */
  private Flow mergeScan(Lowered leader, Lowered found, JoinSpec spec) {
    QueryContext query = graph.query();
    if (!(found.get("handle") instanceof SortedSource source)) {
      throw PenstockException.fault("a merge scan of a table that is not in order", null);
    }
    int[] columns = ScanGraph.columns(found, source);
    Flow flow = graph.flow(leader, false);
    query.budget().keep(flow.permits() * MergeScan.bytes(spec, source), "a merge join's finders");
    return flow.then("merge join", lane -> new MergeScan(query, spec, source, columns));
  }

  private static Flow probed(Lowered node, QueryContext query, Flow probe, Cell<JoinTable> table) {
    return node.list("left-keys").isEmpty()
        ? probe.gate(table).then("nested-loop", lane -> new NestedLoopJoin(query, table.get()))
        : probe.gate(table).then("probe", lane -> new HashJoinProbe(query, table.get()));
  }

  /** The filters first: who waits for the table may open the scans to which they belong. */
  private static void publish(
      JoinBuild build, List<Cell<KeyFilter>> filters, Cell<JoinTable> table) {
    JoinTable complete = build.table();
    for (int i = 0; i < filters.size(); i++) {
      filters.get(i).set(build.keyFilter(i));
    }
    table.set(complete);
  }
}
