package dev.penstock.server.result;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Schema;
import dev.penstock.server.Problem;
import dev.penstock.server.arrow.ArrowStream;
import dev.penstock.sources.text.ByteOutput;
import java.io.OutputStream;

/** The stream of Arrow IPC; one that failed has no end mark. */
final class ArrowWriter implements RowWriter {
  private final ByteOutput out;
  private final ArrowStream rows;

  ArrowWriter(OutputStream stream, Schema schema) {
    this.out = ByteOutput.to(stream);
    this.rows = new ArrowStream(out, schema);
  }

  @Override
  public void write(Batch batch) {
    rows.write(batch);
  }

  @Override
  public void flush() {
    out.flush();
  }

  @Override
  public void end(long count) {
    rows.end();
    out.flush();
  }

  @Override
  public void fail(Problem problem) {
    out.flush();
  }
}
