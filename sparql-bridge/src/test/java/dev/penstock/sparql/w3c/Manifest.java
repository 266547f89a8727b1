package dev.penstock.sparql.w3c;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.jena.rdf.model.Model;
import org.apache.jena.rdf.model.Property;
import org.apache.jena.rdf.model.RDFList;
import org.apache.jena.rdf.model.RDFNode;
import org.apache.jena.rdf.model.Resource;
import org.apache.jena.rdf.model.ResourceFactory;
import org.apache.jena.rdf.model.Statement;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.vocabulary.RDF;
import org.apache.jena.vocabulary.RDFS;
import org.jspecify.annotations.Nullable;

/** Reads manifests of the W3C's test suites, with those that they include. */
final class Manifest {
  private static final String MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#";
  private static final String QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#";

  /**
   * A test. Files are IRIs.
   *
   * @param folder the manifest's folder
   * @param type the local name of its type
   * @param named names and files of named graphs
   */
  record Case(
      String folder,
      String name,
      String type,
      String query,
      List<String> data,
      List<String[]> named,
      @Nullable String result) {}

  private final List<Case> cases = new ArrayList<>();
  private final Set<String> seen = new LinkedHashSet<>();

  private Manifest() {}

  static List<Case> read(Path file) {
    Manifest all = new Manifest();
    all.add(file.toUri().toString());
    return all.cases;
  }

  private static Property mf(String name) {
    return ResourceFactory.createProperty(MF + name);
  }

  private static Property qt(String name) {
    return ResourceFactory.createProperty(QT + name);
  }

  private void add(String manifest) {
    if (!seen.add(manifest)) {
      return;
    }
    Model model = RDFDataMgr.loadModel(manifest);
    for (Statement s : model.listStatements(null, mf("include"), (RDFNode) null).toList()) {
      for (RDFNode included : s.getObject().as(RDFList.class).asJavaList()) {
        add(included.asResource().getURI());
      }
    }
    String folder = manifest.replaceAll(".*/([^/]+)/[^/]*$", "$1");
    for (Statement s : model.listStatements(null, mf("entries"), (RDFNode) null).toList()) {
      for (RDFNode entry : s.getObject().as(RDFList.class).asJavaList()) {
        addCase(folder, entry.asResource());
      }
    }
  }

  private void addCase(String folder, Resource entry) {
    Statement type = entry.getProperty(RDF.type);
    Statement action = entry.getProperty(mf("action"));
    if (action == null) {
      return;
    }
    Resource what = action.getResource();
    Statement query = what.getProperty(qt("query"));
    List<String> data = new ArrayList<>();
    what.listProperties(qt("data")).forEach(s -> data.add(s.getResource().getURI()));
    List<String[]> named = new ArrayList<>();
    for (Statement s : what.listProperties(qt("graphData")).toList()) {
      Resource graph = s.getResource();
      Statement file = graph.getProperty(qt("graph"));
      named.add(
          file == null
              ? new String[] {graph.getURI(), graph.getURI()}
              : new String[] {
                graph.getProperty(RDFS.label).getString(), file.getResource().getURI()
              });
    }
    Statement result = entry.getProperty(mf("result"));
    cases.add(
        new Case(
            folder,
            entry.getProperty(mf("name")).getString().trim(),
            type == null ? "QueryEvaluationTest" : type.getResource().getLocalName(),
            query == null ? what.getURI() : query.getResource().getURI(),
            data,
            named,
            result == null ? null : result.getResource().getURI()));
  }
}
