package dev.penstock.nodes.window;

import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.PenstockException;
import java.util.List;

/**
 * Where a row stands in its partition: row-number, rank, dense-rank, percent-rank, cume-dist,
 * ntile.
 */
final class Ranking implements Evaluator {
  private final String name;
  private final DataType type;
  private final List<Argument> args;
  private final SortedRows rows;

  Ranking(String name, DataType type, List<Argument> args, SortedRows rows) {
    this.name = name;
    this.type = type;
    this.args = args;
    this.rows = rows;
  }

  @Override
  public Column evaluate(Block b) {
    return switch (name) {
      case "row-number" -> rowNumber(b);
      case "rank" -> rank(b);
      case "dense-rank" -> denseRank(b);
      case "percent-rank" -> percentRank(b);
      case "cume-dist" -> cumeDist(b);
      default -> ntile(b);
    };
  }

  private Column rowNumber(Block b) {
    long[] out = new long[b.count];
    for (int i = 0; i < out.length; i++) {
      out[i] = (long) b.from + i - b.partitionStart[i] + 1;
    }
    return Whole.column(type, out, null, out.length);
  }

  private Column rank(Block b) {
    long[] out = new long[b.count];
    for (int i = 0; i < out.length; i++) {
      out[i] = (long) b.peersStart[i] - b.partitionStart[i] + 1;
    }
    return Whole.column(type, out, null, out.length);
  }

  private Column denseRank(Block b) {
    long[] out = new long[b.count];
    for (int i = 0; i < out.length; i++) {
      out[i] = b.peersBefore[i] + 1L;
    }
    return Whole.column(type, out, null, out.length);
  }

  /** (rank - 1) / (rows - 1), and 0 in a partition of one row. */
  private Column percentRank(Block b) {
    double[] out = new double[b.count];
    for (int i = 0; i < out.length; i++) {
      int others = b.partitionEnd[i] - b.partitionStart[i] - 1;
      out[i] = others == 0 ? 0 : (double) (b.peersStart[i] - b.partitionStart[i]) / others;
    }
    return new DoubleColumn(type, out, null, out.length);
  }

  /** The share of rows that are not after this one. */
  private Column cumeDist(Block b) {
    double[] out = new double[b.count];
    for (int i = 0; i < out.length; i++) {
      int start = b.partitionStart[i];
      out[i] = (double) (b.peersEnd[i] - start) / (b.partitionEnd[i] - start);
    }
    return new DoubleColumn(type, out, null, out.length);
  }

  /** Buckets whose sizes differ by one at most, the greater ones first. */
  private Column ntile(Block b) {
    FlatColumn buckets = rows.read(args.get(0), b.from, b.count).flat(null, b.count);
    long[] out = new long[b.count];
    long[] nulls = null;
    for (int i = 0; i < out.length; i++) {
      if (buckets.isNull(i)) {
        if (nulls == null) {
          nulls = new long[Bits.words(b.count)];
        }
        Bits.set(nulls, i);
        continue;
      }
      long n = Whole.at(buckets, i);
      if (n <= 0) {
        throw PenstockException.incorrect(
            "bad-argument", "(ntile " + n + "): expected a number of buckets, 1 or more");
      }
      long row = (long) b.from + i - b.partitionStart[i];
      long size = (long) b.partitionEnd[i] - b.partitionStart[i];
      long small = size / n;
      long greater = size % n;
      long inGreater = greater * (small + 1);
      out[i] = 1 + (row < inGreater ? row / (small + 1) : greater + (row - inGreater) / small);
    }
    return Whole.column(type, out, nulls, b.count);
  }
}
