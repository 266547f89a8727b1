package dev.penstock.sparql.term;

import org.apache.jena.graph.Node;

/**
 * The terms of a store by index. Indices never change.
 *
 * <p>Concurrency: any thread.
 */
public interface StoredTerms extends AutoCloseable {
  /** How many there are now. */
  int size();

  /** The index of a term, or -1. */
  int find(Node term);

  /** The term of an index below {@link #size}. */
  Node get(int index);

  /** Frees what is held; nobody reads any more. */
  @Override
  void close();
}
