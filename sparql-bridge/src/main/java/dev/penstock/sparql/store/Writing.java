package dev.penstock.sparql.store;

import dev.penstock.sparql.page.Sink;
import org.apache.jena.graph.Node;

/**
 * A new version of a store while it is written; whatever is not published is gone when this is
 * closed. One thread at a time.
 */
interface Writing extends AutoCloseable {
  /** What is there before. */
  StoreState before();

  /** The id of a term, which is added if it is new. */
  long id(Node term);

  /** Where the runs of an order are written. */
  Sink runs(RunWriter.Order order);

  /** Where the new triples in the order SPO are written, which are of no use after the load. */
  Sink scratchRuns();

  /** All is written: from now on this is the store. */
  StoreState publish(GraphRuns spo, GraphRuns pos, GraphRuns osp);

  @Override
  void close();
}
