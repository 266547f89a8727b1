package dev.penstock.monitor;

import com.sun.management.GcInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;

/**
 * Whether the heap, which Penstock shares with its host, is short of room after collections. The
 * second signal beside the budgets: nothing is refused because of it.
 *
 * <pre>
 * tight   the old pool held at least 80 % (Shenandoah: 68 %) of its room after a collection: a
 *         notification of the JVM where the threshold of the pool is ours, else the next look
 * ok      it holds less than 65 % (53 %) after a collection, or now, garbage included
 * </pre>
 *
 * <p>What is reserved in a budget, up to its cap, was promised: as long as all of the cap fits in
 * 95 % of the heap beside what others hold, the heap is not tight, however full it is. So an engine
 * whose JVM has little more than its cap may use that.
 *
 * <p>Every 100 ms a thread looks. Collectors that work beside the program (G1, ZGC, Shenandoah)
 * seldom collect the old pool as a whole: there what the whole heap held after the last collection
 * of any kind counts too. The others (Parallel, Serial) let the old pool fill with garbage: there
 * it does not.
 *
 * <p>The threshold of a pool is one for the whole JVM: it is set only when the host left it 0, and
 * set back on close when nobody has changed it.
 *
 * <p>Concurrency: {@code tight} and its figures are written under the monitor, by the notification
 * thread and the looking thread; {@code tight} is read by anyone, and may be 100 ms old.
 */
public final class HeapMonitor implements AutoCloseable {
  private static final double TIGHT_SHARE = 0.80;
  private static final double OK_SHARE = 0.65;
  private static final double PROMISED_SHARE = 0.95;

  /** Less where rests of regions and what is being copied take room that no figure shows. */
  private static final double SHENANDOAH_LESS = 0.12;

  private static final long LOOK_MILLIS = 100;

  /**
   * What was seen last.
   *
   * @param pool the name of the old pool
   * @param limitBytes its room
   * @param tightBytes from so much on it is tight
   * @param collectedBytes what it held after its last collection
   * @param heapCollectedBytes what the heap held after the last collection of any kind; -1 where
   *     that does not count
   * @param byNotification whether the threshold of the pool is ours
   * @param notifications how many came
   * @param timesTight how often it became tight
   * @param tightNanos so long it was tight, in all
   */
  public record Figures(
      boolean tight,
      String pool,
      long limitBytes,
      long tightBytes,
      long collectedBytes,
      long heapCollectedBytes,
      boolean byNotification,
      long notifications,
      long timesTight,
      long tightNanos) {}

  /** In all. */
  public record Tightness(long times, long nanos) {}

  private final NotificationListener listener = this::told;
  private final AtomicLong notifications = new AtomicLong();
  private final @Nullable ScheduledThreadPoolExecutor looks;
  private final @Nullable Budget promised;
  private final List<Runnable> whenTight = new CopyOnWriteArrayList<>();
  private @Nullable Watched watched;
  private boolean closed;
  private long timesTight;
  private long tightNanos;
  private long tightSince;
  private volatile boolean tight;
  private volatile long heapCollected = -1;

  /** The pool and its marks; {@code ours}: whether its threshold is. */
  private record Watched(
      MemoryPoolMXBean pool,
      long limitBytes,
      long tightBytes,
      long okBytes,
      boolean wholeHeapCounts,
      boolean ours) {}

  private HeapMonitor(@Nullable ScheduledThreadPoolExecutor looks, @Nullable Budget promised) {
    this.looks = looks;
    this.promised = promised;
  }

