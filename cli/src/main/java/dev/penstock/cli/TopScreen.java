package dev.penstock.cli;

import dev.penstock.cli.RemoteServer.Look;
import dev.penstock.cli.RemoteServer.Running;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code penstock top} shows of a look at a server: lines, no terminal yet. */
final class TopScreen {
  /** By what queries are sorted, the greatest first. */
  enum Order {
    AGE,
    MEMORY
  }

  private static final int BAR = 20;
  private static final String KEYS =
      "up, down: select   c: cancel   e: ten minutes more   m: by memory   a: by age   q: quit";

  private TopScreen() {}

  static List<Running> sorted(Look look, Order order) {
    List<Running> out = new ArrayList<>(look.queries());
    out.sort(
        switch (order) {
          case AGE -> Comparator.comparingDouble(Running::elapsedMillis).reversed();
          case MEMORY -> Comparator.comparingLong(Running::memoryBytes).reversed();
        });
    return out;
  }

  /** The figures, a heading, and a line for each query. */
  static List<String> lines(Look look, Order order, String address, int columns) {
    List<String> out = new ArrayList<>();
    long waiting = look.queries().stream().filter(q -> q.state().equals("queued")).count();
    out.add(
        cut(
            "penstock at "
                + address
                + "   running "
                + (look.queries().size() - waiting)
                + "   waiting "
                + waiting,
            columns));
    out.add(
        cut(
            "memory "
                + bar(look.memoryBytes(), look.memoryCapBytes())
                + " "
                + bytes(look.memoryBytes())
                + " of "
                + bytes(look.memoryCapBytes())
                + "   heap "
                + bytes(look.heapBytes())
                + " of "
                + bytes(look.heapMostBytes())
                + "   on disk "
                + bytes(look.spilledBytes()),
            columns));
    out.add("");
    out.add(
        cut(
            String.format(
                Locale.ROOT,
                "%6s  %-10s %-10s %9s %9s %5s %9s %9s  %s",
                "ID",
                "OWNER",
                "STATE",
                "AGE",
                "DEADLINE",
                "DONE",
                "MEMORY",
                "SPILLED",
                "TEXT"),
            columns));
    sorted(look, order).forEach(q -> out.add(cut(line(q), columns)));
    if (look.queries().isEmpty()) {
      out.add("no query runs");
    }
    return out;
  }

  /** The last line: the keys, a question, or what came of it. */
  static String footer(@Nullable String message, int columns) {
    return cut(message == null ? KEYS : message, columns);
  }

  private static String line(Running q) {
    return String.format(
        Locale.ROOT,
        "%6d  %-10s %-10s %9s %9s %5s %9s %9s  %s",
        q.id(),
        cut(q.owner(), 10),
        q.state(),
        time(q.elapsedMillis()),
        q.leftMillis() == null ? "-" : time(q.leftMillis()),
        q.share() < 0 ? "-" : Math.round(q.share() * 100) + "%",
        bytes(q.memoryBytes()),
        bytes(q.spilledBytes()),
        Streams.oneLine(q.text()).replaceAll("\\s+", " "));
  }

  private static String bar(long used, long most) {
    int full = most <= 0 ? 0 : (int) Math.min(BAR, Math.round((double) BAR * used / most));
    return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
  }

  private static String time(double millis) {
    long s = Math.round(millis / 1000);
    return s < 60
        ? String.format(Locale.ROOT, "%.1f s", millis / 1000)
        : s < 3600
            ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
            : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }

  private static String bytes(long n) {
    return n < 10 << 10
        ? n + " B"
        : n < 10L << 20 ? (n >> 10) + " KB" : n < 10L << 30 ? (n >> 20) + " MB" : (n >> 30) + " GB";
  }

  private static String cut(String text, int columns) {
    return text.length() <= columns ? text : text.substring(0, Math.max(0, columns - 3)) + "...";
  }
}
