package dev.penstock.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryLimits;
import dev.penstock.compiler.queries.QueryState;
import dev.penstock.monitor.HeapMonitor;
import dev.penstock.server.access.Caller;
import dev.penstock.server.access.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code /v1/engine}: what all queries share, and who asks. */
final class EngineRoutes {
  private final Engine engine;
  private final Samples samples;
  private final int mostQueries;
  private final List<String> languages;

  /**
   * @param languages that queries may be written in
   */
  EngineRoutes(Engine engine, Samples samples, int mostQueries, List<String> languages) {
    this.languages = languages;
    this.engine = engine;
    this.samples = samples;
    this.mostQueries = mostQueries;
  }

  void addTo(RoutesConfig routes) {
    Routes.look(routes, "/v1/engine", this::show);
  }

  private void show(Context ctx) {
    Caller caller = Routes.caller(ctx);
    caller.needs(Role.READ, "looking at the engine");
    ObjectNode out = Json.object();
    out.putObject("caller").put("name", caller.name()).put("role", word(caller.role()));
    out.put("java", Runtime.version().toString())
        .put("upMillis", ManagementFactory.getRuntimeMXBean().getUptime())
        .put("workers", engine.options().workers());
    languages.forEach(out.putArray("languages")::add);
    out.putObject("memory")
        .put("usedBytes", engine.budget().usedBytes())
        .put("peakBytes", engine.budget().peakBytes())
        .put("capBytes", engine.options().memoryBytes());
    out.set("heap", heap());
    out.set("spill", spill(caller));
    List<Query> running = engine.queries().running();
    long queued = running.stream().filter(q -> q.state() == QueryState.QUEUED).count();
    QueryLimits limits = engine.queries().limits();
    out.putObject("queries")
        .put("running", running.size() - queued)
        .put("queued", queued)
        .put("begun", engine.queries().begun())
        .put("most", mostQueries)
        .put("timeoutMillis", millis(limits.timeout()))
        .put("maxTimeoutMillis", millis(limits.maxTimeout()));
    out.set("history", samples.ofEngine());
    Routes.send(ctx, 200, out);
  }

  private ObjectNode heap() {
    MemoryUsage usage = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    HeapMonitor.Figures f = engine.heap();
    return Json.object()
        .put("usedBytes", usage.getUsed())
        .put("maxBytes", usage.getMax())
        .put("tight", f.tight())
        .put("pool", f.pool())
        .put("poolBytes", f.limitBytes())
        .put("tightBytes", f.tightBytes())
        .put("collectedBytes", f.collectedBytes())
        .put("timesTight", f.timesTight())
        .put("tightMillis", f.tightNanos() / 1_000_000);
  }

  /** Where it lies is told to those who may do everything. */
  private @Nullable ObjectNode spill(Caller caller) {
    EngineOptions.SpillTo to = engine.options().spillTo();
    if (to == null) {
      return null;
    }
    boolean all = caller.may(Role.ADMIN);
    Engine.Spilled now = engine.spilled();
    return Json.object()
        .put("directory", all ? to.directory().toString() : null)
        .put("overflow", all ? to.overflow() : null)
        .put("heldBytes", now.heldBytes())
        .put("writtenBytes", now.writtenBytes())
        .put("quotaBytes", to.quotaBytes() == Long.MAX_VALUE ? null : (Long) to.quotaBytes())
        .put("freeBytes", free(to.directory()));
  }

  /** Null while the folder, which is made when it is needed, is not there. */
  private static @Nullable Long free(Path directory) {
    try {
      return Files.isDirectory(directory)
          ? (Long) Files.getFileStore(directory).getUsableSpace()
          : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable Long millis(@Nullable Duration d) {
    return d == null ? null : (Long) d.toMillis();
  }

  private static String word(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
