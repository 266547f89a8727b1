package dev.penstock.sparql;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Prepared;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.eval.DatasetView;
import dev.penstock.sparql.eval.QueryEnv;
import dev.penstock.sparql.store.StoreState;
import dev.penstock.sparql.store.TripleStore;
import dev.penstock.sparql.term.Terms;
import dev.penstock.sparql.translate.Translator;
import java.util.ArrayList;
import java.util.List;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.query.Query;
import org.apache.jena.query.QueryException;
import org.apache.jena.query.QueryFactory;
import org.apache.jena.query.Syntax;
import org.apache.jena.sparql.algebra.Algebra;
import org.apache.jena.sparql.algebra.Op;
import org.apache.jena.sparql.algebra.op.OpTable;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sys.JenaSystem;
import org.jspecify.annotations.Nullable;

/**
 * SPARQL over a store of triples: the text of a query in, its result out.
 *
 * <pre>{@code
 * try (Engine engine = Engine.create();
 *     TripleStore store = TripleStore.create(engine)) {
 *   store.load(Path.of("people.ttl"));
 *   try (SparqlResult result = new SparqlSession(store).execute("SELECT ?s WHERE { ?s a ?t }")) {
 *     for (List<Node> row = result.next(); row != null; row = result.next()) {
 *       ...
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>Any thread; nothing to close. A query sees the store as it was when it began.
 */
public final class SparqlSession {
  static {
    JenaSystem.init();
  }

  private final TripleStore store;

  public SparqlSession(TripleStore store) {
    this.store = store;
  }

  /** Parses and starts a query; its result is read while it runs. Blocking while it plans. */
  public SparqlResult execute(String text) {
    return execute(text, null);
  }

  /**
   * @param base the IRI that relative ones of the query go by
   */
  public SparqlResult execute(String text, @Nullable String base) {
    Query query = parse(text, base);
    StoreState state = store.state();
    Terms terms = new Terms(state.dictionary(), state.terms(), store.engine().budget());
    try {
      QueryEnv env = new QueryEnv(terms, dataset(query, state, terms));
      Translation made = translate(query, env);
      Prepared prepared = store.engine().prepare(made.plan());
      return new SparqlResult(query, made.variables(), env, store.engine().run(prepared));
    } catch (RuntimeException | Error e) {
      terms.close();
      throw e;
    }
  }

  /** What a query becomes, for people: see {@link Engine#explain(String, String)}. */
  public String explain(String text) {
    Query query = parse(text, null);
    StoreState state = store.state();
    try (Terms terms = new Terms(state.dictionary(), state.terms(), store.engine().budget())) {
      QueryEnv env = new QueryEnv(terms, dataset(query, state, terms));
      return store.engine().explain(dev.penstock.compiler.Plan.of(translate(query, env).plan()));
    }
  }

  private record Translation(Object plan, List<Var> variables) {}

  private Translation translate(Query query, QueryEnv env) {
    Op op = query.getQueryPattern() == null ? OpTable.unit() : Algebra.compile(query);
    List<Var> variables =
        switch (query.queryType()) {
          case SELECT -> query.getProjectVars();
          case ASK -> List.of();
          case CONSTRUCT -> templateVars(query);
          case DESCRIBE -> query.getProjectVars();
          default ->
              throw PenstockException.unsupported(
                  "sparql-unsupported", "expected SELECT, ASK, CONSTRUCT or DESCRIBE");
        };
    Object plan = new Translator(env, store.name()).plan(op, variables);
    return new Translation(query.isAskType() ? Translator.first(plan) : plan, variables);
  }

  private static List<Var> templateVars(Query query) {
    List<Var> out = new ArrayList<>();
    query
        .getConstructTemplate()
        .getTriples()
        .forEach(
            t -> {
              for (var part : List.of(t.getSubject(), t.getPredicate(), t.getObject())) {
                if (Var.isVar(part) && !out.contains(Var.alloc(part))) {
                  out.add(Var.alloc(part));
                }
              }
            });
    return out;
  }

  private static Query parse(String text, @Nullable String base) {
    Query query;
    try {
      query =
          base == null
              ? QueryFactory.create(text, Syntax.syntaxSPARQL_11)
              : QueryFactory.create(text, base, Syntax.syntaxSPARQL_11);
    } catch (QueryException e) {
      throw new PenstockException(
          PenstockException.Category.INCORRECT,
          "sparql-syntax",
          "SPARQL: " + String.valueOf(e.getMessage()).strip(),
          e);
    }
    query.ensureResultVars();
    if (query.isConstructQuad()) {
      throw PenstockException.unsupported(
          "sparql-unsupported", "CONSTRUCT of quads is not supported here");
    }
    return query;
  }

  /** FROM and FROM NAMED name graphs of the store; without them it is the store as it is. */
  private static DatasetView dataset(Query query, StoreState state, Terms terms) {
    if (!query.hasDatasetDescription()) {
      return DatasetView.of(state);
    }
    return new DatasetView(
        state,
        ids(query.getGraphURIs(), state, terms),
        ids(query.getNamedGraphURIs(), state, terms));
  }

  private static List<Long> ids(List<String> names, StoreState state, Terms terms) {
    return names.stream()
        .map(n -> terms.encode(NodeFactory.createURI(n)))
        .filter(id -> state.graph(id) != null)
        .distinct()
        .toList();
  }
}
