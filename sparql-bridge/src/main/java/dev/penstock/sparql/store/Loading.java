package dev.penstock.sparql.store;

import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.sparql.term.Dictionary;
import dev.penstock.sparql.term.Terms;
import java.io.InputStream;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.graph.Triple;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFParser;
import org.apache.jena.riot.RiotException;
import org.apache.jena.riot.system.ErrorHandler;
import org.apache.jena.riot.system.StreamRDFBase;
import org.apache.jena.sparql.core.Quad;
import org.jspecify.annotations.Nullable;

/** One load: Jena reads, triples are collected by graph. One thread. */
final class Loading {
  private static final int ROWS_AT_ONCE = 4096;

  /** Three ids, in pieces that double. */
  private static final long ROW_BYTES = 48;

  private final Dictionary dictionary;
  private final Reservation memory;
  private final Map<Long, Triples> graphs = new LinkedHashMap<>();
  private final long target;
  private long rows;

  Loading(Dictionary dictionary, Reservation memory, @Nullable String graph) {
    this.dictionary = dictionary;
    this.memory = memory;
    this.target =
        graph == null
            ? TripleStore.DEFAULT_GRAPH
            : Terms.add(dictionary, NodeFactory.createURI(graph));
    if (graph != null) {
      graphs.put(target, new Triples());
    }
  }

  Map<Long, Triples> graphs() {
    return graphs;
  }

  void read(InputStream in, Lang lang, String where, String base) {
    try {
      RDFParser.create()
          .source(in)
          .lang(lang)
          .base(base)
          .errorHandler(new Strict(where))
          .parse(new Into());
    } catch (PenstockException e) {
      throw e;
    } catch (RiotException e) {
      throw bad(where + ": " + e.getMessage(), e);
    }
  }

  void add(Iterator<Quad> quads) {
    Into into = new Into();
    quads.forEachRemaining(into::quad);
  }

  private static PenstockException bad(String message, @Nullable Throwable cause) {
    return new PenstockException(
        PenstockException.Category.INCORRECT,
        "rdf-syntax",
        message + "; nothing was loaded",
        cause);
  }

  private void add(long graph, Node s, Node p, Node o) {
    if (s.isTripleTerm() || o.isTripleTerm()) {
      throw PenstockException.unsupported(
          "rdf-star", "triples within triples are not supported, got " + s + " " + p + " " + o);
    }
    if (rows++ % ROWS_AT_ONCE == 0) {
      memory.grow(ROW_BYTES * ROWS_AT_ONCE);
    }
    graphs
        .computeIfAbsent(graph, g -> new Triples())
        .add(Terms.add(dictionary, s), Terms.add(dictionary, p), Terms.add(dictionary, o));
  }

  private final class Into extends StreamRDFBase {
    @Override
    public void triple(Triple t) {
      add(target, t.getSubject(), t.getPredicate(), t.getObject());
    }

    @Override
    public void quad(Quad q) {
      long graph =
          q.isDefaultGraph() || q.getGraph() == null ? target : Terms.add(dictionary, q.getGraph());
      add(graph, q.getSubject(), q.getPredicate(), q.getObject());
    }
  }

  /** What is wrong ends the load; what is odd (a literal that is no value of its type) does not. */
  private record Strict(String where) implements ErrorHandler {
    @Override
    public void warning(String message, long line, long column) {
      // such data is kept as it is written
    }

    @Override
    public void error(String message, long line, long column) {
      throw at(message, line, column);
    }

    @Override
    public void fatal(String message, long line, long column) {
      throw at(message, line, column);
    }

    private PenstockException at(String message, long line, long column) {
      String place = line < 0 ? where : where + ":" + line + (column < 0 ? "" : ":" + column);
      return bad(place + ": " + message, null);
    }
  }
}
