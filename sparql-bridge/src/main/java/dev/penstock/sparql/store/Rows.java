package dev.penstock.sparql.store;

/** Triples with their graphs, one after the other, in the order of a run. One thread. */
abstract class Rows {
  long g;
  long a;
  long b;
  long c;

  /** Goes to the next one; false at the end. */
  abstract boolean next();

  /** Of all graphs of some runs. */
  static Rows of(GraphRuns runs) {
    return new OfRuns(runs);
  }

  private static final class OfRuns extends Rows {
    private final GraphRuns runs;
    private final long[] as = new long[Block.ROWS];
    private final long[] bs = new long[Block.ROWS];
    private final long[] cs = new long[Block.ROWS];
    private Run run = new Run(dev.penstock.sparql.page.Bytes.NONE, 0, 0);
    private int graph = -1;
    private long at;
    private int row;
    private int rows;

    OfRuns(GraphRuns runs) {
      this.runs = runs;
    }

    @Override
    boolean next() {
      if (row == rows && !block()) {
        return false;
      }
      a = as[row];
      b = bs[row];
      c = cs[row++];
      return true;
    }

    private boolean block() {
      while (at == run.size()) {
        if (++graph >= runs.graphs()) {
          return false;
        }
        run = runs.run(graph);
        g = runs.graph(graph);
        at = 0;
      }
      rows = (int) Math.min(Block.ROWS, run.size() - at);
      run.copy(0, at, rows, as);
      run.copy(1, at, rows, bs);
      run.copy(2, at, rows, cs);
      at += rows;
      row = 0;
      return true;
    }
  }
}
