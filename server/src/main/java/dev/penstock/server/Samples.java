package dev.penstock.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.queries.GraphSnapshot;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QuerySnapshot;
import dev.penstock.compiler.queries.QueryState;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the engine, and each query that takes longer than a second, looked like each second: for
 * charts. The engine's last ten minutes are kept; of a query its whole time, in at most 240
 * samples: when they are full, each second one is dropped, and from then on half as many are taken.
 *
 * <p>Concurrency: {@link #take} runs on a timer's thread, readers on those of requests; all under
 * the monitor, which is held for as long as copying takes.
 */
final class Samples {
  static final long EVERY_MILLIS = 1000;

  private static final int ENGINE_SAMPLES = 600;
  private static final int QUERY_SAMPLES = 240;
  private static final Logger FAULTS = LoggerFactory.getLogger("dev.penstock.server");

  private final Engine engine;
  private final Track whole =
      new Track("memoryBytes", "heapBytes", "spilledBytes", "running", "queued", "tight");
  private final Map<Long, Track> queries = new HashMap<>();

  Samples(Engine engine) {
    this.engine = engine;
  }

  /** Rows of figures, the oldest first. */
  private static final class Track {
    private final String[] names;
    private long[][] rows = new long[16][];
    private int count;

    /** Of so many samples one is kept. */
    private int every = 1;

    private int seen;
    private boolean ended;

    Track(String... names) {
      this.names = names;
    }

    /** Drops the oldest where there are too many. */
    void slide(long... row) {
      if (count == ENGINE_SAMPLES) {
        System.arraycopy(rows, 1, rows, 0, --count);
      }
      add(row);
    }

    /** Drops each second one where there are too many. */
    void thin(boolean last, long... row) {
      if (!last && seen++ % every != 0) {
        return;
      }
      if (count == QUERY_SAMPLES) {
        for (int i = 1; 2 * i < count; i++) {
          rows[i] = rows[2 * i];
        }
        count /= 2;
        every *= 2;
      }
      add(row);
    }

    private void add(long[] row) {
      if (count == rows.length) {
        rows = java.util.Arrays.copyOf(rows, 2 * count);
      }
      rows[count++] = row;
    }

    void putInto(ObjectNode out) {
      for (int c = 0; c < names.length; c++) {
        ArrayNode column = out.putArray(names[c]);
        for (int r = 0; r < count; r++) {
          column.add(rows[r][c]);
        }
      }
    }
  }

  /** Looks once. Never throws: a timer would stop. */
  void take() {
    try {
      List<Query> running = engine.queries().running();
      takeEngine(running);
      takeQueries(running);
    } catch (RuntimeException e) {
      FAULTS.error("no sample was taken: {}", e.toString());
    }
  }

  private synchronized void takeEngine(List<Query> running) {
    long queued = running.stream().filter(q -> q.state() == QueryState.QUEUED).count();
    whole.slide(
        engine.budget().usedBytes(),
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        engine.spilled().heldBytes(),
        running.size() - queued,
        queued,
        engine.heap().tight() ? 1 : 0);
  }

  private synchronized void takeQueries(List<Query> running) {
    Set<Long> alive = new HashSet<>();
    for (Query query : running) {
      alive.add(query.id());
      Track track =
          queries.computeIfAbsent(
              query.id(),
              id ->
                  new Track("elapsedMillis", "memoryBytes", "spilledBytes", "rows", "busyMillis"));
      track.thin(false, figures(query));
    }
    queries
        .entrySet()
        .removeIf(
            e -> {
              if (alive.contains(e.getKey())) {
                return false;
              }
              Query query = engine.queries().find(e.getKey());
              if (query != null && !e.getValue().ended) {
                e.getValue().ended = true;
                e.getValue().thin(true, figures(query));
              }
              return query == null;
            });
  }

  private static long[] figures(Query query) {
    QuerySnapshot now = query.snapshot();
    long rows = 0;
    for (GraphSnapshot.Operator operator : query.graph(false).operators()) {
      if (operator.rowsIn() == 0) {
        rows += operator.rows();
      }
    }
    return new long[] {
      now.elapsedNanos() / 1_000_000,
      now.memoryBytes(),
      now.spilledBytes(),
      rows,
      now.busyNanos() / 1_000_000
    };
  }

  /** Arrays of equal length, one for each figure. */
  synchronized ObjectNode ofEngine() {
    ObjectNode out = Json.object().put("everyMillis", EVERY_MILLIS);
    whole.putInto(out);
    return out;
  }

  /** The same of a query; null when it was too short. */
  synchronized @Nullable ObjectNode of(long query) {
    Track track = queries.get(query);
    if (track == null) {
      return null;
    }
    ObjectNode out = Json.object();
    track.putInto(out);
    return out;
  }
}
