package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.spill.Workspace;
import dev.penstock.nodes.table.Partitions;
import org.jspecify.annotations.Nullable;

/**
 * Fills a {@link GroupState} with pieces. What does not fit the workspace is divided by the hash of
 * the keys into partitions on disk, the state begins anew, and at the end each partition is filled
 * again by itself.
 *
 * <pre>
 * piece -> fits?  yes -> state
 *                 no  -> state -> partitions, then again; rows go straight to partitions from
 *                        then on if there was a group for every other row
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class GroupFill implements AutoCloseable {
  static final String ONE_GROUP = "the state of one group of a group by";

  private static final int MOST_ROWS = 2048;
  private static final long STEP = 1 << 16;

  private final GroupPlan plan;
  private final Workspace workspace;
  private final int level;
  private final Reservation ordering;
  private final Reservation reading;
  private GroupState state;
  private @Nullable GroupSpill spill;
  private @Nullable PairSpill[] pairs = {};

  /** Where the values of lists go when dividing does not help; null where that cannot be. */
  private final @Nullable GroupLists lists;

  private boolean frugal;
  private boolean straight;
  private long rows;
  private int[] groups = {};

  /**
   * @param level how often what comes was divided already
   */
  GroupFill(GroupPlan plan, Workspace workspace, int level) {
    this.plan = plan;
    this.workspace = workspace;
    this.level = level;
    this.ordering = workspace.query().budget().open("group (order)");
    this.reading = workspace.query().budget().open("group (blocks)");
    this.state = new GroupState(plan, workspace.query(), level > 0);
    this.lists =
        level > 0 && workspace.canSpill() && plan.hasLists()
            ? new GroupLists(plan, workspace)
            : null;
  }

  GroupState state() {
    return state;
  }

  /** Whether a part of it is on disk. */
  boolean isDivided() {
    return spill != null;
  }

  @Nullable GroupSpill spill() {
    return spill;
  }

  /** Takes a batch of rows. */
  void take(RowExprs exprs, Batch batch) {
    for (int from = 0; from < batch.count(); from += MOST_ROWS) {
      Batch part =
          batch.count() <= MOST_ROWS
              ? batch
              : batch.slice(from, Math.min(batch.count(), from + MOST_ROWS));
      GroupRows in = new GroupRows(plan, exprs, part);
      for (int set = 0; set < in.sets(); set++) {
        take(new Piece.Rows(plan, exprs, in, set));
      }
    }
  }

  /** Takes a piece of at most 2048 rows. */
  void take(Piece piece) {
    if (groups.length < piece.count()) {
      groups = new int[Math.max(MOST_ROWS, piece.count())];
    }
    if (!workspace.canSpill()) {
      if (!piece.known(groups)) {
        state.assign(piece.keys(), piece.firsts(), piece.positions(), piece.count(), groups);
      }
      piece.feed(state, groups);
      return;
    }
    if (goesStraight(piece) || fed(piece)) {
      return;
    }
    if (state.isSpendthrift()) {
      frugal = true;
      state.beFrugal();
      if (fed(piece)) {
        return;
      }
    }
    if (mayDivide()) {
      divide();
      if (goesStraight(piece) || fed(piece)) {
        return;
      }
    }
    if (!isDivided() && dividedLists() && fed(piece)) {
      return;
    }
    if (!isDivided() && dividedPairs() && fed(piece)) {
      return;
    }
    int n = piece.count();
    if (n > 1) {
      take(piece.slice(0, n / 2));
      take(piece.slice(n / 2, n));
      return;
    }
    if (piece instanceof Piece.OfLane of && of.hasLists(plan)) {
      take(of.withoutLists());
      of.lists(plan, this::take);
      return;
    }
    require(piece);
  }

  private boolean goesStraight(Piece piece) {
    if (straight && piece instanceof Piece.Rows r) {
      spill.add(r.spilled());
      return true;
    }
    return false;
  }

  /** Feeds the piece if it is certain that it fits. */
  private boolean fed(Piece piece) {
    int n = piece.count();
    boolean late = piece.isLate();
    if (!piece.known(groups)) {
      long packing = state.table().packingGrowth(piece.keys(), piece.positions(), n);
      if (packing > 0 && !workspace.fits(packing)) {
        return false;
      }
      long bytes = assignGrowth(piece);
      long order = orderGrowth(state.groups() + n);
      if (!late) {
        bytes += piece.growth(state, groups, state.groups() + n);
      }
      if (!workspace.fits(bytes + order)) {
        return false;
      }
      ordering.grow(order);
      state.assign(piece.keys(), piece.firsts(), piece.positions(), n, groups);
    }
    if (late) {
      long packing = piece.packingGrowth(state, groups);
      if (packing > 0 && !workspace.fits(packing)) {
        return false;
      }
      long order = orderGrowth(state.mostPairs() + n);
      if (!workspace.fits(piece.growth(state, groups, state.groups()) + order)) {
        return false;
      }
      ordering.grow(order);
    }
    piece.feed(state, groups);
    rows += n;
    if (lists != null && lists.isUsed()) {
      lists.takeMany(state);
    }
    return true;
  }

  private long assignGrowth(Piece piece) {
    return state.assignGrowth(piece.keys(), piece.firsts(), piece.positions(), piece.count());
  }

  /** Bytes more that are kept free to sort so many groups, or pairs, by partition. */
  private long orderGrowth(int items) {
    long wanted = GroupSpill.orderBytes(items);
    return wanted <= ordering.heldBytes() ? 0 : wanted + STEP - ordering.heldBytes();
  }

  /**
   * Moves the pairs of distinct inputs to disk; false if there are none. After it nothing is
   * divided.
   */
  private boolean dividedPairs() {
    if (state.mostPairs() == 0) {
      return false;
    }
    if (pairs.length == 0) {
      pairs = new PairSpill[plan.inputs.size()];
    }
    for (int i = 0; i < pairs.length; i++) {
      InputState input = state.input(i);
      if (input.pairs() != null) {
        if (pairs[i] == null) {
          pairs[i] = new PairSpill(workspace, input, 0, this::dividedLists);
        }
        pairs[i].take();
      }
    }
    return true;
  }

  /** Moves the values of lists to disk; false if there are none. After it nothing is divided. */
  private boolean dividedLists() {
    return lists != null && lists.makeRoom(state);
  }

  private boolean listsAreUsed() {
    return lists != null && lists.isUsed();
  }

  /**
   * Whether dividing helps. A single group is divided only where others were before it: the part
   * that it goes to is then its own.
   */
  private boolean mayDivide() {
    int least = level == 0 || spill != null ? 1 : 2;
    return pairs.length == 0
        && !listsAreUsed()
        && level < Partitions.LEVELS
        && state.groups() >= least;
  }

  /** Writes the state to partitions, and begins anew. */
  private void divide() {
    GroupSpill to = spill;
    if (to == null) {
      to = new GroupSpill(plan, workspace, level);
      spill = to;
    }
    straight |= rows > 0 && 2L * state.groups() > rows;
    to.write(state);
    begin();
    workspace.trim();
  }

  private void begin() {
    state.close();
    ordering.shrink(ordering.heldBytes());
    rows = 0;
    state = new GroupState(plan, workspace.query(), level > 0);
    if (frugal) {
      state.beFrugal();
    }
  }

  private void require(Piece piece) {
    String what = ONE_GROUP;
    workspace.require(
        state.table().packingGrowth(piece.keys(), piece.positions(), piece.count()), what);
    workspace.require(
        assignGrowth(piece)
            + (piece.isLate() ? 0 : piece.growth(state, groups, state.groups() + 1)),
        what);
    state.assign(piece.keys(), piece.firsts(), piece.positions(), piece.count(), groups);
    if (piece.isLate()) {
      workspace.require(piece.packingGrowth(state, groups), what);
      workspace.require(piece.growth(state, groups, state.groups()), what);
    }
    piece.feed(state, groups);
  }

  /** Takes a spilled block. */
  void take(SpillFile file, GroupSpill.Content content, long handle) {
    long bytes = file.readBytes(handle);
    if (!workspace.fits(bytes)) {
      if (mayDivide()) {
        divide();
      } else if (!isDivided() && !dividedLists()) {
        dividedPairs();
      }
      workspace.require(bytes, "a block of spilled groups");
    }
    reading.grow(bytes);
    Batch block = file.read(handle);
    if (content.isRows()) {
      take(plan.spilledExprs, block);
    } else {
      for (int from = 0; from < block.count(); from += MOST_ROWS) {
        Batch part =
            block.count() <= MOST_ROWS
                ? block
                : block.slice(from, Math.min(block.count(), from + MOST_ROWS)).compact();
        take(content.piece(plan, part));
      }
    }
    reading.shrink(bytes);
  }

  /**
   * All pieces are there. True: everything is in the state, and settled. False: everything is on
   * disk, in partitions.
   */
  boolean settle() {
    if (spill == null) {
      if (!workspace.canSpill()) {
        state.settle();
        return true;
      }
      boolean fed = pairs.length > 0; // then the pairs are in the accumulators: no way back
      settlePairs();
      if (!listsAreUsed() && workspace.fits(state.settleGrowth())) {
        state.settle();
        return true;
      }
      if (fed || listsAreUsed() || !mayDivide()) {
        if (!fed && dividedPairs()) {
          settlePairs();
        }
        settleOneGroup();
        return true;
      }
    }
    toDisk();
    return false;
  }

  /** Ends what cannot be divided: its pairs are in the accumulators. */
  private void settleOneGroup() {
    if (lists != null && (lists.isUsed() || !workspace.fits(state.settleGrowth()))) {
      lists.finish(state);
    }
    workspace.require(state.settleGrowth(), ONE_GROUP);
    state.settle();
  }

  /** If pairs are on disk: feeds them, and those that are left in memory. */
  private void settlePairs() {
    if (pairs.length == 0) {
      return;
    }
    dividedPairs();
    for (PairSpill of : pairs) {
      if (of != null) {
        of.settle(state.groups());
        of.close();
      }
    }
    pairs = new PairSpill[0];
  }

  /** Moves everything to partitions on disk. */
  void toDisk() {
    if (state.groups() > 0 || spill == null) {
      divide();
    }
    spill.seal();
    if (lists != null) {
      lists.close();
    }
    state.close();
    ordering.shrink(ordering.heldBytes());
    workspace.trim();
  }

  @Override
  public void close() {
    state.close();
    ordering.close();
    reading.close();
    if (lists != null) {
      lists.close();
    }
    if (spill != null) {
      spill.close();
    }
    for (PairSpill of : pairs) {
      if (of != null) {
        of.close();
      }
    }
  }
}
