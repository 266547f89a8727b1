package dev.penstock.nodes.window;

import dev.penstock.batch.Column;
import java.util.List;

/** All arguments of a function, of any rows. */
record ArgumentRows(SortedRows rows, List<Argument> args) {
  Column[] at(int[] of, int count) {
    rows.token.check();
    Column[] out = new Column[args.size()];
    for (int c = 0; c < out.length; c++) {
      out[c] = rows.at(args.get(c), of, count);
    }
    return out;
  }
}
