package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.rows.RowStore;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The build side of a join, complete: its rows, where to find them by key, and which of them had a
 * match. It lives as long as the {@link JoinBuild} that made it.
 *
 * <p>Concurrency: read by all probe lanes. {@code matched} and {@code unknown} are written by all
 * of them without order: a byte never goes back to 0, and is needed only after the last lane has
 * counted itself out ({@link #probeLaneRead}, an atomic), which comes after all writes. Reading a
 * stale 0 before costs repeated work, nothing else. The same holds for what probe lanes say about
 * nulls.
 */
public final class JoinTable {
  /** The least and the greatest value of a single integer-like key on the build side. */
  public record KeyRange(long least, long greatest) {}

  /**
   * What concerns the whole join, wherever its rows are.
   *
   * <p>Concurrency: see the table about what probe lanes say.
   */
  static final class Facts {
    /** Rows of the build input. */
    final long buildRows;

    /** Some build row had a null key that is not null-safe. */
    final boolean hasNullKeys;

    private volatile boolean probeSeen;
    private volatile boolean nullProbeSeen;

    Facts(long buildRows, boolean hasNullKeys) {
      this.buildRows = buildRows;
      this.hasNullKeys = hasNullKeys;
    }

    /** The probe side has a row; with a null key. */
    void probeSaw(boolean nullKey) {
      if (!probeSeen) {
        probeSeen = true;
      }
      if (nullKey && !nullProbeSeen) {
        nullProbeSeen = true;
      }
    }

    boolean probeSeen() {
      return probeSeen;
    }

    boolean nullProbeSeen() {
      return nullProbeSeen;
    }
  }

  final JoinShape shape;
  final RowStore store;
  final @Nullable KeyIndex index;
  final Facts facts;

  /** Where the rest of the build side is; null if all of it is here. */
  final @Nullable JoinSpill spill;

  /** Row ids with a null in a key that is not null-safe; empty unless they are needed. */
  final int[] nullKeyIds;

  final byte[][] matched;
  final byte[][] unknown;
  private final @Nullable KeyRange range;
  private final AtomicInteger reading;
  private final AtomicInteger open;
  private final Runnable atEnd;

  /**
   * @param probeLanes how many steps read it
   * @param atEnd run when the last of them has ended
   */
  JoinTable(
      JoinShape shape,
      RowStore store,
      @Nullable KeyIndex index,
      @Nullable KeyRange range,
      Facts facts,
      int probeLanes,
      @Nullable JoinSpill spill,
      Runnable atEnd,
      Reservation memory) {
    this.shape = shape;
    this.store = store;
    this.index = index;
    this.range = range;
    this.facts = facts;
    this.spill = spill;
    this.atEnd = atEnd;
    this.reading = new AtomicInteger(probeLanes);
    this.open = new AtomicInteger(probeLanes);
    this.nullKeyIds = needsNullIds(shape) && facts.hasNullKeys ? nullKeyIds(memory) : new int[0];
    this.matched = shape.hasRest() ? flags(memory) : new byte[0][];
    this.unknown = shape.aboutBuild && shape.kind.isThreeValued() ? flags(memory) : new byte[0][];
  }

  private static boolean needsNullIds(JoinShape shape) {
    return shape.kind.isThreeValued() && !shape.simpleNulls;
  }

  /** Bytes that a table reserves at most beside rows and index. */
  static long bytes(JoinShape shape, int segments, long rows) {
    long flags = segments * (16L + RowStore.SEGMENT_ROWS);
    return (shape.hasRest() ? flags : 0)
        + (shape.aboutBuild && shape.kind.isThreeValued() ? flags : 0)
        + (needsNullIds(shape) ? 16 + 4 * rows : 0);
  }

  private byte[][] flags(Reservation memory) {
    memory.grow(store.segments() * (16L + RowStore.SEGMENT_ROWS));
    return new byte[store.segments()][RowStore.SEGMENT_ROWS];
  }

  private int[] nullKeyIds(Reservation memory) {
    int n = 0;
    int[] out = {};
    for (int pass = 0; pass < 2; pass++) {
      n = 0;
      for (int s = 0; s < store.segments(); s++) {
        int rows = store.segmentRows(s);
        Column[] keys = shape.keys(store, s);
        for (int i = 0; i < rows; i++) {
          if (isNullKey(keys, i)) {
            if (pass == 1) {
              out[n] = (s << RowStore.SEGMENT_BITS) + i;
            }
            n++;
          }
        }
      }
      if (pass == 0) {
        memory.grow(16 + 4L * n);
        out = new int[n];
      }
    }
    return out;
  }

  /** Whether the keys at a position hold a null that is not null-safe. */
  boolean isNullKey(Column[] keys, int position) {
    boolean[] safe = shape.spec.nullSafe();
    for (int k = 0; k < keys.length; k++) {
      if (!safe[k] && keys[k].isNull(position)) {
        return true;
      }
    }
    return false;
  }

  /** Rows of the build input. */
  public long rows() {
    return facts.buildRows;
  }

  /**
   * The range of the one integer-like key (as the column holds it: scaled, days, microseconds), or
   * null. For runtime filters.
   */
  public @Nullable KeyRange keyRange() {
    return range;
  }

  /** No key has two rows. */
  public boolean hasUniqueKeys() {
    return index != null && spill == null && table().hasNoChains() && !words().areHashes();
  }

  private KeyIndex index() {
    if (index == null) {
      throw new IllegalStateException("a join without keys has no key words");
    }
    return index;
  }

  KeyWords words() {
    return index().words;
  }

  KeyTable table() {
    return index().table;
  }

  /** The key columns of a probe batch. */
  Column[] probeKeys(Batch batch) {
    int at = shape.probeKeysAt;
    return at < 0
        ? KeyColumns.of(shape.spec.probeKeys(), shape.integerKeys, batch)
        : Arrays.copyOfRange(batch.columns(), at, at + shape.keys);
  }

  /** No probe row can bring anything, and nothing is left to give. */
  boolean endsEarly() {
    if (shape.kind == JoinKind.NULL_ANTI
        && shape.simpleNulls
        && shape.aboutProbe
        && facts.hasNullKeys) {
      return true;
    }
    return store.rows() == 0
        && spill == null
        && !shape.keepsProbe
        && (!shape.aboutProbe || shape.kind == JoinKind.SEMI);
  }

  static boolean get(byte[][] flags, int id) {
    return flags[id >>> RowStore.SEGMENT_BITS][id & RowStore.SEGMENT_ROWS - 1] != 0;
  }

  static void set(byte[][] flags, int id) {
    flags[id >>> RowStore.SEGMENT_BITS][id & RowStore.SEGMENT_ROWS - 1] = 1;
  }

  /** All rows of the chain with this head are set; a hint, which another lane's write may undo. */
  static boolean isChainSettled(byte[][] flags, int head) {
    return (flags[head >>> RowStore.SEGMENT_BITS][head & RowStore.SEGMENT_ROWS - 1] & 2) != 0;
  }

  static void settleChain(byte[][] flags, int head) {
    flags[head >>> RowStore.SEGMENT_BITS][head & RowStore.SEGMENT_ROWS - 1] = 3;
  }

  /**
   * A probe lane has read all its input; true for the last one, which gives what is left of the
   * build side.
   */
  boolean probeLaneRead() {
    return reading.decrementAndGet() == 0;
  }

  /** A probe lane will not look here any more. */
  void probeLaneEnded() {
    if (open.decrementAndGet() == 0) {
      atEnd.run();
    }
  }
}
