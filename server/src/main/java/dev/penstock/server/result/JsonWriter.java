package dev.penstock.server.result;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.penstock.batch.Batch;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.server.Problem;
import dev.penstock.sources.json.JsonLinesSink;
import dev.penstock.sources.text.ByteOutput;
import java.io.OutputStream;

/**
 * One JSON document.
 *
 * <pre>
 * {"query": 7, "columns": [{"name": "A", "type": "int64", "nullable": true}],
 * "rows": [
 * {"A":1},
 * {"A":2}
 * ], "count": 2}
 * </pre>
 *
 * <p>A result that fails has {@code "error"} in place of {@code "count"}.
 */
final class JsonWriter implements RowWriter {
  private final ByteOutput out;
  private final JsonLinesSink rows;

  JsonWriter(OutputStream stream, long query, Schema schema) {
    this.out = ByteOutput.to(stream);
    this.rows = JsonLinesSink.to(out, schema, true);
    out.putText("{\"query\":" + query + ",\"columns\":" + columns(schema) + ",\n\"rows\":");
  }

  /** The columns of a schema as clients get them. */
  static ArrayNode columns(Schema schema) {
    ArrayNode out = JsonNodeFactory.instance.arrayNode();
    for (Field f : schema.fields()) {
      out.addObject()
          .put("name", f.name())
          .put("type", f.type().toString())
          .put("nullable", f.nullable());
    }
    return out;
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
    rows.finishRows();
    out.putAscii(",\"count\":" + count + "}\n");
    out.flush();
  }

  @Override
  public void fail(Problem problem) {
    rows.finishRows();
    out.putText(",\"error\":" + problem.node() + "}\n");
    out.flush();
  }
}
