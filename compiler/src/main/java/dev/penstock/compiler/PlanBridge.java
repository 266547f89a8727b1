package dev.penstock.compiler;

import clojure.java.api.Clojure;
import clojure.lang.AFn;
import clojure.lang.ExceptionInfo;
import clojure.lang.IFn;
import clojure.lang.IPending;
import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import clojure.lang.PersistentArrayMap;
import clojure.lang.PersistentVector;
import clojure.lang.Symbol;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.compiler.EngineOptions.MergeScans;
import dev.penstock.compiler.EngineOptions.RuntimeFilters;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.PenstockException.Category;
import dev.penstock.nodes.Statistics;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one place where Java reaches Clojure: reading and preparing plans. The namespaces are loaded
 * once, on first use.
 */
final class PlanBridge {
  private static final IFn READ = function("dev.penstock.plan.core", "read-plan");
  private static final IFn PREPARE = function("dev.penstock.plan.core", "prepare");

  private static final IFn EXPLAIN = function("dev.penstock.plan.core", "explain-text");
  private static final IFn LINE = function("dev.penstock.plan.physical", "line");

  private static final IFn FUNCTIONS = function("dev.penstock.plan.registry", "entries");
  private static final IFn RESULT_TYPE = function("dev.penstock.plan.registry", "result-type");

  private static final IFn DOCUMENT = function("dev.penstock.plan.registry", "document");

  private static final IFn GIVEN = function("dev.penstock.plan.lower.expr", "given");

  /** A plan of the usual operators, over a table with the columns a and b. */
  private static final String USUAL =
      "(top+ 9 [b] (group+ [b] [[n (count)] [s (sum a)]] (join+ :inner (= b c)"
          + " (filter+ (and (> a 5) (like b \"x%\")) (table+ t))"
          + " (project+ [[c b]] (filter+ (= a 7) (table+ t))))))";

  private PlanBridge() {}

  /** Loads the planner, and plans once, so that the first plan does not begin cold; the plan. */
  static Lowered load() {
    Schema schema =
        new Schema(
            List.of(new Field("a", DataType.INT64, true), new Field("b", DataType.VARCHAR, true)));
    return prepare(
            read(USUAL, "plan"),
            (ref, options) -> new Described(schema, Statistics.ofRows(1000), schema),
            Instant.EPOCH,
            false,
            false,
            true,
            RuntimeFilters.LIKELY,
            MergeScans.LIKELY,
            new CancellationToken())
        .child("root");
  }

  /** A parameter's value as one of another type; null if that loses something. */
  static @Nullable Object given(Object value, String from, String to) {
    return call(() -> GIVEN.invoke(value, from, to));
  }

  /** All functions by family, for a documentation. */
  static List<Lowered> document() {
    return ((List<?>) call(DOCUMENT::invoke)).stream().map(Lowered::of).toList();
  }

  /** The functions of the plan language. */
  static List<Lowered> functions() {
    return ((List<?>) call(FUNCTIONS::invoke)).stream().map(Lowered::of).toList();
  }

  /** What a call gives. */
  static Lowered resultType(String kind, Object form, List<Field> fields) {
    return Lowered.of(call(() -> RESULT_TYPE.invoke(kind, form, columns(new Schema(fields)))));
  }

  /** The text of EXPLAIN for what {@link #prepare} gave. */
  static String explain(Lowered prepared) {
    return (String) call(() -> EXPLAIN.invoke(prepared.map()));
  }

  /**
   * The plan after rewriting as text; empty if printing it takes longer than so many nanoseconds.
   */
  static String rewritten(Lowered prepared, long mostNanos) {
    if (!(prepared.get("rewritten") instanceof IPending late)
        || late.isRealized()
        || !(prepared.get("rewritten-until") instanceof IFn until)) {
      return prepared.text("rewritten");
    }
    long start = System.nanoTime();
    PenstockException tooLong = PenstockException.limit("too-long", "printing takes too long");
    IFn check =
        new AFn() {
          @Override
          public @Nullable Object invoke() {
            if (System.nanoTime() - start > mostNanos) {
              throw tooLong;
            }
            return null;
          }
        };
    try {
      return (String) call(() -> until.invoke(check));
    } catch (PenstockException e) {
      if (e == tooLong) {
        return "";
      }
      throw e;
    }
  }

  /** A node of the lowered plan in one line, without its inputs. */
  static String line(Lowered node) {
    return (String) call(() -> LINE.invoke(node.map()));
  }

