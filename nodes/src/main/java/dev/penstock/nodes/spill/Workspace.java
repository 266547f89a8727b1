package dev.penstock.nodes.spill;

import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;

/**
 * The memory of one lane of an operator that can spill: a budget of its own with a guaranteed
 * minimum.
 *
 * <pre>
 * open         the minimum is there until close, or the query fails at once and says what it needs
 * fits(n)      yes: the next n bytes can be reserved here without refusal
 *              no:  spill, then ask again; what does not fit even so is {@link #require}d
 * </pre>
 *
 * <p>Law: between two calls of {@link #fits} an operator reserves at most what it asked for. So the
 * refusal never comes in the middle of a change.
 *
 * <p>While the heap is tight, the answer is no as well when the lane has grown by its share since
 * it last spilled (what it could not spill then is not asked for again). Never twice in a row: so
 * what is spilled for this reason has a good size, and nothing fails because of it.
 *
 * <p>Concurrency: used by one lane; {@code asked} is set by others.
 */
public final class Workspace implements AutoCloseable {
  private final QueryContext query;
  private final Budget budget;
  private final String name;
  private final long minimumBytes;
  private final Relief relief;
  private volatile boolean asked;
  private volatile boolean reclaimable;
  private boolean wasAsked;
  private boolean heldBack;
  private long baseBytes;

  private Workspace(QueryContext outer, String name, long minimumBytes) {
    this.budget = outer.budget().child(name);
    this.query = outer.within(budget);
    this.name = name;
    this.minimumBytes = minimumBytes;
    this.relief = outer.relief();
    this.baseBytes = minimumBytes;
  }

  /**
   * Takes the minimum, or throws LIMIT.
   *
   * @param minimumBytes with which the lane can do its work, however slowly; ignored where nothing
   *     can be spilled
   */
  public static Workspace open(QueryContext query, String name, long minimumBytes) {
    Workspace made = new Workspace(query, name, query.spill() == null ? 0 : minimumBytes);
    made.budget.keep(made.minimumBytes, "the least with which " + name + " can work");
    return made;
  }

  /** The query for everything that belongs to this lane: its budget is that of the lane. */
  public QueryContext query() {
    return query;
  }

  /** Whether there is a place to spill to. */
  public boolean canSpill() {
    return query.spill() != null;
  }

  /** A new file for what this lane spills. */
  public SpillFile newFile() {
    if (query.spill() == null) {
      throw new IllegalStateException("there is no place to spill to");
    }
    return query.spill().create(name, query.token());
  }

  /**
   * Whether the lane may go on to reserve so many bytes. False: spill what can be spilled, then
   * {@link #require}. Always true where nothing can be spilled: then the reservation itself may be
   * refused.
   */
  public boolean fits(long bytes) {
    if (query.spill() == null) {
      return true;
    }
    if (!reclaimable) {
      reclaimable = true;
      relief.add(this);
    }
    wasAsked = asked;
    if (asked) {
      asked = false;
      if (budget.usedBytes() > minimumBytes) {
        return false;
      }
    }
    if (relief.refuses() || isHeldBack(bytes)) {
      return false;
    }
    if (!takesWhatIsSpare(bytes) && budget.prepare(bytes)) {
      return true;
    }
    relief.ask(this);
    return false;
  }

  /**
   * The same for a lane that has written all that it had, and wants to read it: that the heap is
   * tight is then no reason to refuse, for nothing can be written.
   */
  public boolean fitsAtLast(long bytes) {
    if (query.spill() == null) {
      return true;
    }
    asked = false;
    if (!relief.refuses() && budget.prepare(bytes)) {
      return true;
    }
    relief.ask(this);
    return false;
  }

  private boolean takesWhatIsSpare(long bytes) {
    long spare = relief.spareBytes();
    return spare > 0
        && budget.usedBytes() + bytes > Math.max(minimumBytes, relief.leastHeldBytes())
        && !budget.isPrepared(bytes)
        && budget.rootAvailableBytes() < spare + bytes;
  }

  private boolean isHeldBack(long bytes) {
    if (!relief.isTight()) {
      heldBack = false;
      baseBytes = minimumBytes;
      return false;
    }
    long held = budget.usedBytes();
    if (heldBack) {
      heldBack = false;
      baseBytes = Math.max(minimumBytes, held);
      return false;
    }
    heldBack = held + bytes > baseBytes + relief.shareBytes();
    return heldBack;
  }

  /** After spilling: takes the bytes, or throws LIMIT: the operator cannot do with less. */
  public void require(long bytes, String what) {
    if (!budget.prepare(bytes)) {
      budget.reserve(bytes, what + " (with all spilled that can be)");
      budget.release(bytes); // others gave something back just now
      if (!budget.prepare(bytes)) {
        throw PenstockException.limit(
            "memory-cap", what + " needs " + bytes + " bytes at once; raise the memory cap");
      }
    }
  }

  /**
   * Whether what was just written may leave its arrays here, to be filled again. No: others want
   * the memory.
   */
  public boolean canKeepSpare() {
    return !asked && !wasAsked && !relief.isTight();
  }

  /** Gives back what was prepared and is not used. */
  public void trim() {
    budget.trim();
  }

  /** From now on nothing here can be spilled (it is being read): others need not ask. */
  public void settled() {
    reclaimable = false;
    relief.remove(this);
  }

  /** Bytes that spilling would free, about. */
  public long reclaimableBytes() {
    return reclaimable ? Math.max(0, budget.usedBytes() - minimumBytes) : 0;
  }

  public long heldBytes() {
    return budget.usedBytes();
  }

  void askToSpill() {
    asked = true;
  }

  @Override
  public void close() {
    relief.remove(this);
    budget.close();
  }
}
