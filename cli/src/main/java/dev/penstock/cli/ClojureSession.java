package dev.penstock.cli;

import clojure.java.api.Clojure;
import clojure.lang.AFn;
import clojure.lang.IFn;
import clojure.lang.Symbol;
import dev.penstock.monitor.PenstockException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A session of the REPL in Clojure: evaluates what a person typed (the engine never evaluates a
 * text). Used by one thread.
 */
final class ClojureSession {
  private static final String NAMESPACE = "dev.penstock.plan.repl";

  private final IFn evaluate;
  private final IFn problemLine;
  private final IFn knownNames;
  private final IFn planOf;
  private final Object session;

  /** Takes the answers of {@link #evaluate}, one for each form. */
  interface Answers {
    /** A form whose value is a plan. */
    void plan(Object plan);

    /** A form with any other value, as text. */
    void text(String text);
  }

  /** A name that may be typed. */
  record Known(String name, String group, String usage) {
    boolean isOfSession() {
      return group.equals("this session");
    }
  }

  /**
   * @param explain the text of EXPLAIN for a plan
   */
  ClojureSession(Function<Object, String> explain) {
    Thread.currentThread().setContextClassLoader(ClojureSession.class.getClassLoader());
    Clojure.var("clojure.core", "require").invoke(Symbol.intern(NAMESPACE));
    evaluate = Clojure.var(NAMESPACE, "evaluate");
    problemLine = Clojure.var(NAMESPACE, "problem-line");
    knownNames = Clojure.var(NAMESPACE, "known-names");
    planOf = Clojure.var(NAMESPACE, "plan-of");
    session =
        Clojure.var(NAMESPACE, "start")
            .invoke(
                new AFn() {
                  @Override
                  public Object invoke(Object plan) {
                    return explain.apply(plan);
                  }
                });
  }

  /** Reads and evaluates all forms of a text. Throws whatever they throw. */
  void evaluate(String text, Answers answers, Writer out) {
    evaluate.invoke(
        session,
        text,
        new AFn() {
          @Override
          public @Nullable Object invoke(Object kind, Object value) {
            if (kind.equals("plan")) {
              answers.plan(value);
            } else {
              answers.text((String) value);
            }
            return null;
          }
        },
        out);
  }

  /** One line about what {@link #evaluate} threw. */
  String line(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof PenstockException) {
        return Commands.line(t);
      }
    }
    return e instanceof OutOfMemoryError
        ? Commands.line(e)
        : Streams.oneLine((String) problemLine.invoke(e));
  }

  /** Operators, functions, and the names of this session. */
  List<Known> knownNames() {
    List<Known> out = new ArrayList<>();
    for (Object entry : (Iterable<?>) knownNames.invoke(session)) {
      List<?> e = (List<?>) entry;
      out.add(new Known((String) e.get(0), (String) e.get(1), (String) e.get(2)));
    }
    return out;
  }

  /** The plan {@code (table+ reference)}; the reference as it is written. */
  Object table(String reference) {
    return Clojure.read("(table+ " + reference + ")");
  }

  /** The plan that a name of this session stands for. */
  @Nullable Object planOf(String name) {
    return planOf.invoke(session, name);
  }
}
