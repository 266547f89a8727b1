package dev.penstock.monitor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A tree of byte budgets: engine, query, node, lane. A child's bytes count in every ancestor; a
 * request that does not fit anywhere on the way up is refused whole.
 *
 * <p>A budget may hold slack: bytes that it has taken from its parent and nobody below uses yet.
 * {@link #prepare} takes slack in advance, so that what is reserved next cannot be refused; {@link
 * #guarantee} keeps a floor of bytes until the budget is closed, which makes progress certain
 * whatever others hold.
 *
 * <pre>
 * used by parent = used + slack of each child + what is reserved in the parent itself
 * </pre>
 *
 * <p>Who keeps memory that nobody needs now, because it may be of use later, says so by {@link
 * #addSpare}: it is asked to let go of it before anybody in the tree is refused.
 *
 * <p>Concurrency: {@code used}, {@code slack}, {@code beyond} and {@code peak} of one budget change
 * together under its monitor; a request climbs the tree one monitor at a time, and rolls back when
 * an ancestor refuses. Those who keep something spare are asked by the thread that is refused,
 * under no monitor of the tree. {@link #usedBytes} and {@link #peakBytes} are read without a
 * monitor, so that whoever watches is in nobody's way.
 */
public final class Budget implements AutoCloseable {
  private static final VarHandle USED;
  private static final VarHandle PEAK;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      USED = lookup.findVarHandle(Budget.class, "used", long.class);
      PEAK = lookup.findVarHandle(Budget.class, "peak", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String name;
  private final @Nullable Budget parent;
  private final long capBytes;
  private final List<LongSupplier> spares;
  private volatile @Nullable Supplier<String> holders;
  private long used;

  /** Of what is used: what was taken beside the floor, and does not fill it. */
  private long beyond;

  private long slack;
  private long floor;
  private long peak;

  private Budget(String name, @Nullable Budget parent, long capBytes) {
    if (capBytes < 0) {
      throw new IllegalArgumentException("a cap is not negative: " + capBytes);
    }
    this.name = name;
    this.parent = parent;
    this.capBytes = capBytes;
    this.spares = parent == null ? new CopyOnWriteArrayList<>() : parent.spares;
  }

  /** The root of a tree. */
  public static Budget root(String name, long capBytes) {
    return new Budget(name, null, capBytes);
  }

  /** A child that may hold at most capBytes, and never more than what is left above it. */
  public Budget child(String childName, long childCapBytes) {
    return new Budget(childName, this, childCapBytes);
  }

  public Budget child(String childName) {
    return new Budget(childName, this, Long.MAX_VALUE);
  }

  /** A counted holding in this budget; close gives it all back. */
  public Reservation open(String what) {
    return new Reservation(this, what);
  }

  /** Takes bytes if they fit in this budget and all above it. */
  public boolean tryReserve(long bytes) {
    return firstRefusing(bytes) == null || (spareGivenUp() && firstRefusing(bytes) == null);
  }

  /**
   * Takes bytes if they fit beside what was prepared and guaranteed here, which is left alone: for
   * those who take more than the least, when others in this budget need the least. They are given
   * back by {@link #releaseBeyond}. What others keep spare stays with them.
   */
  public boolean tryReserveBeyond(long bytes) {
    if (bytes > capBytes - usedBytes() || (parent != null && parent.firstRefusing(bytes) != null)) {
      return false;
    }
    synchronized (this) {
      used += bytes;
      beyond += bytes;
      peak = Math.max(peak, used);
    }
    return true;
  }

  /** Gives back what {@link #tryReserveBeyond} took. */
  public void releaseBeyond(long bytes) {
    synchronized (this) {
      assert bytes <= beyond : name + " released more than it held: " + bytes + " of " + beyond;
      used -= bytes;
      beyond -= bytes;
    }
    if (parent != null) {
      parent.release(bytes);
    }
  }

  /**
   * Somebody keeps bytes of this tree that nobody needs now.
   *
   * @param spare called, by any thread, when somebody is refused: gives back what it can at once,
   *     and says how much that was. It must not ask for memory, nor wait for anybody who might
   */
  public void addSpare(LongSupplier spare) {
    spares.add(spare);
  }

  public void removeSpare(LongSupplier spare) {
    spares.remove(spare);
  }

  /** Whether there was something spare: then who was refused asks again. */
  private boolean spareGivenUp() {
    long sum = 0;
    for (LongSupplier spare : spares) {
      sum += spare.getAsLong();
    }
    return sum > 0;
  }

  /** Takes bytes or throws a LIMIT error that names the budget that refused and its figures. */
  public void reserve(long bytes, String what) {
    Budget refusing = firstRefusing(bytes);
    if (refusing != null && spareGivenUp()) {
      refusing = firstRefusing(bytes);
    }
    if (refusing != null) {
      throw refusal(refusing, bytes, what);
    }
  }

  /** Who tells, for the message of a refusal, what is held below this budget. */
  public void reportBy(Supplier<String> report) {
    holders = report;
  }

  private String report() {
    for (Budget b = this; b != null; b = b.parent) {
      Supplier<String> by = b.holders;
      String text = by == null ? "" : by.get();
      if (!text.isEmpty()) {
        return " (" + text + ")";
      }
    }
    return "";
  }

  private PenstockException refusal(Budget refusing, long bytes, String what) {
    return PenstockException.limit(
        "memory-cap",
        what
            + " needs "
            + bytes
            + " bytes more, but "
            + refusing.name
            + " holds "
            + refusing.usedBytes()
            + " of at most "
            + refusing.capBytes
            + " bytes"
            + report()
            + "; raise the memory cap or make the query smaller");
  }

  /** Takes from the slack, and from above what is missing. */
  private @Nullable Budget firstRefusing(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes are not negative: " + bytes);
    }
    long missing;
    synchronized (this) {
      if (bytes > capBytes - used) {
        return this;
      }
      missing = bytes - Math.min(slack, bytes);
      slack -= bytes - missing;
      used += bytes;
      if (missing == 0 || parent == null) {
        peak = Math.max(peak, used);
        return null;
      }
    }
    Budget refusing = parent.firstRefusing(missing);
    synchronized (this) {
      if (refusing == null) {
        peak = Math.max(peak, used);
      } else {
        used -= bytes;
        slack += bytes - missing;
      }
    }
    return refusing;
  }

  /**
   * Sees to it that so many bytes can be reserved here without being refused above; what was
   * prepared before counts. False: nothing was taken.
   */
  public boolean prepare(long bytes) {
    return prepared(bytes) || (spareGivenUp() && prepared(bytes));
  }

  private boolean prepared(long bytes) {
    long missing;
    synchronized (this) {
      if (bytes > capBytes - used) {
        return false;
      }
      missing = bytes - slack;
    }
    if (missing <= 0) {
      return true;
    }
    if (parent != null && parent.firstRefusing(missing) != null) {
      return false;
    }
    synchronized (this) {
      slack += missing;
    }
    return true;
  }

  /** Whether so many bytes were prepared here and are not used. */
  public synchronized boolean isPrepared(long bytes) {
    return bytes <= slack;
  }

  /**
   * Keeps at least so many bytes here until the budget is closed, used or not. False: they are not
   * there; nothing was taken.
   */
  public boolean guarantee(long bytes) {
    return guaranteed(bytes) || (spareGivenUp() && guaranteed(bytes));
  }

  private boolean guaranteed(long bytes) {
    long missing;
    synchronized (this) {
      missing = bytes - (used - beyond) - slack;
    }
    if (missing > 0) {
      if (bytes > capBytes || (parent != null && parent.firstRefusing(missing) != null)) {
        return false;
      }
    }
    synchronized (this) {
      slack += Math.max(0, missing);
      floor = Math.max(floor, bytes);
    }
    return true;
  }

  /** As {@link #guarantee}, but throws LIMIT. */
  public void keep(long bytes, String what) {
    while (!guarantee(bytes)) {
      long missing = Math.max(0, bytes - usedBytes());
      reserve(missing, what);
      release(missing); // others gave something back just now
    }
  }

  /** Gives back what is prepared and not used, down to the guaranteed floor. */
  public void trim() {
    long extra;
    synchronized (this) {
      extra = Math.min(slack, Math.max(0, used - beyond + slack - floor));
      slack -= extra;
    }
    if (extra > 0 && parent != null) {
      parent.release(extra);
    }
  }

  /** Gives bytes back; they fill the floor first. */
  public void release(long bytes) {
    long up;
    synchronized (this) {
      assert bytes <= used : name + " released more than it held: " + bytes + " of " + used;
      used -= bytes;
      long kept = Math.min(bytes, Math.max(0, floor - (used - beyond) - slack));
      slack += kept;
      up = bytes - kept;
    }
    if (up > 0 && parent != null) {
      parent.release(up);
    }
  }

  public String name() {
    return name;
  }

  /** The cap that counts here: that of the whole tree, or a lower one on the way up to it. */
  public long pathCapBytes() {
    long least = capBytes;
    for (Budget b = parent; b != null; b = b.parent) {
      least = Math.min(least, b.capBytes);
    }
    return least;
  }

  /** What is left of the cap of the whole tree. */
  public long rootAvailableBytes() {
    Budget b = this;
    while (b.parent != null) {
      b = b.parent;
    }
    synchronized (b) {
      return b.capBytes - b.used;
    }
  }

  /** Bytes that could be reserved here now, about: others take and give back meanwhile. */
  public long availableBytes() {
    long here;
    synchronized (this) {
      here = capBytes - used;
      if (parent == null) {
        return here;
      }
      here = Math.max(0, here);
    }
    long above = parent.availableBytes();
    synchronized (this) {
      return Math.min(here, above + slack);
    }
  }

  public long capBytes() {
    return capBytes;
  }

  /** What is reserved here and below, prepared bytes of children included. */
  public long usedBytes() {
    return (long) USED.getAcquire(this);
  }

  public long peakBytes() {
    return (long) PEAK.getAcquire(this);
  }

  /** Gives back, in every ancestor, whatever is still held here. */
  @Override
  public void close() {
    long held;
    synchronized (this) {
      held = used + slack;
      used = 0;
      beyond = 0;
      slack = 0;
      floor = 0;
    }
    if (held != 0 && parent != null) {
      parent.release(held);
    }
  }
}
