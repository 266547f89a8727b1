package dev.penstock.benchmarks.scaling;

import dev.penstock.benchmarks.TpchFiles;
import dev.penstock.benchmarks.beside.Answer;
import dev.penstock.benchmarks.beside.DuckPeer;
import dev.penstock.benchmarks.beside.Peer;
import dev.penstock.benchmarks.beside.PenstockPeer;
import dev.penstock.benchmarks.memory.Processes;
import dev.penstock.sources.tpch.TpchSource;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One engine in a process of its own: {@code GrowthChild ENGINE DATA SQL_DIR SCALE WORKERS WARMUP
 * ROUNDS QUERY...}. A line a query, {@code QUERY name digest-of-the-rows milliseconds ...}, and
 * {@code RSS KiB} at its end.
 */
final class GrowthChild {
  private GrowthChild() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    double scale = Double.parseDouble(args[3]);
    int workers = Integer.parseInt(args[4]);
    int warmup = Integer.parseInt(args[5]);
    int rounds = Integer.parseInt(args[6]);
    List<String> tables = TpchSource.tables();
    try (Peer peer =
        args[0].equals("penstock")
            ? PenstockPeer.over(folder, tables, workers, false)
            : DuckPeer.over(folder, tables, workers, false)) {
      for (int i = 7; i < args.length; i++) {
        int q = Integer.parseInt(args[i]);
        String sql = TpchFiles.query(Path.of(args[2]), q, scale);
        StringBuilder line = new StringBuilder("QUERY ").append(TpchFiles.name(q)).append(' ');
        line.append(digest(peer.answer(sql)));
        for (int round = 1 - warmup; round <= rounds; round++) {
          double millis = peer.millis(sql);
          if (round > 0) {
            line.append(' ').append(millis);
          }
        }
        System.out.println(line);
      }
    }
    System.out.println("RSS " + Processes.peakResidentKib());
  }

  /**
   * Numbers to nine digits: sums of doubles depend on the order. Rows in any order: equal sort keys
   * have none.
   */
  private static int digest(Answer answer) {
    int digest = answer.rows().size();
    for (List<@Nullable Object> row : answer.rows()) {
      int ofRow = 1;
      for (Object value : row) {
        String text =
            value instanceof Number n
                ? new BigDecimal(n.toString())
                    .round(new MathContext(9))
                    .stripTrailingZeros()
                    .toPlainString()
                : String.valueOf(value).strip();
        ofRow = 31 * ofRow + text.hashCode();
      }
      digest += ofRow * 0x9E3779B1;
    }
    return digest;
  }
}
