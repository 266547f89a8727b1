package dev.penstock.server.result;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sources.parquet.ParquetSink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A result as a Parquet file, whose footer is at its end and counts what stands before: it is
 * written to disk first, and sent when it is complete. So an error always has a status.
 */
final class ParquetSpool implements AutoCloseable {
  private final Path folder;
  private final Path file;

  private ParquetSpool(Path folder) {
    this.folder = folder;
    this.file = folder.resolve("result.parquet");
  }

  /**
   * Reads a result to its end. Blocks.
   *
   * @param directory for the file
   * @param budget of what the writer holds
   */
  static ParquetSpool of(Result result, Path directory, Budget budget, RowLimit limit) {
    ParquetSpool spool = new ParquetSpool(folder(directory));
    try {
      Schema schema =
          new Schema(
              result.schema().fields().stream()
                  .map(f -> new Field(f.name(), f.type(), true))
                  .toList());
      try (ParquetSink sink =
          ParquetSink.create(
              spool.file, schema, ParquetSink.Compression.SNAPPY, ParquetSink.GROUP_ROWS, budget)) {
        for (Batch batch = result.next(); batch != null; batch = result.next()) {
          limit.count(batch.count());
          sink.write(batch);
        }
        sink.finish();
      }
      return spool;
    } catch (RuntimeException | Error e) {
      spool.close();
      throw e;
    }
  }

  private static Path folder(Path directory) {
    try {
      Files.createDirectories(directory);
      return Files.createTempDirectory(directory, "penstock-result-");
    } catch (IOException e) {
      throw PenstockException.io("unwritable", "the result cannot be written to disk: " + e, e);
    }
  }

  long sizeBytes() {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw PenstockException.io("unreadable", "the result cannot be read from disk: " + e, e);
    }
  }

  void copyTo(OutputStream out) throws IOException {
    Files.copy(file, out);
    out.flush();
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw PenstockException.io("unwritable", "the result cannot be removed from disk: " + e, e);
    }
  }
}
