package dev.penstock.compiler;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.basic.Slice;
import dev.penstock.nodes.group.Aggregate;
import dev.penstock.nodes.group.Distinct;
import dev.penstock.nodes.group.Group;
import dev.penstock.nodes.setop.SetOp;
import dev.penstock.nodes.setop.Side;
import dev.penstock.nodes.sort.Sort;
import dev.penstock.nodes.sort.SortKey;
import dev.penstock.nodes.sort.Top;
import dev.penstock.nodes.unnest.Unnest;
import dev.penstock.nodes.window.Bound;
import dev.penstock.nodes.window.Frame;
import dev.penstock.nodes.window.Window;
import dev.penstock.nodes.window.WindowFunction;
import dev.penstock.pipes.Mux;
import dev.penstock.pipes.Tap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The operators that must see all of their input: sort, top, group, distinct, set operations,
 * window.
 */
final class BreakerGraph {
  /** A top-n of more rows than this is a sort and a slice. */
  private static final long MAX_TOP_ROWS = 100_000;

  private static final Set<String> UNFRAMED =
      Set.of(
          "row-number", "rank", "dense-rank", "percent-rank", "cume-dist", "ntile", "lag", "lead");

  private final GraphBuilder graph;

  BreakerGraph(GraphBuilder graph) {
    this.graph = graph;
  }

  Flow flow(Lowered node, boolean ordered) {
    return switch (node.op()) {
      case "sort" -> sort(node, keys(node.children("items")), ordered);
      case "top" -> top(node, ordered);
      case "group" -> group(node);
      case "window" -> window(node, ordered);
      case "distinct" -> distinct(node);
      case "set-op" -> setOp(node);
      case "unnest" -> unnest(node, ordered);
      case "reorder" ->
          sort(
              node,
              List.of(
                  new SortKey(
                      new ColumnExpr(
                          node.integer("column"), node.schema().type(node.integer("column"))),
                      false,
                      false)),
              ordered);
      default -> throw new IllegalStateException(node.op());
    };
  }

  static List<SortKey> keys(List<Lowered> items) {
    List<SortKey> out = new ArrayList<>();
    for (Lowered item : items) {
      out.add(
          new SortKey(
              Exprs.of(item.child("expr")), item.flag("descending"), item.flag("nulls-first")));
    }
    return out;
  }

  private Flow sort(Lowered node, List<SortKey> keys, boolean ordered) {
    QueryContext query = graph.query();
    DataType[] types = node.input().schema().types();
    return graph
        .flow(node.input(), false)
        .into("sort", new Sort(query, types, keys), graph.workers(), ordered);
  }

  private Flow top(Lowered node, boolean ordered) {
    QueryContext query = graph.query();
    long offset = node.longOr("offset", 0);
    long limit = node.longOr("limit", Long.MAX_VALUE);
    List<SortKey> keys = keys(node.children("items"));
    if (limit > MAX_TOP_ROWS || offset > MAX_TOP_ROWS) {
      Flow sorted = sort(node, keys, true);
      return Flow.ofBatches(graph, sorted.pipe(), 1, true)
          .then("slice", lane -> new Slice(query, offset, limit));
    }
    DataType[] types = node.input().schema().types();
    return graph
        .flow(node.input(), false)
        .into("top", new Top(query, types, keys, offset, limit), 1, ordered);
  }

  private Flow window(Lowered node, boolean ordered) {
    List<WindowFunction> functions = new ArrayList<>();
    for (Lowered f : node.children("functions")) {
      List<SortKey> order = keys(f.children("order"));
      functions.add(
          new WindowFunction(
              f.text("fn"),
              Exprs.list(f.children("args")),
              f.has("frame") && !UNFRAMED.contains(f.text("fn")) ? frame(f.child("frame")) : null,
              DataType.parse(f.text("type")),
              new WindowFunction.Options(
                  List.copyOf(f.list("params")),
                  f.flag("distinct"),
                  Exprs.optional(f, "filter"),
                  order,
                  f.flag("ignore-nulls"))));
    }
    Window window =
        new Window(
            graph.query(),
            node.input().schema().types(),
            Exprs.list(node.children("partition")),
            keys(node.children("order")),
            functions);
    return graph.flow(node.input(), false).into("window", window, graph.workers(), ordered);
  }

  private static Frame frame(Lowered frame) {
    return new Frame(
        Frame.Mode.valueOf(frame.text("mode").toUpperCase(Locale.ROOT)),
        bound(frame.child("start")),
        bound(frame.child("end")),
        frame.has("exclude")
            ? Frame.Exclude.valueOf(
                frame.text("exclude").toUpperCase(Locale.ROOT).replace('-', '_'))
            : Frame.Exclude.NO_OTHERS);
  }

  private static Bound bound(Lowered bound) {
    Bound.Kind kind =
        Bound.Kind.valueOf(bound.text("kind").toUpperCase(Locale.ROOT).replace('-', '_'));
    Object offset =
        bound.has("offset")
            ? Exprs.hostValue(DataType.parse(bound.text("type")), bound.get("offset"))
            : null;
    return new Bound(kind, offset);
  }

  private Flow distinct(Lowered node) {
    Distinct distinct =
        new Distinct(
            graph.query(), node.schema().types(), node.has("keys") ? node.ints("keys") : null);
    return graph.flow(node.input(), false).into("distinct", distinct, graph.workers(), false);
  }

  private Flow setOp(Lowered node) {
    SetOp.Kind kind = SetOp.Kind.valueOf(node.text("kind").toUpperCase(Locale.ROOT));
    List<Tap<Batch>> sides = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      boolean right = i == 1;
      sides.add(
          graph.flow(node.inputs().get(i), false).then("side", lane -> new Side(right)).pipe());
    }
    SetOp op = new SetOp(graph.query(), node.schema().types(), kind, node.flag("all"));
    return Flow.ofBatches(graph, Mux.of(sides), graph.workers(), false)
        .into(node.text("kind"), op, graph.workers(), false);
  }

  private Flow unnest(Lowered node, boolean ordered) {
    QueryContext query = graph.query();
    Expr expr = Exprs.of(node.child("expr"));
    boolean outer = node.flag("outer");
    boolean ordinality = node.flag("ordinality");
    DataType type = node.schema().type(node.input().schema().size());
    return graph
        .flow(node.input(), ordered)
        .then("unnest", lane -> new Unnest(query, expr, type, outer, ordinality));
  }

  private Flow group(Lowered node) {
    Exprs.Scope scope = new Exprs.Scope();
    List<Aggregate> aggregates = new ArrayList<>();
    for (Lowered a : node.children("aggregates")) {
      Expr filter = scope.optional(a, "filter");
      List<SortKey> order = new ArrayList<>();
      for (Lowered item : a.children("order")) {
        order.add(
            new SortKey(
                scope.of(item.child("expr")), item.flag("descending"), item.flag("nulls-first")));
      }
      aggregates.add(
          new Aggregate(
              a.text("fn"),
              scope.list(a.children("args")),
              List.copyOf(a.list("params")),
              a.flag("distinct"),
              filter == null ? null : Exprs.predicate(filter),
              order,
              DataType.parse(a.text("type"))));
    }
    List<int[]> sets = null;
    if (node.has("sets")) {
      sets = new ArrayList<>();
      for (Object set : node.list("sets")) {
        sets.add(((List<?>) set).stream().mapToInt(o -> ((Number) o).intValue()).toArray());
      }
    }
    Group group = new Group(graph.query(), scope.list(node.children("keys")), aggregates, sets);
    return graph.flow(node.input(), false).into("group", group, graph.workers(), false);
  }
}
