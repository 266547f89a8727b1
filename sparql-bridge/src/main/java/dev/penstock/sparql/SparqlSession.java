package dev.penstock.sparql;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Languages;
import dev.penstock.compiler.Plan;
import dev.penstock.compiler.Prepared;
import dev.penstock.compiler.Result;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryOptions;
import dev.penstock.compiler.queries.Reading;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.sparql.eval.QueryEnv;
import dev.penstock.sparql.lookup.LookUp;
import dev.penstock.sparql.lookup.LookedUp;
import dev.penstock.sparql.store.StoreState;
import dev.penstock.sparql.store.TripleStore;
import dev.penstock.sparql.term.Terms;
import dev.penstock.sparql.translate.QueryShape;
import dev.penstock.sparql.translate.Translator;
import dev.penstock.sparql.translate.ValueKinds;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.riot.Lang;
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
  /** What a plan held that nobody has any more. */
  private static final Cleaner UNUSED = Cleaner.create();

  private static final String FIRST =
      "SELECT ?s (COUNT(DISTINCT ?v) AS ?n) (MAX(STR(?o)) AS ?m) { ?s <a:p> ?v . ?t ?p ?o"
          + " OPTIONAL { ?s <a:q> ?w } FILTER (?v < 3 && (?v != ?o || BOUND(?w)) && ?s != <a:c>) }"
          + " GROUP BY ?s HAVING (COUNT(*) > 0) ORDER BY DESC(?n) ?s LIMIT 10";

  private final TripleStore store;
  private final boolean looksUp;

  public SparqlSession(TripleStore store) {
    this(store, true);
  }

  private SparqlSession(TripleStore store, boolean looksUp) {
    this.store = store;
    this.looksUp = looksUp;
  }

  /**
   * Begins to run a query over a small store of its own, so that the first one of a process finds
   * the classes loaded; returns at once. For programs that have something else to do until then.
   */
  public static void load() {
    JenaSystem.init(); // not in two threads at once
    Thread loading = new Thread(SparqlSession::first, "penstock-load-sparql");
    loading.setDaemon(true);
    loading.setUncaughtExceptionHandler((thread, e) -> {}); // the first query has the same error
    loading.start();
  }

  static List<List<@Nullable Node>> first() {
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(1));
        TripleStore store = TripleStore.create(engine)) {
      store.load("<a:a> <a:p> 1, 'b' . <a:b> <a:p> 2 ; <a:q> <a:a> .", Lang.TURTLE);
      try (SparqlResult result = new SparqlSession(store).withoutLookUps().execute(FIRST)) {
        return result.rows();
      }
    }
  }

  /** A session in which every query becomes a plan, however small it is: for comparison. */
  public SparqlSession withoutLookUps() {
    return new SparqlSession(store, false);
  }

  /** Parses and starts a query; its result is read while it runs. Blocking while it plans. */
  public SparqlResult execute(String text) {
    return execute(text, null);
  }

  /**
   * @param base the IRI that relative ones of the query go by
   */
  public SparqlResult execute(String text, @Nullable String base) {
    Query running = store.engine().queries().begin(QueryOptions.defaults().withText(text));
    return execute(() -> SparqlQuery.parse(text, base), running);
  }

  /** Starts a query that was parsed. */
  public SparqlResult execute(SparqlQuery query) {
    QueryOptions options = QueryOptions.defaults().withText(query.text());
    return execute(query, store.engine().queries().begin(options));
  }

  /**
   * Starts it as a query of the engine that the caller has begun, with an owner, a timeout, ...;
   * this finishes it.
   */
  public SparqlResult execute(SparqlQuery query, Query running) {
    return execute(() -> query, running);
  }

  /**
   * The same of one that is parsed as a part of it.
   *
   * @param query parses it; what it throws is the error of the query
   */
  public SparqlResult execute(Supplier<SparqlQuery> query, Query running) {
    CancellationToken before = CancellationToken.current();
    CancellationToken.work(running.token());
    try {
      SparqlResult result = start(query.get(), running);
      running.finish(null);
      return result;
    } catch (Throwable e) {
      running.finish(e);
      throw e;
    } finally {
      CancellationToken.work(before);
    }
  }

  private SparqlResult start(SparqlQuery query, Query running) {
    running.token().check();
    StoreState state = store.state();
    Plans plans = state.attached(Plans.class, Plans::new);
    String key = (looksUp ? "" : "a plan of ") + query.key();
    Plans.Asked asked = plans.asked(key);
    SparqlResult known = asked == null ? null : known(query, running, plans, asked);
    return known == null ? begin(query, running, state, plans, key) : known;
  }

  private SparqlResult begin(
      SparqlQuery query, Query running, StoreState state, Plans plans, String key) {
    Terms terms = terms(state);
    Plans.Kept made;
    try {
      QueryEnv env = new QueryEnv(terms, query.dataset(state, terms));
      Op op = algebra(query);
      List<Var> variables = variables(query);
      SparqlResult small = looksUp ? lookUp(query, op, variables, env, running) : null;
      if (small != null) {
        return small;
      }
      QueryShape shape = QueryShape.of(op);
      Plans.Asked asked =
          shape == null
              ? new Plans.Asked(key, List.of())
              : new Plans.Asked(query.shapeKey() + variables + shape.key(), shape.constants());
      plans.remember(key, asked);
      SparqlResult known = known(query, running, plans, asked);
      if (known != null) {
        terms.close();
        return known;
      }
      Translator translator = new Translator(env, store.name());
      if (shape != null) {
        translator.lift(shape.compared());
      }
      Prepared prepared = store.engine().prepare(plan(query, op, variables, translator), running);
      env.planned();
      made = new Plans.Kept(asked, variables, env, prepared, !translator.hasLifted());
    } catch (StackOverflowError e) {
      terms.close();
      throw SparqlQuery.tooDeep();
    } catch (RuntimeException | Error e) {
      terms.close();
      throw e;
    }
    return run(query, running, plans, made, made.prepared());
  }

  /** Runs a plan that is there; null: there is none. */
  private @Nullable SparqlResult known(
      SparqlQuery query, Query running, Plans plans, Plans.Asked asked) {
    Plans.Kept kept = plans.take(asked.shape());
    if (kept == null) {
      return null;
    }
    Prepared bound = kept.with(asked.constants());
    if (bound == null) {
      plans.give(kept);
      return null;
    }
    return run(query, running, plans, kept, bound);
  }

  private SparqlResult run(
      SparqlQuery query, Query running, Plans plans, Plans.Kept kept, Prepared bound) {
    QueryEnv env = kept.env();
    try {
      Result result = store.engine().run(bound, running);
      Runnable atClose = env.isRepeatable() ? () -> plans.give(kept) : env.terms()::close;
      return new SparqlResult(
          query.parsed(), kept.variables(), env, result, atClose, store.engine().budget());
    } catch (RuntimeException | Error e) {
      env.terms().close();
      throw e;
    }
  }

  /** The result of a small query, which is there at once; null: it is none. */
  private @Nullable SparqlResult lookUp(
      SparqlQuery query, Op op, List<Var> variables, QueryEnv env, Query running) {
    running.token().check();
    long began = System.nanoTime();
    Translator.check(op);
    long most = query.kind() == SparqlResult.Kind.ASK ? 1 : Long.MAX_VALUE;
    long[][] rows = LookUp.solutions(op, variables, env, most, running.token());
    if (rows == null) {
      return null;
    }
    CancellationToken token = new CancellationToken();
    Reading reading = new Reading();
    Runnable unfollow = running.runs(new LookedUp(op, System.nanoTime() - began), token, reading);
    reading.got(rows.length);
    unfollow.run();
    running.ended(true);
    return new SparqlResult(query.parsed(), variables, env, rows, running, store.engine().budget());
  }

  /** Has the store a named graph of this name? */
  public boolean hasGraph(String iri) {
    StoreState state = store.state();
    try (Terms terms = terms(state)) {
      return state.graph(terms.encode(NodeFactory.createURI(iri))) != null;
    }
  }

  /** What a query becomes, for people: see {@link Engine#explain(String, String)}. */
  public String explain(String text) {
    SparqlQuery query = SparqlQuery.parse(text);
    StoreState state = store.state();
    try (Terms terms = terms(state)) {
      QueryEnv env = new QueryEnv(terms, query.dataset(state, terms));
      return store.engine().explain(Plan.of(translate(query, env).plan()));
    }
  }

  /**
   * The solutions as a part of a plan: values in the place of ids. Terms that the query makes are
   * counted until the plan is no more.
   */
  Languages.Part part(SparqlQuery query) {
    StoreState state = store.state();
    Terms terms = terms(state);
    QueryEnv env;
    Translation made;
    Map<Var, DataType> types;
    try {
      env = new QueryEnv(terms, query.dataset(state, terms));
      made = translate(query, env);
      types = ValueKinds.types(Algebra.compile(query.parsed()), made.variables(), env);
    } catch (RuntimeException | Error e) {
      terms.close();
      throw e;
    }
    UNUSED.register(env, terms::close);
    List<Field> fields = new ArrayList<>();
    for (Var v : made.variables()) {
      fields.add(new Field(v.getVarName(), types.getOrDefault(v, DataType.VARCHAR), true));
    }
    return new Languages.Part(Translator.values(made.plan(), fields, env), fields);
  }

  private record Translation(Object plan, List<Var> variables) {}

  private Translation translate(SparqlQuery query, QueryEnv env) {
    List<Var> variables = variables(query);
    Translator translator = new Translator(env, store.name());
    return new Translation(plan(query, algebra(query), variables, translator), variables);
  }

  private Terms terms(StoreState state) {
    Engine engine = store.engine();
    return new Terms(state.dictionary(), state.terms(), engine.budget(), engine.spillSpace());
  }

  private static Op algebra(SparqlQuery query) {
    return query.parsed().getQueryPattern() == null
        ? OpTable.unit()
        : Algebra.compile(query.parsed());
  }

  private static List<Var> variables(SparqlQuery query) {
    return switch (query.kind()) {
      case SELECT, DESCRIBE -> query.parsed().getProjectVars();
      case ASK -> List.of();
      case CONSTRUCT -> templateVars(query.parsed());
    };
  }

  private static Object plan(SparqlQuery query, Op op, List<Var> variables, Translator translator) {
    Object plan = translator.plan(op, variables);
    return query.kind() == SparqlResult.Kind.ASK ? Translator.first(plan) : plan;
  }

  private static List<Var> templateVars(org.apache.jena.query.Query query) {
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
}
