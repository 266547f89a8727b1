package dev.penstock.nodes.window;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.spill.Workspace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the rows of a hash partition, or takes sorted ones from disk, then walks over them in
 * blocks of a batch: frames first, then the functions.
 */
final class WindowDecoder implements Source.Decoder {
  /** What the texts of a batch have, about. */
  private static final long TEXT_BYTES = 1 << 18;

  private final QueryContext query;
  private final WindowLayout layout;
  private final Workspace workspace;
  private final Workspace listing;
  private final Supplier<Source.@Nullable Decoder> sorted;
  private final Reservation memory;
  private @Nullable SpilledWindow spilled;
  private final List<FrameRows> frames = new ArrayList<>();
  private final List<Evaluator> evaluators = new ArrayList<>();
  private @Nullable SortedRows rows;
  private @Nullable Block block;

  /** Whether functions make texts, which may be long. */
  private final boolean texts;

  /** Rows of a block: less than a batch where texts are long. */
  private int mostRows;

  /**
   * @param workspace where partitions are evaluated
   * @param listing for values of one frame; the same one where there are no such
   * @param sorted asked with the first morsel: the decoder of sorted rows on disk, null when hash
   *     partitions are in memory
   */
  WindowDecoder(
      QueryContext query,
      WindowLayout layout,
      Workspace workspace,
      Workspace listing,
      Supplier<Source.@Nullable Decoder> sorted) {
    this.query = workspace.query();
    this.listing = listing;
    this.layout = layout;
    this.workspace = workspace;
    this.sorted = sorted;
    this.memory = workspace.query().budget().open("window");
    this.texts = layout.functions.stream().anyMatch(Evaluator::makesTexts);
    this.mostRows = texts ? 1 : query.batchRows();
  }

  @Override
  public void begin(Source.Morsel morsel) {
    if (morsel instanceof Window.Partition partition) {
      evaluate(HeldRows.of(partition.stores(), layout, memory, query.token()));
      return;
    }
    SpilledWindow from = spilled;
    if (from == null) {
      Source.Decoder decoder = java.util.Objects.requireNonNull(sorted.get());
      from = new SpilledWindow(layout, decoder, workspace, memory, query.batchRows());
      spilled = from;
    }
    from.begin(morsel);
    nextChunk();
  }

  /** Goes on with the next partitions from disk; false when there are none. */
  private boolean nextChunk() {
    SortedRows chunk = spilled == null ? null : spilled.next();
    if (chunk == null) {
      return false;
    }
    evaluate(chunk);
    return true;
  }

  private void evaluate(SortedRows sorted) {
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
              listing,
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
    for (; ; ) {
      query.token().check();
      SortedRows sorted = rows;
      Block b = block;
      if (sorted == null || b == null) {
        return null;
      }
      if (b.advance(mostRows)) {
        return evaluate(sorted, b);
      }
      end();
      if (!nextChunk()) {
        return null;
      }
    }
  }

  private Batch evaluate(SortedRows sorted, Block b) {
    for (FrameRows frame : frames) {
      frame.compute(b);
    }
    int width = layout.output.length;
    int n = b.count;
    Column[] out = new Column[width + evaluators.size()];
    sorted.read(width, b.from, n, out);
    for (int f = 0; f < evaluators.size(); f++) {
      out[width + f] = evaluators.get(f).evaluate(b);
    }
    if (texts) {
      adapt(out, n);
    }
    return Batch.of(n, out);
  }

  /** The next block has about as many rows as make a batch of a good size. */
  private void adapt(Column[] out, int n) {
    long bytes = 1;
    for (int c = layout.output.length; c < out.length; c++) {
      bytes += out[c].sizeBytes();
    }
    long rows = Math.min(2L * mostRows, Math.max(1, TEXT_BYTES * n / bytes));
    mostRows = (int) Math.min(rows, query.batchRows());
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
    memory.close();
  }
}
