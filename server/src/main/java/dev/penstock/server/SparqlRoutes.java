package dev.penstock.server;

import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryOptions;
import dev.penstock.monitor.PenstockException;
import dev.penstock.server.access.Caller;
import dev.penstock.server.access.Role;
import dev.penstock.server.query.Statements;
import dev.penstock.server.result.ClientWatch;
import dev.penstock.server.sparql.GraphRequest;
import dev.penstock.server.sparql.ServiceDescription;
import dev.penstock.server.sparql.SparqlFormat;
import dev.penstock.server.sparql.SparqlRequest;
import dev.penstock.server.sparql.SparqlStream;
import dev.penstock.server.sparql.Vary;
import dev.penstock.sparql.SparqlQuery;
import dev.penstock.sparql.SparqlResult;
import dev.penstock.sparql.SparqlSession;
import dev.penstock.sparql.store.TripleStore;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /sparql}: the SPARQL 1.1 protocol; {@code /rdf-graph-store}: its graphs, to be read. */
final class SparqlRoutes {
  static final String SPARQL = "/sparql";
  static final String GRAPHS = "/rdf-graph-store";

  /** What a graph is read by. */
  private static final String ALL = "SELECT ?s ?p ?o { ?s ?p ?o }";

  private final @Nullable TripleStore store;
  private final Statements statements;
  private final SparqlStream stream;

  /**
   * @param store null: there are no triples here
   */
  SparqlRoutes(@Nullable TripleStore store, Statements statements, SparqlStream stream) {
    this.store = store;
    this.statements = statements;
    this.stream = stream;
  }

  void addTo(RoutesConfig routes) {
    Routes.stream(routes, SPARQL, this::get);
    routes.post(SPARQL, this::post);
    Routes.look(routes, GRAPHS, this::graph);
    Routes.look(routes, GRAPHS + "/<path>", this::graph);
  }

  /** Is it one of those that other sites' pages may be let in to? */
  static boolean isShared(String path) {
    return path.equals(SPARQL)
        || path.equals(SPARQL + "/")
        || path.equals(GRAPHS)
        || path.startsWith(GRAPHS + "/");
  }

  private TripleStore store() {
    if (store == null) {
      throw Refusal.of(
          404,
          "no-triples",
          "this server has no triples; it gets them by files of RDF (--data people.ttl), --store or its"
              + " catalog file");
    }
    return store;
  }

  private void get(Context ctx) {
    SparqlRequest request = SparqlRequest.ofGet(ctx.req().getQueryString());
    if (request.query() == null) {
      describe(ctx, request);
    } else {
      run(ctx, request);
    }
  }

  private void post(Context ctx) {
    Routes.caller(ctx).needs(Role.SUBMIT, "submitting a query");
    run(
        ctx,
        SparqlRequest.ofPost(
            ctx.req().getContentType(), ctx.req().getQueryString(), ctx.bodyAsBytes()));
  }

  private void run(Context ctx, SparqlRequest request) {
    Caller caller = Routes.caller(ctx);
    caller.needs(Role.SUBMIT, "submitting a query");
    SparqlSession session = new SparqlSession(store());
    Query running = begin(ctx, request.options(), caller);
    try (ClientWatch watch = new ClientWatch(ctx.req())) {
      watch.over(running);
      SparqlQuery query;
      SparqlFormat.Choice choice;
      try {
        query = parsed(request, ctx.url());
        choice = SparqlFormat.of(query.kind(), request.format(), ctx.header("Accept"));
      } catch (Refusal e) {
        running.finish(PenstockException.incorrect("sparql-format", e.getMessage()));
        throw e;
      } catch (RuntimeException | Error e) {
        running.finish(e);
        throw e;
      }
      send(ctx, session.execute(query, running), choice, choice.format().writer()::write);
    }
  }

  private static SparqlQuery parsed(SparqlRequest request, String base) {
    SparqlQuery query = SparqlQuery.parse(String.valueOf(request.query()), base);
    return request.hasDataset()
        ? query.over(request.defaultGraphs(), request.namedGraphs())
        : query;
  }

  private Query begin(Context ctx, QueryOptions options, Caller caller) {
    Query running = statements.begin(options, caller);
    ctx.header("Penstock-Query", Long.toString(running.id()));
    return running;
  }

  private void send(
      Context ctx, SparqlResult result, SparqlFormat.Choice choice, SparqlStream.Writing writing) {
    stream.send(result, choice, writing, ctx.req(), ctx.res());
  }

  private void describe(Context ctx, SparqlRequest request) {
    Routes.caller(ctx).needs(Role.READ, "the description of the service");
    SparqlFormat.Choice choice = SparqlFormat.of(true, request.format(), ctx.header("Accept"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TripleStore triples = store();
    choice
        .format()
        .writer()
        .write(ServiceDescription.of(ctx.url(), triples.state(), triples.engine().budget()), out);
    Vary.by(ctx.res(), "Accept");
    ctx.status(200).contentType(choice.header()).result(out.toByteArray());
  }

  /** One graph: the default graph, one by its name, or one whose name is the address itself. */
  private void graph(Context ctx) {
    Caller caller = Routes.caller(ctx);
    caller.needs(Role.SUBMIT, "reading a graph");
    boolean isBelow = ctx.path().length() > GRAPHS.length() + 1;
    GraphRequest request = GraphRequest.of(ctx.req().getQueryString(), isBelow ? ctx.url() : null);
    SparqlFormat.Choice choice = SparqlFormat.of(true, request.format(), ctx.header("Accept"));
    SparqlSession session = new SparqlSession(store());
    String name = request.name();
    if (name != null && !session.hasGraph(name)) {
      throw Refusal.of(404, "no-such-graph", "there is no graph " + name);
    }
    if (ctx.req().getMethod().equals("HEAD")) {
      stream.head(choice, ctx.req(), ctx.res());
      return;
    }
    SparqlQuery all = SparqlQuery.parse(ALL);
    Query running =
        begin(
            ctx, QueryOptions.defaults().withText(name == null ? ALL : ALL + " # " + name), caller);
    try (ClientWatch watch = new ClientWatch(ctx.req())) {
      watch.over(running);
      send(
          ctx,
          session.execute(name == null ? all : all.over(List.of(name), List.of()), running),
          choice,
          (result, out) -> choice.format().writer().writeTriples(result, out));
    }
  }
}
