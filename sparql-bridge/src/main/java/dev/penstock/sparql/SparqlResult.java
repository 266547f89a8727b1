package dev.penstock.sparql;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.sparql.eval.QueryEnv;
import dev.penstock.sparql.term.Terms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.jena.graph.Graph;
import org.apache.jena.graph.Node;
import org.apache.jena.query.Query;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.engine.binding.Binding;
import org.apache.jena.sparql.engine.binding.BindingBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A running query and its result. One host thread reads it; {@link #cancel} is for any. To be
 * closed.
 */
public final class SparqlResult implements AutoCloseable {
  /** What the query asked for. */
  public enum Kind {
    /** Solutions: {@link #next}. */
    SELECT,
    /** {@link #answer}. */
    ASK,
    /** {@link #graph}. */
    CONSTRUCT,
    /** {@link #graph}. */
    DESCRIBE;

    static Kind of(Query query) {
      return query.isSelectType()
          ? SELECT
          : query.isAskType() ? ASK : query.isConstructType() ? CONSTRUCT : DESCRIBE;
    }
  }

  private static final String TRIPLES = "the triples of the result";

  private final Query query;
  private final List<Var> variables;
  private final QueryEnv env;
  private final @Nullable Result result;
  private final Runnable atClose;
  private final Reservation triples;
  private boolean closed;
  private final dev.penstock.compiler.queries.Query running;
  private final long @Nullable [][] ready;
  private int readyRow;
  private @Nullable Batch batch;
  private int row;
  private boolean hasBegun;
  private long rowsLeft = Long.MAX_VALUE;

  /**
   * @param atClose frees what the query held, when nothing of it runs any more
   * @param budget where a graph is counted
   */
  SparqlResult(
      Query query,
      List<Var> variables,
      QueryEnv env,
      Result result,
      Runnable atClose,
      Budget budget) {
    this.query = query;
    this.variables = List.copyOf(variables);
    this.env = env;
    this.result = result;
    this.atClose = atClose;
    this.triples = budget.open(TRIPLES);
    this.ready = null;
    this.running = result.query();
  }

  /**
   * A result that is there.
   *
   * @param rows ids, 0 for unbound
   * @param running has ended
   */
  SparqlResult(
      Query query,
      List<Var> variables,
      QueryEnv env,
      long[][] rows,
      dev.penstock.compiler.queries.Query running,
      Budget budget) {
    this.query = query;
    this.variables = List.copyOf(variables);
    this.env = env;
    this.result = null;
    this.atClose = env.terms()::close;
    this.triples = budget.open(TRIPLES);
    this.ready = rows;
    this.running = running;
  }

  /** Whether it was answered by look-ups, without a plan. */
  public boolean isLookedUp() {
    return result == null;
  }

  public Kind kind() {
    return Kind.of(query);
  }

  /** The names of the variables of SELECT, without a question mark. */
  public List<String> variables() {
    return variables.stream().map(Var::getVarName).toList();
  }

  /** The query's prefixes and base are of use to who writes its result. */
  Query query() {
    return query;
  }

  private void expect(boolean right, String what) {
    if (!right) {
      throw PenstockException.incorrect(
          "sparql-kind", what + " is not what a query of the kind " + kind() + " gives");
    }
  }

  /**
   * The next solution of SELECT: a term for each variable, null where it is unbound; or null at the
   * end. Blocking. Throws the query's error.
   */
  public @Nullable List<@Nullable Node> next() {
    expect(kind() == Kind.SELECT, "a solution");
    return nextRow();
  }

  private @Nullable List<@Nullable Node> nextRow() {
    long[][] rows = ready;
    if (rows != null) {
      return readyRow == rows.length ? null : decoded(rows[readyRow++]);
    }
    Batch now = batch;
    while (now == null || row == now.count()) {
      if (now == null && hasBegun) {
        return null;
      }
      batch = now = advance();
    }
    count();
    Terms terms = env.terms();
    int position = now.position(row++);
    @Nullable Node[] out = new Node[variables.size()];
    for (int k = 0; k < out.length; k++) {
      Column column = now.column(k);
      Object id = column.value(position);
      out[k] = id == null ? null : terms.decode((Long) id);
    }
    return Collections.unmodifiableList(Arrays.asList(out));
  }

  private List<@Nullable Node> decoded(long[] ids) {
    count();
    Terms terms = env.terms();
    @Nullable Node[] out = new Node[ids.length];
    for (int k = 0; k < out.length; k++) {
      out[k] = ids[k] == 0 ? null : terms.decode(ids[k]);
    }
    return Collections.unmodifiableList(Arrays.asList(out));
  }

  private void count() {
    if (rowsLeft-- == 0) {
      throw PenstockException.limit(
          "result-rows", "the result has more rows than may be read; ask for fewer (LIMIT)");
    }
  }

  private @Nullable Batch advance() {
    hasBegun = true;
    row = 0;
    return result == null ? null : result.next();
  }

  /** Waits for the first rows, or for the end. Blocking. Throws the query's error. */
  public void await() {
    if (!hasBegun) {
      batch = advance();
    }
  }

  /** Reading more rows than this from now on is an error of category LIMIT. */
  public void limitRows(long most) {
    rowsLeft = most;
  }

  /** All solutions of SELECT: for small results. */
  public List<List<@Nullable Node>> rows() {
    List<List<@Nullable Node>> out = new ArrayList<>();
    for (List<@Nullable Node> r = next(); r != null; r = next()) {
      out.add(r);
    }
    return out;
  }

  /** The answer of ASK. Blocking. */
  public boolean answer() {
    expect(kind() == Kind.ASK, "an answer");
    if (ready != null) {
      return ready.length > 0;
    }
    await();
    while (batch != null && batch.isEmpty()) {
      batch = advance();
    }
    return batch != null;
  }

  /**
   * The triples of CONSTRUCT or DESCRIBE. Blocking; the graph is in memory, and counted in the
   * engine's budget until this is closed. Errors: also LIMIT, where it does not fit.
   */
  public Graph graph() {
    expect(kind() == Kind.CONSTRUCT || kind() == Kind.DESCRIBE, "a graph");
    return kind() == Kind.CONSTRUCT
        ? Construction.construct(query, bindings(), triples)
        : Construction.describe(query, bindings(), env, token(), triples);
  }

  /** The solutions as Jena has them; the first one is awaited. Blocking. */
  public Iterator<Binding> bindings() {
    return new Iterator<>() {
      private @Nullable List<@Nullable Node> ahead = nextRow();

      @Override
      public boolean hasNext() {
        return ahead != null;
      }

      @Override
      public Binding next() {
        List<@Nullable Node> now = ahead;
        if (now == null) {
          throw new java.util.NoSuchElementException();
        }
        BindingBuilder out = Binding.builder();
        for (int k = 0; k < variables.size(); k++) {
          Node term = now.get(k);
          if (term != null) {
            out.add(variables.get(k), term);
          }
        }
        ahead = nextRow();
        return out.build();
      }
    };
  }

  /** What of it lies on the heap is counted here. */
  Reservation memory() {
    return triples;
  }

  List<Var> vars() {
    return variables;
  }

  /** Cancels the query; returns whether this was the first cause. */
  public boolean cancel(String why) {
    return result != null && result.cancel(why);
  }

  /** The query whose result this is. */
  public dev.penstock.compiler.queries.Query running() {
    return running;
  }

  /** Cancelled when the query is to stop. */
  public CancellationToken token() {
    return result == null ? running.token() : result.token();
  }

  /** Ends the query if it still runs, and frees what it holds. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (result != null) {
      result.close();
    }
    triples.close();
    atClose.run();
  }
}