  static IFn function(String namespace, String name) {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    Thread.currentThread().setContextClassLoader(PlanBridge.class.getClassLoader());
    try {
      Clojure.var("clojure.core", "require").invoke(Symbol.intern(namespace));
      return Clojure.var(namespace, name);
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  /** Reads text as data, never evaluating it. */
  static Object read(String text, String sourceName) {
    return call(() -> READ.invoke(text, sourceName));
  }

  /** What a table is, for the planner. */
  interface Describer {
    Described describe(Object tableRef, Map<String, Object> options);

    /** The plan data that a text of another language means. */
    default Object subplan(String language, String text) {
      throw PenstockException.unsupported(
          "unknown-language", "no other languages are known here, got " + language);
    }
  }

  /** A table: its columns, figures about them, and a handle that comes back in the scan. */
  record Described(Schema schema, Statistics statistics, Object handle) {}

  /**
   * Checks, infers, rewrites and lowers a plan: section 7 of the plan language.
   *
   * @param rewrite false: no rule is applied, the plan is lowered as it was checked. For tests:
   *     rules change no result
   * @param token checked again and again: planning ends with its cause
   */
  static Lowered prepare(
      Object plan,
      Describer tables,
      Instant now,
      boolean functions,
      boolean explain,
      boolean rewrite,
      RuntimeFilters filters,
      MergeScans merges,
      CancellationToken token) {
    IFn describe =
        new AFn() {
          @Override
          public Object invoke(Object ref, Object options) {
            token.check();
            Described d = tables.describe(ref, options(options));
            return map(
                "columns",
                columns(d.schema()),
                "stats",
                DescribedStatistics.of(d.schema(), d.statistics(), d.handle()),
                "handle",
                d.handle());
          }
        };
    IFn subplan =
        new AFn() {
          @Override
          public Object invoke(Object language, Object text) {
            token.check();
            return tables.subplan(String.valueOf(language), String.valueOf(text));
          }
        };
    IFn check =
        new AFn() {
          @Override
          public @Nullable Object invoke() {
            token.check();
            return null;
          }
        };
    IPersistentMap all =
        map(
            "describe",
            describe,
            "subplan",
            subplan,
            "check-token",
            check,
            "now",
            now,
            "functions?",
            functions,
            "late-texts?",
            true,
            "explain?",
            explain,
            "runtime-filters",
            Keyword.intern(filters.name().toLowerCase(Locale.ROOT)),
            "merge-scans",
            Keyword.intern(merges.name().toLowerCase(Locale.ROOT)));
    IPersistentMap context =
        rewrite ? all : all.assoc(Keyword.intern("rules"), PersistentVector.EMPTY);
    return Lowered.of(call(() -> PREPARE.invoke(plan, context)));
  }

  private static Object columns(Schema schema) {
    Object[] out = new Object[schema.size()];
    for (int i = 0; i < out.length; i++) {
      Field f = schema.field(i);
      out[i] =
          PersistentVector.create(Symbol.intern(null, f.name()), typeForm(f.type()), f.nullable());
    }
    return PersistentVector.create(out);
  }

  /** A type as a plan writes it. */
  static Object typeForm(DataType type) {
    return type.isDecimal()
        ? PersistentVector.create(
            Keyword.intern("decimal"), (long) type.precision(), (long) type.scale())
        : Keyword.intern(type.kind().text());
  }

  private static IPersistentMap map(Object... namesAndValues) {
    Object[] out = namesAndValues.clone();
    for (int i = 0; i < out.length; i += 2) {
      out[i] = Keyword.intern((String) out[i]);
    }
    return PersistentArrayMap.createAsIfByAssoc(out);
  }

  /** Options of a plan as plain Java: names for keywords and symbols, the text of types. */
  static Map<String, Object> options(@Nullable Object options) {
    Map<String, Object> out = new LinkedHashMap<>();
    if (options instanceof Map<?, ?> m) {
      m.forEach((k, v) -> out.put(name(k), plain(v)));
    }
    return out;
  }

  private static String name(@Nullable Object key) {
    return key instanceof Keyword k
        ? k.getName()
        : key instanceof Symbol s ? s.toString() : String.valueOf(key);
  }

  private static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof Map<?, ?>) {
      return options(value);
    }
    if (value instanceof List<?> l) {
      if (!l.isEmpty() && Keyword.intern("decimal").equals(l.get(0))) {
        return "decimal(" + l.get(1) + "," + l.get(2) + ")";
      }
      return l.stream().map(PlanBridge::plain).toList();
    }
    return value instanceof Keyword || value instanceof Symbol ? name(value) : value;
  }

  private interface Body {
    @Nullable Object run();
  }

  /** Problems of the planner come as ex-info; they leave as the one exception type. */
  private static Object call(Body body) {
    try {
      return body.run();
    } catch (ExceptionInfo e) {
      PenstockException own = ownCause(e);
      if (own != null && own.category() == Category.CANCELLED) {
        throw own;
      }
      if (own != null) {
        // the planner put the place in front of the message
        throw new PenstockException(
            own.category(), own.code(), String.valueOf(e.getMessage()), own);
      }
      Object category = e.getData().valAt(Keyword.intern("category"));
      Object code = e.getData().valAt(Keyword.intern("code"));
      if (category == null) {
        throw PenstockException.fault("a defect in the planner: " + e.getMessage(), e);
      }
      throw new PenstockException(
          Category.valueOf(name(category).toUpperCase(Locale.ROOT)),
          code == null ? name(category) : name(code),
          String.valueOf(e.getMessage()),
          e);
    } catch (PenstockException e) {
      throw e;
    } catch (StackOverflowError e) {
      throw PenstockException.limit(
          "plan-too-deep", "the plan is nested too deeply; at most 512 levels are possible");
    } catch (RuntimeException e) {
      PenstockException own = ownCause(e);
      throw own != null ? own : PenstockException.fault("a defect in the planner: " + e, e);
    }
  }

  private static @Nullable PenstockException ownCause(Throwable e) {
    for (Throwable t = e.getCause(); t != null; t = t.getCause()) {
      if (t instanceof PenstockException p) {
        return p;
      }
    }
    return null;
  }
}
