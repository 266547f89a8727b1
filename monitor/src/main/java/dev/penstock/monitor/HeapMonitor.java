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
 * tight   the old pool held at least 80 % of its room after a collection: a notification of the JVM
 *         where the threshold of the pool is ours, else the next look
 * ok      it holds less than 65 % after a collection, or now, garbage included
 * </pre>
 *
 * <p>Every 100 ms a thread looks. Collectors that work beside the program (G1, ZGC, Shenandoah)
 * seldom collect the old pool as a whole: there what the whole heap held after the last collection
 * of any kind counts too. The others (Parallel, Serial) let the old pool fill with garbage: there
 * it does not.
 *
 * <p>The threshold of a pool is one for the whole JVM: it is set only when the host left it 0, and
 * set back on close when nobody has changed it.
 *
 * <p>Concurrency: {@code tight} is written by the notification thread and the looking thread, and
 * read by anyone; it may be 100 ms old.
 */
public final class HeapMonitor implements AutoCloseable {
  private static final double TIGHT_SHARE = 0.80;
  private static final double OK_SHARE = 0.65;
  private static final long LOOK_MILLIS = 100;

  /**
   * What was seen last.
   *
   * @param pool the name of the old pool
   * @param limitBytes its room
   * @param collectedBytes what it held after its last collection
   * @param heapCollectedBytes what the heap held after the last collection of any kind; -1 where
   *     that does not count
   * @param byNotification whether the threshold of the pool is ours
   * @param notifications how many came
   */
  public record Figures(
      boolean tight,
      String pool,
      long limitBytes,
      long collectedBytes,
      long heapCollectedBytes,
      boolean byNotification,
      long notifications) {}

  private final MemoryPoolMXBean pool;
  private final long limitBytes;
  private final long tightBytes;
  private final long okBytes;
  private final boolean wholeHeapCounts;
  private final boolean thresholdIsOurs;
  private final NotificationListener listener = this::told;
  private final AtomicLong notifications = new AtomicLong();
  private final ScheduledThreadPoolExecutor looks;
  private volatile boolean tight;
  private volatile long heapCollected = -1;

  private HeapMonitor() {
    pool = oldPool();
    MemoryUsage usage = pool.getUsage();
    limitBytes = usage.getMax() > 0 ? usage.getMax() : Runtime.getRuntime().maxMemory();
    tightBytes = (long) (limitBytes * TIGHT_SHARE);
    okBytes = (long) (limitBytes * OK_SHARE);
    wholeHeapCounts = !pool.getName().startsWith("PS ") && !pool.getName().equals("Tenured Gen");
    thresholdIsOurs = takeThreshold();
    looks =
        new ScheduledThreadPoolExecutor(
            1,
            look -> {
              Thread thread = new Thread(look, "penstock-heap");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Looks at once, and from then on every 100 ms until it is closed. */
  public static HeapMonitor start() {
    HeapMonitor monitor = new HeapMonitor();
    emitter().addNotificationListener(monitor.listener, null, null);
    var unused =
        monitor.looks.scheduleWithFixedDelay(monitor::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    return monitor;
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

  private boolean takeThreshold() {
    if (!pool.isCollectionUsageThresholdSupported() || pool.getCollectionUsageThreshold() != 0) {
      return false;
    }
    pool.setCollectionUsageThreshold(tightBytes);
    return true;
  }

  private void told(Notification notification, @Nullable Object unused) {
    if (!notification
        .getType()
        .equals(MemoryNotificationInfo.MEMORY_COLLECTION_THRESHOLD_EXCEEDED)) {
      return;
    }
    MemoryNotificationInfo news =
        MemoryNotificationInfo.from((CompositeData) notification.getUserData());
    if (news.getPoolName().equals(pool.getName())) {
      notifications.incrementAndGet();
      if (news.getUsage().getUsed() >= tightBytes) {
        tight = true;
      }
    }
  }

  private void look() {
    long now = pool.getUsage().getUsed();
    long collected = collectedBytes();
    long heap = wholeHeapCounts ? heapAfterLastCollection() : -1;
    heapCollected = heap;
    long held = Math.max(collected, heap);
    if (held >= tightBytes && now >= okBytes) {
      tight = true;
    } else if (held < okBytes || now < okBytes) {
      tight = false;
    }
  }

  private long collectedBytes() {
    MemoryUsage usage = pool.getCollectionUsage();
    return usage == null ? 0 : usage.getUsed();
  }

  /** -1 when there was none. */
  private static long heapAfterLastCollection() {
    GcInfo last = null;
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (bean instanceof com.sun.management.GarbageCollectorMXBean known) {
        GcInfo info = known.getLastGcInfo();
        if (info != null && (last == null || info.getEndTime() > last.getEndTime())) {
          last = info;
        }
      }
    }
    if (last == null) {
      return -1;
    }
    long sum = 0;
    Map<String, MemoryUsage> after = last.getMemoryUsageAfterGc();
    List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans();
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
    return new Figures(
        tight,
        pool.getName(),
        limitBytes,
        collectedBytes(),
        heapCollected,
        thresholdIsOurs,
        notifications.get());
  }

  /** Looks no more, and leaves the JVM as it was. May be called twice. */
  @Override
  public void close() {
    looks.shutdownNow();
    try {
      emitter().removeNotificationListener(listener);
    } catch (ListenerNotFoundException closedBefore) {
      return;
    }
    if (thresholdIsOurs && pool.getCollectionUsageThreshold() == tightBytes) {
      pool.setCollectionUsageThreshold(0);
    }
  }
}
