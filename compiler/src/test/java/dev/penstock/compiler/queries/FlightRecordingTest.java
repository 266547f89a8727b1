package dev.penstock.compiler.queries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Queries and what they spill stand in flight recordings; slow queries in a line of the log. */
@Timeout(60)
class FlightRecordingTest {
  private static final String SORT = "(sort+ [[N :desc]] (series+ N 1 400000))";

  @TempDir private Path folder;

  @Test
  void aQueryAndItsSpillingAreRecorded() throws Exception {
    Path file = folder.resolve("recording.jfr");
    long least;
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(1))) {
      least = engine.leastMemoryBytes(engine.prepare(SORT));
    }
    try (Recording recording = new Recording();
        Engine engine =
            Engine.create(
                EngineOptions.defaults()
                    .withWorkers(1)
                    .withMemoryBytes(least + (512 << 10))
                    .withSpillTo(new EngineOptions.SpillTo(folder, Long.MAX_VALUE)))) {
      recording.enable("dev.penstock.Query");
      recording.enable("dev.penstock.Spill");
      recording.enable("dev.penstock.Task").withoutThreshold();
      recording.start();
      try (Result result = engine.run(SORT, QueryOptions.defaults().withOwner("ann"))) {
        assertEquals(400_000, result.drain());
      }
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    List<RecordedEvent> queries = named(events, "dev.penstock.Query");
    assertEquals(1, queries.size());
    RecordedEvent query = queries.get(0);
    assertEquals("ann", query.getString("owner"));
    assertEquals(SORT, query.getString("text"));
    assertEquals("DONE", query.getString("state"));
    assertEquals(400_000, query.getLong("rows"));
    assertTrue(query.getLong("spilled") > 0);
    assertTrue(query.getDuration().toNanos() > query.getDuration("planning").toNanos());
    long spilled =
        named(events, "dev.penstock.Spill").stream().mapToLong(e -> e.getLong("rawBytes")).sum();
    assertEquals(query.getLong("spilled"), spilled);
    RecordedEvent task = named(events, "dev.penstock.Task").get(0);
    assertEquals("query 1", task.getString("query"));
    assertTrue(task.getString("node").contains("s"), task.toString());
  }

  private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
    return events.stream().filter(e -> e.getEventType().getName().equals(name)).toList();
  }

  @Test
  void aSlowQueryIsALine() {
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(1))) {
      try (Result result =
          engine.run("(series+ N\n  1 10)", QueryOptions.defaults().withOwner("ann"))) {
        result.drain();
      }
      Query query = engine.queries().history().get(0);
      String line = SlowQueryLog.line(query.snapshot(), query.planHash());
      assertTrue(
          line.matches(
              "slow query id=1 owner=ann state=DONE seconds=\\d+\\.\\d{3} planning=\\d+\\.\\d{3}"
                  + " queued=0\\.000 busy=\\d+\\.\\d{3} rows=10 peak-bytes=[1-9]\\d* spilled-bytes=0"
                  + " plan=[0-9a-f]{64} error=- text=\\(series\\+ N 1 10\\)"),
          line);
    }
  }
}
