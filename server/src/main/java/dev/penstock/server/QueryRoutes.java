package dev.penstock.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.compiler.Result;
import dev.penstock.compiler.queries.Queries;
import dev.penstock.compiler.queries.Query;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.nodes.Priority;
import dev.penstock.server.access.AuditLog;
import dev.penstock.server.access.Caller;
import dev.penstock.server.access.Role;
import dev.penstock.server.query.QueryJson;
import dev.penstock.server.query.Statements;
import dev.penstock.server.query.Submission;
import dev.penstock.server.result.ClientWatch;
import dev.penstock.server.result.ResultFormat;
import dev.penstock.server.result.ResultStream;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /v1/queries} and what is below it. */
final class QueryRoutes {
  private static final String ALL = "/v1/queries";
  private static final String ONE = "/v1/queries/{id}";
  private static final int ENDED = 50;

  /** What can be changed of a query. */
  private static final List<String> CHANGES =
      List.of(
          "deadline", "idleTimeoutSeconds", "priority", "queueTimeoutSeconds", "timeoutSeconds");

  private final Queries queries;
  private final Statements statements;
  private final ResultStream stream;
  private final Samples samples;
  private final AuditLog audit;

  QueryRoutes(
      Queries queries,
      Statements statements,
      ResultStream stream,
      Samples samples,
      AuditLog audit) {
    this.samples = samples;
    this.audit = audit;
    this.queries = queries;
    this.statements = statements;
    this.stream = stream;
  }

  void addTo(RoutesConfig routes) {
    routes.post(ALL, this::submit);
    Routes.look(routes, ALL, this::list);
    Routes.look(routes, ONE, this::show);
    Routes.stream(routes, ONE + "/result", this::result);
    routes.delete(ONE, this::cancel);
    routes.patch(ONE, this::change);
  }

  private void submit(Context ctx) {
    Caller caller = Routes.caller(ctx);
    caller.needs(Role.SUBMIT, "submitting a query");
    ResultFormat format = format(ctx);
    Submission s = Submission.read(ctx.req().getContentType(), ctx.bodyAsBytes(), ctx::queryParam);
    if (Statements.changesSomething(s)) {
      caller.needs(Role.ADMIN, "a statement that changes something");
      audit.add(caller.name(), ctx.req().getRemoteAddr(), "statement", 0, s.text());
    }
    if (s.waits()) {
      try (ClientWatch watch = new ClientWatch(ctx.req())) {
        send(ctx, format, statements.run(s, caller, watch::over));
      }
      return;
    }
    Query query = statements.submit(s, caller);
    ctx.header("Location", ALL + "/" + query.id());
    named(ctx, query);
    Routes.send(ctx, 202, QueryJson.summary(query));
  }

  private static ResultFormat format(Context ctx) {
    return ResultFormat.of(ctx.queryParam("format"), ctx.header("Accept"));
  }

  private void send(Context ctx, ResultFormat format, Result result) {
    named(ctx, result.query());
    stream.send(result, format, ctx.req(), ctx.res());
  }

  private static void named(Context ctx, Query query) {
    ctx.header("Penstock-Query", Long.toString(query.id()));
  }

  private void result(Context ctx) {
    ResultFormat format = format(ctx);
    Query query = query(ctx);
    named(ctx, query);
    Result result = statements.result(query);
    try (ClientWatch watch = new ClientWatch(ctx.req())) {
      watch.over(query);
      send(ctx, format, result);
    }
  }

  private void list(Context ctx) {
    Caller caller = Routes.caller(ctx);
    int most = ended(ctx.queryParam("ended"));
    ObjectNode out = Json.object();
    ArrayNode running = out.putArray("running");
    queries.running().stream().filter(caller::sees).forEach(q -> running.add(QueryJson.summary(q)));
    ArrayNode ended = out.putArray("ended");
    queries.history().stream()
        .filter(caller::sees)
        .limit(most)
        .forEach(q -> ended.add(QueryJson.summary(q)));
    Routes.send(ctx, 200, out);
  }

  private static int ended(@Nullable String asked) {
    if (asked == null) {
      return ENDED;
    }
    if (!asked.matches("\\d{1,6}")) {
      throw Refusal.of(
          400, "parameter", "ended: expected a number of queries, got '" + asked + "'");
    }
    return Integer.parseInt(asked);
  }

  private void show(Context ctx) {
    Query query = query(ctx);
    Routes.send(ctx, 200, QueryJson.whole(query, samples.of(query.id())));
  }

  /** The query that the address names, if the caller may see it. */
  Query query(Context ctx) {
    String text = ctx.pathParam("id");
    Query query = text.matches("\\d{1,18}") ? queries.find(Long.parseLong(text)) : null;
    if (query == null || !Routes.caller(ctx).sees(query)) {
      throw Refusal.of(404, "no-such-query", "no query " + text + " runs or is remembered");
    }
    return query;
  }

  private void cancel(Context ctx) {
    Query query = query(ctx);
    Caller caller = Routes.caller(ctx);
    boolean own = query.owner().equals(caller.name());
    audit.add(
        caller.name(), ctx.req().getRemoteAddr(), "cancel", query.id(), "of " + query.owner());
    boolean stopped =
        query.cancel(
            own ? Reason.CALLER : Reason.PERSON, "the query was cancelled by " + caller.name());
    if (!stopped && query.state().isEnded()) {
      throw Refusal.of(409, "query-ended", "query " + query.id() + " has ended");
    }
    Routes.send(ctx, 202, QueryJson.summary(query));
  }

  private void change(Context ctx) {
    Query query = query(ctx);
    ObjectNode body = Json.read(ctx.bodyAsBytes());
    body.fieldNames()
        .forEachRemaining(
            key -> {
              if (!CHANGES.contains(key)) {
                throw Refusal.of(
                    400,
                    "body",
                    "unknown key '" + key + "' (there are " + String.join(", ", CHANGES) + ")");
              }
            });
    if (query.state().isEnded()) {
      throw Refusal.of(409, "query-ended", "query " + query.id() + " has ended");
    }
    JsonNode asked = body.get("priority");
    Priority priority = asked == null ? null : Submission.priority(asked);
    Duration queue = Submission.seconds(body, "queueTimeoutSeconds");
    Duration idle = Submission.seconds(body, "idleTimeoutSeconds");
    Duration left = Submission.seconds(body, "timeoutSeconds");
    JsonNode deadline = body.get("deadline");
    Instant when = left == null ? instant(deadline) : Instant.now().plus(left);
    audit.add(
        Routes.caller(ctx).name(),
        ctx.req().getRemoteAddr(),
        "change",
        query.id(),
        body.toString());
    if (priority != null) {
      query.setPriority(priority);
    }
    if (queue != null) {
      query.setQueueTimeout(queue);
    }
    if (idle != null) {
      query.setIdleTimeout(statements.idleTimeout(idle));
    }
    if (left != null || deadline != null) {
      query.setDeadline(when);
    }
    Routes.send(ctx, 200, QueryJson.summary(query));
  }

  private static @Nullable Instant instant(@Nullable JsonNode given) {
    if (given == null || given.isNull()) {
      return null;
    }
    try {
      return Instant.parse(given.isTextual() ? given.textValue() : "");
    } catch (DateTimeException e) {
      throw Refusal.of(
          400, "body", "deadline: expected null or a time like 2026-01-31T12:00:00Z, got " + given);
    }
  }
}
