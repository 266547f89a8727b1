package dev.penstock.cli;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Sink;
import dev.penstock.sources.csv.CsvSink;
import dev.penstock.sources.json.JsonLinesSink;
import dev.penstock.sources.parquet.ParquetSink;
import dev.penstock.sources.text.ByteOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a query on their way out: a format, and a file or the standard output.
 *
 * <p>A file has another name until it is complete. What is no ordinary file (a device, a named
 * pipe) is written as it is: to rename a file to its name would destroy it.
 */
final class Output implements AutoCloseable {
  private static final int FILE_COLUMNS = 10_000;

  private final Sink sink;
  private final @Nullable OutputStream device;

  private Output(Sink sink, @Nullable OutputStream device) {
    this.sink = sink;
    this.device = device;
  }

  static Output open(
      OutputFlags.Format format,
      @Nullable Path file,
      Streams streams,
      Schema schema,
      Budget budget) {
    if (file == null) {
      return new Output(to(streams.out(), format, schema, streams.columns()), null);
    }
    if (Files.isDirectory(file)) {
      throw PenstockException.incorrect(
          "output-folder", file + ": a folder; expected the name of a file");
    }
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        if (format == OutputFlags.Format.PARQUET) {
          throw PenstockException.incorrect(
              "output-device", file + ": not an ordinary file, which parquet needs");
        }
        OutputStream device = Files.newOutputStream(file);
        return new Output(to(device, format, schema, FILE_COLUMNS), device);
      }
      // through links: the file is replaced, not the link
      return new Output(
          toFile(Files.exists(file) ? file.toRealPath() : file, format, schema, budget), null);
    } catch (IOException e) {
      throw PenstockException.io("unwritable", file + ": cannot be written: " + e.getMessage(), e);
    }
  }

  private static Sink to(OutputStream out, OutputFlags.Format format, Schema schema, int columns) {
    return switch (format) {
      case TABLE -> new TableSink(schema, ByteOutput.to(out), columns);
      case CSV -> CsvSink.to(out, schema);
      case JSON -> JsonLinesSink.to(out, schema);
      case PARQUET -> throw new IllegalArgumentException("parquet needs a file");
    };
  }

  private static Sink toFile(Path file, OutputFlags.Format format, Schema schema, Budget budget) {
    return switch (format) {
      case TABLE -> new TableSink(schema, ByteOutput.to(file), FILE_COLUMNS);
      case CSV -> CsvSink.to(file, schema);
      case JSON -> JsonLinesSink.to(file, schema);
      case PARQUET -> ParquetSink.create(file, schema, budget);
    };
  }

  void write(Batch batch) {
    sink.write(batch);
  }

  /** Hands on what was written so far, where rows can be read before the end. */
  void flush() {
    if (sink instanceof CsvSink csv) {
      csv.flush();
    } else if (sink instanceof JsonLinesSink json) {
      json.flush();
    }
  }

  /** Completes the output; a file has its name from here on. */
  void finish() {
    sink.finish();
  }

  @Override
  public void close() {
    try (OutputStream last = device) {
      sink.close();
    } catch (IOException e) {
      throw PenstockException.io("unwritable", "the output cannot be closed: " + e.getMessage(), e);
    }
  }

  /** Whether an error says that whoever read the output is gone. */
  static boolean isClosedPipe(PenstockException e) {
    if (e.code().equals("output-gone")) {
      return true;
    }
    for (Throwable t = e; t != null; t = t.getCause()) {
      String message = t.getMessage();
      if (t instanceof IOException
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
