package dev.penstock.nodes.sort;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Merges ranges of sorted runs into batches. A binary heap of runs, ordered by their next rows; equal rows come in the order of the runs. */
final class Merger implements Source.Decoder {
  private final QueryContext query;
  private final List<SortedRun> runs;
  private final SortLayout layout;
  private final int[] at;
  private final int[] heap;
  private int heapSize;
  private int[] to = {};
  private long left;

  Merger(QueryContext query, List<SortedRun> runs, SortLayout layout) {
    this.query = query;
    this.runs = runs;
    this.layout = layout;
    this.at = new int[runs.size()];
    this.heap = new int[runs.size()];
  }

  @Override
  public void begin(Source.Morsel morsel) {
    MergeRange range = (MergeRange) morsel;
    to = range.to();
    left = range.take();
    heapSize = 0;
    for (int r = 0; r < at.length; r++) {
      at[r] = range.from()[r];
      if (at[r] < to[r]) {
        heap[heapSize++] = r;
      }
    }
    for (int i = heapSize / 2 - 1; i >= 0; i--) {
      down(i);
    }
    for (long i = 0; i < range.skip() && heapSize > 0; i++) {
      advance();
    }
  }

  private boolean before(int a, int b) {
    int c = runs.get(a).compare(at[a], runs.get(b), at[b]);
    return c < 0 || (c == 0 && a < b);
  }

  private void down(int start) {
    int i = start;
    int r = heap[i];
    for (; ; ) {
      int child = 2 * i + 1;
      if (child >= heapSize) {
        break;
      }
      if (child + 1 < heapSize && before(heap[child + 1], heap[child])) {
        child++;
      }
      if (!before(heap[child], r)) {
        break;
      }
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = r;
  }

  private void advance() {
    int r = heap[0];
    if (++at[r] == to[r]) {
      heap[0] = heap[--heapSize];
    }
    if (heapSize > 1) {
      down(0);
    }
  }

  @Override
  public @Nullable Batch next() {
    query.token().check();
    int n = (int) Math.min(left, query.batchRows());
    if (n == 0 || heapSize == 0) {
      return null;
    }
    if (heapSize == 1) {
      SortedRun run = runs.get(heap[0]);
      int r = heap[0];
      n = Math.min(n, to[r] - at[r]);
      int[] ids = java.util.Arrays.copyOfRange(run.ids, at[r], at[r] + n);
      at[r] += n;
      if (at[r] == to[r]) {
        heapSize = 0;
      }
      left -= n;
      return run.store.gather(layout.output, ids, n);
    }
    int[] fromRun = new int[n];
    int[] ids = new int[n];
    int m = 0;
    while (m < n && heapSize > 0) {
      int r = heap[0];
      fromRun[m] = r;
      ids[m++] = runs.get(r).ids[at[r]];
      advance();
    }
    left -= m;
    return gather(fromRun, ids, m);
  }

  /** Rows of several stores, put together in the merged order. */
  private Batch gather(int[] fromRun, int[] ids, int n) {
    int[] counts = new int[runs.size() + 1];
    for (int i = 0; i < n; i++) {
      counts[fromRun[i] + 1]++;
    }
    for (int r = 0; r < runs.size(); r++) {
      counts[r + 1] += counts[r];
    }
    int[] start = counts.clone();
    int[] byRun = new int[n];
    int[] place = new int[n];
    for (int i = 0; i < n; i++) {
      int at = start[fromRun[i]]++;
      byRun[at] = ids[i];
      place[i] = at;
    }
    Column[] out = new Column[layout.output.length];
    int runsHere = 0;
    for (int r = 0; r < runs.size(); r++) {
      runsHere += counts[r + 1] > counts[r] ? 1 : 0;
    }
    int[][] parts = new int[runsHere][];
    SortedRun[] partRuns = new SortedRun[runsHere];
    int p = 0;
    for (int r = 0; r < runs.size(); r++) {
      if (counts[r + 1] > counts[r]) {
        parts[p] = java.util.Arrays.copyOfRange(byRun, counts[r], counts[r + 1]);
        partRuns[p++] = runs.get(r);
      }
    }
    for (int c = 0; c < out.length; c++) {
      Column[] columns = new Column[runsHere];
      for (int i = 0; i < runsHere; i++) {
        columns[i] = partRuns[i].store.gather(c, parts[i], parts[i].length);
      }
      out[c] = Concat.of(layout.types[c], columns).gather(place, n);
    }
    return Batch.of(n, out);
  }

  @Override
  public void close() {}
}
