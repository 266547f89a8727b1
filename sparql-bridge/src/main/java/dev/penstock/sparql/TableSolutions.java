package dev.penstock.sparql;

import dev.penstock.monitor.PenstockException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.jena.graph.Node;
import org.apache.jena.shared.PrefixMapping;
import org.apache.jena.sparql.util.FmtUtils;
import org.jspecify.annotations.Nullable;

/**
 * Writes solutions as a table for people, terms as in Turtle with the prefixes of the query. The
 * first rows make the widths of its columns; a longer cell further down makes its line longer, so
 * that no result is too long.
 */
final class TableSolutions {
  private static final int FIRST_ROWS = 1000;

  private final Writer out;
  private int[] widths = {};

  TableSolutions(OutputStream out) {
    this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
  }

  void write(SparqlResult result) {
    PrefixMapping prefixes = result.query().getPrefixMapping();
    List<String> names = result.variables();
    List<List<String>> first = new ArrayList<>();
    widths = new int[names.size()];
    widen(names);
    try {
      List<@Nullable Node> row = null;
      while (first.size() < FIRST_ROWS && (row = result.next()) != null) {
        List<String> cells = cells(row, prefixes);
        widen(cells);
        first.add(cells);
      }
      rule('-');
      line(names);
      rule('=');
      for (List<String> cells : first) {
        line(cells);
      }
      if (row != null) {
        for (row = result.next(); row != null; row = result.next()) {
          line(cells(row, prefixes));
        }
      }
      rule('-');
      out.flush();
    } catch (IOException e) {
      throw PenstockException.io("output-gone", "the output is closed: " + e.getMessage(), e);
    }
  }

  private static List<String> cells(List<@Nullable Node> row, PrefixMapping prefixes) {
    return row.stream()
        .map(term -> term == null ? "" : FmtUtils.stringForNode(term, prefixes))
        .toList();
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  private void widen(List<String> cells) {
    Arrays.setAll(widths, k -> Math.max(widths[k], width(cells.get(k))));
  }

  private void rule(char c) throws IOException {
    int all = 1;
    for (int w : widths) {
      all += w + 3;
    }
    out.write(String.valueOf(c).repeat(all));
    out.write('\n');
  }

  private void line(List<String> cells) throws IOException {
    out.write('|');
    for (int k = 0; k < widths.length; k++) {
      String cell = cells.get(k);
      out.write(' ');
      out.write(cell);
      out.write(" ".repeat(Math.max(0, widths[k] - width(cell))));
      out.write(" |");
    }
    out.write('\n');
  }
}
