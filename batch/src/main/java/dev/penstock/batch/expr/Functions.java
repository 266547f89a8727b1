package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Kind;
import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Binds calls of the lowered plan (docs/plan-language.md, sections 4 and 7) to kernels. Inference
 * has made the argument types fit; numbers that differ all the same are cast here. Calls of
 * literals alone are computed at once, if they raise no error.
 */
public final class Functions {
  /**
   * Calls an object that comes with the plan; no function by itself, and so not among the names.
   */
  private static final String HOST = "host";

  private static final SortedSet<String> NAMES = new TreeSet<>();

  static {
    for (Comparison c : Comparison.values()) {
      NAMES.add(c.function);
    }
    NAMES.addAll(
        List.of(
            "is-distinct",
            "is-not-distinct",
            "and",
            "or",
            "not",
            "is-null",
            "is-not-null",
            "is-true",
            "is-false",
            "if",
            "case",
            "coalesce",
            "nullif",
            "greatest",
            "least",
            "in",
            "between",
            "switch",
            "like",
            "ilike",
            "cast",
            "try-cast",
            "+",
            "-",
            "*",
            "/"));
    NAMES.addAll(List.of("negate", "quot", "rem", "mod", "abs", "sign", "try", "require"));
    NAMES.addAll(List.of("floor", "ceil", "round", "trunc"));
    NAMES.addAll(Families.NAMES);
  }

  private Functions() {}

  /** The names of all functions that {@link #call} knows, in order. */
  public static SortedSet<String> names() {
    return new TreeSet<>(NAMES);
  }

  /** A boolean expression as a predicate: itself if it is one. */
  public static Predicate predicate(Expr e) {
    if (e.type().kind() != Kind.BOOLEAN) {
      throw PenstockException.unsupported(
          "no-kernel", "expected a boolean expression, got one of type " + e.type());
    }
    return Logic.predicate(e);
  }

  /**
   * Says that an expression stands at several places of one node, so that it is computed once for
   * each batch. To be called while the trees are built, before a task evaluates them.
   */
  public static void share(Expr e) {
    if (e instanceof CallExpr call) {
      call.share();
    }
  }

  /**
   * The expression that computes a call.
   *
   * @param result the type that the plan's inference gave the call
   * @throws PenstockException UNSUPPORTED for an unknown function or types without a kernel
   */
  public static Expr call(String fn, List<Expr> args, DataType result) {
    if (!NAMES.contains(fn) && !fn.equals(HOST)) {
      throw PenstockException.unsupported(
          "unknown-function",
          "function " + fn + " is not built; see docs/plan-language.md, section 4");
    }
    Expr bound;
    try {
      bound = bind(fn, args, result);
    } catch (IndexOutOfBoundsException e) {
      bound = null; // fewer arguments than the function has
    }
    if (bound == null || !bound.type().equals(result)) {
      throw Errors.unsupported(fn, args, result);
    }
    return fold(bound);
  }

