package dev.penstock.compiler.queries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Prepared;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.PenstockException.Category;
import dev.penstock.nodes.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queries are seen and stopped in each of their states. */
@Timeout(60)
class QueriesTest {
  private static final String ALL = "(table+ t)";
  private static final String SORTED = "(sort+ [[n :desc]] (table+ t))";

  private static Engine engine(GatedSource source, QueryLimits limits) {
    Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2).withLimits(limits));
    engine.catalog().add("t", source);
    return engine;
  }

  private static Engine engine(GatedSource source) {
    return engine(source, QueryLimits.defaults());
  }

  private static PenstockException failure(CompletableFuture<?> future) {
    return (PenstockException)
        assertThrows(ExecutionException.class, () -> future.get(30, TimeUnit.SECONDS)).getCause();
  }

  private static Query only(Engine engine) {
    List<Query> running = engine.queries().running();
    assertEquals(1, running.size(), running.toString());
    return running.get(0);
  }

  private static Query last(Engine engine) {
    assertEquals(List.of(), engine.queries().running());
    return engine.queries().history().get(0);
  }

  private static void nothingIsLeft(Engine engine) {
    assertEquals(0, engine.budget().usedBytes());
  }

  @Test
  void aQueryIsSeenFromPlanningToItsEnd() throws Exception {
    GatedSource source = GatedSource.of(1000);
    try (Engine engine = engine(source)) {
      List<QueryState> states = Collections.synchronizedList(new ArrayList<>());
      engine.queries().addListener((query, state) -> states.add(state));
      CompletableFuture<List<Object[]>> rows =
          CompletableFuture.supplyAsync(
              () -> {
                try (Result result = engine.run(SORTED, QueryOptions.defaults().withOwner("ann"))) {
                  return new ArrayList<>(result.rows());
                }
              });
      GatedSource.await(source.planning);
      Query query = only(engine);
      assertEquals(QueryState.PLANNING, query.state());
      assertEquals("ann", query.owner());
      assertSame(GraphSnapshot.EMPTY, query.graph());
      source.plans.countDown();
      GatedSource.await(source.reading);
      assertEquals(QueryState.RUNNING, query.state());
      assertEquals(SORTED, query.text());
      assertEquals(64, query.planHash().length());
      LivePlan.Rewriting rewriting = query.rewriting();
      assertTrue(rewriting.text().startsWith("(sort+ "), rewriting.text());
      assertEquals(0, query.progress().rows());
      QuerySnapshot now = query.snapshot();
      assertTrue(now.memoryBytes() > 0);
      assertTrue(now.planningNanos() > 0 && now.planningNanos() <= now.elapsedNanos());
      assertNull(now.ended());
      source.reads.countDown();
      assertEquals(1000, rows.get().size());
      assertSame(query, last(engine));
      assertEquals(QueryState.DONE, query.state());
      QuerySnapshot end = query.snapshot();
      assertEquals(new QueryProgress(1, 1000, Duration.ZERO), end.progress());
      assertEquals(0, end.memoryBytes());
      assertTrue(end.peakMemoryBytes() > 0);
      assertNotNull(end.ended());
      assertNull(end.cause());
      assertEquals(SORTED, query.plan());
      assertEquals(rewriting, query.rewriting());
      assertEquals(
          List.of(QueryState.PLANNING, QueryState.RUNNING, QueryState.DONE), List.copyOf(states));
      nothingIsLeft(engine);
    }
  }

  @Test
  void eachPipeCountsItsRows() {
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2));
        Result result =
            engine.run(
                "(join+ :left (= a b) (union+ (series+ a 0 5000) (series+ a 100 7000))"
                    + " (project+ [[b a]] (union+ (series+ a 0 3000) (series+ a 0 10))))")) {
      long rows = result.drain();
      List<GraphSnapshot.Pipe> pipes =
          result.query().graph().pipes().stream().filter(p -> !p.ofMorsels()).toList();
      assertTrue(pipes.size() > 2, pipes.toString());
      for (GraphSnapshot.Pipe pipe : pipes) {
        assertTrue(pipe.rowsIn() > 0, pipe.toString());
        assertEquals(pipe.rowsIn(), pipe.rowsOut(), pipe.toString());
        assertEquals(0, pipe.rowsWaiting(), pipe.toString());
      }
      assertTrue(pipes.stream().anyMatch(p -> p.name().equals("result") && p.rowsIn() == rows));
    }
  }

  @Test
  void theGraphLives() {
    GatedSource source = GatedSource.of(5000).plannable();
    try (Engine engine = engine(source);
        Result result = engine.run(SORTED)) {
      GatedSource.await(source.reading);
      GraphSnapshot graph = result.query().graph();
      assertEquals(2, graph.nodes().size(), graph.toString());
      assertEquals(
          List.of("sort", "scan"),
          graph.operators().stream().map(GraphSnapshot.Operator::op).toList());
      assertEquals(0, graph.operators().get(0).rows());
      assertEquals(0, result.query().progress().share());
      source.reads.countDown();
      assertEquals(5000, result.drain());
      GraphSnapshot end = result.query().graph();
      GraphSnapshot.Node sort = end.nodes().get(0);
      GraphSnapshot.Node out = end.nodes().get(1);
      assertTrue(sort.ended() && out.ended());
      assertEquals(2, sort.operators().size(), sort.toString());
      assertEquals(5000, out.rowsOut());
      assertEquals(5000, end.operators().get(0).rows());
      assertEquals(5000, end.operators().get(1).rows());
      assertTrue(sort.peakMemoryBytes() > 0);
      GraphSnapshot.Pipe last = end.pipes().get(out.output());
      assertEquals("result", last.name());
      assertEquals(5000, last.rowsIn());
      assertEquals(5000, last.rowsOut());
      assertEquals(0, last.bytesWaiting());
      assertEquals(last.bytesIn(), last.bytesOut());
      assertEquals("heap", last.segments().get(0).kind());
      assertTrue(end.pipes().get(out.inputs().get(0)).ofMorsels());
    }
  }

  @Test
  void planningIsCancelled() {
    GatedSource source = GatedSource.of(10);
    try (Engine engine = engine(source)) {
      CompletableFuture<Result> result =
          CompletableFuture.supplyAsync(() -> engine.run(ALL, QueryOptions.defaults()));
      GatedSource.await(source.planning);
      Query query = only(engine);
      assertTrue(engine.queries().cancel(query.id(), Reason.PERSON, "cancelled by ann"));
      assertFalse(query.cancel(Reason.CALLER, "again"));
      assertEquals(QueryState.CANCELLING, query.state());
      source.plans.countDown();
      PenstockException e = failure(result);
      assertEquals("cancelled by ann", e.getMessage());
      assertEquals(Category.CANCELLED, e.category());
      assertEquals(QueryState.CANCELLED, last(engine).state());
      assertEquals(Reason.PERSON, query.cause());
      assertSame(e, query.error());
    }
  }

  @Test
  void aCancelledQueryDoesNotBegin() {
    GatedSource source = GatedSource.of(10).plannable();
    try (Engine engine = engine(source)) {
      Query query = engine.queries().begin(QueryOptions.defaults());
      assertTrue(query.cancel(Reason.CALLER, "never mind"));
      Prepared prepared = engine.prepare(ALL);
      PenstockException e =
          assertThrows(PenstockException.class, () -> engine.run(prepared, query));
      assertEquals("never mind", e.getMessage());
      query.finish(null);
    }
  }

  @Test
  void aBlockedSourceIsCancelled() {
    GatedSource source = GatedSource.of(10).plannable();
    try (Engine engine = engine(source);
        Result result = engine.run(ALL)) {
      GatedSource.await(source.reading);
      result.query().cancel(Reason.CLIENT_GONE, "the client hung up");
      PenstockException e = assertThrows(PenstockException.class, result::next);
      assertEquals("the client hung up", e.getMessage());
      result.close();
      assertEquals(QueryState.CANCELLED, result.query().state());
      nothingIsLeft(engine);
    }
  }

  @Test
  @Tag("ample") // it has a cap of its own
  void aQueryInTheQueueIsCancelled() throws Exception {
    GatedSource source = GatedSource.of(10).plannable();
    long least;
    try (Engine engine = engine(source)) {
      least = engine.leastMemoryBytes(engine.prepare(ALL));
    }
    try (Engine engine =
        Engine.create(EngineOptions.defaults().withWorkers(2).withMemoryBytes(least + least / 2))) {
      engine.catalog().add("t", source);
      CountDownLatch queued = new CountDownLatch(1);
      engine
          .queries()
          .addListener(
              (query, state) -> {
                if (state == QueryState.QUEUED) {
                  queued.countDown();
                }
              });
      Result first = engine.run(ALL);
      CompletableFuture<Result> second =
          CompletableFuture.supplyAsync(() -> engine.run(ALL, QueryOptions.defaults()));
      assertTrue(queued.await(30, TimeUnit.SECONDS));
      Query query = engine.queries().running().get(1);
      assertEquals(QueryState.QUEUED, query.state());
      query.cancel(Reason.PERSON, "cancelled by ann");
      assertEquals("cancelled by ann", failure(second).getMessage());
      assertEquals(QueryState.CANCELLED, query.state());
      source.reads.countDown();
      assertEquals(10, first.drain());
      first.close();
      nothingIsLeft(engine);
    }
  }

  @Test
  void aDeadlineStopsIt() {
    GatedSource source = GatedSource.of(10).plannable();
    try (Engine engine = engine(source);
        Result result =
            engine.run(
                engine.prepare(ALL), QueryOptions.defaults().withTimeout(Duration.ofMillis(20)))) {
      PenstockException e = assertThrows(PenstockException.class, result::next);
      assertEquals(
          "the query was stopped at its deadline, after 0.02s; give it a longer timeout",
          e.getMessage());
      assertEquals("timed-out", e.code());
      result.close();
      assertEquals(QueryState.TIMED_OUT, result.query().state());
      nothingIsLeft(engine);
    }
  }

  @Test
  void aDeadlineMovesBothWays() {
    GatedSource source = GatedSource.of(10).plannable();
    QueryLimits limits = QueryLimits.defaults().withMaxTimeout(Duration.ofHours(1));
    try (Engine engine = engine(source, limits);
        Result result = engine.run(ALL)) {
      Query query = result.query();
      Instant most = query.snapshot().begun().plus(Duration.ofHours(1));
      assertEquals(most, query.deadline());
      assertEquals(most, query.setDeadline(null));
      assertEquals(most, query.setDeadline(Instant.MAX));
      Instant sooner = query.snapshot().begun().plus(Duration.ofMinutes(1));
      assertEquals(sooner, query.setDeadline(sooner));
      assertEquals(QueryState.RUNNING, query.state());
      query.setDeadline(query.snapshot().begun().plusMillis(1));
      PenstockException e = assertThrows(PenstockException.class, result::next);
      assertEquals("timed-out", e.code());
    }
  }

  @Test
  void aResultThatNobodyReadsIsGivenUp() throws Exception {
    GatedSource source = GatedSource.of(10).plannable();
    source.reads.countDown();
    QueryLimits limits = QueryLimits.defaults().withIdleTimeout(Duration.ofMillis(30));
    try (Engine engine = engine(source, limits)) {
      CountDownLatch ended = new CountDownLatch(1);
      engine
          .queries()
          .addListener(
              (query, state) -> {
                if (state.isEnded()) {
                  ended.countDown();
                }
              });
      Result result = engine.run(ALL);
      assertTrue(ended.await(30, TimeUnit.SECONDS));
      nothingIsLeft(engine);
      PenstockException e = assertThrows(PenstockException.class, result::next);
      assertEquals(
          "nobody read the result for 0.03s; read it faster, close it, or raise the idle timeout",
          e.getMessage());
      assertEquals(Reason.CLIENT_GONE, last(engine).cause());
    }
  }

  @Test
  void theIdleTimeoutChangesWhileAResultLiesUnread() {
    GatedSource source = GatedSource.of(10).plannable();
    source.reads.countDown();
    try (Engine engine = engine(source)) {
      Result result = engine.run(ALL);
      Query query = result.query();
      assertNull(query.idleTimeout());
      query.setIdleTimeout(Duration.ofHours(1));
      query.setIdleTimeout(Duration.ofMillis(20));
      while (!query.state().isEnded()) {
        Thread.onSpinWait();
      }
      PenstockException e = assertThrows(PenstockException.class, result::next);
      assertEquals(
          "nobody read the result for 0.02s; read it faster, close it, or raise the idle timeout",
          e.getMessage());
      nothingIsLeft(engine);
    }
  }

  @Test
  void progressIsOfWhatWasTakenNotOfWhatWaits() {
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2));
        Result result = engine.run("(group+ [] [[S (sum N)]] (series+ N 1 3000000000))")) {
      Query query = result.query();
      while (query.graph(false).operators().stream().noneMatch(o -> o.progress() > 0.9)) {
        assertFalse(query.state().isEnded());
      }
      double share = query.progress().share();
      assertTrue(share < 0.8, () -> "" + share);
    }
  }

  @Test
  void whatASmallTableBecomesIsNotDoneWhenTheTableIsRead() {
    String pairs = "(join+ :cross (series+ a 1 50000) (series+ b 1 50000))";
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2));
        Result result = engine.run("(group+ [] [[S (max (mod (* a b) 1009))]] " + pairs + ")")) {
      Query query = result.query();
      while (query.graph(false).operators().stream()
          .filter(o -> o.op().equals("series"))
          .anyMatch(o -> o.progress() < 1)) {
        assertFalse(query.state().isEnded());
      }
      double share = query.progress().share();
      assertTrue(share < 0.8, () -> "" + share);
    }
  }

  @Test
  void closingTheEngineIsACause() {
    GatedSource source = GatedSource.of(10).plannable();
    Engine engine = engine(source);
    Result result = engine.run(ALL);
    GatedSource.await(source.reading);
    engine.close();
    PenstockException e = assertThrows(PenstockException.class, result::next);
    assertEquals("the engine was closed while the query ran", e.getMessage());
    assertEquals("shutdown", e.code());
    assertEquals(QueryState.CANCELLED, last(engine).state());
    nothingIsLeft(engine);
    assertEquals(
        "the engine is closed",
        assertThrows(PenstockException.class, () -> engine.run(ALL)).getMessage());
  }

  @Test
  void anErrorIsRemembered() {
    GatedSource source = GatedSource.of(10).plannable();
    try (Engine engine = engine(source)) {
      PenstockException e =
          assertThrows(
              PenstockException.class, () -> engine.run("(tabel+ t)", QueryOptions.defaults()));
      Query query = last(engine);
      assertEquals(QueryState.FAILED, query.state());
      assertSame(e, query.error());
      assertEquals(Reason.ERROR, query.cause());
      assertEquals("(tabel+ t)", query.text());
      assertEquals("", query.plan());
    }
  }

  @Test
  void theHistoryIsBounded() {
    GatedSource source = GatedSource.of(10).plannable();
    source.reads.countDown();
    try (Engine engine = engine(source, QueryLimits.defaults().withHistory(3))) {
      for (int i = 0; i < 5; i++) {
        try (Result result = engine.run(ALL)) {
          assertEquals(10, result.drain());
        }
      }
      assertEquals(
          List.of(5L, 4L, 3L), engine.queries().history().stream().map(Query::id).toList());
      assertNull(engine.queries().find(2));
      assertEquals(4, java.util.Objects.requireNonNull(engine.queries().find(4)).id());
      assertFalse(engine.queries().cancel(4, Reason.PERSON, "too late"));
    }
  }

  @Test
  void theShareNeverFallsAndTheEndComesNearer() {
    ProgressEstimate estimate = new ProgressEstimate();
    assertNull(estimate.next(-1, 1_000_000, 0).left());
    QueryProgress first = estimate.next(0.5, 1_000_000_000, 0);
    assertEquals(Duration.ofSeconds(1), first.left());
    QueryProgress second = estimate.next(0.25, 1_500_000_000, 0);
    assertEquals(0.5, second.share());
    Duration left = java.util.Objects.requireNonNull(second.left());
    assertTrue(left.compareTo(Duration.ofMillis(500)) >= 0, left.toString());
    assertTrue(left.compareTo(Duration.ofMillis(800)) < 0, left.toString());
    assertEquals(0.99, estimate.next(1, 2_000_000_000, 0).share());
  }

  @Test
  void thePriorityIsShown() {
    GatedSource source = GatedSource.of(10).plannable();
    try (Engine engine = engine(source);
        Result result =
            engine.run(engine.prepare(ALL), QueryOptions.defaults().withPriority(Priority.LOW))) {
      assertEquals(Priority.LOW, result.query().priority());
      result.query().setPriority(Priority.HIGH);
      assertEquals(Priority.HIGH, result.query().snapshot().priority());
      source.reads.countDown();
      assertEquals(10, result.drain());
    }
  }

  @Test
  void aQueryThatWasStoppedIsNotComplete() {
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2));
        Result result = engine.run("(group+ [] [[N (count)]] (series+ a 0 1000000000000))")) {
      Query query = result.query();
      assertTrue(query.cancel(Reason.PERSON, "cancelled by ann"));
      assertThrows(PenstockException.class, result::drain);
      while (!query.state().isEnded()) {
        Thread.onSpinWait();
      }
      double share = query.progress().share();
      assertTrue(share < 1, () -> "" + share);
    }
  }
}
