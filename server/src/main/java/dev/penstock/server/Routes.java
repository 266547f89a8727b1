package dev.penstock.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.monitor.PenstockException;
import dev.penstock.server.access.AuditLog;
import dev.penstock.server.access.Caller;
import dev.penstock.server.access.Doorkeeper;
import dev.penstock.server.access.Origins;
import dev.penstock.server.query.Statements;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.router.Endpoint;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which request goes where, and what is done for all of them. */
final class Routes {
  private static final String CALLER = "penstock.caller";
  private static final Set<String> OPEN = Set.of("/", "/health", "/ready");

  private static final Logger FAULTS = LoggerFactory.getLogger("dev.penstock.server");

  private Routes() {}

  static void add(
      RoutesConfig routes,
      Doorkeeper door,
      Origins origins,
      QueryRoutes queries,
      TableRoutes tables,
      Statements statements,
      AuditLog audit) {
    routes.before(ctx -> enter(ctx, door, origins));
    look(routes, "/health", ctx -> send(ctx, 200, Json.object().put("status", "up")));
    look(routes, "/ready", ctx -> ready(ctx, statements));
    byte[] document = document();
    look(
        routes,
        "/openapi.json",
        ctx -> ctx.status(200).contentType("application/json").result(document));
    Pages.addTo(routes);
    routes.options(SparqlRoutes.SPARQL, ctx -> ctx.status(204));
    routes.options(SparqlRoutes.GRAPHS, ctx -> ctx.status(204));
    queries.addTo(routes);
    tables.addTo(routes);
    // named by itself: Javalin has a handler of its own for it
    routes.exception(HttpResponseException.class, (e, ctx) -> fail(ctx, problem(ctx, e), audit));
    routes.exception(Exception.class, (e, ctx) -> fail(ctx, problem(ctx, e), audit));
  }

  /** GET, and HEAD, which Javalin would answer by itself: 200 to whatever path. */
  static void look(RoutesConfig routes, String path, Handler handler) {
    routes.get(path, handler);
    routes.head(path, handler);
  }

  /** GET and no HEAD: the response is read but once, or has no end. */
  static void stream(RoutesConfig routes, String path, Handler handler) {
    routes.get(path, handler);
    routes.head(
        path,
        ctx -> {
          throw Refusal.of(405, "method", ctx.path() + " does not take the method HEAD");
        });
  }

  private static byte[] document() {
    try (InputStream in = Routes.class.getResourceAsStream("openapi.json")) {
      if (in == null) {
        throw new IllegalStateException("openapi.json is not packaged");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void enter(Context ctx, Doorkeeper door, Origins origins) {
    ctx.header("X-Content-Type-Options", "nosniff");
    ctx.header("Cache-Control", "no-store");
    ctx.header("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'");
    ctx.header("Referrer-Policy", "no-referrer");
    ctx.header("Cross-Origin-Resource-Policy", "same-origin");
    if (ctx.req().isSecure()) {
      ctx.header("Strict-Transport-Security", "max-age=31536000");
    }
    String method = ctx.req().getMethod();
    String host = ctx.header("Host");
    String origin = ctx.header("Origin");
    boolean isLetIn = SparqlRoutes.isShared(ctx.path()) && origins.hold(origin);
    if (isLetIn) {
      letIn(ctx, String.valueOf(origin));
    }
    door.check(
        new Doorkeeper.Request(
            ctx.scheme(),
            host == null ? "" : host,
            isLetIn ? null : origin,
            isLetIn ? null : ctx.header("Sec-Fetch-Site"),
            !method.equals("GET") && !method.equals("HEAD")));
    if (isLetIn && method.equals("OPTIONS")) {
      return; // browsers ask this without a token
    }
    if (!OPEN.contains(ctx.path()) && !ctx.path().startsWith(Pages.PREFIX)) {
      ctx.attribute(CALLER, door.caller(ctx.header("Authorization")));
    }
  }

  /** What a browser needs to hand the response to a page of another site. */
  private static void letIn(Context ctx, String origin) {
    ctx.header("Access-Control-Allow-Origin", origin);
    ctx.header("Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS");
    ctx.header("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type");
    ctx.header("Access-Control-Expose-Headers", "Penstock-Query");
    ctx.header("Access-Control-Max-Age", "600");
    ctx.header("Cross-Origin-Resource-Policy", "cross-origin");
    ctx.header("Vary", "Origin");
  }

  /** The path as it was registered, {@code /v1/queries/{id}}; empty: nothing is registered. */
  static String pattern(Context ctx) {
    @Nullable Endpoint last = ctx.endpoints().matchedHttpEndpoint();
    return last == null ? "" : last.path;
  }

  /** Who asks. */
  static Caller caller(Context ctx) {
    @Nullable Caller caller = ctx.attribute(CALLER);
    if (caller == null) {
      throw new IllegalStateException("nobody was let in: " + ctx.path());
    }
    return caller;
  }

  private static void ready(Context ctx, Statements statements) {
    boolean ready = !statements.isDraining();
    send(ctx, ready ? 200 : 503, Json.object().put("status", ready ? "ready" : "stopping"));
  }

  static void send(Context ctx, int status, JsonNode body) {
    ctx.status(status).contentType("application/json").result(Json.bytes(body));
  }

  private static Problem problem(Context ctx, Exception e) {
    if (e instanceof HttpResponseException http) {
      int status = http.getStatus();
      String text = HttpStatus.forStatus(status).getMessage();
      return switch (status) {
        case 404 -> Problem.incorrect(404, "not-found", "there is nothing at " + ctx.path());
        case 405 ->
            Problem.incorrect(
                405, "method", ctx.path() + " does not take the method " + ctx.req().getMethod());
        case 413 ->
            Refusal.limit(413, "body-size", "the body of the request is too long").problem();
        default ->
            status < 500
                ? Problem.incorrect(status, "http", text)
                : new Problem(status, "FAULT", "http", text, 0, 0);
      };
    }
    return Problem.of(e);
  }

  /** A stack or a heap that was too small, of what no exception tells. */
  static void fail(HttpServletResponse response, Error e) {
    Problem problem = Problem.of(e);
    FAULTS.error("{}", problem.message());
    if (!response.isCommitted()) {
      try {
        response.setStatus(problem.status());
        response.setContentType("application/json");
        response.getOutputStream().write(problem.body());
      } catch (IOException gone) {
        FAULTS.debug("nobody was told: {}", gone.toString());
      }
    }
  }

  private static void fail(Context ctx, Problem problem, AuditLog audit) {
    if (ctx.res().isCommitted()) {
      return;
    }
    if (problem.status() == 401 || problem.status() == 403) {
      @Nullable Caller caller = ctx.attribute(CALLER);
      String who = caller == null ? "" : caller.name();
      audit.add(
          who,
          ctx.req().getRemoteAddr(),
          "refused",
          0,
          ctx.req().getMethod() + " " + ctx.path() + ": " + problem.message());
    }
    if (problem.status() == 401) {
      ctx.header("WWW-Authenticate", "Bearer");
    }
    if (problem.status() == 503) {
      ctx.header("Retry-After", "1");
    }
    ctx.status(problem.status()).contentType("application/json").result(problem.body());
    if (problem.category().equals(PenstockException.Category.FAULT.name())) {
      FAULTS.error("{} {}: {}", ctx.req().getMethod(), ctx.path(), problem.message());
    }
  }
}
