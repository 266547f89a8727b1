package dev.penstock.server;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryListener;
import dev.penstock.compiler.queries.QuerySnapshot;
import dev.penstock.compiler.queries.QueryState;
import dev.penstock.server.access.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Figures of the engine, of requests and of the JVM, as Prometheus reads them: {@code /metrics}.
 */
final class Metrics implements AutoCloseable {
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final String STARTED = "penstock.started";

  /** Whoever may not come in at all may still make up others: each would be a series for ever. */
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");

  private final Engine engine;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Counter rows;
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final QueryListener listener = this::changed;

  Metrics(Engine engine, InFlight inFlight) {
    this.engine = engine;
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
    for (QueryState state : QueryState.values()) {
      if (!state.isEnded()) {
        Gauge.builder("penstock.queries", () -> count(state))
            .tag("state", word(state))
            .description("queries that have not ended")
            .register(registry);
      }
    }
    bytes("penstock.memory.used", "what queries and tables hold", engine.budget()::usedBytes);
    bytes("penstock.memory.cap", "what they may hold", engine.options()::memoryBytes);
    bytes("penstock.spill.held", "what queries have on disk", () -> engine.spilled().heldBytes());
    Gauge.builder("penstock.http.in.flight", inFlight::count)
        .description("requests that are being answered")
        .register(registry);
    FunctionCounter.builder("penstock.spill.written", engine, e -> e.spilled().writtenBytes())
        .description("what queries have written to disk")
        .baseUnit("bytes")
        .register(registry);
    rows =
        Counter.builder("penstock.query.rows")
            .description("rows that clients have read, of queries that ended")
            .register(registry);
    engine.queries().addListener(listener);
  }

  private interface Figure {
    long now();
  }

  private void bytes(String name, String what, Figure figure) {
    Gauge.builder(name, () -> (double) figure.now())
        .description(what)
        .baseUnit("bytes")
        .register(registry);
  }

  private double count(QueryState state) {
    return engine.queries().running().stream().filter(q -> q.state() == state).count();
  }

  private static String word(QueryState state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private void changed(Query query, QueryState state) {
    if (state.isEnded()) {
      QuerySnapshot end = query.snapshot();
      Timer.builder("penstock.query")
          .description("queries that ended, from their beginning")
          .tag("state", word(state))
          .register(registry)
          .record(end.elapsedNanos(), TimeUnit.NANOSECONDS);
      rows.increment((double) end.rows());
    }
  }

  void addTo(RoutesConfig routes) {
    routes.before(ctx -> ctx.attribute(STARTED, System.nanoTime()));
    routes.after(this::answered);
    Routes.look(routes, "/metrics", this::scrape);
  }

  private void answered(Context ctx) {
    Long started = ctx.attribute(STARTED);
    if (started != null) {
      // the pattern of the path, not the path: there are few of them
      Timer.builder("penstock.http")
          .description("requests, until their last row was handed on")
          .tag("method", METHODS.contains(ctx.req().getMethod()) ? ctx.req().getMethod() : "other")
          .tag("path", Routes.pattern(ctx))
          .tag("status", Integer.toString(ctx.res().getStatus()))
          .register(registry)
          .record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    }
  }

  private void scrape(Context ctx) {
    Routes.caller(ctx).needs(Role.READ, "reading metrics");
    ctx.contentType(TYPE).result(registry.scrape());
  }

  @Override
  public void close() {
    engine.queries().removeListener(listener);
    collections.close();
    registry.close();
  }
}
