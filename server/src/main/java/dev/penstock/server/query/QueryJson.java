package dev.penstock.server.query;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QuerySnapshot;
import dev.penstock.server.Json;
import dev.penstock.server.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Queries as clients see them. */
public final class QueryJson {
  private QueryJson() {}

  /** Everything but plan and graph. */
  public static ObjectNode summary(Query query) {
    QuerySnapshot s = query.snapshot();
    ObjectNode out = Json.object();
    out.put("id", s.id())
        .put("owner", s.owner())
        .put("text", s.text())
        .put("state", word(s.state()))
        .put("priority", word(s.priority()))
        .put("begun", text(s.begun()))
        .put("ended", text(s.ended()))
        .put("deadline", text(s.deadline()))
        .put("elapsedMillis", millis(s.elapsedNanos()))
        .put("planningMillis", millis(s.planningNanos()))
        .put("queuedMillis", millis(s.queuedNanos()));
    Duration left = s.progress().left();
    ObjectNode progress = out.putObject("progress");
    if (s.progress().share() < 0) {
      progress.putNull("share");
    } else {
      progress.put("share", s.progress().share());
    }
    progress.put("leftMillis", left == null ? null : (Double) millis(left.toNanos()));
    out.put("rows", s.rows())
        .put("busyMillis", millis(s.busyNanos()))
        .put("memoryBytes", s.memoryBytes())
        .put("peakMemoryBytes", s.peakMemoryBytes())
        .put("spilledBytes", s.spilledBytes())
        .put("diskBytes", s.diskBytes())
        .put("cause", s.cause() == null ? null : word(s.cause()));
    out.set("error", s.error() == null ? null : Problem.of(s.error()).node());
    return out;
  }

  /**
   * With plans, living graph and samples.
   *
   * @param samples null: there are none
   */
  public static ObjectNode whole(Query query, @Nullable ObjectNode samples) {
    ObjectNode out = summary(query);
    out.put("plan", query.plan()).put("planHash", query.planHash());
    out.set("rewriting", Json.tree(query.rewriting()));
    out.set("graph", Json.tree(query.graph()));
    out.set("samples", samples);
    return out;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static @Nullable String text(@Nullable Instant when) {
    return when == null ? null : when.toString();
  }

  private static double millis(long nanos) {
    return Math.round(nanos / 1e3) / 1e3;
  }
}
