package dev.penstock.nodes.sort;

import dev.penstock.batch.Batch;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.rows.RowStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Merges ranges of sorted runs, whose rows lie in one store, into batches. A tournament tree of
 * runs: each inner node holds the loser of the game there, so that the next winner costs one game a
 * level; equal rows come in the order of the runs.
 *
 * <pre>
 *            losers[1]            winner: the run of the next row
 *       losers[2]   losers[3]
 *      run 0  run 1  run 2  run 3
 * </pre>
 */
final class Merger implements Source.Decoder {
  private final QueryContext query;
  private final SortLayout layout;
  private final List<SortedRun> sorted;
  private SortedRun[] runs = {};
  private long[][] prefixes = {};
  private int[][] ids = {};
  private int[] bases = {};
  private @Nullable RowStore store;
  private int[] at = {};

  /** The first prefix of the next row of each run; all ones at its end. */
  private long[] heads = {};

  private int[] losers = {};
  private int[] to = {};
  private int winner;
  private int open;
  private long left;

  /**
   * @param runs read when the first range begins: they may not be complete before
   */
  Merger(QueryContext query, List<SortedRun> runs, SortLayout layout) {
    this.query = query;
    this.layout = layout;
    this.sorted = runs;
  }

  private void open() {
    runs = sorted.toArray(new SortedRun[0]);
    store = runs[0].store();
    int k = runs.length;
    prefixes = new long[k][];
    ids = new int[k][];
    bases = new int[k];
    for (int r = 0; r < k; r++) {
      prefixes[r] = runs[r].prefixes;
      ids[r] = runs[r].ids;
      bases[r] = runs[r].base();
    }
    at = new int[k];
    heads = new long[k];
    losers = new int[k];
  }

  @Override
  public void begin(Source.Morsel morsel) {
    MergeRange range = (MergeRange) morsel;
    if (store == null) {
      open();
    }
    to = range.to();
    left = range.take();
    open = 0;
    for (int r = 0; r < runs.length; r++) {
      at[r] = range.from()[r];
      boolean has = at[r] < to[r];
      open += has ? 1 : 0;
      heads[r] = has ? prefixes[r][at[r]] : -1L;
    }
    winner = play(1);
    for (long i = 0; i < range.skip() && open > 0; i++) {
      advance();
    }
  }

  /** Plays all games below a node; its winner. */
  private int play(int node) {
    if (node >= runs.length) {
      return node - runs.length;
    }
    int a = play(2 * node);
    int b = play(2 * node + 1);
    boolean first = before(a, b);
    losers[node] = first ? b : a;
    return first ? a : b;
  }

  private boolean before(int a, int b) {
    long x = heads[a];
    long y = heads[b];
    return x != y ? x + Long.MIN_VALUE < y + Long.MIN_VALUE : beforeEqual(a, b);
  }

  private boolean beforeEqual(int a, int b) {
    if (at[a] == to[a] || at[b] == to[b]) {
      return at[b] == to[b] && (at[a] < to[a] || a < b);
    }
    int c = runs[a].compareEqual(at[a], runs[b], at[b]);
    return c < 0 || (c == 0 && a < b);
  }

  private void advance() {
    int r = winner;
    int next = ++at[r];
    if (next < to[r]) {
      heads[r] = prefixes[r][next];
    } else {
      heads[r] = -1L;
      open--;
    }
    for (int node = (r + runs.length) >>> 1; node > 0; node >>>= 1) {
      int loser = losers[node];
      if (before(loser, r)) {
        losers[node] = r;
        r = loser;
      }
    }
    winner = r;
  }

  @Override
  public @Nullable Batch next() {
    query.token().check();
    int n = (int) Math.min(left, query.batchRows());
    if (n == 0 || open == 0 || store == null) {
      return null;
    }
    int[] out = new int[n];
    int m = 0;
    while (m < n && open > 1) {
      int r = winner;
      out[m++] = ids[r][at[r]] + bases[r];
      advance();
    }
    if (m < n && open == 1) {
      m = rest(out, m);
    }
    left -= m;
    return store.gather(layout.output, out, m);
  }

  /** Only the winner has rows left. */
  private int rest(int[] out, int filled) {
    int r = winner;
    int[] from = ids[r];
    int base = bases[r];
    int n = Math.min(out.length - filled, to[r] - at[r]);
    int start = at[r];
    for (int i = 0; i < n; i++) {
      out[filled + i] = from[start + i] + base;
    }
    at[r] += n;
    if (at[r] == to[r]) {
      open = 0;
    } else {
      heads[r] = prefixes[r][at[r]];
    }
    return filled + n;
  }

  @Override
  public void close() {}
}
