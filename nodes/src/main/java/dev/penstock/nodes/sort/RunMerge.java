package dev.penstock.nodes.sort;

import java.util.List;

/**
 * Merges sorted runs, whose rows lie in one store, into ids of that store. A tournament tree: each
 * inner node holds the loser of the game there, so that the next winner costs one game a level;
 * equal rows come in the order of the runs.
 *
 * <pre>
 *            losers[1]            winner: the run of the next row
 *       losers[2]   losers[3]
 *      run 0  run 1  run 2  run 3
 * </pre>
 *
 * <p>Used by one thread at a time.
 */
public final class RunMerge {
  private final SortedRun[] runs;
  private final long[][] prefixes;
  private final int[][] ids;
  private final int[] bases;
  private final int[] at;

  /** The first prefix of the next row of each run; all ones at its end. */
  private final long[] heads;

  private final int[] losers;
  private int[] to;
  private int winner;
  private int open;

  /** Runs that were joined, at least one; begins with all of their rows. */
  public RunMerge(List<SortedRun> joined) {
    runs = joined.toArray(new SortedRun[0]);
    int k = runs.length;
    prefixes = new long[k][];
    ids = new int[k][];
    bases = new int[k];
    int[] ends = new int[k];
    for (int r = 0; r < k; r++) {
      prefixes[r] = runs[r].prefixes;
      ids[r] = runs[r].ids;
      bases[r] = runs[r].base();
      ends[r] = runs[r].rows;
    }
    at = new int[k];
    heads = new long[k];
    losers = new int[k];
    to = ends;
    begin(new int[k], ends);
  }

  /** Begins with a range of each run. The second array is kept. */
  void begin(int[] from, int[] end) {
    to = end;
    open = 0;
    for (int r = 0; r < runs.length; r++) {
      at[r] = from[r];
      boolean has = at[r] < to[r];
      open += has ? 1 : 0;
      heads[r] = has ? prefixes[r][at[r]] : -1L;
    }
    winner = play(1);
  }

  /** Leaves out the next rows. */
  void skip(long rows) {
    for (long i = 0; i < rows && open > 0; i++) {
      advance();
    }
  }

  /** Writes the ids of the next rows, at most so many, and returns how many; 0 at the end. */
  public int take(int[] out, int most) {
    int m = 0;
    while (m < most && open > 1) {
      int r = winner;
      out[m++] = ids[r][at[r]] + bases[r];
      advance();
    }
    return m < most && open == 1 ? rest(out, m, most) : m;
  }

  /** Only the winner has rows left. */
  private int rest(int[] out, int filled, int most) {
    int r = winner;
    int[] from = ids[r];
    int base = bases[r];
    int n = Math.min(most - filled, to[r] - at[r]);
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
}
