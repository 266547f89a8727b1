package dev.penstock.sparql.store;

import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.jena.graph.Node;

/**
 * Some triples of an input: their different terms, and each triple as four numbers of these.
 *
 * <p>One thread at a time: it goes from who parses to who gives ids.
 */
final class Chunk {
  /** Stands for the graph that takes triples without one. */
  static final int NO_GRAPH = -1;

  /** Of a term, its label, its text and its entry in the map, beside its characters. */
  private static final int TERM_BYTES = 200;

  private static final int ROW_BYTES = 24;

  private final Map<Node, Integer> numbers = new HashMap<>();
  final List<Node> terms = new ArrayList<>();
  int[] quads = new int[1024];
  int rows;
  long bytes;

  /** Lines that were left out. */
  long skipped;

  void add(int graph, Node s, Node p, Node o) {
    if (s.isTripleTerm() || o.isTripleTerm()) {
      throw PenstockException.unsupported(
          "rdf-star", "triples within triples are not supported, got " + s + " " + p + " " + o);
    }
    if (4 * rows == quads.length) {
      quads = Arrays.copyOf(quads, 2 * quads.length);
    }
    int at = 4 * rows++;
    quads[at] = graph;
    quads[at + 1] = number(s);
    quads[at + 2] = number(p);
    quads[at + 3] = number(o);
    bytes += ROW_BYTES;
  }

  /** The number of a term in this chunk. */
  int number(Node term) {
    Integer known = numbers.putIfAbsent(term, terms.size());
    if (known != null) {
      return known;
    }
    terms.add(term);
    bytes += TERM_BYTES;
    if (term.isURI()) {
      bytes += 2L * term.getURI().length();
    } else if (term.isLiteral()) {
      bytes += 2L * term.getLiteralLexicalForm().length();
    }
    return terms.size() - 1;
  }
}
