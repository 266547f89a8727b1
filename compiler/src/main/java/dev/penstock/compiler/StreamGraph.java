package dev.penstock.compiler;

import clojure.lang.IFn;
import dev.penstock.batch.Batch;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Breaker;
import dev.penstock.nodes.Cell;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The stream operators that run functions: eval, reduce, let. */
final class StreamGraph {
  private static final IFn FUSE = PlanBridge.function("dev.penstock.plan.fuse", "item-fn");
  private static final IFn AS_FN = PlanBridge.function("dev.penstock.plan.fuse", "as-fn");

  private final GraphBuilder graph;
  private final Map<String, Cell<Optional<Object>>> lets = new HashMap<>();

  StreamGraph(GraphBuilder graph) {
    this.graph = graph;
  }

  /** In a round of a recursion: the names of let+ around it are known. */
  StreamGraph(GraphBuilder graph, StreamGraph around) {
    this(graph);
    lets.putAll(around.lets);
  }

  Flow flow(Lowered node, boolean ordered) {
    return switch (node.op()) {
      case "eval" -> eval(node);
      case "reduce" -> reduce(node);
      default -> let(node, ordered);
    };
  }

  private Flow eval(Lowered node) {
    Lowered input = node.input();
    Flow flow = node.flag("parallel") ? graph.flow(input, false) : graph.single(input);
    Items in = new Items(input.schema(), node.flag("input-rows"));
    Items out = new Items(node.schema(), node.flag("output-rows"));
    boolean chunk = node.flag("chunk");
    List<Lowered> steps = node.children("steps");
    // The cells of now: another let+ elsewhere in the plan may have the same name.
    Map<String, Cell<Optional<Object>>> values = new HashMap<>();
    for (Lowered step : steps) {
      for (Object arg : step.list("args")) {
        String name = letName(arg);
        if (name != null) {
          values.put(name, cell(name));
          flow.gate(cell(name));
        }
      }
    }
    QueryContext query = graph.query();
    // The functions are merged when all names of let+ are known: at the first task.
    return flow.then(
        "eval", lane -> new EvalStep(query, in, out, fuse(steps, values, chunk), chunk));
  }

  private static IFn fuse(
      List<Lowered> steps, Map<String, Cell<Optional<Object>>> values, boolean chunk) {
    List<Object> out = new ArrayList<>();
    for (Lowered step : steps) {
      List<@Nullable Object> args = new ArrayList<>();
      for (Object arg : step.list("args")) {
        String name = letName(arg);
        args.add(
            name == null
                ? arg
                : java.util.Objects.requireNonNull(values.get(name)).get().orElse(null));
      }
      Map<String, @Nullable Object> one = new HashMap<>();
      one.put("kind", chunk ? "chunk" : step.text("kind"));
      one.put("f", step.get("f"));
      one.put("args", args);
      out.add(one);
    }
    return (IFn) FUSE.invoke(out);
  }

  private static @Nullable String letName(@Nullable Object arg) {
    return arg instanceof Map<?, ?> m && m.size() == 1 && m.get("let") instanceof String name
        ? name
        : null;
  }

  private Cell<Optional<Object>> cell(@Nullable String name) {
    Cell<Optional<Object>> cell = lets.get(name);
    if (cell == null) {
      throw PenstockException.fault("let+ has no name " + name, null);
    }
    return cell;
  }

  private Flow reduce(Lowered node) {
    Lowered input = node.input();
    Reduce reduce =
        new Reduce(
            graph.query(),
            new Items(input.schema(), node.flag("input-rows")),
            new Items(node.schema(), false),
            fn(node, "init"),
            fn(node, "step"),
            fn(node, "merge"),
            node.has("finish") ? fn(node, "finish") : null,
            node.flag("chunk"),
            new ArrayList<>(),
            HeldObject.room(graph.query(), "accumulators of a reduce", graph.query().lanes()));
    return graph.flow(input, false).into("reduce", reduce, 1, true);
  }

  private static IFn fn(Lowered node, String key) {
    return (IFn) AS_FN.invoke(node.get(key));
  }

  private Flow let(Lowered node, boolean ordered) {
    for (Lowered binding : node.children("bindings")) {
      Lowered value = binding.child("node");
      Cell<Optional<Object>> cell = new Cell<>("let " + binding.text("name"));
      boolean rows = !(value.schema().size() == 1 && "it".equals(value.schema().field(0).name()));
      FirstItem first = new FirstItem(graph.query(), new Items(value.schema(), rows), value);
      graph
          .single(value)
          .end(
              "let " + binding.text("name"),
              first,
              () -> cell.set(Optional.ofNullable(first.item)));
      lets.put(binding.text("name"), cell);
    }
    return graph.flow(node.input(), ordered);
  }

  /** Keeps the first item of a stream. */
  private static final class FirstItem implements Breaker {
    private final Items items;
    private final Budget room;
    private final HeldObject held;

    /** The result of a reduce counts there. */
    private final boolean counts;

    private @Nullable Object item;
    private boolean found;

    FirstItem(QueryContext query, Items items, Lowered value) {
      this.items = items;
      this.room = HeldObject.room(query, "a value of let+", 1);
      this.held = new HeldObject(room, "a value of let+");
      Lowered from = value.op().equals("first") ? value.input() : value;
      this.counts = !from.op().equals("reduce");
    }

    @Override
    public Step<Batch> sink(int lane) {
      return new Step<>() {
        @Override
        public Progress step(Inlet<? extends Batch> in, Outlet out) {
          Batch batch = in.poll();
          if (batch == null) {
            return in.isDone() ? Progress.DONE : Progress.STUCK;
          }
          if (!found && !batch.isEmpty()) {
            item = items.item(batch, batch.position(0));
            found = true;
            if (counts) {
              held.weigh(item);
            }
          }
          return found ? Progress.DONE : Progress.MOVED;
        }
      };
    }

    @Override
    public List<Source.Morsel> finish() {
      return List.of();
    }

    @Override
    public Source.Decoder decoder() {
      throw new IllegalStateException("the first item is read from its cell");
    }

    @Override
    public void close() {
      held.close();
      room.close();
    }
  }
}
