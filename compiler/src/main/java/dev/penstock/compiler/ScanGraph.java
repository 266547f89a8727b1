package dev.penstock.compiler;

import dev.penstock.batch.Schema;
import dev.penstock.batch.expr.Expr;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Cell;
import dev.penstock.nodes.LiveSource;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.keyfilter.ApplyFilters;
import dev.penstock.nodes.keyfilter.KeyFilter;
import dev.penstock.nodes.keyfilter.RuntimeFilter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Scans, and the runtime filters that joins above them make: a source applies them itself, or the
 * step behind it does.
 *
 * <p>A scan waits for a filter where the plan says so. That cannot deadlock: filters go from a
 * join's build side to scans of its probe side, within one tree (never into a shared subplan), so
 * what a build side needs stands before it in the order in which each join takes its build side
 * first.
 */
final class ScanGraph {
  private final GraphBuilder graph;
  private final Map<Integer, Cell<KeyFilter>> filters = new HashMap<>();

  ScanGraph(GraphBuilder graph) {
    this.graph = graph;
  }

  Flow scan(Lowered node, boolean ordered) {
    String table = node.text("table");
    Source handle = (Source) node.get("handle");
    if (handle == null) {
      throw PenstockException.fault("a scan without a source: " + table, null);
    }
    Source source = handle instanceof LiveSource live ? graph.snapshot(live) : handle;
    int[] columns = columns(node, source);
    Expr filter = Exprs.optional(node, "filter");
    List<Lowered> lowered = node.children("runtime-filters");
    List<RuntimeFilter> runtime = lowered.stream().map(this::filter).toList();
    boolean own = runtime.isEmpty() || source.appliesRuntimeFilters();
    Source.Request request =
        new Source.Request(columns, filter, node.longOr("limit", -1), own ? runtime : List.of());
    QueryContext query = graph.query();
    int lanes = admitted(source.needs(request, query.budget().pathCapBytes()), query);
    Flow flow =
        Flow.ofScan(
            graph,
            "scan " + table + (own ? filterNames(lowered) : ""),
            () -> source.open(request, query),
            lanes,
            ordered);
    for (int i = 0; i < runtime.size(); i++) {
      if (lowered.get(i).flag("wait")) {
        flow.gate(runtime.get(i).filter());
      }
    }
    return own
        ? flow
        : flow.then("apply" + filterNames(lowered), lane -> new ApplyFilters(query, runtime));
  }

  /** The ordinals in the source of a scan's columns. */
  static int[] columns(Lowered node, Source source) {
    Schema all = source.schema();
    List<?> names = node.list("columns");
    int[] columns = new int[names.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = all.indexOf(String.valueOf(names.get(i)));
      if (columns[i] < 0) {
        throw PenstockException.incorrect(
            "unknown-column", "unknown column " + names.get(i) + " in " + node.text("table"));
      }
    }
    return columns;
  }

  /**
   * Takes what a scan needs, and gives the number of its lanes: fewer where all of them would take
   * much of a small cap.
   */
  private int admitted(Source.Needs needs, QueryContext query) {
    long share = query.budget().pathCapBytes() / 8;
    int lanes = graph.workers();
    while (lanes > 1 && needs.scanBytes() + lanes * needs.laneBytes() > share) {
      lanes--;
    }
    if (query.spill() != null) {
      query.budget().keep(needs.scanBytes() + lanes * needs.laneBytes(), "the least to scan with");
    }
    return lanes;
  }

  /** A filter that a join will set; the scans that apply it are below this join. */
  Cell<KeyFilter> newFilter(int id) {
    Cell<KeyFilter> filter = new Cell<>(name(id));
    filters.put(id, filter);
    return filter;
  }

  private RuntimeFilter filter(Lowered lowered) {
    int id = lowered.integer("id");
    Cell<KeyFilter> filter = filters.get(id);
    if (filter == null) {
      throw PenstockException.fault("no join above a scan makes its runtime filter " + id, null);
    }
    return new RuntimeFilter(id, lowered.integer("column"), filter);
  }

  /** For people: with a space in front, empty for none. */
  static String filterNames(List<Lowered> filters) {
    return filters.stream().map(f -> " " + name(f.integer("id"))).collect(Collectors.joining(","));
  }

  private static String name(int id) {
    return "filter " + id;
  }
}
