package dev.penstock.server.result;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Schema;
import dev.penstock.server.Problem;
import dev.penstock.sources.csv.CsvSink;
import java.io.OutputStream;

/** A header line and a line for each row; a failure has no place in CSV. */
final class CsvWriter implements RowWriter {
  private final CsvSink rows;

  CsvWriter(OutputStream stream, Schema schema) {
    this.rows = CsvSink.to(stream, schema);
  }

  @Override
  public void write(Batch batch) {
    rows.write(batch);
  }

  @Override
  public void flush() {
    rows.flush();
  }

  @Override
  public void end(long count) {
    rows.finish();
  }

  @Override
  public void fail(Problem problem) {
    rows.flush();
  }
}
