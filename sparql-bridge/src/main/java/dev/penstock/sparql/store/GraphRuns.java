package dev.penstock.sparql.store;

import dev.penstock.sparql.page.Bytes;

/**
 * The runs of all graphs in one order, one behind the other by the graph's id, and figures.
 *
 * <pre>
 * bytes      = blocks index graphs predicates
 * graph      = id, first block, triples, different first parts, first predicate, predicates (8 each)
 * predicate  = id, triples, how many (8 each), by id; in SPO its subjects, in POS its objects
 * fields     = triples, index, number of graphs, graphs, predicates
 * </pre>
 *
 * <p>Immutable.
 */
final class GraphRuns {
  static final int GRAPH_ENTRY = 48;
  static final int PREDICATE_ENTRY = 24;
  static final int TRIPLES = 0;
  static final int INDEX = 1;
  static final int GRAPHS = 2;
  static final int GRAPHS_AT = 3;
  static final int PREDICATES_AT = 4;

  static final GraphRuns NONE = new GraphRuns(Bytes.NONE);

  private final Bytes bytes;

  GraphRuns(Bytes bytes) {
    this.bytes = bytes;
  }

  long triples() {
    return bytes.field(TRIPLES);
  }

  /** Graphs, the default graph among them if it has triples. */
  int graphs() {
    return (int) bytes.field(GRAPHS);
  }

  private long entry(int k) {
    return bytes.field(GRAPHS_AT) + (long) GRAPH_ENTRY * k;
  }

  /** The id of the k-th graph; they ascend. */
  long graph(int k) {
    return bytes.getLong(entry(k));
  }

  /** The number of a graph, or -1. */
  int find(long graph) {
    int low = 0;
    int high = graphs() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Long.compare(graph(middle), graph);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  Run run(int k) {
    long firstBlock = bytes.getLong(entry(k) + 8);
    return new Run(bytes, bytes.field(INDEX) + Run.ENTRY * firstBlock, triples(k));
  }

  long triples(int k) {
    return bytes.getLong(entry(k) + 16);
  }

  /** How many different first parts the k-th graph has. */
  long firsts(int k) {
    return bytes.getLong(entry(k) + 24);
  }

  /** How many predicates are known of the k-th graph; 0 when they were too many to count. */
  long predicates(int k) {
    return bytes.getLong(entry(k) + 40);
  }

  /** The id of the i-th predicate that is known of the k-th graph. */
  long predicate(int k, long i) {
    long first = bytes.getLong(entry(k) + 32);
    return bytes.getLong(bytes.field(PREDICATES_AT) + PREDICATE_ENTRY * (first + i));
  }

  /**
   * What is known of a predicate: 0 its triples (POS), 1 its different subjects (SPO) or objects
   * (POS).
   *
   * @return -1 when it is not there
   */
  long figure(int k, long predicate, int which) {
    long first = bytes.field(PREDICATES_AT) + PREDICATE_ENTRY * bytes.getLong(entry(k) + 32);
    long low = 0;
    long high = predicates(k) - 1;
    while (low <= high) {
      long middle = (low + high) >>> 1;
      long at = first + PREDICATE_ENTRY * middle;
      int order = Long.compare(bytes.getLong(at), predicate);
      if (order == 0) {
        return bytes.getLong(at + 8 + 8L * which);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }
}
