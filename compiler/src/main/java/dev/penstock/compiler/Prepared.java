package dev.penstock.compiler;

import clojure.lang.IDeref;
import dev.penstock.batch.Schema;
import dev.penstock.compiler.queries.LivePlan;
import dev.penstock.nodes.Source;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A plan that was checked, rewritten and lowered. Immutable; can be run many times. */
public final class Prepared {
  private final Lowered all;
  private final Lowered root;
  private final List<TableState> tables;
  private final long planningNanos;

  Prepared(Lowered all, List<TableState> tables, long planningNanos) {
    this(all, all.child("root"), tables, planningNanos);
  }

  private Prepared(Lowered all, Lowered root, List<TableState> tables, long planningNanos) {
    this.all = all;
    this.root = root;
    this.tables = tables;
    this.planningNanos = planningNanos;
  }

  /**
   * The same plan with other values for its parameters, {@code (param i v)}: nothing is planned
   * again. Its texts show the first values.
   *
   * @param values by the parameters' numbers, of the classes of their first values (Long, Double,
   *     BigDecimal of the same digits, String, the classes of java.time, UUID)
   * @return null if the plan does not hold for a value: null itself, or one that loses something
   *     where its first value was taken as another type
   */
  public @Nullable Prepared with(List<? extends @Nullable Object> values) {
    Lowered bound = Parameters.bound(root, values);
    return bound == null ? null : new Prepared(all, bound, tables, planningNanos);
  }

  /**
   * The same plan over other sources: nothing is planned again. Its texts show the first ones.
   *
   * @param other for each source that is scanned the same one, or one of the same columns; the plan
   *     is right for it, and as good as the sources are alike in size
   */
  public Prepared withSources(UnaryOperator<Source> other) {
    return new Prepared(all, new OtherSources(other).of(root), tables, planningNanos);
  }

  Lowered root() {
    return root;
  }

  /** The tables that it was prepared for. */
  List<TableState> tables() {
    return tables;
  }

  /** The columns of the result. */
  public Schema schema() {
    return root.schema();
  }

  /** How long reading, checking, rewriting and lowering took. */
  public long planningNanos() {
    return planningNanos;
  }

  /** The plan as it was written. */
  public String written() {
    return all.text("written");
  }

  /** The plan after rewriting. */
  public String rewritten() {
    return all.text("rewritten");
  }

  /** As {@link #rewritten}; empty if it takes longer than so many nanoseconds to print. */
  String rewritten(long mostNanos) {
    return PlanBridge.rewritten(all, mostNanos);
  }

  /** The plan as stream operators. */
  public String physical() {
    return all.text("physical");
  }

  /** The plan as written, the rules that fired, the plan after, and its nodes: for people. */
  public String explain() {
    return PlanBridge.explain(all);
  }

  /** The hash of the plan as written: equal plans, equal hashes, in any process. */
  public String hash() {
    return all.text("hash");
  }

  /** The text and the hash of the plan as written, without the tables that a plan holds. */
  PlanText text() {
    return new PlanText(all.get("written"), all.get("hash"));
  }

  /** Made when they are asked for. */
  record PlanText(@Nullable Object written, @Nullable Object hashed) implements LivePlan.PlanText {
    @Override
    public String text() {
      return made(written);
    }

    @Override
    public String hash() {
      return made(hashed);
    }

    private static String made(@Nullable Object text) {
      return String.valueOf(text instanceof IDeref late ? late.deref() : text);
    }
  }

  /** The rules that fired, in order. */
  List<String> ruleNames() {
    return all.children("rules").stream().map(r -> r.text("rule")).toList();
  }

  /** A rule that fired. */
  public record Fired(String rule, String before, String after) {}

  /** The rules that fired, in order. */
  public List<Fired> rules() {
    return all.children("rules").stream()
        .map(r -> new Fired(r.text("rule"), r.text("before"), r.text("after")))
        .toList();
  }
}
