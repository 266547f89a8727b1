package dev.penstock.benchmarks.cancel;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What goes on when a query has not stopped in time. For one thread. */
final class Late {
  /** Half of what is promised. */
  private static final long LATE_NANOS = 50_000_000;

  private static final int MOST_FRAMES = 12;
  private static final int INNERMOST = 3;

  private final long collectedBefore = collected();
  private String told = "";

  /** Milliseconds that the collectors have worked so far. */
  private static long collected() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
        .sum();
  }

  /** Looks at the threads, the first time that it is late. */
  void look(long passedNanos) {
    if (passedNanos < LATE_NANOS || !told.isEmpty()) {
      return;
    }
    StringBuilder out = new StringBuilder();
    out.append("    after ").append(passedNanos / 1_000_000).append(" ms, of them ");
    out.append(collected() - collectedBefore).append(" of the collector:\n");
    for (Map.Entry<Thread, StackTraceElement[]> one : Thread.getAllStackTraces().entrySet()) {
      String name = one.getKey().getName();
      if (name.startsWith("penstock") || name.startsWith("sql-") || name.startsWith("pool-")) {
        List<String> frames = frames(one.getValue());
        if (!frames.isEmpty()) {
          out.append("      ").append(name).append(' ').append(one.getKey().getState());
          out.append(": ").append(String.join(" < ", frames)).append('\n');
        }
      }
    }
    told = out.toString();
  }

  /**
   * The innermost calls, and those of Penstock around them; none for a thread that waits for work.
   */
  private static List<String> frames(StackTraceElement[] stack) {
    List<String> out = new ArrayList<>();
    boolean ours = false;
    for (StackTraceElement e : stack) {
      String type = e.getClassName();
      boolean one =
          type.startsWith("dev.penstock")
              && !type.startsWith("dev.penstock.nodes.Scheduler")
              && !type.startsWith("dev.penstock.benchmarks");
      ours |= one;
      if (out.size() < INNERMOST || one && out.size() < MOST_FRAMES) {
        out.add(
            type.substring(type.lastIndexOf('.') + 1)
                + "."
                + e.getMethodName()
                + ":"
                + e.getLineNumber());
      }
    }
    return ours ? out : List.of();
  }

  /** Lines for people; empty when it was in time. */
  String told() {
    return told;
  }
}
