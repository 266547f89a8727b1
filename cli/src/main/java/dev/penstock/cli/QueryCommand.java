package dev.penstock.cli;

import dev.penstock.batch.Batch;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Prepared;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;

/** Runs one plan and writes its rows: everything else goes to standard error. */
final class QueryCommand {
  /** A reader of the output sees rows of a slow query at least so often. */
  private static final long FLUSH_NANOS = 250_000_000;

  private QueryCommand() {}

  /** The exit code. */
  static int run(Streams streams, String text, String name, EngineFlags flags, OutputFlags output) {
    OutputFlags.Format format = output.format(streams);
    try (Engine engine = flags.open()) {
      Prepared prepared = engine.prepare(text, name);
      try (Interrupts interrupts = new Interrupts(streams.err(), output.out() != null)) {
        try (Result result = engine.run(prepared)) {
          interrupts.cancels(result);
          return write(streams, engine, result, format, output);
        } catch (PenstockException e) {
          if (interrupts.happened()) {
            // its one line was printed by the interrupt
            return ExitCode.CANCELLED;
          }
          throw e;
        }
      }
    }
  }

  /** Writes a result as it comes; the exit code. */
  static int write(
      Streams streams,
      Engine engine,
      Result result,
      OutputFlags.Format format,
      OutputFlags output) {
    try (Progress progress = Progress.start(result, streams);
        Output sink =
            Output.open(format, output.out(), streams, result.schema(), engine.budget())) {
      long flushed = System.nanoTime();
      for (Batch batch = result.next(); batch != null; batch = result.next()) {
        sink.write(batch);
        long now = System.nanoTime();
        if (now - flushed > FLUSH_NANOS) {
          flushed = now;
          sink.flush();
        }
      }
      progress.close();
      sink.finish();
      return ExitCode.DONE;
    } catch (PenstockException e) {
      if (Output.isClosedPipe(e)) {
        // whoever read the output has enough: not an error
        result.token().cancel(CancellationToken.Reason.CLIENT_GONE, "the output was closed");
        return ExitCode.DONE;
      }
      throw e;
    }
  }
}
