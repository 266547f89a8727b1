package dev.penstock.nodes.window;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.rows.RowStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the rows of a hash partition, then walks over them in blocks of a batch: frames first, then
 * the functions.
 */
final class WindowDecoder implements Source.Decoder {
  private final QueryContext query;
  private final WindowLayout layout;
  private final Reservation memory;
  private final List<FrameRows> frames = new ArrayList<>();
  private final List<Evaluator> evaluators = new ArrayList<>();
  private @Nullable SortedRows rows;
  private @Nullable Block block;

  WindowDecoder(QueryContext query, WindowLayout layout, Reservation memory) {
    this.query = query;
    this.layout = layout;
    this.memory = memory;
  }

  @Override
  public void begin(Source.Morsel morsel) {
    List<RowStore> stores = ((Window.Partition) morsel).stores();
    SortedRows sorted = SortedRows.of(stores, layout, memory, query.token());
    rows = sorted;
    block = new Block(sorted, query.batchRows());
    Map<Frame, FrameRows> byFrame = new HashMap<>();
    for (int f = 0; f < layout.functions.size(); f++) {
      Frame frame = layout.functions.get(f).frame();
      if (frame == null) {
        frame = layout.order.length == 0 ? Frame.WHOLE_PARTITION : Frame.TO_CURRENT_PEERS;
      }
      FrameRows range = byFrame.get(frame);
      if (range == null) {
        range = new FrameRows(frame, sorted, layout, query.batchRows());
        byFrame.put(frame, range);
      }
      evaluators.add(
          Evaluator.of(
              query,
              layout.functions.get(f),
              layout.arguments.get(f),
              sorted,
              range,
              frame.exclude()));
    }
    frames.addAll(byFrame.values());
  }

  @Override
  public @Nullable Batch next() {
    query.token().check();
    SortedRows sorted = rows;
    Block b = block;
    if (sorted == null || b == null) {
      return null;
    }
    if (!b.advance()) {
      end();
      return null;
    }
    for (FrameRows frame : frames) {
      frame.compute(b);
    }
    int width = layout.output.length;
    int n = b.count;
    Column[] out = new Column[width + evaluators.size()];
    int[] ids = sorted.ids(b.from, n);
    for (int c = 0; c < width; c++) {
      out[c] = sorted.store.gather(c, ids, n);
    }
    for (int f = 0; f < evaluators.size(); f++) {
      out[width + f] = evaluators.get(f).evaluate(b);
    }
    return Batch.of(n, out);
  }

  private void end() {
    evaluators.forEach(Evaluator::close);
    evaluators.clear();
    frames.clear();
    block = null;
    SortedRows sorted = rows;
    rows = null;
    if (sorted != null) {
      sorted.close();
    }
  }

  @Override
  public void close() {
    end();
  }
}
