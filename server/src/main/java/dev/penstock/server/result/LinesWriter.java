package dev.penstock.server.result;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Schema;
import dev.penstock.server.Problem;
import dev.penstock.sources.json.JsonLinesSink;
import dev.penstock.sources.text.ByteOutput;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A JSON object for each row, one a line; when it fails, the last line is {@code {"error": ..}}.
 */
final class LinesWriter implements RowWriter {
  private final ByteOutput out;
  private final JsonLinesSink rows;

  LinesWriter(OutputStream stream, Schema schema) {
    this.out = ByteOutput.to(stream);
    this.rows = JsonLinesSink.to(out, schema, false);
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
    rows.finish();
  }

  @Override
  public void fail(Problem problem) {
    out.putText(new String(problem.body(), StandardCharsets.UTF_8));
    out.flush();
  }
}
