package dev.penstock.server;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryListener;
import dev.penstock.compiler.queries.QuerySnapshot;
import dev.penstock.compiler.queries.QueryState;
import dev.penstock.server.access.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
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
import java.util.concurrent.TimeUnit;

/**
 * Figures of the engine, of requests and of the JVM, as Prometheus reads them: {@code /metrics}.
 */
final class Metrics implements AutoCloseable {
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final String STARTED = "penstock.started";

  private final Engine engine;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
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
    gauge("penstock.memory.used", "bytes that queries and tables hold", engine.budget()::usedBytes);
    gauge("penstock.memory.cap", "bytes they may hold", engine.options()::memoryBytes);
    gauge("penstock.spill.held", "bytes on disk", () -> engine.spilled().heldBytes());
    gauge("penstock.http.in.flight", "requests that are being answered", inFlight::count);
    FunctionCounter.builder("penstock.spill.written", engine, e -> e.spilled().writtenBytes())
        .description("bytes written to disk")
        .register(registry);
    engine.queries().addListener(listener);
  }

  private interface Figure {
    long now();
  }

  private void gauge(String name, String what, Figure figure) {
    Gauge.builder(name, () -> (double) figure.now()).description(what).register(registry);
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
      registry.counter("penstock.query.rows").increment((double) end.rows());
    }
  }

  void addTo(RoutesConfig routes) {
    routes.before(ctx -> ctx.attribute(STARTED, System.nanoTime()));
    routes.after(this::answered);
    routes.get("/metrics", this::scrape);
  }

  private void answered(Context ctx) {
    Long started = ctx.attribute(STARTED);
    if (started != null) {
      // the pattern of the path, not the path: there are few of them
      Timer.builder("penstock.http")
          .description("requests, until their last row was handed on")
          .tag("method", ctx.req().getMethod())
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
