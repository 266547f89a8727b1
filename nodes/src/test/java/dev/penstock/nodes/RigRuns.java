package dev.penstock.nodes;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.spill.Relief;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs of a harness, each with a budget of its own: after it nothing is held, in memory or on disk.
 */
final class RigRuns {
  private final NodeHarness.RigFactory factory;
  private final int batchRows;
  private final DataType @Nullable [] types;
  private final Function<List<@Nullable Object>, List<@Nullable Object>> view;
  private final @Nullable Path spillTo;

  RigRuns(
      NodeHarness.RigFactory factory,
      int batchRows,
      DataType @Nullable [] types,
      Function<List<@Nullable Object>, List<@Nullable Object>> view,
      @Nullable Path spillTo) {
    this.factory = factory;
    this.batchRows = batchRows;
    this.types = types;
    this.view = view;
    this.spillTo = spillTo;
  }

  /** One run with a place to spill to. */
  SpillRun spilling(
      List<List<Batch>> batches,
      int lanes,
      long laneCap,
      long cancelBefore,
      boolean threads,
      int refuseEvery) {
    return new SpillRun(batches, lanes, laneCap, cancelBefore, threads, refuseEvery);
  }

  /** What such a run gave. */
  final class SpillRun {
    @Nullable PenstockException failure;
    List<List<@Nullable Object>> rows = List.of();
    long calls;
    long writtenBytes;

    private SpillRun(
        List<List<Batch>> batches,
        int lanes,
        long laneCap,
        long cancelBefore,
        boolean threads,
        int refuseEvery) {
      Path directory;
      try {
        directory = Files.createTempDirectory("penstock-harness");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      try (DirectorySpill spill = new DirectorySpill(directory, 1L << 40)) {
        Budget budget = Budget.root("harness", laneCap * lanes);
        CancellationToken token = new CancellationToken();
        QueryContext query =
            new QueryContext(token, budget, batchRows, spill, new Relief(refuseEvery), lanes);
        HarnessRun run = null;
        try {
          run =
              new HarnessRun(
                  factory.create(query, lanes), token, lanes, false, cancelBefore, threads);
          List<Batch> out = run.run(batches);
          out.forEach(b -> HarnessRun.inspect(b, types));
          rows = TestBatches.rows(out).stream().map(view).toList();
        } catch (PenstockException e) {
          failure = e;
        } finally {
          if (run != null) {
            run.close();
            calls = run.calls();
          }
        }
        empty(budget, failure == null ? "finished" : "failed with " + failure.getMessage());
        if (spill.heldBytes() != 0) {
          throw new AssertionError(
              spill.heldBytes() + " bytes are still on disk after close", failure);
        }
        writtenBytes = spill.writtenRawBytes();
      }
      try {
        Files.delete(directory);
      } catch (IOException e) {
        throw new UncheckedIOException("files are left in the spill directory", e);
      }
    }
  }

  /** What a run gave. */
  final class Outcome {
    List<Batch> batches = List.of();
    @Nullable RuntimeException failure;
    long calls;
    long peakBytes;
    long spilledBytes;

    List<List<@Nullable Object>> rows() {
      batches.forEach(b -> HarnessRun.inspect(b, types));
      return TestBatches.rows(batches).stream().map(view).toList();
    }
  }

  /** One run. */
  Outcome once(
      List<List<Batch>> batches,
      int lanes,
      boolean refusing,
      long cancelBefore,
      long cap,
      boolean threads) {
    Budget budget = Budget.root("harness", cap);
    CancellationToken token = new CancellationToken();
    Outcome outcome = new Outcome();
    HarnessRun run = null;
    DirectorySpill spill = spillTo == null ? null : new DirectorySpill(spillTo, Long.MAX_VALUE);
    try {
      Rig rig =
          factory.create(
              new QueryContext(token, budget, batchRows, spill, new Relief(), lanes), lanes);
      run = new HarnessRun(rig, token, lanes, refusing, cancelBefore, threads);
      outcome.batches = run.run(batches);
    } catch (PenstockException e) {
      outcome.failure = e;
    } finally {
      if (run != null) {
        run.close();
        outcome.calls = run.calls();
      }
    }
    outcome.peakBytes = budget.peakBytes();
    if (spill != null) {
      outcome.spilledBytes = spill.writtenBytes();
      if (spill.heldBytes() != 0) {
        throw new AssertionError(spill.heldBytes() + " bytes are still on disk after close");
      }
      spill.close();
    }
    empty(
        budget,
        outcome.failure == null ? "finished" : "failed with " + outcome.failure.getMessage());
    return outcome;
  }

  static void empty(Budget budget, String how) {
    if (budget.usedBytes() != 0) {
      throw new AssertionError(
          how + ": " + budget.usedBytes() + " bytes are still reserved after close");
    }
  }
}
