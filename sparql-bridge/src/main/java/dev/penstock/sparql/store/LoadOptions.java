package dev.penstock.sparql.store;

import dev.penstock.monitor.CancellationToken;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a load is done.
 *
 * @param graph the IRI of the graph that takes triples (quads have their own); null: the default
 *     graph
 * @param skipBad leave lines of N-Triples and N-Quads out that cannot be read, and count them; the
 *     other formats have no such lines, and are refused
 * @param token ends the load when it is cancelled
 * @param progress is told now and then how far it is, by threads of the load, one after the other
 */
public record LoadOptions(
    @Nullable String graph,
    boolean skipBad,
    CancellationToken token,
    Consumer<LoadProgress> progress) {
  /** Into the default graph, all or nothing, quietly. */
  public static LoadOptions defaults() {
    return new LoadOptions(null, false, new CancellationToken(), p -> {});
  }

  public LoadOptions withGraph(@Nullable String iri) {
    return new LoadOptions(iri, skipBad, token, progress);
  }

  public LoadOptions withSkipBad(boolean skip) {
    return new LoadOptions(graph, skip, token, progress);
  }

  public LoadOptions withToken(CancellationToken other) {
    return new LoadOptions(graph, skipBad, other, progress);
  }

  public LoadOptions withProgress(Consumer<LoadProgress> told) {
    return new LoadOptions(graph, skipBad, token, told);
  }
}
