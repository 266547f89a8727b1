package dev.penstock.sparql.store;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.term.Terms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.jena.graph.Node;
import org.jspecify.annotations.Nullable;

/**
 * Some triples of an input: their different terms, and each triple as four numbers of these. Terms
 * that are their own id have it from the begin.
 *
 * <p>One thread at a time: it goes from who parses to who gives ids.
 */
final class Chunk {
  /** Stands for the graph that takes triples without one. */
  static final int NO_GRAPH = -1;

  /** Of a term, its label, its text and its entries in maps, beside its characters. */
  private static final int TERM_BYTES = 224;

  private static final int ROW_BYTES = 24;

  private final Map<Node, Integer> numbers = new HashMap<>();
  private final List<@Nullable Node> terms = new ArrayList<>();
  private long[] ids = new long[256];
  private int[] quads = new int[1024];
  int rows;
  long bytes;

  /** Lines that were left out. */
  long skipped;

  void add(int graph, Node s, Node p, Node o) {
    if (s.isTripleTerm() || o.isTripleTerm()) {
      throw PenstockException.unsupported(
          "rdf-star", "triples within triples are not supported, got " + s + " " + p + " " + o);
    }
    row(graph, number(s), number(p), number(o));
  }

  /** Adds a triple by the numbers of its terms. */
  void row(int graph, int s, int p, int o) {
    if (4 * rows == quads.length) {
      quads = Arrays.copyOf(quads, 2 * quads.length);
    }
    int at = 4 * rows++;
    quads[at] = graph;
    quads[at + 1] = s;
    quads[at + 2] = p;
    quads[at + 3] = o;
    bytes += ROW_BYTES;
  }

  /** The number of a term in this chunk. */
  int number(Node term) {
    Integer known = numbers.putIfAbsent(term, terms.size());
    return known == null ? term(term) : known;
  }

  /** Adds a term, even if it is there; its number. */
  int term(Node term) {
    int number = terms.size();
    if (number == ids.length) {
      ids = Arrays.copyOf(ids, 2 * number);
    }
    ids[number] = Terms.inline(term);
    terms.add(ids[number] == 0 ? term : null);
    bytes += TERM_BYTES;
    if (term.isURI()) {
      bytes += 2L * term.getURI().length();
    } else if (term.isLiteral()) {
      bytes += 2L * term.getLiteralLexicalForm().length();
    }
    return number;
  }

  /** Asks for the ids of all terms that are not ids by themselves. */
  void resolve(ToLongFunction<Node> id) {
    for (int i = 0; i < terms.size(); i++) {
      Node term = terms.get(i);
      if (term != null) {
        ids[i] = id.applyAsLong(term);
      }
    }
  }

  /**
   * The id of the k-th part (graph, subject, predicate, object) of a row, when all are resolved.
   */
  long id(int row, int k) {
    return ids[quads[4 * row + k]];
  }

  boolean hasGraph(int row) {
    return quads[4 * row] != NO_GRAPH;
  }
}
