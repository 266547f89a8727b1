package dev.penstock.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryListener;
import dev.penstock.server.access.Caller;
import dev.penstock.server.query.QueryJson;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events: what queries do, told when they change their state and each interval.
 *
 * <pre>
 * event: query                  one query: {@code /v1/queries/{id}/events}; the last one is its end
 * data: {"id": 7, "state": "running", ...}
 *
 * event: queries                all that the caller sees: {@code /v1/events}
 * data: {"running": [...], "memoryBytes": 0, "memoryCapBytes": 1073741824, "spilledBytes": 0}
 * </pre>
 *
 * <p>Concurrency: each stream has a thread of its own, which waits at a semaphore that listeners
 * release; {@code waiting} has all of them, so that closing wakes them.
 */
final class EventRoutes implements AutoCloseable {
  private static final int MOST_STREAMS = 32;
  private static final int INTERVAL_MILLIS = 1000;
  private static final int LEAST_MILLIS = 100;
  private static final int MOST_MILLIS = 60_000;

  private final Engine engine;
  private final QueryRoutes queries;
  private final AtomicInteger streams = new AtomicInteger();
  private final Set<Semaphore> waiting = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  EventRoutes(Engine engine, QueryRoutes queries) {
    this.engine = engine;
    this.queries = queries;
  }

  void addTo(RoutesConfig routes) {
    Routes.stream(routes, "/v1/queries/{id}/events", this::one);
    Routes.stream(routes, "/v1/events", this::all);
  }

  private void one(Context ctx) {
    Query query = queries.query(ctx);
    stream(
        ctx,
        "query",
        q -> q == query,
        () -> QueryJson.summary(query),
        () -> query.state().isEnded());
  }

  private void all(Context ctx) {
    Caller caller = Routes.caller(ctx);
    stream(ctx, "queries", caller::sees, () -> seen(caller), () -> false);
  }

  private ObjectNode seen(Caller caller) {
    ObjectNode out = Json.object();
    ArrayNode running = out.putArray("running");
    engine.queries().running().stream()
        .filter(caller::sees)
        .forEach(q -> running.add(QueryJson.summary(q)));
    return out.put("memoryBytes", engine.budget().usedBytes())
        .put("memoryCapBytes", engine.options().memoryBytes())
        .put("spilledBytes", engine.spilled().heldBytes());
  }

  private void stream(
      Context ctx,
      String name,
      Predicate<Query> concerns,
      Supplier<ObjectNode> data,
      Supplier<Boolean> isLast) {
    int interval = interval(ctx.queryParam("intervalMillis"));
    if (streams.incrementAndGet() > MOST_STREAMS) {
      streams.decrementAndGet();
      throw Refusal.limit(
          503,
          "too-many-events",
          "as many streams of events as may be open (" + MOST_STREAMS + ")");
    }
    Semaphore changed = new Semaphore(0);
    QueryListener listener =
        (query, state) -> {
          if (concerns.test(query)) {
            changed.release();
          }
        };
    waiting.add(changed);
    engine.queries().addListener(listener);
    try {
      ctx.res().setContentType("text/event-stream");
      OutputStream out = ctx.res().getOutputStream();
      boolean last = false;
      while (!last && !closed) {
        last = isLast.get(); // asked before: the data then tell the end
        String event = "event: " + name + "\ndata: " + data.get() + "\n\n";
        out.write(event.getBytes(StandardCharsets.UTF_8));
        out.flush();
        if (!last && changed.tryAcquire(interval, TimeUnit.MILLISECONDS)) {
          changed.drainPermits();
        }
      }
    } catch (IOException e) {
      return; // who listened is gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      engine.queries().removeListener(listener);
      waiting.remove(changed);
      streams.decrementAndGet();
    }
  }

  private static int interval(@Nullable String asked) {
    if (asked == null) {
      return INTERVAL_MILLIS;
    }
    int millis = asked.matches("\\d{1,6}") ? Integer.parseInt(asked) : 0;
    if (millis < LEAST_MILLIS || millis > MOST_MILLIS) {
      throw Refusal.of(
          400, "parameter", "intervalMillis: expected 100 to 60000, got '" + asked + "'");
    }
    return millis;
  }

  /** Ends all streams. */
  @Override
  public void close() {
    closed = true;
    waiting.forEach(Semaphore::release);
  }
}
