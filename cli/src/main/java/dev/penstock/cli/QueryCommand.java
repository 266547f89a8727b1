package dev.penstock.cli;

import dev.penstock.batch.Batch;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Prepared;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Sink;
import dev.penstock.sources.csv.CsvSink;
import dev.penstock.sources.json.JsonLinesSink;
import dev.penstock.sources.parquet.ParquetSink;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Runs one plan and writes its rows: everything else goes to standard error. */
final class QueryCommand {
  private QueryCommand() {}

  /** The exit code. */
  static int run(String text, String name, EngineFlags flags, OutputFlags output) {
    OutputFlags.Format format = output.format();
    if (format == OutputFlags.Format.PARQUET && output.out == null) {
      System.err.println("penstock: --format parquet needs --out FILE; see penstock --help");
      return ExitCode.USAGE;
    }
    try (Engine engine = flags.open()) {
      Prepared prepared = engine.prepare(text, name);
      try (Interrupts interrupts = new Interrupts();
          Result result = engine.run(prepared)) {
        interrupts.cancels(result);
        return write(engine, result, format, output);
      }
    }
  }

  private static int write(
      Engine engine, Result result, OutputFlags.Format format, OutputFlags output) {
    OutputStream stdout = new FileOutputStream(FileDescriptor.out);
    Progress progress = Progress.start(result);
    try (Sink sink = sink(engine, result, format, output, stdout)) {
      for (Batch batch = result.next(); batch != null; batch = result.next()) {
        progress.rows(batch.count());
        sink.write(batch);
      }
      progress.close();
      sink.finish();
      return ExitCode.DONE;
    } catch (PenstockException e) {
      if (output.out == null && isClosedPipe(e)) {
        // Whoever read the output has enough: not an error.
        result.token().cancel(CancellationToken.Reason.CLIENT_GONE, "the output was closed");
        return ExitCode.DONE;
      }
      throw e;
    } finally {
      progress.close();
    }
  }

  private static Sink sink(
      Engine engine,
      Result result,
      OutputFlags.Format format,
      OutputFlags output,
      OutputStream stdout) {
    var schema = result.schema();
    var file = output.out;
    return switch (format) {
      case TABLE -> file == null ? TableSink.toTerminal(schema) : TableSink.to(file, schema);
      case CSV -> file == null ? CsvSink.to(stdout, schema) : CsvSink.to(file, schema);
      case JSON -> file == null ? JsonLinesSink.to(stdout, schema) : JsonLinesSink.to(file, schema);
      case PARQUET ->
          ParquetSink.create(java.util.Objects.requireNonNull(file), schema, engine.budget());
    };
  }

  private static boolean isClosedPipe(@Nullable Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      String message = t.getMessage();
      if (t instanceof java.io.IOException
          && message != null
          && (message.contains("Broken pipe")
              || message.contains("pipe is being closed")
              || message.contains("pipe has been ended"))) {
        return true;
      }
    }
    return false;
  }
}
