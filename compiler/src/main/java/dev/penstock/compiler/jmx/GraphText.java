package dev.penstock.compiler.jmx;

import dev.penstock.compiler.queries.GraphSnapshot;
import java.util.Locale;

/** A graph as text: one line a node and a pipe. */
final class GraphText {
  private GraphText() {}

  static String of(GraphSnapshot graph) {
    StringBuilder out = new StringBuilder();
    for (GraphSnapshot.Node n : graph.nodes()) {
      out.append(
          String.format(
              Locale.ROOT,
              "node %d: %s, permits %d of %d, tasks %d, busy %.3f s, rows in %d, out %d,"
                  + " memory %d (most %d), spilled %d%n",
              n.index() + 1,
              n.name(),
              n.permitsInUse(),
              n.permits(),
              n.tasks(),
              n.busyNanos() / 1e9,
              n.rowsIn(),
              n.rowsOut(),
              n.memoryBytes(),
              n.peakMemoryBytes(),
              n.spilledBytes()));
    }
    for (GraphSnapshot.Pipe p : graph.pipes()) {
      out.append(
          String.format(
              Locale.ROOT,
              "pipe %d: %s, in %d (%d bytes), out %d, waiting %d (%d bytes of %d)%n",
              p.index() + 1,
              p.name(),
              p.itemsIn(),
              p.bytesIn(),
              p.itemsOut(),
              p.itemsWaiting(),
              p.bytesWaiting(),
              p.capacityBytes()));
    }
    return out.toString();
  }
}