  private static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    Comparison comparison = Comparison.of(fn);
    if (comparison != null) {
      List<Expr> pair = alike(args);
      return pair == null ? null : Comparisons.of(comparison, pair.get(0), pair.get(1));
    }
    return switch (fn) {
      case "is-distinct", "is-not-distinct" -> {
        List<Expr> pair = alike(args);
        yield pair == null
            ? null
            : Comparisons.distinct(pair.get(0), pair.get(1), fn.equals("is-distinct"));
      }
      case "and", "or" -> booleans(args) ? Logic.connective(fn.equals("or"), args) : null;
      case "not" -> booleans(args) ? Logic.not(args.get(0)) : null;
      case "is-null", "is-not-null" -> Logic.isNull(args.get(0), fn.equals("is-null"));
      case "is-true", "is-false" ->
          booleans(args) ? Logic.is(args.get(0), fn.equals("is-true")) : null;
      case "if", "case" -> bindCase(args, result);
      case "switch" -> bindSwitch(args, result);
      case "coalesce" -> Conditionals.coalesce(cast(args, result), result);
      case "nullif" -> {
        List<Expr> pair = alike(args);
        yield pair == null ? null : Once.of(pair.get(0), a -> Conditionals.nullIf(a, pair.get(1)));
      }
      case "greatest", "least" ->
          Conditionals.extreme(fn.equals("greatest"), cast(args, result), result);
      case "in" -> {
        List<Expr> all = alike(args);
        yield all == null ? null : InList.of(all.get(0), all.subList(1, all.size()));
      }
      case "between" -> {
        List<Expr> all = alike(args);
        yield all == null
            ? null
            : Once.of(
                all.get(0),
                x ->
                    Logic.connective(
                        false,
                        List.of(
                            Comparisons.of(Comparison.AT_LEAST, x, all.get(1)),
                            Comparisons.of(Comparison.AT_MOST, x, all.get(2)))));
      }
      case "like", "ilike" -> texts(args) ? Like.of(args, fn.equals("ilike")) : null;
      case "cast", "try-cast" -> Casts.to(args.get(0), result, fn.equals("try-cast"));
      case "+", "-", "*", "/" -> Arithmetic.bind(fn, args, result);
      case "negate" -> Arithmetic.bind("-", args.subList(0, 1), result);
      case "quot", "rem", "mod" -> Remainders.bind(fn, args, result);
      case "abs", "sign", "floor", "ceil", "round", "trunc" -> Rounding.bind(fn, args, result);
      case "try" -> args.size() == 1 ? new Try(args.get(0)) : null;
      case "require" -> bindRequire(args);
      case HOST -> bindHost(args, result);
      default -> Families.bind(fn, args, result);
    };
  }

  private static @Nullable Expr bindRequire(List<Expr> args) {
    return args.size() == 3
            && booleans(args.subList(0, 1))
            && args.get(2) instanceof LiteralExpr message
            && message.value() instanceof String text
        ? new Require(Logic.predicate(args.get(0)), args.get(1), text)
        : null;
  }

  private static @Nullable Expr bindHost(List<Expr> args, DataType result) {
    return args.get(0) instanceof LiteralExpr f && f.value() instanceof HostFunction function
        ? new HostExpr(function, args.subList(1, args.size()), result)
        : null;
  }

  private static @Nullable Expr bindCase(List<Expr> args, DataType result) {
    List<Expr> fitted = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      boolean condition = i % 2 == 0 && i < args.size() - 1;
      if (condition && args.get(i).type().kind() != Kind.BOOLEAN) {
        return null;
      }
      fitted.add(condition ? args.get(i) : Casts.to(args.get(i), result, false));
    }
    return args.size() % 2 == 0 ? null : Conditionals.choice(fitted, result);
  }

  /** x w1 v1 w2 v2 ... else. */
  private static @Nullable Expr bindSwitch(List<Expr> args, DataType result) {
    List<Expr> compared = new ArrayList<>(List.of(args.get(0)));
    for (int i = 1; i + 1 < args.size(); i += 2) {
      compared.add(args.get(i));
    }
    List<Expr> all = alike(compared);
    if (all == null || args.size() % 2 != 0) {
      return null;
    }
    List<Expr> values = new ArrayList<>();
    for (int i = 2; i < args.size(); i += 2) {
      values.add(Casts.to(args.get(i), result, false));
    }
    values.add(Casts.to(args.get(args.size() - 1), result, false));
    return Once.of(
        all.get(0),
        x -> {
          List<Expr> choices = new ArrayList<>();
          for (int i = 1; i < all.size(); i++) {
            choices.add(Comparisons.of(Comparison.EQUAL, x, all.get(i)));
            choices.add(values.get(i - 1));
          }
          choices.add(values.get(values.size() - 1));
          return Conditionals.choice(choices, result);
        });
  }

  private static boolean booleans(List<Expr> args) {
    return args.stream().allMatch(e -> e.type().kind() == Kind.BOOLEAN);
  }

  static boolean texts(List<Expr> args) {
    return args.stream().allMatch(e -> e.type().kind() == Kind.VARCHAR);
  }

  private static List<Expr> cast(List<Expr> args, DataType type) {
    List<Expr> out = new ArrayList<>();
    for (Expr e : args) {
      out.add(Casts.to(e, type, false));
    }
    return out;
  }

  /** The arguments with the layout and scale of their common type, or null if there is none. */
  private static @Nullable List<Expr> alike(List<Expr> args) {
    DataType common = args.get(0).type();
    boolean same = true;
    for (Expr e : args) {
      DataType t = e.type();
      same &=
          t.kind() == common.kind() && t.scale() == common.scale() && t.layout() == common.layout();
    }
    if (same) {
      return args;
    }
    for (Expr e : args) {
      common = common == null ? null : CommonType.of(common, e.type());
    }
    return common == null ? null : cast(args, common);
  }

  /** The expression, or its value if it consists of literals alone and raises no error. */
  static Expr fold(Expr e) {
    List<? extends Expr> inputs = e.inputs();
    if (inputs == null || inputs.isEmpty()) {
      return e;
    }
    for (Expr in : inputs) {
      if (!(in instanceof LiteralExpr)) {
        return e;
      }
    }
    try {
      return new LiteralExpr(e.type(), e.eval(Batch.of(1)).value(0));
    } catch (PenstockException error) {
      // The error belongs to rows, and perhaps no row comes to it.
      return e;
    }
  }
}
