package dev.penstock.benchmarks.sparql;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.Triple;
import org.apache.jena.riot.RDFParser;
import org.apache.jena.riot.system.StreamRDFBase;
import org.eclipse.rdf4j.model.IRI;
import org.eclipse.rdf4j.model.Literal;
import org.eclipse.rdf4j.model.Resource;
import org.eclipse.rdf4j.model.Value;
import org.eclipse.rdf4j.model.ValueFactory;
import org.eclipse.rdf4j.query.BindingSet;
import org.eclipse.rdf4j.query.TupleQueryResult;
import org.eclipse.rdf4j.repository.RepositoryConnection;
import org.eclipse.rdf4j.repository.sail.SailRepository;
import org.eclipse.rdf4j.sail.memory.MemoryStore;

/** RDF4J over its store in memory; Jena reads the file for it. */
final class Rdf4jTriples implements TriplePeer {
  private final SailRepository repository = new SailRepository(new MemoryStore());
  private final RepositoryConnection connection;

  Rdf4jTriples() {
    repository.init();
    this.connection = repository.getConnection();
  }

  @Override
  public String name() {
    return "rdf4j";
  }

  @Override
  public void load(Path file) {
    ValueFactory values = connection.getValueFactory();
    connection.begin();
    RDFParser.source(file.toUri().toString())
        .parse(
            new StreamRDFBase() {
              @Override
              public void triple(Triple t) {
                connection.add(
                    (Resource) value(values, t.getSubject()),
                    (IRI) value(values, t.getPredicate()),
                    value(values, t.getObject()));
              }
            });
    connection.commit();
  }

  private static Value value(ValueFactory values, Node term) {
    return term.isURI()
        ? values.createIRI(term.getURI())
        : values.createLiteral(
            term.getLiteralLexicalForm(), values.createIRI(term.getLiteralDatatypeURI()));
  }

  @Override
  public List<String> rows(String query) {
    List<String> out = new ArrayList<>();
    try (TupleQueryResult result = connection.prepareTupleQuery(query).evaluate()) {
      List<String> names = result.getBindingNames();
      for (BindingSet row : result) {
        StringBuilder line = new StringBuilder();
        for (String name : names) {
          Value v = row.getValue(name);
          line.append(line.length() == 0 ? "" : "\t");
          if (v != null) {
            line.append(
                v instanceof Literal l
                    ? TriplePeer.shown(l.getLabel(), l.getDatatype().getLocalName())
                    : v.stringValue());
          }
        }
        out.add(line.toString());
      }
    }
    return out;
  }

  @Override
  public long count(String query) {
    long n = 0;
    try (TupleQueryResult result = connection.prepareTupleQuery(query).evaluate()) {
      List<String> names = result.getBindingNames();
      for (BindingSet row : result) {
        names.forEach(row::getValue);
        n++;
      }
    }
    return n;
  }

  @Override
  public void close() {
    connection.close();
    repository.shutDown();
  }
}
