package dev.penstock.sparql.store;

import dev.penstock.nodes.Source;
import java.util.function.LongUnaryOperator;

/** The matches of one triple pattern, as a source. Immutable. */
public interface PatternSource extends Source {
  /**
   * The same pattern over the same graphs, with other ids where its subject and object are given.
   */
  PatternSource with(LongUnaryOperator ids);
}
