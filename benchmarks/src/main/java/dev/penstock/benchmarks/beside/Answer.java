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
   * answers have none.
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
      for (int c = 0; c < mine.size(); c++) {
        if (!same(mine.get(c), theirs.get(c), relative, exact)) {
          return "row " + r + ", column " + c + ": " + mine.get(c) + ", not " + theirs.get(c);
        }
      }
    }
    return null;
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
