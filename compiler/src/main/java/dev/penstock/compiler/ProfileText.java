package dev.penstock.compiler;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A profile as text: the tree of operators, and their figures in columns to the right. */
final class ProfileText {
  private static final int WIDEST = 76;
  private static final long KIB = 1024;

  private ProfileText() {}

  static String of(Profile profile) {
    List<String[]> lines = new ArrayList<>();
    lines.add(new String[] {"operator", "est. rows", "rows", "batches", "time", "memory", ""});
    for (Profile.Operator o : profile.operators()) {
      lines.add(
          new String[] {
            shortened("  ".repeat(o.depth()) + o.text()),
            o.estimatedRows() < 0 ? "" : number(Math.round(o.estimatedRows())),
            number(o.rows()),
            number(o.batches()),
            time(o.busyNanos()),
            o.peakBytes() == 0 ? "" : bytes(o.peakBytes()),
            remarks(o)
          });
    }
    int[] widths = new int[6];
    for (String[] line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line[i].length());
      }
    }
    StringBuilder out = new StringBuilder();
    for (String[] line : lines) {
      StringBuilder row = new StringBuilder(pad(line[0], -widths[0]));
      for (int i = 1; i < widths.length; i++) {
        row.append("  ").append(pad(line[i], widths[i]));
      }
      row.append(line[6].isEmpty() ? "" : "  " + line[6]);
      out.append(row.toString().stripTrailing()).append('\n');
    }
    return out.append("wall ")
        .append(time(profile.wallNanos()))
        .append(", planning ")
        .append(time(profile.planningNanos()))
        .append(", peak memory ")
        .append(bytes(profile.peakBytes()))
        .append(profile.spilledBytes() == 0 ? "" : ", spilled " + bytes(profile.spilledBytes()))
        .append(pressure(profile.pressure()))
        .append('\n')
        .toString();
  }

  private static String pressure(Profile.Pressure p) {
    return (p.outOfHeapBytes() == 0
            ? ""
            : ", pipes put " + bytes(p.outOfHeapBytes()) + " into " + p.outOfHeap() + " segments")
        + (p.tightNanos() == 0
            ? ""
            : ", heap tight for "
                + time(p.tightNanos())
                + " ("
                + p.pool()
                + " above "
                + bytes(p.tightBytes())
                + ")");
  }

  private static String remarks(Profile.Operator o) {
    String scanned = o.scan() == null ? "" : scanned(o.scan());
    if (o.spilledBytes() == 0) {
      return scanned;
    }
    return (scanned.isEmpty() ? "" : scanned + "; ")
        + bytes(o.spilledBytes())
        + " spilled as "
        + bytes(o.diskBytes());
  }

  private static String shortened(String text) {
    String line = text.replace('\n', ' ');
    return line.length() <= WIDEST ? line : line.substring(0, WIDEST - 3) + "...";
  }

  private static String scanned(Profile.Scanned s) {
    return number(s.readPieces())
        + " "
        + s.pieces()
        + (s.skippedPieces() == 0 ? "" : ", " + number(s.skippedPieces()) + " skipped")
        + (s.readBytes() == 0 ? "" : ", " + bytes(s.readBytes()) + " read");
  }

  private static String pad(String text, int width) {
    String spaces = " ".repeat(Math.max(0, Math.abs(width) - text.length()));
    return width < 0 ? text + spaces : spaces + text;
  }

  private static String number(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  private static String time(long nanos) {
    return String.format(Locale.ROOT, "%,.3f ms", nanos / 1e6);
  }

  private static String bytes(long n) {
    if (n < KIB) {
      return n + " B";
    }
    double size = n;
    int unit = -1;
    do {
      size /= KIB;
      unit++;
    } while (size >= KIB && unit < 3);
    return String.format(Locale.ROOT, "%.1f %siB", size, "KMGT".charAt(unit));
  }
}