  /**
   * Looks every 100 ms until it is closed. The first look comes after 100 ms, so that a program
   * that is done by then does not pay for JMX.
   *
   * @param promised what was promised to it; null: nothing
   */
  public static HeapMonitor start(@Nullable Budget promised) {
    ScheduledThreadPoolExecutor looks =
        new ScheduledThreadPoolExecutor(
            1,
            look -> {
              Thread thread = new Thread(look, "penstock-heap");
              thread.setDaemon(true);
              return thread;
            });
    HeapMonitor monitor = new HeapMonitor(looks, promised);
    var unused =
        looks.scheduleWithFixedDelay(
            monitor::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    return monitor;
  }

  /** Without a thread and a threshold: never tight, and {@link #figures} looks. */
  public static HeapMonitor idle() {
    return new HeapMonitor(null, null);
  }

  /** Begins to watch, once. */
  private synchronized Watched watched() {
    Watched w = watched;
    if (w == null) {
      MemoryPoolMXBean pool = oldPool();
      MemoryUsage usage = pool.getUsage();
      long limit = usage.getMax() > 0 ? usage.getMax() : Runtime.getRuntime().maxMemory();
      double less = pool.getName().startsWith("Shenandoah") ? SHENANDOAH_LESS : 0;
      long tightFrom = (long) (limit * (TIGHT_SHARE - less));
      long okBelow = (long) (limit * (OK_SHARE - less));
      boolean wholeHeapCounts =
          !pool.getName().startsWith("PS ") && !pool.getName().equals("Tenured Gen");
      boolean takes =
          looks != null
              && !closed
              && pool.isCollectionUsageThresholdSupported()
              && pool.getCollectionUsageThreshold() == 0;
      if (takes) {
        pool.setCollectionUsageThreshold(tightFrom);
      }
      w = new Watched(pool, limit, tightFrom, okBelow, wholeHeapCounts, takes);
      watched = w;
      if (looks != null && !closed) {
        emitter().addNotificationListener(listener, null, null);
      }
    }
    return w;
  }

  private static NotificationEmitter emitter() {
    return (NotificationEmitter) ManagementFactory.getMemoryMXBean();
  }

  /** The pool where objects end up that stay: old generation, or the heap as one. */
  static MemoryPoolMXBean oldPool() {
    MemoryPoolMXBean best = null;
    for (MemoryPoolMXBean candidate : ManagementFactory.getMemoryPoolMXBeans()) {
      if (candidate.getType() == MemoryType.HEAP && rank(candidate) > rank(best)) {
        best = candidate;
      }
    }
    if (best == null) {
      throw new IllegalStateException("a JVM without a heap pool");
    }
    return best;
  }

  private static int rank(@Nullable MemoryPoolMXBean candidate) {
    if (candidate == null) {
      return 0;
    }
    String name = candidate.getName();
    if (name.contains("Old") || name.contains("Tenured")) {
      return 3;
    }
    return name.contains("Eden") || name.contains("Survivor") || name.contains("Young") ? 1 : 2;
  }

  private void told(Notification notification, @Nullable Object unused) {
    if (!notification
        .getType()
        .equals(MemoryNotificationInfo.MEMORY_COLLECTION_THRESHOLD_EXCEEDED)) {
      return;
    }
    MemoryNotificationInfo news =
        MemoryNotificationInfo.from((CompositeData) notification.getUserData());
    Watched w = watched();
    if (news.getPoolName().equals(w.pool.getName())) {
      notifications.incrementAndGet();
      long used = news.getUsage().getUsed();
      if (used >= w.tightBytes && !holdsWhatWasPromised(used)) {
        become(true);
      }
    }
  }

  private void look() {
    Watched w = watched();
    long now = w.pool.getUsage().getUsed();
    long collected = collectedBytes(w.pool);
    long heap = w.wholeHeapCounts ? heapAfterLastCollection() : -1;
    heapCollected = heap;
    long held = Math.max(collected, heap);
    if (holdsWhatWasPromised(held)) {
      become(false);
    } else if (held >= w.tightBytes && now >= w.okBytes) {
      become(true);
    } else if (held < w.okBytes || now < w.okBytes) {
      become(false);
    }
  }

  /** Whether all of the cap would fit beside what is not counted of so many live bytes. */
  private boolean holdsWhatWasPromised(long liveBytes) {
    Budget b = promised;
    if (b == null) {
      return false;
    }
    long others = Math.max(0, liveBytes - b.usedBytes());
    long heap = Runtime.getRuntime().maxMemory();
    return b.pathCapBytes() <= heap * PROMISED_SHARE - others;
  }

  private void become(boolean now) {
    synchronized (this) {
      if (now == tight || closed) {
        return;
      }
      tight = now;
      long time = System.nanoTime();
      if (now) {
        timesTight++;
        tightSince = time;
      } else {
        tightNanos += time - tightSince;
      }
    }
    if (now) {
      whenTight.forEach(Runnable::run);
    }
  }

  /**
   * Adds what runs when it becomes tight, on a thread of the JVM or of this: it must be quick and
   * must not throw.
   */
  public void whenTight(Runnable listenerToAdd) {
    whenTight.add(listenerToAdd);
  }

  private static long collectedBytes(MemoryPoolMXBean pool) {
    MemoryUsage usage = pool.getCollectionUsage();
    return usage == null ? 0 : usage.getUsed();
  }

  /** -1 when there was none. A bean for pauses alone (Shenandoah's) has no bytes. */
  private static long heapAfterLastCollection() {
    long end = -1;
    long bytes = -1;
    List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans();
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (bean instanceof com.sun.management.GarbageCollectorMXBean known) {
        GcInfo info = known.getLastGcInfo();
        long left = info == null ? 0 : heapAfter(info, pools);
        if (info != null && left > 0 && info.getEndTime() > end) {
          end = info.getEndTime();
          bytes = left;
        }
      }
    }
    return bytes;
  }

  private static long heapAfter(GcInfo info, List<MemoryPoolMXBean> pools) {
    Map<String, MemoryUsage> after = info.getMemoryUsageAfterGc();
    long sum = 0;
    for (MemoryPoolMXBean each : pools) {
      MemoryUsage usage = after.get(each.getName());
      if (usage != null && each.getType() == MemoryType.HEAP) {
        sum += usage.getUsed();
      }
    }
    return sum;
  }

  /** Whether the heap is short of room. */
  public boolean isTight() {
    return tight;
  }

  public Figures figures() {
    Watched w = watched();
    Tightness t = tightness();
    return new Figures(
        tight,
        w.pool.getName(),
        w.limitBytes,
        w.tightBytes,
        collectedBytes(w.pool),
        heapCollected,
        w.ours,
        notifications.get(),
        t.times(),
        t.nanos());
  }

  /** How often it became tight, and how long it was so. Does not look. */
  public synchronized Tightness tightness() {
    return new Tightness(
        timesTight, tightNanos + (tight ? Math.max(1, System.nanoTime() - tightSince) : 0));
  }

  /** Looks no more, and leaves the JVM as it was. May be called twice. */
  @Override
  public void close() {
    become(false);
    Watched w;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      w = watched;
    }
    if (looks == null) {
      return;
    }
    looks.shutdownNow();
    if (w == null) {
      return;
    }
    try {
      emitter().removeNotificationListener(listener);
    } catch (ListenerNotFoundException neverAdded) {
      return;
    }
    if (w.ours && w.pool.getCollectionUsageThreshold() == w.tightBytes) {
      w.pool.setCollectionUsageThreshold(0);
    }
  }
}
