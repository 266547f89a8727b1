package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.rows.RowStore;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The probe side of a hash join, of one lane. For each batch: the words of all keys, the heads of
 * all chains, and then pairs in pieces of at most a batch: keys compared column by column where
 * words are hashes, then the residual, then payload gathered by row id.
 *
 * <p>A probe batch is read once and kept until all its pairs are given, so a row with a million
 * matches takes many calls. If no key of the build side has two rows and most probe rows match,
 * their columns are handed on behind a selection, without a copy.
 */
public final class HashJoinProbe extends ProbeStep {
  private static final int MASK = RowStore.SEGMENT_ROWS - 1;

  private enum Phase {
    /** Each row has at most one candidate, and nothing is left to test: one output. */
    AT_ONCE,
    /** Pairs, row by row. */
    PAIRS,
    /** Only whether a row has a match is asked: some candidates of every open row, in rounds. */
    ROUNDS,
    /** Rows without a match, against rows with null keys. */
    NULLS,
    CONCLUDE,
    END
  }

  private final boolean exactWords;
  private Phase phase = Phase.END;
  private Column[] keys = {};
  private int[] at = {};
  private int[] heads = {};
  private long[] words = {};
  private int open;
  private int next;

  /** The next row's chain is walked from its head on. */
  private boolean atHead;

  private @Nullable NullPairs nulls;

  /**
   * @param table of the {@link JoinBuild}, which was told how many of these steps there are
   */
  public HashJoinProbe(QueryContext query, JoinTable table) {
    super(query, table);
    this.exactWords = !table.words().areHashes();
  }

  @Override
  void begin(Batch batch) {
    int count = batch.count();
    if (at.length < count) {
      at = new int[count];
      heads = new int[count];
      words = new long[count];
    }
    keys = table.probeKeys(batch);
    if (shape.kind.isThreeValued() && shape.simpleNulls) {
      settleSimpleNulls(batch);
    }
    int n = table.words().of(keys, batch.positions(), count, at, words);
    table.table().find(words, n, heads);
    open = hits(n);
    next = 0;
    atHead = true;
    boolean tested = shape.spec.residual() == null;
    if (shape.pairs) {
      phase = Phase.PAIRS;
      if (tested && table.table().hasNoChains() && !(shape.keepsProbe && isPass())) {
        verifyHeads();
        phase = Phase.AT_ONCE;
      }
    } else if (tested && exactWords) {
      if (shape.aboutProbe) {
        noteMatches(at, heads, open);
      } else {
        markChains();
      }
      phase = Phase.NULLS;
    } else {
      phase = Phase.ROUNDS;
    }
  }

  /** Keeps the rows that have a chain. */
  private int hits(int count) {
    int[] a = at;
    int[] h = heads;
    int n = 0;
    for (int i = 0; i < count; i++) {
      int head = h[i];
      a[n] = a[i];
      h[n] = head;
      n += 1 + (head >> 31);
    }
    return n;
  }

  private void verifyHeads() {
    if (!exactWords && open > 0) {
      int[] kept = new int[open];
      int n = filter.keysEqual(keys, at, heads, open, kept);
      for (int i = 0; i < n; i++) {
        at[i] = at[kept[i]];
        heads[i] = heads[kept[i]];
      }
      open = n;
    }
  }

  @Override
  @Nullable Batch next(Batch batch) {
    switch (phase) {
      case AT_ONCE -> {
        phase = Phase.END;
        return atOnce(batch);
      }
      case PAIRS -> {
        fillPairs();
        if (pairs.count == 0) {
          phase = Phase.CONCLUDE;
          return NOTHING;
        }
        if (!exactWords) {
          filter.keysEqual(keys, pairs);
        }
        return settle(batch);
      }
      case ROUNDS -> {
        if (shape.aboutProbe) {
          return round(batch);
        }
        fillPairs();
        if (pairs.count == 0) {
          phase = Phase.NULLS;
          return NOTHING;
        }
        if (!exactWords) {
          filter.keysEqual(keys, pairs);
        }
        return settle(batch);
      }
      case NULLS -> {
        return nulls(batch);
      }
      case CONCLUDE -> {
        phase = Phase.END;
        return concluding(batch);
      }
      default -> {
        return null;
      }
    }
  }

  /** At most one match a row. */
  private Batch atOnce(Batch batch) {
    noteMatches(at, heads, open);
    int length = batch.length();
    if (shape.keepsProbe) {
      int[] beside = new int[length];
      Arrays.fill(beside, -1);
      for (int i = 0; i < open; i++) {
        beside[at[i]] = heads[i];
      }
      return columns.beside(batch, beside);
    }
    if (open == 0) {
      return NOTHING;
    }
    if (open < length >> 2) {
      return columns.pairs(batch, at, heads, open);
    }
    int[] beside;
    if (open == length) {
      beside = heads;
    } else {
      beside = new int[length];
      // Where no row is selected, any row will do; one that is in the cache.
      Arrays.fill(beside, heads[0]);
      for (int i = 0; i < open; i++) {
        beside[at[i]] = heads[i];
      }
    }
    Batch out = columns.beside(batch, beside);
    return open == batch.count() ? out : out.withSelection(Arrays.copyOf(at, open), open);
  }

