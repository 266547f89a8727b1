package dev.penstock.benchmarks.beside;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a query, in order.
 *
 * @param rows values of Penstock, or texts of others; null is null
 */
public record Answer(List<List<@Nullable Object>> rows) {

  /** A CSV file without a header; a cell without a character is null. */
  public static Answer read(Path csv) throws IOException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String line : Files.readAllLines(csv)) {
      rows.add(cells(line));
    }
    return new Answer(rows);
  }

  private static List<@Nullable Object> cells(String line) {
    List<@Nullable Object> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.length() == 0 ? null : cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.length() == 0 ? null : cell.toString());
    return cells;
  }

  /**
   * The first difference from another answer, null if there is none. The types of this one rule:
   * doubles may differ by {@code relative}, and other numbers must be equal if {@code exact}; else
   * they may differ by {@code relative} too. Spaces at the ends of texts do not count, the official
   * answers have none. Rows that follow each other may come in another order if a column, by which
   * they were sorted, is the same in all of them.
   */
  public @Nullable String difference(Answer other, double relative, boolean exact) {
    if (rows.size() != other.rows.size()) {
      return rows.size() + " rows, not " + other.rows.size();
    }
    for (int r = 0; r < rows.size(); r++) {
      List<@Nullable Object> mine = rows.get(r);
      List<@Nullable Object> theirs = other.rows.get(r);
      if (mine.size() != theirs.size()) {
        return mine.size() + " columns, not " + theirs.size();
      }
      int c = differing(mine, theirs, relative, exact);
      if (c >= 0) {
        int behind = behindTies(other, r, relative, exact);
        if (behind < 0) {
          return "row " + r + ", column " + c + ": " + mine.get(c) + ", not " + theirs.get(c);
        }
        r = behind - 1;
      }
    }
    return null;
  }

  private static int differing(
      List<@Nullable Object> mine, List<@Nullable Object> theirs, double relative, boolean exact) {
    for (int c = 0; c < mine.size(); c++) {
      if (!same(mine.get(c), theirs.get(c), relative, exact)) {
        return c;
      }
    }
    return -1;
  }

  /** The end of the equally sorted rows from a row, if they are the same in any order; else -1. */
  private int behindTies(Answer other, int from, double relative, boolean exact) {
    for (int c = 0; c < rows.get(from).size(); c++) {
      int end = from;
      while (end < Math.min(rows.size(), from + 1000)
          && same(rows.get(end).get(c), rows.get(from).get(c), 0, true)
          && same(other.rows.get(end).get(c), rows.get(from).get(c), relative, exact)) {
        end++;
      }
      if (end > from + 1 && sameInAnyOrder(other, from, end, relative, exact)) {
        return end;
      }
    }
    return -1;
  }

  private boolean sameInAnyOrder(Answer other, int from, int end, double relative, boolean exact) {
    List<List<@Nullable Object>> left = new ArrayList<>(other.rows.subList(from, end));
    for (List<@Nullable Object> mine : rows.subList(from, end)) {
      int found = -1;
      for (int i = 0; i < left.size() && found < 0; i++) {
        found = differing(mine, left.get(i), relative, exact) < 0 ? i : -1;
      }
      if (found < 0) {
        return false;
      }
      left.remove(found);
    }
    return true;
  }

  private static boolean same(
      @Nullable Object mine, @Nullable Object theirs, double relative, boolean exact) {
    if (mine == null || theirs == null) {
      return mine == theirs;
    }
    if (mine instanceof Number n) {
      BigDecimal a = new BigDecimal(n.toString());
      BigDecimal b;
      try {
        b = new BigDecimal(theirs.toString());
      } catch (NumberFormatException e) {
        return false;
      }
      if (exact && !(mine instanceof Double)) {
        return a.compareTo(b) == 0;
      }
      BigDecimal most = a.abs().max(b.abs()).multiply(BigDecimal.valueOf(relative));
      return a.subtract(b).abs().compareTo(most) <= 0;
    }
    return mine.toString().strip().equals(theirs.toString().strip());
  }
}
