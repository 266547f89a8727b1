package dev.penstock.sparql;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.eval.DatasetView;
import dev.penstock.sparql.store.StoreState;
import dev.penstock.sparql.term.Terms;
import java.util.List;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.query.Query;
import org.apache.jena.query.QueryException;
import org.apache.jena.query.QueryFactory;
import org.apache.jena.query.Syntax;
import org.apache.jena.sys.JenaSystem;
import org.jspecify.annotations.Nullable;

/**
 * A query that was parsed, and the graphs that it is asked of. Immutable; any thread.
 *
 * <pre>{@code
 * SparqlQuery query = SparqlQuery.parse("ASK { ?s ?p ?o }").over(List.of("http://x/graph"), List.of());
 * }</pre>
 */
public final class SparqlQuery {
  static {
    JenaSystem.init();
  }

  private final String text;
  private final @Nullable String base;
  private final Query parsed;
  private final boolean isOver;
  private final List<String> defaultGraphs;
  private final List<String> namedGraphs;

  private SparqlQuery(
      String text,
      @Nullable String base,
      Query parsed,
      boolean isOver,
      List<String> defaultGraphs,
      List<String> namedGraphs) {
    this.text = text;
    this.base = base;
    this.parsed = parsed;
    this.isOver = isOver;
    this.defaultGraphs = List.copyOf(defaultGraphs);
    this.namedGraphs = List.copyOf(namedGraphs);
  }

  /** Reads a text; what is wrong with it is an error of category INCORRECT with its place. */
  public static SparqlQuery parse(String text) {
    return parse(text, null);
  }

  /**
   * @param base the IRI that relative ones of the query go by
   */
  public static SparqlQuery parse(String text, @Nullable String base) {
    try {
      return of(
          text,
          base,
          base == null
              ? QueryFactory.create(text, Syntax.syntaxSPARQL_11)
              : QueryFactory.create(text, base, Syntax.syntaxSPARQL_11));
    } catch (QueryException e) {
      throw e.getCause() instanceof StackOverflowError ? tooDeep() : SyntaxProblem.of(e);
    } catch (StackOverflowError e) {
      throw tooDeep();
    }
  }

  static PenstockException tooDeep() {
    return PenstockException.limit(
        "sparql-depth", "SPARQL: the query is nested too deeply for the stack of a thread");
  }

  /** A query that a program has made, or parsed, with Jena. */
  public static SparqlQuery of(Query query) {
    return of(query.toString(), null, query);
  }

  private static SparqlQuery of(String text, @Nullable String base, Query query) {
    query.ensureResultVars();
    if (query.isConstructQuad()) {
      throw PenstockException.unsupported(
          "sparql-unsupported", "CONSTRUCT of quads is not supported here");
    }
    if (query.isJsonType()) {
      throw PenstockException.unsupported(
          "sparql-unsupported", "expected SELECT, ASK, CONSTRUCT or DESCRIBE");
    }
    boolean isOver = query.hasDatasetDescription();
    return new SparqlQuery(
        text,
        base,
        query,
        isOver,
        isOver ? query.getGraphURIs() : List.of(),
        isOver ? query.getNamedGraphURIs() : List.of());
  }

  /**
   * The same query over other graphs, whatever its FROM and FROM NAMED say: as the parameters of
   * the SPARQL protocol do.
   *
   * @param defaults IRIs of the graphs whose merge is the default graph
   * @param named IRIs of the named graphs
   */
  public SparqlQuery over(List<String> defaults, List<String> named) {
    return new SparqlQuery(text, base, parsed, true, defaults, named);
  }

  /** As it was written. */
  public String text() {
    return text;
  }

  /** Equal keys, equal meaning over the same state of a store. */
  String key() {
    return text + '\n' + base + '\n' + graphsKey();
  }

  /** What plans of queries with the same algebra depend on. */
  String shapeKey() {
    return kind() + " " + graphsKey();
  }

  private String graphsKey() {
    return isOver ? defaultGraphs + " " + namedGraphs + " " : "";
  }

  /** What it asks for. */
  public SparqlResult.Kind kind() {
    return SparqlResult.Kind.of(parsed);
  }

  Query parsed() {
    return parsed;
  }

  /** The graphs of the store that it is asked of; without FROM the store as it is. */
  DatasetView dataset(StoreState state, Terms terms) {
    return isOver
        ? new DatasetView(state, ids(defaultGraphs, terms), ids(namedGraphs, terms))
        : DatasetView.of(state);
  }

  /**
   * Also of graphs without triples, which the store does not know: here they are there, and empty.
   */
  private static List<Long> ids(List<String> names, Terms terms) {
    return names.stream().map(n -> terms.encode(NodeFactory.createURI(n))).distinct().toList();
  }
}