  /**
   * Fills the buffer with candidates, row by row; build rows that are settled already are left out
   * if only they matter.
   */
  private void fillPairs() {
    int[][] links = table.table().links();
    boolean chains = !table.table().hasNoChains();
    byte[][] settled = shape.aboutBuild ? table.matched : null;
    int[] outAt = pairs.at;
    int[] outIds = pairs.ids;
    int capacity = pairs.capacity();
    int n = 0;
    int walked = 0;
    while (next < open && n < capacity) {
      int id = heads[next];
      int head = id;
      int position = at[next];
      int before = n;
      if (settled != null && atHead && JoinTable.isChainSettled(settled, head)) {
        next++;
        continue;
      }
      while (id >= 0 && n < capacity) {
        if (settled == null || !JoinTable.get(settled, id)) {
          outAt[n] = position;
          outIds[n++] = id;
        } else if ((++walked & 0xFFFF) == 0) {
          query.token().check();
        }
        id = chains ? links[id >>> RowStore.SEGMENT_BITS][id & MASK] - 1 : -1;
      }
      if (id >= 0) {
        heads[next] = id;
        atHead = false;
      } else {
        if (settled != null && atHead && n == before) {
          JoinTable.settleChain(settled, head);
        }
        next++;
        atHead = true;
      }
    }
    pairs.count = n;
  }

  /**
   * Equal words are equal keys: the chain is matched as a whole. If its head is, somebody has done
   * the rest or is doing it.
   */
  private void markChains() {
    int[][] links = table.table().links();
    boolean chains = !table.table().hasNoChains();
    byte[][] matched = table.matched;
    int walked = 0;
    for (int i = 0; i < open; i++) {
      int id = heads[i];
      if (JoinTable.get(matched, id)) {
        continue;
      }
      while (id >= 0) {
        JoinTable.set(matched, id);
        id = chains ? links[id >>> RowStore.SEGMENT_BITS][id & MASK] - 1 : -1;
        if ((++walked & 0xFFFF) == 0) {
          query.token().check();
        }
      }
    }
  }

  /**
   * One round: the next few candidates of each open row; rows that found a match or have no more
   * candidates leave.
   */
  private Batch round(Batch batch) {
    if (open == 0) {
      phase = Phase.NULLS;
      return NOTHING;
    }
    int[][] links = table.table().links();
    boolean chains = !table.table().hasNoChains();
    int rows = Math.min(open, pairs.capacity());
    int each = pairs.capacity() / rows;
    pairs.count = 0;
    for (int i = 0; i < rows; i++) {
      int id = heads[i];
      for (int k = 0; k < each && id >= 0; k++) {
        pairs.add(at[i], id);
        id = chains ? links[id >>> RowStore.SEGMENT_BITS][id & MASK] - 1 : -1;
      }
      heads[i] = id;
    }
    if (!exactWords) {
      filter.keysEqual(keys, pairs);
    }
    settle(batch);
    int n = 0;
    for (int i = 0; i < rows; i++) {
      if (heads[i] >= 0 && verdicts[at[i]] != Verdict.TRUE) {
        at[n] = at[i];
        heads[n++] = heads[i];
      }
    }
    System.arraycopy(at, rows, at, n, open - rows);
    System.arraycopy(heads, rows, heads, n, open - rows);
    open = n + open - rows;
    return NOTHING;
  }

  /**
   * One key and no residual: a null on one side is unknown as soon as the other side has a row at
   * all.
   */
  private void settleSimpleNulls(Batch batch) {
    Column key = keys[0];
    int[] positions = batch.positions();
    if (shape.aboutBuild) {
      boolean nullKey = false;
      if (key.mayHaveNulls()) {
        for (int i = 0; i < batch.count(); i++) {
          nullKey |= key.isNull(positions[i]);
        }
      }
      table.facts.probeSaw(nullKey);
    } else if (table.rows() > 0 && (table.facts.hasNullKeys || key.mayHaveNulls())) {
      // What matches later becomes true over it.
      for (int i = 0; i < batch.count(); i++) {
        int p = positions[i];
        if (verdicts[p] == Verdict.FALSE && (table.facts.hasNullKeys || key.isNull(p))) {
          verdicts[p] = Verdict.UNKNOWN;
        }
      }
    }
  }

  private Batch nulls(Batch batch) {
    if (!shape.kind.isThreeValued() || shape.simpleNulls) {
      phase = Phase.CONCLUDE;
      return NOTHING;
    }
    NullPairs n = nulls;
    if (n == null) {
      n = new NullPairs(this, batch, keys);
      nulls = n;
    }
    if (!n.fill()) {
      nulls = null;
      phase = Phase.CONCLUDE;
      return NOTHING;
    }
    filter.keysNotFalse(keys, pairs);
    settleUnknown(batch);
    return NOTHING;
  }
}
