package dev.penstock.compiler.jmx;

import dev.penstock.compiler.queries.GraphSnapshot;
import java.util.Locale;
import java.util.stream.Collectors;

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
              "pipe %d: %s, in %d (%s%d bytes), out %d, waiting %d (%s%d bytes of %d)%s%n",
              p.index() + 1,
              p.name(),
              p.itemsIn(),
              rows(p.rowsIn()),
              p.bytesIn(),
              p.itemsOut(),
              p.itemsWaiting(),
              rows(p.rowsWaiting()),
              p.bytesWaiting(),
              p.capacityBytes(),
              places(p)));
    }
    return out.toString();
  }

  private static String rows(long count) {
    return count < 0 ? "" : count + " rows, ";
  }

  /** Where batches lie or lay, if any left the heap. */
  private static String places(GraphSnapshot.Pipe pipe) {
    return pipe.segments().size() < 2
        ? ""
        : pipe.segments().stream()
            .map(s -> s.kind() + " " + s.bytesWaiting() + " of " + s.bytesSoFar())
            .collect(Collectors.joining(", ", ", bytes in ", ""));
  }
}
