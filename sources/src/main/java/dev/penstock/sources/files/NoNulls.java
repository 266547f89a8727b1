package dev.penstock.sources.files;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Sink;

/** Refuses nulls in columns that have none. */
final class NoNulls implements Sink {
  private final String table;
  private final Schema schema;
  private final Sink sink;
  private long rows;

  NoNulls(String table, Schema schema, Sink sink) {
    this.table = table;
    this.schema = schema;
    this.sink = sink;
  }

  @Override
  public void write(Batch batch) {
    for (int c = 0; c < schema.size(); c++) {
      Column column = batch.column(c);
      if (schema.field(c).nullable() || !column.mayHaveNulls()) {
        continue;
      }
      for (int i = 0; i < batch.count(); i++) {
        if (column.isNull(batch.position(i))) {
          throw PenstockException.incorrect(
              "null-value",
              table
                  + ": column "
                  + schema.field(c).name()
                  + " expects a value in every row, got null in row "
                  + (rows + i + 1)
                  + " of the new rows");
        }
      }
    }
    rows += batch.count();
    sink.write(batch);
  }

  @Override
  public void finish() {
    sink.finish();
  }

  @Override
  public void close() {
    sink.close();
  }
}
