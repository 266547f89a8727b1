package dev.penstock.server.sparql;

import dev.penstock.monitor.Budget;
import dev.penstock.sparql.store.StoreState;
import dev.penstock.sparql.store.TripleGraph;
import dev.penstock.sparql.term.Terms;
import java.util.List;
import java.util.Map;
import org.apache.jena.datatypes.xsd.XSDDatatype;
import org.apache.jena.graph.Graph;
import org.apache.jena.graph.GraphMemFactory;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.graph.Triple;
import org.apache.jena.vocabulary.RDF;

/**
 * What a SPARQL endpoint says of itself: languages, formats, and its graphs with numbers of triples
 * and of predicates (VoID), by which clients plan.
 */
public final class ServiceDescription {
  private static final String SD = "http://www.w3.org/ns/sparql-service-description#";
  private static final String VOID = "http://rdfs.org/ns/void#";
  private static final String FORMATS = "http://www.w3.org/ns/formats/";

  /** More named graphs are there, but not told one by one. */
  private static final int MOST_GRAPHS = 1000;

  private static final List<String> RESULTS =
      List.of(
          "SPARQL_Results_JSON",
          "SPARQL_Results_XML",
          "SPARQL_Results_CSV",
          "SPARQL_Results_TSV",
          "Turtle",
          "N-Triples",
          "RDF_XML",
          "JSON-LD");

  private final Graph out = GraphMemFactory.createDefaultGraphSameTerm();

  private ServiceDescription() {}

  /**
   * @param endpoint the address that was asked
   */
  public static Graph of(String endpoint, StoreState state, Budget budget) {
    ServiceDescription made = new ServiceDescription();
    try (Terms terms = new Terms(state.dictionary(), state.terms(), budget)) {
      made.service(NodeFactory.createURI(endpoint), state, terms);
    }
    made.out.getPrefixMapping().setNsPrefix("sd", SD).setNsPrefix("void", VOID);
    return made.out;
  }

  private static Node sd(String name) {
    return NodeFactory.createURI(SD + name);
  }

  private static Node voids(String name) {
    return NodeFactory.createURI(VOID + name);
  }

  private void add(Node s, Node p, Node o) {
    out.add(Triple.create(s, p, o));
  }

  private Node made(Node subject, Node property, String type) {
    Node node = NodeFactory.createBlankNode();
    add(subject, property, node);
    add(node, RDF.type.asNode(), sd(type));
    return node;
  }

  private void service(Node endpoint, StoreState state, Terms terms) {
    Node service = NodeFactory.createBlankNode();
    add(service, RDF.type.asNode(), sd("Service"));
    add(service, sd("endpoint"), endpoint);
    add(service, sd("supportedLanguage"), sd("SPARQL10Query"));
    add(service, sd("supportedLanguage"), sd("SPARQL11Query"));
    for (String format : RESULTS) {
      add(service, sd("resultFormat"), NodeFactory.createURI(FORMATS + format));
    }
    Node dataset = made(service, sd("defaultDataset"), "Dataset");
    add(dataset, RDF.type.asNode(), voids("Dataset"));
    number(dataset, "triples", state.size());
    figures(made(dataset, sd("defaultGraph"), "Graph"), state.defaultGraph(), terms);
    int told = 0;
    for (Map.Entry<Long, TripleGraph> e : state.graphs().entrySet()) {
      if (told++ == MOST_GRAPHS) {
        break;
      }
      Node named = made(dataset, sd("namedGraph"), "NamedGraph");
      add(named, sd("name"), terms.decode(e.getKey()));
      figures(made(named, sd("graph"), "Graph"), e.getValue(), terms);
    }
  }

  private void figures(Node node, TripleGraph graph, Terms terms) {
    add(node, RDF.type.asNode(), voids("Dataset"));
    number(node, "triples", graph.size());
    number(node, "distinctSubjects", graph.subjects());
    number(node, "distinctObjects", graph.objects());
    number(node, "properties", graph.predicates().size());
    graph
        .predicates()
        .forEach(
            (id, predicate) -> {
              Node part = NodeFactory.createBlankNode();
              add(node, voids("propertyPartition"), part);
              add(part, voids("property"), terms.decode(id));
              number(part, "triples", predicate.triples());
              number(part, "distinctSubjects", predicate.subjects());
              number(part, "distinctObjects", predicate.objects());
            });
  }

  private void number(Node subject, String property, long value) {
    add(
        subject,
        voids(property),
        NodeFactory.createLiteralDT(Long.toString(value), XSDDatatype.XSDinteger));
  }
}
