package dev.penstock.compiler.queries;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.sources.memory.BatchSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The numbers 0, 1, ... in column n: planning and reading stop at gates until these are opened. */
final class GatedSource implements Source {
  final CountDownLatch planning = new CountDownLatch(1);
  final CountDownLatch plans = new CountDownLatch(1);
  final CountDownLatch reading = new CountDownLatch(1);
  final CountDownLatch reads = new CountDownLatch(1);
  private final BatchSource rows;

  private GatedSource(BatchSource rows) {
    this.rows = rows;
  }

  /** All gates are closed. */
  static GatedSource of(int rows) {
    List<List<@Nullable Object>> all = new ArrayList<>();
    for (long i = 0; i < rows; i++) {
      all.add(List.of(i));
    }
    Schema schema = new Schema(List.of(new Field("n", DataType.INT64, false)));
    return new GatedSource(BatchSource.ofRows(schema, all));
  }

  /** Only reading stops. */
  GatedSource plannable() {
    plans.countDown();
    return this;
  }

  static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public Schema schema() {
    planning.countDown();
    await(plans);
    return rows.schema();
  }

  @Override
  public Scan open(Request request, QueryContext query) {
    Scan scan = rows.open(request, query);
    return new Scan() {
      @Override
      public @Nullable Morsel next() {
        reading.countDown();
        await(reads);
        return scan.next();
      }

      @Override
      public Decoder decoder() {
        return scan.decoder();
      }

      @Override
      public double progress() {
        return scan.progress();
      }

      @Override
      public void close() {
        reads.countDown();
        scan.close();
      }
    };
  }
}
